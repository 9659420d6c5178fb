//! Timeouts: SM-065 to SM-076.

use crate::browser::Browser;
use crate::site::{ABSOLUTE, IDLE, Site};
use crate::{CheckResult, checks, ensure};
use cookiespec_reference_app::mutant::Mutant;

checks! {
    "SM-065" an_idle_session_ends,
    "SM-066" reading_resets_the_idle_clock,
    "SM-067" writing_resets_the_idle_clock,
    "SM-068" no_session_lasts_for_ever,
    "SM-069" rotation_does_not_restart_the_absolute_clock,
    "SM-070" an_older_cookie_does_not_prolong,
    "SM-073" the_end_is_exact,
    "SM-075" expired_records_leave_the_store,
}

/// Whether the session of this cookie has its data, whether or not a browser would still send it.
async fn lives(site: &Site, saved: &[u8]) -> bool {
    site.get("/state?key=a", saved).await.value().is_some()
}

/// A logged-in browser with data in its session, and its cookie.
async fn begin(site: &Site) -> (Browser<'_>, Vec<u8>) {
    let mut browser = site.logged_in("alice").await;
    browser.write("a", "1").await;
    let saved = browser.saved();
    (browser, saved)
}

async fn an_idle_session_ends(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let (_, saved) = begin(&site).await;
    site.wait(IDLE + 1);
    ensure(!lives(&site, &saved).await, "an idle session goes on")
}

async fn reading_resets_the_idle_clock(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let (_, saved) = begin(&site).await;
    for _ in 0..7 {
        site.wait(IDLE / 3);
        ensure(lives(&site, &saved).await, "a session that is read ends")?;
    }
    Ok(())
}

async fn writing_resets_the_idle_clock(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let (_, saved) = begin(&site).await;
    for _ in 0..7 {
        site.wait(IDLE / 3);
        site.post("/state", &[("key", "b"), ("value", "2")], &saved).await;
    }
    ensure(lives(&site, &saved).await, "a session that is written to ends")
}

/// Uses a session every 100 seconds for this long.
async fn keep_busy(site: &Site, saved: &[u8], seconds: u64) {
    for _ in 0..seconds / 100 {
        site.wait(100);
        site.post("/state", &[("key", "b"), ("value", "2")], saved).await;
        site.get("/whoami", saved).await;
    }
}

async fn no_session_lasts_for_ever(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let (_, saved) = begin(&site).await;
    keep_busy(&site, &saved, ABSOLUTE).await;
    site.wait(1);
    ensure(!lives(&site, &saved).await, "a busy session goes on for ever")
}

async fn rotation_does_not_restart_the_absolute_clock(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let (mut browser, saved) = begin(&site).await;
    keep_busy(&site, &saved, ABSOLUTE / 2).await;
    browser.post("/step-up", &[]).await;
    let saved = browser.saved();
    ensure(lives(&site, &saved).await, "a new identifier loses the session")?;
    keep_busy(&site, &saved, ABSOLUTE / 2).await;
    site.wait(1);
    ensure(!lives(&site, &saved).await, "a new identifier restarts the absolute clock")?;
    browser.login("alice").await;
    browser.write("a", "1").await;
    let saved = browser.saved();
    site.wait(IDLE / 2);
    ensure(lives(&site, &saved).await, "a new login does not restart it")
}

async fn an_older_cookie_does_not_prolong(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let (mut browser, old) = begin(&site).await;
    browser.post("/step-up", &[]).await;
    let new = browser.saved();
    for _ in 0..7 {
        site.wait(IDLE / 3);
        site.get("/whoami", &old).await;
    }
    ensure(!lives(&site, &new).await, "an identifier that was replaced prolongs")
}

async fn the_end_is_exact(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let (_, saved) = begin(&site).await;
    site.wait(IDLE - 1);
    ensure(lives(&site, &saved).await, "the session ends a second early")?;
    let site = Site::new(mutant);
    let (_, saved) = begin(&site).await;
    site.wait(IDLE + 1);
    ensure(!lives(&site, &saved).await, "the session ends a second late")
}

async fn expired_records_leave_the_store(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    begin(&site).await;
    site.wait(ABSOLUTE + 1);
    let now = site.now() * 1_000;
    let purged = cookiespec_session::Store::purge(&site.store.inner, now).await.unwrap();
    let left = cookiespec_session::Store::purge(&site.store.inner, i64::MAX).await.unwrap();
    ensure(purged > 0 && left == 0, "a record stays after it has expired")
}
