//! Compares the results of a target with its baseline.

use std::fmt;

use cookiespec_report::{Escaped, Exit, Outcome, TargetReport};
use cookiespec_vectors::{
    Answer, Case, Handshake, ImplementationInfo, Judgement, Level, Profile, Suite, Verdict,
};
use jiff::civil::Date;

use super::{Baseline, BaselineError, Entry};

/// How a case or an entry compares with the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It fails, or misses a recommendation, as the entry says.
    Expected,
    /// It fails, misses a recommendation, or is unsupported where it was not, and there is no entry.
    Unexpected,
    /// There is an entry, and nothing is missed.
    Fixed,
    /// It is wrong in another way than the entry says.
    Changed,
    /// The entry is about no case of the suite.
    Stale,
    /// The case has a newer revision than the entry is about.
    Moved,
    /// It fails, or misses a recommendation, and was not in the suite when the baseline was written.
    New,
    /// The day until which the entry was accepted is over.
    Expired,
}

/// Something that is not as the baseline says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub status: Status,
    /// The profile under which it is so.
    pub profile: Profile,
    /// The case or the pattern.
    pub case: String,
    /// The line of the entry; `None` where there is none.
    pub line: Option<usize>,
    /// What differs, with everything escaped.
    pub what: String,
}

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How many cases are as their entries say.
    pub expected: usize,
    /// How many cases miss a recommendation and are not compared, because the baseline lists none
    /// that are missed.
    pub not_compared: usize,
    /// What differs, in the order of profiles and cases; findings about entries come last.
    pub findings: Vec<Finding>,
    /// The version that was run, where the baseline is for another one only: then the findings do
    /// not fail the run.
    pub other_version: Option<String>,
}

impl Status {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Unexpected => "unexpected",
            Self::Fixed => "fixed",
            Self::Changed => "changed",
            Self::Stale => "stale",
            Self::Moved => "moved",
            Self::New => "new",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Comparison {
    /// How a gate on these results ends, where nothing broke.
    pub fn exit(&self) -> Exit {
        match self.findings.is_empty() || self.other_version.is_some() {
            true => Exit::Clean,
            false => Exit::Differs,
        }
    }
}

/// Compares a target's results on `cases` with its baseline, and marks in them which failures and
/// missed recommendations are expected, and which of the latter are not. Only checks of these
/// `levels` are compared; of every level that the baseline lists, if there are none. Entries are
/// checked against the complete `suite`, expiry against `today`.
///
/// # Errors
/// The baseline says nothing about a profile that the target was judged under, or about a level
/// that is to be compared.
pub fn compare(
    baseline: &Baseline,
    results: &mut TargetReport,
    cases: &[&Case],
    suite: &Suite,
    levels: &[Level],
    today: Date,
) -> Result<Comparison, BaselineError> {
    baseline.check_levels(levels)?;
    let version = results.handshake.as_ref().map_or("", |it| &it.implementation.version).to_owned();
    let mut comparison = Comparison {
        expected: 0,
        not_compared: 0,
        findings: Vec::new(),
        other_version: (baseline.is_for_version && version != baseline.version)
            .then(|| version.clone()),
    };
    let about = results.handshake.as_ref().map(Handshake::about).unwrap_or_default();
    for result in &mut results.results {
        let Some(entries) = baseline.entries_for(result.profile) else {
            return Err(BaselineError {
                file: baseline.file.clone(),
                line: None,
                entry: Some(result.profile.to_string()),
                what: "the baseline says nothing about this profile".to_owned(),
                fix: format!("run `cookiespec bless --profile {}` on it", result.profile),
            });
        };
        let entries = entries.iter().filter(|entry| entry.applies_to(&version)).collect();
        let known = KnownFailures {
            baseline,
            about: &about,
            profile: result.profile,
            levels,
            entries,
            today,
        };
        let compared: Vec<_> = cases
            .iter()
            .zip(&results.outcomes)
            .zip(&result.judgements)
            .map(|((case, outcome), judgement)| {
                known.compare(case, outcome, judgement, &mut comparison)
            })
            .collect();
        known.check_entries(cases, &compared, suite, &mut comparison);
        let is_expected = |it: &Compared<'_>| it.status == Status::Expected;
        result.expected = compared.iter().map(|it| it.as_ref().is_some_and(is_expected)).collect();
        if comparison.other_version.is_none() {
            result.worse =
                compared.iter().map(|it| it.as_ref().is_some_and(Compared::is_worse)).collect();
        }
    }
    Ok(comparison)
}

/// The known failures of a target under one profile.
struct KnownFailures<'a> {
    baseline: &'a Baseline,
    about: &'a ImplementationInfo,
    profile: Profile,
    /// The levels that are compared; empty for all.
    levels: &'a [Level],
    /// The entries that apply to the version that was run.
    entries: Vec<&'a Entry>,
    today: Date,
}

