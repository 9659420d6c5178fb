//! What counts as a failure of a shim, and which verdict each failure has.
//!
//! - `crash`: the process ended although it owed an answer, whatever its exit status;
//! - `hang`: the process runs, and the oldest request had no answer within the limit, although the
//!   process was not kept from running ([`Deadline`](crate::deadline::Deadline));
//! - `broken`: anything else that the protocol does not allow, such as text on stdout, a wrong id
//!   or a line that is too long. It says nothing about the implementation behind the shim.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use cookiespec_process::is_scarcity;
use cookiespec_report::{Escaped, KEPT_TEXT, ShimFailure, shortened};
use cookiespec_vectors::Verdict;
use cookiespec_vectors::message::{MAX_LINE, PROTOCOL};
use thiserror::Error;

/// What a shim did instead of answering.
#[derive(Debug, Error)]
pub(crate) enum FailureCause {
    #[error("it answered once, and the same request again with {0}")]
    AnswerChanged(String),
    #[error("it refuses the batch it offers")]
    BatchRefused,
    #[error("it closed its stdout and ran on")]
    ClosedStdout,
    #[error("it does not echo all 256 octets unchanged: {0}")]
    EchoDiffers(String),
    #[error("it ended with {0}")]
    Ended(ExitStatus),
    #[error("it refuses hello: {0}")]
    HelloRefused(String),
    #[error("the results of a batch: {0}")]
    InvalidBatch(serde_json::Error),
    #[error("the run was interrupted")]
    Interrupted,
    #[error("its hello is not valid: {0}")]
    InvalidHello(serde_json::Error),
    #[error("it wrote a line of more than {MAX_LINE} octets")]
    LineTooLong,
    #[error("no answer within {0:?}")]
    NoAnswer(Duration),
    #[error("its stdout is not an answer ({error}): \"{start}\"{rest}")]
    NotAnAnswer {
        /// The start of the line.
        start: String,
        /// An ellipsis where the line is longer than that.
        rest: &'static str,
        error: serde_json::Error,
    },
    #[error("cannot start {program}: {error}")]
    NotStarted { program: String, error: io::Error },
    #[error("the results of a batch are not those of its requests")]
    OtherBatchResults,
    #[error("it speaks protocol {0}, not {PROTOCOL}")]
    OtherProtocol(u32),
    #[error("{0}")]
    OtherHello(String),
    #[error("its hello is too large: {0}")]
    OversizedHello(String),
    #[error("it answered {0} a second time")]
    RepeatedId(u64),
    #[error(
        "no answer within {0:?}, too little of which it had a processor; run it again on a less busy machine"
    )]
    Starved(Duration),
    #[error("the time of the run was over before it answered")]
    TimeOver,
    #[error("it does not say \"unsupported\" to \"{0}\"")]
    UnknownOperationAccepted(String),
    #[error("it answered {0}, which is not open")]
    UnrequestedId(u64),
    #[error("it answered {id} instead of {expected}")]
    WrongId { id: u64, expected: u64 },
}

impl FailureCause {
    /// `crash`, `hang` or `broken`.
    pub(crate) const fn verdict(&self) -> Verdict {
        match self {
            Self::Ended(_) => Verdict::Crash,
            Self::NoAnswer(_) => Verdict::Hang,
            _ => Verdict::Broken,
        }
    }

    /// Whether it is that there was no answer.
    pub(crate) const fn is_silence(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::Starved(_))
    }

    /// Whether it is that the system has run short of something.
    pub(crate) fn is_scarcity(&self) -> bool {
        matches!(self, Self::NotStarted { error, .. } if is_scarcity(error))
    }

    /// Whether it is that nobody waited for the answer: nothing is known about the request.
    pub(crate) const fn is_end_of_run(&self) -> bool {
        matches!(self, Self::Interrupted | Self::TimeOver)
    }

    /// The failure, with the end of what the shim wrote to stderr. What the cause quotes of the shim is
    /// escaped and bounded here.
    pub(crate) fn into_failure(self, stderr: &[u8]) -> ShimFailure {
        let what = Escaped(&self.to_string()).to_string();
        ShimFailure {
            verdict: self.verdict(),
            what: shortened(what, KEPT_TEXT),
            stderr: String::from_utf8_lossy(stderr).into_owned(),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn only_the_end_of_the_process_is_a_crash_and_only_silence_is_a_hang() {
        let ended = |wait_status| FailureCause::Ended(ExitStatus::from_raw(wait_status));
        for (cause, verdict) in [
            (ended(0), Verdict::Crash),
            (ended(6), Verdict::Crash),
            (FailureCause::NoAnswer(Duration::from_secs(5)), Verdict::Hang),
            (FailureCause::Starved(Duration::from_secs(100)), Verdict::Broken),
            (FailureCause::ClosedStdout, Verdict::Broken),
            (FailureCause::LineTooLong, Verdict::Broken),
            (FailureCause::WrongId { id: 7, expected: 3 }, Verdict::Broken),
        ] {
            assert_eq!(cause.verdict(), verdict, "{cause}");
        }
    }

    #[test]
    fn a_failure_has_the_end_of_stderr() {
        let failure = FailureCause::ClosedStdout.into_failure(b"\xffout of memory");
        assert_eq!(failure.stderr, "\u{fffd}out of memory");
        assert_eq!(failure.what, "it closed its stdout and ran on");
    }

    #[test]
    fn what_a_cause_quotes_is_escaped_and_bounded() {
        let cause = FailureCause::HelloRefused("\u{1b}\n\u{9b}".repeat(1 << 20));
        let what = cause.into_failure(b"").what;
        assert!(what.starts_with(r"it refuses hello: \u{1b}\n\u{9b}"), "{what}");
        assert!(what.len() < 2200 && what.contains("octets in all, SHA-256"), "{what}");
    }
}
