//! The run loop: every case to one target, whatever the target does to itself meanwhile.
//!
//! Cases go out with as many messages under way as the shim allows. When it dies, hangs or breaks
//! the protocol, the cases under way are put again one at a time until one of them does it again;
//! that one is to blame, the others go back to the queue. `batch` is not used: it saves nothing
//! that a window does not, and makes every fault everybody's.

use std::collections::VecDeque;

use cookiespec_vectors::{Answer, Case, Profile, Request, Welcome};

use crate::fault::{Fault, Trouble};
use crate::session::{Limits, Session};
use crate::target::Target;

/// How often a target is started again before it is given up.
const RESTARTS: usize = 20;
/// The most messages that are under way at once.
const WINDOW: usize = 256;

/// What became of putting one case to a target.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// It answered, or was not asked because it lacks what the case needs.
    Answer(Answer),
    /// It failed to answer, and did so again when the case was put to it alone.
    Fault(Fault),
    /// The target was given up before.
    NotRun,
}

/// What a target said to all cases.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// Who the target says it is; `None` where it did not get so far.
    pub welcome: Option<Welcome>,
    /// One element per case, in the order of the cases.
    pub heard: Vec<Heard>,
    /// What kept the run from being whole.
    pub trouble: Option<Trouble>,
}

/// Puts every case to a target. `profiles` are those it will be judged under, `done` is called for
/// each case that is finished.
pub fn run(
    target: &Target,
    profiles: &[Profile],
    cases: &[&Case],
    limits: Limits,
    done: &dyn Fn(),
) -> Transcript {
    let mut run = Run {
        target,
        profiles,
        cases,
        limits,
        done,
        queue: VecDeque::new(),
        welcome: None,
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
    done: &'a dyn Fn(),
    /// Indices of the cases still to be put.
    queue: VecDeque<usize>,
    welcome: Option<Welcome>,
    heard: Vec<Heard>,
    restarts: usize,
    /// A fault that no case repeated alone. The run goes on, but is not whole.
    unpinned: Option<Trouble>,
}

impl Run<'_> {
    fn all(&mut self) -> Result<(), Trouble> {
        let mut session = self.open()?;
        self.sort_out(&session.welcome.clone());
        let window = session.welcome.window.clamp(1, WINDOW);
        while !self.queue.is_empty() {
            let mut queue = std::mem::take(&mut self.queue);
            let mut under_way = VecDeque::new();
            let Err(fault) = self.put(&mut session, &mut queue, &mut under_way, window) else {
                break;
            };
            self.queue = queue;
            session = self.restart(&fault)?;
            session = self.pin_down(session, fault, under_way)?;
        }
        session.close().map_err(Trouble::from)
    }

    fn open(&self) -> Result<Session, Trouble> {
        Session::open(self.target, self.profiles, self.limits).map_err(Trouble::from)
    }

    /// Queues the cases that the target can be asked, and answers the others for it.
    fn sort_out(&mut self, welcome: &Welcome) {
        let about = welcome.about();
        for (index, case) in self.cases.iter().enumerate() {
            match case.missing(&about) {
                None => self.queue.push_back(index),
                Some(need) => {
                    let need = need.to_owned();
                    self.hear(index, Heard::Answer(Answer::Unsupported { need }));
                }
            }
        }
        self.welcome = Some(welcome.clone());
    }

    /// Puts the queued cases until all are answered or one is not. Those without an answer are left
    /// in `queue`, if they were not put yet, and in `under_way`.
    fn put(
        &mut self,
        session: &mut Session,
        queue: &mut VecDeque<usize>,
        under_way: &mut VecDeque<usize>,
        window: usize,
    ) -> Result<(), Fault> {
        loop {
            // Filling up only when half of the window is free makes for fewer and longer writes.
            if under_way.len() <= window / 2 {
                let more = queue.drain(..queue.len().min(window - under_way.len()));
                let from = under_way.len();
                under_way.extend(more);
                session.send(under_way.range(from..).map(|&index| self.cases[index].operation()));
            }
            let Some(&index) = under_way.front() else { return Ok(()) };
            let answer = session.receive()?;
            under_way.pop_front();
            self.hear(index, Heard::Answer(answer));
        }
    }

    /// Puts the cases that were under way at a fault one at a time, until one repeats it.
    fn pin_down(
        &mut self,
        mut session: Session,
        fault: Fault,
        mut suspects: VecDeque<usize>,
    ) -> Result<Session, Trouble> {
        let messages = suspects
            .iter()
            .filter_map(|&index| {
                let request = Request::new(index as u64, self.cases[index].operation());
                serde_json::to_string(&request).ok()
            })
            .collect();
        let mut alone = VecDeque::new();
        match self.put(&mut session, &mut suspects, &mut alone, 1) {
            Ok(()) => {
                let what = format!("{}; no case repeats it alone", fault.what);
                self.unpinned = Some(Trouble { what, stderr: fault.stderr, messages });
                Ok(session)
            }
            Err(fault) => {
                let next = self.restart(&fault);
                for index in alone {
                    self.hear(index, Heard::Fault(fault.clone()));
                }
                suspects.append(&mut self.queue);
                self.queue = suspects;
                next
            }
        }
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
        self.heard[index] = heard;
        (self.done)();
    }
}
