//! Why a server does not start.

use std::net::SocketAddr;
use std::{fmt, io};

/// Why a server does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The port cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// The folder for the certificate of the authority cannot be made.
    Folder(io::Error),
    /// The certificate of the authority cannot be made.
    Certificate(String),
    /// The threads cannot be started.
    Threads(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) if error.kind() == io::ErrorKind::AddrInUse => {
                write!(
                    f,
                    "{address} is in use by another program; choose another port, or 0 for a free one"
                )
            }
            Self::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Folder(error) => {
                write!(
                    f,
                    "cannot write the certificate of the authority to a temporary folder: {error}"
                )
            }
            Self::Certificate(what) => {
                write!(f, "cannot make the certificate of the authority: {what}")
            }
            Self::Threads(error) => write!(f, "cannot start the threads of the server: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen(_, error) | Self::Folder(error) | Self::Threads(error) => Some(error),
            Self::Certificate(_) => None,
        }
    }
}
