//! Signals that ask the program to end: SIGINT (Ctrl-C), SIGTERM and SIGHUP.
//!
//! The first one ends all children at once, so that nothing waits for them any more; commands that
//! write reports then write what there is. Whatever is not over in a second and a half is ended, and so is
//! everything at a second signal.

use std::env;
use std::io;
use std::process::Command;
#[cfg(unix)]
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use cookiespec_process as process;
use cookiespec_report::Exit;
use thiserror::Error;

/// The number of the signal that came; 0 for none.
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// What keeps the program from being ended: how many are writing. Whoever ends it keeps the lock.
static WRITERS: Mutex<usize> = Mutex::new(0);

/// A command was asked to end before it was through.
#[derive(Debug, Error)]
#[error("interrupted; nothing was judged")]
pub(crate) struct Interrupted;

/// Has a limit on the size of files (`ulimit -f`) be an error of whoever writes. If the command starts
/// programs, has signals end them, and has them end even if this process is killed; without, a signal
/// does what it does to any process.
///
/// # Errors
/// There is no thread to be had, or the system refuses to have the signals handled.
pub(crate) fn prepare(starts_programs: bool) -> Result<()> {
    bear_file_limit().context("cannot handle the signal of a limit on files")?;
    if starts_programs {
        process::watch_by(watcher);
        handle_signals().context("cannot handle signals")?;
    }
    Ok(())
}

/// The exit code of the signal that came; `None` if none came.
pub(crate) fn signal() -> Option<Exit> {
    Exit::of_signal(SIGNAL.load(Ordering::SeqCst))
}

/// How a command ends that would end like this without a signal.
pub(crate) fn exit(exit: Exit) -> Exit {
    signal().unwrap_or(exit)
}

/// For commands that have nothing to say about part of their work.
///
/// # Errors
/// A signal came.
pub(crate) fn check() -> Result<(), Interrupted> {
    match signal() {
        None => Ok(()),
        Some(_) => Err(Interrupted),
    }
}

/// Keeps the program from being ended as long as it lives.
#[derive(Debug)]
pub(crate) struct HoldOff(());

impl HoldOff {
    /// For the time in which files are written: that waits for no target, and some of the reports
    /// without the others, or a draft that is left, would be worse than a late end.
    pub(crate) fn new() -> Self {
        *writers() += 1;
        Self(())
    }
}

impl Drop for HoldOff {
    fn drop(&mut self) {
        *writers() -= 1;
    }
}

fn writers() -> MutexGuard<'static, usize> {
    WRITERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The command that ends the children if this process is killed.
fn watcher() -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.arg("watch");
    Ok(command)
}

#[cfg(unix)]
fn bear_file_limit() -> io::Result<()> {
    // With a handler, whichever it is, the signal does not end the process.
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default()).map(drop)
}

#[cfg(not(unix))]
fn bear_file_limit() -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn handle_signals() -> io::Result<()> {
    use std::sync::atomic::AtomicBool;
    use std::thread::{self, Builder};
    use std::time::Duration;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;
    use signal_hook::iterator::Signals;

    /// How long a command may take to write what there is.
    const GRACE: Duration = Duration::from_millis(1500);
    const POLL: Duration = Duration::from_millis(5);

    // Whoever started this process may want it to go on when the terminal is closed (`nohup`).
    let handled = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|&signal| !is_ignored(signal));
    let handled: Vec<_> = handled.collect();
    let is_second = Arc::new(AtomicBool::new(false));
    for &signal in &handled {
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&is_second))?;
    }
    let mut signals = Signals::new(handled)?;
    Builder::new().name("signals".to_owned()).spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        SIGNAL.store(signal, Ordering::SeqCst);
        process::interrupt();
        is_second.store(true, Ordering::SeqCst);
        thread::sleep(GRACE);
        loop {
            let writers = writers();
            if *writers == 0 {
                std::process::exit(128 + signal);
            }
            drop(writers);
            thread::sleep(POLL);
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn handle_signals() -> io::Result<()> {
    Ok(())
}

/// Whether this process was started with a signal ignored, where the system shows that.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (signal - 1) & 1 == 1
}
