//! Cost and memory: what is measured, and steers nothing.

use std::io;
use std::time::Instant;

use cookiespec_vectors::Operation;

use super::super::accusation::{Class, Kind, accuse};
use super::super::cost::{Template, Trial};
use super::super::expected::Expected;
use super::super::random::Random;
use super::super::repertoire::can_be_asked;
use super::{Event, Fuzzer};
use cookiespec_report::Outcome;

impl Fuzzer {
    /// Tries templates until cost has had its share of the time.
    pub(super) fn look_for_cost(
        &mut self,
        random: &mut Random,
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        loop {
            let begun = Instant::now();
            let templates = self.detector.templates(random, &self.corpus);
            for template in &templates {
                for target in 0..self.accused.len() {
                    if !self.is_over() {
                        self.try_template(target, template, event)?;
                    }
                }
            }
            self.time_on_cost += begun.elapsed();
            if templates.is_empty()
                || self.is_over()
                || self.time_on_cost > self.started.elapsed() / COST_SHARE
            {
                return Ok(());
            }
        }
    }

    fn try_template(
        &mut self,
        target: usize,
        template: &Template,
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        let subject = &mut *self.accused[target].subjects[0];
        let conviction = match self.detector.examine(target, subject, template) {
            Trial::Acquitted => return Ok(()),
            Trial::Convicted(conviction) => *conviction,
            Trial::Unanswered(unanswered) => {
                let (operation, heard) = *unanswered;
                return self.follow_up_silence(target, &operation, &heard, event);
            }
        };
        let class = Class {
            kind: Kind::Cost,
            operation: conviction.operation.name(),
            field: template.part(),
            difference: conviction.difference(),
            place: String::new(),
        };
        let name = &self.accused[target].name;
        if self.settings.known.contains(name, &class) || !self.ledger.hit(name, &class) {
            return Ok(());
        }
        let finding = self.witnesses(self.progress.cases).cost(target, &class, conviction);
        self.keep(finding, event)
    }

    /// A long input was not answered.
    fn follow_up_silence(
        &mut self,
        target: usize,
        operation: &Operation,
        heard: &Outcome,
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        let accused = &self.accused[target];
        let expected = Expected::of(accused.profile, operation);
        let accusations = accuse(accused.profile, accused.about(), operation, &expected, heard);
        // A shim that cannot answer within the limits of the protocol is no finding.
        for accusation in accusations.unwrap_or_default() {
            self.follow_up(target, operation, self.progress.cases, &accusation, event)?;
        }
        Ok(())
    }

    /// Looks at the memory of every target.
    pub(super) fn look_for_memory(
        &mut self,
        cases: &[Operation],
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        for target in 0..self.accused.len() {
            let accused = &mut self.accused[target];
            let about = accused.about();
            let asked: Vec<_> =
                cases.iter().filter(|operation| can_be_asked(about, operation)).collect();
            let subject = &mut *accused.subjects[0];
            let Some(leak) = self.watches[target].look(subject, &asked) else { continue };
            let mut witnesses = self.witnesses(self.progress.cases);
            let finding = witnesses.memory(target, leak.operation, leak.grown);
            self.keep(finding, event)?;
        }
        Ok(())
    }
}

/// Cost is looked for in one of so many parts of the time.
const COST_SHARE: u32 = 3;
