//! Groups of subjects that do the same work on the same input.

use std::fmt;

/// The name of the engine as a subject.
pub const ENGINE: &str = "engine";

/// Subjects that do the same work on the same input.
#[derive(Debug)]
pub struct Group {
    /// Operation and input, such as `set-cookie/short`.
    pub name: String,
    /// The amount of work of one run.
    pub work: Work,
    /// What does the work; the engine comes first.
    pub subjects: Vec<Subject>,
}

/// The amount of work of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Octets that are read or written.
    Octets(usize),
    /// Repetitions of the operation.
    Times(usize),
}

/// An implementation of the work.
pub struct Subject {
    /// The crate, or the lower bound.
    pub name: &'static str,
    run: Box<dyn FnMut()>,
}

impl Group {
    pub(crate) fn new(name: impl Into<String>, work: Work) -> Self {
        Self { name: name.into(), work, subjects: Vec::new() }
    }

    pub(crate) fn with<T>(
        mut self,
        name: &'static str,
        mut run: impl FnMut() -> T + 'static,
    ) -> Self {
        let run = Box::new(move || drop(std::hint::black_box(run())));
        self.subjects.push(Subject { name, run });
        self
    }

    /// The subject with this name.
    pub fn subject(&mut self, name: &str) -> Option<&mut Subject> {
        self.subjects.iter_mut().find(|subject| subject.name == name)
    }
}

impl Subject {
    /// Does the work this many times.
    pub fn run(&mut self, times: u64) {
        for _ in 0..times {
            (self.run)();
        }
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject").field("name", &self.name).finish_non_exhaustive()
    }
}
