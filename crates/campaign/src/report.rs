//! What came of a campaign.

use std::fmt;
use std::num::NonZeroUsize;
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_process::threads;

use crate::options::Options;

/// What came of the trials of a kind.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many trials were run.
    pub tried: usize,
    /// The trials in which something does not hold.
    pub broken: Vec<Broken>,
    /// What could not be tried on this machine, and why.
    pub left_out: Vec<String>,
    /// The trial that took longest, and how long.
    pub longest: Option<(String, Duration)>,
}

/// A trial in which something does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The name of the trial.
    pub trial: String,
    /// What was observed, and what should have been.
    pub what: String,
}

/// A circumstance that the program is put in.
pub struct Trial<'a> {
    /// Its name, which no other trial of the kind has and which stays the same.
    pub name: String,
    /// Runs it.
    ///
    /// # Errors
    /// What does not hold.
    pub run: Box<dyn Fn() -> Result<(), String> + Send + Sync + 'a>,
}

impl Report {
    /// Runs the trials that are chosen, one after the other, because they measure short times or change
    /// what others depend on; of a sample one of every `stride`.
    pub fn of<'a>(
        options: &Options,
        stride: usize,
        trials: impl IntoIterator<Item = Trial<'a>>,
    ) -> Self {
        Self::at_once(NonZeroUsize::MIN, options, stride, trials)
    }

    /// The same for trials that do not matter to each other: as many at once as there are processors.
    pub fn of_independent<'a>(
        options: &Options,
        stride: usize,
        trials: impl IntoIterator<Item = Trial<'a>>,
    ) -> Self {
        let processors = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self::at_once(processors, options, stride, trials)
    }

    fn at_once<'a>(
        most: NonZeroUsize,
        options: &Options,
        stride: usize,
        trials: impl IntoIterator<Item = Trial<'a>>,
    ) -> Self {
        let chosen: Vec<_> = trials
            .into_iter()
            .enumerate()
            .filter(|(index, trial)| options.includes(&trial.name, *index, stride))
            .map(|(_, trial)| trial)
            .collect();
        let outcomes = threads::map(&chosen, most, |trial| {
            let start = Instant::now();
            ((trial.run)(), start.elapsed())
        });
        let mut report = Self { tried: chosen.len(), ..Self::default() };
        for (trial, (outcome, took)) in chosen.iter().zip(outcomes) {
            let broken = outcome.err().map(|what| Broken { trial: trial.name.clone(), what });
            report.broken.extend(broken);
            if report.longest.as_ref().is_none_or(|(_, longest)| *longest < took) {
                report.longest = Some((trial.name.clone(), took));
            }
        }
        report
    }

    /// The same without what could not be tried.
    #[must_use]
    pub fn leaving_out(mut self, what: impl IntoIterator<Item = String>) -> Self {
        self.left_out.extend(what);
        self
    }

    /// The report of the kind with this name as text: how many were tried and broken, and how to
    /// repeat what broke.
    pub fn text(&self, kind: &str) -> String {
        let mut text = format!("{kind}: {} tried, {} broken\n", self.tried, self.broken.len());
        for what in &self.left_out {
            text.push_str(&format!("  left out: {what}\n"));
        }
        for Broken { trial, what } in &self.broken {
            text.push_str(&format!("  {trial}: {}\n", what.escape_debug()));
            text.push_str(&format!(
                "    again: cargo run -p cookiespec-campaign --bin campaign -- {kind} --only '{trial}'\n"
            ));
        }
        text
    }
}

impl fmt::Debug for Trial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trial").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn what_broke_is_said_with_the_command_to_repeat_it() {
        let trial = |name: &str, holds: bool| Trial {
            name: name.to_owned(),
            run: Box::new(move || if holds { Ok(()) } else { Err("exit\u{1b} 101".to_owned()) }),
        };
        let nowhere = PathBuf::new;
        let options = Options { program: nowhere(), helpers: nowhere(), sample: false, only: None };
        let report = Report::of(&options, 1, [trial("a", true), trial("b", false)]);
        assert_eq!(
            report.text("x"),
            "x: 2 tried, 1 broken\n  b: exit\\u{1b} 101\n    again: cargo run -p \
             cookiespec-campaign --bin campaign -- x --only 'b'\n"
        );
    }
}
