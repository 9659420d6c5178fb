//! Two records compared: regressions, fixes, changed observations.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use cookiespec_vectors::{Case, Handshake, Judgement, Profile, Verdict};
use serde_json::{Value, json};

use crate::case::{self, Wording};
use crate::escaping::{Escaped, ascii_json};
use crate::model::{Exit, Observation, Outcome, Record, TargetReport};
use crate::style::Style;

/// The differences between an earlier run and a later one.
#[derive(Clone, Debug)]
pub struct Comparison {
    changes: Vec<Change>,
    /// How many verdicts and observations are as before.
    same: usize,
    new_cases: Vec<String>,
    gone_cases: Vec<String>,
    new_targets: Vec<String>,
    gone_targets: Vec<String>,
    /// The targets in both, with the version before and after.
    versions: Vec<(String, String, String)>,
    /// Whether the harness or a shim broke in the later run.
    is_broken: bool,
}

impl Comparison {
    /// Compares two runs. Targets are the same if they have the same label, cases if they have the
    /// same id.
    pub fn new(old: &Record, new: &Record) -> Self {
        let (old_cases, new_cases) = (places(&old.cases), places(&new.cases));
        let mut comparison = Self {
            changes: Vec::new(),
            same: 0,
            new_cases: missing(&new_cases, &old_cases),
            gone_cases: missing(&old_cases, &new_cases),
            new_targets: labels(new, old),
            gone_targets: labels(old, new),
            versions: Vec::new(),
            is_broken: new.exit == Exit::Broken,
        };
        for after in &new.targets {
            let Some(before) = old.targets.iter().find(|one| one.label == after.label) else {
                continue;
            };
            comparison.versions.push((after.label.clone(), version(before), version(after)));
            for profile in Profile::ALL {
                for (id, &index) in &new_cases {
                    if let Some(&place) = old_cases.get(id) {
                        let before = (&old.cases[place], before, place);
                        comparison.add(profile, before, (&new.cases[index], after, index));
                    }
                }
            }
        }
        comparison.changes.sort_by_key(|change| change.kind);
        comparison
    }

    fn add(
        &mut self,
        profile: Profile,
        before: (&Case, &TargetReport, usize),
        after: (&Case, &TargetReport, usize),
    ) {
        if let Some(change) = Change::between(profile, before, after) {
            match change.kind {
                Kind::Same => self.same += 1,
                _ => self.changes.push(change),
            }
        }
    }

    fn count(&self, kind: Kind) -> usize {
        self.changes.iter().filter(|change| change.kind == kind).count()
    }

    /// Exit code 1 if there is a regression, 3 if the later run is not complete.
    pub fn exit(&self) -> Exit {
        if self.is_broken {
            Exit::Broken
        } else if self.count(Kind::Regression) > 0 {
            Exit::Differs
        } else {
            Exit::Clean
        }
    }

    /// As text: regressions first, the counts last.
    pub fn text(&self, style: Style) -> String {
        let mut text = String::new();
        for change in &self.changes {
            // Writing to a string cannot fail.
            let _ = change.write(&mut text, style);
        }
        let lists = [
            ("new case", &self.new_cases),
            ("gone case", &self.gone_cases),
            ("new target", &self.new_targets),
            ("gone target", &self.gone_targets),
        ];
        for (what, names) in lists {
            for name in names {
                let _ = writeln!(text, "{what}  {}", Escaped(name));
            }
        }
        for (label, before, after) in self.versions.iter().filter(|(_, old, new)| old != new) {
            let [label, before, after] = [label, before, after].map(|it| Escaped(it));
            let _ = writeln!(text, "{label}: {before} before, {after} now");
        }
        let counts = Kind::COUNTED.map(|kind| {
            let count = self.count(kind);
            format!("{count} {}", if count == 1 { kind.name() } else { kind.plural() })
        });
        let _ = writeln!(text, "{} · {} the same", counts.join(" · "), self.same);
        text
    }

