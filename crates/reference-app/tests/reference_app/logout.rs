//! Logout and revocation: SM-052 to SM-064.

use crate::site::Site;
use crate::{CheckResult, checks, ensure};
use cookiespec_reference_app::mutant::Mutant;

checks! {
    "SM-052" logout_kills_the_session,
    "SM-054" logout_deletes_the_cookie,
    "SM-055" after_logout_the_browser_is_anonymous,
    "SM-056" no_cookie_of_the_session_works_any_more,
    "SM-057" a_safe_method_does_not_log_out,
    "SM-058" logout_without_a_session_is_no_error,
    "SM-059" other_browsers_stay_logged_in,
    "SM-060" logging_out_everywhere_ends_them_all,
    "SM-061" a_new_password_ends_the_others,
}

async fn logout_kills_the_session(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    let saved = browser.saved();
    browser.post("/logout", &[]).await;
    let user = site.get("/whoami", &saved).await.user();
    ensure(user.is_none(), "a saved cookie is still logged in after logout")
}

async fn logout_deletes_the_cookie(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    browser.post("/logout", &[]).await;
    let now = site.now();
    let left = browser.memory.cookies(now).into_iter();
    let left = left.filter(|cookie| cookie.name().ends_with(b"session")).count();
    ensure(left == 0, "the browser still has the cookie")
}

async fn after_logout_the_browser_is_anonymous(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    browser.post("/logout", &[]).await;
    let user = browser.user().await;
    ensure(user.is_none(), "logout does not log out")
}

async fn no_cookie_of_the_session_works_any_more(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    browser.write("a", "1").await;
    let mut saved = vec![browser.saved()];
    browser.login("alice").await;
    saved.push(browser.saved());
    browser.post("/step-up", &[]).await;
    saved.push(browser.saved());
    browser.post("/logout", &[]).await;
    saved.push(saved.join(&b"; "[..]));
    for field in saved {
        let user = site.get("/whoami", &field).await.user();
        ensure(user.is_none(), "an earlier cookie of the session is logged in")?;
    }
    Ok(())
}

async fn a_safe_method_does_not_log_out(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    browser.get("/logout").await;
    ensure(browser.user().await.is_some(), "GET logs out")
}

async fn logout_without_a_session_is_no_error(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    let saved = browser.saved();
    browser.post("/logout", &[]).await;
    for field in [&saved[..], b"", b"__Host-session=nonsense", b"__Host-session="] {
        let status = site.post("/logout", &[], field).await.status;
        ensure(status < 500, "logging out without a session is a server error")?;
    }
    Ok(())
}

async fn other_browsers_stay_logged_in(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut here = site.logged_in("alice").await;
    let mut there = site.logged_in("alice").await;
    here.post("/logout", &[]).await;
    ensure(there.user().await.is_some(), "logout ends the sessions of other browsers")
}

async fn logging_out_everywhere_ends_them_all(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut here = site.logged_in("alice").await;
    let there = [site.logged_in("alice").await.saved(), site.logged_in("alice").await.saved()];
    here.post("/logout-everywhere", &[]).await;
    for saved in there {
        let user = site.get("/whoami", &saved).await.user();
        ensure(user.is_none(), "a session survives logging out everywhere")?;
    }
    Ok(())
}

async fn a_new_password_ends_the_others(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut here = site.logged_in("alice").await;
    let mut there = site.logged_in("alice").await;
    here.write("a", "1").await;
    there.write("a", "1").await;
    let wrong = here.post("/password", &[("old", "wrong"), ("new", "x")]).await;
    ensure(wrong.status == 401 && there.read("a").await.is_some(), "a wrong password is taken")?;
    here.post("/password", &[("old", "wonderland"), ("new", "looking-glass")]).await;
    ensure(here.read("a").await.is_some(), "a new password logs out")?;
    ensure(there.read("a").await.is_none(), "another session survives the new password")
}
