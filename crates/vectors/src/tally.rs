//! Counting judgements: never one percentage.

use std::collections::BTreeMap;
use std::fmt;

use cookiespec_engine::Profile;

use crate::case::Case;
use crate::implementation::ImplementationInfo;
use crate::judge::{Judgement, judge};
use crate::message::Answer;
use crate::verdict::{Level, Verdict};

/// The counts of a run. `must` and `should` count checks; everything else counts cases.
///
/// Shown as `MUST 412/418 · SHOULD 61/70 · unsupported 33 · crash 0`; other verdicts that call for
/// attention are appended where there are any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Checks that must hold.
    pub must: Ratio,
    /// Checks that should hold.
    pub should: Ratio,
    cases: BTreeMap<Verdict, usize>,
}

/// How many checks held, of those the target was judged on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratio {
    /// Checks that held.
    pub met: usize,
    /// Checks that the target was judged on: those that are unsupported, or that harness or shim
    /// failed to run, are not among them.
    pub of: usize,
}

impl Tally {
    /// Counts a case.
    pub fn add(&mut self, judgement: &Judgement) {
        *self.cases.entry(judgement.verdict).or_default() += 1;
        for check in &judgement.checks {
            match check.level {
                Level::Must => self.must.add(check.verdict),
                Level::Should => self.should.add(check.verdict),
                Level::May | Level::Observe => {}
            }
        }
    }

    /// The number of cases with this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.cases.get(&verdict).copied().unwrap_or(0)
    }

    /// The number of cases in all.
    pub fn total(&self) -> usize {
        self.cases.values().sum()
    }

    /// The worst verdict of all; `None` where there was no case.
    pub fn worst(&self) -> Option<Verdict> {
        self.cases.keys().next_back().copied()
    }
}

impl Ratio {
    fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Pass => {
                self.met += 1;
                self.of += 1;
            }
            Verdict::Weak => self.of += 1,
            failure if failure.is_failure() => self.of += 1,
            _ => {}
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MUST {} · SHOULD {}", self.must, self.should)?;
        write!(f, " · unsupported {}", self.count(Verdict::Unsupported))?;
        write!(f, " · crash {}", self.count(Verdict::Crash))?;
        for verdict in [
            Verdict::Hang,
            Verdict::Error,
            Verdict::Refused,
            Verdict::Flaky,
            Verdict::Blocked,
            Verdict::NotRun,
            Verdict::Broken,
        ] {
            match self.count(verdict) {
                0 => {}
                count => write!(f, " · {verdict} {count}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.met, self.of)
    }
}

/// Which profile a target follows: how many of the cases that distinguish the profiles it answers
/// as each of them expects.
///
/// Shown as `follows rfc6265 on 38 of 40 cases that distinguish the two`; where it follows both
/// equally often, both are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    follows: [usize; Profile::ALL.len()],
    of: usize,
}

impl Fingerprint {
    /// Counts a case if it [distinguishes the profiles](Case::distinguishes_profiles) and the target
    /// answered it.
    pub fn add(&mut self, case: &Case, about: &ImplementationInfo, answer: &Answer) {
        if case.distinguishes_profiles() {
            let verdict = |profile| judge(case, profile, about, answer).verdict;
            self.add_verdicts(case, Profile::ALL.map(verdict));
        }
    }

    /// Counts a case as [`add`](Self::add) does, given the verdict on the answer under each profile, in
    /// the order of [`Profile::ALL`].
    pub fn add_verdicts(&mut self, case: &Case, verdicts: [Verdict; Profile::ALL.len()]) {
        if !case.distinguishes_profiles() {
            return;
        }
        let decided = |verdict| {
            matches!(verdict, Verdict::Pass | Verdict::Info | Verdict::Weak | Verdict::Fail)
        };
        if !verdicts.into_iter().all(decided) {
            return;
        }
        self.of += 1;
        for (follows, verdict) in self.follows.iter_mut().zip(verdicts) {
            *follows += usize::from(matches!(verdict, Verdict::Pass | Verdict::Info));
        }
    }

