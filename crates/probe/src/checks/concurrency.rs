//! Concurrency: SM-087 to SM-095.

use std::collections::BTreeSet;
use std::time::Instant;

use cookiespec_wire::Request;

use crate::bench::{Bench, Late, MARK, VALUE, WRITES, at_once, burst_key, is_refused};
use crate::browser::Browser;
use crate::check::{Check, Need, a5, cve, dj, own, wstg};
use crate::template::{Place, Values};
use crate::verdict::{Checked, Halt, ensure, fact, not_applicable, pass};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-087",
        title: "two logins of one user are two independent sessions, up to the declared number",
        sources: &[a5("7.1.2", 2), wstg("11")],
        needs: &[],
        run: logins_are_independent,
    },
    Check {
        id: "SM-088",
        title: "under parallel load no response shows another user",
        sources: &[own()],
        needs: &[Need::SecondAccount],
        run: nobody_sees_another_user,
    },
    Check {
        id: "SM-089",
        title: "two overlapping writes of different keys both survive",
        sources: &[own()],
        needs: &[Need::State],
        run: overlapping_writes_survive,
    },
    Check {
        id: "SM-090",
        title: "a request that overlaps logout revives nothing: neither the old id nor a new one is logged in",
        sources: &[a5("7.4.1", 1), cve("2025-46336"), dj()],
        needs: &[Need::State],
        run: overlapped_logout_holds,
    },
    Check {
        id: "SM-091",
        title: "a request that overlaps login does not revive the old id",
        sources: &[a5("7.2.4", 1)],
        needs: &[Need::State],
        run: overlapped_login_leaves_no_old_id,
    },
    Check {
        id: "SM-092",
        title: "a request that overlaps login does not undo the login",
        sources: &[own()],
        needs: &[Need::State],
        run: overlapped_login_holds,
    },
    Check {
        id: "SM-093",
        title: "the overlapping request ends in a declared 2xx-4xx, not a 5xx",
        sources: &[own()],
        needs: &[Need::State],
        run: overlapping_requests_are_no_server_errors,
    },
    Check {
        id: "SM-094",
        title: "parallel logins from one anonymous id end in valid sessions, none shared",
        sources: &[own()],
        needs: &[],
        run: parallel_logins_share_nothing,
    },
    Check {
        id: "SM-095",
        title: "parallel requests of one session are not serialised for longer than declared (lock)",
        sources: &[own()],
        needs: &[Need::Hold],
        run: locking_is_recorded,
    },
];

fn logins_are_independent(bench: &Bench) -> Checked {
    let declared = bench.descriptor().policy.max_sessions;
    let count = if declared == 0 { LOGINS } else { declared.min(MOST_LOGINS) };
    let mut browsers = Vec::new();
    for _ in 0..count {
        browsers.push(bench.logged_in(0)?);
    }
    let ids: BTreeSet<_> = browsers.iter().map(|browser| bench.id(browser)).collect();
    ensure(ids.len() == browsers.len(), || {
        format!("{count} logins of one user have {} identifiers", ids.len())
    })?;
    for (nth, browser) in browsers.iter_mut().enumerate() {
        let user = browser.whoami()?;
        ensure(user.as_deref() == Some(bench.identity(0)), || {
            format!("login {} of {count} is not logged in any more after the last one", nth + 1)
        })?;
    }
    if bench.descriptor().state.is_some() && count > 1 {
        browsers[0].write(MARK, "first")?;
        let seen = browsers[1].read(MARK)?;
        ensure(seen.as_deref() != Some("first"), || {
            "what one login stores, the other one reads".to_owned()
        })?;
    }
    pass(format!("{count} logins of one user have a session each"))
}

fn nobody_sees_another_user(bench: &Bench) -> Checked {
    ensure(!bench.found().is_shared, || {
        "who-am-i answers a client without cookies as somebody who has logged in".to_owned()
    })?;
    let mut browsers = Vec::new();
    for nth in 0..CLIENTS {
        browsers.push(bench.logged_in(nth % 2)?);
    }
    let seen = at_once(browsers, |nth, browser| {
        let expected = bench.identity(nth % 2);
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
            format!("{expected} is told to be {}", seen.as_deref().unwrap_or("nobody"))
        })?;
    }
    pass(format!("{CLIENTS} clients of two users, {REQUESTS} requests each at the same time"))
}

