//! Parsing a set-cookie-string as a user agent does: section 5.2 of RFC 6265, section 5.6 of
//! 6265bis.
//!
//! Nothing is copied and nothing allocated. The cookie-attribute-list is not built: the storage
//! model only ever asks for the last attribute of a name, so that is what is kept.

use core::fmt;

use crate::date::parse_cookie_date;
use crate::max_age::parse_max_age;
use crate::octets::{contains_ctl, find, is_word, trim_wsp};
use crate::profile::Profile;
use crate::same_site::SameSite;
use crate::trace::{Sink, Step};

/// The most octets of name and value together (6265bis section 5.6 step 5).
pub const MAX_PAIR_OCTETS: usize = 4096;

/// The most octets of an attribute-value (6265bis section 5.6, attributes, step 6).
pub const MAX_ATTRIBUTE_VALUE_OCTETS: usize = 1024;

/// What a set-cookie-string says: the name, the value and the last valid attribute of each name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParsedSetCookie<'a> {
    /// cookie-name; empty for a nameless cookie (6265bis only).
    pub name: &'a [u8],
    /// cookie-value, with any quotes it came with.
    pub value: &'a [u8],
    /// The last Expires that is a cookie-date, in Unix seconds, not capped.
    pub expires: Option<i64>,
    /// The last well-formed Max-Age in seconds, saturating, not capped.
    pub max_age: Option<i64>,
    /// The last Domain without its leading dot, in the letters it came in; compare it without
    /// regard to ASCII case. Empty means the same as none.
    pub domain: Option<&'a [u8]>,
    /// The last Path.
    pub path: Option<PathAttribute<'a>>,
    /// Is there a Secure attribute?
    pub secure: bool,
    /// Is there an HttpOnly attribute?
    pub http_only: bool,
    /// The last SameSite; `None` under RFC 6265, which does not have it.
    pub same_site: Option<SameSite>,
}

/// A Path attribute (section 5.2.4 / 5.6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathAttribute<'a> {
    /// A value that starts with "/", verbatim.
    Absolute(&'a [u8]),
    /// A value that does not: the attribute stands for the default-path of the request.
    Default {
        /// The last absolute Path before it, which 6265bis section 5.7 step 11 falls back to
        /// where the default-path is longer than [`MAX_ATTRIBUTE_VALUE_OCTETS`].
        earlier: Option<&'a [u8]>,
    },
}

/// Parses a set-cookie-string.
///
/// # Errors
/// [`Ignored`] names the step that makes the user agent ignore it.
///
/// ```
/// use cookiespec_engine::{Profile, set_cookie};
/// let cookie = set_cookie::parse(b"sid=31d4; Path=/; HttpOnly", Profile::Rfc6265).unwrap();
/// assert_eq!((cookie.name, cookie.value), (&b"sid"[..], &b"31d4"[..]));
/// assert!(cookie.http_only && !cookie.secure);
/// ```
pub fn parse(set_cookie: &[u8], profile: Profile) -> Result<ParsedSetCookie<'_>, Ignored> {
    parse_traced(set_cookie, profile, &mut ())
}

/// Parses a set-cookie-string and records the steps taken.
///
/// # Errors
/// As for [`parse`].
pub fn parse_traced<'a>(
    set_cookie: &'a [u8],
    profile: Profile,
    sink: &mut impl Sink,
) -> Result<ParsedSetCookie<'a>, Ignored> {
    if profile == Profile::Rfc6265bis && contains_ctl(set_cookie) {
        return Err(Ignored::at(Step::ControlCharacter, sink));
    }
    let (pair, mut unparsed) = split_at_semicolon(set_cookie);
    let (name, value) = parse_pair(pair, profile, sink)?;
    let mut cookie = ParsedSetCookie { name, value, ..ParsedSetCookie::default() };
    while let Some(rest) = unparsed {
        let at = set_cookie.len() - rest.len();
        let cookie_av;
        (cookie_av, unparsed) = split_at_semicolon(rest);
        cookie.take_attribute(cookie_av, profile, &mut |step| sink.record(step, at));
    }
    Ok(cookie)
}

/// The octets before the first ";" and those after it, if there is one.
#[inline(always)]
fn split_at_semicolon(octets: &[u8]) -> (&[u8], Option<&[u8]>) {
    match find(b';', octets) {
        Some(at) => (&octets[..at], Some(&octets[at + 1..])),
        None => (octets, None),
    }
}

