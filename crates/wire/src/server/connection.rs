//! One connection, from its first octet on: what is spoken on it.

use std::io;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::http1::End;
use super::peer::Peer;
use super::stream::Stream;
use super::{http1, http2, tls};

/// Serves a client until the connection ends.
pub(super) async fn serve(stream: TcpStream, mut peer: Peer) {
    // Without it, a response may wait for the acknowledgement of the one before.
    if let Err(error) = stream.set_nodelay(true) {
        return peer.failed(format!("the connection failed at once: {error}"));
    }
    let mut stream = Stream::new(stream);
    loop {
        let protocol = match timeout(peer.limits().idle_time, protocol(&mut stream, &peer)).await {
            Ok(Ok(protocol)) => protocol,
            Ok(Err(_)) | Err(_) => return,
        };
        let is_http2 = match protocol {
            Protocol::Tls => match tls::accept(stream, &peer).await {
                Ok((inside, is_http2)) => {
                    stream = inside;
                    peer.enter_tls();
                    is_http2
                }
                Err(what) => return peer.failed(what),
            },
            Protocol::Http2 => true,
            Protocol::Http1 => false,
        };
        if is_http2 {
            return http2::serve(stream, peer).await;
        }
        match http1::serve(stream, &peer).await {
            End::Closed => return,
            End::Tunnel(inside, authority) => {
                stream = inside;
                peer.enter_tunnel(authority);
            }
        }
    }
}

enum Protocol {
    Tls,
    Http1,
    /// HTTP/2 without TLS, by a client that knows that it is spoken here.
    Http2,
}

/// Looks at the first octets.
async fn protocol(stream: &mut Stream, peer: &Peer) -> io::Result<Protocol> {
    loop {
        let ahead = stream.ahead();
        if tls::begins(ahead) {
            return Ok(Protocol::Tls);
        }
        if peer.takes_http2() && ahead.starts_with(PREFACE) {
            return Ok(Protocol::Http2);
        }
        // The first octets of the preface may be those of POST.
        let is_undecided = peer.takes_http2() && PREFACE.starts_with(ahead);
        if !ahead.is_empty() && !is_undecided {
            return Ok(Protocol::Http1);
        }
        stream.more().await?;
    }
}

/// What an HTTP/2 connection begins with (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
