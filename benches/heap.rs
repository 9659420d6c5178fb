//! The heap a stored cookie takes, its part of the index included. More than the bound fails.
//!
//! A program of its own, because counting replaces the allocator: `cargo bench -p
//! cookiespec-benches --bench heap`. `ratios` starts it, too, and reads what it prints.

use std::process::ExitCode;

use cookiespec_benches::{ENGINE, filled, filled_peer};

/// Octets asked of the allocator for each cookie of the store.
const MOST: f64 = 160.0;

const COOKIES: usize = 10_000;

fn main() -> ExitCode {
    let ours = octets_per_cookie(|| filled(COOKIES));
    println!("{ENGINE} {ours:.1}");
    println!("cookie_store {:.1}", octets_per_cookie(|| filled_peer(COOKIES)));
    if ours > MOST {
        eprintln!("a stored cookie takes {ours:.1} octets of heap, and may take {MOST}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// What of the heap is taken as long as the store lives, by the cookie.
fn octets_per_cookie<T>(fill: impl FnOnce() -> T) -> f64 {
    let mut store = None;
    let measured = allocation_counter::measure(|| store = Some(fill()));
    drop(store);
    measured.bytes_current as f64 / COOKIES as f64
}
