//! A proxy on loopback that is every origin at once.
//!
//! User agents that cannot be asked through a function call are asked by what they send. They get
//! [`Origins`] as their proxy, request whatever URIs they like, and are answered by a [`Responder`];
//! each request is kept as it arrived. Nothing leaves the machine, and no name is resolved.
//!
//! The one listener takes everything that a client may do with a proxy: requests in absolute form,
//! CONNECT with TLS or plain HTTP in the tunnel, and requests in origin form from clients that are
//! told to connect here for a host, through TLS or not. HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken.
//! TLS has a certificate for each host, issued by an authority that is made for the run.
//!
//! ```
//! use std::sync::Arc;
//! use cookiespec_wire::server::{Options, Origins, Received, Reply};
//! use cookiespec_wire::{Bounds, Client, Request, Scheme, Trust};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let answer = |request: &Received| Reply::new(200).field("Set-Cookie", "a=1").body(request.uri());
//! let origins = Origins::start(Options::default(), Arc::new(answer))?;
//!
//! let port = origins.address().port();
//! let proxy = Client::new(Scheme::Http, "127.0.0.1", port, &Trust::System, Bounds::default())?;
//! let mut request = Request::new("GET", "http://a.test/path");
//! request.field("Cookie", "b=\x02 ");
//! let response = proxy.send(&request)?;
//! assert_eq!(response.first("set-cookie"), Some(&b"a=1"[..]));
//! assert_eq!(response.body, b"http://a.test/path");
//!
//! let exchange = &origins.exchanges()[0];
//! assert_eq!(exchange.request.values("cookie").next(), Some(&b"b=\x02"[..]));
//! origins.stop();
//! # Ok(())
//! # }
//! ```

mod authority;
mod certificates;
mod connection;
mod error;
mod http1;
mod http2;
mod listener;
mod log;
mod message;
mod options;
mod peer;
mod stream;
mod tls;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{fmt, fs, io};

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot};

pub use self::error::Error;
pub use self::log::{Exchange, Failure};
pub use self::message::{DateField, HttpVersion, Interim, Received, Reply, Responder};
pub use self::options::{Limits, Options};

use self::certificates::Certificates;
use self::log::Log;
use self::peer::Service;

/// All origins, behind one port of 127.0.0.1, until it is dropped.
pub struct Origins {
    address: SocketAddr,
    pem: String,
    ca_file: PathBuf,
    log: Arc<Log>,
    /// A permit for each connection that is not open.
    permits: Arc<Semaphore>,
    most_connections: usize,
    /// The certificate is in here; removed with it.
    _folder: TempDir,
    running: Option<Running>,
}

struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Origins {
    /// Starts a server with threads of its own.
    ///
    /// # Errors
    /// Any [`Error`].
    pub fn start(options: Options, responder: Arc<dyn Responder>) -> Result<Self, Error> {
        let Options { port, http2, threads, limits } = options;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let (listener, address) = listen(address).map_err(|error| Error::Listen(address, error))?;
        let certificates = Certificates::new(http2, limits.certificates)
            .map_err(|error| Error::Certificate(error.to_string()))?;
        let pem = certificates.pem().to_owned();
        let (folder, ca_file) = write_to_folder(&pem).map_err(Error::Folder)?;

        let log = Arc::new(Log::new(limits.exchanges, limits.exchange_octets));
        let permits = Arc::new(Semaphore::new(limits.connections));
        let service = Service { responder, certificates, log: Arc::clone(&log), limits, http2 };
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads.max(1))
            .thread_name("origins")
            .enable_all()
            .build()
            .map_err(Error::Threads)?;
        let (stop, stopped) = oneshot::channel();
        let accepting = listener::accept(listener, Arc::new(service), Arc::clone(&permits));
        let thread = thread::Builder::new()
            .name("origins-main".into())
            .spawn(move || run(runtime, accepting, stopped))
            .map_err(Error::Threads)?;
        Ok(Self {
            address,
            pem,
            ca_file,
            log,
            permits,
            most_connections: limits.connections,
            _folder: folder,
            running: Some(Running { stop, thread }),
        })
    }

    /// Closes all connections and waits until the threads have ended.
    pub fn stop(self) {
        drop(self);
    }

    /// Where the server listens: the proxy that clients are given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of the authority, in PEM.
    pub fn ca_pem(&self) -> &str {
        &self.pem
    }

    /// A file with the certificate of the authority, in a folder that only this user can read. It
    /// is removed with the server. The private key is in no file.
    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// The newest exchanges within [`Limits::exchanges`] and [`Limits::exchange_octets`], oldest
    /// first. An exchange is there before the client has its response.
    pub fn exchanges(&self) -> Vec<Arc<Exchange>> {
        self.log.exchanges()
    }

    /// The newest failures, at most 256, oldest first: what a client sent instead of a request,
    /// certificates that it refused, responses that it did not wait for.
    pub fn failures(&self) -> Vec<Failure> {
        self.log.failures()
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.most_connections - self.permits.available_permits()
    }
}

impl Drop for Origins {
    fn drop(&mut self) {
        if let Some(Running { stop, thread }) = self.running.take() {
            // Neither fails unless the thread is over already.
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origins")
            .field("address", &self.address)
            .field("ca_file", &self.ca_file)
            .field("connections", &self.connections())
            .finish_non_exhaustive()
    }
}

fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn write_to_folder(pem: &str) -> io::Result<(TempDir, PathBuf)> {
    let mut folder = tempfile::Builder::new();
    folder.prefix("cookiespec-origins-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        folder.permissions(fs::Permissions::from_mode(0o700));
    }
    let folder = folder.tempdir()?;
    let file = folder.path().join("ca.pem");
    fs::write(&file, pem)?;
    Ok((folder, file))
}

/// Serves until it is told to stop, and then drops all connections.
fn run(
    runtime: Runtime,
    accepting: impl Future<Output = ()> + Send + 'static,
    stopped: oneshot::Receiver<()>,
) {
    runtime.spawn(accepting);
    // An error is a sender that was dropped, which is as good as a message.
    let _ = runtime.block_on(stopped);
    runtime.shutdown_timeout(GRACE);
}

/// How long a responder may still be busy when the server stops.
const GRACE: Duration = Duration::from_secs(2);
