//! The shims of the campaign: those that misbehave, under one name.

use std::env;
use std::process::ExitCode;

use cookiespec_test_support::bad_shims;

fn main() -> ExitCode {
    let words: Vec<_> = env::args().skip(1).collect();
    bad_shims::misbehave(&words)
}
