//! A set-cookie-string: the engine reads what the naive twin reads, writes what it can read back,
//! and records in its trace what it did.

use std::fmt;

use cookiespec_engine::server::check_set_cookie_string;
use cookiespec_engine::set_cookie::{Ignored, ParsedSetCookie, PathAttribute, parse, parse_traced};
use cookiespec_engine::{Profile, SameSite, SetCookie, Sink, Step};
use cookiespec_vectors::operation::{Operation, Step as JarStep};
use cookiespec_vectors::{Octets, Suite};

use cookiespec_engine_model::agree::set_cookie::agree;

/// Holds all of it under both profiles.
pub fn holds(line: &[u8]) {
    for profile in Profile::ALL {
        let parsed = parse(line, profile);
        if let Err(error) = agree(line, profile, &parsed) {
            panic!("{profile}: engine and twin differ: {error}");
        }
        trace_agrees_with_verdict(line, profile, &parsed);
        match parsed {
            Ok(cookie) => what_is_written_is_read_back(&cookie, profile),
            // The grammar has no limit of size.
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
    let written = ParsedSetCookie {
        max_age: cookie.max_age.filter(|&seconds| seconds > 0),
        domain: cookie.domain.filter(|domain| !domain.is_empty()),
        path: cookie.path.filter(|path| matches!(path, PathAttribute::Absolute(_))),
        same_site: cookie.same_site.filter(|&enforcement| enforcement != SameSite::Default),
        ..*cookie
    };
    let set_cookie = SetCookie {
        expires: written.expires,
        max_age: written.max_age,
        domain: written.domain,
        path: match written.path {
            Some(PathAttribute::Absolute(path)) => Some(path),
            _ => None,
        },
        secure: written.secure,
        http_only: written.http_only,
        same_site: written.same_site.unwrap_or(SameSite::Default),
        ..SetCookie::new(written.name, written.value)
    };
    let Ok(line) = set_cookie.to_octets(profile) else { return };
    let shown = line.escape_ascii();
    assert_eq!(check_set_cookie_string(&line, profile), Ok(()), "{profile}: \"{shown}\"");
    assert_eq!(parse(&line, profile), Ok(written), "{profile}: \"{shown}\"");
}

fn trace_agrees_with_verdict(
    line: &[u8],
    profile: Profile,
    verdict: &Result<ParsedSetCookie<'_>, Ignored>,
) {
    let mut summary = Summary::default();
    let traced = parse_traced(line, profile, &mut summary);
    assert!(traced == *verdict, "{profile}: a trace changes {verdict:?} to {traced:?}");
    assert!(summary.furthest <= line.len(), "{profile}: a step behind the end: {summary:?}");
    let foreign = summary.steps & !steps_of(profile);
    assert!(foreign == 0, "{profile} does not have all of these steps: {summary:?}");
    match verdict {
        Ok(cookie) => {
            let appended = summary.steps & APPENDED;
            assert!(appended == appended_for(cookie), "{profile}: {cookie:?} has {summary:?}");
        }
        Err(ignored) => {
            assert!(
                summary.last == Some(ignored.step),
                "{profile}: {ignored:?} does not end {summary:?}"
            );
        }
    }
}

/// The summary of a trace. Nothing is kept for each event: there are too many executions.
#[derive(Default)]
struct Summary {
    /// One bit for each step.
    steps: u128,
    last: Option<Step>,
    /// The largest offset.
    furthest: usize,
}

impl Sink for Summary {
    fn record(&mut self, step: Step, at: usize) {
        self.steps |= bit(step);
        self.last = Some(step);
        self.furthest = self.furthest.max(at);
    }
}

impl fmt::Debug for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(Step::ALL.iter().filter(|&&step| self.steps & bit(step) != 0))
            .finish()?;
        write!(f, ", at the end {:?}, up to offset {}", self.last, self.furthest)
    }
}

const fn bit(step: Step) -> u128 {
    1 << step as u32
}

/// The steps that a profile has.
const fn steps_of(profile: Profile) -> u128 {
    const RFC6265: u128 = known(Profile::Rfc6265);
    const RFC6265BIS: u128 = known(Profile::Rfc6265bis);
    match profile {
        Profile::Rfc6265 => RFC6265,
        Profile::Rfc6265bis => RFC6265BIS,
    }
}

const fn known(profile: Profile) -> u128 {
    let mut steps = 0;
    let mut nth = 0;
    while nth < Step::ALL.len() {
        if Step::ALL[nth].reference(profile).is_some() {
            steps |= bit(Step::ALL[nth]);
        }
        nth += 1;
    }
    steps
}

/// The steps at which an attribute is appended to the cookie-attribute-list.
const APPENDED: u128 = bit(Step::DomainAppended)
    | bit(Step::ExpiresAppended)
    | bit(Step::HttpOnlyAppended)
    | bit(Step::MaxAgeAppended)
    | bit(Step::PathAppended)
    | bit(Step::SameSiteAppended)
    | bit(Step::SecureAppended);

/// Those of them that a cookie with these attributes has been through.
fn appended_for(cookie: &ParsedSetCookie<'_>) -> u128 {
    let step_if = |step, present| u128::from(present) * bit(step);
    step_if(Step::DomainAppended, cookie.domain.is_some())
        | step_if(Step::ExpiresAppended, cookie.expires.is_some())
        | step_if(Step::HttpOnlyAppended, cookie.http_only)
        | step_if(Step::MaxAgeAppended, cookie.max_age.is_some())
        | step_if(Step::PathAppended, cookie.path.is_some())
        | step_if(Step::SameSiteAppended, cookie.same_site.is_some())
        | step_if(Step::SecureAppended, cookie.secure)
}
