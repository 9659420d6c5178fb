//! Every browser that is installed, behind a proxy that answers for every host.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use cookiespec_agents::webdriver::{Browser, BrowserAgent};
use cookiespec_agents::{Agent, AgentError, Navigation};

/// A proxy for plain HTTP that is every origin.
struct Origins {
    address: SocketAddr,
    requests: Arc<Log>,
}

/// URI and Cookie field of each request, in order.
type Log = Mutex<Vec<(String, Option<String>)>>;

impl Origins {
    /// Answers with these responses, by URI; with 404 otherwise, and not at all to `/never`.
    fn start(answers: &[(&str, &str)]) -> Self {
        let answers: HashMap<String, String> =
            answers.iter().map(|&(uri, answer)| (uri.to_owned(), answer.to_owned())).collect();
        let answers = Arc::new(answers);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (answers, log) = (Arc::clone(&answers), Arc::clone(&log));
                thread::spawn(move || serve(stream.unwrap(), &answers, &log));
            }
        });
        Self { address, requests }
    }

    /// The Cookie fields that came with the requests for a URI.
    fn cookies(&self, uri: &str) -> Vec<Option<String>> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .filter(|(known, _)| known == uri)
            .map(|(_, cookie)| cookie.clone())
            .collect()
    }

    fn last_cookie(&self, uri: &str) -> Option<String> {
        self.cookies(uri).pop().expect("the request arrived")
    }
}

fn serve(stream: TcpStream, answers: &HashMap<String, String>, log: &Log) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            match reader.read_line(&mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) if line.trim_end().is_empty() => break,
                Ok(_) => lines.push(line.trim_end().to_owned()),
            }
        }
        let uri = lines[0].split(' ').nth(1).unwrap_or_default().to_owned();
        let cookie = lines.iter().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("cookie").then(|| value.trim().to_owned())
        });
        log.lock().unwrap().push((uri.clone(), cookie));
        if uri.ends_with("/never") {
            thread::park_timeout(Duration::from_secs(60));
            return;
        }
        let answer = answers.get(&uri).map_or("404 Not Found\r\n", |answer| answer);
        // Without an icon of its own a page makes browsers ask for /favicon.ico.
        let page = "<!DOCTYPE html><link rel=icon href=data:,>";
        let length = page.len();
        let response = format!(
            "HTTP/1.1 {answer}Content-Type: text/html\r\nContent-Length: {length}\r\n\r\n{page}"
        );
        if stream.write_all(response.as_bytes()).is_err() {
            return;
        }
    }
}

/// The browsers that are installed, one after the other.
fn each_browser(test: impl Fn(Browser)) {
    for browser in Browser::ALL {
        match browser.find() {
            Ok(_) => test(browser),
            Err(error) => eprintln!("skipped: {error}"),
        }
    }
}

fn start(browser: Browser, origins: &Origins) -> BrowserAgent {
    BrowserAgent::start(browser, origins.address, PAGE_TIME).unwrap()
}

#[test]
fn cookies_are_kept_along_redirects_cleared_and_kept_over_a_restart() {
    each_browser(|browser| {
        let origins = Origins::start(&[
            (
                "http://www.a.test/set",
                "302 Found\r\nSet-Cookie: s=1\r\nSet-Cookie: p=2; Max-Age=1000\r\n\
                 Location: http://www.b.test/\r\n",
            ),
            ("http://www.b.test/", "302 Found\r\nLocation: http://www.a.test/see\r\n"),
            ("http://www.a.test/see", "200 OK\r\n"),
        ]);
        let mut agent = start(browser, &origins);
        let name = browser.name();
        assert!(agent.about().version.starts_with(|char: char| char.is_ascii_digit()), "{name}");

        agent.navigate(&Navigation::get("http://www.a.test/set", 18)).unwrap();
        let kept = origins.last_cookie("http://www.a.test/see");
        assert_eq!(kept.as_deref(), Some("s=1; p=2"), "{name}");

        if agent.facts().restart {
            agent.restart().unwrap();
            agent.navigate(&Navigation::get("http://www.a.test/see", 18)).unwrap();
            let kept = origins.last_cookie("http://www.a.test/see");
            assert_eq!(kept.as_deref(), Some("p=2"), "{name}");
        } else {
            assert!(matches!(agent.restart(), Err(AgentError::Unsupported { .. })), "{name}");
        }

        agent.clear().unwrap();
        agent.navigate(&Navigation::get("http://www.a.test/see", 18)).unwrap();
        assert_eq!(origins.last_cookie("http://www.a.test/see"), None, "{name}");
    });
}

