//! What goes out in HTTP/1.1, octet for octet.

use std::time::{Duration, SystemTime};

use cookiespec_wire::server::{DateField, Interim, Reply};

use crate::support::{Octets, answering};

const GET: &str = "GET http://a.test/ HTTP/1.1\r\n\r\n";

/// A reply without the fields that would be added to it.
fn bare(status: u16) -> Reply {
    Reply { date: DateField::None, ..Reply::new(status) }.field("Cache-Control", "x")
}

/// Everything that a client gets that closes the connection after its request.
fn sent(reply: Reply, request: &str) -> String {
    let origins = answering(reply);
    let mut client = Octets::connect(&origins);
    client.send(request);
    client.close_sending();
    client.rest().escape_ascii().to_string()
}

#[test]
fn every_octet_of_a_field_goes_out() {
    let octets: Vec<u8> = (0..=255).filter(|octet| !b"\r\n".contains(octet)).collect();
    let reply = bare(200).field("Set-Cookie", octets.clone()).field("set-cookie", " b \t");
    let want = [
        b"HTTP/1.1 200 OK\r\nCache-Control: x\r\nSet-Cookie: ",
        &octets[..],
        b"\r\nset-cookie:  b \t\r\nContent-Length: 0\r\n\r\n",
    ];
    assert_eq!(sent(reply, GET), want.concat().escape_ascii().to_string());
}

#[test]
fn broken_and_folded_lines_go_out_and_end_the_connection() {
    for value in ["a=1\nb: 2", "a=1\r\n ;Secure", "a=1\r", "a\n\nb"] {
        let want = format!(
            "HTTP/1.1 200 OK\r\nCache-Control: x\r\nSet-Cookie: {value}\r\nConnection: close\r\n\
             Content-Length: 0\r\n\r\n"
        );
        // The client keeps its side open: the server is the one that ends.
        let origins = answering(bare(200).field("Set-Cookie", value));
        let mut client = Octets::connect(&origins);
        client.send(GET);
        assert_eq!(client.rest(), want.as_bytes(), "{value:?}");
    }
}

#[test]
fn a_raw_response_is_all_that_goes_out() {
    let raw = b"HTTP/1.1 200\nSet-Cookie :a=1\0\nset-cookie:\tb\xff\n\nx";
    let origins = answering(Reply::raw(*raw));
    let mut client = Octets::connect(&origins);
    client.send(GET);
    assert_eq!(client.rest(), raw);
}

#[test]
fn interim_responses_come_first() {
    let interim =
        |status| Interim { status, fields: vec![("Set-Cookie".into(), b"i=1\x01".to_vec())] };
    let reply = Reply { interim: vec![interim(103), interim(199)], ..bare(204) };
    let want = "HTTP/1.1 103 Early Hints\r\nSet-Cookie: i=1\u{1}\r\n\r\n\
        HTTP/1.1 199 \r\nSet-Cookie: i=1\u{1}\r\n\r\n\
        HTTP/1.1 204 No Content\r\nCache-Control: x\r\n\r\n";
    assert_eq!(
        sent(reply.clone(), GET),
        want.escape_default().to_string().replace("\\u{1}", "\\x01")
    );
    let old = sent(reply, "GET http://a.test/ HTTP/1.0\r\n\r\n");
    assert!(old.starts_with("HTTP/1.1 204 "), "HTTP/1.0 has no interim responses: {old}");
}

#[test]
fn trailers_come_after_chunks() {
    let trailers = vec![("Set-Cookie".into(), b"t=1".to_vec())];
    let reply = Reply { trailers, ..bare(200).body("0123456789abcdef") };
    let head = "HTTP/1.1 200 OK\r\nCache-Control: x\r\n";
    let want = format!(
        "{head}Transfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n0\r\nSet-Cookie: t=1\r\n\r\n"
    );
    assert_eq!(sent(reply.clone(), GET), want.escape_default().to_string());
    let want = format!("{head}Transfer-Encoding: chunked\r\n\r\n0\r\nSet-Cookie: t=1\r\n\r\n");
    let empty = Reply { body: vec![], ..reply.clone() };
    assert_eq!(sent(empty, GET), want.escape_default().to_string());
    let want = format!("{head}Connection: close\r\nContent-Length: 16\r\n\r\n0123456789abcdef");
    let old = sent(reply, "GET http://a.test/ HTTP/1.0\r\n\r\n");
    assert_eq!(old, want.escape_default().to_string());
}

#[test]
fn the_date_is_what_the_responder_says() {
    let date = |reply: Reply| {
        let sent = sent(reply, GET);
        let at = sent.find("Date: ")? + "Date: ".len();
        Some(sent[at..at + "Sun, 06 Nov 1994 08:49:37 GMT".len()].to_owned())
    };
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let given = |time| Reply { date: DateField::At(time), ..Reply::new(200) };
    assert_eq!(date(given(at(784_111_777))).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(date(given(at(253_402_300_799))).unwrap(), "Fri, 31 Dec 9999 23:59:59 GMT");
    assert_eq!(date(given(at(253_402_300_800))), None);
    assert_eq!(date(given(SystemTime::UNIX_EPOCH - Duration::from_secs(1))), None);
    assert_eq!(date(Reply { date: DateField::None, ..Reply::new(200) }), None);
    let own = sent(Reply::new(200).field("date", "x"), GET);
    assert!(own.contains("date: x") && !own.contains("Date"), "there is one already: {own}");
    let before = SystemTime::now() - Duration::from_secs(1);
    let now = httpdate::parse_http_date(&date(Reply::new(200)).unwrap()).unwrap();
    assert!(before <= now && now <= SystemTime::now(), "{now:?}");
}

#[test]
fn nothing_is_stored_by_a_cache() {
    assert!(sent(Reply::new(200), GET).contains("Cache-Control: no-store"));
    let own = sent(Reply::new(200).field("cache-control", "private"), GET);
    assert!(own.contains("cache-control: private") && !own.contains("no-store"), "{own}");
}

#[test]
fn a_length_that_is_not_that_of_the_content_ends_the_connection() {
    let reply = bare(200).field("Content-Length", "5").body("abc");
    let want =
        "HTTP/1.1 200 OK\r\nCache-Control: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabc";
    let origins = answering(reply);
    let mut client = Octets::connect(&origins);
    client.send(GET);
    assert_eq!(client.rest(), want.as_bytes());
}
