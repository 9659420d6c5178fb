//! What arrives in HTTP/1.1.

use std::time::SystemTime;

use cookiespec_wire::Scheme;
use cookiespec_wire::server::{HttpVersion, Reply};

use crate::support::{Octets, answering, only, start, telling};

#[test]
fn the_origin_is_that_of_the_absolute_form() {
    let origins = telling();
    let mut client = Octets::connect(&origins);
    let body = client.request("GET http://A.Test:8080/x?y HTTP/1.1\r\nHost: other.test\r\n\r\n");
    assert_eq!(body, "http://a.test:8080/x?y");
    let request = &only(&origins).request;
    assert_eq!((request.scheme, &*request.host, request.port), (Scheme::Http, "a.test", 8080));
    assert_eq!((&*request.method, &*request.target, request.tls), ("GET", "/x?y", false));
    assert_eq!(request.version, HttpVersion::Http11);
    assert_eq!(request.values("HOST").collect::<Vec<_>>(), [b"other.test"]);
    assert!(request.at <= SystemTime::now());
}

#[test]
fn the_origin_is_that_of_the_host_field_in_origin_form() {
    let origins = telling();
    let mut client = Octets::connect(&origins);
    assert_eq!(client.request("GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n"), "http://a.test/x");
    assert_eq!(client.request("OPTIONS * HTTP/1.1\r\nHost: [::1]:81\r\n\r\n"), "http://[::1]:81");
}

#[test]
fn one_connection_serves_all_hosts() {
    let origins = telling();
    let mut client = Octets::connect(&origins);
    for host in ["a.test", "sub.a.test", "localhost", "127.0.0.1", "a.co.uk", "xn--bcher-kva.test"]
    {
        let body = client.request(format!("GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(body, format!("http://{host}/"));
    }
    assert!(origins.exchanges().iter().all(|exchange| exchange.request.connection == 1));
    let mut other = Octets::connect(&origins);
    other.request("GET http://a.test/ HTTP/1.1\r\n\r\n");
    assert_eq!(origins.exchanges().last().unwrap().request.connection, 2);
}

#[test]
fn cookie_lines_are_kept_octet_for_octet() {
    let mut value: Vec<u8> = (0..=255).filter(|octet| *octet != b'\n').collect();
    // A CR before the line break is part of it.
    value.push(b'.');
    let origins = telling();
    let mut client = Octets::connect(&origins);
    let head = [
        b"GET http://a.test/ HTTP/1.1\r\nCookie: a=",
        &value[..],
        b"\r\ncookie:\t b \r\nCOOKIE:\r\nCookie: c;\r\n d\r\n\r\n",
    ]
    .concat();
    client.request(&head);
    let request = &only(&origins).request;
    let cookies: Vec<_> = request.values("cookie").collect();
    assert_eq!(cookies, [&[b"a=", &value[..]].concat()[..], b"b", b"", b"c;\r\n d"]);
    let names: Vec<_> = request.fields.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["Cookie", "cookie", "COOKIE", "Cookie"]);
    assert_eq!(request.head, head);
}

#[test]
fn content_is_read_by_its_length_and_in_chunks() {
    let origins = start(Default::default(), |request| Reply::new(200).body(request.body.clone()));
    let mut client = Octets::connect(&origins);
    let post = "POST http://a.test/ HTTP/1.1\r\n";
    assert_eq!(client.request(format!("{post}Content-Length: 3\r\n\r\nabc")), "abc");
    let chunks = "3\r\nabc\r\n00a;x=y\r\n0123456789\r\n0\r\nT: x\r\n\r\n";
    let request = format!("{post}Transfer-Encoding: Chunked\r\n\r\n{chunks}");
    assert_eq!(client.request(request), "abc0123456789");
    assert_eq!(client.request(format!("{post}\r\n")), "");
}

#[test]
fn a_client_that_waits_for_100_continue_gets_it() {
    let origins = start(Default::default(), |request| Reply::new(200).body(request.body.clone()));
    let mut client = Octets::connect(&origins);
    let head = "POST http://a.test/ HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    client.send(head);
    assert_eq!(client.head(), "HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(client.request("ab"), "ab");
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let origins = telling();
    let mut client = Octets::connect(&origins);
    let requests: String =
        (0..20).map(|number| format!("GET /{number} HTTP/1.1\r\nHost: a.test\r\n\r\n")).collect();
    client.send(requests);
    for number in 0..20 {
        assert_eq!(client.response().1, format!("http://a.test/{number}"));
    }
}

#[test]
fn a_request_may_arrive_octet_by_octet() {
    let origins = telling();
    let mut client = Octets::connect(&origins);
    // The first letter could be that of HTTP/2.
    for octet in b"\r\nPUT http://a.test/ HTTP/1.1\r\nContent-Length: 1\r\n\r\nx" {
        client.send([*octet]);
    }
    assert_eq!(client.response().1, "http://a.test/");
    assert_eq!(only(&origins).request.body, b"x");
}

#[test]
fn connections_are_kept_as_the_client_says() {
    let origins = telling();
    for (request, connection) in [
        ("GET http://a.test/ HTTP/1.1\r\nConnection: x, Close\r\n\r\n", Some("close")),
        ("GET http://a.test/ HTTP/1.0\r\n\r\n", Some("close")),
        ("GET http://a.test/ HTTP/1.0\r\nProxy-Connection: keep-alive\r\n\r\n", Some("keep-alive")),
        ("GET http://a.test/ HTTP/1.1\r\n\r\n", None),
    ] {
        let mut client = Octets::connect(&origins);
        client.send(request);
        let (head, _) = client.response();
        let found = head.lines().find_map(|line| line.strip_prefix("Connection: "));
        assert_eq!(found, connection, "{request:?}");
        if connection == Some("close") {
            assert_eq!(client.rest(), b"");
        } else {
            client.request("GET http://a.test/ HTTP/1.1\r\n\r\n");
        }
    }
}

#[test]
fn the_response_to_head_has_no_content() {
    let origins = answering(Reply::new(200).body("abc"));
    let mut client = Octets::connect(&origins);
    client.send("HEAD http://a.test/ HTTP/1.1\r\n\r\n");
    assert!(client.head().contains("Content-Length: 3\r\n"));
    assert_eq!(client.request("GET http://a.test/ HTTP/1.1\r\n\r\n"), "abc");
}