/// How a case compares with the baseline, and with which entry.
struct Compared<'a> {
    status: Status,
    entry: Option<&'a Entry>,
}

impl Compared<'_> {
    /// Whether the case is not as the entry says, and no better.
    fn is_worse(&self) -> bool {
        match self.status {
            Status::Expected | Status::Fixed | Status::Stale => false,
            Status::Unexpected | Status::New => true,
            // A failure that is only a missed recommendation now is an improvement.
            Status::Changed | Status::Moved | Status::Expired => {
                self.entry.is_none_or(|entry| entry.is == Verdict::Weak)
            }
        }
    }
}

impl<'a> KnownFailures<'a> {
    /// The entry about a case: its own, or that of a pattern, preferably of this verdict.
    fn entry(&self, case: &str, verdict: Verdict) -> Option<&'a Entry> {
        let covering = || self.entries.iter().filter(|entry| entry.covers(case));
        covering()
            .find(|entry| entry.is_exact())
            .or_else(|| covering().find(|entry| entry.is == verdict))
            // A pattern of failures says nothing about a case that was not run on the target, or that
            // only misses a recommendation.
            .or_else(|| {
                covering()
                    .next()
                    .filter(|_| !matches!(verdict, Verdict::Unsupported | Verdict::Weak))
            })
            .copied()
    }

    /// Compares a case with the baseline; `None` where neither reports that something is missed.
    fn compare(
        &self,
        case: &Case,
        outcome: &Outcome,
        judgement: &Judgement,
        comparison: &mut Comparison,
    ) -> Option<Compared<'a>> {
        let verdict = judgement.verdict;
        if verdict.is_harness_fault() || verdict == Verdict::NotApplicable {
            return None;
        }
        let entry = self.entry(&case.id, verdict);
        let is_compared = |entry: &Entry| {
            self.compares(entry.is) || self.is_missed(self.compared_verdict(judgement))
        };
        let (status, what) = match entry {
            None => self.unlisted(case, outcome, judgement, comparison)?,
            Some(entry) if is_compared(entry) => self.listed(entry, case, outcome, verdict)?,
            Some(_) => return None,
        };
        if status == Status::Expected {
            comparison.expected += 1;
        } else {
            comparison.findings.push(Finding {
                status,
                profile: self.profile,
                case: case.id.clone(),
                line: entry.map(|entry| entry.line),
                what,
            });
        }
        Some(Compared { status, entry })
    }

    /// The worst verdict on a check that is compared.
    fn compared_verdict(&self, judgement: &Judgement) -> Verdict {
        if self.levels.is_empty() {
            return judgement.verdict;
        }
        let checks = judgement.checks.iter().filter(|check| self.levels.contains(&check.level));
        checks.map(|check| check.verdict).max().unwrap_or(Verdict::NotApplicable)
    }

    /// Whether a verdict can come from a check that is compared.
    fn compares(&self, verdict: Verdict) -> bool {
        let decides = |level: &Level| level.verdict_when_missed() == verdict;
        self.levels.is_empty() || !Level::ALL.iter().any(decides) || self.levels.iter().any(decides)
    }

    /// Whether a verdict needs an entry.
    fn is_missed(&self, verdict: Verdict) -> bool {
        verdict.is_failure() || (verdict == Verdict::Weak && self.baseline.records(Level::Should))
    }

    fn unlisted(
        &self,
        case: &Case,
        outcome: &Outcome,
        judgement: &Judgement,
        comparison: &mut Comparison,
    ) -> Option<(Status, String)> {
        let verdict = self.compared_verdict(judgement);
        let seen = self.baseline.includes(&case.id);
        if verdict == Verdict::Unsupported {
            // A case that was unsupported then may be so now, and so may a new case.
            let then = outcome.judge(case, self.profile, &self.baseline.about);
            let then = self.compared_verdict(&then);
            let was_run = case.missing(&self.baseline.about).is_none();
            let is_result =
                matches!(outcome, Outcome::Answer(Answer::Ok(_)) | Outcome::Oversized(_));
            let is_lost = was_run && (then != verdict || !is_result);
            let why = judgement.note.as_deref().unwrap_or("the target is blind to what is checked");
            let what = format!(
                "it was run on the target before, and is unsupported now: {}",
                Escaped(why)
            );
            return (is_lost && seen).then_some((Status::Unexpected, what));
        }
        match self.is_missed(verdict) {
            true if seen => Some((Status::Unexpected, format!("it is {verdict}"))),
            true => Some((Status::New, format!("it is {verdict}, and newer than the baseline"))),
            false => {
                comparison.not_compared += usize::from(verdict == Verdict::Weak);
                None
            }
        }
    }

    fn listed(
        &self,
        entry: &Entry,
        case: &Case,
        outcome: &Outcome,
        verdict: Verdict,
    ) -> Option<(Status, String)> {
        let is = entry.is;
        if entry.rev.is_some_and(|rev| rev < case.rev) {
            let what = format!("its revision is {}; see whether it still is {is}", case.rev);
            return Some((Status::Moved, what));
        }
        if entry.until.is_some_and(|until| until < self.today) {
            let until = entry.until.map(|until| until.to_string()).unwrap_or_default();
            return Some((Status::Expired, format!("it was accepted until {until}")));
        }
        // A flaky case fails sometimes; that it passes once shows nothing.
        if is == Verdict::Flaky && verdict <= Verdict::Fail {
            return Some((Status::Expected, String::new()));
        }
        if verdict != is && !self.is_missed(verdict) && verdict != Verdict::Unsupported {
            // A pattern may be wider than what fails.
            return entry
                .is_exact()
                .then(|| (Status::Fixed, format!("it was {is} and is {verdict}")));
        }
        if verdict != is {
            return Some((Status::Changed, format!("it was {is} and is {verdict}")));
        }
        match (&entry.saw, outcome.digest(case, self.about)) {
            (Some(saw), Some(sees)) if *saw != sees.to_string() => {
                let saw = Escaped(saw);
                let what = format!("it still is {is}, with another answer ({sees} for {saw})");
                Some((Status::Changed, what))
            }
            _ => Some((Status::Expected, String::new())),
        }
    }

    /// Findings about entries rather than cases.
    fn check_entries(
        &self,
        cases: &[&Case],
        compared: &[Option<Compared<'_>>],
        suite: &Suite,
        comparison: &mut Comparison,
    ) {
        for entry in &self.entries {
            let finding = |status, what: &str| Finding {
                status,
                profile: self.profile,
                case: entry.case.clone(),
                line: Some(entry.line),
                what: what.to_owned(),
            };
            if !suite.cases().iter().any(|case| entry.covers(&case.id)) {
                comparison.findings.push(finding(Status::Stale, "no case has this id"));
                continue;
            }
            let is_run = cases.iter().any(|case| entry.covers(&case.id));
            let is_needed = compared
                .iter()
                .flatten()
                .any(|it| it.entry.is_some_and(|used| std::ptr::eq(used, *entry)));
            if !entry.is_exact() && self.compares(entry.is) && is_run && !is_needed {
                let what = format!("none of these cases is {}", entry.is);
                comparison.findings.push(finding(Status::Fixed, &what));
            }
        }
    }
}