    /// As JSON, in printable ASCII.
    pub fn json(&self) -> String {
        let versions = self.versions.iter().map(
            |(label, before, after)| json!({ "target": label, "before": before, "after": after }),
        );
        let counts = Kind::COUNTED.map(|kind| (kind.name().to_owned(), json!(self.count(kind))));
        let document = json!({
            "format": "cookiespec-compare/1",
            "changes": self.changes.iter().map(Change::document).collect::<Vec<_>>(),
            "counts": Value::Object(counts.into_iter().collect()),
            "same": self.same,
            "new_cases": self.new_cases,
            "gone_cases": self.gone_cases,
            "new_targets": self.new_targets,
            "gone_targets": self.gone_targets,
            "versions": versions.collect::<Vec<_>>(),
            "exit": self.exit() as u8,
        });
        format!("{}\n", ascii_json(&format!("{document:#}")))
    }
}

fn places(cases: &[Case]) -> BTreeMap<&str, usize> {
    cases.iter().enumerate().map(|(index, case)| (&*case.id, index)).collect()
}

/// The ids of `these` that are not among `those`.
fn missing(these: &BTreeMap<&str, usize>, those: &BTreeMap<&str, usize>) -> Vec<String> {
    these.keys().filter(|id| !those.contains_key(*id)).map(|id| (*id).to_owned()).collect()
}

/// The targets of `these` that are not among `those`.
fn labels(these: &Record, those: &Record) -> Vec<String> {
    let labels = these.targets.iter().map(|target| &target.label);
    labels.filter(|label| those.targets.iter().all(|it| it.label != **label)).cloned().collect()
}

fn version(target: &TargetReport) -> String {
    let version = |handshake: &Handshake| handshake.implementation.version.clone();
    target.handshake.as_ref().map(version).unwrap_or_default()
}

/// A case of a target under a profile, in both runs.
#[derive(Clone, Debug)]
struct Change {
    kind: Kind,
    target: String,
    profile: Profile,
    case: String,
    title: String,
    verdicts: [Verdict; 2],
    /// Both outcomes, and what the later one misses.
    words: Lines,
    values: Lines,
}

/// The outcomes before and after, and what the later one misses, line by line.
#[derive(Clone, Debug)]
struct Lines {
    outcomes: [Vec<String>; 2],
    differences: Vec<String>,
}

impl Lines {
    fn new(
        case: &Case,
        profile: Profile,
        outcomes: [&Outcome; 2],
        judgement: &Judgement,
        wording: Wording,
    ) -> Self {
        Self {
            outcomes: outcomes.map(|outcome| case::outcome(outcome, wording)),
            differences: case::differences(case, profile, judgement, wording),
        }
    }
}

/// How it changed, in the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// It got worse.
    Regression,
    /// It got better.
    Fix,
    /// It is neither worse nor better, but not the same.
    Changed,
    /// The case has another revision than before.
    Revised,
    /// Nothing changed.
    Same,
}

impl Kind {
    /// The kinds that are counted, in order.
    const COUNTED: [Self; 4] = [Self::Regression, Self::Fix, Self::Changed, Self::Revised];

    const fn name(self) -> &'static str {
        match self {
            Self::Regression => "regression",
            Self::Fix => "fix",
            Self::Changed => "changed observation",
            Self::Revised => "revised case",
            Self::Same => "same",
        }
    }

    const fn plural(self) -> &'static str {
        match self {
            Self::Regression => "regressions",
            Self::Fix => "fixes",
            Self::Changed => "changed observations",
            Self::Revised => "revised cases",
            Self::Same => "same",
        }
    }
}

/// Whether a verdict is worse than the one before: a new or more severe failure, a `should` that is
/// missed and was not, or an answer that is missing.
fn is_worse(before: Verdict, after: Verdict) -> bool {
    let is_unknown = |verdict: Verdict| {
        verdict.is_harness_fault() || matches!(verdict, Verdict::Unsupported | Verdict::Blocked)
    };
    if after.is_failure() {
        after > before || !before.is_failure()
    } else if after == Verdict::Weak {
        !before.is_failure() && before != Verdict::Weak && !is_unknown(before)
    } else {
        is_unknown(after) && !is_unknown(before) && before != Verdict::NotApplicable
    }
}

