//! Login, rotation, fixation: SM-039 to SM-051.

use crate::browser::{Browser, cookie_string};
use crate::descriptor::Account;
use crate::test_context::{MARK, TestContext};
use crate::verdict::{Abort, CheckResult, ensure, fact, not_applicable, pass};

pub(super) fn login_issues_a_new_id(context: &TestContext) -> CheckResult {
    let Some((mut browser, _)) = context.anonymous()? else {
        let browser = context.logged_in(0)?;
        ensure(!context.session(&browser).is_empty(), || "login issues no identifier".to_owned())?;
        return pass("there is no identifier before login, and one after it");
    };
    let before = context.id(&browser);
    browser.login(context.account(0))?;
    ensure(context.id(&browser) != before, || "login keeps the identifier".to_owned())?;
    pass("login issues a new identifier")
}

pub(super) fn earlier_ids_are_not_logged_in(context: &TestContext) -> CheckResult {
    let Some((mut browser, saved)) = context.anonymous()? else { return no_anonymous_session() };
    browser.login(context.account(0))?;
    let user = context.replay_client(saved).whoami()?;
    ensure(user.is_none(), || "the identifier from before login is logged in".to_owned())?;
    pass("the identifier from before login is not logged in")
}

fn no_anonymous_session() -> CheckResult {
    not_applicable("there is no session before login, as far as the descriptor declares")
}

pub(super) fn earlier_ids_are_dead(context: &TestContext) -> CheckResult {
    let Some((mut browser, saved)) = context.anonymous()? else { return no_anonymous_session() };
    browser.login(context.account(0))?;
    let value = context.replay_client(saved).read(MARK)?;
    ensure(value.is_none(), || "the identifier from before login still has its data".to_owned())?;
    pass("the identifier from before login has no data")
}

pub(super) fn planted_ids_are_not_logged_in(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let planted = context.made_up(&browser)?;
    browser.replace_values(&planted);
    browser.login(context.account(0))?;
    let user = context.replay_client(cookie_string(&planted)).whoami()?;
    ensure(user.is_none(), || {
        "a made-up identifier that was planted before login is logged in after it".to_owned()
    })?;
    pass("a made-up identifier that was planted before login is not logged in after it")
}

pub(super) fn the_same_user_gets_a_new_id(context: &TestContext) -> CheckResult {
    rotates(context, "a second login of the same user", |browser| {
        browser.login(context.account(0))?;
        Ok(())
    })
}

pub(super) fn another_user_gets_a_new_id(context: &TestContext) -> CheckResult {
    rotates(context, "the login of another user", |browser| {
        browser.login(context.account(1))?;
        Ok(())
    })
}

pub(super) fn a_step_up_gives_a_new_id(context: &TestContext) -> CheckResult {
    rotates(context, "a change of privilege", |browser| {
        if let Some(step_up) = &context.descriptor().ops.step_up {
            browser.send(step_up, &context.account(0).values())?;
        }
        let user = browser.whoami()?;
        ensure(user.is_some(), || "a change of privilege logs out".to_owned())
    })
}

/// Passes if `change` gives a session a new identifier, and the old one is not logged in.
fn rotates(
    context: &TestContext,
    what: &str,
    change: impl FnOnce(&mut Browser) -> Result<(), Abort>,
) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    let (before, saved) = (context.id(&browser), browser.cookie_field());
    change(&mut browser)?;
    ensure(context.id(&browser) != before, || format!("{what} keeps the identifier"))?;
    let user = context.replay_client(saved).whoami()?;
    ensure(user.is_none(), || format!("the identifier from before {what} is logged in"))?;
    pass(format!("{what} issues a new identifier and ends the old one"))
}

pub(super) fn another_user_gets_no_data(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    browser.write(SECRET, "of the first user")?;
    browser.login(context.account(1))?;
    let user = browser.whoami()?;
    ensure(user.as_deref() == Some(context.identity(1)), || {
        "the login of another user does not log in".to_owned()
    })?;
    let value = browser.read(SECRET)?;
    ensure(value.is_none(), || "the next user reads the data of the first one".to_owned())?;
    pass("the next user reads no data of the first one")
}

