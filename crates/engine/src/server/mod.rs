//! Writing a Set-Cookie field as a server does: the grammar of section 4.1.1, checked strictly.
//!
//! What the grammar forbids, or what every user agent of the profile would ignore, is an error
//! that names the octet. Nothing is repaired silently.

mod grammar;

use alloc::vec::Vec;
use core::fmt;

pub use self::grammar::check_set_cookie_string;
use crate::date::ImfFixdate;
use crate::octets::{AV_OCTET, COOKIE_OCTET, TOKEN};
use crate::prefix::Prefix;
use crate::profile::Profile;
use crate::same_site::SameSite;
use crate::set_cookie::{MAX_ATTRIBUTE_VALUE_OCTETS, MAX_PAIR_OCTETS};

/// A cookie to be set. Start from [`SetCookie::new`] and fill in the attributes.
///
/// ```
/// use cookiespec_engine::{Profile, SetCookie};
/// let cookie = SetCookie { max_age: Some(60), http_only: true, ..SetCookie::new(b"sid", b"31d4") };
/// assert_eq!(cookie.to_octets(Profile::Rfc6265bis).unwrap(), b"sid=31d4; Max-Age=60; HttpOnly");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetCookie<'a> {
    /// cookie-name, a token.
    pub name: &'a [u8],
    /// cookie-value: cookie-octets, in double quotes or not.
    pub value: &'a [u8],
    /// Expires in Unix seconds.
    pub expires: Option<i64>,
    /// Max-Age in seconds. With neither this nor `expires` the cookie ends with the session.
    pub max_age: Option<i64>,
    /// Domain, without a leading dot.
    pub domain: Option<&'a [u8]>,
    /// Path.
    pub path: Option<&'a [u8]>,
    /// Secure.
    pub secure: bool,
    /// HttpOnly.
    pub http_only: bool,
    /// SameSite; `Default` writes no attribute.
    pub same_site: SameSite,
    /// Partitioned, which is in neither text: an extension-av.
    pub partitioned: bool,
}

impl<'a> SetCookie<'a> {
    /// An in-memory cookie without attributes.
    pub const fn new(name: &'a [u8], value: &'a [u8]) -> Self {
        Self {
            name,
            value,
            expires: None,
            max_age: None,
            domain: None,
            path: None,
            secure: false,
            http_only: false,
            same_site: SameSite::Default,
            partitioned: false,
        }
    }

    /// The set-cookie-string.
    ///
    /// # Errors
    /// [`GrammarError`] where section 4.1 forbids it.
    pub fn to_octets(&self, profile: Profile) -> Result<Vec<u8>, GrammarError> {
        check_name(self.name)?;
        check_value(self.value)?;
        if profile == Profile::Rfc6265bis {
            self.check_semantics()?;
        }
        let mut line = [self.name, b"=", self.value].concat();
        let mut append = |attribute: &str, value: &[u8]| {
            line.extend_from_slice(b"; ");
            line.extend_from_slice(attribute.as_bytes());
            line.extend_from_slice(value);
        };
        if let Some(expires) = self.expires {
            let date = ImfFixdate::new(expires).ok_or(GrammarError::whole(Part::Expires))?;
            append("Expires=", alloc::format!("{date}").as_bytes());
        }
        if let Some(max_age) = self.max_age {
            check_max_age(max_age, profile)?;
            append("Max-Age=", alloc::format!("{max_age}").as_bytes());
        }
        if let Some(domain) = self.domain {
            check_domain(domain)?;
            append("Domain=", domain);
        }
        if let Some(path) = self.path {
            check_path(path, profile)?;
            append("Path=", path);
        }
        if self.secure {
            append("Secure", b"");
        }
        if self.http_only {
            append("HttpOnly", b"");
        }
        if self.same_site != SameSite::Default {
            append("SameSite=", self.same_site.name().as_bytes());
        }
        if self.partitioned {
            append("Partitioned", b"");
        }
        Ok(line)
    }

    /// What the grammar lets through and every user agent ignores (6265bis sections 4.1.3, 5.6
    /// and 5.7).
    fn check_semantics(&self) -> Result<(), GrammarError> {
        if self.name.len() + self.value.len() > MAX_PAIR_OCTETS {
            return Err(GrammarError::at(
                Part::Value,
                MAX_PAIR_OCTETS.saturating_sub(self.name.len()),
            ));
        }
        if self.same_site == SameSite::None && !self.secure {
            return Err(GrammarError::whole(Part::SameSite));
        }
        let promise_kept = match Prefix::of(self.name) {
            None => true,
            Some(Prefix::Secure) => self.secure,
            Some(Prefix::Host) => {
                self.secure && self.domain.is_none() && self.path == Some(&b"/"[..])
            }
        };
        if promise_kept { Ok(()) } else { Err(GrammarError::whole(Part::Prefix)) }
    }
}

