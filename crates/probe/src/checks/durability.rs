//! Durability and distribution: SM-096 to SM-100.

use crate::browser::Browser;
use crate::test_context::{MARK, TestContext};
use crate::verdict::{Abort, CheckResult, Verdict, ensure, fact, not_applicable, pass};

pub(super) fn sessions_survive_a_restart(context: &TestContext) -> CheckResult {
    // A restart resets a clock that was advanced, which would affect the session.
    if context.has_clock() {
        context.restart(context.default_idle())?;
    }
    let mut browser = context.logged_in(0)?;
    context.restart(context.default_idle())?;
    let is_alive = browser.whoami()?.is_some();
    let is_declared = context.descriptor().policy.survives_restart;
    ensure(is_alive || !is_declared, || {
        "a restart of the application ends the session".to_owned()
    })?;
    match (is_declared, is_alive) {
        (true, _) => pass("the session continues after a restart"),
        (false, true) => {
            fact("the session survives a restart, contrary to `policy.survives_restart`")
        }
        (false, false) => fact("a restart ends the session, as declared"),
    }
}

pub(super) fn another_instance_sees_the_login(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let user = user_on_second(context, browser.cookie_field())?;
    ensure(user.as_deref() == Some(context.identity(0)), || {
        "a user who has logged in on one instance is not logged in on the other".to_owned()
    })?;
    pass("a user who has logged in on one instance is logged in on the other")
}

pub(super) fn another_instance_sees_the_logout(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let saved = browser.cookie_field();
    // The other instance may cache the session now.
    user_on_second(context, saved.clone())?;
    browser.logout()?;
    let user = user_on_second(context, saved)?;
    ensure(user.is_none(), || {
        "a user who has logged out on one instance is logged in on the other".to_owned()
    })?;
    pass("a user who has logged out on one instance is logged out on the other at once")
}

/// The user of these cookies on the other instance.
fn user_on_second(context: &TestContext, saved: Vec<u8>) -> Result<Option<String>, Abort> {
    let Some(second) = context.second() else {
        let why = "the descriptor would need `second.origin`".to_owned();
        return Err(Abort::Decided(Verdict::NotApplicable(why)));
    };
    Ok(context.replay_client_on(second, vec![saved]).whoami()?)
}

pub(super) fn a_missing_store_changes_nothing(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    if context.descriptor().state.is_some() {
        browser.write(MARK, "before")?;
    }
    let before = context.session(&browser);
    context.stop_store()?;
    let seen = without_a_store(context, &mut browser);
    context.start_store()?;
    seen?;
    ensure(context.session(&browser) == before, || {
        "while the store is down the browser is given another session cookie".to_owned()
    })?;
    let user = browser.whoami()?;
    ensure(user.as_deref() == Some(context.identity(0)), || {
        "a session has ended after the store was down for a moment".to_owned()
    })?;
    if context.descriptor().state.is_some() {
        let value = browser.read(MARK)?;
        ensure(value.as_deref() == Some("before"), || {
            "a session is empty after the store was down for a moment".to_owned()
        })?;
    }
    pass("while the store is down no login succeeds, and afterwards the session is unchanged")
}

fn without_a_store(context: &TestContext, browser: &mut Browser) -> Result<(), Abort> {
    browser.whoami()?;
    let mut other = context.browser();
    other.login(context.account(0))?;
    let user = other.whoami()?;
    ensure(user.is_none(), || "while the store is down a login succeeds".to_owned())
}

pub(super) fn failed_writes_are_recorded(context: &TestContext) -> CheckResult {
    let Some(error) = &context.descriptor().error else {
        return not_applicable("the descriptor would need `error`");
    };
    let mut browser = context.logged_in(0)?;
    let reply = browser.send(error, &context.entry(MARK, "failed"))?;
    if reply.status() < 500 {
        return not_applicable(format!("`error` is answered with status {}", reply.status()));
    }
    fact(match browser.read(MARK)?.as_deref() {
        Some("failed") => "a write is kept although its response is a server error",
        _ => "a write is dropped when its response is a server error",
    })
}
