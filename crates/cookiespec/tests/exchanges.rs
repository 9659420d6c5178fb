//! What went over the network for a case, in every place that shows it.

mod support;

use std::fs;

use serde_json::Value;
use support::cookiespec;

/// A client that is built in, a case on which it misses something, and one on which it does not.
const CLIENT: &str = "client:reqwest";
const MISSED: &str = "jar.pair.0017";
const PASSED: &str = "jar.pair.0001";

#[test]
fn an_event_file_has_the_exchanges_of_what_is_missed_and_reports_show_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (events, html) = (file("run.ndjson"), file("report.html"));
    let only = format!("{MISSED},{PASSED}");
    let format = format!("events={events}");
    let ran = cookiespec(&["run", CLIENT, "--only", &only, "--format", &format]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);

    let text = fs::read_to_string(&events).unwrap();
    let of = |case: &str| -> Value {
        let is_result = |event: &Value| event["event"] == "result" && event["case"] == case;
        let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.find(is_result).unwrap()["ok"]["exchanges"].clone()
    };
    assert_eq!(of(PASSED), Value::Null);
    let missed = of(MISSED);
    assert_eq!(missed.as_array().unwrap().len(), 2);
    assert!(missed[0]["request"].as_str().unwrap().starts_with("GET / HTTP/1.1\r\n"), "{missed}");
    let response = missed[0]["response"].as_str().unwrap();
    assert!(response.contains("\r\nSet-Cookie: a=\u{a0}b\u{a0}\r\n"), "{response:?}");

    let made = cookiespec(&["report", &events, "--format", &format!("html={html}")]);
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let page = fs::read_to_string(&html).unwrap();
    assert!(page.contains(r"\u003c Set-Cookie: a=\\xa0b\\xa0"), "no exchange on the page");
    assert!(page.contains("'https://site.example/?set-cookie=a%3D%A0b%A0'"), "no command");
}

#[test]
fn explain_shows_the_exchanges_and_the_first_request_as_a_command() {
    let explained = cookiespec(&["explain", MISSED, "--target", CLIENT]).stdout;
    for part in [
        "\n  > GET / HTTP/1.1\n",
        "\n  < Set-Cookie: a=\\xa0b\\xa0\n",
        "--cacert \"$CA\" 'https://site.example/?set-cookie=a%3D%A0b%A0'\n",
    ] {
        assert!(explained.contains(part), "{part} is not in {explained}");
    }
    let explained = cookiespec(&["explain", MISSED, "--target", "cookie_store"]).stdout;
    assert!(!explained.contains("requests and responses"), "{explained}");
}
