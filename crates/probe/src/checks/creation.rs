//! Creation: SM-032 to SM-038.

use cookiespec_wire::Request;

use crate::browser::cookie_string;
use crate::descriptor::Descriptor;
use crate::error::ProbeError;
use crate::template::{Place, Values};
use crate::test_context::TestContext;
use crate::verdict::{Abort, CheckResult, ensure, fact, not_applicable, pass};

pub(super) fn public_pages_set_no_cookie(context: &TestContext) -> CheckResult {
    let path = context.descriptor().public.as_ref().map_or("/", |page| &page.path);
    ensure_no_session(context, &[Request::new("GET", path)])?;
    pass(format!("GET {path} sets no session cookie"))
}

pub(super) fn reads_create_no_session(context: &TestContext) -> CheckResult {
    let requests = reads(context.descriptor());
    ensure_no_session(context, &requests)?;
    let shown = requests.iter().map(|request| format!("{} {}", request.method, request.target));
    pass(format!("no session cookie after {}", shown.collect::<Vec<_>>().join(", ")))
}

/// Fails if one of these requests, each from a new browser, is given a session cookie.
fn ensure_no_session(context: &TestContext, requests: &[Request]) -> Result<(), Abort> {
    for request in requests {
        let mut browser = context.browser();
        browser.navigate(request.clone())?;
        let session = context.session(&browser);
        ensure(session.is_empty(), || {
            let names = session.iter().map(|(name, _)| name.escape_ascii().to_string());
            let names = names.collect::<Vec<_>>().join(", ");
            format!("{} {} of a new browser sets {names}", request.method, request.target)
        })?;
    }
    Ok(())
}

/// Requests that change nothing.
fn reads(descriptor: &Descriptor) -> Vec<Request> {
    let whoami = &descriptor.whoami.path;
    let page = descriptor.public.as_ref().map_or(whoami, |page| &page.path);
    let mut requests = vec![
        Request::new("GET", whoami),
        Request::new("GET", "/cookiespec-probe-finds-nothing-here"),
        Request::new("HEAD", page),
        Request::new("OPTIONS", page),
    ];
    if let Some(state) = &descriptor.state {
        let key = Values::default().with("key", "nothing");
        requests.push(Request::new("GET", &key.fill(&state.get.path, Place::Uri)));
    }
    requests
}

pub(super) fn only_actions_create_sessions(context: &TestContext) -> CheckResult {
    let mut browser = context.browser();
    let mut requests = reads(context.descriptor());
    let pages = [&context.descriptor().public, &context.descriptor().stateless];
    let pages = pages.into_iter().flatten().map(|page| Request::new("GET", &page.path));
    requests.extend(pages);
    for request in requests {
        let shown = format!("{} {}", request.method, request.target);
        browser.navigate(request)?;
        ensure(context.session(&browser).is_empty(), || {
            format!("{shown} creates a session without an action of the user")
        })?;
    }
    browser.login(context.account(0))?;
    ensure(!context.session(&browser).is_empty(), || "login creates no session".to_owned())?;
    pass("reading pages creates no session, login does")
}

pub(super) fn reads_do_not_fill_the_store(context: &TestContext) -> CheckResult {
    let before = context.store_size()?;
    for _ in 0..READS {
        context.replay_client("").whoami()?;
    }
    let after = context.store_size()?;
    let grown = after.saturating_sub(before);
    ensure(grown < READS / 2, || {
        format!("after {READS} reads without a cookie the store holds {grown} more sessions")
    })?;
    pass(format!("after {READS} reads without a cookie the store holds {grown} more sessions"))
}

pub(super) fn made_up_ids_are_not_adopted(context: &TestContext) -> CheckResult {
    let Some(made_up) = never_issued(context)? else {
        return not_applicable("identifiers can be guessed: all of the made-up ones are in use");
    };
    context.replay_client(made_up.clone()).write(KEY, "planted")?;
    let value = context.replay_client(made_up.clone()).read(KEY)?;
    ensure(value.is_none(), || {
        format!(
            "Cookie: {} was never issued, but has a session after a write",
            made_up.escape_ascii()
        )
    })?;
    pass("data written with an identifier that was never issued is not stored under it")
}

/// A Cookie field with a well-formed identifier that has no session.
fn never_issued(context: &TestContext) -> Result<Option<Vec<u8>>, ProbeError> {
    let browser = context.logged_in(0)?;
    for _ in 0..GUESSES {
        let made_up = cookie_string(&context.made_up(&browser)?);
        if context.replay_client(made_up.clone()).whoami()?.is_none() {
            return Ok(Some(made_up));
        }
    }
    Ok(None)
}

pub(super) fn ended_ids_are_not_adopted(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let saved = browser.cookie_field();
    browser.logout()?;
    ensure_not_adopted(context, &saved, "ended by logout")?;
    let Some(idle) = context.descriptor().policy.idle.filter(|_| context.has_clock()) else {
        return pass("data written with an identifier that logout ended is not stored under it");
    };
    let saved = context.logged_in(0)?.cookie_field();
    context.pass_time(idle + 1)?;
    ensure_not_adopted(context, &saved, "expired")?;
    pass("data written with an identifier that was ended or has expired is not stored under it")
}

fn ensure_not_adopted(context: &TestContext, saved: &[u8], how: &str) -> Result<(), Abort> {
    context.replay_client(saved).write(KEY, "again")?;
    let mut client = context.replay_client(saved);
    let (value, user) = (client.read(KEY)?, client.whoami()?);
    ensure(value.is_none() && user.is_none(), || {
        format!("an identifier that has {how} has a session again after a write with it")
    })
}

pub(super) fn unknown_ids_are_recorded(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let made_up = context.made_up(&browser)?;
    browser.replace_values(&made_up);
    browser.whoami()?;
    let session = context.session(&browser);
    fact(if session.is_empty() {
        "the cookie is deleted"
    } else if session == made_up {
        "the cookie is kept"
    } else {
        "the cookie is replaced"
    })
}

/// How many identifiers are made up to find one that is not in use.
const GUESSES: usize = 50;
const READS: u64 = 1_000;
const KEY: &str = "adopted";