pub(super) fn failed_logins_give_nothing(context: &TestContext) -> CheckResult {
    let mut browser = match context.anonymous()? {
        Some((browser, _)) => browser,
        None => context.browser(),
    };
    for account in wrong_accounts(context.account(0)) {
        let reply = browser.login(&account)?;
        let user = browser.whoami()?;
        ensure(user.is_none(), || {
            format!(
                "a login without the password is answered with status {} and logs in",
                reply.status()
            )
        })?;
        let named = context.descriptor().whoami.find(&reply.text());
        ensure(named.as_deref() != Some(context.identity(0)), || {
            "the response to a failed login contains what who-am-i shows to the user".to_owned()
        })?;
    }
    pass("a wrong password, none, and the password without its user log nobody in")
}

fn wrong_accounts(right: &Account) -> [Account; 3] {
    let account = |user: &str, password: &str| Account {
        user: user.to_owned(),
        password: password.to_owned(),
    };
    [
        account(&right.user, "not the password of anybody"),
        account(&right.user, ""),
        account("cookiespec-nobody", &right.password),
    ]
}

pub(super) fn half_finished_logins_are_not_logins(context: &TestContext) -> CheckResult {
    let Some(step_up) = &context.descriptor().ops.step_up else {
        return not_applicable("the descriptor would need `ops.step_up`");
    };
    let mut browser = context.browser();
    browser.send(step_up, &context.account(0).values())?;
    let user = browser.whoami()?;
    ensure(user.is_none(), || "a change of privilege without a login logs in".to_owned())?;
    pass("a change of privilege without a login logs nobody in")
}

pub(super) fn forced_cookies_open_no_account(context: &TestContext) -> CheckResult {
    let Some((mut victim, planted)) = context.anonymous()? else { return no_anonymous_session() };
    victim.login(context.account(0))?;
    let own = context.logged_in(1)?.cookie_field();
    for field in [
        planted.clone(),
        [&planted, &b"; "[..], &own].concat(),
        [&own, &b"; "[..], &planted].concat(),
    ] {
        let user = context.replay_client(field).whoami()?;
        ensure(user.as_deref() != Some(context.identity(0)), || {
            "cookies planted before a login are logged in to the account after it".to_owned()
        })?;
    }
    if victim.has_state() {
        let value = context.replay_client(planted).read(MARK)?;
        ensure(value.is_none(), || {
            "cookies planted before a login share a session with it".to_owned()
        })?;
    }
    pass("cookies planted before a login give no access after it")
}

pub(super) fn anonymous_data_is_recorded(context: &TestContext) -> CheckResult {
    let Some((mut browser, _)) = context.anonymous()? else { return no_anonymous_session() };
    browser.login(context.account(0))?;
    fact(match browser.read(MARK)? {
        Some(_) => "data stored before login is kept",
        None => "data stored before login is dropped",
    })
}

pub(super) fn nothing_falls_back_to_http(context: &TestContext) -> CheckResult {
    let Some(https) = context.https() else {
        return not_applicable("the descriptor would need `[https]`");
    };
    for reply in context.visit(https)? {
        for hop in &reply.hops {
            let location = hop.response.first("location").unwrap_or_default();
            let is_plain = location.get(..5).is_some_and(|it| it.eq_ignore_ascii_case(b"http:"));
            ensure(!is_plain, || {
                format!("over https, {} redirects to {}", hop.target, location.escape_ascii())
            })?;
        }
    }
    let mut browser = context.browser_on(https);
    browser.login(context.account(0))?;
    let names = &context.session_info().names;
    let plain = browser.jar().into_iter().find(|it| names.contains(&it.name) && !it.secure_only);
    ensure(plain.is_none(), || {
        "the session cookie has no Secure, and is sent over http as well".to_owned()
    })?;
    pass("no redirect leads to http, and the session cookie is not sent over it")
}

/// The key that the first user writes to.
const SECRET: &str = "secret";
