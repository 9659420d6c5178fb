//! What must hold for every run of the program, whatever it is given.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::program::Ran;

/// What a run may use.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Of time.
    pub time: Duration,
    /// Of memory, in octets.
    pub memory: u64,
    /// Of stdout and stderr, each, in octets.
    pub output: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { time: Duration::from_secs(60), memory: 500_000_000, output: 8 << 20 }
    }
}

impl Bounds {
    /// Runs a command to its end. What takes three times its time is killed.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn run(&self, command: &mut Command) -> io::Result<Ran> {
        command.env_remove("COLUMNS").env_remove("NO_COLOR");
        Ran::of(command, 3 * self.time)
    }

    /// Whether a run ended with a documented exit code, panicked nowhere, stayed within the bounds, and
    /// wrote nothing that a terminal or a CI service obeys.
    ///
    /// # Errors
    /// What does not hold.
    pub fn check(&self, ran: &Ran) -> Result<(), String> {
        ran.expect_code(&[0, 1, 2, 3])?;
        if ran.took > self.time {
            return Err(format!("it took {:?}", ran.took));
        }
        if ran.memory > self.memory {
            return Err(format!("it had {} octets of memory", ran.memory));
        }
        for (stream, octets) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
            if octets.len() > self.output {
                return Err(format!("it wrote {} octets to {stream}", octets.len()));
            }
            inert(octets).map_err(|what| format!("{stream}: {what}"))?;
        }
        Ok(())
    }
}

/// Whether a text has nothing in it that a terminal or a CI service obeys: no control characters but
/// line feeds and tabs, none that reorder or hide others, and no line that is a command.
///
/// # Errors
/// What it has.
pub(crate) fn inert(octets: &[u8]) -> Result<(), String> {
    let text = str::from_utf8(octets).map_err(|error| format!("not UTF-8: {error}"))?;
    let obeyed = |it: &char| {
        matches!(it, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
            || (it.is_control() && !matches!(it, '\n' | '\t'))
    };
    if let Some((at, character)) = text.char_indices().find(|(_, it)| obeyed(it)) {
        let around: String = text[..at].chars().rev().take(40).collect();
        let around: String = around.chars().rev().collect();
        return Err(format!("{character:?} after {around:?}"));
    }
    for line in text.lines() {
        let is_command = line.trim_start().starts_with("::");
        let has_command = ["##[", "##vso[", "##teamcity["].iter().any(|it| line.contains(it));
        if is_command || has_command {
            return Err(format!(
                "a command of a CI service: {:?}",
                line.chars().take(80).collect::<String>()
            ));
        }
    }
    Ok(())
}

/// Whether a file is there as a whole, without what a terminal obeys. Commands of CI services may be in
/// a file: nobody reads it as a log.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn inert_file(file: &Path) -> Result<(), String> {
    let octets = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    match inert(&octets) {
        Err(what) if !what.starts_with("a command of") => {
            Err(format!("{}: {what}", file.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_or_a_ci_service_obeys_is_found() {
        assert_eq!(inert("a ::b\n\t##\nä…\n".as_bytes()), Ok(()));
        for text in ["\u{1b}", "\u{9b}", "\u{202e}", "\r", "\u{feff}", "a\n ::error::b", "x##vso[y"]
        {
            assert!(inert(text.as_bytes()).is_err(), "{text:?}");
        }
        assert!(inert(b"\xff").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_run_is_bounded_and_observed() {
        let bounds = Bounds { time: Duration::from_millis(200), ..Bounds::default() };
        let check = |script: &str| {
            let ran = bounds.run(Command::new("sh").args(["-c", script])).unwrap();
            bounds.check(&ran)
        };
        assert_eq!(check("exit 2"), Ok(()));
        assert!(check("exit 101").unwrap_err().contains("exit status: 101"));
        assert!(check("kill -9 $$").unwrap_err().contains("signal: 9"));
        assert!(check("while :; do :; done").unwrap_err().contains("did not end in time"));
        assert!(check("printf '\\033'").unwrap_err().starts_with("stdout: "));
        assert!(check("echo ::debug:: >&2").unwrap_err().starts_with("stderr: "));
    }
}
