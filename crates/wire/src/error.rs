//! Errors of an HTTP exchange.

use std::time::Duration;
use std::{fmt, io};

/// Why a request has no response.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The host name has no address.
    Address(String, io::Error),
    /// The octets received are not an HTTP/1.1 response; the text says what is wrong with them.
    Malformed(String),
    /// The peer closed the connection after this many octets of an incomplete response.
    Closed(usize),
    /// No connection to the address could be established.
    Connect(String, io::Error),
    /// The connection failed while it was in use.
    Io(io::Error),
    /// The response was not complete after this time.
    Timeout(Duration),
    /// TLS failed: the certificate, the handshake or the file of trusted certificates.
    Tls(String),
    /// Head and content of the response are together longer than this many octets.
    TooLong(usize),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(host, error) => {
                write!(f, "the host {} has no address: {error}", host.escape_debug())
            }
            Self::Malformed(what) => write!(f, "the response is not HTTP/1.1: {what}"),
            Self::Closed(0) => f.write_str("the connection was closed without a response"),
            Self::Closed(octets) => {
                write!(
                    f,
                    "the connection was closed after {octets} octets of an incomplete response"
                )
            }
            Self::Connect(address, error) => write!(f, "cannot connect to {address}: {error}"),
            Self::Io(error) => write!(f, "the connection failed: {error}"),
            Self::Timeout(time) => {
                write!(f, "no complete response within {} s", time.as_secs_f64())
            }
            Self::Tls(what) => write!(f, "TLS failed: {what}"),
            Self::TooLong(octets) => write!(f, "the response is longer than {octets} octets"),
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
