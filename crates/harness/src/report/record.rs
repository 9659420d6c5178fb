//! Everything a run came to, in one value that stands by itself: every report is made from it, and
//! the event file is it, written down.

use std::collections::BTreeSet;

use cookiespec_vectors::{Answer, Case, Fingerprint, Profile, Verdict, Welcome};
use sha2::{Digest, Sha256};

use crate::fault::Trouble;
use crate::results::{Exit, Results, Sheet};
use crate::shims::Absent;
use crate::transcript::Heard;

/// A run and what it came to.
#[derive(Clone, Debug)]
pub struct Record {
    /// The version of the harness that ran it.
    pub harness: String,
    /// The cases that were put to the targets.
    pub cases: Vec<Case>,
    /// One element per target; each holds one element per case.
    pub targets: Vec<Tested>,
    /// Targets that could not be run there.
    pub absent: Vec<Absent>,
    /// How the command ended.
    pub exit: Exit,
}

/// One target, what it said and what that is worth.
#[derive(Clone, Debug)]
pub struct Tested {
    /// What it is called in reports. No two targets of a record have the same label.
    pub label: String,
    /// The name it is chosen by.
    pub name: String,
    /// Where it comes from: `built in`, `python`, `node` …, or `command`.
    pub ecosystem: String,
    /// What stands on the command line of `cookiespec run` to choose it.
    pub selector: String,
    /// Who it said it is; `None` where it did not get so far.
    pub welcome: Option<Welcome>,
    /// What kept the run from being whole.
    pub trouble: Option<Trouble>,
    /// What it said, one element per case.
    pub heard: Vec<Heard>,
    /// The verdicts, one sheet per profile.
    pub sheets: Vec<Sheet>,
    /// Which profile it follows.
    pub fingerprint: Fingerprint,
}

impl Record {
    /// Takes the results of a run. `exit` is the exit code of the command.
    pub fn new(cases: &[&Case], results: Vec<Results>, absent: Vec<Absent>, exit: Exit) -> Self {
        let mut labels = BTreeSet::new();
        let targets = results
            .into_iter()
            .map(|results| {
                let label = unused(results.label(), &labels);
                labels.insert(label.clone());
                Tested::new(label, results)
            })
            .collect();
        Self {
            harness: env!("CARGO_PKG_VERSION").to_owned(),
            cases: cases.iter().map(|&case| case.clone()).collect(),
            targets,
            absent,
            exit,
        }
    }

    /// The profiles that at least one target is judged under, oldest first.
    pub fn profiles(&self) -> Vec<Profile> {
        let is_judged =
            |profile: &Profile| self.targets.iter().any(|target| target.sheet(*profile).is_some());
        Profile::ALL.into_iter().filter(is_judged).collect()
    }

    /// The digest of the cases: equal where two runs asked and expected the same.
    pub fn suite(&self) -> String {
        let mut digest = Sha256::new();
        for case in &self.cases {
            digest.update(case.to_json().to_string());
            digest.update("\n");
        }
        let hexadecimal: String =
            digest.finalize().iter().map(|octet| format!("{octet:02x}")).collect();
        format!("sha256:{hexadecimal}")
    }
}

/// The label, with a number where it is taken.
fn unused(label: String, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{label} #{number}"));
    std::iter::once(label.clone()).chain(numbered).find(|one| !taken.contains(one)).unwrap_or(label)
}

impl Tested {
    fn new(label: String, results: Results) -> Self {
        Self {
            label,
            name: results.target.name.clone(),
            ecosystem: results.target.ecosystem.clone(),
            selector: results.target.selector(),
            welcome: results.welcome,
            trouble: results.trouble,
            heard: results.heard,
            sheets: results.sheets,
            fingerprint: results.fingerprint,
        }
    }

    /// The sheet of a profile, where the target was judged under it.
    pub fn sheet(&self, profile: Profile) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.profile == profile)
    }

    /// The answer to a case, where there was one.
    pub fn answer(&self, index: usize) -> Option<&Answer> {
        match self.heard.get(index) {
            Some(Heard::Answer(answer)) => Some(answer),
            _ => None,
        }
    }

    /// The number of cases with a verdict, under the profile where there are most.
    pub fn most(&self, verdict: Verdict) -> usize {
        self.sheets.iter().map(|sheet| sheet.tally.count(verdict)).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_that_is_taken_gets_a_number() {
        let taken = ["a", "a #2"].map(str::to_owned).into();
        assert_eq!(unused("a".to_owned(), &taken), "a #3");
        assert_eq!(unused("b".to_owned(), &taken), "b");
    }
}
