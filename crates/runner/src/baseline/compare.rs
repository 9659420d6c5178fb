//! Compares the results of a target with its baseline.

use std::fmt;

use cookiespec_report::{Exit, Observation, Outcome, TargetReport};
use cookiespec_vectors::{
    Answer, Case, Handshake, ImplementationInfo, Judgement, Profile, Suite, Verdict,
};
use jiff::civil::Date;

use super::{Baseline, BaselineError, Entry};

/// How a case or an entry compares with the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It fails as the entry says.
    Expected,
    /// It fails, or is unsupported where it was not, and there is no entry.
    Unexpected,
    /// There is an entry, and it does not fail.
    Fixed,
    /// It fails in another way than the entry says.
    Changed,
    /// The entry is about no case of the suite.
    Stale,
    /// The case has a newer revision than the entry is about.
    Moved,
    /// It fails, and was not in the suite when the baseline was written.
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
    /// How many cases fail as the baseline says.
    pub expected: usize,
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

/// Compares a target's results on `cases` with its baseline, and marks in them which failures are
/// expected. Entries are checked against the complete `suite`, expiry against `today`.
///
/// # Errors
/// The baseline says nothing about a profile that the target was judged under.
pub fn compare(
    baseline: &Baseline,
    results: &mut TargetReport,
    cases: &[&Case],
    suite: &Suite,
    today: Date,
) -> Result<Comparison, BaselineError> {
    let version = results.handshake.as_ref().map_or("", |it| &it.implementation.version).to_owned();
    let mut comparison = Comparison {
        expected: 0,
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
        let known =
            KnownFailures { baseline, about: &about, profile: result.profile, entries, today };
        let statuses: Vec<_> = cases
            .iter()
            .zip(&results.outcomes)
            .zip(&result.judgements)
            .map(|((case, outcome), judgement)| {
                known.status(case, outcome, judgement, &mut comparison)
            })
            .collect();
        known.check_entries(cases, &statuses, suite, &mut comparison);
        result.expected = statuses.iter().map(|it| *it == Some(Status::Expected)).collect();
    }
    Ok(comparison)
}

/// The known failures of a target under one profile.
struct KnownFailures<'a> {
    baseline: &'a Baseline,
    about: &'a ImplementationInfo,
    profile: Profile,
    /// The entries that apply to the version that was run.
    entries: Vec<&'a Entry>,
    today: Date,
}

impl KnownFailures<'_> {
    /// The entry about a case: its own, or that of a pattern.
    fn entry(&self, case: &str) -> Option<&Entry> {
        let covering = || self.entries.iter().filter(|entry| entry.covers(case));
        covering().find(|entry| entry.is_exact()).or_else(|| covering().next()).copied()
    }

    /// How a case compares with the baseline; `None` where neither reports a failure.
    fn status(
        &self,
        case: &Case,
        outcome: &Outcome,
        judgement: &Judgement,
        comparison: &mut Comparison,
    ) -> Option<Status> {
        let (verdict, entry) = (judgement.verdict, self.entry(&case.id));
        if verdict.is_harness_fault() || verdict == Verdict::NotApplicable {
            return None;
        }
        // A pattern of failures says nothing about a case that was not run on the target.
        let entry = entry.filter(|entry| {
            entry.is_exact() || entry.is == verdict || verdict != Verdict::Unsupported
        });
        let (status, what) = match entry {
            None => self.unlisted(case, outcome, judgement)?,
            Some(entry) => self.listed(entry, case, outcome, verdict)?,
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
        Some(status)
    }

    fn unlisted(
        &self,
        case: &Case,
        outcome: &Outcome,
        judgement: &Judgement,
    ) -> Option<(Status, String)> {
        let verdict = judgement.verdict;
        let seen = self.baseline.includes(&case.id);
        if verdict == Verdict::Unsupported {
            // A case that was unsupported then may be so now, and so may a new case.
            let then = outcome.judge(case, self.profile, &self.baseline.about).verdict;
            let was_run = case.missing(&self.baseline.about).is_none();
            let is_lost =
                was_run && (then != verdict || !matches!(outcome, Outcome::Answer(Answer::Ok(_))));
            let why = judgement.note.as_deref().unwrap_or("the target is blind to what is checked");
            let what = format!(
                "it was run on the target before, and is unsupported now: {}",
                why.escape_debug()
            );
            return (is_lost && seen).then_some((Status::Unexpected, what));
        }
        match verdict.is_failure() {
            true if seen => Some((Status::Unexpected, format!("it is {verdict}"))),
            true => Some((Status::New, format!("it is {verdict}, and newer than the baseline"))),
            false => None,
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
        if verdict < Verdict::Flaky && verdict != Verdict::Unsupported {
            // A pattern may be wider than what fails.
            return entry
                .is_exact()
                .then(|| (Status::Fixed, format!("it was {is} and is {verdict}")));
        }
        if verdict != is {
            return Some((Status::Changed, format!("it was {is} and is {verdict}")));
        }
        match (&entry.saw, digest(case, self.about, outcome)) {
            (Some(saw), Some(sees)) if *saw != sees => {
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
        statuses: &[Option<Status>],
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
            let covered = || cases.iter().zip(statuses).filter(|(case, _)| entry.covers(&case.id));
            if !entry.is_exact() && covered().count() > 0 && covered().all(|(_, it)| it.is_none()) {
                comparison.findings.push(finding(Status::Fixed, "none of these cases fails"));
            }
        }
    }
}

/// The digest of what an answer shows about the target, if it shows anything.
pub(super) fn digest(case: &Case, about: &ImplementationInfo, outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Answer(answer) => Observation::new(case, about, answer).digest(),
        Outcome::Failure(_) | Outcome::Varies(_) | Outcome::NotRun => None,
    }
    .map(|digest| digest.to_string())
}
