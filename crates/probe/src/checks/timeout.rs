//! Timeouts: SM-065 to SM-076.

use std::collections::BTreeSet;

use crate::bench::{Bench, MARK, VALUE};
use crate::browser::Browser;
use crate::check::{Check, Level, Need, a5, cs, dj, nist, own, wstg};
use crate::verdict::{Checked, Halt, ensure, fact, not_applicable, pass};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-065",
        title: "an idle session ends on the server",
        sources: &[a5("7.3.1", 2), wstg("07"), cs(), nist("5.2", Level::Shall)],
        needs: &[Need::Process],
        run: idle_sessions_end,
    },
    Check {
        id: "SM-066",
        title: "session activity, reads included, resets the idle clock",
        sources: &[nist("5.2", Level::Shall)],
        needs: &[Need::Process],
        run: reads_reset_the_idle_clock,
    },
    Check {
        id: "SM-067",
        title: "writes reset the idle clock",
        sources: &[nist("5.2", Level::Shall)],
        needs: &[Need::Process, Need::State],
        run: writes_reset_the_idle_clock,
    },
    Check {
        id: "SM-068",
        title: "there is an absolute lifetime that activity cannot extend",
        sources: &[a5("7.3.2", 2), nist("5.1.1", Level::Shall), cs()],
        needs: &[Need::Process, Need::Absolute],
        run: activity_does_not_last_for_ever,
    },
    Check {
        id: "SM-069",
        title: "rotating the id does not restart the absolute clock, re-authentication does",
        sources: &[nist("5.2", Level::Shall), own()],
        needs: &[Need::Process, Need::StepUp, Need::Absolute],
        run: rotation_does_not_restart_the_absolute_clock,
    },
    Check {
        id: "SM-070",
        title: "editing or keeping the cookie never prolongs a session",
        sources: &[wstg("07"), nist("5.1.1", Level::Shall)],
        needs: &[Need::Process],
        run: cookies_do_not_prolong,
    },
    Check {
        id: "SM-071",
        title: "the limits are within the declared profile (AAL1 <= 30 d; AAL2 <= 24 h and 1 h idle; AAL3 <= 12 h and 15 min idle; or the app's own)",
        sources: &[nist("2.1.3/2.2.3/2.3.3", Level::Shall), a5("7.1.1", 2)],
        needs: &[Need::Idle, Need::Absolute],
        run: limits_are_kept,
    },
    Check {
        id: "SM-072",
        title: "client and server agree: when the server slides, the persistent cookie is re-issued",
        sources: &[own(), nist("5.1.1", Level::Should)],
        needs: &[Need::Process],
        run: client_and_server_agree,
    },
    Check {
        id: "SM-073",
        title: "the end is exact to 1 s: alive at TTL-1 s, dead at TTL+1 s",
        sources: &[own()],
        needs: &[Need::Process],
        run: the_end_is_exact,
    },
    Check {
        id: "SM-074",
        title: "optional renewal timeout: the id changes in mid-session, the old one has a short grace and then dies",
        sources: &[cs()],
        needs: &[Need::Process],
        run: renewal_is_recorded,
    },
    Check {
        id: "SM-075",
        title: "expired records leave the store",
        sources: &[dj(), own()],
        needs: &[Need::Process, Need::StoreSize],
        run: expired_records_leave_the_store,
    },
    Check {
        id: "SM-076",
        title: "a request in flight while the session expires ends in a declared status, not a 5xx",
        sources: &[own()],
        needs: &[Need::Process, Need::State],
        run: expiry_in_flight_is_no_server_error,
    },
];

fn idle_sessions_end(bench: &Bench) -> Checked {
    with_timeout(bench, |idle| {
        let saved = bench.logged_in(0)?.field();
        bench.pass_time(idle + 1)?;
        let user = bench.saved(saved).whoami()?;
        ensure(user.is_none(), || {
            format!("a session whose idle timeout is {idle} s is there after {} s", idle + 1)
        })?;
        pass(format!("an idle session is gone after {} s", idle + 1))
    })
}

fn reads_reset_the_idle_clock(bench: &Bench) -> Checked {
    with_timeout(bench, |idle| {
        let mut browser = bench.logged_in(0)?;
        let ended = keep_busy(bench, &mut browser, idle, busy_time(bench, idle), read)?;
        if !bench.descriptor().policy.slides_on_read {
            return fact(match ended {
                None => "reading prolongs a session, although the descriptor denies it".to_owned(),
                Some(after) => format!("a session that is only read ends within {after} s"),
            });
        }
        outlasts("read", idle, ended)
    })
}

fn writes_reset_the_idle_clock(bench: &Bench) -> Checked {
    with_timeout(bench, |idle| {
        let mut browser = bench.logged_in(0)?;
        let ended = keep_busy(bench, &mut browser, idle, busy_time(bench, idle), write)?;
        outlasts("written to", idle, ended)
    })
}

