//! What an interruption ends. It is for good, so this is a process of its own.

#![cfg(unix)]

use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use cookiespec_process::{Output, Process, interrupt, is_interrupted};

fn shell(script: &str) -> io::Result<Process> {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    Process::start(command)
}

#[test]
fn every_child_is_ended_and_none_is_started_after_it() {
    let deadline = Instant::now() + Duration::from_secs(10);
    let mut children = [
        "echo started; while :; do :; done",
        "trap '' TERM INT HUP; echo started; while :; do sleep 9; done",
        "setsid sh -c 'echo started; while :; do sleep 9; done'",
    ]
    .map(|script| shell(script).unwrap());
    for child in &children {
        assert!(matches!(child.read(deadline), Output::Line(line) if line == b"started"));
    }
    assert!(!is_interrupted());

    interrupt();
    assert!(is_interrupted());
    // Their pipes are closed: nothing that they started holds them open.
    assert!(children.iter().all(|child| matches!(child.read(deadline), Output::Closed)));
    for child in &mut children {
        while child.exited().is_none() && Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert_eq!(child.exited().unwrap().code(), None);
    }
    assert_eq!(shell("exit 0").unwrap_err().kind(), io::ErrorKind::Interrupted);
}
