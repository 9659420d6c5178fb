//! A campaign in the background of a shell, where SIGINT is ignored.
#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
fn a_signal_that_the_campaign_ignores_is_not_ignored_by_what_it_tries() {
    let script = "trap '' INT HUP; exec \"$0\" signals --only \"$1\"";
    for trial in ["run/hangs/INT", "run/hangs/HUP"] {
        let campaign = env!("CARGO_BIN_EXE_campaign");
        let ran = Command::new("sh").args(["-c", script, campaign, trial]).output().unwrap();
        let text = String::from_utf8_lossy(&ran.stdout);
        assert!(text.starts_with("signals: 1 tried, 0 broken\n"), "{text}");
    }
}
