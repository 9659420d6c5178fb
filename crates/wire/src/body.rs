//! Where a response ends (RFC 9112 section 6).

use crate::error::Error;
use crate::response::Response;
use crate::stream::{Deadline, Stream};

/// A response and whether the connection can be used again.
pub(crate) struct Whole {
    pub(crate) response: Response,
    pub(crate) is_reusable: bool,
}

/// What is read from a connection, and how much of it may come.
pub(crate) struct Reader<'a> {
    pub(crate) stream: &'a mut Stream,
    pub(crate) deadline: Deadline,
    /// The most octets of head and content together.
    pub(crate) limit: usize,
}

/// How the end of the content is known.
enum Framing {
    None,
    Length(usize),
    Chunked,
    UntilClose,
}

impl Reader<'_> {
    /// Reads the final response to a request with this method.
    pub(crate) fn response(mut self, method: &str) -> Result<Whole, Error> {
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
    ) -> Result<Whole, Error> {
        let framing = framing(&head, method)?;
        let rest = match framing {
            Framing::None => octets.len(),
            Framing::Length(length) => {
                while octets.len() < length {
                    self.more(&mut octets)?;
                }
                let rest = octets.len() - length;
                octets.truncate(length);
                head.body = octets;
                rest
            }
            Framing::Chunked => self.chunks(&mut head.body, octets)?,
            Framing::UntilClose => {
                while self.some_more(&mut octets)? > 0 {}
                head.body = octets;
                0
            }
        };
        let closes = head.list("connection").contains("close");
        // Octets that nobody asked for would be taken for the next response.
        let is_reusable = !closes && !matches!(framing, Framing::UntilClose) && rest == 0;
        Ok(Whole { response: head, is_reusable })
    }

    /// Undoes the chunked transfer coding; how many octets came after it.
    fn chunks(&mut self, body: &mut Vec<u8>, mut octets: Vec<u8>) -> Result<usize, Error> {
        loop {
            let (start, size) = match httparse::parse_chunk_size(&octets) {
                Ok(httparse::Status::Complete((start, size))) => (start, size),
                Ok(httparse::Status::Partial) => {
                    self.more(&mut octets)?;
                    continue;
                }
                Err(_) => return Err(Error::Malformed("the size of a chunk is no number".into())),
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

    /// Skips the trailer section; how many octets came after it.
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

    fn more(&mut self, octets: &mut Vec<u8>) -> Result<(), Error> {
        match self.some_more(octets)? {
            0 => Err(Error::Closed(octets.len())),
            _ => Ok(()),
        }
    }

    fn some_more(&mut self, octets: &mut Vec<u8>) -> Result<usize, Error> {
        let count = self.stream.read(octets, self.deadline)?;
        let bound = self.limit;
        self.limit = bound.checked_sub(count).ok_or(Error::TooLong(octets.len() - count))?;
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
                let shown = length.escape_ascii();
                Error::Malformed(format!("Content-Length is \"{shown}\" and no number"))
            }),
    }
}

const CRLF: usize = 2;
const MAX_FIELDS: usize = 256;
