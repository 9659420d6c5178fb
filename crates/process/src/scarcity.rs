//! Errors that say that the system has run short of something.

use std::io;

/// Whether a program could not be started because there is no process, thread, file descriptor or
/// memory to be had, or because the run was interrupted: it says nothing about the program.
pub fn is_scarcity(error: &io::Error) -> bool {
    let kinds = [io::ErrorKind::WouldBlock, io::ErrorKind::OutOfMemory, io::ErrorKind::Interrupted];
    kinds.contains(&error.kind()) || is_out_of_descriptors(error)
}

#[cfg(unix)]
fn is_out_of_descriptors(error: &io::Error) -> bool {
    use rustix::io::Errno;

    let limits = [Errno::MFILE, Errno::NFILE].map(Errno::raw_os_error);
    error.raw_os_error().is_some_and(|code| limits.contains(&code))
}

#[cfg(not(unix))]
fn is_out_of_descriptors(_: &io::Error) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_no_scarcity() {
        let of = |error: Errno| is_scarcity(&error.into());
        assert!([Errno::MFILE, Errno::NFILE, Errno::AGAIN, Errno::NOMEM].into_iter().all(of));
        assert!(![Errno::NOENT, Errno::ACCESS, Errno::NOEXEC, Errno::IO].into_iter().any(of));
    }
}