fn overlapping_writes_survive(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let late = bench.overlap(&mut browser, "late", |browser| {
        browser.write("early", VALUE)?;
        Ok(())
    })?;
    late.reach(&mut browser);
    let survives = |browser: &mut Browser, key: &str| browser.read(key).map(|it| it.is_some());
    ensure(survives(&mut browser, "early")?, || {
        "a write that began before another one and ended after it undoes the other".to_owned()
    })?;
    ensure(!is_success(&late) || survives(&mut browser, "late")?, || {
        "of two writes that overlap one is lost, and its answer says nothing".to_owned()
    })?;
    let rounds = bench.rounds(|| {
        let mut browser = bench.logged_in(0)?;
        let writes = bench.burst(&mut browser, |_| Ok(()))?;
        writes.iter().for_each(|write| write.reach(&mut browser));
        let mut lost = 0;
        for (nth, _) in writes.iter().enumerate().filter(|(_, write)| is_success(write)) {
            lost += usize::from(!survives(&mut browser, &burst_key(nth))?);
        }
        ensure(lost == 0, || format!("of {WRITES} writes at the same time {lost} are lost"))
    })?;
    pass(format!("a held write and {rounds} bursts of {WRITES} lose nothing in silence"))
}

fn is_success(late: &Late) -> bool {
    late.response.status < 400
}

fn overlapped_logout_holds(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let saved = browser.field();
    let late = bench.overlap(&mut browser, "late", log_out)?;
    is_logged_out(bench, &saved, &browser, &[late])?;
    let rounds = bench.rounds(|| {
        let mut browser = bench.logged_in(0)?;
        let saved = browser.field();
        let writes = bench.burst(&mut browser, log_out)?;
        is_logged_out(bench, &saved, &browser, &writes)
    })?;
    pass(format!("nobody is logged in after a held write and {rounds} bursts of {WRITES}"))
}

fn log_out(browser: &mut Browser) -> Result<(), Halt> {
    browser.logout()?;
    Ok(())
}

/// Neither the saved cookies nor those that late answers set are logged in.
fn is_logged_out(
    bench: &Bench,
    saved: &[u8],
    browser: &Browser,
    writes: &[Late],
) -> Result<(), Halt> {
    let user = bench.saved(saved).whoami()?;
    ensure(user.is_none(), || {
        "after a write that overlaps logout the old cookies are logged in".to_owned()
    })?;
    for late in writes.iter().filter(|late| late.response.all("set-cookie").next().is_some()) {
        let mut browser = browser.twin();
        late.reach(&mut browser);
        let user = browser.whoami()?;
        ensure(user.is_none(), || {
            "the answer to a write that overlaps logout logs in again".to_owned()
        })?;
    }
    Ok(())
}

fn overlapped_login_leaves_no_old_id(bench: &Bench) -> Checked {
    let Some((mut browser, saved)) = bench.anonymous()? else { return no_anonymous_session() };
    bench.overlap(&mut browser, "late", |browser| log_in(bench, browser))?;
    is_dead(bench, &saved, "late")?;
    let rounds = bench.rounds(|| {
        let Some((mut browser, saved)) = bench.anonymous()? else { return Ok(()) };
        bench.burst(&mut browser, |browser| log_in(bench, browser))?;
        is_dead(bench, &saved, &burst_key(WRITES - 1))
    })?;
    pass(format!("the old identifier is dead after a held write and {rounds} bursts of {WRITES}"))
}

fn no_anonymous_session() -> Checked {
    not_applicable("nothing is kept for a client that is not logged in")
}

fn log_in(bench: &Bench, browser: &mut Browser) -> Result<(), Halt> {
    browser.login(bench.account(0))?;
    Ok(())
}

