//! The run loop: every case to one target, whatever the target does to itself meanwhile.
//!
//! Cases go out with as many messages under way as the shim allows, or in batches where it allows
//! no more than one. When it dies, hangs or breaks the protocol, the cases under way, and the one
//! that was answered last, are put again one at a time until one of them does it again; that one is
//! to blame, the others go back to the queue.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use cookiespec_vectors::{About, Answer, Case, Profile, Request, Verdict, Welcome};

use crate::fault::{Fault, Trouble};
use crate::session::{Limits, Session};
use crate::target::Target;
use crate::transcript::{Heard, Transcript};
use crate::transport::Transport;

/// How often a target is started again before it is given up.
const RESTARTS: usize = 20;

/// Puts every case to a target. `profiles` are those it will be judged under. `heard` is told of
/// each case that is finished, by its index, and may break the run off.
pub fn run(
    target: &Target,
    profiles: &[Profile],
    cases: &[&Case],
    limits: Limits,
    heard: &dyn Fn(&About, usize, &Heard) -> ControlFlow<()>,
) -> Transcript {
    let mut run = Run {
        target,
        profiles,
        cases,
        limits,
        tell: heard,
        is_stopped: false,
        queue: VecDeque::new(),
        welcome: None,
        about: About::default(),
        transport: Transport::Window(1),
        heard: vec![Heard::NotRun; cases.len()],
        restarts: 0,
        unpinned: None,
    };
    let trouble = run.all().err().or(run.unpinned.take());
    Transcript { welcome: run.welcome, heard: run.heard, trouble }
}

struct Run<'a> {
    target: &'a Target,
    profiles: &'a [Profile],
    cases: &'a [&'a Case],
    limits: Limits,
    tell: &'a dyn Fn(&About, usize, &Heard) -> ControlFlow<()>,
    is_stopped: bool,
    /// Indices of the cases still to be put.
    queue: VecDeque<usize>,
    welcome: Option<Welcome>,
    about: About,
    transport: Transport,
    heard: Vec<Heard>,
    restarts: usize,
    /// A fault that no case repeated alone. The run goes on, but is not whole.
    unpinned: Option<Trouble>,
}

/// The cases that may be to blame for a fault.
#[derive(Default)]
struct Suspects {
    /// The case that was answered last: what it set off may show only after its answer.
    answered: Option<usize>,
    /// The cases that have no answer.
    under_way: VecDeque<usize>,
}

impl Run<'_> {
    fn all(&mut self) -> Result<(), Trouble> {
        let mut session = self.open()?;
        self.sort_out(&session.welcome.clone());
        loop {
            let mut suspects = Suspects::default();
            let outcome = self.put(&mut session, &mut suspects);
            let Err(fault) = outcome.and_then(|()| session.check_itself()) else {
                session.close();
                return Ok(());
            };
            session = self.restart(&fault)?;
            session = self.pin_down(session, fault, suspects)?;
        }
    }

    fn open(&self) -> Result<Session, Trouble> {
        Session::open(self.target, self.profiles, self.limits).map_err(Trouble::from)
    }

    /// Queues the cases that the target can be asked, and answers the others for it.
    fn sort_out(&mut self, welcome: &Welcome) {
        self.welcome = Some(welcome.clone());
        self.about = welcome.about();
        self.transport = Transport::offered_by(welcome);
        for (index, case) in self.cases.iter().enumerate() {
            match case.missing(&self.about) {
                None => self.queue.push_back(index),
                Some(need) => {
                    let need = need.to_owned();
                    self.hear(index, Heard::Answer(Answer::Unsupported { need }));
                }
            }
        }
    }

    /// Puts the queued cases until all are answered or a fault happens.
    fn put(&mut self, session: &mut Session, suspects: &mut Suspects) -> Result<(), Fault> {
        loop {
            if !self.is_stopped {
                self.send(session, &mut suspects.under_way);
            }
            let Some(&index) = suspects.under_way.front() else { return Ok(()) };
            let answer = session.receive()?;
            suspects.answered = suspects.under_way.pop_front();
            self.hear(index, Heard::Answer(answer));
        }
    }

    /// Sends as much of the queue as the transport has room for.
    fn send(&mut self, session: &mut Session, under_way: &mut VecDeque<usize>) {
        let room = self.transport.room(under_way.len()).min(self.queue.len());
        if room == 0 {
            return;
        }
        let operations = self.queue.range(..room).map(|&index| self.cases[index].operation());
        let sent = session.send_by(self.transport, operations);
        under_way.extend(self.queue.drain(..sent));
    }

    /// Puts the suspects one at a time, until one repeats the fault.
    fn pin_down(
        &mut self,
        mut session: Session,
        fault: Fault,
        suspects: Suspects,
    ) -> Result<Session, Trouble> {
        let mut alone: VecDeque<_> =
            suspects.answered.into_iter().chain(suspects.under_way).collect();
        let messages = self.messages(&alone);
        let mut spent = Duration::ZERO;
        while let Some(index) = alone.pop_front() {
            let start = Instant::now();
            match self.put_alone(&mut session, index) {
                Ok(answer) => self.hear(index, Heard::Answer(answer)),
                Err(fault) => {
                    self.hear(index, Heard::Fault(fault.clone()));
                    alone.retain(|&index| self.heard[index] == Heard::NotRun);
                    alone.append(&mut self.queue);
                    self.queue = alone;
                    self.transport = self.transport.after_fault(&session.welcome);
                    return self.restart(&fault);
                }
            }
            spent += start.elapsed();
            if self.is_stopped {
                return Ok(session);
            }
        }
        // Answers that are in time one by one and not together are late, and nobody's fault.
        let is_slow = fault.verdict == Verdict::Hang && spent > self.limits.answer / 2;
        match self.transport.narrower() {
            Some(narrower) if is_slow => self.transport = narrower,
            _ => {
                let what = format!("{}; no case repeats it alone", fault.what);
                self.unpinned = Some(Trouble { what, stderr: fault.stderr, messages });
                self.transport = self.transport.after_fault(&session.welcome);
            }
        }
        Ok(session)
    }

    /// Puts a case and makes sure that nothing but its answer comes of it.
    fn put_alone(&self, session: &mut Session, index: usize) -> Result<Answer, Fault> {
        session.send(std::iter::once(self.cases[index].operation()));
        let answer = session.receive()?;
        session.check_itself()?;
        Ok(answer)
    }

    fn messages(&self, suspects: &VecDeque<usize>) -> Vec<String> {
        let message = |&index: &usize| {
            serde_json::to_string(&Request::new(index as u64, self.cases[index].operation())).ok()
        };
        suspects.iter().filter_map(message).collect()
    }

    fn restart(&mut self, fault: &Fault) -> Result<Session, Trouble> {
        if self.restarts == RESTARTS {
            let what = format!("given up after {RESTARTS} restarts; at last {}", fault.what);
            return Err(Trouble { what, stderr: fault.stderr.clone(), messages: Vec::new() });
        }
        self.restarts += 1;
        self.open()
    }

    fn hear(&mut self, index: usize, heard: Heard) {
        if (self.tell)(&self.about, index, &heard).is_break() {
            self.is_stopped = true;
        }
        self.heard[index] = heard;
    }
}