    /// The number of cases answered as the profile expects.
    pub fn follows(&self, profile: Profile) -> usize {
        Profile::ALL
            .iter()
            .position(|other| *other == profile)
            .map_or(0, |index| self.follows[index])
    }

    /// The number of cases that distinguish the profiles and were answered.
    pub const fn of(&self) -> usize {
        self.of
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.of == 0 {
            return f.write_str("answered no case that tells the profiles apart");
        }
        let most = self.follows.iter().max().copied().unwrap_or(0);
        let leaders = Profile::ALL
            .into_iter()
            .filter(|profile| self.follows(*profile) == most)
            .map(Profile::name)
            .collect::<Vec<_>>();
        let each = if leaders.len() > 1 { " each" } else { "" };
        write!(
            f,
            "follows {} on {most} of {}{each} cases that distinguish the two",
            leaders.join(" and "),
            self.of
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::test_case::case;

    fn about() -> ImplementationInfo {
        ImplementationInfo { can: vec!["parse.date".to_owned()], ..ImplementationInfo::default() }
    }

    fn date_case(expect: Value) -> Case {
        case(json!({"kind": "parse.date", "in": {"date": ""}, "expect": expect}))
    }

    #[test]
    fn checks_are_counted_by_level_and_cases_by_verdict() {
        let case = date_case(json!([
            {"for": ["*"], "level": "must", "is": {"unix": 1}},
            {"for": ["*"], "level": "should", "is": {"unix": 2}},
            {"for": ["*"], "level": "may", "is": {"unix": 3}}
        ]));
        let mut tally = Tally::default();
        for unix in [1, 2, 3] {
            let answer = Answer::Ok(json!({ "unix": unix }));
            tally.add(&judge(&case, Profile::Rfc6265, &about(), &answer));
        }
        let mut add = |verdict| {
            tally.add(&Judgement::uniform(&case, Profile::Rfc6265, verdict, ""));
        };
        add(Verdict::Crash);
        add(Verdict::Unsupported);
        assert_eq!(tally.to_string(), "MUST 1/4 · SHOULD 1/4 · unsupported 1 · crash 1");
        tally.add(&Judgement::uniform(&case, Profile::Rfc6265, Verdict::Broken, ""));
        assert_eq!(tally.to_string(), "MUST 1/4 · SHOULD 1/4 · unsupported 1 · crash 1 · broken 1");
        assert_eq!((tally.total(), tally.count(Verdict::Fail)), (6, 2));
        assert_eq!(tally.worst(), Some(Verdict::Broken));
    }

    #[test]
    fn the_fingerprint_counts_only_cases_that_tell_the_profiles_apart() {
        let telling = date_case(json!([
            {"for": ["rfc6265"], "level": "must", "is": {"unix": 1}},
            {"for": ["rfc6265bis"], "level": "must", "is": {"unix": 2}}
        ]));
        let other = date_case(json!([{"for": ["*"], "level": "must", "is": {"unix": 1}}]));
        let mut fingerprint = Fingerprint::default();
        assert_eq!(fingerprint.to_string(), "answered no case that tells the profiles apart");
        let mut add = |case, unix| {
            fingerprint.add(case, &about(), &Answer::Ok(json!({ "unix": unix })));
        };
        add(&telling, 1);
        add(&telling, 1);
        add(&telling, 2);
        add(&telling, 3);
        add(&other, 1);
        fingerprint.add(&telling, &about(), &Answer::Error { message: String::new() });
        assert_eq!(
            fingerprint.to_string(),
            "follows rfc6265 on 2 of 4 cases that distinguish the two"
        );
        assert_eq!(fingerprint.follows(Profile::Rfc6265bis), 1);
        fingerprint.add(&telling, &about(), &Answer::Ok(json!({ "unix": 2 })));
        assert_eq!(
            fingerprint.to_string(),
            "follows rfc6265 and rfc6265bis on 2 of 5 each cases that distinguish the two"
        );
    }
}
