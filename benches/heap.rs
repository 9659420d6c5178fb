//! The heap size of a stored cookie, its part of the index included. More than the bound fails.
//!
//! A separate program, because counting replaces the allocator: `cargo bench -p cookiespec-benches
//! --bench heap`. `ratios` runs it as well and reads its output.

use std::process::ExitCode;

use cookiespec_benches::{ENGINE, filled, filled_peer};

/// Limit of allocated octets per cookie of the store.
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

/// Octets per cookie that stay allocated as long as the store exists.
fn octets_per_cookie<T>(fill: impl FnOnce() -> T) -> f64 {
    let mut store = None;
    let measured = allocation_counter::measure(|| store = Some(fill()));
    drop(store);
    measured.bytes_current as f64 / COOKIES as f64
}
