//! What is sent.

use cookiespec_wire::{Bounds, Request};

use crate::server::{BOUNDS, sent};

fn text(octets: &[u8]) -> String {
    octets.escape_ascii().to_string()
}

#[test]
fn all_256_octets_of_a_field_value_are_sent_unchanged() {
    let every: Vec<u8> = (0..=255).collect();
    let mut request = Request::new("GET", "/");
    request.field("Cookie", &every);
    let octets = sent(&request, BOUNDS);
    assert!(octets.windows(every.len()).any(|part| part == every), "{}", text(&octets));
}

#[test]
fn names_order_and_repetitions_of_fields_are_kept() {
    let mut request = Request::new("GET", "/");
    for (name, value) in [("cOOkie", "b=2"), ("X-First", ""), ("cOOkie", "a=1"), ("Cookie", "c")] {
        request.field(name, value);
    }
    let octets = text(&sent(&request, BOUNDS));
    let fields = r"cOOkie: b=2\r\nX-First: \r\ncOOkie: a=1\r\nCookie: c\r\n";
    assert!(octets.contains(fields), "{octets}");
}

#[test]
fn a_line_break_in_a_value_starts_another_field_line() {
    let mut request = Request::new("GET", "/");
    request.field("A", "1\r\nB: 2");
    assert!(text(&sent(&request, BOUNDS)).contains(r"A: 1\r\nB: 2\r\n"));
}

#[test]
fn method_and_target_are_sent_as_they_are() {
    let octets = sent(&Request::new("pUrGe", "/a b?\u{e9}#f"), BOUNDS);
    assert!(octets.starts_with("pUrGe /a b?\u{e9}#f HTTP/1.1\r\n".as_bytes()), "{}", text(&octets));
}

#[test]
fn content_is_sent_unchanged_with_its_length() {
    let mut request = Request::new("POST", "/");
    request.body = b"\x00\r\n\r\n\xff".to_vec();
    let octets = sent(&request, BOUNDS);
    assert!(text(&octets).contains(r"Content-Length: 6\r\n"), "{}", text(&octets));
    assert!(octets.ends_with(b"\r\n\r\n\x00\r\n\r\n\xff"), "{}", text(&octets));
}

#[test]
fn only_methods_with_content_have_a_length_of_zero() {
    for (method, has_length) in
        [("POST", true), ("PUT", true), ("DELETE", true), ("GET", false), ("HEAD", false)]
    {
        let octets = text(&sent(&Request::new(method, "/"), BOUNDS));
        assert_eq!(octets.contains("Content-Length: 0"), has_length, "{octets}");
    }
}

#[test]
fn host_and_length_of_the_request_replace_the_computed_ones() {
    let mut request = Request::new("POST", "/");
    request.field("HOST", "elsewhere");
    request.field("content-length", "2");
    request.body = b"ab".to_vec();
    let octets = text(&sent(&request, BOUNDS)).to_lowercase();
    assert_eq!(octets.matches("host: ").count(), 1, "{octets}");
    assert_eq!(octets.matches("content-length: ").count(), 1, "{octets}");
}

#[test]
fn connection_close_is_sent_where_connections_are_not_kept() {
    let request = Request::new("GET", "/");
    assert!(text(&sent(&request, BOUNDS)).contains(r"Connection: close\r\n"));
    let kept = sent(&request, Bounds { keep_alive: true, ..BOUNDS });
    assert!(!text(&kept).contains("Connection"), "{}", text(&kept));
}
