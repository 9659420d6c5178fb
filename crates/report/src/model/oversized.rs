//! Answers that are too large to be kept for every case: they are judged, then cut.

use std::fmt;

use cookiespec_vectors::{
    Answer, Case, ImplementationInfo, Judgement, Profile, Verdict, WireLog, judge,
};
use serde_json::{Value, json};

use super::observation::{Digest, Observation};
use crate::bounds::beginning;
use crate::escaping::{Escaped, ascii_json};

/// An answer whose result is larger than what is kept. It was judged as a whole; what is left of it
/// is its beginning, its length and its digest. Two of them are equal if their observations are.
#[derive(Clone, Debug)]
pub struct Oversized {
    /// The beginning of the result as JSON, in printable ASCII.
    pub start: String,
    /// The length of the result as JSON, in octets.
    pub octets: usize,
    /// The SHA-256 of the [`Observation`], in hexadecimal.
    pub sha256: String,
    /// The judgement under each profile.
    judgements: [Judgement; Profile::ALL.len()],
}

/// What is left for the large results of one target. Small ones are always kept.
#[derive(Clone, Copy, Debug)]
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(LARGE_RESULTS)
    }
}

impl Budget {
    /// Whether a result is kept; a large one is taken off.
    fn allows(&mut self, value: &Value) -> bool {
        if weight(value, SMALL_RESULT).is_some() {
            return true;
        }
        let left = weight(value, self.0).map(|weight| self.0 - weight);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }

    /// Adds what went over a network to the result of an answer, if it is kept.
    pub(super) fn add_log(&mut self, log: &WireLog, ok: &mut Value) {
        let kept = self.allows(&json!(log));
        let counted = || WireLog {
            exchanges_left_out: log.exchanges.len() + log.exchanges_left_out,
            ..WireLog::default()
        };
        if kept { log.put_into(ok) } else { counted().put_into(ok) }
    }
}

impl Oversized {
    /// Judges the answer to a case and cuts it; `None` if it is kept.
    pub(super) fn new(
        case: &Case,
        about: &ImplementationInfo,
        answer: &Answer,
        budget: &mut Budget,
    ) -> Option<Self> {
        let Answer::Ok(value) = answer else { return None };
        (!budget.allows(value)).then(|| {
            let text = value.to_string();
            Self {
                start: beginning(&ascii_json(beginning(&text, KEPT_START)), KEPT_START).to_owned(),
                octets: text.len(),
                sha256: Observation::new(case, about, answer).sha256(),
                judgements: Profile::ALL.map(|profile| judge(case, profile, about, answer)),
            }
        })
    }

    /// What was written down of one: its verdicts, in the order of the profiles, stand for the
    /// judgements.
    pub(crate) fn recorded(
        start: String,
        octets: usize,
        sha256: String,
        verdicts: [Verdict; Profile::ALL.len()],
    ) -> Self {
        let judgement = |verdict| Judgement { verdict, checks: Vec::new(), note: None };
        Self { start, octets, sha256, judgements: verdicts.map(judgement) }
    }

    /// The judgement under a profile.
    pub(super) fn judgement(&self, profile: Profile) -> &Judgement {
        let [old, new] = &self.judgements;
        match profile {
            Profile::Rfc6265 => old,
            Profile::Rfc6265bis => new,
        }
    }

    /// The verdicts, in the order of the profiles.
    pub(crate) fn verdicts(&self) -> [Verdict; Profile::ALL.len()] {
        Profile::ALL.map(|profile| self.judgement(profile).verdict)
    }

    /// The digest of the observation, as a complete answer has it.
    pub(super) fn digest(&self) -> Option<Digest> {
        Digest::from_sha256(&self.sha256)
    }
}

impl PartialEq for Oversized {
    fn eq(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

/// Shown on one line, everything unprintable escaped.
impl fmt::Display for Oversized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, sha256) = (Escaped(&self.start), Escaped(&self.sha256));
        write!(f, "{start} … ({} octets in all, SHA-256 {sha256})", self.octets)
    }
}