/// cookie-name = token.
fn check_name(name: &[u8]) -> Result<(), GrammarError> {
    match TOKEN.first_outside(name) {
        Some(at) => Err(GrammarError::at(Part::Name, at)),
        None if name.is_empty() => Err(GrammarError::whole(Part::Name)),
        None => Ok(()),
    }
}

/// cookie-value = *cookie-octet / ( DQUOTE *cookie-octet DQUOTE ).
fn check_value(value: &[u8]) -> Result<(), GrammarError> {
    let (offset, inner) = match value {
        [b'"', inner @ .., b'"'] => (1, inner),
        _ => (0, value),
    };
    match COOKIE_OCTET.first_outside(inner) {
        Some(at) => Err(GrammarError::at(Part::Value, offset + at)),
        None => Ok(()),
    }
}

/// RFC 6265 wants a non-zero first digit, 6265bis any digits.
fn check_max_age(max_age: i64, profile: Profile) -> Result<(), GrammarError> {
    let least = match profile {
        Profile::Rfc6265 => 1,
        Profile::Rfc6265bis => 0,
    };
    if max_age >= least { Ok(()) } else { Err(GrammarError::whole(Part::MaxAge)) }
}

/// domain-value = subdomain of RFC 1034 section 3.5, with digits first as RFC 1123 allows.
fn check_domain(domain: &[u8]) -> Result<(), GrammarError> {
    if domain.is_empty() || domain.len() > crate::host::MAX_HOST_OCTETS {
        return Err(GrammarError::whole(Part::Domain));
    }
    let mut at = 0;
    for label in domain.split(|&octet| octet == b'.') {
        let bad = |octet: &u8| !octet.is_ascii_alphanumeric() && *octet != b'-';
        if let Some(offset) = label.iter().position(bad) {
            return Err(GrammarError::at(Part::Domain, at + offset));
        }
        if label.is_empty() || label.len() > 63 || label.starts_with(b"-") {
            return Err(GrammarError::at(Part::Domain, at));
        }
        if label.ends_with(b"-") {
            return Err(GrammarError::at(Part::Domain, at + label.len() - 1));
        }
        at += label.len() + 1;
    }
    Ok(())
}

/// path-value = *av-octet.
fn check_path(path: &[u8], profile: Profile) -> Result<(), GrammarError> {
    match AV_OCTET.first_outside(path) {
        Some(at) => Err(GrammarError::at(Part::Path, at)),
        None if profile == Profile::Rfc6265bis && path.len() > MAX_ATTRIBUTE_VALUE_OCTETS => {
            Err(GrammarError::at(Part::Path, MAX_ATTRIBUTE_VALUE_OCTETS))
        }
        None => Ok(()),
    }
}

/// A part of a set-cookie-string that does not follow section 4.1, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrammarError {
    /// The part.
    pub part: Part,
    /// Octet offset of the first offending octet: into the part's value when a cookie is built,
    /// into the set-cookie-string when one is checked. `None` if the complete part is wrong.
    pub at: Option<usize>,
}

impl GrammarError {
    const fn at(part: Part, at: usize) -> Self {
        Self { part, at: Some(at) }
    }

    const fn whole(part: Part) -> Self {
        Self { part, at: None }
    }
}

/// A part of a set-cookie-string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The Domain attribute.
    Domain,
    /// Two attributes have the same name.
    Duplicate,
    /// The Expires attribute.
    Expires,
    /// An attribute the grammar has no name for.
    Extension,
    /// The HttpOnly attribute.
    HttpOnly,
    /// The Max-Age attribute.
    MaxAge,
    /// cookie-name.
    Name,
    /// The cookie-pair has no "=".
    Pair,
    /// The Path attribute.
    Path,
    /// The name's prefix promises what the attributes do not keep.
    Prefix,
    /// The SameSite attribute.
    SameSite,
    /// The Secure attribute.
    Secure,
    /// What stands between two attributes.
    Separator,
    /// cookie-value.
    Value,
}

