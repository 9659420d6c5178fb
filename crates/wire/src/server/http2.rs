//! HTTP/2 on one connection.

use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::authority::Authority;
use super::message::{HttpVersion, Received, Reply};
use super::peer::Peer;
use super::stream::Stream;
use crate::scheme::Scheme;

/// Answers requests until the connection ends.
pub(super) async fn serve(stream: Stream, peer: Peer) {
    let limits = *peer.limits();
    let mut builder = h2::server::Builder::new();
    builder
        .max_header_list_size(u32::try_from(limits.head).unwrap_or(u32::MAX))
        .max_concurrent_streams(MOST_STREAMS);
    let mut connection = match timeout(limits.request_time, builder.handshake(stream)).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(error)) => return peer.failed(format!("HTTP/2: {error}")),
        Err(_) => return peer.failed("HTTP/2: no preface in time".into()),
    };
    // When the connection ends, what is left of its requests ends with it.
    let mut requests = JoinSet::new();
    loop {
        let next = timeout(limits.idle_time, connection.accept()).await;
        while requests.try_join_next().is_some() {}
        match next {
            Ok(Some(Ok((request, respond)))) => {
                requests.spawn(answer(request, respond, peer.clone()));
            }
            Ok(Some(Err(error))) => return peer.failed(format!("HTTP/2: {error}")),
            Ok(None) => return,
            Err(_) if requests.is_empty() => break,
            Err(_) => {}
        }
    }
    connection.graceful_shutdown();
    let _ = timeout(limits.response_time, connection.accept()).await;
}

async fn answer(request: http::Request<RecvStream>, mut respond: SendResponse<Bytes>, peer: Peer) {
    let time = peer.limits().request_time;
    let received = match timeout(time, read(request, &peer)).await {
        Ok(Ok(received)) => received,
        Ok(Err(what)) => {
            respond.send_reset(Reason::PROTOCOL_ERROR);
            return peer.failed(format!("HTTP/2: {what}"));
        }
        Err(_) => {
            respond.send_reset(Reason::CANCEL);
            let what = format!("HTTP/2: no complete request within {} s", time.as_secs_f64());
            return peer.failed(what);
        }
    };
    let reply = peer.respond(&received);
    let is_head = received.method == "HEAD";
    match Frames::new(&reply, is_head, SystemTime::now()) {
        Ok(frames) => {
            // A client that has the response may look for the exchange at once.
            peer.answered(received, reply, None);
            if let Err(error) = frames.send(&mut respond) {
                peer.failed(format!("HTTP/2: the response could not be sent: {error}"));
            }
        }
        Err(what) => {
            peer.answered(received, reply, Some(format!("HTTP/2 cannot express {what}")));
            respond.send_reset(Reason::HTTP_1_1_REQUIRED);
        }
    }
}

async fn read(request: http::Request<RecvStream>, peer: &Peer) -> Result<Received, String> {
    let at = SystemTime::now();
    let (parts, mut content) = request.into_parts();
    let scheme = match parts.uri.scheme_str() {
        Some("http") => Scheme::Http,
        Some("https") => Scheme::Https,
        _ => return Err("a request without the scheme http or https".into()),
    };
    let authority = match (parts.uri.authority(), parts.headers.get("host")) {
        (Some(authority), _) => Authority::parse(authority.as_str().as_bytes()),
        (None, Some(host)) => Authority::parse(host.as_bytes()),
        (None, None) => None,
    };
    let authority = authority.ok_or("a request without a host")?;
    let mut body = BytesMut::new();
    while let Some(octets) = content.data().await {
        let octets = octets.map_err(|error| error.to_string())?;
        if octets.len() > peer.limits().body - body.len() {
            return Err(format!("a content of more than {} octets", peer.limits().body));
        }
        body.extend_from_slice(&octets);
        // The client may send as much again. It fails only if the stream is over.
        let _ = content.flow_control().release_capacity(octets.len());
    }
    let field = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), value.as_bytes().to_vec())
    };
    Ok(Received {
        method: parts.method.as_str().to_owned(),
        scheme,
        port: authority.port.unwrap_or_else(|| scheme.default_port()),
        host: authority.host,
        target: parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
        version: HttpVersion::Http2,
        fields: parts.headers.iter().map(field).collect(),
        head: Vec::new(),
        body: body.to_vec(),
        connection: peer.connection(),
        tls: peer.is_tls(),
        at,
    })
}

/// A response as HTTP/2 expresses it.
struct Frames {
    interim: Vec<Response<()>>,
    head: Response<()>,
    body: Bytes,
    trailers: HeaderMap,
}

impl Frames {
    /// Takes a response over, or says what of it HTTP/2 has no octets for.
    fn new(reply: &Reply, is_head: bool, now: SystemTime) -> Result<Self, String> {
        if reply.raw.is_some() {
            return Err("a raw response".into());
        }
        let interim = reply.interim.iter();
        let interim = interim
            .map(|interim| response(interim.status, fields(&interim.fields)?))
            .collect::<Result<_, _>>()?;
        let mut head = response(reply.status, fields(&reply.fields)?)?;
        if reply.status < 200 {
            return Err(format!("{} as the final status code", reply.status));
        }
        for (name, value) in reply.added_fields(now) {
            let (name, value) = field(name, value.as_bytes())?;
            head.headers_mut().append(name, value);
        }
        let has_none = is_head || matches!(reply.status, 204 | 304);
        let body = if has_none { Bytes::new() } else { Bytes::copy_from_slice(&reply.body) };
        let trailers = if has_none { HeaderMap::new() } else { fields(&reply.trailers)? };
        Ok(Self { interim, head, body, trailers })
    }

    fn send(self, respond: &mut SendResponse<Bytes>) -> Result<(), h2::Error> {
        for interim in self.interim {
            respond.send_informational(interim)?;
        }
        let has_trailers = !self.trailers.is_empty();
        let ends_with_head = self.body.is_empty() && !has_trailers;
        let mut stream = respond.send_response(self.head, ends_with_head)?;
        if !self.body.is_empty() {
            stream.send_data(self.body, !has_trailers)?;
        }
        if has_trailers {
            stream.send_trailers(self.trailers)?;
        }
        Ok(())
    }
}

fn response(status: u16, headers: HeaderMap) -> Result<Response<()>, String> {
    let mut response = Response::new(());
    *response.status_mut() =
        StatusCode::from_u16(status).map_err(|_| format!("the status code {status}"))?;
    *response.headers_mut() = headers;
    Ok(response)
}

fn fields(fields: &[(String, Vec<u8>)]) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    for (name, value) in fields {
        let (name, value) = field(name, value)?;
        map.append(name, value);
    }
    Ok(map)
}

/// A field as HTTP/2 allows it (RFC 9113 section 8.2).
fn field(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue), String> {
    let refused = || format!("the field {}: {}", name.escape_debug(), value.escape_ascii());
    let is_padded = |value: &[u8]| value.trim_ascii().len() != value.len();
    let of_the_connection =
        ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];
    let name_as_it_goes = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
    if is_padded(value) || of_the_connection.contains(&name_as_it_goes.as_str()) {
        return Err(refused());
    }
    Ok((name_as_it_goes, HeaderValue::from_bytes(value).map_err(|_| refused())?))
}

/// The most requests of a connection at once.
const MOST_STREAMS: u32 = 100;
