//! A connection with the octets that were read of it but not used yet.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::timeout;

/// What a connection runs over: TCP, or TLS over another connection.
pub(super) trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// A connection. Its protocol can change, because nothing that was read is lost.
pub(super) struct Stream {
    transport: Box<dyn Transport>,
    ahead: BytesMut,
}

impl Stream {
    pub(super) fn new(transport: impl Transport + 'static) -> Self {
        Self { transport: Box::new(transport), ahead: BytesMut::new() }
    }

    /// Reads more octets and returns how many; 0 at the end.
    pub(super) async fn fill(&mut self) -> io::Result<usize> {
        self.ahead.reserve(READ);
        self.transport.read_buf(&mut self.ahead).await
    }

    /// Reads at least one more octet.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] at the end.
    pub(super) async fn more(&mut self) -> io::Result<()> {
        match self.fill().await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Takes the first octets of those that were read; there must be as many.
    pub(super) fn take(&mut self, count: usize) -> BytesMut {
        self.ahead.split_to(count)
    }

    /// The octets that were read but not taken.
    pub(super) fn ahead(&self) -> &[u8] {
        &self.ahead
    }

    /// Ends the connection so that the client can read what was sent: closing it while octets of
    /// the client are unread would make the system discard them.
    pub(super) async fn end(mut self) {
        let drained = async {
            self.transport.shutdown().await?;
            let mut left = MOST_DRAINED;
            self.ahead.clear();
            loop {
                let count = self.fill().await?;
                self.ahead.clear();
                left = left.saturating_sub(count);
                if count == 0 || left == 0 {
                    return io::Result::Ok(());
                }
            }
        };
        // Nothing depends on how it ends.
        let _ = timeout(LINGER, drained).await;
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() {
            return Pin::new(&mut self.transport).poll_read(context, buffer);
        }
        let count = self.ahead.len().min(buffer.remaining());
        buffer.put_slice(&self.ahead[..count]);
        self.ahead.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.transport).poll_write(context, octets)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_shutdown(context)
    }
}

/// The room that is made for each read.
const READ: usize = 4096;
/// How long a client may take to notice that the connection has ended.
const LINGER: Duration = Duration::from_secs(1);
/// The most octets that are read and thrown away at the end.
const MOST_DRAINED: usize = 1 << 20;
