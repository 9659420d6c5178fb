//! Timeouts: SM-065 to SM-076.

use std::collections::BTreeSet;

use crate::browser::Browser;
use crate::test_context::overlap::VALUE;
use crate::test_context::{MARK, TestContext};
use crate::verdict::{Abort, CheckResult, ensure, fact, not_applicable, pass};

pub(super) fn idle_sessions_end(context: &TestContext) -> CheckResult {
    with_timeout(context, |idle| {
        let saved = context.logged_in(0)?.cookie_field();
        context.pass_time(idle + 1)?;
        let user = context.replay_client(saved).whoami()?;
        ensure(user.is_none(), || {
            format!("a session whose idle timeout is {idle} s still exists after {} s", idle + 1)
        })?;
        pass(format!("an idle session has ended after {} s", idle + 1))
    })
}

pub(super) fn reads_reset_the_idle_clock(context: &TestContext) -> CheckResult {
    with_timeout(context, |idle| {
        let mut browser = context.logged_in(0)?;
        let ended = keep_active(context, &mut browser, idle, active_time(context, idle), read)?;
        if !context.descriptor().policy.slides_on_read {
            return fact(match ended {
                None => {
                    "reading prolongs a session, contrary to `policy.slides_on_read`".to_owned()
                }
                Some(after) => format!("a session that is only read ends within {after} s"),
            });
        }
        outlasts("read", idle, ended)
    })
}

pub(super) fn writes_reset_the_idle_clock(context: &TestContext) -> CheckResult {
    with_timeout(context, |idle| {
        let mut browser = context.logged_in(0)?;
        let ended = keep_active(context, &mut browser, idle, active_time(context, idle), write)?;
        outlasts("written to", idle, ended)
    })
}

fn outlasts(how: &str, idle: u64, ended: Option<u64>) -> CheckResult {
    ensure(ended.is_none(), || {
        let step = step(idle);
        let after = ended.unwrap_or_default();
        format!(
            "a session that is {how} every {step} s ends within {after} s; its idle timeout is {idle} s"
        )
    })?;
    pass(format!(
        "a session that is {how} every {} s outlasts its idle timeout of {idle} s",
        step(idle)
    ))
}

pub(super) fn activity_does_not_extend_the_absolute_timeout(context: &TestContext) -> CheckResult {
    with_absolute_timeout(context, |idle, absolute| {
        let mut browser = context.logged_in(0)?;
        let exists = outlives(context, &mut browser, idle, absolute)?;
        ensure(!exists, || {
            format!(
                "an active session still exists a second after its absolute timeout of {absolute} s"
            )
        })?;
        pass(format!("an active session has ended after {} s", absolute + 1))
    })
}

pub(super) fn rotation_does_not_restart_the_absolute_clock(context: &TestContext) -> CheckResult {
    let Some(step_up) = &context.descriptor().ops.step_up else {
        return not_applicable("the descriptor would need `ops.step_up`");
    };
    with_absolute_timeout(context, |idle, absolute| {
        let mut browser = context.logged_in(0)?;
        let half = absolute / 2;
        keep_active(context, &mut browser, idle, half, read_and_write)?;
        browser.send(step_up, &context.account(0).values())?;
        ensure(read(&mut browser)?, || "a change of privilege ends the session".to_owned())?;
        let exists = outlives(context, &mut browser, idle, absolute - half)?;
        ensure(!exists, || "a new identifier restarts the absolute timeout".to_owned())?;
        browser.login(context.account(0))?;
        context.pass_time(step(idle))?;
        ensure(read(&mut browser)?, || {
            "a new login does not restart the absolute timeout".to_owned()
        })?;
        pass("a new identifier does not restart the absolute timeout, a new login does")
    })
}

/// Whether the server still accepts an active session a second after this many seconds. The
/// lifetime of its cookie is ignored.
fn outlives(
    context: &TestContext,
    browser: &mut Browser,
    idle: u64,
    seconds: u64,
) -> Result<bool, Abort> {
    let active = seconds.saturating_sub(step(idle));
    keep_active(context, browser, idle, active, read_and_write)?;
    let saved = browser.cookie_field();
    context.pass_time(seconds - active + 1)?;
    read(&mut context.replay_client(saved))
}

