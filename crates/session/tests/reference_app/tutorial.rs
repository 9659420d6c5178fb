//! The tutorial this project grew out of, sentence by sentence, on a real application: the
//! reference engine plays the browser, with memory, a disk and a clock.

use cookiespec_engine::persist::{CookieFile, Format};
use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile};
use tempfile::TempDir;

use crate::site::{Browser, Site};

/// A computer with a disk, on which a browser is opened and closed.
struct Computer {
    site: Site,
    disk: CookieFile,
    _folder: TempDir,
}

impl Computer {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let disk = CookieFile::new(folder.path().join("cookies"), Format::JsonLines);
        Self { site: Site::new(None), disk, _folder: folder }
    }

    fn open(&self) -> Browser<'_> {
        let mut memory = CookieStore::new(Policy::new(Profile::Rfc6265bis), NoPublicSuffixes);
        self.disk.load(&mut memory, self.site.now()).unwrap();
        Browser { site: &self.site, memory }
    }

    fn close(&self, browser: Browser<'_>) {
        self.disk.save(&browser.memory, self.site.now()).unwrap();
    }

    fn is_on_disk(&self, text: &str) -> bool {
        std::fs::read_to_string(self.disk.path()).unwrap_or_default().contains(text)
    }
}

async fn colour(browser: &mut Browser<'_>) -> Option<String> {
    let reply = browser.get("/colour").await;
    let body: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    body["colour"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn http_is_stateless_and_the_cookie_is_the_only_memory() {
    let computer = Computer::new();
    let mut browser = computer.open();
    browser.login("alice").await;
    assert_eq!(browser.user().await.as_deref(), Some("alice"), "the cookie tells who asks");
    let same_request_without_it = computer.site.get("/whoami", b"").await;
    assert_eq!(same_request_without_it.user(), None, "nothing else does");
}

#[tokio::test]
async fn a_session_is_what_one_client_asks_from_login_to_logout() {
    let computer = Computer::new();
    let mut browser = computer.open();
    assert_eq!(browser.cookie_field(), None, "before login there is no session");
    browser.login("alice").await;
    let cookie = browser.cookie_field().expect("the server created a cookie, the client stored it");
    for visits in 1..=3 {
        let visits = visits.to_string();
        browser.write("visits", &visits).await;
        assert_eq!(browser.read("visits").await, Some(visits), "the session remembers");
        assert_eq!(browser.cookie_field().as_ref(), Some(&cookie), "sent on every request");
    }
    let mut other = computer.open();
    assert_eq!(other.read("visits").await, None, "another client has another session, or none");
    browser.post("/logout", &[]).await;
    assert_eq!(browser.cookie_field(), None, "logout deletes the cookie");
    assert_eq!(computer.site.get("/whoami", &cookie).await.user(), None, "and the session");
}

#[tokio::test]
async fn set_cookie_on_the_response_is_cookies_on_the_next_request() {
    let computer = Computer::new();
    let mut browser = computer.open();
    assert_eq!(colour(&mut browser).await, None);
    let reply = browser.post("/colour", &[("colour", "green")]).await;
    assert_eq!(reply.set_cookies(), ["colour=green; Path=/; Secure"], "max_age is None");
    assert_eq!(colour(&mut browser).await.as_deref(), Some("green"));
    let refused = browser.post("/colour", &[("colour", "sea green")]).await;
    assert_eq!((refused.status, refused.set_cookies().len()), (400, 0), "nothing is repaired");
    assert!(refused.body.contains("octet 3"), "{}", refused.body);
}

#[tokio::test]
async fn an_in_memory_cookie_is_gone_when_the_browser_closes() {
    let computer = Computer::new();
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

#[tokio::test]
async fn a_persistent_cookie_is_on_disk_until_it_expires() {
    let computer = Computer::new();
    let mut browser = computer.open();
    browser.post("/colour", &[("colour", "green"), ("max_age", "60")]).await;
    computer.close(browser);
    assert!(computer.is_on_disk("colour"), "it survives the browser on disk");

    computer.site.wait(59);
    let mut browser = computer.open();
    assert_eq!(colour(&mut browser).await.as_deref(), Some("green"));
    computer.site.wait(1);
    assert_eq!(colour(&mut browser).await, None, "expired, it is sent no more");
    computer.close(browser);
    assert!(!computer.is_on_disk("colour"), "and removed from the disk");
}
