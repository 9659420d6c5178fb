//! Drives the built binary.

use std::path::Path;
use std::process::{Command, Output};

/// The result of a run of the binary.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `cookiespec` with these arguments, in the folder of this crate's tests.
pub(crate) fn cookiespec<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Ran {
    Ran::of(command().args(arguments))
}

/// The binary, without the environment variables that change its output.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cookiespec"));
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    command.current_dir(tests).env_remove("COLUMNS").env_remove("NO_COLOR");
    command
}

impl Ran {
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |octets| String::from_utf8(octets).unwrap();
        Self { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }
}
