//! TLS with whatever host a client asks for.

use rustls::server::Acceptor;
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;

use super::peer::Peer;
use super::stream::Stream;

/// Whether these are the first octets of TLS.
pub(super) fn begins(octets: &[u8]) -> bool {
    /// The record type `handshake` (RFC 8446 section 5.1).
    const HANDSHAKE: u8 = 0x16;
    octets.first() == Some(&HANDSHAKE)
}

/// Completes a handshake; the answer is what is inside, and whether that is HTTP/2.
///
/// # Errors
/// Why there is no TLS, in words.
pub(super) async fn accept(stream: Stream, peer: &Peer) -> Result<(Stream, bool), String> {
    let time = peer.limits().request_time;
    match timeout(time, handshake(stream, peer)).await {
        Ok(result) => result,
        Err(_) => Err(format!("no complete TLS handshake within {} s", time.as_secs_f64())),
    }
}

async fn handshake(stream: Stream, peer: &Peer) -> Result<(Stream, bool), String> {
    let failed = |host: &str, error| format!("TLS for {}: {error}", host.escape_debug());
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream)
        .await
        .map_err(|error| failed("an unknown host", error))?;
    // Clients send no name for an address (RFC 6066 section 3).
    let hello = start.client_hello();
    let tunnel = peer.tunnel().map(|tunnel| &*tunnel.host);
    let host = hello.server_name().or(tunnel).unwrap_or("127.0.0.1").to_owned();
    let config = peer.certificates().config(&host)?;
    let inside = start.into_stream(config).await.map_err(|error| failed(&host, error))?;
    let is_http2 = inside.get_ref().1.alpn_protocol() == Some(b"h2");
    Ok((Stream::new(inside), is_http2))
}
