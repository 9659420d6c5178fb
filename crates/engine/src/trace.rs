//! Which step of which section decided: the diagnosis beside the verdict.
//!
//! Every algorithm takes a [`Sink`]. `()` compiles to nothing; a `Vec<Event>` keeps every step.

use alloc::vec::Vec;
use core::fmt;

use crate::profile::Profile;

/// Receives the steps an algorithm takes.
pub trait Sink {
    /// A step was taken that concerns the octet at offset `at` of the set-cookie-string; 0 where
    /// it concerns the complete cookie.
    fn record(&mut self, step: Step, at: usize);
}

impl Sink for () {
    #[inline(always)]
    fn record(&mut self, _: Step, _: usize) {}
}

impl Sink for Vec<Event> {
    fn record(&mut self, step: Step, at: usize) {
        self.push(Event { step, at });
    }
}

/// A recorded step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The step.
    pub step: Step,
    /// Octet offset into the set-cookie-string, 0 where none applies.
    pub at: usize,
}

/// A place in a specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The section, such as `5.7`.
    pub section: &'static str,
    /// The step in that section's list; empty where the section has no numbered steps.
    pub step: &'static str,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "section {}", self.section)?;
        if self.step.is_empty() { Ok(()) } else { write!(f, " step {}", self.step) }
    }
}

/// Declares [`Step`]: its text, its place in RFC 6265 and its place in 6265bis.
macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident: $text:literal, $rfc6265:expr, $rfc6265bis:expr;)+) => {
        /// A step that decides something about a cookie.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Step {
            $(#[doc = concat!("The ", $text, ".")] $name,)+
        }

        impl Step {
            /// Every step.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// What happens, as a clause without a full stop.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => concat!("the ", $text),)+ }
            }

            /// Where a profile says so; `None` where it says nothing of the kind.
            pub const fn reference(self, profile: Profile) -> Option<Reference> {
                let (rfc6265, rfc6265bis): (Option<Reference>, Option<Reference>) = match self {
                    $(Self::$name => ($rfc6265, $rfc6265bis),)+
                };
                match profile {
                    Profile::Rfc6265 => rfc6265,
                    Profile::Rfc6265bis => rfc6265bis,
                }
            }
        }
    };
}

const fn at(section: &'static str, step: &'static str) -> Option<Reference> {
    Some(Reference { section, step })
}

