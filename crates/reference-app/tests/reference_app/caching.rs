//! Caches and other sites: SM-101 to SM-107.

use axum::http::Method;
use axum::http::header::{HeaderValue, ORIGIN};

use crate::server::Reply;
use crate::site::{HOST_NAME, Site, request};
use crate::{CheckResult, checks, ensure};
use cookiespec_reference_app::mutant::Mutant;

checks! {
    "SM-101" a_cookie_comes_with_a_word_to_caches,
    "SM-102" an_answer_that_depends_on_the_session_says_so,
    "SM-103" pages_of_a_user_are_not_stored,
    "SM-104" a_request_from_another_site_is_refused,
    "SM-106" a_login_from_another_site_is_refused,
    "SM-107" safe_methods_change_nothing,
}

fn varies(reply: &Reply) -> bool {
    reply.header("vary").to_ascii_lowercase().split(", ").any(|name| name == "cookie")
}

fn is_private(reply: &Reply) -> bool {
    let control = reply.header("cache-control");
    control.contains("no-store") || control.contains("private")
}

async fn a_cookie_comes_with_a_word_to_caches(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    for reply in [browser.login("alice").await, browser.post("/logout", &[]).await] {
        let controlled = varies(&reply) || is_private(&reply);
        ensure(controlled || reply.set_cookies().is_empty(), "a cache may hand out the cookie")?;
    }
    Ok(())
}

async fn an_answer_that_depends_on_the_session_says_so(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let anonymous = site.browser().get("/whoami").await;
    let known = site.logged_in("alice").await.get("/whoami").await;
    for reply in [anonymous, known] {
        ensure(varies(&reply) || is_private(&reply), "who-am-i is the same for all caches")?;
    }
    Ok(())
}

async fn pages_of_a_user_are_not_stored(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let reply = site.logged_in("alice").await.get("/whoami").await;
    let stored = !reply.header("cache-control").contains("no-store");
    ensure(!stored, "the page of a user is stored by caches")
}

/// Sends a request with the fields that browsers add for a page of another site. Returns whether any
/// was accepted.
async fn from_another_site(site: &Site, path: &str, form: &[(&str, &str)], saved: &[u8]) -> bool {
    let mut accepted = false;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        (ORIGIN.as_str(), "https://evil.example"),
        (ORIGIN.as_str(), "https://app.example.evil.example"),
        (ORIGIN.as_str(), "null"),
    ] {
        let mut request = request(Method::POST, path, form, Some(saved));
        request.headers_mut().insert(name, HeaderValue::from_static(value));
        accepted |= site.answer(request).await.status != 403;
    }
    accepted
}

async fn a_request_from_another_site_is_refused(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let saved = site.logged_in("alice").await.saved();
    let entry = [("key", "a"), ("value", "1")];
    let accepted = from_another_site(&site, "/state", &entry, &saved).await;
    ensure(!accepted, "a request from another site is accepted")?;
    let mut own = request(Method::POST, "/state", &entry, Some(&saved));
    let origin = HeaderValue::from_str(&format!("https://{HOST_NAME}")).unwrap();
    own.headers_mut().insert(ORIGIN, origin);
    ensure(site.answer(own).await.status == 204, "a request of the application itself is refused")
}

async fn a_login_from_another_site_is_refused(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let form = [("user", "alice"), ("password", "wonderland")];
    let accepted = from_another_site(&site, "/login", &form, b"").await;
    ensure(!accepted, "a login from another site is accepted")
}

async fn safe_methods_change_nothing(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    browser.write("a", "1").await;
    for path in ["/state?key=a&value=2", "/login?user=bob&password=builder", "/step-up", "/fail"] {
        browser.get(path).await;
        browser.send(Method::HEAD, path, &[]).await;
    }
    ensure(browser.read("a").await.as_deref() == Some("1"), "GET writes")?;
    ensure(browser.user().await.as_deref() == Some("alice"), "GET changes who this is")
}
