//! Holding results against a baseline.

use std::fmt;

use cookiespec_vectors::{
    Answer, Case, Handshake, ImplementationInfo, Judgement, Profile, Suite, Verdict,
};
use jiff::civil::Date;

use super::{Baseline, BaselineError, Entry};
use cookiespec_report::Exit;
use cookiespec_report::Observation;
use cookiespec_report::Outcome;
use cookiespec_report::TargetReport;

/// What a case or an entry is to the baseline.
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
    /// The case has a newer revision than the entry speaks of.
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
    /// What is the matter, with everything escaped.
    pub what: String,
}

/// What results are to a baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How many cases fail as they should.
    pub expected: usize,
    /// What is not as it should be, in the order of profiles and cases; what is the matter with
    /// entries comes last.
    pub findings: Vec<Finding>,
    /// The version that was run, where the baseline is for another one only: then what was found
    /// counts for nothing.
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

/// Holds a target's results on `cases` against its baseline, and notes on the sheets which failures
/// are expected. Entries are checked against the whole `suite`, expiry against `today`.
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
    for sheet in &mut results.results {
        let Some(entries) = baseline.known(sheet.profile) else {
            return Err(BaselineError {
                file: baseline.file.clone(),
                line: None,
                entry: Some(sheet.profile.to_string()),
                what: "the baseline says nothing about this profile".to_owned(),
                fix: format!("run `cookiespec bless --profile {}` on it", sheet.profile),
            });
        };
        let entries = entries.iter().filter(|entry| entry.applies_to(&version)).collect();
        let mut known = Known { baseline, about: &about, profile: sheet.profile, entries, today };
        let heard = cases.iter().zip(&results.outcomes).zip(&sheet.judgements);
        let outcomes: Vec<_> = heard
            .map(|((case, heard), judgement)| known.status(case, heard, judgement, &mut comparison))
            .collect();
        known.check_entries(cases, &outcomes, suite, &mut comparison);
        sheet.expected = outcomes.iter().map(|it| *it == Some(Status::Expected)).collect();
    }
    Ok(comparison)
}

/// What is known about a target under one profile.
struct Known<'a> {
    baseline: &'a Baseline,
    about: &'a ImplementationInfo,
    profile: Profile,
    /// The entries that apply to the version that was run.
    entries: Vec<&'a Entry>,
    today: Date,
}

impl Known<'_> {
    /// The entry about a case: its own, or that of a pattern.
    fn entry(&self, case: &str) -> Option<&Entry> {
        let covering = || self.entries.iter().filter(|entry| entry.covers(case));
        covering().find(|entry| entry.is_exact()).or_else(|| covering().next()).copied()
    }

    /// What a case is to the baseline; `None` where there is nothing to say.
    fn status(
        &mut self,
        case: &Case,
        heard: &Outcome,
        judgement: &Judgement,
        comparison: &mut Comparison,
    ) -> Option<Status> {
        let (verdict, entry) = (judgement.verdict, self.entry(&case.id));
        if verdict.is_harness_fault() || verdict == Verdict::NotApplicable {
            return None;
        }
        // A pattern of failures says nothing about what was not put to the target.
        let entry = entry.filter(|entry| {
            entry.is_exact() || entry.is == verdict || verdict != Verdict::Unsupported
        });
        let (status, what) = match entry {
            None => self.unlisted(case, heard, judgement)?,
            Some(entry) => self.listed(entry, case, heard, verdict)?,
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
        heard: &Outcome,
        judgement: &Judgement,
    ) -> Option<(Status, String)> {
        let verdict = judgement.verdict;
        let seen = self.baseline.has_seen(&case.id);
        if verdict == Verdict::Unsupported {
            // What was unsupported then may be so now; and of a new case nothing was hoped for.
            let then = heard.judge(case, self.profile, &self.baseline.about).verdict;
            let was_put = case.missing(&self.baseline.about).is_none();
            let is_lost =
                was_put && (then != verdict || !matches!(heard, Outcome::Answer(Answer::Ok(_))));
            let why = judgement.note.as_deref().unwrap_or("the target is blind to what is checked");
            let what =
                format!("it was put to the target, and is unsupported now: {}", why.escape_debug());
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
        heard: &Outcome,
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
        // Flaky is what sometimes fails: that it does not, today, says nothing.
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
        match (&entry.saw, digest(case, self.about, heard)) {
            (Some(saw), Some(sees)) if *saw != sees => {
                let what = format!("it still is {is}, with another answer ({sees} for {saw})");
                Some((Status::Changed, what))
            }
            _ => Some((Status::Expected, String::new())),
        }
    }

    /// What is the matter with entries and not with cases.
    fn check_entries(
        &self,
        cases: &[&Case],
        outcomes: &[Option<Status>],
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
            let covered = || cases.iter().zip(outcomes).filter(|(case, _)| entry.covers(&case.id));
            if !entry.is_exact() && covered().count() > 0 && covered().all(|(_, it)| it.is_none()) {
                comparison.findings.push(finding(Status::Fixed, "none of these cases fails"));
            }
        }
    }
}

/// The digest of what a target showed in an answer, where it showed anything.
pub(super) fn digest(case: &Case, about: &ImplementationInfo, heard: &Outcome) -> Option<String> {
    match heard {
        Outcome::Answer(answer) => Observation::new(case, about, answer).digest(),
        Outcome::Failure(_) | Outcome::Varies(_) | Outcome::NotRun => None,
    }
    .map(|digest| digest.to_string())
}
