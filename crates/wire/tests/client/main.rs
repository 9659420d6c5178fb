//! The client against scripted servers on loopback. Each server runs on a thread of its test and
//! sends exactly the octets of its script.

mod connections;
mod limits;
mod pending;
mod requests;
mod responses;
mod server;
mod tls;
