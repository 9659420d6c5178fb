//! Creation, login and rotation: SM-032 to SM-051.

use axum::http::Method;

use crate::site::{IDLE, Site};
use crate::{CheckResult, checks, ensure};
use cookiespec_reference_app::mutant::Mutant;

checks! {
    "SM-032" a_public_page_sets_no_cookie,
    "SM-033" reading_creates_no_session,
    "SM-036" an_unknown_id_is_not_adopted,
    "SM-037" a_dead_id_is_not_adopted,
    "SM-039" login_gives_a_new_id,
    "SM-040" the_id_before_login_is_not_logged_in,
    "SM-041" the_data_before_login_is_gone_from_the_old_id,
    "SM-042" a_planted_id_is_not_logged_in,
    "SM-043" the_same_user_gets_a_new_id,
    "SM-044" another_user_gets_a_new_id,
    "SM-045" another_user_gets_no_data,
    "SM-046" a_step_up_gives_a_new_id,
    "SM-047" a_failed_login_gives_nothing,
    "SM-049" cookies_before_login_do_not_open_the_account,
}

async fn a_public_page_sets_no_cookie(mutant: Option<Mutant>) -> CheckResult {
    let reply = Site::new(mutant).browser().get("/").await;
    ensure(reply.set_cookies().is_empty(), "a public page sets a cookie")?;
    ensure(reply.header("vary").is_empty(), "a public page differs from visitor to visitor")
}

async fn reading_creates_no_session(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    for (method, path) in
        [("GET", "/whoami"), ("GET", "/nowhere"), ("HEAD", "/"), ("OPTIONS", "/"), ("GET", "/")]
    {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        site.browser().send(method, path, &[]).await;
    }
    let made = cookiespec_session::Store::purge(&site.store.inner, i64::MAX).await.unwrap();
    ensure(made == 0, "reading creates sessions")
}

/// An identifier of the right form that the server never issued.
async fn made_up(site: &Site) -> Vec<u8> {
    let saved = String::from_utf8(site.logged_in("bob").await.saved()).unwrap();
    let name = saved.split('=').next().unwrap();
    format!("{name}={}", "MadeUp01".repeat(4)).into_bytes()
}

async fn an_unknown_id_is_not_adopted(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let planted = made_up(&site).await;
    site.post("/state", &[("key", "a"), ("value", "1")], &planted).await;
    let read = site.get("/state?key=a", &planted).await;
    ensure(read.value().is_none(), "an identifier the server never issued is adopted")
}

async fn a_dead_id_is_not_adopted(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    let saved = browser.saved();
    browser.post("/logout", &[]).await;
    site.wait(100);
    site.post("/state", &[("key", "a"), ("value", "1")], &saved).await;
    let read = site.get("/state?key=a", &saved).await;
    ensure(read.value().is_none(), "an identifier that was logged out is adopted")?;
    let saved = site.logged_in("alice").await.saved();
    site.wait(IDLE + 1);
    site.post("/state", &[("key", "a"), ("value", "1")], &saved).await;
    let read = site.get("/state?key=a", &saved).await;
    ensure(read.value().is_none(), "an identifier that has expired is adopted")
}

async fn login_gives_a_new_id(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    browser.write("a", "1").await;
    let before = browser.id();
    browser.login("alice").await;
    ensure(browser.id() != before, "login keeps the identifier")
}

async fn the_id_before_login_is_not_logged_in(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    browser.write("a", "1").await;
    let before = browser.saved();
    browser.login("alice").await;
    let user = site.get("/whoami", &before).await.user();
    ensure(user.is_none(), "the identifier from before login is logged in")
}

async fn the_data_before_login_is_gone_from_the_old_id(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    browser.write("a", "1").await;
    let before = browser.saved();
    browser.login("alice").await;
    let value = site.get("/state?key=a", &before).await.value();
    ensure(value.is_none(), "the identifier from before login still has the data")
}

async fn a_planted_id_is_not_logged_in(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let planted = made_up(&site).await;
    let form = [("user", "alice"), ("password", "wonderland")];
    site.post("/login", &form, &planted).await;
    let user = site.get("/whoami", &planted).await.user();
    ensure(user.is_none(), "an identifier planted before login is logged in")
}

/// Logs in twice, and checks that the identifier changes and the old one is dead.
async fn rotates(mutant: Option<Mutant>, first: &str, second: &str) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in(first).await;
    let (id, saved) = (browser.id(), browser.saved());
    browser.login(second).await;
    ensure(browser.id() != id, "the second login keeps the identifier")?;
    let user = site.get("/whoami", &saved).await.user();
    ensure(user.is_none(), "the identifier of the first login is still logged in")
}

async fn the_same_user_gets_a_new_id(mutant: Option<Mutant>) -> CheckResult {
    rotates(mutant, "alice", "alice").await
}

async fn another_user_gets_a_new_id(mutant: Option<Mutant>) -> CheckResult {
    rotates(mutant, "alice", "bob").await
}

async fn another_user_gets_no_data(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    browser.write("secret", "of alice").await;
    browser.login("bob").await;
    ensure(browser.user().await.as_deref() == Some("bob"), "the second login does not log in")?;
    ensure(browser.read("secret").await.is_none(), "the next user finds the data of the first")
}

async fn a_step_up_gives_a_new_id(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    let (id, saved) = (browser.id(), browser.saved());
    browser.post("/step-up", &[]).await;
    ensure(browser.id() != id, "a change of privilege keeps the identifier")?;
    let user = site.get("/whoami", &saved).await.user();
    ensure(user.is_none(), "the identifier before the step up is still logged in")?;
    let user = browser.user().await;
    ensure(user.as_deref() == Some("alice"), "the step up logs out")
}

async fn a_failed_login_gives_nothing(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    browser.write("a", "1").await;
    for (user, password) in [("alice", "wrong"), ("nobody", ""), ("", "wonderland")] {
        let reply = browser.post("/login", &[("user", user), ("password", password)]).await;
        ensure(reply.status == 401, "a failed login is not refused")?;
        ensure(browser.user().await.is_none(), "a failed login logs in")?;
    }
    ensure(browser.read("a").await.as_deref() == Some("1"), "a failed login drops the session")
}

async fn cookies_before_login_do_not_open_the_account(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut victim = site.browser();
    victim.write("a", "1").await;
    let planted = victim.saved();
    victim.login("alice").await;
    let mut attacker = site.logged_in("bob").await;
    let own = attacker.saved();
    let field = [&planted, &b"; "[..], &own].concat();
    let user = site.get("/whoami", &field).await.user();
    ensure(user.as_deref() == Some("bob"), "cookies from before login change who this is")
}
