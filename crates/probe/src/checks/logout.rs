//! Logout and revocation: SM-052 to SM-064.

use cookiespec_wire::Request;

use crate::browser::{Browser, cookie_string};
use crate::descriptor::Account;
use crate::error::ProbeError;
use crate::test_context::{MARK, TestContext};
use crate::verdict::{Abort, CheckResult, ensure, fact, not_applicable, pass};

pub(super) fn logout_ends_the_session(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let saved = browser.cookie_field();
    browser.logout()?;
    ensure_dead(context, &saved, "logout")?;
    pass("a saved cookie is not logged in after logout")
}

/// Fails if a saved cookie is logged in.
fn ensure_dead(context: &TestContext, saved: &[u8], what: &str) -> Result<(), Abort> {
    let user = context.replay_client(saved).whoami()?;
    ensure(user.is_none(), || format!("a saved cookie is logged in after {what}"))
}

pub(super) fn logout_ends_what_the_cookie_holds(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let before = context.id(&browser);
    browser.write(MARK, "in the cookie")?;
    if context.id(&browser) == before {
        return not_applicable(
            "the cookie does not change with the stored data: it is an identifier",
        );
    }
    let saved = browser.cookie_field();
    browser.logout()?;
    ensure_dead(context, &saved, "logout")?;
    pass("a saved cookie that holds the session is not logged in after logout")
}

pub(super) fn logout_deletes_the_cookie(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let before = context.session(&browser);
    browser.logout()?;
    let after = context.session(&browser);
    let kept = after.iter().find(|pair| before.contains(pair));
    ensure(kept.is_none(), || {
        let name = kept.map(|(name, _)| name.escape_ascii().to_string()).unwrap_or_default();
        format!("after logout the browser still has {name} unchanged")
    })?;
    pass(if after.is_empty() {
        "the browser has no session cookie after logout"
    } else {
        "the browser has another session cookie after logout"
    })
}

pub(super) fn the_browser_is_anonymous(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    browser.logout()?;
    let user = browser.whoami()?;
    ensure(user.is_none(), || "logout does not log out".to_owned())?;
    pass("nobody is logged in after logout")
}

pub(super) fn every_cookie_of_the_session_is_dead(context: &TestContext) -> CheckResult {
    let mut saved = Vec::new();
    let mut browser = context.browser();
    if browser.has_state() {
        browser.write(MARK, "before")?;
        saved.push(browser.cookie_field());
    }
    browser.login(context.account(0))?;
    saved.push(browser.cookie_field());
    if let Some(step_up) = &context.descriptor().ops.step_up {
        browser.send(step_up, &context.account(0).values())?;
        saved.push(browser.cookie_field());
    }
    for cookie in browser.jar() {
        saved.push(cookie_string(&[(cookie.name, cookie.value)]));
    }
    browser.logout()?;
    saved.push(saved.join(&b"; "[..]));
    for field in &saved {
        ensure_dead(context, field, "logout (one that the session had earlier)")?;
    }
    pass("no cookie that the session had is logged in after logout, alone or with others")
}

pub(super) fn safe_methods_do_not_log_out(context: &TestContext) -> CheckResult {
    let logout = &context.descriptor().logout;
    ensure(!logout.is_safe(), || format!("logout is a {} request", logout.method))?;
    for method in ["GET", "HEAD"] {
        let mut browser = context.logged_in(0)?;
        browser.navigate(Request::new(method, &logout.path))?;
        let user = browser.whoami()?;
        ensure(user.is_some(), || format!("{method} {} logs out", logout.path))?;
    }
    pass(format!("GET and HEAD of {} do not log out", logout.path))
}

pub(super) fn needless_logouts_are_no_server_errors(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let made_up = cookie_string(&context.made_up(&browser)?);
    let saved = browser.cookie_field();
    browser.logout()?;
    let clients = [
        ("a second time", browser.duplicate()),
        ("with a cookie that was logged out", context.replay_client(saved)),
        ("without a cookie", context.browser()),
        ("with an unknown identifier", context.replay_client(made_up)),
    ];
    for (how, mut client) in clients {
        let status = client.logout()?.status();
        ensure(status < 500, || format!("logging out {how} is answered with status {status}"))?;
    }
    pass("logging out twice, or without a session, is not a server error")
}

