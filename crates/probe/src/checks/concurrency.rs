//! Concurrency: SM-087 to SM-095.

use std::collections::BTreeSet;
use std::time::Instant;

use cookiespec_wire::Request;

use crate::browser::Browser;
use crate::template::{Place, Values};
use crate::test_context::overlap::{LateResponse, VALUE, WRITES, at_once, burst_key, is_refused};
use crate::test_context::{MARK, TestContext};
use crate::verdict::{Abort, CheckResult, ensure, fact, not_applicable, pass};

pub(super) fn logins_are_independent(context: &TestContext) -> CheckResult {
    let declared = context.descriptor().policy.max_sessions;
    let count = if declared == 0 { LOGINS } else { declared.min(MOST_LOGINS) };
    let mut browsers = Vec::new();
    for _ in 0..count {
        browsers.push(context.logged_in(0)?);
    }
    let ids: BTreeSet<_> = browsers.iter().map(|browser| context.id(browser)).collect();
    ensure(ids.len() == browsers.len(), || {
        format!("{count} logins of one user have {} identifiers", ids.len())
    })?;
    for (nth, browser) in browsers.iter_mut().enumerate() {
        let user = browser.whoami()?;
        ensure(user.as_deref() == Some(context.identity(0)), || {
            format!("login {} of {count} is no longer logged in after the last one", nth + 1)
        })?;
    }
    if context.descriptor().state.is_some() && count > 1 {
        browsers[0].write(MARK, "first")?;
        let seen = browsers[1].read(MARK)?;
        ensure(seen.as_deref() != Some("first"), || {
            "data stored in one session is read in the other".to_owned()
        })?;
    }
    pass(format!("{count} logins of one user have a session each"))
}

pub(super) fn nobody_sees_another_user(context: &TestContext) -> CheckResult {
    ensure(!context.session_info().is_shared, || {
        "who-am-i shows a client without cookies the user who has logged in".to_owned()
    })?;
    let mut browsers = Vec::new();
    for nth in 0..CLIENTS {
        browsers.push(context.logged_in(nth % 2)?);
    }
    let seen = at_once(browsers, |nth, browser| {
        let expected = context.identity(nth % 2);
        for _ in 0..REQUESTS {
            match browser.whoami()? {
                Some(user) if user == expected => {}
                other => return Ok(Err((expected.to_owned(), other))),
            }
        }
        Ok(Ok(()))
    })?;
    for (_, seen) in seen {
        ensure(seen.is_ok(), || {
            let (expected, seen) = seen.err().unwrap_or_default();
            format!("{expected} is shown as {}", seen.as_deref().unwrap_or("nobody"))
        })?;
    }
    pass(format!("{CLIENTS} clients of two users, {REQUESTS} requests each at the same time"))
}

pub(super) fn overlapping_writes_survive(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let late = context.overlap(&mut browser, "late", |browser| {
        browser.write("early", VALUE)?;
        Ok(())
    })?;
    late.deliver_to(&mut browser);
    let survives = |browser: &mut Browser, key: &str| browser.read(key).map(|it| it.is_some());
    ensure(survives(&mut browser, "early")?, || {
        "a write that starts before another one and ends after it undoes the other".to_owned()
    })?;
    ensure(!is_success(&late) || survives(&mut browser, "late")?, || {
        "one of two overlapping writes is lost, and its response shows no error".to_owned()
    })?;
    let rounds = context.rounds(|| {
        let mut browser = context.logged_in(0)?;
        let writes = context.burst(&mut browser, |_| Ok(()))?;
        writes.iter().for_each(|write| write.deliver_to(&mut browser));
        let mut lost = 0;
        for (nth, _) in writes.iter().enumerate().filter(|(_, write)| is_success(write)) {
            lost += usize::from(!survives(&mut browser, &burst_key(nth))?);
        }
        ensure(lost == 0, || format!("of {WRITES} writes at the same time {lost} are lost"))
    })?;
    pass(format!("a pending write and {rounds} bursts of {WRITES} lose no data without an error"))
}

