//! A connection whose replies are bounded: a server that sends a reply without end, or announces
//! one, is cut off, and does not fill the memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection that fails once a reply is longer than [`MAX_REPLY`].
pub(super) struct Bounded<S> {
    stream: S,
    replies: Replies,
}

impl<S> Bounded<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, replies: Replies::default() }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        Poll::Ready(self.replies.feed(&buffer.filled()[before..]))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, octets)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Finds where replies end in the stream, as far as that takes: a line, the octets after the line of
/// a string, the elements after the line of an aggregate (RESP2 and RESP3).
#[derive(Debug, Default)]
struct Replies {
    /// The octets of this reply so far.
    octets: usize,
    /// The first octets of the line that has begun, enough for any length.
    line: Vec<u8>,
    /// The octets of a string that are still to come, its line end included.
    string: usize,
    /// The elements still to come of each aggregate that has begun.
    open: Vec<u64>,
}

impl Replies {
    fn feed(&mut self, mut octets: &[u8]) -> io::Result<()> {
        while !octets.is_empty() {
            let taken = if self.string > 0 {
                let taken = self.string.min(octets.len());
                self.string -= taken;
                self.count(taken)?;
                if self.string == 0 {
                    self.end_value();
                }
                taken
            } else {
                let end = octets.iter().position(|&octet| octet == b'\n');
                let taken = end.map_or(octets.len(), |at| at + 1);
                let free = LENGTH_LINE.saturating_sub(self.line.len());
                self.line.extend_from_slice(&octets[..taken.min(free)]);
                self.count(taken)?;
                if end.is_some() {
                    self.end_line()?;
                }
                taken
            };
            octets = &octets[taken..];
        }
        Ok(())
    }

    fn end_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let number = || -> Option<u64> {
            std::str::from_utf8(line.get(1..)?).ok()?.trim_ascii_end().parse().ok()
        };
        // Without a number, or with a negative one, nothing follows the line.
        let follows = number().unwrap_or(0);
        match line.first() {
            Some(b'$' | b'!' | b'=') if number().is_some() => {
                let length = usize::try_from(follows).unwrap_or(usize::MAX);
                if length > MAX_REPLY {
                    return Err(too_long());
                }
                self.string = length + LINE_END;
            }
            Some(b'*' | b'~' | b'>') if follows > 0 => self.open.push(follows),
            Some(b'%') if follows > 0 => self.open.push(follows.saturating_mul(2)),
            // The value that the attributes belong to comes after them.
            Some(b'|') => self.open.push(follows.saturating_mul(2).saturating_add(1)),
            _ => self.end_value(),
        }
        Ok(())
    }

    fn end_value(&mut self) {
        while let Some(left) = self.open.last_mut() {
            *left -= 1;
            if *left > 0 {
                return;
            }
            self.open.pop();
        }
        self.octets = 0;
    }

    fn count(&mut self, octets: usize) -> io::Result<()> {
        self.octets = self.octets.saturating_add(octets);
        if self.octets > MAX_REPLY { Err(too_long()) } else { Ok(()) }
    }
}

fn too_long() -> io::Error {
    let what = format!("a reply of the server is longer than {MAX_REPLY} octets");
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// The most octets of one reply: a hundred times the default limit of a session's data, and more
/// than 200,000 sessions of one user.
pub(super) const MAX_REPLY: usize = 8 << 20;
const LINE_END: usize = 2;
/// The octets of a line that are kept: its type, and a number of 64 bits.
const LENGTH_LINE: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    /// Replies of every kind, each complete.
    const REPLIES: [&str; 13] = [
        "+OK\r\n",
        "-ERR no\r\n",
        ":-1\r\n",
        "$0\r\n\r\n",
        "$-1\r\n",
        "$5\r\na\r\n*3\r\n",
        "*0\r\n",
        "*-1\r\n",
        "*3\r\n*1\r\n:1\r\n$1\r\nx\r\n_\r\n",
        "%1\r\n+a\r\n*2\r\n+b\r\n+c\r\n",
        "|1\r\n+ttl\r\n:3\r\n*1\r\n:1\r\n",
        "|0\r\n:1\r\n",
        "~2\r\n#t\r\n,1.5\r\n",
    ];

    #[test]
    fn the_end_of_every_reply_is_found_however_it_is_divided() {
        for reply in REPLIES {
            for size in 1..=reply.len() {
                let mut replies = Replies::default();
                let (last, before) = reply.as_bytes().split_last().unwrap();
                for part in before.chunks(size) {
                    replies.feed(part).unwrap();
                    assert!(replies.octets > 0, "{reply:?} has ended too early");
                }
                replies.feed(&[*last]).unwrap();
                assert_eq!(replies.octets, 0, "{reply:?}");
                assert!(replies.open.is_empty() && replies.line.is_empty(), "{reply:?}");
            }
        }
        let mut replies = Replies::default();
        for _ in 0..3 {
            replies.feed(REPLIES.concat().as_bytes()).unwrap();
            assert_eq!(replies.octets, 0);
        }
    }

    #[test]
    fn what_never_ends_is_refused_soon() {
        let block = [b'x'; 1 << 10];
        for start in ["+", "*2\r\n$8388000\r\n", "*99999999\r\n+", "*9\r\n|1\r\n"] {
            let mut replies = Replies::default();
            let mut fed = 0;
            let mut outcome = replies.feed(start.as_bytes());
            while outcome.is_ok() {
                outcome = replies.feed(&block);
                fed += block.len();
            }
            assert!(fed <= MAX_REPLY + block.len(), "{start:?}: {fed}");
            assert!(replies.line.len() <= LENGTH_LINE);
        }
        assert!(Replies::default().feed(b"$99999999999\r\n").is_err());
        assert!(Replies::default().feed(&b"*1\r\n".repeat(MAX_REPLY / 4 + 1)).is_err());
    }
}
