//! What can go wrong between two ends of a connection.

use std::time::Duration;
use std::{fmt, io};

/// Why there is no response.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The host name has no address.
    Address(String, io::Error),
    /// Bytes arrived that are no HTTP/1.1 response: what is wrong with them.
    Malformed(String),
    /// The peer closed the connection after so many octets of an unfinished response.
    Closed(usize),
    /// No connection could be made to the address.
    Connect(String, io::Error),
    /// The connection broke while it was in use.
    Io(io::Error),
    /// The response was not whole after this time.
    Timeout(Duration),
    /// TLS failed: the certificate, the handshake or the file of trusted certificates.
    Tls(String),
    /// Head or content is longer than this many octets.
    TooLong(usize),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(host, error) => {
                write!(f, "the host {} has no address: {error}", host.escape_debug())
            }
            Self::Malformed(what) => write!(f, "the answer is no HTTP/1.1: {what}"),
            Self::Closed(0) => f.write_str("the connection was closed without an answer"),
            Self::Closed(octets) => {
                write!(f, "the connection was closed after {octets} octets of an unfinished answer")
            }
            Self::Connect(address, error) => write!(f, "no connection to {address}: {error}"),
            Self::Io(error) => write!(f, "the connection broke: {error}"),
            Self::Timeout(time) => {
                write!(f, "no whole answer within {} s", time.as_secs_f64())
            }
            Self::Tls(what) => write!(f, "TLS failed: {what}"),
            Self::TooLong(octets) => write!(f, "the answer is longer than {octets} octets"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Address(_, error) | Self::Connect(_, error) | Self::Io(error) => Some(error),
            _ => None,
        }
    }
}
