//! HTTP/2, in which the client is `h2`.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use cookiespec_wire::Scheme;
use cookiespec_wire::server::{HttpVersion, Interim, Limits, Options, Origins, Reply};
use h2::Reason;
use h2::client::SendRequest;
use http::{HeaderMap, Request, Response};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{
    Octets, PATIENCE, answering, eventually, failure, limited, only, start, telling, tls_config,
};

#[test]
fn crumbs_of_the_cookie_field_are_not_joined() {
    let origins = telling();
    wait(async {
        let mut client = connect(&origins).await;
        let request = get("https://a.test:8443/x?y")
            .header("cookie", "a=1")
            .header("x", "z")
            .header("cookie", "b=2; c=3");
        let (response, body, _) = exchange(&mut client, request.body(()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(body, b"https://a.test:8443/x?y");
    });
    let request = &only(&origins).request;
    let cookies: Vec<_> = request.values("cookie").collect();
    assert_eq!(cookies, [&b"a=1"[..], b"b=2; c=3"]);
    let names: Vec<_> = request.fields.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["cookie", "cookie", "x"], "lines of one name stand together");
    assert_eq!((request.version, request.scheme), (HttpVersion::Http2, Scheme::Https));
    assert_eq!((&*request.host, request.port, &*request.target), ("a.test", 8443, "/x?y"));
    assert_eq!(request.head, b"");
}

#[test]
fn tls_in_a_tunnel_leads_to_http2() {
    let origins = telling();
    wait(async {
        let mut client = connect_through_tls(&origins, "a.test").await;
        for path in ["1", "2"] {
            let uri = format!("https://a.test/{path}");
            let request = get(&uri).body(()).unwrap();
            let (_, body, _) = exchange(&mut client, request).await.unwrap();
            assert_eq!(body, uri.as_bytes());
        }
    });
    let exchanges = origins.exchanges();
    assert!(exchanges.iter().all(|exchange| exchange.request.tls));
    assert!(exchanges.iter().all(|exchange| exchange.request.connection == 1));
}

#[test]
fn requests_of_a_connection_are_answered_side_by_side() {
    let origins = telling();
    wait(async {
        let client = connect(&origins).await;
        let mut pending = Vec::new();
        for number in 0..50 {
            let mut client = client.clone().ready().await.unwrap();
            let request = get(&format!("http://h{number}.test/")).body(()).unwrap();
            pending.push(client.send_request(request, true).unwrap().0);
        }
        for response in pending {
            assert_eq!(response.await.unwrap().status(), 200);
        }
    });
    assert_eq!(origins.exchanges().len(), 50);
}

#[test]
fn interim_responses_and_trailers_are_sent() {
    let fields = |value: &str| vec![("Set-Cookie".to_owned(), value.as_bytes().to_vec())];
    let origins = answering(Reply {
        interim: vec![Interim { status: 103, fields: fields("i=1") }],
        trailers: fields("t=1"),
        ..Reply::new(200).field("Set-Cookie", "a=1").field("Set-Cookie", b"b=\xff").body("abc")
    });
    wait(async {
        let mut client = connect(&origins).await.ready().await.unwrap();
        let request = get("http://a.test/").body(()).unwrap();
        let (mut response, _) = client.send_request(request, true).unwrap();
        let interim = std::future::poll_fn(|context| response.poll_informational(context)).await;
        let interim = interim.unwrap().unwrap();
        assert_eq!(
            (interim.status().as_u16(), &interim.headers()["set-cookie"]),
            (103, &"i=1".parse().unwrap())
        );
        let (response, body, trailers) = content(response.await.unwrap()).await;
        let cookies: Vec<_> =
            response.headers().get_all("set-cookie").iter().map(|value| value.as_bytes()).collect();
        assert_eq!(cookies, [&b"a=1"[..], b"b=\xff"]);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.headers().contains_key("date"));
        assert_eq!(body, b"abc");
        assert_eq!(trailers.unwrap()["set-cookie"], "t=1");
    });
}

#[test]
fn what_http2_cannot_express_is_left_to_http1() {
    for (reply, what) in [
        (Reply::new(200).field("Set-Cookie", "a=\x01"), r"the field Set-Cookie: a=\x01"),
        (Reply::new(200).field("Set-Cookie", "a=1 "), "the field Set-Cookie: a=1 "),
        (Reply::new(200).field("Set Cookie", "a"), "the field Set Cookie: a"),
        (Reply::new(200).field("Connection", "close"), "the field Connection: close"),
        (Reply::raw("x"), "a raw response"),
        (Reply::new(42), "the status code 42"),
        (Reply::new(103), "103 as the final status code"),
    ] {
        let origins = answering(reply.clone());
        wait(async {
            let mut client = connect(&origins).await;
            let request = get("http://a.test/").body(()).unwrap();
            let error = exchange(&mut client, request).await.unwrap_err();
            assert_eq!(error.reason(), Some(Reason::HTTP_1_1_REQUIRED), "{what}");
        });
        let exchange = only(&origins);
        assert_eq!(exchange.unsent, Some(format!("HTTP/2 cannot express {what}")));
        assert_eq!(exchange.reply, reply);
    }
}

#[test]
fn content_goes_both_ways() {
    let origins = start(Options::default(), |request| Reply::new(200).body(request.body.clone()));
    let sent = vec![b'x'; 300_000];
    wait(async {
        let mut client = connect(&origins).await.ready().await.unwrap();
        let request = Request::post("http://a.test/").body(()).unwrap();
        let (response, mut stream) = client.send_request(request, false).unwrap();
        stream.send_data(Bytes::from(sent.clone()), true).unwrap();
        let (_, body, _) = content(response.await.unwrap()).await;
        assert!(body == sent, "{} octets", body.len());
    });
}

