//! Does a set-cookie-string follow the grammar of section 4.1.1?

use alloc::vec::Vec;

use hashbrown::HashSet;

use super::{GrammarError, Part, check_domain, check_name, check_path, check_value};
use crate::date::{ImfFixdate, parse_cookie_date};
use crate::octets::{AV_OCTET, is_wsp, trim_wsp};
use crate::profile::Profile;

/// Checks a set-cookie-string against the grammar a server is held to, attributes with the same
/// name included.
///
/// # Errors
/// [`GrammarError`] with the first offending part; offsets count from the start of the string.
///
/// ```
/// use cookiespec_engine::{Profile, server::check_set_cookie_string};
/// assert!(check_set_cookie_string(b"a=b; Path=/", Profile::Rfc6265).is_ok());
/// assert!(check_set_cookie_string(b"a=b;Path=/", Profile::Rfc6265).is_err());
/// assert!(check_set_cookie_string(b"a=b;Path=/", Profile::Rfc6265bis).is_ok());
/// ```
pub fn check_set_cookie_string(line: &[u8], profile: Profile) -> Result<(), GrammarError> {
    let mut seen = HashSet::new();
    let mut at = 0;
    for (nth, part) in line.split(|&octet| octet == b';').enumerate() {
        let (blanks, part_text) =
            strip_blanks(part, nth == 0, profile).ok_or(GrammarError::at(Part::Separator, at))?;
        let start = at + blanks;
        let check = if nth == 0 {
            check_pair(part_text, profile)
        } else {
            check_attribute(part_text, profile, &mut seen)
        };
        check.map_err(|error| GrammarError::at(error.part, start + error.at.unwrap_or(0)))?;
        at += part.len() + 1;
    }
    Ok(())
}

/// Takes off what the grammar allows around a part: exactly one SP before an attribute in RFC
/// 6265, any blanks on both sides in 6265bis. Returns the octets taken off the front.
fn strip_blanks(part: &[u8], is_pair: bool, profile: Profile) -> Option<(usize, &[u8])> {
    match profile {
        Profile::Rfc6265 if is_pair => Some((0, part)),
        Profile::Rfc6265 => Some((1, part.strip_prefix(b" ")?)),
        Profile::Rfc6265bis => {
            let blanks = part.iter().take_while(|&&octet| is_wsp(octet)).count();
            Some((blanks, trim_wsp(part)))
        }
    }
}

/// The two sides of the first "=", without the blanks that 6265bis allows next to it, and the
/// offset of the second.
fn split_at_equals(part: &[u8], profile: Profile) -> Option<(&[u8], usize, &[u8])> {
    let equals = memchr::memchr(b'=', part)?;
    let (name, value) = (&part[..equals], &part[equals + 1..]);
    Some(match profile {
        Profile::Rfc6265 => (name, equals + 1, value),
        Profile::Rfc6265bis => {
            let blanks = value.iter().take_while(|&&octet| is_wsp(octet)).count();
            (trim_wsp(name), equals + 1 + blanks, trim_wsp(value))
        }
    })
}

fn check_pair(pair: &[u8], profile: Profile) -> Result<(), GrammarError> {
    let (name, offset, value) =
        split_at_equals(pair, profile).ok_or(GrammarError::whole(Part::Pair))?;
    check_name(name)?;
    check_value(value).map_err(|error| error.moved(offset))
}

fn check_attribute(
    cookie_av: &[u8],
    profile: Profile,
    seen: &mut HashSet<Vec<u8>>,
) -> Result<(), GrammarError> {
    let (name, offset, value) = match split_at_equals(cookie_av, profile) {
        Some((name, offset, value)) => (name, offset, Some(value)),
        None => (cookie_av, cookie_av.len(), None),
    };
    if !seen.insert(name.to_ascii_lowercase()) {
        return Err(GrammarError::whole(Part::Duplicate));
    }
    // Only RFC 6265 leaves blanks here; a user agent trims them and reads the attribute all the
    // same, so it is no extension-av.
    let is = |known: &[u8]| trim_wsp(name).eq_ignore_ascii_case(known);
    let check = if is(b"Expires") {
        check_date(value.unwrap_or_default())
    } else if is(b"Max-Age") {
        check_delta_seconds(value.unwrap_or_default(), profile)
    } else if is(b"Domain") {
        check_domain(value.unwrap_or_default())
    } else if is(b"Path") {
        value.map_or(Err(GrammarError::whole(Part::Path)), |path| check_path(path, profile))
    } else if is(b"Secure") {
        no_value(value, Part::Secure)
    } else if is(b"HttpOnly") {
        no_value(value, Part::HttpOnly)
    } else if is(b"SameSite") && profile == Profile::Rfc6265bis {
        check_same_site(value.unwrap_or_default())
    } else {
        return check_extension(cookie_av, profile);
    };
    if trim_wsp(name) != name {
        return Err(GrammarError::whole(Part::Separator));
    }
    check.map_err(|error| error.moved(offset))
}

