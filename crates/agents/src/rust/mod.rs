//! Published HTTP clients in Rust as user agents, in this process.

mod reqwest;
mod ureq;

use cookiespec_vectors::ImplementationInfo;
use cookiespec_wire::server::Origins;

use crate::agent::{Agent, AgentError};

/// A client that can be started by name.
#[derive(Debug)]
pub struct RustClient {
    /// The name it is chosen and reported by.
    pub name: &'static str,
    /// Starts it with the origins as its proxy.
    pub start: fn(&Origins) -> Result<Box<dyn Agent>, AgentError>,
}

/// Every client of this module, in the order of the names.
pub fn all() -> &'static [RustClient] {
    &[
        RustClient {
            name: "client:reqwest",
            start: |origins| Ok(Box::new(reqwest::Reqwest::start(origins)?)),
        },
        RustClient {
            name: "client:ureq",
            start: |origins| Ok(Box::new(ureq::Ureq::start(origins)?)),
        },
    ]
}

/// What is said of the crate where its cookie store alone is under test.
fn about(package: &str, notes: &str) -> ImplementationInfo {
    let entry = cookiespec_targets::all().iter().find(|entry| entry.name == package);
    let about = entry.map(|entry| (entry.make)().about()).unwrap_or_default();
    ImplementationInfo { notes: notes.to_owned(), ..about }
}

/// Makes the one implementation of TLS that is there the one that clients use.
fn use_ring() {
    // An error means that it is already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client that cannot be made.
fn failed(error: impl std::fmt::Display) -> AgentError {
    AgentError::Failed { message: error.to_string() }
}
