//! The program that the campaigns run: `cookiespec`, built with them.

use std::process::ExitCode;

fn main() -> ExitCode {
    cookiespec::main()
}
