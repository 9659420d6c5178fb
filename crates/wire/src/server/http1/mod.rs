//! HTTP/1.1 and HTTP/1.0 on one connection.
//!
//! This is written here and not left to a library, because a library hides what is looked for: it
//! refuses control octets in requests, cuts white space off, and writes neither interim responses
//! nor what HTTP does not allow.

mod body;
mod head;
mod refusal;
mod response;

use std::time::SystemTime;

use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use self::body::Framing;
use self::head::{Head, Target};
use self::refusal::{Refusal, Unread};
use self::response::{Context, Encoded};
use super::authority::Authority;
use super::message::{HttpVersion, Received, Reply};
use super::peer::Peer;
use super::stream::Stream;
use crate::scheme::Scheme;

/// How a connection goes on after HTTP.
pub(super) enum End {
    /// It is over.
    Closed,
    /// It is a tunnel from now on.
    Tunnel(Stream, Authority),
}

/// Answers requests until the connection ends or becomes a tunnel.
pub(super) async fn serve(mut stream: Stream, peer: &Peer) -> End {
    let limits = *peer.limits();
    loop {
        if stream.ahead().is_empty() {
            let first = timeout(limits.idle_time, stream.more()).await;
            // A client may close a connection at any time between two requests.
            let Ok(Ok(())) = first else { return End::Closed };
        }
        let time = limits.request_time;
        let request = match timeout(time, read(&mut stream, peer)).await {
            Ok(Ok(request)) => request,
            Ok(Err(Unread::Refused(refusal))) => return refuse(stream, peer, refusal).await,
            Ok(Err(Unread::Ended(error))) => {
                peer.failed(format!("the connection ended within a request: {error}"));
                return End::Closed;
            }
            Err(_) => {
                let what = format!("no complete request within {} s", time.as_secs_f64());
                return refuse(stream, peer, Refusal { status: 408, what }).await;
            }
        };
        let (received, keep_alive) = match request {
            Request::Tunnel(authority) => {
                let answer = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
                return match timeout(limits.response_time, answer).await {
                    Ok(Ok(())) => End::Tunnel(stream, authority),
                    _ => End::Closed,
                };
            }
            Request::Origin { received, keep_alive } => (received, keep_alive),
        };
        let reply = peer.respond(&received);
        let context = Context {
            version: received.version,
            is_head: received.method == "HEAD",
            keep_alive,
            now: SystemTime::now(),
        };
        let Encoded { octets, is_last } = Encoded::new(&reply, context);
        // A client that has the response may look for the exchange at once.
        peer.answered(*received, reply, None);
        if let Err(what) = write(&mut stream, &octets, peer).await {
            peer.failed(what);
            return End::Closed;
        }
        if is_last {
            stream.end().await;
            return End::Closed;
        }
    }
}

enum Request {
    Origin { received: Box<Received>, keep_alive: bool },
    Tunnel(Authority),
}

async fn read(stream: &mut Stream, peer: &Peer) -> Result<Request, Unread> {
    let head = read_head(stream, peer.limits().head).await?;
    let at = SystemTime::now();
    let framing = Framing::of(&head, peer.limits().body)?;
    let (scheme, authority, target) = match head.target {
        Target::Tunnel(ref authority) => {
            if let Some(outer) = peer.tunnel() {
                let what = format!("a tunnel inside a tunnel to {outer}");
                return Err(Refusal::bad_request(&what, authority.host.as_bytes()).into());
            }
            return Ok(Request::Tunnel(authority.clone()));
        }
        Target::Absolute(scheme, ref authority, ref target) => {
            (scheme, authority.clone(), target.clone())
        }
        Target::Origin(ref target) => {
            let scheme = if peer.is_tls() { Scheme::Https } else { Scheme::Http };
            (scheme, host(&head, peer)?, target.clone())
        }
    };
    if head.lists("expect", "100-continue") && framing != Framing::Length(0) {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let body = framing.read(stream, peer.limits()).await?;
    let keep_alive = is_kept(&head);
    let Head { method, version, fields, octets, .. } = head;
    let received = Box::new(Received {
        method,
        scheme,
        port: authority.port.unwrap_or_else(|| scheme.default_port()),
        host: authority.host,
        target,
        version,
        fields,
        head: octets,
        body,
        connection: peer.connection(),
        tls: peer.is_tls(),
        at,
    });
    Ok(Request::Origin { received, keep_alive })
}

async fn read_head(stream: &mut Stream, most: usize) -> Result<Head, Unread> {
    let mut known = 0;
    loop {
        if known == 0 {
            // Empty lines before a request are passed over (RFC 9112 section 2.2).
            let empty = stream.ahead().iter().take_while(|octet| b"\r\n".contains(octet)).count();
            stream.take(empty);
        }
        let ahead = stream.ahead();
        let end = head::end(ahead, known);
        known = ahead.len();
        if end.unwrap_or(known) > most {
            return Err(Refusal::too_long(431, "a head", most).into());
        }
        if let Some(end) = end {
            return Ok(Head::parse(stream.take(end).to_vec())?);
        }
        stream.more().await?;
    }
}

/// The host of a request in origin form: that of its Host field, or else that of the tunnel.
fn host(head: &Head, peer: &Peer) -> Result<Authority, Refusal> {
    let mut hosts = head.values("host");
    match (hosts.next(), hosts.next(), peer.tunnel()) {
        (Some(host), None, _) => Authority::parse(host)
            .ok_or_else(|| Refusal::bad_request("a Host field that names no host", host)),
        (None, _, Some(tunnel)) => Ok(tunnel.clone()),
        (None, ..) => Err(Refusal::bad_request("no Host field", head.method.as_bytes())),
        (Some(host), Some(_), _) => Err(Refusal::bad_request("several Host fields", host)),
    }
}

/// Whether the client keeps the connection (RFC 9112 section 9.3).
fn is_kept(head: &Head) -> bool {
    if head.lists("connection", "close") {
        return false;
    }
    head.version > HttpVersion::Http10
        || head.lists("connection", "keep-alive")
        || head.lists("proxy-connection", "keep-alive")
}

async fn refuse(mut stream: Stream, peer: &Peer, refusal: Refusal) -> End {
    let Refusal { status, what } = refusal;
    let reply = Reply::new(status)
        .field("Content-Type", "text/plain; charset=utf-8")
        .body(format!("{what}\n"));
    let context = Context {
        version: HttpVersion::Http11,
        is_head: false,
        keep_alive: false,
        now: SystemTime::now(),
    };
    let Encoded { octets, .. } = Encoded::new(&reply, context);
    peer.failed(what);
    if write(&mut stream, &octets, peer).await.is_ok() {
        stream.end().await;
    }
    End::Closed
}

/// Writes and flushes, or says why not.
async fn write(stream: &mut Stream, octets: &[u8], peer: &Peer) -> Result<(), String> {
    let time = peer.limits().response_time;
    let written = async {
        stream.write_all(octets).await?;
        stream.flush().await
    };
    match timeout(time, written).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(format!("the response could not be sent: {error}")),
        Err(_) => Err(format!("the response was not accepted within {} s", time.as_secs_f64())),
    }
}
