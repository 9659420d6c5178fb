//! The connection to the server: made again when it is lost, with a deadline for each call.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, RedisResult};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::timeout;

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
        let connection = self.connect().await?;
        current.connection = Some(connection.clone());
        current.nth += 1;
        Ok((connection, current.nth))
    }

    /// Lets the next call make a connection, unless that has been done already.
    fn forget(&self, nth: u64) {
        // Whoever holds the lock finds out by a call of its own.
        if let Ok(mut current) = self.current.try_lock()
            && current.nth == nth
        {
            current.connection = None;
        }
    }

    async fn connect(&self) -> Result<MultiplexedConnection, Failure> {
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
    ) -> Result<MultiplexedConnection, Failure> {
        // The deadline of the call holds instead of that of the client.
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        let (stream, settings) = (Bounded::new(stream), self.server.redis_settings());
        let (connection, driver) =
            MultiplexedConnection::new_with_config(settings, stream, config).await?;
        tokio::spawn(driver);
        Ok(connection)
    }
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
