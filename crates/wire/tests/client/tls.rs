//! https: trusted and other certificates, and handshakes that fail or never end.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cookiespec_wire::{Bounds, Client, Error, Request, Response, Scheme, Trust};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::server::{BOUNDS, OK, Peer, Server, script};

const TIME: Duration = Duration::from_millis(200);

/// A certificate for 127.0.0.1 in a PEM file, and a server that has it.
fn certificate() -> (tempfile::TempDir, PathBuf, Arc<ServerConfig>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    fs::write(&file, cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    (folder, file, Arc::new(config))
}

fn client(server: &Server, trust: &Trust, bounds: Bounds) -> Client {
    Client::new(Scheme::Https, "127.0.0.1", server.port, trust, bounds).unwrap()
}

/// A request to a server that does this instead of a handshake.
fn without_handshake(
    bounds: Bounds,
    act: impl FnOnce(Peer) + Send + 'static,
) -> Result<Response, Error> {
    let (_folder, file, _) = certificate();
    let server = Server::start(vec![script(act)]);
    let response = client(&server, &Trust::File(file), bounds).send(&Request::new("GET", "/"));
    server.finish();
    response
}

/// Answers one request over TLS.
fn answer(peer: Peer, config: Arc<ServerConfig>) {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), peer.stream);
    let mut head = Vec::new();
    let mut octet = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut octet).is_ok_and(|count| count == 1) {
        head.push(octet[0]);
    }
    let _ = stream.write_all(OK).and_then(|()| stream.flush());
}

#[test]
fn a_certificate_of_the_trusted_file_is_accepted() {
    let (_folder, file, config) = certificate();
    let server = Server::start(vec![script(|peer| answer(peer, config))]);
    let response = client(&server, &Trust::File(file), BOUNDS).send(&Request::new("GET", "/"));
    assert_eq!(response.unwrap().status, 200);
    server.finish();
}

#[test]
fn other_certificates_are_refused() {
    let (_folder, _, config) = certificate();
    let (_other_folder, other, _) = certificate();
    let server = Server::start(vec![script(|peer| answer(peer, config))]);
    let error = client(&server, &Trust::File(other), BOUNDS).send(&Request::new("GET", "/"));
    let error = error.unwrap_err();
    assert!(matches!(error, Error::Tls(_)), "{error}");
    server.finish();
}

/// The addresses of a client do not change which name its certificate must have.
#[test]
fn a_pinned_address_needs_the_certificate_of_the_name() {
    let (_folder, file, config) = certificate();
    let server = Server::start(
        (0..2)
            .map(|_| {
                script({
                    let config = Arc::clone(&config);
                    |peer| answer(peer, config)
                })
            })
            .collect(),
    );
    let address = ([127, 0, 0, 1], server.port).into();
    let send = |host| {
        let trust = Trust::File(file.clone());
        let client = Client::new(Scheme::Https, host, server.port, &trust, BOUNDS).unwrap();
        client.pinned_to(vec![address]).send(&Request::new("GET", "/"))
    };
    assert_eq!(send("127.0.0.1").unwrap().status, 200);
    let error = send("other.invalid").unwrap_err();
    assert!(matches!(error, Error::Tls(_)), "{error}");
    server.finish();
}

#[test]
fn files_without_a_usable_certificate_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let trust = |name: &str, content: &str| {
        fs::write(folder.path().join(name), content).unwrap();
        Trust::File(folder.path().join(name))
    };
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for trust in [
        trust("empty.pem", ""),
        trust("broken.pem", broken),
        Trust::File(Path::new("no/such/file.pem").to_owned()),
    ] {
        let error = Client::new(Scheme::Https, "127.0.0.1", 443, &trust, BOUNDS).unwrap_err();
        assert!(matches!(&error, Error::Tls(what) if what.contains(".pem")), "{error}");
    }
}

#[test]
fn a_handshake_that_is_not_answered_times_out() {
    let bounds = Bounds { time: TIME, ..BOUNDS };
    let error = without_handshake(bounds, |mut peer| drop(peer.wait_for_close())).unwrap_err();
    assert!(matches!(error, Error::Timeout(TIME)), "{error}");
}

#[test]
fn a_handshake_that_never_ends_times_out() {
    let start = Instant::now();
    let error = without_handshake(Bounds { time: TIME, ..BOUNDS }, |mut peer| {
        peer.stream.set_nodelay(true).unwrap();
        peer.stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
        // The head of a handshake record of 16 KiB, and then one octet at a time.
        peer.send(b"\x16\x03\x03\x40\x00");
        while peer.wait_for_timeout() {
            peer.send(b"\x02");
        }
    });
    let error = error.unwrap_err();
    assert!(matches!(error, Error::Timeout(TIME)), "{error}");
    assert!(start.elapsed() < 20 * TIME);
}

#[test]
fn a_server_that_closes_during_the_handshake_is_an_error_of_tls() {
    let error = without_handshake(BOUNDS, |mut peer| drop(peer.read_exactly(1))).unwrap_err();
    assert!(matches!(error, Error::Tls(_)), "{error}");
}

#[test]
fn a_server_without_tls_is_an_error_of_tls() {
    let error = without_handshake(BOUNDS, |mut peer| {
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.wait_for_close();
    });
    let error = error.unwrap_err();
    assert!(matches!(error, Error::Tls(_)), "{error}");
}
