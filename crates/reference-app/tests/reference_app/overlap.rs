//! Concurrent requests and several instances: SM-087 to SM-099.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use cookiespec_session::{Settings, Store};

use crate::site::{Site, TestStore};
use crate::{CheckResult, checks, ensure};
use cookiespec_reference_app::mutant::Mutant;

checks! {
    "SM-087" two_logins_are_two_sessions,
    "SM-088" nobody_sees_another_user,
    "SM-089" overlapping_writes_both_survive,
    "SM-090" a_write_that_overlaps_logout_revives_nothing,
    "SM-091" a_write_that_overlaps_login_revives_nothing,
    "SM-092" a_write_that_overlaps_login_does_not_undo_it,
    "SM-093" an_overlapping_request_is_no_server_error,
    "SM-094" parallel_logins_end_in_sessions_of_their_own,
    "SM-097" login_is_seen_by_another_instance,
    "SM-098" logout_is_seen_by_another_instance,
    "SM-099" without_a_store_nobody_is_logged_in,
}

const ENTRY: [(&str, &str); 2] = [("key", "b"), ("value", "late")];

async fn two_logins_are_two_sessions(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let (mut one, mut other) = (site.logged_in("alice").await, site.logged_in("alice").await);
    one.write("a", "one").await;
    ensure(other.read("a").await.is_none(), "two logins share a session")
}

async fn nobody_sees_another_user(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browsers = Vec::new();
    for user in ["alice", "bob", "alice", "bob"] {
        browsers.push((user, site.logged_in(user).await));
    }
    for round in 0..10 {
        for (user, browser) in &mut browsers {
            let seen = browser.user().await;
            ensure(seen.as_deref() == Some(*user), &format!("round {round}: {user} is {seen:?}"))?;
        }
    }
    ensure(site.browser().user().await.is_none(), "a browser without a cookie is logged in")
}

async fn overlapping_writes_both_survive(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    let saved = browser.saved();
    let other = async || {
        browser.write("a", "early").await;
    };
    site.overlap("/state", &ENTRY, saved.clone(), other).await;
    let mut browser = site.browser();
    let early = site.get("/state?key=a", &saved).await.value();
    let late = site.get("/state?key=b", &saved).await.value();
    ensure(browser.user().await.is_none(), "a browser without a cookie is logged in")?;
    ensure(early.is_some() && late.is_some(), "one of two overlapping writes is lost")
}

async fn a_write_that_overlaps_logout_revives_nothing(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    let saved = browser.saved();
    let logout = async || {
        browser.post("/logout", &[]).await;
    };
    let late = site.overlap("/state", &ENTRY, saved.clone(), logout).await;
    let mut new = site.browser();
    new.receive(&late);
    let revived = site.get("/state?key=b", &saved).await.value().is_some();
    ensure(!revived, "the session is back after logout")?;
    ensure(late.set_cookies().is_empty(), "a request that overlaps logout sets a cookie")?;
    ensure(late.status >= 400, "a write that did not happen is reported as done")?;
    ensure(new.user().await.is_none(), "the late answer logs in again")
}

async fn a_write_that_overlaps_login_revives_nothing(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    browser.write("a", "1").await;
    let saved = browser.saved();
    let login = async || {
        browser.login("alice").await;
    };
    site.overlap("/state", &ENTRY, saved.clone(), login).await;
    let old = [
        site.get("/state?key=a", &saved).await.value(),
        site.get("/state?key=b", &saved).await.value(),
    ];
    ensure(old == [None, None], "the identifier from before login has a session again")
}

async fn a_write_that_overlaps_login_does_not_undo_it(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    browser.write("a", "1").await;
    let saved = browser.saved();
    let login = async || {
        browser.login("alice").await;
    };
    let late = site.overlap("/state", &ENTRY, saved.clone(), login).await;
    browser.receive(&late);
    let later = site.post("/state", &ENTRY, &saved).await;
    browser.receive(&later);
    let user = browser.get("/state?key=a").await;
    ensure(browser.user().await.is_some() && user.status == 200, "a late answer undoes the login")
}

async fn an_overlapping_request_is_no_server_error(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    let saved = browser.saved();
    let logout = async || {
        browser.post("/logout", &[]).await;
    };
    let late = site.overlap("/state", &ENTRY, saved.clone(), logout).await;
    ensure(late.status < 500, "a request that overlaps logout is a server error")
}

async fn parallel_logins_end_in_sessions_of_their_own(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    browser.write("a", "1").await;
    let saved = browser.saved();
    let form = [("user", "alice"), ("password", "wonderland")];
    let login = || site.post("/login", &form, &saved);
    let (one, two, three) = tokio::join!(login(), login(), login());
    let mut ids = BTreeSet::new();
    for reply in [one, two, three] {
        let mut browser = site.browser();
        browser.receive(&reply);
        ensure(browser.user().await.as_deref() == Some("alice"), "a parallel login fails")?;
        ids.insert(browser.saved());
    }
    ensure(ids.len() == 3, "parallel logins share a session")
}

async fn login_is_seen_by_another_instance(mutant: Option<Mutant>) -> CheckResult {
    let (one, other) = instances(mutant);
    let mut browser = one.logged_in("alice").await;
    browser.write("a", "1").await;
    let read = other.get("/state?key=a", &browser.saved()).await.value();
    ensure(read.is_some(), "another instance does not find the session")
}

async fn logout_is_seen_by_another_instance(mutant: Option<Mutant>) -> CheckResult {
    let (one, other) = instances(mutant);
    let mut browser = one.logged_in("alice").await;
    browser.write("a", "1").await;
    let saved = browser.saved();
    other.get("/whoami", &saved).await;
    browser.post("/logout", &[]).await;
    let read = other.get("/state?key=a", &saved).await.value();
    ensure(read.is_none(), "another instance still has the session after logout")
}

fn instances(mutant: Option<Mutant>) -> (Site, Site) {
    let store = Arc::<TestStore>::default();
    let instance = || Site::on(store.clone(), mutant, Settings::default());
    (instance(), instance())
}

async fn without_a_store_nobody_is_logged_in(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    browser.write("a", "1").await;
    let before = browser.saved();
    site.store.is_down.store(true, Ordering::SeqCst);
    let login = browser.login("alice").await;
    ensure(login.status == 503, "login works without a store")?;
    ensure(login.set_cookies().is_empty(), "a cookie is set without a store")?;
    ensure(browser.write("a", "2").await.status == 503, "writing works without a store")?;
    site.store.is_down.store(false, Ordering::SeqCst);
    ensure(browser.saved() == before, "the browser lost its cookie")?;
    ensure(browser.user().await.is_none(), "a login without a store is one afterwards")?;
    ensure(browser.read("a").await.as_deref() == Some("1"), "the session lost its data")?;
    let left = site.store.purge(i64::MAX).await.unwrap();
    ensure(left == 1, "there are more sessions than before")
}
