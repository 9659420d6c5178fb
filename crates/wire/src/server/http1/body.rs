//! The content of requests in HTTP/1.1 (RFC 9112 sections 6 and 7).

use crate::server::http1::head::Head;
use crate::server::http1::refusal::{Refusal, Unread};
use crate::server::options::Limits;
use crate::server::stream::Stream;

/// How the end of the content is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// So many octets.
    Length(usize),
    /// Chunks.
    Chunked,
}

impl Framing {
    /// What the head declares.
    pub(super) fn of(head: &Head, most: usize) -> Result<Self, Refusal> {
        let mut lengths = head.values("content-length");
        if let Some(coding) = head.values("transfer-encoding").next() {
            if lengths.next().is_some() {
                return Err(Refusal::bad_request(
                    "Content-Length beside Transfer-Encoding",
                    coding,
                ));
            }
            let is_chunked = head.values("transfer-encoding").count() == 1
                && coding.eq_ignore_ascii_case(b"chunked");
            return is_chunked
                .then_some(Self::Chunked)
                .ok_or_else(|| Refusal::new(501, "a transfer coding other than chunked", coding));
        }
        let Some(length) = lengths.next() else { return Ok(Self::Length(0)) };
        if lengths.any(|other| other != length) {
            return Err(Refusal::bad_request("several Content-Length", length));
        }
        let number = number(length, 10)
            .ok_or_else(|| Refusal::bad_request("a Content-Length that is no number", length))?;
        if number > most {
            return Err(Refusal::too_long(413, "a content", most));
        }
        Ok(Self::Length(number))
    }

    /// Reads the content.
    pub(super) async fn read(
        self,
        stream: &mut Stream,
        limits: &Limits,
    ) -> Result<Vec<u8>, Unread> {
        match self {
            Self::Length(count) => take(stream, count).await,
            Self::Chunked => chunks(stream, limits).await,
        }
    }
}

async fn chunks(stream: &mut Stream, limits: &Limits) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    let mut left = limits.head;
    loop {
        let line = line(stream, &mut left).await?;
        let size = line.split(|octet| *octet == b';').next().unwrap_or_default().trim_ascii();
        let size = number(size, 16)
            .ok_or_else(|| Refusal::bad_request("a chunk size that is no number", &line))?;
        if size == 0 {
            break;
        }
        if size > limits.body - body.len() {
            return Err(Refusal::too_long(413, "a content", limits.body).into());
        }
        body.append(&mut take(stream, size).await?);
        let end = self::line(stream, &mut left).await?;
        if !end.is_empty() {
            return Err(Refusal::bad_request("a chunk that is longer than its size", &end).into());
        }
    }
    while !line(stream, &mut left).await?.is_empty() {}
    Ok(body)
}

/// A line without its line break.
async fn line(stream: &mut Stream, left: &mut usize) -> Result<Vec<u8>, Unread> {
    let mut known = 0;
    loop {
        let ahead = stream.ahead();
        let end = ahead[known..].iter().position(|octet| *octet == b'\n').map(|at| known + at);
        known = ahead.len();
        let used = end.map_or(known, |end| end + 1);
        if used > *left {
            return Err(Refusal {
                status: 431,
                what: "chunk sizes and trailers are too long".into(),
            }
            .into());
        }
        if let Some(end) = end {
            *left -= used;
            let mut line = stream.take(used).to_vec();
            line.truncate(end);
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            return Ok(line);
        }
        stream.more().await?;
    }
}

async fn take(stream: &mut Stream, count: usize) -> Result<Vec<u8>, Unread> {
    while stream.ahead().len() < count {
        stream.more().await?;
    }
    Ok(stream.take(count).to_vec())
}

/// A number of digits only; one that is too large for memory is as large as can be.
fn number(octets: &[u8], radix: u32) -> Option<usize> {
    let text = std::str::from_utf8(octets).ok()?;
    if text.is_empty() || !text.chars().all(|it| it.is_digit(radix)) {
        return None;
    }
    Some(usize::from_str_radix(text, radix).unwrap_or(usize::MAX))
}
