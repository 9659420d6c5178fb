//! A set-cookie-string: the engine reads what the naive twin reads, writes what it can read back,
//! and tells in its trace what it did.

use cookiespec_engine::server::check_set_cookie_string;
use cookiespec_engine::set_cookie::{ParsedSetCookie, PathAttribute, parse, parse_traced};
use cookiespec_engine::{Profile, SameSite, SetCookie, Step};
use cookiespec_vectors::operation::{Operation, Step as JarStep};
use cookiespec_vectors::{Octets, Suite};

use crate::agree::set_cookie::agree;

/// Holds all of it under both profiles.
pub fn holds(line: &[u8]) {
    for profile in Profile::ALL {
        if let Err(error) = agree(line, profile) {
            panic!("{profile}: engine and twin differ: {error}");
        }
        let parsed = parse(line, profile);
        if let Ok(cookie) = &parsed {
            what_is_written_is_read_back(cookie, profile);
        }
        if let Err(ignored) = parsed
            && check_set_cookie_string(line, profile).is_ok()
        {
            // The grammar knows no sizes.
            assert_eq!(ignored.step, Step::PairTooLong, "{profile}: the grammar allows it");
        }
        the_trace_tells_the_verdict(line, profile);
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

fn the_trace_tells_the_verdict(line: &[u8], profile: Profile) {
    let mut events = Vec::new();
    let verdict = parse_traced(line, profile, &mut events);
    assert_eq!(verdict, parse(line, profile), "a trace changes the verdict");
    for event in &events {
        assert!(event.at <= line.len(), "{event:?} stands behind the end");
        assert!(event.step.reference(profile).is_some(), "{event:?} is no step of {profile}");
    }
    let cookie = match verdict {
        Ok(cookie) => cookie,
        Err(ignored) => {
            assert_eq!(events.last().map(|event| event.step), Some(ignored.step), "{events:?}");
            return;
        }
    };
    let attributes = [
        (Step::DomainAppended, cookie.domain.is_some()),
        (Step::ExpiresAppended, cookie.expires.is_some()),
        (Step::HttpOnlyAppended, cookie.http_only),
        (Step::MaxAgeAppended, cookie.max_age.is_some()),
        (Step::PathAppended, cookie.path.is_some()),
        (Step::SameSiteAppended, cookie.same_site.is_some()),
        (Step::SecureAppended, cookie.secure),
    ];
    for (step, present) in attributes {
        let told = events.iter().any(|event| event.step == step);
        assert_eq!(told, present, "{step:?} of {cookie:?} in {events:?}");
    }
}