/// How much space a value takes, in memory and in a report; `None` if that is more than `most`.
/// Strings count as they are written in ASCII, and each value what it takes in memory.
fn weight(value: &Value, most: usize) -> Option<usize> {
    let text = |text: &str| -> usize {
        text.chars().map(|it| if matches!(it, ' '..='~') { 1 } else { it.len_utf16() * 6 }).sum()
    };
    let mut sum = size_of::<Value>();
    let mut add = |part: Option<usize>| {
        sum = sum.checked_add(part?).filter(|sum| *sum <= most)?;
        Some(())
    };
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::String(string) => add((string.len() <= most).then(|| text(string)))?,
        Value::Array(elements) => {
            elements.iter().try_for_each(|element| add(weight(element, most)))?;
        }
        Value::Object(members) => {
            for (name, member) in members {
                add((name.len() <= most).then(|| size_of::<String>() + text(name)))?;
                add(weight(member, most))?;
            }
        }
    }
    Some(sum)
}

/// Up to which size a result is always kept, in octets as [`weight`] counts them.
const SMALL_RESULT: usize = 16 << 10;

/// How much of the larger results of one target is kept together. Those that the suite expects have
/// less than half of that.
const LARGE_RESULTS: usize = 16 << 20;

/// How much is kept of the beginning of a larger result, in octets.
const KEPT_START: usize = 1_000;

#[cfg(test)]
mod tests {
    use cookiespec_vectors::reference::Reference;
    use cookiespec_vectors::{Suite, ask};
    use serde_json::json;

    use super::*;

    #[test]
    fn every_result_that_the_suite_expects_is_kept() {
        let suite = Suite::embedded().unwrap();
        for profile in Profile::ALL {
            let mut reference = Reference::new(profile);
            let mut budget = Budget::default();
            for case in suite.cases() {
                if let Answer::Ok(value) = ask(&mut reference, case.operation()) {
                    assert!(budget.allows(&value), "{}", case.id);
                }
            }
            assert!(budget.0 > LARGE_RESULTS / 2, "{} octets are left", budget.0);
        }
    }

    #[test]
    fn the_weight_is_that_of_the_text_and_of_the_values() {
        let value = size_of::<Value>();
        assert_eq!(weight(&json!("a\u{1b}"), 100), Some(value + 7));
        assert_eq!(weight(&json!([[], []]), 1000), Some(3 * value));
        assert_eq!(weight(&json!({"ab": 1}), 1000), Some(2 * value + size_of::<String>() + 2));
        assert_eq!(weight(&json!("x".repeat(200)), 100), None);
        assert_eq!(weight(&json!([0, 0, 0, 0]), 4 * value), None);
        assert_eq!(weight(&json!({"x": "y".repeat(200)}), 200), None);
    }

    #[test]
    fn large_results_are_kept_until_the_budget_is_used_up() {
        let large = json!("x".repeat(SMALL_RESULT));
        let mut budget = Budget(2 * SMALL_RESULT + 1000);
        let kept: Vec<_> = (0..4).map(|_| budget.allows(&large)).collect();
        assert_eq!(kept, [true, true, false, false]);
        assert!(budget.allows(&json!("small")));
    }

    #[test]
    fn a_verdict_does_not_depend_on_the_cut() {
        let suite = Suite::embedded().unwrap();
        let case = suite.find("set-cookie.pair.0001").unwrap();
        let about = ImplementationInfo {
            can: vec!["parse.set-cookie".to_owned()],
            ..ImplementationInfo::default()
        };
        let mut reference = Reference::new(Profile::Rfc6265);
        let Answer::Ok(right) = ask(&mut reference, case.operation()) else { panic!() };
        let with = |member: &str, value: Value| {
            let mut answer = right.clone();
            answer["cookie"][member] = value;
            Answer::Ok(answer)
        };
        let flood = json!("\u{1b}".repeat(1 << 20));
        for (answer, verdict) in
            [(with("colour", flood.clone()), Verdict::Pass), (with("value", flood), Verdict::Fail)]
        {
            let oversized = Oversized::new(case, &about, &answer, &mut Budget(1 << 20)).unwrap();
            assert_eq!(oversized.verdicts(), [verdict; 2]);
            assert_eq!(oversized.digest(), Observation::new(case, &about, &answer).digest());
            assert!(oversized.octets > 6 << 20 && oversized.start.len() <= KEPT_START);
            let shown = oversized.to_string();
            assert!(shown.len() < 1200 && !shown.contains('\u{1b}'), "{shown}");
        }
        assert_eq!(Oversized::new(case, &about, &Answer::Ok(right), &mut Budget(0)), None);
    }
}