pub(super) fn cookies_do_not_prolong_sessions(context: &TestContext) -> CheckResult {
    with_timeout(context, |idle| {
        let mut browser = context.logged_in(0)?;
        let old = browser.cookie_field();
        context.pass_time(idle + 1)?;
        let user = context.replay_client(&old[..]).whoami()?;
        ensure(user.is_none(), || {
            "a session continues after its timeout if the cookie is kept".to_owned()
        })?;
        let Some(step_up) = &context.descriptor().ops.step_up else {
            return pass("keeping the cookie does not prolong the session");
        };
        let mut browser = context.logged_in(0)?;
        let old = browser.cookie_field();
        browser.send(step_up, &context.account(0).values())?;
        let new = browser.cookie_field();
        let mut waited = 0;
        while waited <= idle {
            context.pass_time(step(idle))?;
            waited += step(idle);
            context.replay_client(&old[..]).whoami()?;
        }
        let user = context.replay_client(new).whoami()?;
        ensure(user.is_none(), || {
            "requests with an identifier that was replaced prolong the session".to_owned()
        })?;
        pass("neither keeping the cookie nor sending one that was replaced prolongs the session")
    })
}

pub(super) fn limits_match_the_profile(context: &TestContext) -> CheckResult {
    let policy = &context.descriptor().policy;
    let (idle, absolute) = (policy.idle.unwrap_or(u64::MAX), policy.absolute.unwrap_or(u64::MAX));
    let Some(most) = context.profile().limits() else {
        return fact(format!("the application declares idle {idle} s, absolute {absolute} s"));
    };
    let profile = context.profile();
    ensure(absolute <= most.absolute, || {
        format!("a session lasts {absolute} s, {profile} allows {} s", most.absolute)
    })?;
    ensure(most.idle.is_none_or(|most| idle <= most), || {
        let most = most.idle.unwrap_or_default();
        format!("an idle session lasts {idle} s, {profile} allows {most} s")
    })?;
    pass(format!("idle {idle} s and absolute {absolute} s are within {profile}"))
}

pub(super) fn client_and_server_agree(context: &TestContext) -> CheckResult {
    with_timeout(context, |idle| {
        let mut browser = context.logged_in(0)?;
        let lifetimes: Vec<_> =
            browser.jar().into_iter().filter_map(|cookie| cookie.expiry).collect();
        if lifetimes.is_empty() {
            return pass("the session cookie has no lifetime");
        }
        let until = active_time(context, idle);
        let mut waited = 0;
        while waited < until {
            context.pass_time(step(idle))?;
            waited += step(idle);
            let has_cookie = !context.session(&browser).is_empty();
            let user = read(&mut browser)?;
            ensure(user || has_cookie, || {
                format!(
                    "after {waited} s of activity the cookie has expired, and was not set again"
                )
            })?;
        }
        pass("a browser that observes the lifetime of the cookie keeps an active session")
    })
}

pub(super) fn the_end_is_exact(context: &TestContext) -> CheckResult {
    with_timeout(context, |idle| {
        let saved = context.logged_in(0)?.cookie_field();
        context.pass_time(idle - 1)?;
        let user = context.replay_client(saved).whoami()?;
        ensure(user.is_some(), || {
            format!("a session whose idle timeout is {idle} s has ended after {} s", idle - 1)
        })?;
        let saved = context.logged_in(0)?.cookie_field();
        context.pass_time(idle + 1)?;
        let user = context.replay_client(saved).whoami()?;
        ensure(user.is_none(), || {
            format!("a session whose idle timeout is {idle} s still exists after {} s", idle + 1)
        })?;
        pass(format!("exists after {} s, has ended after {} s", idle - 1, idle + 1))
    })
}

pub(super) fn renewal_is_recorded(context: &TestContext) -> CheckResult {
    with_timeout(context, |idle| {
        let mut browser = context.logged_in(0)?;
        let mut ids = BTreeSet::from([context.id(&browser)]);
        let until = active_time(context, idle);
        let mut waited = 0;
        while waited < until {
            context.pass_time(step(idle))?;
            waited += step(idle);
            read(&mut browser)?;
            ids.insert(context.id(&browser));
        }
        fact(match ids.len() {
            1 => format!("the identifier stays the same for {waited} s of activity"),
            count => format!("{count} identifiers in {waited} s of activity"),
        })
    })
}

