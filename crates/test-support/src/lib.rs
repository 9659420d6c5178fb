//! What the tests of several crates share.
//!
//! [`callgrind`] counts instructions, [`bad_shims`] are shims that misbehave, [`hostile_shim`]
//! is one with a hostile text in any place, [`BusyLoops`] keep
//! the machine busy, [`RedisServer`] is a server for the length of a test, [`case`] is a test vector
//! as JSON.

pub mod bad_shims;
mod busy_loops;
pub mod callgrind;
mod case;
pub mod hostile_shim;
mod redis_server;

pub use busy_loops::BusyLoops;
pub use case::case;
pub use redis_server::RedisServer;
