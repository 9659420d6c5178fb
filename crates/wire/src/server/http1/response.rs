//! Responses in HTTP/1.1, octet for octet as the responder gave them.

use std::time::SystemTime;

use http::StatusCode;

use crate::server::message::{HttpVersion, Reply};

/// A response as it is sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Encoded {
    pub(super) octets: Vec<u8>,
    /// Whether the connection ends after it.
    pub(super) is_last: bool,
}

/// What a response depends on beside what the responder gave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    pub(super) version: HttpVersion,
    pub(super) is_head: bool,
    /// Whether the client keeps the connection.
    pub(super) keep_alive: bool,
    pub(super) now: SystemTime,
}

impl Encoded {
    /// The octets of a response.
    pub(super) fn new(reply: &Reply, context: Context) -> Self {
        if let Some(raw) = &reply.raw {
            return Self { octets: raw.clone(), is_last: true };
        }
        let is_last = !context.keep_alive || !has_a_certain_end(reply);
        let mut octets = Vec::with_capacity(ROOM + reply.body.len());
        if context.version > HttpVersion::Http10 {
            for interim in &reply.interim {
                status_line(&mut octets, interim.status);
                lines(&mut octets, &interim.fields);
                octets.extend_from_slice(b"\r\n");
            }
        }
        status_line(&mut octets, reply.status);
        lines(&mut octets, &reply.fields);
        for (name, value) in reply.added_fields(context.now) {
            line(&mut octets, name, value.as_bytes());
        }
        if is_last {
            add(&mut octets, reply, "Connection", "close");
        } else if context.version == HttpVersion::Http10 {
            add(&mut octets, reply, "Connection", "keep-alive");
        }
        content(&mut octets, reply, context);
        Self { octets, is_last }
    }
}

impl Reply {
    /// The head in HTTP/1.1, octet for octet, without the fields that are added to it; of a raw
    /// response, all of it.
    pub fn head(&self) -> Vec<u8> {
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        let mut octets = Vec::with_capacity(ROOM);
        status_line(&mut octets, self.status);
        lines(&mut octets, &self.fields);
        octets.extend_from_slice(b"\r\n");
        octets
    }
}

/// The fields that frame the content, the empty line, the content and the trailers.
fn content(octets: &mut Vec<u8>, reply: &Reply, context: Context) {
    let has_none = matches!(reply.status, 0..=199 | 204 | 304);
    let has_own_framing = reply.has("content-length") || reply.has("transfer-encoding");
    let has_trailers = !reply.trailers.is_empty() && context.version > HttpVersion::Http10;
    let is_chunked = has_trailers && !has_none && !has_own_framing;
    if is_chunked {
        line(octets, "Transfer-Encoding", b"chunked");
    } else if !has_none && !has_own_framing {
        line(octets, "Content-Length", reply.body.len().to_string().as_bytes());
    }
    octets.extend_from_slice(b"\r\n");
    if has_none || context.is_head {
        return;
    }
    if !is_chunked {
        octets.extend_from_slice(&reply.body);
        return;
    }
    if !reply.body.is_empty() {
        octets.extend_from_slice(format!("{:x}\r\n", reply.body.len()).as_bytes());
        octets.extend_from_slice(&reply.body);
        octets.extend_from_slice(b"\r\n");
    }
    octets.extend_from_slice(b"0\r\n");
    lines(octets, &reply.trailers);
    octets.extend_from_slice(b"\r\n");
}

/// Whether a client can tell where the response ends without the end of the connection.
fn has_a_certain_end(reply: &Reply) -> bool {
    let interim = reply.interim.iter().flat_map(|interim| &interim.fields);
    let mut fields = reply.fields.iter().chain(interim).chain(&reply.trailers);
    let breaks_lines = |octets: &[u8]| octets.iter().any(|octet| b"\r\n".contains(octet));
    let is_broken =
        fields.any(|(name, value)| breaks_lines(name.as_bytes()) || breaks_lines(value));
    let length = reply.body.len().to_string();
    let is_length = |(name, value): &(String, Vec<u8>)| {
        !name.eq_ignore_ascii_case("content-length") || value == length.as_bytes()
    };
    !is_broken
        && reply.status >= 200
        && !reply.has("transfer-encoding")
        && !reply.has("connection")
        && reply.fields.iter().all(is_length)
}

fn status_line(octets: &mut Vec<u8>, status: u16) {
    let code = StatusCode::from_u16(status).ok();
    let reason = code.and_then(|code| code.canonical_reason()).unwrap_or_default();
    octets.extend_from_slice(format!("HTTP/1.1 {status:03} {reason}\r\n").as_bytes());
}

fn lines(octets: &mut Vec<u8>, fields: &[(String, Vec<u8>)]) {
    for (name, value) in fields {
        line(octets, name, value);
    }
}

fn line(octets: &mut Vec<u8>, name: &str, value: &[u8]) {
    octets.extend_from_slice(name.as_bytes());
    octets.extend_from_slice(b": ");
    octets.extend_from_slice(value);
    octets.extend_from_slice(b"\r\n");
}

fn add(octets: &mut Vec<u8>, reply: &Reply, name: &str, value: &str) {
    if !reply.has(name) {
        line(octets, name, value.as_bytes());
    }
}

/// The octets that a head usually has at most.
const ROOM: usize = 512;