pub(super) fn expired_records_leave_the_store(context: &TestContext) -> CheckResult {
    with_timeout(context, |idle| {
        let before = context.store_size()?;
        for _ in 0..RECORDS {
            context.logged_in(0)?;
        }
        context.pass_time(idle + 1)?;
        context.purge()?;
        let left = context.store_size()?.saturating_sub(before);
        ensure(left == 0, || format!("{left} of {RECORDS} expired sessions are in the store"))?;
        pass(format!("none of {RECORDS} expired sessions is in the store"))
    })
}

pub(super) fn expiry_in_flight_is_no_server_error(context: &TestContext) -> CheckResult {
    with_timeout(context, |idle| {
        let mut browser = context.logged_in(0)?;
        let late = context.overlap(&mut browser, MARK, |_| Ok(context.pass_time(idle + 1)?))?;
        let status = late.response.status;
        ensure(status < 500, || {
            format!("a write during which the session expires is answered with status {status}")
        })?;
        pass(format!("a write during which the session expires is answered with status {status}"))
    })
}

/// Runs `work` with an idle timeout that can be waited for: the default one if the clock can be
/// advanced; otherwise the application is restarted with a short one.
fn with_timeout(context: &TestContext, work: impl FnOnce(u64) -> CheckResult) -> CheckResult {
    if context.has_clock() {
        return work(context.default_idle());
    }
    if !context.can_set_idle() {
        return not_applicable("the descriptor would need {ttl} in [process], or `process.clock`");
    }
    context.restart(SHORT_IDLE)?;
    let result = work(SHORT_IDLE);
    context.restart(context.default_idle())?;
    result
}

/// Runs `work` with the idle and the absolute timeout, unless the latter is too long to wait for.
fn with_absolute_timeout(
    context: &TestContext,
    work: impl FnOnce(u64, u64) -> CheckResult,
) -> CheckResult {
    let absolute = context.descriptor().policy.absolute.unwrap_or(0);
    if !context.has_clock() && absolute > LONGEST_WAIT {
        return not_applicable("the descriptor would need `process.clock`");
    }
    with_timeout(context, |idle| work(idle, absolute))
}

/// The interval of requests that keep a session active: a third of the idle timeout.
fn step(idle: u64) -> u64 {
    (idle / 3).max(1)
}

/// A time longer than two idle timeouts, and shorter than the absolute one.
fn active_time(context: &TestContext, idle: u64) -> u64 {
    let absolute = context.descriptor().policy.absolute.unwrap_or(u64::MAX);
    (step(idle) * 7).min(absolute.saturating_sub(1))
}

/// Whether a user is logged in.
fn read(browser: &mut Browser) -> Result<bool, Abort> {
    Ok(browser.whoami()?.is_some())
}

fn write(browser: &mut Browser) -> Result<bool, Abort> {
    browser.write(MARK, VALUE)?;
    Ok(true)
}

fn read_and_write(browser: &mut Browser) -> Result<bool, Abort> {
    if browser.has_state() {
        write(browser)?;
    }
    read(browser)
}

/// Keeps a session active for this many seconds, with a client that ignores the lifetime of
/// cookies. Returns the seconds after which the session had ended, if it did.
fn keep_active(
    context: &TestContext,
    browser: &mut Browser,
    idle: u64,
    seconds: u64,
    work: fn(&mut Browser) -> Result<bool, Abort>,
) -> Result<Option<u64>, Abort> {
    let mut waited = 0;
    while waited < seconds {
        let step = step(idle).min(seconds - waited);
        browser.remove_expiry();
        context.pass_time(step)?;
        waited += step;
        if !work(browser)? {
            return Ok(Some(waited));
        }
    }
    let exists = read(browser)?;
    Ok((!exists).then_some(waited))
}

/// The idle timeout if it has to be waited for, in seconds.
const SHORT_IDLE: u64 = 3;
/// The longest wait, in seconds.
const LONGEST_WAIT: u64 = 20;
const RECORDS: usize = 10;
