//! The tutorial this project grew out of, sentence by sentence, on two applications: the reference
//! application, and one on Django. The browser is the reference engine, with a disk and a clock.

mod computer;
mod django;

use axum::http::Method;

use self::computer::Computer;
use self::django::Django;
use crate::browser::Browser;
use crate::server::Server;
use crate::site::Site;

#[tokio::test]
async fn the_tutorial_is_true_of_our_application() {
    walk(&Site::new(None)).await;
}

#[tokio::test]
async fn the_tutorial_is_true_of_django() {
    match Django::start() {
        Ok(django) => walk(&django).await,
        Err(missing) => eprintln!("skipped: {missing}"),
    }
}

#[tokio::test]
async fn our_application_refuses_what_it_cannot_set_and_repairs_nothing() {
    let site = Site::new(None);
    let refused = site.browser().post("/colour", &[("colour", "sea green")]).await;
    assert_eq!((refused.status, refused.set_cookies().len()), (400, 0));
    assert!(refused.body.contains("octet 3"), "{}", refused.body);
}

/// Checks every sentence, each with a new browser.
async fn walk<S: Server>(server: &S) {
    http_is_stateless(&Computer::new(server)).await;
    a_session_is_what_one_client_asks_from_login_to_logout(&Computer::new(server)).await;
    set_cookie_on_the_response_is_cookies_on_the_request(&Computer::new(server)).await;
    the_client_sends_the_cookie_on_every_request_until_it_expires(&Computer::new(server)).await;
    an_in_memory_cookie_is_gone_when_the_browser_closes(&Computer::new(server)).await;
    a_persistent_cookie_is_on_disk_until_it_expires(&Computer::new(server)).await;
}

async fn http_is_stateless<S: Server>(computer: &Computer<'_, S>) {
    let mut browser = computer.open();
    browser.login("alice").await;
    assert_eq!(browser.user().await.as_deref(), Some("alice"), "the cookie identifies the client");
    let same_request_without_it = computer.server.request(Method::GET, "/whoami", &[], None).await;
    assert_eq!(same_request_without_it.user(), None, "nothing else does: HTTP is stateless");
}

async fn a_session_is_what_one_client_asks_from_login_to_logout<S: Server>(
    computer: &Computer<'_, S>,
) {
    let mut browser = computer.open();
    assert_eq!(browser.cookie_field(), None, "before login there is no session");
    browser.login("alice").await;
    let cookie = browser.cookie_field().expect("the server created a cookie, the client stored it");
    for visits in 1..=3 {
        assert_eq!(visit(&mut browser).await, Some(visits), "the session remembers");
        assert_eq!(browser.cookie_field().as_ref(), Some(&cookie), "sent on every request");
    }

    let mut other = computer.open();
    other.login("alice").await;
    assert_eq!(visit(&mut other).await, Some(1), "another client has another session");

    browser.post("/logout", &[]).await;
    assert_eq!(browser.cookie_field(), None, "logout deletes the cookie");
    let kept = computer.server.request(Method::GET, "/whoami", &[], Some(&cookie)).await;
    assert_eq!(kept.user(), None, "and the session: a copy of the cookie is worth nothing");
    assert_eq!(other.user().await.as_deref(), Some("alice"), "the other session goes on");
}

async fn set_cookie_on_the_response_is_cookies_on_the_request<S: Server>(
    computer: &Computer<'_, S>,
) {
    let mut browser = computer.open();
    assert_eq!(colour(&mut browser).await, None);
    let reply = browser.post("/colour", &[("colour", "green")]).await;
    let lines = reply.set_cookies();
    assert!(matches!(&lines[..], [line] if line.trim().starts_with("colour=green;")), "{lines:?}");
    assert!(!has_expiry(&lines[0]), "max_age=None is no attribute: {lines:?}");
    assert_eq!(colour(&mut browser).await.as_deref(), Some("green"), "COOKIES has it");

    let reply = browser.post("/colour", &[("colour", "blue"), ("max_age", "60")]).await;
    let lines = reply.set_cookies();
    assert!(lines[0].contains("Max-Age=60"), "max_age=60 is one: {lines:?}");
    assert_eq!(colour(&mut browser).await.as_deref(), Some("blue"), "one name, one cookie");
}

async fn the_client_sends_the_cookie_on_every_request_until_it_expires<S: Server>(
    computer: &Computer<'_, S>,
) {
    let mut browser = computer.open();
    browser.post("/colour", &[("colour", "green"), ("max_age", "60")]).await;
    for _ in 0..59 {
        computer.server.wait(1).await;
        assert_eq!(browser.cookie_field().as_deref(), Some(&b"colour=green"[..]), "stored, sent");
    }
    assert_eq!(colour(&mut browser).await.as_deref(), Some("green"), "after 59 seconds");
    computer.server.wait(1).await;
    assert_eq!(browser.cookie_field(), None, "after 60 the client has removed it");
    assert_eq!(colour(&mut browser).await, None, "and the server is not sent it");
}

async fn an_in_memory_cookie_is_gone_when_the_browser_closes<S: Server>(
    computer: &Computer<'_, S>,
) {
    let mut browser = computer.open();
    browser.post("/colour", &[("colour", "green")]).await;
    browser.login("alice").await;
    assert_eq!(colour(&mut browser).await.as_deref(), Some("green"));
    computer.close(browser);
    assert!(!computer.is_on_disk("colour"), "it never was on disk");
    let mut browser = computer.open();
    assert_eq!(colour(&mut browser).await, None);
    assert_eq!(browser.user().await, None, "the session cookie was one, too");
}

async fn a_persistent_cookie_is_on_disk_until_it_expires<S: Server>(computer: &Computer<'_, S>) {
    let mut browser = computer.open();
    browser.post("/colour", &[("colour", "green"), ("max_age", "60")]).await;
    computer.close(browser);
    assert!(computer.is_on_disk("colour"), "it survives the browser on disk");

    computer.server.wait(59).await;
    let mut browser = computer.open();
    assert_eq!(colour(&mut browser).await.as_deref(), Some("green"));
    computer.server.wait(1).await;
    assert_eq!(colour(&mut browser).await, None, "expired, it is sent no more");
    computer.close(browser);
    assert!(!computer.is_on_disk("colour"), "and removed from the disk");
}

/// The cookie `colour` as the server reads it.
async fn colour<S: Server>(browser: &mut Browser<'_, S>) -> Option<String> {
    browser.get("/colour").await.member("colour")
}

/// The number of visits of this session, this one included.
async fn visit<S: Server>(browser: &mut Browser<'_, S>) -> Option<u32> {
    browser.post("/visits", &[]).await.member("visits")?.parse().ok()
}

fn has_expiry(set_cookie: &str) -> bool {
    let line = set_cookie.to_ascii_lowercase();
    line.contains("max-age=") || line.contains("expires=")
}
