//! CONNECT, and TLS with whatever host a client asks for.

use std::fs;
use std::io::{Read, Write};

use cookiespec_wire::server::{Options, Origins, Reply};
use cookiespec_wire::{Bounds, Client, Request, Scheme, Trust};
use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};

use crate::support::{Octets, failure, start, telling, tls_config};

#[test]
fn a_tunnel_may_have_plain_http_in_it() {
    let origins = telling();
    let mut inside = Octets::over(Octets::tunnel(&origins, "a.test:80"));
    assert_eq!(inside.request("GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n"), "http://a.test/x");
    let body = inside.request("GET /y HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert_eq!(body, "http://a.test/y", "without a Host field, the host is that of the tunnel");
    let connections = origins.exchanges();
    assert!(connections.iter().all(|exchange| exchange.request.connection == 1));
    assert!(connections.iter().all(|exchange| !exchange.request.tls));
}

#[test]
fn a_tunnel_may_have_tls_in_it() {
    let origins = telling();
    for host in ["a.test", "sub.a.test", "localhost", "127.0.5.9", "a.co.uk", "under_score.test"] {
        let tunnel = Octets::tunnel(&origins, &format!("{host}:443"));
        let mut inside = Octets::over(tls(tunnel, &origins, host, &["http/1.1"]));
        let body = inside.request(format!("GET /x HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(body, format!("https://{host}/x"));
        assert_eq!(inside.stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
    }
    let exchange = origins.exchanges().pop().unwrap();
    assert!(exchange.request.tls && exchange.request.scheme == Scheme::Https);
}

#[test]
fn an_ipv6_address_has_a_certificate() {
    let origins = telling();
    let tunnel = Octets::tunnel(&origins, "[::1]:8443");
    let mut inside = Octets::over(tls(tunnel, &origins, "::1", &[]));
    let body = inside.request("GET / HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n");
    assert_eq!(body, "https://[::1]:8443/");
}

#[test]
fn a_client_that_maps_hosts_needs_no_proxy() {
    let origins = telling();
    let port = origins.address().port();
    for (scheme, uri) in [(Scheme::Http, "http"), (Scheme::Https, "https")] {
        let trust = Trust::File(origins.ca_file().to_owned());
        let client = Client::new(scheme, "a.test", port, &trust, Bounds::default()).unwrap();
        let client = client.pinned_to(vec![origins.address()]);
        let response = client.send(&Request::new("GET", "/x")).unwrap();
        assert_eq!(response.body, format!("{uri}://a.test:{port}/x").as_bytes());
    }
}

#[test]
fn a_proxy_may_be_spoken_to_through_tls() {
    let origins = telling();
    let stream = Octets::connect(&origins).stream;
    let mut outside = Octets::over(tls(stream, &origins, "127.0.0.1", &[]));
    outside.send("CONNECT a.test:443 HTTP/1.1\r\n\r\n");
    assert!(outside.head().starts_with("HTTP/1.1 200 "));
    let mut inside = Octets::over(tls(outside.stream, &origins, "a.test", &[]));
    let body = inside.request("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    assert_eq!(body, "https://a.test/");
}

#[test]
fn the_name_that_the_client_asks_for_takes_precedence() {
    let origins = telling();
    let tunnel = Octets::tunnel(&origins, "a.test:443");
    let mut inside = Octets::over(tls(tunnel, &origins, "b.test", &[]));
    let body = inside.request("GET / HTTP/1.1\r\nHost: c.test\r\n\r\n");
    assert_eq!(body, "https://c.test/");
}

#[test]
fn http2_is_offered_unless_it_is_switched_off() {
    for (http2, protocol) in [(true, &b"h2"[..]), (false, b"http/1.1")] {
        let origins = start(Options { http2, ..Options::default() }, |_| Reply::new(200));
        let tunnel = Octets::tunnel(&origins, "a.test:443");
        let mut inside = tls(tunnel, &origins, "a.test", &["h2", "http/1.1"]);
        inside.flush().unwrap();
        assert_eq!(inside.conn.alpn_protocol(), Some(protocol));
    }
}

#[test]
fn octets_of_the_client_may_come_with_connect() {
    let origins = telling();
    let mut client = Octets::connect(&origins);
    client.send("CONNECT a.test:80 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    assert!(client.head().starts_with("HTTP/1.1 200 "));
    assert_eq!(client.response().1, "http://a.test/");
}

#[test]
fn a_tunnel_inside_a_tunnel_is_refused() {
    let origins = telling();
    let mut inside = Octets::over(Octets::tunnel(&origins, "a.test:80"));
    inside.send("CONNECT b.test:80 HTTP/1.1\r\n\r\n");
    assert!(inside.head().starts_with("HTTP/1.1 400 "));
    failure(&origins, "a tunnel inside a tunnel to a.test:80: \"b.test\"");
}

#[test]
fn a_client_that_trusts_another_authority_is_noted() {
    let origins = telling();
    let other = telling();
    let tunnel = Octets::tunnel(&origins, "a.test:443");
    let mut inside = tls(tunnel, &other, "a.test", &[]);
    inside.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap_err();
    failure(&origins, "TLS for a.test: received fatal alert");
    assert_eq!(origins.failures()[0].tunnel.as_deref(), Some("a.test:443"));
}

#[test]
fn a_host_without_a_certificate_is_noted() {
    let origins = telling();
    let tunnel = Octets::tunnel(&origins, "b\u{fc}cher.test:443");
    let mut inside = tls(tunnel, &origins, "127.0.0.1", &[]);
    inside.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap_err();
    failure(&origins, "no certificate for b\u{fc}cher.test");
}

#[test]
fn the_authority_is_of_the_run_and_its_file_goes_with_it() {
    let (one, other) = (telling(), telling());
    assert_ne!(one.ca_pem(), other.ca_pem());
    let file = one.ca_file().to_owned();
    assert_eq!(fs::read_to_string(&file).unwrap(), one.ca_pem());
    assert!(!one.ca_pem().contains("PRIVATE"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = fs::metadata(file.parent().unwrap()).unwrap();
        assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    }
    one.stop();
    assert!(!file.parent().unwrap().exists());
}

#[test]
fn certificates_of_a_run_have_different_serial_numbers() {
    let origins = telling();
    let mut serials = Vec::new();
    for host in ["a.test", "b.test", "c.test"] {
        let tunnel = Octets::tunnel(&origins, &format!("{host}:443"));
        let mut inside = tls(tunnel, &origins, host, &[]);
        inside.write_all(b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").unwrap();
        let certificate = inside.conn.peer_certificates().unwrap()[0].to_vec();
        // TBSCertificate: two sequences with lengths of two octets, the version, the serial number.
        serials.push(certificate[8 + 5..][..3].to_vec());
    }
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), 3, "{serials:?}");
    assert_eq!(only_tag(&serials), 0x02, "an INTEGER");
}

/// The tag that all these values of DER have.
fn only_tag(values: &[Vec<u8>]) -> u8 {
    assert!(values.iter().all(|value| value[0] == values[0][0]));
    values[0][0]
}

/// TLS that trusts the authority of these origins and offers these protocols.
fn tls<S: Read + Write>(
    stream: S,
    trusted: &Origins,
    host: &str,
    protocols: &[&str],
) -> StreamOwned<ClientConnection, S> {
    let name = ServerName::try_from(host.to_owned()).unwrap();
    let connection = ClientConnection::new(tls_config(trusted, protocols), name).unwrap();
    StreamOwned::new(connection, stream)
}
