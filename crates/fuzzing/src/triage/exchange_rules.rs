//! The rule that a fault of an exchange breaks. A fault is found by its rule, so that nothing else has
//! to confirm it.

use cookiespec_engine::{Profile, Step};

use crate::finding::SpecReference;
use crate::oracles::fault::Fault;

/// The rule behind the fault with this name, if a text has one.
pub(super) fn rule(profile: Profile, fault: &str) -> Option<SpecReference> {
    let step = |step| SpecReference::of_step(profile, step);
    let section = |rfc6265, bis, text| Some(SpecReference::at(profile, rfc6265, bis, text));
    match Fault::named(fault)? {
        Fault::HostOnly => section(
            ("5.4", "1"),
            ("5.8.3", "3"),
            "a cookie with the host-only-flag is sent to its own host alone",
        ),
        Fault::Domain => section(
            ("5.4", "1"),
            ("5.8.3", "3"),
            "a cookie without the host-only-flag is sent to hosts that domain-match its domain",
        ),
        Fault::ForeignDomain => step(Step::DomainMismatch),
        Fault::Secure => step(Step::SecureLeftOut),
        Fault::Path => step(Step::PathMismatch),
        Fault::Expired | Fault::Deleted => step(Step::CookieExpired),
        Fault::Replaced => step(Step::OldCookieReplaced),
        Fault::SessionOver => section(
            ("5.3", ""),
            ("5.7", ""),
            "the cookies that are not persistent are removed when the session is over",
        ),
        Fault::CallerKept => {
            section(("5.4", "1"), ("5.8.3", "3"), "the cookies sent are those of the cookie store")
        }
        Fault::CallerField | Fault::CallerCookie | Fault::CallerAuthorization => {
            Some(SpecReference {
                text: "a user agent that follows a redirect considers removing what its caller added, \
                       where that has security implications: Authorization and Cookie among others"
                    .to_owned(),
                document: "rfc9110".to_owned(),
                section: "15.4".to_owned(),
                step: "3".to_owned(),
                id: "rfc9110/15.4/3".to_owned(),
            })
        }
        Fault::Empty => {
            section(("4.2.1", ""), ("4.2.1", ""), "a Cookie field has one cookie-pair or more")
        }
        Fault::Several if profile == Profile::Rfc6265 => section(
            ("5.4", ""),
            ("", ""),
            "no more than one Cookie field is attached to a request",
        ),
        Fault::Several | Fault::Lost => None,
    }
}
