//! One case of one target under one profile, before and after.

use std::fmt::{self, Write};

use cookiespec_vectors::{Case, Handshake, Profile, Verdict};
use serde_json::{Value, json};

use crate::escaping::Escaped;
use crate::observation::Observation;
use crate::outcome::Outcome;
use crate::{Style, TargetReport, case};

/// What became of a case from one run to the next.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) kind: Kind,
    target: String,
    profile: Profile,
    case: String,
    title: String,
    verdicts: [Verdict; 2],
    outcomes: [Vec<String>; 2],
    /// What the later answer misses.
    differences: Vec<String>,
}

/// How it changed. What matters most comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// It got worse.
    Regression,
    /// It got better.
    Fix,
    /// It is neither worse nor better, but not the same.
    Changed,
    /// The case itself has another meaning than before.
    Revised,
    /// Nothing changed.
    Same,
}

impl Kind {
    /// The kinds that are counted, in order.
    pub(super) const TOLD: [Self; 4] = [Self::Regression, Self::Fix, Self::Changed, Self::Revised];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Regression => "regression",
            Self::Fix => "fix",
            Self::Changed => "changed observation",
            Self::Revised => "revised case",
            Self::Same => "same",
        }
    }

    pub(super) const fn plural(self) -> &'static str {
        match self {
            Self::Regression => "regressions",
            Self::Fix => "fixes",
            Self::Changed => "changed observations",
            Self::Revised => "revised cases",
            Self::Same => "same",
        }
    }
}

/// Whether a verdict is worse than the one before: a failure that is new or graver, a should that
/// is missed where it held, or an answer that is no longer there.
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
    /// What changed under a profile; `None` where one of the runs was not judged under it.
    pub(super) fn between(
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
            outcomes: outcomes.map(case::outcome),
            differences: case::differences(new),
        })
    }

    pub(super) fn write(&self, text: &mut String, style: Style) -> fmt::Result {
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
            ["before", "now   "].into_iter().zip(self.verdicts.iter().zip(&self.outcomes))
        {
            writeln!(text, "  {label} {verdict}: {}", lines.join("; "))?;
        }
        for line in &self.differences {
            writeln!(text, "         {line}")?;
        }
        text.push('\n');
        Ok(())
    }

    pub(super) fn document(&self) -> Value {
        let [before, after] = [0, 1].map(
            |run: usize| json!({ "verdict": self.verdicts[run], "answer": self.outcomes[run] }),
        );
        json!({
            "kind": self.kind.name(),
            "target": self.target,
            "profile": self.profile.name(),
            "case": self.case,
            "title": self.title,
            "before": before,
            "after": after,
            "differences": self.differences,
        })
    }
}

/// Whether the same was observed. Each run is read with what its target was blind to.
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
