//! Durability and distribution: SM-096 to SM-100.

use crate::bench::{Bench, MARK};
use crate::browser::Browser;
use crate::check::{Check, Need, a5, own};
use crate::verdict::{Checked, Halt, Verdict, ensure, fact, not_applicable, pass};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-096",
        title: "a session survives a restart, or the descriptor says it does not",
        sources: &[own()],
        needs: &[Need::Process],
        run: sessions_survive_a_restart,
    },
    Check {
        id: "SM-097",
        title: "login on instance 1 is seen on instance 2",
        sources: &[own()],
        needs: &[Need::Second],
        run: another_instance_sees_the_login,
    },
    Check {
        id: "SM-098",
        title: "logout on instance 1 is effective at once on instance 2 (caches included)",
        sources: &[a5("7.4.1", 1)],
        needs: &[Need::Second],
        run: another_instance_sees_the_logout,
    },
    Check {
        id: "SM-099",
        title: "while the store is down nobody becomes logged in and no live session is overwritten by an empty one",
        sources: &[own()],
        needs: &[Need::StoreStop],
        run: a_missing_store_changes_nothing,
    },
    Check {
        id: "SM-100",
        title: "whether a session write in a 5xx response is kept is recorded",
        sources: &[own()],
        needs: &[Need::State, Need::Error],
        run: failed_writes_are_recorded,
    },
];

fn sessions_survive_a_restart(bench: &Bench) -> Checked {
    // A clock that was moved on starts anew with the process; nothing may be left of the old one.
    if bench.has_clock() {
        bench.restart(bench.usual_idle())?;
    }
    let mut browser = bench.logged_in(0)?;
    bench.restart(bench.usual_idle())?;
    let is_alive = browser.whoami()?.is_some();
    let is_declared = bench.descriptor().policy.survives_restart;
    ensure(is_alive || !is_declared, || {
        "a restart of the application ends the session".to_owned()
    })?;
    match (is_declared, is_alive) {
        (true, _) => pass("the session is there after a restart"),
        (false, true) => fact("the session survives a restart, although the descriptor denies it"),
        (false, false) => fact("a restart ends the session, as the descriptor says"),
    }
}

fn another_instance_sees_the_login(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let user = elsewhere(bench, browser.field())?;
    ensure(user.as_deref() == Some(bench.identity(0)), || {
        "who has logged in on one instance is nobody on the other".to_owned()
    })?;
    pass("who has logged in on one instance is logged in on the other")
}

fn another_instance_sees_the_logout(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let saved = browser.field();
    // Whatever the other instance keeps of a session, it has now.
    elsewhere(bench, saved.clone())?;
    browser.logout()?;
    let user = elsewhere(bench, saved)?;
    ensure(user.is_none(), || {
        "who has logged out on one instance is logged in on the other".to_owned()
    })?;
    pass("who has logged out on one instance is nobody on the other at once")
}

/// Who the other instance takes these cookies for.
fn elsewhere(bench: &Bench, saved: Vec<u8>) -> Result<Option<String>, Halt> {
    let Some(second) = bench.second() else {
        let why = "the descriptor would need `second.origin`".to_owned();
        return Err(Halt::Decided(Verdict::NotApplicable(why)));
    };
    Ok(bench.saved_on(second, vec![saved]).whoami()?)
}

fn a_missing_store_changes_nothing(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    if bench.descriptor().state.is_some() {
        browser.write(MARK, "before")?;
    }
    let before = bench.session(&browser);
    bench.stop_store()?;
    let seen = without_a_store(bench, &mut browser);
    bench.start_store()?;
    seen?;
    ensure(bench.session(&browser) == before, || {
        "without a store the browser is given another session cookie".to_owned()
    })?;
    let user = browser.whoami()?;
    ensure(user.as_deref() == Some(bench.identity(0)), || {
        "a session is gone after the store was down for a moment".to_owned()
    })?;
    if bench.descriptor().state.is_some() {
        let value = browser.read(MARK)?;
        ensure(value.as_deref() == Some("before"), || {
            "a session is empty after the store was down for a moment".to_owned()
        })?;
    }
    pass("without a store nobody becomes logged in, and afterwards the session is as it was")
}

fn without_a_store(bench: &Bench, browser: &mut Browser) -> Result<(), Halt> {
    browser.whoami()?;
    let mut stranger = bench.browser();
    stranger.login(bench.account(0))?;
    let user = stranger.whoami()?;
    ensure(user.is_none(), || "without a store somebody becomes logged in".to_owned())
}

fn failed_writes_are_recorded(bench: &Bench) -> Checked {
    let Some(error) = &bench.descriptor().error else { return not_applicable("no `error`") };
    let mut browser = bench.logged_in(0)?;
    let reply = browser.send(error, &bench.entry(MARK, "failed"))?;
    if reply.status() < 500 {
        return not_applicable(format!("`error` is answered by status {}", reply.status()));
    }
    fact(match browser.read(MARK)?.as_deref() {
        Some("failed") => "a write is kept although its response is a server error",
        _ => "a write is dropped when its response is a server error",
    })
}