#[test]
fn head_and_statuses_without_content_have_none() {
    let origins = start(Options::default(), |request| {
        Reply::new(if request.target == "/204" { 204 } else { 200 }).body("abc")
    });
    wait(async {
        let mut client = connect(&origins).await;
        for request in [Request::head("http://a.test/"), get("http://a.test/204")] {
            let (_, body, _) = exchange(&mut client, request.body(()).unwrap()).await.unwrap();
            assert_eq!(body, b"");
        }
    });
}

#[test]
fn too_much_content_ends_the_request_and_not_the_connection() {
    let origins = limited(Limits { body: 1000, ..Limits::default() });
    wait(async {
        let client = connect(&origins).await;
        let request = Request::post("http://a.test/").body(()).unwrap();
        let mut ready = client.clone().ready().await.unwrap();
        let (response, mut stream) = ready.send_request(request, false).unwrap();
        stream.send_data(Bytes::from(vec![b'x'; 1001]), true).unwrap();
        response.await.unwrap_err();
        let (response, ..) =
            exchange(&mut client.clone(), get("http://a.test/").body(()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
    });
    failure(&origins, "a content of more than 1000 octets");
}

#[test]
fn a_request_that_does_not_end_is_given_up() {
    let time = Duration::from_millis(50);
    let origins = limited(Limits { request_time: time, ..Limits::default() });
    wait(async {
        let mut client = connect(&origins).await.ready().await.unwrap();
        let request = Request::post("http://a.test/").body(()).unwrap();
        let (response, _stream) = client.send_request(request, false).unwrap();
        assert_eq!(response.await.unwrap_err().reason(), Some(Reason::CANCEL));
    });
    failure(&origins, "HTTP/2: no complete request within 0.05 s");
}

#[test]
fn a_connection_without_requests_is_closed() {
    let time = Duration::from_millis(50);
    let origins = limited(Limits { idle_time: time, ..Limits::default() });
    wait(async {
        let stream = TcpStream::connect(origins.address()).await.unwrap();
        let (_client, connection) = h2::client::handshake(stream).await.unwrap();
        connection.await.unwrap();
    });
}

#[test]
fn what_is_no_http2_is_noted() {
    let origins = telling();
    let mut client = Octets::connect(&origins);
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    client.send([0xff; 64]);
    // The server says goodbye first.
    while !client.is_over() {}
    failure(&origins, "HTTP/2: ");
}

#[test]
fn a_control_octet_in_a_request_ends_the_connection() {
    for (cookie, is_refused) in [(b"a=1", false), (b"a=\x01", true)] {
        let origins = telling();
        let mut client = Octets::connect(&origins);
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        // A SETTINGS frame, and a HEADERS frame with both flags that end something, of stream 1.
        client.send([0, 0, 0, 4, 0, 0, 0, 0, 0]);
        // GET, http and / from the table; :authority by its index; a field with a new name.
        let block = [b"\x82\x86\x84\x41\x06a.test\x00\x06cookie\x03", &cookie[..]].concat();
        client.send([0, 0, block.len() as u8, 1, 0b101, 0, 0, 0, 1]);
        client.send(block);
        if is_refused {
            while !client.is_over() {}
            failure(&origins, "HTTP/2: connection error");
            assert_eq!(origins.exchanges().len(), 0);
        } else {
            assert!(eventually(|| origins.exchanges().len() == 1));
            assert_eq!(only(&origins).request.values("cookie").next(), Some(&cookie[..]));
        }
    }
}

/// Runs a client. A server that does not answer fails the test.
fn wait(client: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(PATIENCE, client).await }).unwrap();
}

fn get(uri: &str) -> http::request::Builder {
    Request::get(uri)
}

/// HTTP/2 without TLS.
async fn connect(origins: &Origins) -> SendRequest<Bytes> {
    let stream = TcpStream::connect(origins.address()).await.unwrap();
    let (client, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn connect_through_tls(origins: &Origins, host: &'static str) -> SendRequest<Bytes> {
    let mut stream = TcpStream::connect(origins.address()).await.unwrap();
    stream.write_all(format!("CONNECT {host}:443 HTTP/1.1\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = [0; 39];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 Connection established\r\n\r\n");

    let connector = tokio_rustls::TlsConnector::from(tls_config(origins, &["h2"]));
    let stream = connector.connect(ServerName::try_from(host).unwrap(), stream).await.unwrap();
    let (client, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The head, the content and the trailers of a response.
type Whole = (Response<()>, Vec<u8>, Option<HeaderMap>);

async fn exchange(
    client: &mut SendRequest<Bytes>,
    request: Request<()>,
) -> Result<Whole, h2::Error> {
    let mut ready = client.clone().ready().await?;
    let (response, _) = ready.send_request(request, true)?;
    Ok(content(response.await?).await)
}

async fn content(response: Response<h2::RecvStream>) -> Whole {
    let (head, mut stream) = response.into_parts();
    let mut body = Vec::new();
    while let Some(octets) = stream.data().await {
        let octets = octets.unwrap();
        body.extend_from_slice(&octets);
        stream.flow_control().release_capacity(octets.len()).unwrap();
    }
    (Response::from_parts(head, ()), body, stream.trailers().await.unwrap())
}
