//! A stored cookie and its fields (section 5.3 / 5.7).

use alloc::boxed::Box;
use core::cmp::Reverse;
use core::fmt;

use crate::same_site::SameSite;

/// A moment in the life of a store: the clock, and a count that keeps apart what happened in the
/// same second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) unix_seconds: i64,
    pub(super) tick: u64,
}

/// The fields of a cookie other than its domain, which the index holds once for all its cookies.
pub(super) struct Record {
    /// name, "=", value and path, one after the other: the pair lies there as it is sent.
    octets: Box<[u8]>,
    name_len: u32,
    value_len: u32,
    /// Unix seconds; `i64::MAX` is the latest and `i64::MIN` the earliest representable date.
    pub(super) expiry: i64,
    pub(super) creation: Moment,
    pub(super) last_access: Moment,
    pub(super) persistent: bool,
    pub(super) host_only: bool,
    pub(super) secure_only: bool,
    pub(super) http_only: bool,
    pub(super) same_site: SameSite,
}

/// What a [`Record`] is made of.
pub(super) struct Fields<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) path: &'a [u8],
    pub(super) expiry: i64,
    pub(super) persistent: bool,
    pub(super) host_only: bool,
    pub(super) secure_only: bool,
    pub(super) http_only: bool,
    pub(super) same_site: SameSite,
}

impl Record {
    /// `None` where name or value have 4 GiB or more.
    pub(super) fn new(fields: &Fields<'_>, creation: Moment, last_access: Moment) -> Option<Self> {
        Some(Self {
            octets: [fields.name, b"=", fields.value, fields.path].concat().into_boxed_slice(),
            name_len: u32::try_from(fields.name.len()).ok()?,
            value_len: u32::try_from(fields.value.len()).ok()?,
            expiry: fields.expiry,
            creation,
            last_access,
            persistent: fields.persistent,
            host_only: fields.host_only,
            secure_only: fields.secure_only,
            http_only: fields.http_only,
            same_site: fields.same_site,
        })
    }

    pub(super) fn name(&self) -> &[u8] {
        &self.octets[..self.name_len as usize]
    }

    pub(super) fn value(&self) -> &[u8] {
        &self.octets[self.name_len as usize + 1..self.pair_len()]
    }

    pub(super) fn path(&self) -> &[u8] {
        &self.octets[self.pair_len()..]
    }

    /// The pair as a cookie-string has it: `name=value`, and the value alone of a nameless cookie.
    pub(super) fn pair(&self) -> &[u8] {
        let start = usize::from(self.name_len == 0);
        &self.octets[start..self.pair_len()]
    }

    /// name, "=" and value.
    const fn pair_len(&self) -> usize {
        self.name_len as usize + 1 + self.value_len as usize
    }

    /// The order the texts recommend for a cookie-list: longer paths first, then earlier
    /// creation-times.
    pub(super) fn list_order(&self) -> (Reverse<usize>, Moment) {
        (Reverse(self.path().len()), self.creation)
    }

    /// "A cookie is expired if the cookie has an expiry date in the past". Whether the very
    /// second of the expiry is past the text leaves open; here it is, so that a cookie with
    /// Max-Age=1 lives for one second and not for two.
    pub(super) const fn is_expired(&self, now: i64) -> bool {
        self.expiry <= now
    }

    /// The order in which cookies of one removal priority go. Cookies listed by the same
    /// retrieval share their last-access-time; among them the older one goes first.
    pub(super) const fn least_recently_used(&self) -> (Moment, Moment) {
        (self.last_access, self.creation)
    }
}

#[cfg(test)]
impl Record {
    /// A host-only cookie of this name that was stored at the epoch.
    pub(super) fn named(name: &str, expiry: i64) -> Self {
        let fields = Fields {
            name: name.as_bytes(),
            value: b"v",
            path: b"/",
            expiry,
            persistent: true,
            host_only: true,
            secure_only: false,
            http_only: false,
            same_site: SameSite::Default,
        };
        let moment = Moment { unix_seconds: 0, tick: 0 };
        Self::new(&fields, moment, moment).expect("a short cookie")
    }
}

/// A cookie in the store.
#[derive(Clone, Copy)]
pub struct Cookie<'a> {
    pub(super) domain: &'a [u8],
    pub(super) record: &'a Record,
}

impl<'a> Cookie<'a> {
    /// name; empty for a nameless cookie.
    pub fn name(&self) -> &'a [u8] {
        self.record.name()
    }

    /// value.
    pub fn value(&self) -> &'a [u8] {
        self.record.value()
    }

    /// domain: a canonical host, or the lower-cased Domain attribute without its leading dot.
    pub const fn domain(&self) -> &'a [u8] {
        self.domain
    }

    /// path.
    pub fn path(&self) -> &'a [u8] {
        self.record.path()
    }

    /// expiry-time of a persistent cookie in Unix seconds; `None` for a cookie that ends with the
    /// session.
    pub const fn expiry(&self) -> Option<i64> {
        if self.record.persistent { Some(self.record.expiry) } else { None }
    }

    /// creation-time in Unix seconds.
    pub const fn creation(&self) -> i64 {
        self.record.creation.unix_seconds
    }

    /// last-access-time in Unix seconds.
    pub const fn last_access(&self) -> i64 {
        self.record.last_access.unix_seconds
    }

    /// host-only-flag.
    pub const fn host_only(&self) -> bool {
        self.record.host_only
    }

    /// secure-only-flag.
    pub const fn secure_only(&self) -> bool {
        self.record.secure_only
    }

    /// http-only-flag.
    pub const fn http_only(&self) -> bool {
        self.record.http_only
    }

    /// same-site-flag; `Default` under RFC 6265.
    pub const fn same_site(&self) -> SameSite {
        self.record.same_site
    }
}

impl fmt::Debug for Cookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}={} @ {}{}",
            self.name().escape_ascii(),
            self.value().escape_ascii(),
            self.domain().escape_ascii(),
            self.path().escape_ascii()
        )
    }
}
