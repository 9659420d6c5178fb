//! The proxy that is every origin, against clients that are scripted octet by octet, on loopback.

mod hostile;
mod http1;
mod http2;
mod responses;
mod support;
mod tunnels;
