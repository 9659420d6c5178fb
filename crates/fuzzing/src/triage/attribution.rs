//! Attribution: which place in the specification decides a difference. It is the last step of the
//! reference engine that concerns the field, or a fixed section where the engine has no steps.

use cookiespec_engine::trace::Reference;
use cookiespec_engine::{Profile, Step};
use cookiespec_vectors::operation::Operation;

use crate::finding::SpecReference;
use crate::oracles::difference::Difference;
use crate::oracles::reference::Expected;

/// The place in the specification that decides a difference.
pub(super) fn attribute(
    profile: Profile,
    operation: &Operation,
    expected: &Expected,
    difference: &Difference,
) -> SpecReference {
    let section = |rfc6265, bis, text| section(profile, rfc6265, bis, text);
    match operation {
        Operation::ParseSetCookie(_) => of_field(profile, expected, difference.field),
        Operation::Jar(_) => of_observation(profile, expected, difference),
        Operation::ParseCookie(_) => {
            section(("4.2.2", ""), ("4.2.2", ""), "each cookie-pair of a Cookie field is a cookie")
        }
        Operation::ParseDate(_) => section(("5.1.1", ""), ("5.1.1", ""), "a cookie-date is parsed"),
        Operation::MatchDomain(_) => {
            section(("5.1.3", ""), ("5.1.3", ""), "a host domain-matches a domain")
        }
        Operation::MatchPath(_) => {
            section(("5.1.4", ""), ("5.1.4", ""), "a request-path path-matches a cookie-path")
        }
        Operation::DefaultPath(_) => {
            section(("5.1.4", ""), ("5.1.4", ""), "the default-path of a request is found")
        }
        Operation::FormatSetCookie(_) => {
            section(("4.1.1", ""), ("4.1.1", ""), "a set-cookie-string follows the grammar")
        }
    }
}

/// The section on limits, for cost and memory.
pub(super) fn limits(profile: Profile) -> SpecReference {
    let text = "user agents and servers have limits, and are to degrade gracefully";
    section(profile, ("6.1", ""), ("6.1", ""), text)
}

/// The place that decides a field of a parsed cookie.
fn of_field(profile: Profile, expected: &Expected, field: &str) -> SpecReference {
    let steps: &[Step] = match field {
        "cookie" => &[
            Step::ControlCharacter,
            Step::NoEqualsSign,
            Step::EmptyName,
            Step::PairTooLong,
            Step::NamelessPair,
        ],
        "domain" => &[Step::AttributeTooLong, Step::DomainEmpty, Step::DomainAppended],
        "path" => &[Step::AttributeTooLong, Step::PathDefault, Step::PathAppended],
        "expires" => &[Step::AttributeTooLong, Step::ExpiresUnparsable, Step::ExpiresAppended],
        "max_age" => &[
            Step::AttributeTooLong,
            Step::MaxAgeEmpty,
            Step::MaxAgeBadStart,
            Step::MaxAgeNotDigits,
            Step::MaxAgeAppended,
        ],
        "secure" => &[Step::AttributeTooLong, Step::SecureAppended],
        "http_only" => &[Step::AttributeTooLong, Step::HttpOnlyAppended],
        "same_site" => &[Step::AttributeTooLong, Step::SameSiteUnknown, Step::SameSiteAppended],
        _ => &[Step::NamelessPair],
    };
    // The last of the steps for an attribute decides, but "PathDefault" is more specific than the
    // "PathAppended" that follows it.
    let concerns_field = |step: &Step| steps.contains(step);
    let more_specific = [Step::PathDefault, Step::SameSiteUnknown];
    let mut latest_first = expected.steps().rev().filter(concerns_field).peekable();
    let last = latest_first.next();
    let deciding = match latest_first.peek() {
        Some(before) if more_specific.contains(before) => Some(*before),
        _ => last,
    };
    match deciding {
        Some(step) => step_reference(profile, step),
        None if matches!(field, "cookie" | "name" | "value") => section(
            profile,
            ("5.2", "2–4"),
            ("5.6", "3–4"),
            "the name-value-pair is split at its first \"=\" and trimmed of SP and HTAB",
        ),
        None => section(profile, ("5.2", "6"), ("5.6", "7"), "an attribute-name is recognised"),
    }
}

/// The place that decides an observation of a jar program.
fn of_observation(profile: Profile, expected: &Expected, difference: &Difference) -> SpecReference {
    match difference.kind {
        "order" => {
            let text = "cookies with longer paths come first, then those created earlier";
            return section(profile, ("5.4", "2"), ("5.8.3", "4"), text);
        }
        "separators" | "empty field" | "line break sent" => {
            let text = "the cookie-list is serialised to a cookie-string";
            return section(profile, ("5.4", "4"), ("5.8.3", "6"), text);
        }
        "cookie left out"
        | "cookie too many"
        | "sent to a foreign host"
        | "sent across a public suffix"
        | "sent though nobody set it"
        | "secure cookie over http" => {}
        _ if difference.field == "header" || difference.field == "value" => {
            return of_field(profile, expected, "value");
        }
        _ => {}
    }
    let is_common = |step: &Step| {
        let common = [
            Step::CookieInserted,
            Step::CookieListed,
            Step::SessionCookie,
            Step::HostOnlyCookie,
            Step::AttributeUnrecognized,
        ];
        common.contains(step)
    };
    let last_specific = expected.steps().rev().find(|step| !is_common(step));
    match last_specific.or_else(|| expected.steps().next_back()) {
        Some(step) => step_reference(profile, step),
        None => section(
            profile,
            ("5.4", "1"),
            ("5.8.3", "3"),
            "a cookie is sent where its host-only-flag and domain, path and flags allow it",
        ),
    }
}

/// The place of a step.
fn step_reference(profile: Profile, step: Step) -> SpecReference {
    // A step that only the other profile has decides by not being taken; the reference then names
    // its place there.
    let other = Profile::ALL.into_iter().find_map(|other| step.reference(other));
    let reference = step.reference(profile).or(other);
    let (section, number) =
        reference.map_or(("", ""), |Reference { section, step }| (section, step));
    SpecReference {
        text: step.text().to_owned(),
        document: profile.name().to_owned(),
        section: section.to_owned(),
        step: number.to_owned(),
        id: format!("{step:?}"),
    }
}

/// The place at a section and step, which depend on the profile.
fn section(
    profile: Profile,
    rfc6265: (&str, &str),
    bis: (&str, &str),
    text: &str,
) -> SpecReference {
    let (section, step) = if profile == Profile::Rfc6265 { rfc6265 } else { bis };
    SpecReference {
        text: text.to_owned(),
        document: profile.name().to_owned(),
        section: section.to_owned(),
        step: step.to_owned(),
        id: format!("{section}/{step}"),
    }
}
