//! A shim that misbehaves, to see what `cookiespec run` makes of it:
//!
//! ```sh
//! cargo build --example bad-shim
//! cargo run -- run --vectors crates/cookiespec/tests/vectors -- target/debug/examples/bad-shim crash
//! ```
//!
//! Without a word it lists what there is.

#[path = "../tests/bad_shims/mod.rs"]
mod bad_shims;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    bad_shims::misbehave(&words)
}
