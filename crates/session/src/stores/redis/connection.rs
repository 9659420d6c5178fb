//! The connection to the server: made again when it is lost, with a deadline for each call.

use std::convert::Infallible;
use std::fmt::Display;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, RedisResult};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, oneshot};
use tokio::time::{sleep, timeout};

use super::replies::Bounded;
use crate::store::StoreError;

/// The connection that all calls share.
pub(super) struct Connection {
    server: ConnectionInfo,
    time: Duration,
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    connection: Option<MultiplexedConnection>,
    /// Ends the task of the connection when it is dropped.
    task: Option<oneshot::Sender<Infallible>>,
    /// How many connections there were before, to tell which one has failed.
    nth: u64,
}

impl Connection {
    /// Connects to the server at this URL. Each call, and this one, has this time.
    pub(super) async fn open(url: &str, time: Duration) -> Result<Self, StoreError> {
        let server = Client::open(url)?.get_connection_info().clone();
        let connection = Self { server, time, current: Mutex::default() };
        connection.call(async |_| Ok(())).await?;
        Ok(connection)
    }

    /// Makes a call, on a new connection if there is none. After an error of the connection, and
    /// after the deadline, the next call makes another one: the server may be elsewhere by then.
    pub(super) async fn call<T, F>(
        &self,
        call: impl FnOnce(MultiplexedConnection) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let mut used = None;
        let outcome = timeout(self.time, async {
            let (connection, nth) = self.current().await?;
            used = Some(nth);
            call(connection).await.map_err(Failure::from)
        })
        .await
        .unwrap_or_else(|_| Err(Failure::late(self.time)));
        outcome.map_err(|failure| {
            if let (true, Some(nth)) = (failure.is_of_connection, used) {
                self.forget(nth);
            }
            failure.error
        })
    }

    /// The connection, which is made if there is none. Calls at the same time wait for the same one.
    async fn current(&self) -> Result<(MultiplexedConnection, u64), Failure> {
        let mut current = self.current.lock().await;
        if let Some(connection) = &current.connection {
            return Ok((connection.clone(), current.nth));
        }
        let (connection, task) = self.connect().await?;
        let nth = current.nth + 1;
        *current = Current { connection: Some(connection.clone()), task: Some(task), nth };
        Ok((connection, nth))
    }

    /// Lets the next call make a connection, unless that has been done already.
    fn forget(&self, nth: u64) {
        // Whoever holds the lock finds out by a call of its own.
        if let Ok(mut current) = self.current.try_lock()
            && current.nth == nth
        {
            (current.connection, current.task) = (None, None);
        }
    }

    async fn connect(&self) -> Result<Connected, Failure> {
        match self.server.addr() {
            ConnectionAddr::Tcp(host, port) => {
                let stream = TcpStream::connect((&**host, *port)).await.map_err(Failure::new)?;
                stream.set_nodelay(true).map_err(Failure::new)?;
                self.set_up(stream).await
            }
            #[cfg(unix)]
            ConnectionAddr::Unix(path) => {
                let stream = tokio::net::UnixStream::connect(path).await.map_err(Failure::new)?;
                self.set_up(stream).await
            }
            other => Err(Failure::new(format!("cannot connect to {other}"))),
        }
    }

    async fn set_up(
        &self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    ) -> Result<Connected, Failure> {
        // The deadline of the call holds instead of that of the client.
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        let (stream, settings) = (Bounded::new(stream), self.server.redis_settings());
        let (connection, driver) =
            MultiplexedConnection::new_with_config(settings, stream, config).await?;
        let (task, retired) = oneshot::channel();
        tokio::spawn(drive(driver, retired, self.time));
        Ok((connection, task))
    }
}

/// A connection, and what ends its task when it is dropped.
type Connected = (MultiplexedConnection, oneshot::Sender<Infallible>);

/// Runs the task of a connection. Once the connection is retired, the calls that still use it have
/// as much time as any other: a server that never answers them would keep the task for ever.
async fn drive(
    driver: impl Future<Output = ()>,
    retired: oneshot::Receiver<Infallible>,
    time: Duration,
) {
    let mut driver = pin!(driver);
    let mut end = pin!(async {
        let _ = retired.await;
        sleep(time).await;
    });
    poll_fn(|context| {
        let is_over = driver.as_mut().poll(context).is_ready();
        if is_over || end.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        Poll::Pending
    })
    .await;
}

/// An error, and whether the connection is of no more use.
struct Failure {
    error: StoreError,
    is_of_connection: bool,
}

impl Failure {
    fn new(what: impl Display) -> Self {
        let error = StoreError::Unavailable(what.to_string().into());
        Self { error, is_of_connection: true }
    }

    fn late(time: Duration) -> Self {
        Self::new(format!("the server did not answer within {} s", time.as_secs_f64()))
    }
}

impl From<redis::RedisError> for Failure {
    fn from(error: redis::RedisError) -> Self {
        let is_of_connection = error.is_io_error() || error.is_unrecoverable_error();
        Self { error: error.into(), is_of_connection }
    }
}
