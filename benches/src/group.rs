//! Operations that do the same work on the same input.

use std::fmt;

/// The subject that is ours.
pub const ENGINE: &str = "engine";

/// Operations that do the same work on the same input.
#[derive(Debug)]
pub struct Group {
    /// Operation and input, such as `set-cookie/short`.
    pub name: String,
    /// How much work one run is.
    pub work: Work,
    /// Who does it; ours comes first.
    pub subjects: Vec<Subject>,
}

/// How much work one run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// So many octets are read or written.
    Octets(usize),
    /// So many things are done.
    Times(usize),
}

/// Who does the work.
pub struct Subject {
    /// The crate, or what bounds it.
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

    /// The subject of this name.
    pub fn subject(&mut self, name: &str) -> Option<&mut Subject> {
        self.subjects.iter_mut().find(|subject| subject.name == name)
    }
}

impl Subject {
    /// Does the work so many times.
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
