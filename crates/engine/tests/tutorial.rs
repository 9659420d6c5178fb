//! The tutorial this project grew out of, sentence by sentence: a server that knows its client by
//! a cookie, over a protocol without a memory.
#![cfg(feature = "std")]

use std::collections::HashMap;

use cookiespec_engine::persist::{CookieFile, Format};
use cookiespec_engine::{
    CookieStore, NoPublicSuffixes, Policy, Profile, Request, SetCookie, Uri, cookie_header,
};

const PROFILE: Profile = Profile::Rfc6265bis;

/// A response: the Set-Cookie field values it carries.
#[derive(Default)]
struct Response(Vec<Vec<u8>>);

impl Response {
    fn set_cookie(&mut self, name: &str, value: &str, max_age: Option<i64>) {
        let cookie = SetCookie {
            max_age,
            path: Some(b"/"),
            ..SetCookie::new(name.as_bytes(), value.as_bytes())
        };
        self.0.push(cookie.to_octets(PROFILE).unwrap());
    }
}

/// `COOKIES` of a request.
fn cookies(cookie_field: Option<&[u8]>) -> HashMap<String, String> {
    let text = |octets: &[u8]| String::from_utf8(octets.to_vec()).unwrap();
    cookie_header::pairs(cookie_field.unwrap_or_default())
        .map(|pair| (text(pair.name), text(pair.value)))
        .collect()
}

/// A browser with a clock, memory, and a disk.
struct Browser<'a> {
    memory: CookieStore<NoPublicSuffixes>,
    disk: &'a CookieFile,
    now: i64,
}

impl<'a> Browser<'a> {
    fn open(disk: &'a CookieFile, now: i64) -> Self {
        let mut memory = CookieStore::new(Policy::new(PROFILE), NoPublicSuffixes);
        disk.load(&mut memory, now).unwrap();
        Self { memory, disk, now }
    }

    fn visit(&mut self, view: impl FnOnce(&HashMap<String, String>, &mut Response)) {
        let request = Request::new(Uri::parse(b"https://shop.example/").unwrap());
        let sent = self.memory.cookie_string(&request, self.now, &mut ());
        let mut response = Response::default();
        view(&cookies(sent.as_deref()), &mut response);
        for line in response.0 {
            self.memory.receive(&line, &request, self.now, &mut ()).unwrap();
        }
        self.now += 1;
    }

    /// What the server would see.
    fn cookies(&mut self) -> HashMap<String, String> {
        let mut seen = HashMap::new();
        self.visit(|cookies, _| seen = cookies.clone());
        seen
    }

    fn close(self) -> i64 {
        self.disk.save(&self.memory, self.now).unwrap();
        self.now
    }
}

fn with_disk(test: impl FnOnce(&CookieFile)) {
    let folder = tempfile::tempdir().unwrap();
    test(&CookieFile::new(folder.path().join("cookies"), Format::JsonLines));
}

#[test]
fn http_is_stateless_and_the_cookie_is_the_only_memory() {
    with_disk(|disk| {
        let count = |cookies: &HashMap<String, String>, response: &mut Response| {
            let visits = cookies.get("visits").map_or(0, |visits| visits.parse::<u32>().unwrap());
            response.set_cookie("visits", &(visits + 1).to_string(), None);
        };
        let mut browser = Browser::open(disk, 0);
        for _ in 0..3 {
            browser.visit(count);
        }
        assert_eq!(browser.cookies()["visits"], "3");
        let mut stranger = Browser::open(disk, 0);
        assert!(stranger.cookies().is_empty(), "nothing ties another client to the first");
    });
}

#[test]
fn a_session_lasts_from_login_to_logout() {
    with_disk(|disk| {
        let mut browser = Browser::open(disk, 0);
        assert!(!browser.cookies().contains_key("sessionid"));
        browser.visit(|_, response| response.set_cookie("sessionid", "31d4d96e", None));
        for _ in 0..3 {
            assert_eq!(browser.cookies()["sessionid"], "31d4d96e", "on every request");
        }
        browser.visit(|_, response| response.set_cookie("sessionid", "", Some(0)));
        assert!(!browser.cookies().contains_key("sessionid"));
    });
}

#[test]
fn without_max_age_a_cookie_lives_in_memory_and_is_gone_when_the_browser_closes() {
    with_disk(|disk| {
        let mut browser = Browser::open(disk, 0);
        browser.visit(|_, response| response.set_cookie("colour", "green", None));
        assert_eq!(browser.cookies()["colour"], "green");
        let now = browser.close();
        assert!(Browser::open(disk, now).cookies().is_empty());
    });
}

#[test]
fn with_max_age_a_cookie_is_on_disk_until_it_expires_and_is_deleted_then() {
    with_disk(|disk| {
        let mut browser = Browser::open(disk, 0);
        browser.visit(|_, response| response.set_cookie("colour", "green", Some(60)));
        browser.close();
        let on_disk = || std::fs::read_to_string(disk.path()).unwrap().contains("colour");
        assert!(on_disk());

        let mut browser = Browser::open(disk, 59);
        assert_eq!(browser.cookies()["colour"], "green");
        drop(browser);

        let mut browser = Browser::open(disk, 61);
        assert!(browser.cookies().is_empty());
        assert!(!on_disk());
    });
}
