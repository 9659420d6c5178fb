//! A hint at the cause of a divergence before its input is minimised: the last unusual step of the
//! reference engine for what differs. It only tells divergences apart that are worth minimising;
//! what a finding cites is confirmed, see `attribution`.

use cookiespec_engine::Step;
use cookiespec_vectors::operation::{JarProgram, Operation};

use crate::oracles::difference::Difference;
use crate::oracles::reference::{Expected, Located};

/// The name of the step; empty if the engine takes none for this operation.
pub(super) fn hint(operation: &Operation, expected: &Expected, difference: &Difference) -> String {
    let step = match operation {
        Operation::ParseSetCookie(_) => {
            let concerns_field = |step: &Step| steps_of(difference.field).contains(step);
            expected.steps().rev().find(concerns_field)
        }
        Operation::Jar(program) => of_cookie(program, expected, difference),
        _ => None,
    };
    step.map_or_else(String::new, |step| format!("{step:?}"))
}

/// The steps that concern a field of a parsed cookie.
fn steps_of(field: &str) -> &'static [Step] {
    match field {
        "cookie" => {
            &[Step::ControlCharacter, Step::NoEqualsSign, Step::EmptyName, Step::PairTooLong]
        }
        "domain" => &[Step::AttributeTooLong, Step::DomainEmpty, Step::DomainAppended],
        "path" => &[Step::AttributeTooLong, Step::PathDefault],
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
    }
}

/// The last unusual step for the cookie and the request that differ.
fn of_cookie(program: &JarProgram, expected: &Expected, difference: &Difference) -> Option<Step> {
    let usual = [
        Step::CookieInserted,
        Step::CookieListed,
        Step::SessionCookie,
        Step::HostOnlyCookie,
        Step::AttributeUnrecognized,
    ];
    let located = expected.located(program, difference.at.as_deref());
    let last_unusual = |one: &Located<'_>| {
        let steps = one.traced.events.iter().rev().map(|event| event.step);
        steps.into_iter().find(|step| !usual.contains(step))
    };
    let is_about = |one: &&Located<'_>| match (&one.line, &difference.cookie) {
        (None, _) => false,
        (Some(line), Some(cookie)) => is_named_like(line.as_slice(), cookie.as_slice()),
        (Some(_), None) => true,
    };
    let request = located.last().filter(|one| one.line.is_none());
    let of_line = || located.iter().rev().filter(is_about).find_map(last_unusual);
    request.and_then(last_unusual).or_else(of_line)
}

/// Whether a set-cookie-string has the name of a serialised cookie.
fn is_named_like(line: &[u8], cookie: &[u8]) -> bool {
    let name = |octets: &[u8]| -> Vec<u8> {
        let pair = octets.split(|octet| *octet == b';').next().unwrap_or_default();
        let name = pair.split(|octet| *octet == b'=').next().unwrap_or_default();
        name.trim_ascii().to_vec()
    };
    name(line) == name(cookie)
}
