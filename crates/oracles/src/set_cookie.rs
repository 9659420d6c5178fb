//! A set-cookie-string: the engine reads what the naive twin reads, writes what it can read back,
//! and tells in its trace what it did.

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
    let mut told = Told::default();
    let traced = parse_traced(line, profile, &mut told);
    assert!(traced == *verdict, "{profile}: a trace changes {verdict:?} to {traced:?}");
    assert!(told.furthest <= line.len(), "{profile}: a step behind the end: {told:?}");
    let foreign = told.steps & !steps_of(profile);
    assert!(foreign == 0, "{profile} does not have all of these steps: {told:?}");
    match verdict {
        Ok(cookie) => {
            let appended = told.steps & APPENDED;
            assert!(appended == appended_for(cookie), "{profile}: {cookie:?} has {told:?}");
        }
        Err(ignored) => {
            assert!(
                told.last == Some(ignored.step),
                "{profile}: {ignored:?} does not end {told:?}"
            );
        }
    }
}

/// What has to be known of a trace. Nothing is kept for each event: there are too many executions.
#[derive(Default)]
struct Told {
    /// One bit for each step.
    steps: u128,
    last: Option<Step>,
    /// The largest offset.
    furthest: usize,
}

impl Sink for Told {
    fn record(&mut self, step: Step, at: usize) {
        self.steps |= bit(step);
        self.last = Some(step);
        self.furthest = self.furthest.max(at);
    }
}

impl fmt::Debug for Told {
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

/// The steps that a profile knows.
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