/// sane-cookie-date: the one way to write the instant it stands for.
fn check_date(value: &[u8]) -> Result<(), GrammarError> {
    let written = parse_cookie_date(value).ok().and_then(ImfFixdate::new);
    if written.is_some_and(|date| alloc::format!("{date}").as_bytes() == value) {
        Ok(())
    } else {
        Err(GrammarError::whole(Part::Expires))
    }
}

fn check_delta_seconds(value: &[u8], profile: Profile) -> Result<(), GrammarError> {
    let leading_zero = profile == Profile::Rfc6265 && value.first() == Some(&b'0');
    match value.iter().position(|octet| !octet.is_ascii_digit()) {
        Some(at) => Err(GrammarError::at(Part::MaxAge, at)),
        None if value.is_empty() || leading_zero => Err(GrammarError::whole(Part::MaxAge)),
        None => Ok(()),
    }
}

fn check_same_site(value: &[u8]) -> Result<(), GrammarError> {
    let known = ["Strict", "Lax", "None"];
    if known.iter().any(|known| value.eq_ignore_ascii_case(known.as_bytes())) {
        Ok(())
    } else {
        Err(GrammarError::whole(Part::SameSite))
    }
}

fn no_value(value: Option<&[u8]>, part: Part) -> Result<(), GrammarError> {
    if value.is_none() { Ok(()) } else { Err(GrammarError::whole(part)) }
}

/// extension-av: av-octets, in 6265bis at least one.
fn check_extension(cookie_av: &[u8], profile: Profile) -> Result<(), GrammarError> {
    match AV_OCTET.first_outside(cookie_av) {
        Some(at) => Err(GrammarError::at(Part::Extension, at)),
        None if cookie_av.is_empty() && profile == Profile::Rfc6265bis => {
            Err(GrammarError::whole(Part::Extension))
        }
        None => Ok(()),
    }
}

impl GrammarError {
    /// Counts the offset from the start of a larger piece.
    fn moved(self, by: usize) -> Self {
        Self::at(self.part, by + self.at.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(line: &str, profile: Profile) -> Option<Part> {
        check_set_cookie_string(line.as_bytes(), profile).err().map(|error| error.part)
    }

    #[test]
    fn conforming_lines_pass_in_both_profiles() {
        for line in [
            "a=b",
            "a=\"b\"",
            "a=",
            "a=b; Path=/; Secure; HttpOnly",
            "a=b; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Max-Age=60; Domain=site.example",
            "a=b; path=/; Extension=anything goes \"here\", really",
        ] {
            for profile in Profile::ALL {
                assert_eq!(part(line, profile), None, "{line} {profile}");
            }
        }
    }

    #[test]
    fn each_deviation_is_named() {
        for (line, want) in [
            ("a", Part::Pair),
            ("=b", Part::Name),
            ("a b=c", Part::Name),
            ("a=b,c", Part::Value),
            ("a=\"b", Part::Value),
            ("a=b; Expires=Sunday, 06-Nov-94 08:49:37 GMT", Part::Expires),
            ("a=b; Expires=Mon, 06 Nov 1994 08:49:37 GMT", Part::Expires),
            ("a=b; Max-Age=-1", Part::MaxAge),
            ("a=b; Domain=.site.example", Part::Domain),
            ("a=b; Secure=1", Part::Secure),
            ("a=b; HttpOnly=", Part::HttpOnly),
            ("a=b; Path=/; path=/x", Part::Duplicate),
            ("a=b; ext=\x7f", Part::Extension),
            ("a=b; Path=/\u{e9}", Part::Path),
        ] {
            for profile in Profile::ALL {
                assert_eq!(part(line, profile), Some(want), "{line} {profile}");
            }
        }
    }

    #[test]
    fn blanks_and_zero_divide_the_profiles() {
        for line in ["a=b;Path=/", "a=b ; Path=/", "a = b", "a=b; Path = /", "a=b; Max-Age=0"] {
            assert!(part(line, Profile::Rfc6265).is_some(), "{line}");
            assert_eq!(part(line, Profile::Rfc6265bis), None, "{line}");
        }
        assert_eq!(part("a=b; SameSite=bogus", Profile::Rfc6265), None);
        assert_eq!(part("a=b; SameSite=bogus", Profile::Rfc6265bis), Some(Part::SameSite));
        assert_eq!(part("a=b; ", Profile::Rfc6265), None);
        assert_eq!(part("a=b; ", Profile::Rfc6265bis), Some(Part::Extension));
    }

    #[test]
    fn offsets_count_from_the_start_of_the_line() {
        let error = check_set_cookie_string(b"a=b; Path=/x\x01", Profile::Rfc6265bis).unwrap_err();
        assert_eq!(error, GrammarError::at(Part::Path, 12));
    }
}