fn parse_pair<'a>(
    pair: &'a [u8],
    profile: Profile,
    sink: &mut impl Sink,
) -> Result<(&'a [u8], &'a [u8]), Ignored> {
    let (name, value) = match find(b'=', pair) {
        Some(at) => (trim_wsp(&pair[..at]), trim_wsp(&pair[at + 1..])),
        None if profile == Profile::Rfc6265 => return Err(Ignored::at(Step::NoEqualsSign, sink)),
        None => {
            sink.record(Step::NamelessPair, 0);
            (&pair[..0], trim_wsp(pair))
        }
    };
    match profile {
        Profile::Rfc6265 if name.is_empty() => Err(Ignored::at(Step::EmptyName, sink)),
        Profile::Rfc6265bis if name.len() + value.len() > MAX_PAIR_OCTETS => {
            Err(Ignored::at(Step::PairTooLong, sink))
        }
        _ => Ok((name, value)),
    }
}

impl<'a> ParsedSetCookie<'a> {
    fn take_attribute(
        &mut self,
        cookie_av: &'a [u8],
        profile: Profile,
        record: &mut impl FnMut(Step),
    ) {
        let (name, value) = match find(b'=', cookie_av) {
            Some(at) => (trim_wsp(&cookie_av[..at]), trim_wsp(&cookie_av[at + 1..])),
            None => (trim_wsp(cookie_av), &cookie_av[..0]),
        };
        if profile == Profile::Rfc6265bis && value.len() > MAX_ATTRIBUTE_VALUE_OCTETS {
            return record(Step::AttributeTooLong);
        }
        // By length first: most names are told apart without looking at a single letter.
        let step = match name.len() {
            4 if is_word(name, b"path") => self.take_path(value, record),
            6 if is_word(name, b"secure") => {
                self.secure = true;
                Step::SecureAppended
            }
            6 if is_word(name, b"domain") => self.take_domain(value, profile),
            7 if is_word(name, b"expires") => self.take_expires(value),
            7 if is_word(name, b"max-age") => self.take_max_age(value),
            8 if is_word(name, b"httponly") => {
                self.http_only = true;
                Step::HttpOnlyAppended
            }
            8 if profile == Profile::Rfc6265bis && is_word(name, b"samesite") => {
                self.take_same_site(value, record)
            }
            _ => Step::AttributeUnrecognized,
        };
        record(step);
    }

    fn take_expires(&mut self, value: &[u8]) -> Step {
        match parse_cookie_date(value) {
            Ok(unix_seconds) => {
                self.expires = Some(unix_seconds);
                Step::ExpiresAppended
            }
            Err(_) => Step::ExpiresUnparsable,
        }
    }

    fn take_max_age(&mut self, value: &[u8]) -> Step {
        match parse_max_age(value) {
            Ok(delta_seconds) => {
                self.max_age = Some(delta_seconds);
                Step::MaxAgeAppended
            }
            Err(step) => step,
        }
    }

    fn take_domain(&mut self, value: &'a [u8], profile: Profile) -> Step {
        if value.is_empty() && profile == Profile::Rfc6265 {
            return Step::DomainEmpty;
        }
        self.domain = Some(value.strip_prefix(b".").unwrap_or(value));
        Step::DomainAppended
    }

    fn take_path(&mut self, value: &'a [u8], record: &mut impl FnMut(Step)) -> Step {
        self.path = Some(if value.first() == Some(&b'/') {
            PathAttribute::Absolute(value)
        } else {
            record(Step::PathDefault);
            let earlier = match self.path {
                Some(PathAttribute::Absolute(path)) => Some(path),
                Some(PathAttribute::Default { earlier }) => earlier,
                None => None,
            };
            PathAttribute::Default { earlier }
        });
        Step::PathAppended
    }

    fn take_same_site(&mut self, value: &[u8], record: &mut impl FnMut(Step)) -> Step {
        let enforcement = SameSite::from_attribute_value(value);
        if enforcement == SameSite::Default {
            record(Step::SameSiteUnknown);
        }
        self.same_site = Some(enforcement);
        Step::SameSiteAppended
    }
}

/// A cookie that is ignored, and the step that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The deciding step.
    pub step: Step,
}

impl Ignored {
    /// Records the step and makes it the reason.
    pub(crate) fn at(step: Step, sink: &mut impl Sink) -> Self {
        sink.record(step, 0);
        Self { step }
    }
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.step.fmt(f)
    }
}

impl core::error::Error for Ignored {}
