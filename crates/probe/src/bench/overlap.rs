//! Two requests of one session at the same time, without a slow page in the application.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_wire::{Request, Response};

use super::Bench;
use crate::browser::{Browser, Reply};
use crate::trouble::Trouble;
use crate::verdict::Halt;

/// How often bursts are tried at most, for nobody knows when two requests really meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bursts {
    /// The most bursts for one check.
    pub count: usize,
    /// The most time they may take; the first one takes as long as it takes.
    pub time: Duration,
}

impl Default for Bursts {
    /// Twelve, or five seconds.
    fn default() -> Self {
        Self { count: 12, time: Duration::from_secs(5) }
    }
}

/// What came of a write that something else overlapped.
#[derive(Debug)]
pub struct Late {
    /// The request-target of the write.
    pub target: String,
    /// Its answer.
    pub response: Response,
    /// Whether the answer came after what was done in the meantime.
    pub is_last: bool,
}

impl Late {
    /// Lets a browser receive the cookies of the answer.
    pub fn reach(&self, browser: &mut Browser) {
        browser.receive(&self.response, "POST", &self.target);
    }
}

impl Bench {
    /// Starts a write in a browser, does something else in it while the server waits for the last
    /// octet of the write, and then lets the write come to its end. The browser has not received
    /// the answer yet.
    ///
    /// An application that looks at the session before it reads the content has the session as it
    /// was before; with one that does not, nothing overlaps.
    ///
    /// # Errors
    /// As for [`Browser::send`], and what `meanwhile` ends with.
    pub fn overlap(
        &self,
        browser: &mut Browser,
        key: &str,
        meanwhile: impl FnOnce(&mut Browser) -> Result<(), Halt>,
    ) -> Result<Late, Halt> {
        let request = self.write(browser, key)?;
        let target = request.target.clone();
        let held = browser.hold(request)?;
        thread::sleep(SETTLES);
        meanwhile(browser)?;
        Ok(Late { target, response: held.finish()?, is_last: true })
    }

    /// Many writes of one session at once, each under a key of its own and by a client that has the
    /// cookies the browser has now, and something else in their midst.
    ///
    /// # Errors
    /// As for [`Browser::send`], and what `amidst` ends with.
    pub fn burst(
        &self,
        browser: &mut Browser,
        amidst: impl FnOnce(&mut Browser) -> Result<(), Halt>,
    ) -> Result<Vec<Late>, Halt> {
        let mut clients = Vec::new();
        for nth in 0..WRITES {
            let mut client = browser.twin();
            let request = self.write(&mut client, &burst_key(nth))?;
            clients.push((client, request));
        }
        let is_done = &AtomicBool::new(false);
        thread::scope(|scope| {
            let second_half = clients.split_off(WRITES / 2);
            let send = |(mut client, request): (Browser, Request)| {
                let target = request.target.clone();
                scope.spawn(move || {
                    let response = client.send_once(request)?.response;
                    let is_last = is_done.load(Ordering::SeqCst);
                    Ok::<_, Trouble>(Late { target, response, is_last })
                })
            };
            let mut writes: Vec<_> = clients.into_iter().map(send).collect();
            let done = amidst(browser);
            is_done.store(true, Ordering::SeqCst);
            writes.extend(second_half.into_iter().map(send));
            let late: Result<Vec<_>, _> = writes
                .into_iter()
                .map(|write| write.join().expect("a client does not panic"))
                .collect();
            done?;
            Ok(late?)
        })
    }

    /// Repeats what may find something only now and then, as often as [`Bursts`] allows. Gives how
    /// often that was.
    ///
    /// # Errors
    /// What a round ends with.
    pub fn rounds(&self, mut round: impl FnMut() -> Result<(), Halt>) -> Result<usize, Halt> {
        let start = Instant::now();
        let mut rounds = 0;
        while rounds < self.bursts.count && (rounds == 0 || start.elapsed() < self.bursts.time) {
            round()?;
            rounds += 1;
        }
        Ok(rounds)
    }

    fn write(&self, browser: &mut Browser, key: &str) -> Result<Request, Trouble> {
        let state = self.descriptor.state.as_ref().ok_or_else(crate::browser::no_state)?;
        browser.prepare(&state.set, &self.entry(key, VALUE))
    }
}

/// Does each of many browsers' work at the same time.
///
/// # Errors
/// The first that one of them ends with.
pub fn at_once<T: Send>(
    browsers: Vec<Browser>,
    work: impl Fn(usize, &mut Browser) -> Result<T, Trouble> + Sync,
) -> Result<Vec<(Browser, T)>, Trouble> {
    let work = &work;
    thread::scope(|scope| {
        let workers: Vec<_> = browsers
            .into_iter()
            .enumerate()
            .map(|(nth, mut browser)| {
                scope.spawn(move || work(nth, &mut browser).map(|it| (browser, it)))
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("a client does not panic")).collect()
    })
}

/// Whether the application refused to do what it was asked, and said so.
pub fn is_refused(reply: &Reply) -> bool {
    (400..500).contains(&reply.status())
}

/// The key that one write of a burst writes to.
pub fn burst_key(nth: usize) -> String {
    format!("burst{nth}")
}

/// How many writes make a burst.
pub const WRITES: usize = 16;
/// What is written.
pub const VALUE: &str = "late";
/// How long a server may take to begin with a request whose content is not complete.
const SETTLES: Duration = Duration::from_millis(30);
