//! The place in the specification that decides a difference: the last step of the reference
//! engine that has to do with it.

use std::fmt;

use cookiespec_engine::trace::Reference;
use cookiespec_engine::{Profile, Step};
use cookiespec_vectors::operation::Operation;

use super::difference::Difference;
use super::expected::Expected;

/// A place in the specification.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    /// A name for it that stays the same: a step of the engine, or a section.
    pub(crate) id: String,
    /// What happens there, as a clause.
    pub(crate) text: String,
    /// The section, and the step in it where it has any.
    pub(crate) section: String,
    /// The step of that section; empty where there is none.
    pub(crate) step: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "section {}", self.section)?;
        if self.step.is_empty() { Ok(()) } else { write!(f, " step {}", self.step) }
    }
}

impl Place {
    fn of_step(profile: Profile, step: Step) -> Self {
        // A step that one profile does not know decides where it was not taken; the other's place
        // says where it stands.
        let other = Profile::ALL.into_iter().find_map(|other| step.reference(other));
        let reference = step.reference(profile).or(other);
        let (section, number) =
            reference.map_or(("", ""), |Reference { section, step }| (section, step));
        Self {
            id: format!("{step:?}"),
            text: step.text().to_owned(),
            section: section.to_owned(),
            step: number.to_owned(),
        }
    }

    fn of_section(profile: Profile, rfc6265: (&str, &str), bis: (&str, &str), text: &str) -> Self {
        let (section, step) = if profile == Profile::Rfc6265 { rfc6265 } else { bis };
        Self {
            id: format!("{section}/{step}"),
            text: text.to_owned(),
            section: section.to_owned(),
            step: step.to_owned(),
        }
    }
}

/// The place that decides a difference.
pub(crate) fn of_difference(
    profile: Profile,
    operation: &Operation,
    expected: &Expected,
    difference: &Difference,
) -> Place {
    let section = |rfc6265, bis, text| Place::of_section(profile, rfc6265, bis, text);
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

/// Where a field of a parsed cookie is decided.
fn of_field(profile: Profile, expected: &Expected, field: &str) -> Place {
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
    // Of the steps that stand for one attribute the last wins, but "PathDefault" says more than the
    // "PathAppended" that follows it.
    let taken = |step: &Step| steps.contains(step);
    let said_first = [Step::PathDefault, Step::SameSiteUnknown];
    let mut story = expected.steps().rev().filter(taken).peekable();
    let last = story.next();
    let deciding = match story.peek() {
        Some(before) if said_first.contains(before) => Some(*before),
        _ => last,
    };
    match deciding {
        Some(step) => Place::of_step(profile, step),
        None if matches!(field, "cookie" | "name" | "value") => Place::of_section(
            profile,
            ("5.2", "2–4"),
            ("5.6", "3–4"),
            "the name-value-pair is split at its first \"=\" and trimmed of SP and HTAB",
        ),
        None => Place::of_section(
            profile,
            ("5.2", "6"),
            ("5.6", "7"),
            "an attribute-name is recognised",
        ),
    }
}

/// Where an observation of a store is decided.
fn of_observation(profile: Profile, expected: &Expected, difference: &Difference) -> Place {
    match difference.kind {
        "order" => {
            let text = "cookies with longer paths come first, then those created earlier";
            return Place::of_section(profile, ("5.4", "2"), ("5.8.3", "4"), text);
        }
        "separators" | "empty field" | "line break sent" => {
            let text = "the cookie-list is serialised to a cookie-string";
            return Place::of_section(profile, ("5.4", "4"), ("5.8.3", "6"), text);
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
    let is_usual = |step: &Step| {
        let usual = [
            Step::CookieInserted,
            Step::CookieListed,
            Step::SessionCookie,
            Step::HostOnlyCookie,
            Step::AttributeUnrecognized,
        ];
        usual.contains(step)
    };
    let telling = expected.steps().rev().find(|step| !is_usual(step));
    match telling.or_else(|| expected.steps().next_back()) {
        Some(step) => Place::of_step(profile, step),
        None => Place::of_section(
            profile,
            ("5.4", "1"),
            ("5.8.3", "3"),
            "a cookie is sent where its host-only-flag and domain, path and flags allow it",
        ),
    }
}