fn outlasts(how: &str, idle: u64, ended: Option<u64>) -> Checked {
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

fn activity_does_not_last_for_ever(bench: &Bench) -> Checked {
    with_absolute_timeout(bench, |idle, absolute| {
        let mut browser = bench.logged_in(0)?;
        let is_there = outlives(bench, &mut browser, idle, absolute)?;
        ensure(!is_there, || {
            format!("a busy session is there a second after its absolute timeout of {absolute} s")
        })?;
        pass(format!("a busy session is gone after {} s", absolute + 1))
    })
}

fn rotation_does_not_restart_the_absolute_clock(bench: &Bench) -> Checked {
    let Some(step_up) = &bench.descriptor().ops.step_up else {
        return not_applicable("the descriptor would need `ops.step_up`");
    };
    with_absolute_timeout(bench, |idle, absolute| {
        let mut browser = bench.logged_in(0)?;
        let half = absolute / 2;
        keep_busy(bench, &mut browser, idle, half, read_and_write)?;
        browser.send(step_up, &bench.account(0).values())?;
        ensure(read(&mut browser)?, || "a change of privilege ends the session".to_owned())?;
        let is_there = outlives(bench, &mut browser, idle, absolute - half)?;
        ensure(!is_there, || "a new identifier restarts the absolute timeout".to_owned())?;
        browser.login(bench.account(0))?;
        bench.pass_time(step(idle))?;
        ensure(read(&mut browser)?, || {
            "a new login does not restart the absolute timeout".to_owned()
        })?;
        pass("a new identifier does not restart the absolute timeout, a new login does")
    })
}

/// Whether a session that is in use is there a second after so many seconds, in the eyes of the
/// server: whatever it said last about the cookie's lifetime does not matter.
fn outlives(bench: &Bench, browser: &mut Browser, idle: u64, seconds: u64) -> Result<bool, Halt> {
    let busy = seconds.saturating_sub(step(idle));
    keep_busy(bench, browser, idle, busy, read_and_write)?;
    let saved = browser.field();
    bench.pass_time(seconds - busy + 1)?;
    read(&mut bench.saved(saved))
}

fn cookies_do_not_prolong(bench: &Bench) -> Checked {
    with_timeout(bench, |idle| {
        let mut browser = bench.logged_in(0)?;
        let old = browser.field();
        bench.pass_time(idle + 1)?;
        let user = bench.saved(&old[..]).whoami()?;
        ensure(user.is_none(), || {
            "whoever keeps the cookie keeps the session after its timeout".to_owned()
        })?;
        let Some(step_up) = &bench.descriptor().ops.step_up else {
            return pass("a cookie that is kept does not keep the session");
        };
        let mut browser = bench.logged_in(0)?;
        let old = browser.field();
        browser.send(step_up, &bench.account(0).values())?;
        let new = browser.field();
        let mut waited = 0;
        while waited <= idle {
            bench.pass_time(step(idle))?;
            waited += step(idle);
            bench.saved(&old[..]).whoami()?;
        }
        let user = bench.saved(new).whoami()?;
        ensure(user.is_none(), || {
            "an identifier that was replaced prolongs the session when it is sent".to_owned()
        })?;
        pass("neither a cookie that is kept nor one that was replaced keeps the session")
    })
}

fn limits_are_kept(bench: &Bench) -> Checked {
    let policy = &bench.descriptor().policy;
    let (idle, absolute) = (policy.idle.unwrap_or(u64::MAX), policy.absolute.unwrap_or(u64::MAX));
    let Some(most) = bench.profile().limits() else {
        return fact(format!("the application declares idle {idle} s, absolute {absolute} s"));
    };
    let profile = bench.profile();
    ensure(absolute <= most.absolute, || {
        format!("a session lasts {absolute} s, {profile} allows {} s", most.absolute)
    })?;
    ensure(most.idle.is_none_or(|most| idle <= most), || {
        let most = most.idle.unwrap_or_default();
        format!("an idle session lasts {idle} s, {profile} allows {most} s")
    })?;
    pass(format!("idle {idle} s and absolute {absolute} s are within {profile}"))
}

fn client_and_server_agree(bench: &Bench) -> Checked {
    with_timeout(bench, |idle| {
        let mut browser = bench.logged_in(0)?;
        let lifetimes: Vec<_> =
            browser.jar().into_iter().filter_map(|cookie| cookie.expiry).collect();
        if lifetimes.is_empty() {
            return pass("the session cookie has no lifetime that could differ");
        }
        let until = busy_time(bench, idle);
        let mut waited = 0;
        while waited < until {
            bench.pass_time(step(idle))?;
            waited += step(idle);
            let has_cookie = !bench.session(&browser).is_empty();
            let user = read(&mut browser)?;
            ensure(user || has_cookie, || {
                format!(
                    "after {waited} s of activity the cookie has expired, and was not set again"
                )
            })?;
        }
        pass("a browser that obeys the cookie's lifetime keeps a session that is in use")
    })
}

fn the_end_is_exact(bench: &Bench) -> Checked {
    with_timeout(bench, |idle| {
        let saved = bench.logged_in(0)?.field();
        bench.pass_time(idle - 1)?;
        let user = bench.saved(saved).whoami()?;
        ensure(user.is_some(), || {
            format!("a session whose idle timeout is {idle} s is gone after {} s", idle - 1)
        })?;
        let saved = bench.logged_in(0)?.field();
        bench.pass_time(idle + 1)?;
        let user = bench.saved(saved).whoami()?;
        ensure(user.is_none(), || {
            format!("a session whose idle timeout is {idle} s is there after {} s", idle + 1)
        })?;
        pass(format!("there after {} s, gone after {} s", idle - 1, idle + 1))
    })
}

fn renewal_is_recorded(bench: &Bench) -> Checked {
    with_timeout(bench, |idle| {
        let mut browser = bench.logged_in(0)?;
        let mut ids = BTreeSet::from([bench.id(&browser)]);
        let until = busy_time(bench, idle);
        let mut waited = 0;
        while waited < until {
            bench.pass_time(step(idle))?;
            waited += step(idle);
            read(&mut browser)?;
            ids.insert(bench.id(&browser));
        }
        fact(match ids.len() {
            1 => format!("the identifier stays the same for {waited} s of activity"),
            count => format!("{count} identifiers in {waited} s of activity"),
        })
    })
}

fn expired_records_leave_the_store(bench: &Bench) -> Checked {
    with_timeout(bench, |idle| {
        let before = bench.store_size()?;
        for _ in 0..RECORDS {
            bench.logged_in(0)?;
        }
        bench.pass_time(idle + 1)?;
        bench.purge()?;
        let left = bench.store_size()?.saturating_sub(before);
        ensure(left == 0, || format!("{left} of {RECORDS} expired sessions are in the store"))?;
        pass(format!("none of {RECORDS} expired sessions is in the store"))
    })
}

fn expiry_in_flight_is_no_server_error(bench: &Bench) -> Checked {
    with_timeout(bench, |idle| {
        let mut browser = bench.logged_in(0)?;
        let late = bench.overlap(&mut browser, MARK, |_| Ok(bench.pass_time(idle + 1)?))?;
        let status = late.response.status;
        ensure(status < 500, || {
            format!("a write during which the session expires is answered by status {status}")
        })?;
        pass(format!("a write during which the session expires is answered by status {status}"))
    })
}

/// Does something with an idle timeout that can be waited for. Where the clock can be moved on that
/// is the usual one; otherwise the application is started again with a short one.
fn with_timeout(bench: &Bench, work: impl FnOnce(u64) -> Checked) -> Checked {
    if bench.has_clock() {
        return work(bench.usual_idle());
    }
    if !bench.can_set_idle() {
        return not_applicable("the descriptor would need {ttl} in [process], or `process.clock`");
    }
    bench.restart(SHORT_IDLE)?;
    let checked = work(SHORT_IDLE);
    bench.restart(bench.usual_idle())?;
    checked
}

/// The same, for the absolute timeout, which only a clock makes short enough.
fn with_absolute_timeout(bench: &Bench, work: impl FnOnce(u64, u64) -> Checked) -> Checked {
    let absolute = bench.descriptor().policy.absolute.unwrap_or(0);
    if !bench.has_clock() && absolute > LONGEST_WAIT {
        return not_applicable("the descriptor would need `process.clock`");
    }
    with_timeout(bench, |idle| work(idle, absolute))
}

/// A third of the idle timeout: often enough to keep a session.
fn step(idle: u64) -> u64 {
    (idle / 3).max(1)
}

/// Longer than two idle timeouts, and not as long as the absolute one.
fn busy_time(bench: &Bench, idle: u64) -> u64 {
    let absolute = bench.descriptor().policy.absolute.unwrap_or(u64::MAX);
    (step(idle) * 7).min(absolute.saturating_sub(1))
}

/// Is somebody logged in?
fn read(browser: &mut Browser) -> Result<bool, Halt> {
    Ok(browser.whoami()?.is_some())
}

fn write(browser: &mut Browser) -> Result<bool, Halt> {
    browser.write(MARK, VALUE)?;
    Ok(true)
}

fn read_and_write(browser: &mut Browser) -> Result<bool, Halt> {
    if browser.has_state() {
        write(browser)?;
    }
    read(browser)
}

/// Uses a session for so many seconds, as a client does that does not care what lifetime a cookie
/// has. Gives the seconds after which it had ended, if it did.
fn keep_busy(
    bench: &Bench,
    browser: &mut Browser,
    idle: u64,
    seconds: u64,
    work: fn(&mut Browser) -> Result<bool, Halt>,
) -> Result<Option<u64>, Halt> {
    let mut waited = 0;
    while waited < seconds {
        let step = step(idle).min(seconds - waited);
        browser.keep_for_ever();
        bench.pass_time(step)?;
        waited += step;
        if !work(browser)? {
            return Ok(Some(waited));
        }
    }
    let is_there = read(browser)?;
    Ok((!is_there).then_some(waited))
}

/// In seconds: the idle timeout where it has to be waited for, and the longest wait.
const SHORT_IDLE: u64 = 3;
const LONGEST_WAIT: u64 = 20;
const RECORDS: usize = 10;