steps! {
    ControlCharacter: "set-cookie-string contains a control character and is ignored",
        None, at("5.6", "1");
    NoEqualsSign: "name-value-pair has no \"=\" and the set-cookie-string is ignored",
        at("5.2", "2"), None;
    NamelessPair: "name-value-pair has no \"=\": the name is empty and the value is the whole pair",
        None, at("5.6", "3");
    EmptyName: "name is empty and the set-cookie-string is ignored",
        at("5.2", "5"), None;
    PairTooLong: "name and value have more than 4096 octets and the set-cookie-string is ignored",
        None, at("5.6", "5");
    AttributeTooLong: "attribute-value has more than 1024 octets and the cookie-av is ignored",
        None, at("5.6", "6");
    AttributeUnrecognized: "attribute-name is not recognized and the cookie-av is ignored",
        at("5.2", "6"), at("5.6", "7");
    ExpiresUnparsable: "Expires value is no cookie-date and the cookie-av is ignored",
        at("5.2.1", ""), at("5.6.1", "2");
    ExpiresAppended: "Expires attribute is appended to the cookie-attribute-list",
        at("5.2.1", ""), at("5.6.1", "6");
    MaxAgeEmpty: "Max-Age value is empty and the cookie-av is ignored",
        at("5.2.2", ""), at("5.6.2", "1");
    MaxAgeBadStart: "Max-Age value starts with neither a digit nor a minus sign and a digit, and the cookie-av is ignored",
        at("5.2.2", ""), at("5.6.2", "2");
    MaxAgeNotDigits: "Max-Age value has a non-digit in its remainder and the cookie-av is ignored",
        at("5.2.2", ""), at("5.6.2", "3");
    MaxAgeAppended: "Max-Age attribute is appended to the cookie-attribute-list",
        at("5.2.2", ""), at("5.6.2", "8");
    DomainEmpty: "Domain value is empty and the cookie-av is ignored",
        at("5.2.3", ""), None;
    DomainAppended: "Domain attribute is appended to the cookie-attribute-list",
        at("5.2.3", ""), at("5.6.3", "4");
    PathDefault: "Path value is empty or does not start with \"/\" and becomes the default-path",
        at("5.2.4", ""), at("5.6.4", "1");
    PathAppended: "Path attribute is appended to the cookie-attribute-list",
        at("5.2.4", ""), at("5.6.4", "2");
    SecureAppended: "Secure attribute is appended to the cookie-attribute-list",
        at("5.2.5", ""), at("5.6.5", "");
    HttpOnlyAppended: "HttpOnly attribute is appended to the cookie-attribute-list",
        at("5.2.6", ""), at("5.6.6", "");
    SameSiteUnknown: "SameSite value is unknown and becomes \"Default\"",
        None, at("5.6.7", "1");
    SameSiteAppended: "SameSite attribute is appended to the cookie-attribute-list",
        None, at("5.6.7", "5");

    CookiesDisabled: "user has disabled cookies and the cookie is ignored",
        at("7.2", ""), at("7.3", "");
    NameAndValueEmpty: "name and the value are empty and the cookie is ignored",
        None, at("5.7", "2");
    LifetimeCapped: "lifetime is reduced to the cookie-age-limit",
        None, at("5.5", "");
    PersistentByMaxAge: "cookie is persistent by its last Max-Age",
        at("5.3", "3"), at("5.7", "6");
    PersistentByExpires: "cookie is persistent by its last Expires",
        at("5.3", "3"), at("5.7", "6");
    SessionCookie: "cookie is not persistent",
        at("5.3", "3"), at("5.7", "6");
    DomainNotAscii: "domain-attribute has a character outside CHAR and the cookie is ignored",
        None, at("5.7", "8");
    HostNotCanonical: "request-host cannot be canonicalised and the cookie is ignored",
        at("5.1.2", ""), at("5.7", "9.2");
    PublicSuffixIsHost: "domain-attribute is a public suffix and the request-host itself, and is dropped",
        at("5.3", "5"), at("5.7", "9.3");
    PublicSuffixRefused: "domain-attribute is a public suffix and the cookie is ignored",
        at("5.3", "5"), at("5.7", "9.3");
    DomainMismatch: "request-host does not domain-match the domain-attribute and the cookie is ignored",
        at("5.3", "6"), at("5.7", "10");
    DomainCookie: "host-only-flag is false and the domain is the domain-attribute",
        at("5.3", "6"), at("5.7", "10");
    HostOnlyCookie: "host-only-flag is true and the domain is the request-host",
        at("5.3", "6"), at("5.7", "10");
    SecureFromNonSecure: "cookie has Secure, the connection is not secure, and the cookie is ignored",
        None, at("5.7", "13");
    HttpOnlyFromScript: "cookie has HttpOnly, came through a non-HTTP API, and is ignored",
        at("5.3", "10"), at("5.7", "15");
    SecureOverlay: "cookie would overlay a Secure cookie from a non-secure connection and is ignored",
        None, at("5.7", "16");
    CrossSiteScript: "cookie came through a non-HTTP API in a cross-site document and is ignored",
        None, at("5.7", "18.1");
    CrossSiteRequest: "cookie came with a cross-site request that is no top-level navigation and is ignored",
        None, at("5.7", "18.4");
    SameSiteNoneNotSecure: "same-site-flag is \"None\" without Secure and the cookie is ignored",
        None, at("5.7", "19");
    SecurePrefixBroken: "name starts with __Secure- without Secure and the cookie is ignored",
        None, at("5.7", "20");
    HostPrefixBroken: "name starts with __Host- without Secure, Path=/ and a host-only domain, and the cookie is ignored",
        None, at("5.7", "21");
    NamelessPrefix: "name is empty, the value starts with a name prefix, and the cookie is ignored",
        None, at("5.7", "22");
    HttpOnlyProtected: "old cookie has HttpOnly, the new one came through a non-HTTP API, and is ignored",
        at("5.3", "11.2"), at("5.7", "23.2");
    OldCookieReplaced: "old cookie is removed and leaves its creation-time to the new one",
        at("5.3", "11.3"), at("5.7", "23.3");
    CookieInserted: "cookie is inserted into the cookie store",
        at("5.3", "12"), at("5.7", "24");
    CookieExpired: "cookie is expired and evicted",
        at("5.3", ""), at("5.7", "");
    ExcessTied: "eviction chooses among cookies that were last accessed in the same second, which the text leaves open",
        at("5.3", ""), at("5.7", "");
    ExcessForDomain: "cookies sharing the domain exceed the limit and one is evicted",
        at("5.3", ""), at("5.7", "");
    ExcessInTotal: "cookies in the store exceed the limit and one is evicted",
        at("5.3", ""), at("5.7", "");

    RetrievalHostNotCanonical: "host of the retrieval cannot be canonicalised and no cookie is sent",
        at("5.1.2", ""), at("5.8.3", "2");
    NowPublicSuffix: "cookie's domain is a public suffix by now and the cookie is left out",
        None, at("5.8.3", "3");
    PathMismatch: "request path does not path-match the cookie's path and the cookie is left out",
        at("5.4", "1"), at("5.8.3", "3");
    SecureLeftOut: "cookie has the secure-only-flag, the connection is not secure, and the cookie is left out",
        at("5.4", "1"), at("5.8.3", "3");
    HttpOnlyLeftOut: "cookie has the http-only-flag, the retrieval is not HTTP, and the cookie is left out",
        at("5.4", "1"), at("5.8.3", "3");
    CrossSiteLeftOut: "retrieval is cross-site and the same-site-flag leaves the cookie out",
        None, at("5.8.3", "3");
    LaxAllowingUnsafe: "method is unsafe but the cookie is recent and has no SameSite",
        None, at("5.6.7.2", "");
    CookieListed: "cookie is in the cookie-list",
        at("5.4", "1"), at("5.8.3", "3");
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_stands_in_at_least_one_text() {
        for &step in Step::ALL {
            let somewhere = Profile::ALL.iter().any(|&profile| step.reference(profile).is_some());
            assert!(somewhere, "{step:?}");
        }
    }

    #[test]
    fn a_reference_reads_as_people_cite() {
        let step = Step::SecureOverlay.reference(Profile::Rfc6265bis).unwrap();
        assert_eq!(alloc::string::ToString::to_string(&step), "section 5.7 step 16");
        assert_eq!(Step::SecureOverlay.reference(Profile::Rfc6265), None);
    }
}
