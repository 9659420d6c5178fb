//! Reading a response, and where it ends (RFC 9112 section 6).

use std::time::Duration;

use super::connection::{Connection, Deadline};
use super::message::Response;
use crate::error::Error;

/// Limits of one exchange, and whether its connection is reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most time from the first octet sent to the last octet received.
    pub time: Duration,
    /// The most octets of a response, head and content together.
    pub octets: usize,
    /// Whether connections are kept for later requests.
    pub keep_alive: bool,
}

impl Default for Bounds {
    /// Ten seconds, 16 MiB, connections are kept.
    fn default() -> Self {
        Self { time: Duration::from_secs(10), octets: 16 << 20, keep_alive: true }
    }
}

/// A response, and whether its connection can be used again.
pub(super) struct Received {
    pub(super) response: Response,
    pub(super) is_reusable: bool,
}

/// Reads the final response to a request with this method.
pub(super) fn read(
    connection: &mut Connection,
    method: &str,
    bounds: Bounds,
    deadline: Deadline,
) -> Result<Received, Error> {
    let limit = bounds.octets;
    Reader { connection, deadline, limit, left: limit }.response(method)
}

struct Reader<'a> {
    connection: &'a mut Connection,
    deadline: Deadline,
    /// The most octets of the response.
    limit: usize,
    /// The octets of it that may still arrive.
    left: usize,
}

/// How the end of the content is found.
enum Framing {
    None,
    Length(usize),
    Chunked,
    UntilClose,
}

impl Reader<'_> {
    fn response(mut self, method: &str) -> Result<Received, Error> {
        let mut octets = Vec::new();
        loop {
            let (head, length) = self.head(&mut octets)?;
            octets.drain(..length);
            if (100..200).contains(&head.status) && head.status != 101 {
                continue;
            }
            return self.content(head, method, octets);
        }
    }

    fn head(&mut self, octets: &mut Vec<u8>) -> Result<(Response, usize), Error> {
        loop {
            let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
            let mut head = httparse::Response::new(&mut fields);
            match head.parse(octets) {
                Ok(httparse::Status::Complete(length)) => {
                    let fields = head.headers.iter();
                    let fields = fields.map(|it| (it.name.to_owned(), it.value.to_vec())).collect();
                    let status = head.code.unwrap_or_default();
                    return Ok((Response { status, fields, body: Vec::new() }, length));
                }
                Ok(httparse::Status::Partial) => {}
                Err(error) => return Err(Error::Malformed(error.to_string())),
            }
            self.more(octets)?;
        }
    }

    fn content(
        &mut self,
        mut head: Response,
        method: &str,
        mut octets: Vec<u8>,
    ) -> Result<Received, Error> {
        let framing = framing(&head, method)?;
        let surplus = match framing {
            Framing::None => octets.len(),
            Framing::Length(length) => {
                while octets.len() < length {
                    self.more(&mut octets)?;
                }
                let surplus = octets.len() - length;
                octets.truncate(length);
                head.body = octets;
                surplus
            }
            Framing::Chunked => self.chunks(&mut head.body, octets)?,
            Framing::UntilClose => {
                while self.read(&mut octets)? > 0 {}
                head.body = octets;
                0
            }
        };
        let closes = head.list("connection").contains("close");
        // Surplus octets would be taken for the start of the next response.
        let is_reusable = !closes && !matches!(framing, Framing::UntilClose) && surplus == 0;
        Ok(Received { response: head, is_reusable })
    }

    /// Decodes the chunked transfer coding, and returns how many octets followed it.
    fn chunks(&mut self, body: &mut Vec<u8>, mut octets: Vec<u8>) -> Result<usize, Error> {
        loop {
            let (start, size) = match httparse::parse_chunk_size(&octets) {
                // httparse takes a missing number for zero.
                Ok(httparse::Status::Complete(found)) if octets[0].is_ascii_hexdigit() => found,
                Ok(httparse::Status::Partial) => {
                    self.more(&mut octets)?;
                    continue;
                }
                _ => return Err(Error::Malformed("the size of a chunk is not a number".into())),
            };
            if size == 0 {
                return self.trailers(octets.split_off(start));
            }
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            if size > self.limit {
                return Err(Error::TooLong(self.limit));
            }
            let end = start + size;
            while octets.len() < end + CRLF {
                self.more(&mut octets)?;
            }
            body.extend_from_slice(&octets[start..end]);
            octets.drain(..end + CRLF);
        }
    }

    /// Skips the trailer section, and returns how many octets followed it.
    fn trailers(&mut self, mut octets: Vec<u8>) -> Result<usize, Error> {
        loop {
            let end = if octets.starts_with(b"\r\n") {
                Some(CRLF)
            } else {
                octets.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
            };
            match end {
                Some(end) => return Ok(octets.len() - end),
                None => self.more(&mut octets)?,
            }
        }
    }

    /// Reads at least one more octet.
    fn more(&mut self, octets: &mut Vec<u8>) -> Result<(), Error> {
        match self.read(octets)? {
            0 => Err(Error::Closed(octets.len())),
            _ => Ok(()),
        }
    }

    fn read(&mut self, octets: &mut Vec<u8>) -> Result<usize, Error> {
        let count = self.connection.read(octets, self.deadline)?;
        self.left = self.left.checked_sub(count).ok_or(Error::TooLong(self.limit))?;
        Ok(count)
    }
}

fn framing(head: &Response, method: &str) -> Result<Framing, Error> {
    if method == "HEAD" || matches!(head.status, 101 | 204 | 304) {
        return Ok(Framing::None);
    }
    if head.list("transfer-encoding").contains("chunked") {
        return Ok(Framing::Chunked);
    }
    match head.first("content-length") {
        None => Ok(Framing::UntilClose),
        Some(length) => std::str::from_utf8(length)
            .ok()
            .and_then(|length| length.trim().parse().ok())
            .map(Framing::Length)
            .ok_or_else(|| {
                let shown = length[..length.len().min(SHOWN)].escape_ascii();
                Error::Malformed(format!("Content-Length is \"{shown}\", which is not a number"))
            }),
    }
}

const CRLF: usize = 2;
const MAX_FIELDS: usize = 256;
/// The most octets of a field value in an error.
const SHOWN: usize = 80;