#[test]
fn cookies_are_cleared_of_hosts_that_are_known_to_have_some() {
    each_browser(|browser| {
        let origins = Origins::start(&[
            (
                "http://www.a.test/set",
                "302 Found\r\nSet-Cookie: h=1\r\nSet-Cookie: d=2; Domain=a.test\r\n\
                 Set-Cookie: p=3; Path=/x; HttpOnly\r\nLocation: http://127.0.0.1/set\r\n",
            ),
            (
                "http://127.0.0.1/set",
                "302 Found\r\nSet-Cookie: i=4\r\nLocation: http://b.test/\r\n",
            ),
            ("http://b.test/", "200 OK\r\nSet-Cookie: b=5\r\n"),
        ]);
        let mut agent = start(browser, &origins);
        let name = browser.name();
        let hosts = ["www.a.test", "a.test", "127.0.0.1", "b.test"].map(str::to_owned);
        let set = Navigation {
            hosts: Some(hosts.into()),
            ..Navigation::get("http://www.a.test/set", 18)
        };
        for _ in 0..2 {
            agent.navigate(&set).unwrap();
            for (uri, cookies) in [
                ("http://www.a.test/x/y", vec!["d=2", "h=1", "p=3"]),
                ("http://other.a.test/", vec!["d=2"]),
                ("http://127.0.0.1/y", vec!["i=4"]),
                ("http://b.test/y", vec!["b=5"]),
            ] {
                let see = Navigation { hosts: Some([].into()), ..Navigation::get(uri, 0) };
                agent.navigate(&see).unwrap();
                let header = origins.last_cookie(uri).unwrap_or_default();
                let mut sent: Vec<_> = header.split("; ").collect();
                sent.sort_unstable();
                assert_eq!(sent, cookies, "{name} {uri}");
            }
            agent.clear().unwrap();
            for uri in ["http://www.a.test/x/y", "http://other.a.test/", "http://127.0.0.1/y"] {
                agent
                    .navigate(&Navigation { hosts: Some([].into()), ..Navigation::get(uri, 0) })
                    .unwrap();
                assert_eq!(origins.last_cookie(uri), None, "{name} {uri}");
            }
        }
    });
}

#[test]
fn what_the_browser_cannot_do_or_refuses_is_told_apart() {
    each_browser(|browser| {
        let origins = Origins::start(&[("http://a.test/", "200 OK\r\nSet-Cookie: a=\0b\r\n")]);
        let mut agent = start(browser, &origins);
        let name = browser.name();

        let post = Navigation { method: "POST".to_owned(), ..Navigation::get("http://a.test/", 0) };
        let lacks_method = AgentError::Unsupported { need: "method".to_owned() };
        assert_eq!(agent.navigate(&post), Err(lacks_method), "{name}");
        assert_eq!(origins.cookies("http://a.test/"), [], "{name}");

        let refused = agent.navigate(&Navigation::get("http://a.test/", 0));
        assert_eq!(origins.cookies("http://a.test/").len(), 1, "{name}");
        assert!(matches!(refused, Err(AgentError::Refused { .. })), "{name}: {refused:?}");

        let late = agent.navigate(&Navigation::get("http://a.test/never", 0)).unwrap_err();
        assert!(late.to_string().contains("was not loaded"), "{name}: {late}");
        // It goes on with the next case.
        agent.clear().unwrap();
        agent.navigate(&Navigation::get("http://a.test/else", 0)).unwrap();
    });
}

#[test]
fn a_browser_makes_no_request_of_its_own() {
    each_browser(|browser| {
        let origins = Origins::start(&[("http://a.test/", "200 OK\r\n")]);
        let mut agent = start(browser, &origins);
        for _ in 0..10 {
            agent.navigate(&Navigation::get("http://a.test/", 0)).unwrap();
        }
        drop(agent);
        let requests = origins.requests.lock().unwrap();
        let others: Vec<_> = requests.iter().filter(|(uri, _)| uri != "http://a.test/").collect();
        assert!(others.is_empty(), "{}: {others:?}", browser.name());
    });
}

/// Long enough for a page of this test, on a busy machine.
const PAGE_TIME: Duration = Duration::from_secs(5);
