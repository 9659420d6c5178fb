//! What is received: framing, fields, and responses that are not HTTP.

use cookiespec_wire::{Error, Request};

use crate::server::{BOUNDS, Server, received, received_for, script};

fn body(octets: &str) -> Vec<u8> {
    received(octets).unwrap().body
}

#[test]
fn content_ends_after_its_length() {
    assert_eq!(body("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef"), b"abc");
}

#[test]
fn chunks_are_joined_without_extensions_and_trailers() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        3;name=value\r\nabc\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
    assert_eq!(body(chunked), b"abc0123456789");
}

#[test]
fn chunked_takes_precedence_over_a_length() {
    let chunked = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n\
        2\r\nab\r\n0\r\n\r\n";
    assert_eq!(body(chunked), b"ab");
}

#[test]
fn content_without_a_length_ends_with_the_connection() {
    assert_eq!(body("HTTP/1.1 200 OK\r\n\r\nall of\r\n\r\nthis"), b"all of\r\n\r\nthis");
}

#[test]
fn a_response_may_arrive_octet_by_octet() {
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\nT: u\r\n\r\n",
    ] {
        let server = Server::start(vec![script(move |mut peer| {
            peer.stream.set_nodelay(true).unwrap();
            peer.read_head();
            response.bytes().for_each(|octet| peer.send(&[octet]));
        })]);
        let response = server.client(BOUNDS).send(&Request::new("GET", "/")).unwrap();
        assert_eq!(response.body, b"abc");
        server.finish();
    }
}

#[test]
fn the_response_to_head_has_no_content() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    assert_eq!(received_for("HEAD", head).unwrap().body, b"");
}

#[test]
fn some_statuses_have_no_content() {
    for status in ["101", "204", "304"] {
        let response = format!("HTTP/1.1 {status} X\r\nContent-Length: 1000\r\n\r\n");
        assert_eq!(received(response).unwrap().body, b"", "{status}");
    }
}

#[test]
fn interim_responses_are_skipped() {
    let responses = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nSet-Cookie: a=b\r\n\r\n\
        HTTP/1.1 204 No Content\r\n\r\n";
    let response = received(responses).unwrap();
    assert_eq!((response.status, response.fields.len()), (204, 0));
}

#[test]
fn field_values_are_received_octet_for_octet() {
    let obs_text: Vec<u8> = (0x80..=0xFF).collect();
    let head = [b"HTTP/1.1 204 X\r\nSet-Cookie:  a=\"", &obs_text[..], b"\" ;\t\r\n\r\n"].concat();
    let response = received(head).unwrap();
    let value = [b"a=\"", &obs_text[..], b"\" ;"].concat();
    assert_eq!(response.fields, [("Set-Cookie".to_owned(), value)]);
}

#[test]
fn repeated_fields_keep_their_order() {
    let response =
        received("HTTP/1.1 204 X\r\nSet-Cookie: B=2\r\nVary: Cookie\r\nset-cookie: a=1\r\n\r\n")
            .unwrap();
    assert_eq!(response.all("SET-COOKIE").collect::<Vec<_>>(), [b"B=2", b"a=1"]);
    assert_eq!(response.first("set-cookie"), Some(&b"B=2"[..]));
    assert_eq!(response.list("Set-Cookie"), "b=2, a=1");
    assert_eq!((response.first("cookie"), response.list("cookie")), (None, String::new()));
}

#[test]
fn a_head_that_is_not_http_is_malformed() {
    for head in [
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 OK\r\n\r\n",
        "HTTP/1.1 2xx OK\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nna me: value\r\n\r\n",
        "HTTP/1.1 200 OK\r\nname: va\0lue\r\n\r\n",
    ] {
        let error = received(head).unwrap_err();
        assert!(matches!(error, Error::Malformed(_)), "{head:?}: {error}");
    }
}

#[test]
fn a_length_that_is_not_a_number_is_malformed() {
    for length in ["", "x", "-1", "1, 1", "99999999999999999999999999", "\u{e9}"] {
        let error =
            received(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n")).unwrap_err();
        assert!(matches!(error, Error::Malformed(_)), "{length}: {error}");
    }
}

#[test]
fn a_chunk_size_that_is_not_a_number_is_malformed() {
    for size in ["", "x", "-1", " ", "0x1", "11111111111111111"] {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let error = received(format!("{head}{size}\r\na\r\n0\r\n\r\n")).unwrap_err();
        assert!(matches!(error, Error::Malformed(_)), "{size:?}: {error}");
    }
}

#[test]
fn more_than_256_fields_are_malformed() {
    let head = |fields: usize| format!("HTTP/1.1 204 X\r\n{}\r\n", "a: b\r\n".repeat(fields));
    assert_eq!(received(head(256)).unwrap().fields.len(), 256);
    assert!(matches!(received(head(257)), Err(Error::Malformed(_))));
}

#[test]
fn an_end_within_a_response_is_reported_with_the_octets_received() {
    for (response, octets) in [
        ("", 0),
        ("HTTP/1.1 200 OK\r\nContent-", 25),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", 3),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab", 5),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", 0),
    ] {
        let error = received(response).unwrap_err();
        assert!(matches!(error, Error::Closed(count) if count == octets), "{response:?}: {error}");
    }
}

#[test]
fn messages_say_what_is_wrong() {
    let error = received("HTTP/1.1 200 OK\r\nContent-Length: \u{e9}\r\n\r\n").unwrap_err();
    let message = error.to_string();
    assert!(message.contains("not HTTP/1.1") && message.contains(r"\xc3\xa9"), "{message}");
    assert_eq!(
        received("").unwrap_err().to_string(),
        "the connection was closed without a response"
    );
}
