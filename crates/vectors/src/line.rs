//! Lines of the protocol: bounded, so that neither side can make the other run out of memory.

use std::io::{self, BufRead};

/// The longest line of the protocol, in octets without the line feed: 1 MiB.
pub const MAX_LINE: usize = 1 << 20;

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A line without its line feed. The last line of a stream may lack it.
    Complete(Vec<u8>),
    /// A line of more than [`MAX_LINE`] octets; it was read to its end and thrown away.
    TooLong,
    /// There is no more.
    End,
}

/// Reads a line.
///
/// # Errors
/// Whatever the stream reports.
pub(crate) fn read_line(input: &mut impl BufRead) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut is_too_long = false;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = available.iter().position(|octet| *octet == b'\n');
        let part = &available[..end.unwrap_or(available.len())];
        if line.len() + part.len() > MAX_LINE {
            is_too_long = true;
            line.clear();
        }
        if !is_too_long {
            line.extend_from_slice(part);
        }
        let is_at_end = available.is_empty();
        let consumed = part.len() + usize::from(end.is_some());
        input.consume(consumed);
        if is_at_end && line.is_empty() && !is_too_long {
            return Ok(Line::End);
        }
        if is_at_end || end.is_some() {
            return Ok(if is_too_long { Line::TooLong } else { Line::Complete(line) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<Line> {
        let mut input = io::BufReader::with_capacity(7, text);
        let mut lines = Vec::new();
        loop {
            match read_line(&mut input).unwrap() {
                Line::End => return lines,
                line => lines.push(line),
            }
        }
    }

    #[test]
    fn lines_end_with_a_line_feed_or_the_stream() {
        let line = |text: &str| Line::Complete(text.as_bytes().to_vec());
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n"), [line("")]);
        assert_eq!(lines(b"a longer one\n\nb"), [line("a longer one"), line(""), line("b")]);
    }

    #[test]
    fn a_long_line_does_not_hide_the_next() {
        let mut text = vec![b'x'; MAX_LINE];
        text.extend_from_slice(b"\n");
        assert!(matches!(&lines(&text)[..], [Line::Complete(line)] if line.len() == MAX_LINE));
        text.insert(0, b'x');
        text.extend_from_slice(b"next");
        assert_eq!(lines(&text), [Line::TooLong, Line::Complete(b"next".to_vec())]);
    }
}
