//! Overlapping requests of one session, without a slow page in the application.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Builder, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use cookiespec_wire::{Request, Response};

use super::TestContext;
use crate::browser::navigation::Reply;
use crate::browser::{Browser, no_state};
use crate::error::ProbeError;
use crate::verdict::Abort;

/// The response to a write that overlapped another request.
#[derive(Debug)]
pub struct LateResponse {
    /// The request-target of the write.
    pub target: String,
    /// The response.
    pub response: Response,
    /// Whether the response came after that of the other request.
    pub is_last: bool,
}

impl LateResponse {
    /// Stores the cookies of the response in a browser.
    pub fn deliver_to(&self, browser: &mut Browser) {
        browser.receive(&self.response, "POST", &self.target);
    }
}

impl TestContext {
    /// Starts a write in a browser, runs `meanwhile` while the server waits for the last octet of
    /// the write, and then completes the write. The cookies of its response are not stored yet.
    ///
    /// An application that loads the session before it reads the content works on the state from
    /// before `meanwhile`; with any other application nothing overlaps.
    ///
    /// # Errors
    /// As for [`Browser::send`], and those of `meanwhile`.
    pub fn overlap(
        &self,
        browser: &mut Browser,
        key: &str,
        meanwhile: impl FnOnce(&mut Browser) -> Result<(), Abort>,
    ) -> Result<LateResponse, Abort> {
        let request = self.write(browser, key)?;
        let target = request.target.clone();
        let pending = browser.begin(request)?;
        thread::sleep(SETTLING_TIME);
        meanwhile(browser)?;
        Ok(LateResponse { target, response: pending.finish()?, is_last: true })
    }

    /// Sends many writes of one session at once, each with its own key and by a client with the
    /// current cookies of the browser, and runs `meanwhile` when half of them are sent.
    ///
    /// # Errors
    /// As for [`Browser::send`], and those of `meanwhile`.
    pub fn burst(
        &self,
        browser: &mut Browser,
        meanwhile: impl FnOnce(&mut Browser) -> Result<(), Abort>,
    ) -> Result<Vec<LateResponse>, Abort> {
        let mut clients = Vec::new();
        for nth in 0..WRITES {
            let mut client = browser.duplicate();
            let request = self.write(&mut client, &burst_key(nth))?;
            clients.push((client, request));
        }
        let is_done = &AtomicBool::new(false);
        thread::scope(|scope| {
            let second_half = clients.split_off(WRITES / 2);
            let send = |(mut client, request): (Browser, Request)| {
                let target = request.target.clone();
                start(scope, move || {
                    let response = client.send_once(request)?.response;
                    let is_last = is_done.load(Ordering::SeqCst);
                    Ok::<_, ProbeError>(LateResponse { target, response, is_last })
                })
            };
            let mut writes: Vec<_> = clients.into_iter().map(send).collect::<Result<_, _>>()?;
            let done = meanwhile(browser);
            is_done.store(true, Ordering::SeqCst);
            for write in second_half.into_iter().map(send) {
                writes.push(write?);
            }
            let late: Result<Vec<_>, _> = writes
                .into_iter()
                .map(|write| write.join().expect("a client does not panic"))
                .collect();
            done?;
            Ok(late?)
        })
    }

    /// Repeats a test that finds a defect only by chance, as often as [`Bursts`](super::Bursts)
    /// allows, and returns the number of rounds.
    ///
    /// # Errors
    /// That of the first round that fails.
    pub fn rounds(&self, mut round: impl FnMut() -> Result<(), Abort>) -> Result<usize, Abort> {
        let start = Instant::now();
        let mut rounds = 0;
        while rounds < self.bursts.count && (rounds == 0 || start.elapsed() < self.bursts.time) {
            round()?;
            rounds += 1;
        }
        Ok(rounds)
    }

    fn write(&self, browser: &mut Browser, key: &str) -> Result<Request, ProbeError> {
        let state = self.descriptor.state.as_ref().ok_or_else(no_state)?;
        browser.prepare(&state.set, &self.entry(key, VALUE))
    }
}

/// Runs `work` in each of several browsers at the same time.
///
/// # Errors
/// The first one of `work`.
pub fn at_once<T: Send>(
    browsers: Vec<Browser>,
    work: impl Fn(usize, &mut Browser) -> Result<T, ProbeError> + Sync,
) -> Result<Vec<(Browser, T)>, ProbeError> {
    let work = &work;
    thread::scope(|scope| {
        let workers: Vec<_> = browsers
            .into_iter()
            .enumerate()
            .map(|(nth, mut browser)| {
                start(scope, move || work(nth, &mut browser).map(|it| (browser, it)))
            })
            .collect::<Result<_, _>>()?;
        workers.into_iter().map(|worker| worker.join().expect("a client does not panic")).collect()
    })
}

/// Starts a thread for something that has to happen at the same time as something else.
///
/// # Errors
/// There is no thread to be had.
pub fn start<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, T>, ProbeError> {
    Builder::new().spawn_scoped(scope, work).map_err(|error| ProbeError::no_thread(&error))
}

/// Whether the application refused the request with a 4xx status.
pub fn is_refused(reply: &Reply) -> bool {
    (400..500).contains(&reply.status())
}

/// The key of one write in a burst.
pub fn burst_key(nth: usize) -> String {
    format!("burst{nth}")
}

/// The number of writes in a burst.
pub const WRITES: usize = 16;
/// The value that is written.
pub const VALUE: &str = "late";
/// The time in which a server starts to process a request whose content is incomplete.
const SETTLING_TIME: Duration = Duration::from_millis(30);
