//! Complete cookies, to be taken out of a store and restored into another one.

use alloc::vec::Vec;
use core::fmt;

use super::CookieStore;
use super::cookie::{Cookie, Fields, Moment, Record};
use crate::host::{Host, HostRule};
use crate::public_suffix::PublicSuffixes;
use crate::same_site::SameSite;

/// A cookie with all its fields, as a file or another program keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCookie {
    /// name.
    pub name: Vec<u8>,
    /// value.
    pub value: Vec<u8>,
    /// domain, without a leading dot.
    pub domain: Vec<u8>,
    /// path.
    pub path: Vec<u8>,
    /// expiry-time in Unix seconds; `None` for a cookie that ends with the session.
    pub expiry: Option<i64>,
    /// creation-time in Unix seconds.
    pub creation: i64,
    /// last-access-time in Unix seconds.
    pub last_access: i64,
    /// host-only-flag.
    pub host_only: bool,
    /// secure-only-flag.
    pub secure_only: bool,
    /// http-only-flag.
    pub http_only: bool,
    /// same-site-flag.
    pub same_site: SameSite,
}

impl From<Cookie<'_>> for SavedCookie {
    fn from(cookie: Cookie<'_>) -> Self {
        Self {
            name: cookie.name().to_vec(),
            value: cookie.value().to_vec(),
            domain: cookie.domain().to_vec(),
            path: cookie.path().to_vec(),
            expiry: cookie.expiry(),
            creation: cookie.creation(),
            last_access: cookie.last_access(),
            host_only: cookie.host_only(),
            secure_only: cookie.secure_only(),
            http_only: cookie.http_only(),
            same_site: cookie.same_site(),
        }
    }
}

impl<S: PublicSuffixes> CookieStore<S> {
    /// Puts a saved cookie back, in place of one with the same name, domain, path and
    /// host-only-flag. The rules for received cookies are not applied again; cookies that were
    /// created in the same second keep the order in which they are put back.
    ///
    /// # Errors
    /// [`InvalidCookie`]: no user agent could have stored it.
    pub fn restore(&mut self, saved: &SavedCookie) -> Result<(), InvalidCookie> {
        let host = Host::canonicalize(&saved.domain, HostRule::Lenient)
            .map_err(|_| InvalidCookie::Domain)?;
        if host.as_octets() != saved.domain {
            return Err(InvalidCookie::Domain);
        }
        if saved.path.first() != Some(&b'/') {
            return Err(InvalidCookie::Path);
        }
        if saved.name.is_empty() && saved.value.is_empty() {
            return Err(InvalidCookie::Empty);
        }
        let fields = Fields {
            name: &saved.name,
            value: &saved.value,
            path: &saved.path,
            expiry: saved.expiry.unwrap_or(i64::MAX),
            persistent: saved.expiry.is_some(),
            host_only: saved.host_only,
            secure_only: saved.secure_only,
            http_only: saved.http_only,
            same_site: saved.same_site,
        };
        let tick = self.moment(0).tick;
        let at = |unix_seconds| Moment { unix_seconds, tick };
        let record = Record::new(&fields, at(saved.creation), at(saved.last_access))
            .ok_or(InvalidCookie::TooLong)?;
        let domain = self.domains.entry(&saved.domain, &self.suffixes);
        let is_same = |old: &Record| old.host_only == record.host_only;
        match domain.records.position(record.name(), record.path(), is_same) {
            Some(old) => domain.records.remove(old),
            None => self.len += 1,
        }
        domain.records.push(record);
        Ok(())
    }
}

/// Why a saved cookie cannot be put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidCookie {
    /// The domain is not a canonical host name.
    Domain,
    /// Name and value are both empty.
    Empty,
    /// The path does not start with "/".
    Path,
    /// Name or value have 4 GiB or more.
    TooLong,
}

impl fmt::Display for InvalidCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Domain => "the domain is not a canonical host name",
            Self::Empty => "name and value are both empty",
            Self::Path => "the path does not start with \"/\"",
            Self::TooLong => "the name or the value is too long",
        })
    }
}

impl core::error::Error for InvalidCookie {}
