//! Cost that grows faster than the input: inputs `prefix + unit × n + suffix`, and the processor
//! time that they take.
//!
//! Only processor time counts, because wall time depends on the load of the machine, and only above
//! a floor, because short times are noise. What is reported was measured in processes that were
//! started for it and did nothing else.

mod catalog;
pub(crate) mod measurement;
pub(crate) mod template;

use std::collections::BTreeMap;

use cookiespec_report::Outcome;
use cookiespec_vectors::Operation;

use self::measurement::{ConfirmedGrowth, Screened};
use self::template::Template;
use crate::capabilities::{Capabilities, supports};
use crate::corpus::Corpus;
use crate::random::Random;
use crate::subject::executor::Executor;

/// Looks for super-linear cost, some templates at a time.
#[derive(Debug)]
pub(crate) struct Detector {
    templates: Vec<Template>,
    next: usize,
    /// How often each subject, by index, was reported for each part of an operation.
    reported: BTreeMap<(usize, String), usize>,
}

/// The result of running a template on a subject.
#[derive(Debug)]
pub(crate) enum Trial {
    /// Nothing to report.
    Passed,
    /// The cost grows too fast.
    Confirmed(Box<ConfirmedGrowth>),
    /// There was no answer, and no measurable growth before.
    Unanswered(Box<(Operation, Outcome)>),
}

impl Detector {
    /// All supported templates, the simple ones first, otherwise in random order.
    pub(crate) fn new(random: &mut Random, capabilities: &Capabilities) -> Self {
        let mut templates = catalog::all(capabilities);
        for at in (1..templates.len()).rev() {
            templates.swap(at, random.below(at + 1));
        }
        templates.sort_by_key(catalog::rank);
        Self { templates, next: 0, reported: BTreeMap::new() }
    }

    /// The next templates of the list; after its end, templates whose unit comes from the corpus.
    pub(crate) fn templates(&mut self, random: &mut Random, corpus: &Corpus) -> Vec<Template> {
        let to = (self.next + BATCH).min(self.templates.len());
        let mut templates = self.templates[self.next..to].to_vec();
        self.next = to;
        while templates.len() < BATCH {
            let Some(template) = corpus
                .pick(random)
                .and_then(|operation| Template::from(random, operation))
                .filter(Template::has_hosts)
            else {
                break;
            };
            templates.push(template);
        }
        templates
    }

    /// Runs a template on a subject, given by its index and executor.
    pub(crate) fn examine(
        &mut self,
        subject: usize,
        executor: &mut dyn Executor,
        template: &Template,
    ) -> Trial {
        let key = (subject, template.part());
        if !supports(executor.about(), &template.operation(1))
            || self.reported.get(&key).is_some_and(|times| *times >= MOST_REPORTS)
        {
            return Trial::Passed;
        }
        let screened = measurement::screen(executor, template);
        if matches!(screened, Screened::Unremarkable) {
            return Trial::Passed;
        }
        let trial = match (measurement::confirm(executor, template), screened) {
            (Some(confirmed), _) => Trial::Confirmed(Box::new(confirmed)),
            (None, Screened::Unanswered(unanswered)) => {
                Trial::Unanswered(measurement::shorten(executor, template, unanswered))
            }
            (None, _) => return Trial::Passed,
        };
        *self.reported.entry(key).or_default() += 1;
        trial
    }
}

/// How many templates run between two checks of the time spent.
const BATCH: usize = 8;
/// How often a subject is reported for one part of an operation.
const MOST_REPORTS: usize = 2;