fn is_dead(bench: &Bench, saved: &[u8], late: &str) -> Result<(), Halt> {
    let mut client = bench.saved(saved);
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

fn overlapped_login_holds(bench: &Bench) -> Checked {
    let Some((mut browser, _)) = bench.anonymous()? else { return no_anonymous_session() };
    let late = bench.overlap(&mut browser, "late", |browser| log_in(bench, browser))?;
    late.reach(&mut browser);
    is_logged_in(bench, &mut browser)?;
    let rounds = bench.rounds(|| {
        let Some((mut browser, _)) = bench.anonymous()? else { return Ok(()) };
        let writes = bench.burst(&mut browser, |browser| log_in(bench, browser))?;
        // What was answered before the login was, the browser had received before.
        writes.iter().filter(|late| late.is_last).for_each(|late| late.reach(&mut browser));
        is_logged_in(bench, &mut browser)
    })?;
    pass(format!("the login holds after a held write and {rounds} bursts of {WRITES}"))
}

fn is_logged_in(bench: &Bench, browser: &mut Browser) -> Result<(), Halt> {
    let user = browser.whoami()?;
    ensure(user.as_deref() == Some(bench.identity(0)), || {
        "the answer to a write that overlaps login undoes the login".to_owned()
    })
}

fn overlapping_requests_are_no_server_errors(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let late = bench.overlap(&mut browser, "late", log_out)?;
    is_no_server_error("logout", &[late])?;
    let mut browser = bench.browser();
    browser.write(MARK, "before")?;
    let late = bench.overlap(&mut browser, "late", |browser| log_in(bench, browser))?;
    is_no_server_error("login", &[late])?;
    let rounds = bench.rounds(|| {
        let mut browser = bench.logged_in(0)?;
        is_no_server_error("logout", &bench.burst(&mut browser, log_out)?)
    })?;
    pass(format!("no server error from held writes and {rounds} bursts of {WRITES}"))
}

fn is_no_server_error(what: &str, writes: &[Late]) -> Result<(), Halt> {
    let worst = writes.iter().map(|late| late.response.status).max().unwrap_or(0);
    ensure(worst < 500, || format!("a write that overlaps {what} is answered by status {worst}"))
}

fn parallel_logins_share_nothing(bench: &Bench) -> Checked {
    let mut browser = bench.browser();
    if bench.descriptor().state.is_some() {
        browser.write(MARK, "before")?;
    }
    let before = bench.id(&browser);
    let browsers: Vec<_> = (0..PARALLEL_LOGINS).map(|_| browser.twin()).collect();
    let logins = at_once(browsers, |_, browser| browser.login(bench.account(0)))?;
    let mut ids = BTreeSet::new();
    let mut sessions = 0;
    for (mut browser, reply) in logins {
        if is_refused(&reply) {
            continue;
        }
        sessions += 1;
        let user = browser.whoami()?;
        ensure(user.as_deref() == Some(bench.identity(0)), || {
            format!("one of {PARALLEL_LOGINS} logins at the same time is not logged in")
        })?;
        let id = bench.id(&browser);
        ensure(id != before, || {
            "one of several logins at the same time has the identifier from before".to_owned()
        })?;
        ids.insert(id);
    }
    ensure(sessions > 0, || "of several logins at the same time all are refused".to_owned())?;
    ensure(ids.len() == sessions, || {
        format!("{sessions} logins at the same time share {} identifiers", ids.len())
    })?;
    pass(format!("{sessions} of {PARALLEL_LOGINS} logins at the same time have a session each"))
}

fn locking_is_recorded(bench: &Bench) -> Checked {
    let Some(hold) = &bench.descriptor().hold else {
        return not_applicable("the descriptor would need `[hold]`");
    };
    let path = Values::default().with("seconds", HELD_SECONDS.to_string());
    let path = path.fill(&hold.path, Place::Uri);
    let browser = bench.logged_in(0)?;
    let start = Instant::now();
    at_once(vec![browser.twin(), browser.twin()], |_, browser| {
        browser.navigate(Request::new("GET", &path))
    })?;
    let took = start.elapsed().as_secs_f64();
    let is_serial = took > 1.75 * HELD_SECONDS as f64;
    let how = if is_serial { "one after the other" } else { "side by side" };
    fact(format!("two requests of one session that take {HELD_SECONDS} s each are done {how}"))
}

/// How many logins there are where any number is allowed, and the most where one is declared.
const LOGINS: u64 = 3;
const MOST_LOGINS: u64 = 20;
const CLIENTS: usize = 4;
const REQUESTS: usize = 40;
const PARALLEL_LOGINS: usize = 8;
const HELD_SECONDS: u64 = 1;