fn is_success(late: &LateResponse) -> bool {
    late.response.status < 400
}

pub(super) fn overlapped_logout_holds(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let saved = browser.cookie_field();
    let late = context.overlap(&mut browser, "late", log_out)?;
    ensure_logged_out(context, &saved, &browser, &[late])?;
    let rounds = context.rounds(|| {
        let mut browser = context.logged_in(0)?;
        let saved = browser.cookie_field();
        let writes = context.burst(&mut browser, log_out)?;
        ensure_logged_out(context, &saved, &browser, &writes)
    })?;
    pass(format!("nobody is logged in after a pending write and {rounds} bursts of {WRITES}"))
}

fn log_out(browser: &mut Browser) -> Result<(), Abort> {
    browser.logout()?;
    Ok(())
}

/// Fails if the saved cookies, or those that late responses set, are logged in.
fn ensure_logged_out(
    context: &TestContext,
    saved: &[u8],
    browser: &Browser,
    writes: &[LateResponse],
) -> Result<(), Abort> {
    let user = context.replay_client(saved).whoami()?;
    ensure(user.is_none(), || {
        "after a write that overlaps logout the old cookies are logged in".to_owned()
    })?;
    for late in writes.iter().filter(|late| late.response.all("set-cookie").next().is_some()) {
        let mut browser = browser.duplicate();
        late.deliver_to(&mut browser);
        let user = browser.whoami()?;
        ensure(user.is_none(), || {
            "the response to a write that overlaps logout logs in again".to_owned()
        })?;
    }
    Ok(())
}

pub(super) fn overlapped_login_leaves_no_old_id(context: &TestContext) -> CheckResult {
    let Some((mut browser, saved)) = context.anonymous()? else { return no_anonymous_session() };
    context.overlap(&mut browser, "late", |browser| log_in(context, browser))?;
    ensure_dead(context, &saved, "late")?;
    let rounds = context.rounds(|| {
        let Some((mut browser, saved)) = context.anonymous()? else { return Ok(()) };
        context.burst(&mut browser, |browser| log_in(context, browser))?;
        ensure_dead(context, &saved, &burst_key(WRITES - 1))
    })?;
    pass(format!(
        "the old identifier is dead after a pending write and {rounds} bursts of {WRITES}"
    ))
}

fn no_anonymous_session() -> CheckResult {
    not_applicable("there is no session for a client that is not logged in")
}

fn log_in(context: &TestContext, browser: &mut Browser) -> Result<(), Abort> {
    browser.login(context.account(0))?;
    Ok(())
}

fn ensure_dead(context: &TestContext, saved: &[u8], late: &str) -> Result<(), Abort> {
    let mut client = context.replay_client(saved);
    let user = client.whoami()?;
    ensure(user.is_none(), || {
        "after a write that overlaps login the identifier from before is logged in".to_owned()
    })?;
    for key in [MARK, late] {
        let value = client.read(key)?;
        ensure(value.is_none(), || {
            "after a write that overlaps login the identifier from before has a session".to_owned()
        })?;
    }
    Ok(())
}

pub(super) fn overlapped_login_holds(context: &TestContext) -> CheckResult {
    let Some((mut browser, _)) = context.anonymous()? else { return no_anonymous_session() };
    let late = context.overlap(&mut browser, "late", |browser| log_in(context, browser))?;
    late.deliver_to(&mut browser);
    ensure_logged_in(context, &mut browser)?;
    let rounds = context.rounds(|| {
        let Some((mut browser, _)) = context.anonymous()? else { return Ok(()) };
        let writes = context.burst(&mut browser, |browser| log_in(context, browser))?;
        // The browser received the responses from before that of the login earlier.
        writes.iter().filter(|late| late.is_last).for_each(|late| late.deliver_to(&mut browser));
        ensure_logged_in(context, &mut browser)
    })?;
    pass(format!("the login holds after a pending write and {rounds} bursts of {WRITES}"))
}

