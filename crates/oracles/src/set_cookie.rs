//! A set-cookie-string: the engine reads what the naive twin reads, writes what it can read back,
//! and tells in its trace what it did.

use cookiespec_engine::server::check_set_cookie_string;
use cookiespec_engine::set_cookie::{Ignored, ParsedSetCookie, PathAttribute, parse, parse_traced};
use cookiespec_engine::{Profile, SameSite, SetCookie, Step};
use cookiespec_vectors::operation::{Operation, Step as JarStep};
use cookiespec_vectors::{Octets, Suite};

use crate::agree::set_cookie::agree;

/// Holds all of it under both profiles.
pub fn holds(line: &[u8]) {
    for profile in Profile::ALL {
        let parsed = parse(line, profile);
        if let Err(error) = agree(line, profile, &parsed) {
            panic!("{profile}: engine and twin differ: {error}");
        }
        the_trace_tells_the_verdict(line, profile, &parsed);
        match parsed {
            Ok(cookie) => what_is_written_is_read_back(&cookie, profile),
            // The grammar knows no sizes.
            Err(ignored) if ignored.step == Step::PairTooLong => {}
            Err(ignored) => {
                let conforms = check_set_cookie_string(line, profile).is_ok();
                assert!(!conforms, "{profile}: the grammar allows it, but {ignored}");
            }
        }
    }
}

/// Every set-cookie-string of the suite.
pub fn seeds(suite: &Suite) -> Vec<Vec<u8>> {
    let lines = suite.cases().iter().flat_map(|case| match case.operation() {
        Operation::ParseSetCookie(request) => vec![&request.set_cookie],
        Operation::Jar(program) => program.steps.iter().flat_map(received).collect(),
        _ => vec![],
    });
    lines.map(|line| line.as_slice().to_vec()).collect()
}

fn received(step: &JarStep) -> Vec<&Octets> {
    match step {
        JarStep::Receive { set_cookie, .. } => set_cookie.iter().collect(),
        JarStep::ScriptSet { value, .. } => vec![value],
        _ => vec![],
    }
}

/// What a server may write of the cookie is checked, read and found unchanged.
fn what_is_written_is_read_back(cookie: &ParsedSetCookie<'_>, profile: Profile) {
    let asked = ParsedSetCookie {
        max_age: cookie.max_age.filter(|&seconds| seconds > 0),
        domain: cookie.domain.filter(|domain| !domain.is_empty()),
        path: cookie.path.filter(|path| matches!(path, PathAttribute::Absolute(_))),
        same_site: cookie.same_site.filter(|&enforcement| enforcement != SameSite::Default),
        ..*cookie
    };
    let written = SetCookie {
        expires: asked.expires,
        max_age: asked.max_age,
        domain: asked.domain,
        path: match asked.path {
            Some(PathAttribute::Absolute(path)) => Some(path),
            _ => None,
        },
        secure: asked.secure,
        http_only: asked.http_only,
        same_site: asked.same_site.unwrap_or(SameSite::Default),
        ..SetCookie::new(asked.name, asked.value)
    };
    let Ok(line) = written.to_octets(profile) else { return };
    let shown = line.escape_ascii();
    assert_eq!(check_set_cookie_string(&line, profile), Ok(()), "{profile}: \"{shown}\"");
    assert_eq!(parse(&line, profile), Ok(asked), "{profile}: \"{shown}\"");
}

fn the_trace_tells_the_verdict(
    line: &[u8],
    profile: Profile,
    verdict: &Result<ParsedSetCookie<'_>, Ignored>,
) {
    let mut events = Vec::with_capacity(16);
    let traced = parse_traced(line, profile, &mut events);
    assert!(traced == *verdict, "a trace changes the verdict {verdict:?} to {traced:?}");
    let mut appended = [false; 7];
    for event in &events {
        assert!(event.at <= line.len(), "{event:?} stands behind the end");
        assert!(event.step.reference(profile).is_some(), "{event:?} is no step of {profile}");
        if let Some(attribute) = APPENDED.iter().position(|&step| step == event.step) {
            appended[attribute] = true;
        }
    }
    match verdict {
        Ok(cookie) => {
            assert!(appended == present(cookie), "{cookie:?} has another trace: {events:?}");
        }
        Err(ignored) => {
            let last = events.last().map(|event| event.step);
            assert!(last == Some(ignored.step), "{ignored:?} does not end {events:?}");
        }
    }
}

/// The steps at which an attribute is appended to the cookie-attribute-list.
const APPENDED: [Step; 7] = [
    Step::DomainAppended,
    Step::ExpiresAppended,
    Step::HttpOnlyAppended,
    Step::MaxAgeAppended,
    Step::PathAppended,
    Step::SameSiteAppended,
    Step::SecureAppended,
];

/// Which attributes there are, in the order of [`APPENDED`].
fn present(cookie: &ParsedSetCookie<'_>) -> [bool; 7] {
    [
        cookie.domain.is_some(),
        cookie.expires.is_some(),
        cookie.http_only,
        cookie.max_age.is_some(),
        cookie.path.is_some(),
        cookie.same_site.is_some(),
        cookie.secure,
    ]
}
