//! The server: connections that are slow, idle or too many cannot keep others out for long.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONNECTION;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Error, Router};
use hyper::body::{Frame, SizeHint};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Sleep, sleep, timeout};

/// The limits of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most time from the end of one request, or the start of the connection, to the end of the
    /// next request's header section. The connection is closed after it.
    pub head: Duration,
    /// The most time for a request's content. Its response is 408 after it.
    pub body: Duration,
    /// The time after which a connection takes no more requests.
    pub connection: Duration,
    /// The most connections at the same time; others wait to be accepted.
    pub connections: usize,
}

impl Default for Limits {
    /// Ten seconds for a header section, 30 for content, ten minutes for one of 256 connections.
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            connection: Duration::from_secs(600),
            connections: 256,
        }
    }
}

/// Serves the application on this listener until the future is dropped.
///
/// # Errors
/// None at present: a connection that cannot be accepted is no reason to end.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits) -> io::Result<()> {
    let router = router
        .layer(middleware::from_fn(move |request, next| limit_body(limits.body, request, next)));
    let free = Arc::new(Semaphore::new(limits.connections));
    loop {
        let permit = Arc::clone(&free).acquire_owned().await.map_err(io::Error::other)?;
        let Ok((stream, _)) = listener.accept().await else {
            // Such as for lack of file descriptors, which other connections give back.
            sleep(ACCEPT_AGAIN).await;
            continue;
        };
        let router = router.clone();
        tokio::spawn(async move {
            connection(stream, router, limits).await;
            drop(permit);
        });
    }
}

async fn connection(stream: TcpStream, router: Router, limits: Limits) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head);
    let service = TowerToHyperService::new(router);
    let mut served = Box::pin(builder.serve_connection(TokioIo::new(stream), service));
    // It fails if the client goes away or is too slow, which is no concern of anybody else.
    if timeout(limits.connection, served.as_mut()).await.is_err() {
        served.as_mut().graceful_shutdown();
        let _ = timeout(limits.head + limits.body, served).await;
    }
}

/// Gives the content of a request this time from when the application starts to read it.
async fn limit_body(time: Duration, request: Request, next: Next) -> Response {
    let is_late = Arc::new(AtomicBool::new(false));
    let request = request
        .map(|body| Body::new(TimedBody { body, time, end: None, is_late: Arc::clone(&is_late) }));
    let response = next.run(request).await;
    if is_late.load(Ordering::SeqCst) {
        return (StatusCode::REQUEST_TIMEOUT, [(CONNECTION, "close")]).into_response();
    }
    response
}

/// Content that fails if it is not complete in time.
struct TimedBody {
    body: Body,
    time: Duration,
    /// Starts with the first read.
    end: Option<Pin<Box<Sleep>>>,
    is_late: Arc<AtomicBool>,
}

impl HttpBody for TimedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame);
        }
        let time = self.time;
        let end = self.end.get_or_insert_with(|| Box::pin(sleep(time)));
        if end.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.is_late.store(true, Ordering::SeqCst);
        Poll::Ready(Some(Err(Error::new(io::Error::from(io::ErrorKind::TimedOut)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

const ACCEPT_AGAIN: Duration = Duration::from_millis(100);