fn ensure_logged_in(context: &TestContext, browser: &mut Browser) -> Result<(), Abort> {
    let user = browser.whoami()?;
    ensure(user.as_deref() == Some(context.identity(0)), || {
        "the response to a write that overlaps login undoes the login".to_owned()
    })
}

pub(super) fn overlapping_requests_are_no_server_errors(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let late = context.overlap(&mut browser, "late", log_out)?;
    ensure_no_server_error("logout", &[late])?;
    let mut browser = context.browser();
    browser.write(MARK, "before")?;
    let late = context.overlap(&mut browser, "late", |browser| log_in(context, browser))?;
    ensure_no_server_error("login", &[late])?;
    let rounds = context.rounds(|| {
        let mut browser = context.logged_in(0)?;
        ensure_no_server_error("logout", &context.burst(&mut browser, log_out)?)
    })?;
    pass(format!("no server error in pending writes and {rounds} bursts of {WRITES}"))
}

fn ensure_no_server_error(what: &str, writes: &[LateResponse]) -> Result<(), Abort> {
    let worst = writes.iter().map(|late| late.response.status).max().unwrap_or(0);
    ensure(worst < 500, || format!("a write that overlaps {what} is answered with status {worst}"))
}

pub(super) fn parallel_logins_share_nothing(context: &TestContext) -> CheckResult {
    let mut browser = context.browser();
    if context.descriptor().state.is_some() {
        browser.write(MARK, "before")?;
    }
    let before = context.id(&browser);
    let browsers: Vec<_> = (0..PARALLEL_LOGINS).map(|_| browser.duplicate()).collect();
    let logins = at_once(browsers, |_, browser| browser.login(context.account(0)))?;
    let mut ids = BTreeSet::new();
    let mut sessions = 0;
    for (mut browser, reply) in logins {
        if is_refused(&reply) {
            continue;
        }
        sessions += 1;
        let user = browser.whoami()?;
        ensure(user.as_deref() == Some(context.identity(0)), || {
            format!("one of {PARALLEL_LOGINS} parallel logins is not logged in")
        })?;
        let id = context.id(&browser);
        ensure(id != before, || {
            "one of several parallel logins has the identifier from before".to_owned()
        })?;
        ids.insert(id);
    }
    ensure(sessions > 0, || "all of several parallel logins are refused".to_owned())?;
    ensure(ids.len() == sessions, || {
        format!("{sessions} parallel logins share {} identifiers", ids.len())
    })?;
    pass(format!("{sessions} of {PARALLEL_LOGINS} parallel logins have a session each"))
}

pub(super) fn locking_is_recorded(context: &TestContext) -> CheckResult {
    let Some(hold) = &context.descriptor().hold else {
        return not_applicable("the descriptor would need `[hold]`");
    };
    let path = Values::default().with("seconds", HOLD_SECONDS.to_string());
    let path = path.fill(&hold.path, Place::Uri);
    let browser = context.logged_in(0)?;
    let start = Instant::now();
    at_once(vec![browser.duplicate(), browser.duplicate()], |_, browser| {
        browser.navigate(Request::new("GET", &path))
    })?;
    let took = start.elapsed().as_secs_f64();
    let is_serial = took > 1.75 * HOLD_SECONDS as f64;
    let how = if is_serial { "one after the other" } else { "at the same time" };
    fact(format!("two requests of one session that take {HOLD_SECONDS} s each are processed {how}"))
}

/// The number of logins if any number is allowed, and the most if a number is declared.
const LOGINS: u64 = 3;
const MOST_LOGINS: u64 = 20;
const CLIENTS: usize = 4;
const REQUESTS: usize = 40;
const PARALLEL_LOGINS: usize = 8;
const HOLD_SECONDS: u64 = 1;
