//! Time, and starting again.

use std::thread;
use std::time::{Duration, Instant};

use cookiespec_wire::Request;

use super::Bench;
use crate::descriptor::Process;
use crate::host::Host;
use crate::site::Site;
use crate::template::Values;
use crate::trouble::{Trouble, TroubleKind};

impl Bench {
    /// Whether the application's clock can be moved on, so that nobody has to wait.
    pub fn has_clock(&self) -> bool {
        self.clock_knob().is_some()
    }

    /// Lets so many seconds pass: by moving the clock on where the descriptor says how, and by
    /// waiting otherwise.
    ///
    /// # Errors
    /// [`Trouble`] where the clock cannot be moved.
    pub fn pass_time(&self, seconds: u64) -> Result<(), Trouble> {
        let Some(clock) = self.clock_knob() else {
            thread::sleep(Duration::from_secs(seconds));
            return Ok(());
        };
        let values = Values::default().with("seconds", seconds.to_string());
        let reply = self.saved("").send(clock, &values)?;
        if !(200..400).contains(&reply.status()) {
            return Err(Trouble::descriptor(
                format!("{} {}{}", clock.method, self.site.origin(), clock.path),
                format!("status {}", reply.status()),
                "correct `process.clock`: the request has to move the clock of the application",
            ));
        }
        self.shared.advance(seconds);
        Ok(())
    }

    /// Stops the application and starts it again with this idle timeout in seconds.
    ///
    /// # Errors
    /// [`Trouble`] where it does not start, or there is no `[process]`.
    pub fn restart(&self, idle: u64) -> Result<(), Trouble> {
        let Some(host) = &self.host else {
            let advice = "add [process] to the descriptor";
            return Err(Trouble::descriptor("a restart", "nothing says how", advice));
        };
        let mut host = Self::lock(host);
        host.stop();
        // A new process starts with the clock of the machine.
        self.shared.reset_clock();
        let ready = ready_path(self.descriptor.process.as_ref(), &self.descriptor.whoami.path);
        start(&mut **host, &self.site, ready, idle)
    }

    /// Whether the application can be started with another idle timeout.
    pub fn can_set_idle(&self) -> bool {
        self.descriptor.process.as_ref().is_some_and(Process::mentions_idle)
    }

    /// The idle timeout that the application is started with when nothing else matters, in seconds.
    pub fn usual_idle(&self) -> u64 {
        self.descriptor.policy.idle.unwrap_or(USUAL_IDLE)
    }

    fn clock_knob(&self) -> Option<&crate::descriptor::RequestTemplate> {
        self.descriptor.process.as_ref()?.clock.as_ref()
    }
}

/// The path that answers when the application is ready.
pub(crate) fn ready_path<'a>(process: Option<&'a Process>, whoami: &'a str) -> &'a str {
    process.and_then(|process| process.ready.as_deref()).unwrap_or(whoami)
}

/// Starts the application and waits until it answers.
///
/// # Errors
/// [`Trouble`] where it ends, or does not answer in time.
pub(crate) fn start(
    host: &mut dyn Host,
    site: &std::sync::Arc<Site>,
    ready: &str,
    idle: u64,
) -> Result<(), Trouble> {
    host.start(idle)?;
    let deadline = Instant::now() + STARTUP;
    loop {
        let request = Request::new("GET", ready);
        let shown = site.shown(&request);
        let trouble = match site.send(0, request) {
            Ok(_) => return Ok(()),
            Err(trouble) if trouble.kind == TroubleKind::Budget => return Err(trouble),
            Err(trouble) => trouble,
        };
        let fault = |got: String, kind| {
            let advice = "run `process.start` by hand in the folder of the descriptor, and see \
                          that the application listens on {port}";
            Trouble { request: shown.clone(), got, advice: advice.to_owned(), kind }
        };
        if let Some(end) = host.ended() {
            return Err(fault(format!("the application is gone: {end}"), TroubleKind::NoAnswer));
        }
        if Instant::now() > deadline {
            let seconds = STARTUP.as_secs();
            let got = format!("{} for {seconds} s after the start", trouble.got);
            return Err(fault(got, TroubleKind::NoAnswer));
        }
        thread::sleep(POLL);
    }
}

/// Half an hour, as the cheat sheet has it for applications of low risk.
pub(crate) const USUAL_IDLE: u64 = 1_800;
const STARTUP: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);
