//! The steps in which files are changed. Each can be made to fail, to see what is left then.

use std::io;

/// What is about to be done to a file, or to what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Look,
    Create,
    Adopt,
    Write,
    Sync,
    Rename,
    SyncFolder,
    Remove,
    OpenLock,
    TakeLock,
    ReadFolder,
}

/// Comes before each step of this process.
///
/// # Errors
/// The step is to fail.
#[cfg(not(feature = "injection"))]
pub(crate) fn before(_: Step) -> io::Result<()> {
    Ok(())
}

/// Comes before each step of this process, and does what the variable of the environment says:
/// `once:N` has the step of this number fail, counted from 0, `from:N` all from there on, `kill:N` ends
/// the process there, and `show` shows the steps.
///
/// # Errors
/// The step is to fail.
#[cfg(feature = "injection")]
pub(crate) fn before(step: Step) -> io::Result<()> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::{env, eprintln, format, process};

    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let Ok(plan) = env::var("COOKIESPEC_FILE_FAULT") else { return Ok(()) };
    let number = COUNT.fetch_add(1, Ordering::SeqCst);
    let (what, at) = plan.split_once(':').unwrap_or((&plan, ""));
    let is_there = at.parse() == Ok(number);
    let is_later = at.parse().is_ok_and(|at: usize| number > at);
    match what {
        "once" if is_there => {}
        "from" if is_there || is_later => {}
        "kill" if is_there => process::exit(KILLED),
        "show" => {
            eprintln!("file step {number}: {step:?}");
            return Ok(());
        }
        _ => return Ok(()),
    }
    let what = format!("no space is left, which is made up: step {number}, {step:?}");
    Err(io::Error::new(io::ErrorKind::StorageFull, what))
}

/// What a process exits with that is ended at a step.
#[cfg(feature = "injection")]
const KILLED: i32 = 99;