pub(super) fn other_sessions_continue(context: &TestContext) -> CheckResult {
    let (mut here, mut there) = (context.logged_in(0)?, context.logged_in(0)?);
    here.logout()?;
    let continues = there.whoami()?.is_some();
    let ends_all = context.descriptor().policy.logout_ends_all;
    ensure(continues != ends_all, || {
        if ends_all {
            "logout keeps the other sessions of the user, contrary to `policy.logout_ends_all`"
        } else {
            "logout also ends the other sessions of the user"
        }
        .to_owned()
    })?;
    pass(if ends_all {
        "logout ends the user's other sessions, as declared"
    } else {
        "logout keeps the user's other sessions"
    })
}

pub(super) fn logout_everywhere_ends_them_all(context: &TestContext) -> CheckResult {
    let Some(logout_all) = &context.descriptor().ops.logout_all else {
        return not_applicable("the descriptor would need `ops.logout_all`");
    };
    let mut here = context.logged_in(0)?;
    let mut saved = Vec::new();
    for _ in 0..OTHERS {
        saved.push(context.logged_in(0)?.cookie_field());
    }
    here.send(logout_all, &context.account(0).values())?;
    for field in &saved {
        ensure_dead(context, field, "logging out everywhere")?;
    }
    pass(format!("{OTHERS} other sessions end when the user logs out everywhere"))
}

pub(super) fn a_new_password_ends_the_others(context: &TestContext) -> CheckResult {
    let (mut here, mut there) = (context.logged_in(0)?, context.logged_in(0)?);
    let old = context.account(0);
    let new = Account { user: old.user.clone(), password: NEW_PASSWORD.to_owned() };
    change_password(context, &mut here, old, &new)?;
    let user = there.whoami();
    let mut browser = context.browser();
    browser.login(&new)?;
    if browser.whoami()?.is_none() {
        return Err(Abort::Error(ProbeError::descriptor(
            "`ops.change_password`",
            "the new password does not log in",
            "correct the request: it has to set the password to {new_password}",
        )));
    }
    change_password(context, &mut browser, &new, old)?;
    ensure(user?.is_none(), || {
        "another session continues after the password was changed".to_owned()
    })?;
    pass("the other session ends when the password is changed")
}

fn change_password(
    context: &TestContext,
    browser: &mut Browser,
    from: &Account,
    to: &Account,
) -> Result<(), ProbeError> {
    if let Some(request) = &context.descriptor().ops.change_password {
        browser.send(request, &from.values().with("new_password", &*to.password))?;
    }
    Ok(())
}

pub(super) fn disabling_a_user_ends_their_sessions(context: &TestContext) -> CheckResult {
    let ops = &context.descriptor().ops;
    let (Some(disable), Some(enable)) = (&ops.disable_user, &ops.enable_user) else {
        return not_applicable(
            "the descriptor would need `ops.disable_user` and `ops.enable_user`",
        );
    };
    let saved = context.logged_in(1)?.cookie_field();
    let mut administrator = context.logged_in(0)?;
    administrator.send(disable, &context.account(1).values())?;
    let ended = ensure_dead(context, &saved, "its user was disabled");
    administrator.send(enable, &context.account(1).values())?;
    ended?;
    pass("the session ends when its user is disabled")
}

pub(super) fn clear_site_data_is_recorded(context: &TestContext) -> CheckResult {
    let reply = context.logged_in(0)?.logout()?;
    let value = reply.responses().find_map(|response| response.first("clear-site-data"));
    fact(match value {
        Some(value) => format!("logout sends Clear-Site-Data: {}", value.escape_ascii()),
        None => "logout sends no Clear-Site-Data".to_owned(),
    })
}

pub(super) fn logout_survives_a_restart(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let saved = browser.cookie_field();
    browser.logout()?;
    context.restart(context.default_idle())?;
    ensure_dead(context, &saved, "logout and a restart")?;
    pass("a saved cookie is not logged in after logout and a restart")
}

/// The number of other sessions of the user.
const OTHERS: usize = 3;
const NEW_PASSWORD: &str = "cookiespec-New-Passw0rd";