impl fmt::Display for GrammarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.part {
            Part::Domain => "the Domain is not a domain name without leading and trailing dots",
            Part::Duplicate => "two attributes have the same name",
            Part::Expires => "the Expires is not an IMF-fixdate in the years 1601 to 9999",
            Part::Extension => "an attribute has a character the grammar does not allow",
            Part::HttpOnly => "HttpOnly takes no value",
            Part::MaxAge => "the Max-Age is not a number the grammar allows",
            Part::Name => "the cookie-name is not a token",
            Part::Pair => "the cookie-pair has no \"=\"",
            Part::Path => "the Path has a character the grammar does not allow, or is too long",
            Part::Prefix => "the name's prefix needs Secure, and __Host- also Path=/ and no Domain",
            Part::SameSite => "the SameSite is not Strict, Lax, or None with Secure",
            Part::Secure => "Secure takes no value",
            Part::Separator => "attributes are not separated as the grammar asks",
            Part::Value => {
                "the cookie-value has an octet the grammar does not allow, or is too long"
            }
        })?;
        match self.at {
            Some(at) => write!(f, " (octet {at})"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for GrammarError {}

#[cfg(test)]
mod tests {
    use super::*;

    const BIS: Profile = Profile::Rfc6265bis;

    #[test]
    fn all_attributes_are_written_once() {
        let cookie = SetCookie {
            expires: Some(784_111_777),
            max_age: Some(60),
            domain: Some(b"site.example"),
            path: Some(b"/a"),
            secure: true,
            http_only: true,
            same_site: SameSite::None,
            partitioned: true,
            ..SetCookie::new(b"n", b"v")
        };
        let want: &[u8] = b"n=v; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Max-Age=60; \
            Domain=site.example; Path=/a; Secure; HttpOnly; SameSite=None; Partitioned";
        assert_eq!(cookie.to_octets(BIS).unwrap(), want);
        assert_eq!(check_set_cookie_string(want, BIS), Ok(()));
    }

    #[test]
    fn the_offending_octet_is_named() {
        let bad = |cookie: SetCookie<'_>| cookie.to_octets(BIS).unwrap_err();
        let cookie = SetCookie::new(b"n", b"v");
        assert_eq!(bad(SetCookie::new(b"a b", b"")), GrammarError::at(Part::Name, 1));
        assert_eq!(bad(SetCookie::new(b"", b"v")), GrammarError::whole(Part::Name));
        assert_eq!(bad(SetCookie::new(b"n", b"\"a b\"")), GrammarError::at(Part::Value, 2));
        assert_eq!(bad(SetCookie::new(b"n", b"a;b")), GrammarError::at(Part::Value, 1));
        let error = bad(SetCookie { path: Some(b"/x; Secure"), ..cookie });
        assert_eq!(error, GrammarError::at(Part::Path, 2));
        let error = bad(SetCookie { domain: Some(b".site.example"), ..cookie });
        assert_eq!(error, GrammarError::at(Part::Domain, 0));
    }

    #[test]
    fn what_every_user_agent_ignores_is_refused_by_6265bis() {
        let prefix = SetCookie::new(b"__Host-a", b"1");
        assert_eq!(prefix.to_octets(BIS), Err(GrammarError::whole(Part::Prefix)));
        assert!(prefix.to_octets(Profile::Rfc6265).is_ok());
        let kept = SetCookie { secure: true, path: Some(b"/"), ..prefix };
        assert_eq!(kept.to_octets(BIS).unwrap(), b"__Host-a=1; Path=/; Secure");
        let none = SetCookie { same_site: SameSite::None, ..SetCookie::new(b"a", b"1") };
        assert_eq!(none.to_octets(BIS), Err(GrammarError::whole(Part::SameSite)));
        assert!(SetCookie::new(b"a", &[b'x'; 4095]).to_octets(BIS).is_ok());
        assert!(SetCookie::new(b"a", &[b'x'; 4096]).to_octets(BIS).is_err());
    }

    #[test]
    fn max_age_zero_is_a_number_in_6265bis_only() {
        let cookie = SetCookie { max_age: Some(0), ..SetCookie::new(b"a", b"") };
        assert_eq!(cookie.to_octets(BIS).unwrap(), b"a=; Max-Age=0");
        assert_eq!(cookie.to_octets(Profile::Rfc6265), Err(GrammarError::whole(Part::MaxAge)));
        let negative = SetCookie { max_age: Some(-1), ..cookie };
        assert_eq!(negative.to_octets(BIS), Err(GrammarError::whole(Part::MaxAge)));
    }
}