impl Change {
    /// What changed under a profile; `None` if one of the runs was not judged under it.
    fn between(
        profile: Profile,
        (old_case, before, place): (&Case, &TargetReport, usize),
        (new_case, after, index): (&Case, &TargetReport, usize),
    ) -> Option<Self> {
        let old = &before.result(profile)?.judgements[place];
        let new = &after.result(profile)?.judgements[index];
        let outcomes = [&before.outcomes[place], &after.outcomes[index]];
        let kind = if old_case.rev != new_case.rev {
            Kind::Revised
        } else if is_worse(old.verdict, new.verdict) {
            Kind::Regression
        } else if is_worse(new.verdict, old.verdict) {
            Kind::Fix
        } else if old.verdict == new.verdict && is_same(new_case, [before, after], outcomes) {
            Kind::Same
        } else {
            Kind::Changed
        };
        Some(Self {
            kind,
            target: after.label.clone(),
            profile,
            case: new_case.id.clone(),
            title: new_case.title.clone(),
            verdicts: [old.verdict, new.verdict],
            words: Lines::new(new_case, profile, outcomes, new, Wording::Words),
            values: Lines::new(new_case, profile, outcomes, new, Wording::Values),
        })
    }

    fn write(&self, text: &mut String, style: Style) -> fmt::Result {
        let word = self.kind.name().to_uppercase();
        let word = match self.kind {
            Kind::Regression => style.verdict(word, Verdict::Fail),
            Kind::Fix => style.verdict(word, Verdict::Pass),
            _ => style.faint(word),
        };
        let (case, title) = (Escaped(&self.case), Escaped(&self.title));
        writeln!(text, "{word} {case}  {title}")?;
        writeln!(text, "  target {} under {}", Escaped(&self.target), self.profile)?;
        for (label, (verdict, lines)) in
            ["before", "now   "].into_iter().zip(self.verdicts.iter().zip(&self.words.outcomes))
        {
            writeln!(text, "  {label} {verdict}: {}", lines.join("; "))?;
        }
        for line in &self.words.differences {
            writeln!(text, "         {line}")?;
        }
        text.push('\n');
        Ok(())
    }

    fn document(&self) -> Value {
        let [before, after] = [0, 1].map(
            |run: usize| json!({ "verdict": self.verdicts[run], "answer": self.values.outcomes[run] }),
        );
        json!({
            "kind": self.kind.name(),
            "target": self.target,
            "profile": self.profile.name(),
            "case": self.case,
            "title": self.title,
            "before": before,
            "after": after,
            "differences": self.values.differences,
        })
    }
}

/// Whether both outcomes are the same observation. Each is read with the blind fields of its run.
fn is_same(case: &Case, targets: [&TargetReport; 2], outcomes: [&Outcome; 2]) -> bool {
    match outcomes {
        [Outcome::Answer(old), Outcome::Answer(new)] => {
            let about =
                targets.map(|it| it.handshake.as_ref().map(Handshake::about).unwrap_or_default());
            Observation::new(case, &about[0], old) == Observation::new(case, &about[1], new)
        }
        [Outcome::Failure(old), Outcome::Failure(new)] => old.verdict == new.verdict,
        [old, new] => old == new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worse_is_what_somebody_would_want_to_hear_of() {
        use Verdict::{Crash, Fail, Info, NotApplicable, NotRun, Pass, Unsupported, Weak};
        for (before, after) in [
            (Pass, Fail),
            (Pass, Weak),
            (Pass, Unsupported),
            (Pass, NotRun),
            (Weak, Fail),
            (Fail, Crash),
            (Unsupported, Fail),
            (Fail, Unsupported),
            (NotApplicable, Fail),
        ] {
            assert!(is_worse(before, after), "{before} {after}");
        }
        for (before, after) in [
            (Fail, Pass),
            (Weak, Pass),
            (Crash, Fail),
            (Unsupported, Pass),
            (Unsupported, Weak),
            (Pass, Info),
            (Info, Pass),
            (NotApplicable, Unsupported),
            (Fail, Fail),
            (Fail, Weak),
        ] {
            assert!(!is_worse(before, after), "{before} {after}");
        }
    }
}
