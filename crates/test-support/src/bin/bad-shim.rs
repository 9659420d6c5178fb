//! A shim that misbehaves, to see how `cookiespec run` reports it:
//!
//! ```sh
//! cargo build -p cookiespec-test-support
//! cargo run -- run --vectors crates/cookiespec/tests/vectors -- target/debug/bad-shim crash
//! ```
//!
//! Without an argument it lists the kinds.

use std::process::ExitCode;

use cookiespec_test_support::bad_shims;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    bad_shims::misbehave(&words)
}
