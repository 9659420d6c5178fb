//! The judge: compares an answer with what a profile expects.

use cookiespec_engine::Profile;
use serde::Serialize;
use serde_json::Value;

use crate::case::{Case, Expectation};
use crate::check::{Strictness, check};
use crate::implementation::ImplementationInfo;
use crate::matcher::{Finding, Matcher, Mismatch};
use crate::message::Answer;
use crate::operation::{Operation, Step};
use crate::problem::{Field, Problem};
use crate::schema::{self, Schema};
use crate::verdict::{Level, Verdict};

/// The verdict on one case, check by check.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    /// The worst of the checks.
    pub verdict: Verdict,
    /// The checks that apply to the profile.
    pub checks: Vec<CheckResult>,
    /// The reason, if no single check decided: the ability that is missing, the error message, what
    /// is wrong with the form of the answer. It may quote the target and is not escaped.
    pub note: Option<String>,
}

/// The verdict on one check.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckResult {
    /// How binding it is.
    pub level: Level,
    /// The label of the observation, in a jar or an exchange case.
    pub at: Option<String>,
    /// The verdict on it.
    pub verdict: Verdict,
    /// Where the answer differs from the expectation.
    pub mismatch: Option<Mismatch>,
}

impl Judgement {
    /// A judgement from what happened to the target rather than from what it answered: it crashed,
    /// it hung, it was not run. Every check of the case gets the same verdict.
    pub fn uniform(
        case: &Case,
        profile: Profile,
        verdict: Verdict,
        note: impl Into<String>,
    ) -> Self {
        let checks = case
            .expected_by(profile)
            .map(|expectation| CheckResult::new(expectation, verdict, None))
            .collect();
        Self { verdict, checks, note: Some(note.into()) }
    }
}

impl CheckResult {
    fn new(expectation: &Expectation, verdict: Verdict, mismatch: Option<Mismatch>) -> Self {
        let Expectation { level, at, .. } = expectation;
        Self { level: *level, at: at.clone(), verdict, mismatch }
    }
}

/// Judges the answer of a target to a case.
pub fn judge(
    case: &Case,
    profile: Profile,
    about: &ImplementationInfo,
    answer: &Answer,
) -> Judgement {
    let uniform = |verdict, note: String| Judgement::uniform(case, profile, verdict, note);
    if case.expected_by(profile).next().is_none() {
        return uniform(Verdict::NotApplicable, format!("the case says nothing about {profile}"));
    }
    if let Some(need) = case.missing(about) {
        return uniform(Verdict::Unsupported, format!("the target lacks {need}"));
    }
    match answer {
        Answer::Unsupported { need } => {
            // A shim that does not name what it lacks lacks the operation.
            let need = if need.is_empty() { case.kind() } else { need };
            if about.can.iter().any(|can| can == need) {
                let note = format!("the target says it can {need}, and refused");
                uniform(Verdict::Refused, note)
            } else {
                uniform(Verdict::Unsupported, format!("the target lacks {need}"))
            }
        }
        Answer::Error { message } => uniform(Verdict::Error, message.clone()),
        Answer::Ok(value) => match Observed::read(case, value) {
            Ok(observed) => observed.judge(profile, about),
            Err(problem) => uniform(Verdict::Broken, format!("not an answer: {problem}")),
        },
    }
}

/// The `ok` value of an answer of the right form.
struct Observed<'a> {
    case: &'a Case,
    value: &'a Value,
}

impl<'a> Observed<'a> {
    fn read(case: &'a Case, value: &'a Value) -> Result<Self, Problem> {
        let mut problems = Vec::new();
        let mut fit = |schema: &Schema, value: &Value, field: &Field<'_>| {
            check(schema, Strictness::Lenient, value, field, &mut problems);
        };
        if let Some(schema) = schema::output(case.kind()) {
            fit(schema, value, &Field::Root(""));
        }
        for (label, schema) in observations(&case.operation) {
            let obs = Field::Root("obs");
            let observed = value.get("obs").and_then(|obs| obs.get(label));
            fit(schema, observed.unwrap_or_default(), &obs.member(label));
        }
        match problems.into_iter().next() {
            None => Ok(Self { case, value }),
            Some(problem) => Err(problem),
        }
    }

    fn judge(&self, profile: Profile, about: &ImplementationInfo) -> Judgement {
        let checks = self
            .case
            .expected_by(profile)
            .map(|expectation| self.check(expectation, about))
            .collect::<Vec<_>>();
        let verdict =
            checks.iter().map(|check| check.verdict).max().unwrap_or(Verdict::NotApplicable);
        Judgement { verdict, checks, note: None }
    }

    fn check(&self, expectation: &Expectation, about: &ImplementationInfo) -> CheckResult {
        let observed = match &expectation.at {
            Some(label) => self.value.get("obs").and_then(|obs| obs.get(label)),
            None => Some(self.value),
        };
        let mut blind = about.blind.iter().map(String::as_str).collect::<Vec<_>>();
        // Only some targets report the cookies of a request one by one.
        if observed.is_some_and(|observed| observed.get("cookies").is_none_or(Value::is_null)) {
            blind.push("cookies");
        }
        let matcher = Matcher {
            blind: &blind,
            unset_is_false: matches!(self.case.operation, Operation::ParseSetCookie(_)),
        };
        let path = Field::Root("");
        match matcher.find(&expectation.is, observed, &path) {
            Finding::Match => CheckResult::new(expectation, Verdict::Pass, None),
            Finding::Blind(field) => {
                let got = "nothing: the target is blind to it".to_owned();
                let want = crate::show::value(&expectation.is);
                let mismatch = Mismatch { path: field, want, got };
                CheckResult::new(expectation, Verdict::Unsupported, Some(mismatch))
            }
            Finding::Mismatch(mismatch) => {
                let verdict = expectation.level.verdict_when_missed();
                CheckResult::new(expectation, verdict, Some(mismatch))
            }
        }
    }
}

/// The labels of what an operation observes, each with the schema of the observation.
fn observations(operation: &Operation) -> Vec<(&str, &'static Schema)> {
    match operation {
        Operation::Jar(program) => program.steps.iter().filter_map(observation).collect(),
        Operation::Exchange(program) => {
            let labels = program.hops().filter_map(|hop| hop.at.as_deref());
            labels.map(|label| (label, &schema::ARRIVED)).collect()
        }
        _ => Vec::new(),
    }
}

/// The label and the schema of what a step of a jar program observes.
fn observation(step: &Step) -> Option<(&str, &'static Schema)> {
    let name = match step {
        Step::Send { .. } => "send",
        Step::ScriptGet { .. } => "script-get",
        Step::Dump { .. } => "dump",
        _ => return None,
    };
    step.label().zip(schema::observation(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_case::case;

    fn about(can: &[&str], blind: &[&str]) -> ImplementationInfo {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        ImplementationInfo { can: owned(can), blind: owned(blind), ..ImplementationInfo::default() }
    }

    fn parse_case(expect: Value) -> Case {
        case(json!({
            "kind": "parse.set-cookie", "in": {"set_cookie": "a=b"}, "expect": expect
        }))
    }

    fn level_case(level: &str) -> Case {
        parse_case(json!([{"for": ["*"], "level": level, "is": {"cookie": null}}]))
    }

    fn verdict(case: &Case, about: &ImplementationInfo, answer: &Answer) -> Verdict {
        judge(case, Profile::Rfc6265, about, answer).verdict
    }

    fn refusal(need: &str) -> Answer {
        Answer::Unsupported { need: need.to_owned() }
    }

    const PARSE: &[&str] = &["parse.set-cookie"];

    #[test]
    fn a_missed_check_weighs_by_its_level() {
        let accepted = Answer::Ok(json!({"cookie": {"name": "a", "value": "b"}}));
        let about = about(PARSE, &[]);
        for (level, missed) in
            [("must", Verdict::Fail), ("should", Verdict::Weak), ("may", Verdict::Info)]
        {
            let case = level_case(level);
            assert_eq!(verdict(&case, &about, &accepted), missed);
            let rejected = Answer::Ok(json!({"cookie": null}));
            assert_eq!(verdict(&case, &about, &rejected), Verdict::Pass);
        }
        let judgement = judge(&level_case("must"), Profile::Rfc6265, &about, &accepted);
        let mismatch = judgement.checks[0].mismatch.as_ref().unwrap();
        assert_eq!(mismatch.path, "cookie");
        assert_eq!(mismatch.want, "null");
        assert_eq!(mismatch.got, r#"{"name": "a", "value": "b"}"#);
    }

    #[test]
    fn the_worst_check_of_the_profile_decides() {
        let case = parse_case(json!([
            {"for": ["rfc6265"], "level": "should", "is": {"cookie": {"name": "x"}}},
            {"for": ["rfc6265"], "level": "must", "is": {"cookie": {"name": "a"}}},
            {"for": ["rfc6265bis"], "level": "must", "is": {"cookie": {"name": "x"}}}
        ]));
        let answer = Answer::Ok(json!({"cookie": {"name": "a", "value": "b"}}));
        let about = about(PARSE, &[]);
        let judgement = judge(&case, Profile::Rfc6265, &about, &answer);
        assert_eq!(judgement.verdict, Verdict::Weak);
        let verdicts = judgement.checks.iter().map(|check| check.verdict);
        assert!(verdicts.eq([Verdict::Weak, Verdict::Pass]));
        let judgement = judge(&case, Profile::Rfc6265bis, &about, &answer);
        assert_eq!(judgement.verdict, Verdict::Fail);
        assert_eq!(judgement.checks.len(), 1);
    }

    #[test]
    fn a_case_without_checks_for_the_profile_does_not_apply() {
        let case = parse_case(json!([
            {"for": ["rfc6265bis"], "level": "must", "is": {"cookie": null}}
        ]));
        let answer = Answer::Error { message: String::new() };
        assert_eq!(verdict(&case, &about(PARSE, &[]), &answer), Verdict::NotApplicable);
    }

    #[test]
    fn refusing_what_was_promised_is_not_the_same_as_lacking_it() {
        let case = level_case("must");
        let promised = about(PARSE, &[]);
        assert_eq!(verdict(&case, &promised, &refusal("parse.set-cookie")), Verdict::Refused);
        assert_eq!(verdict(&case, &promised, &refusal("")), Verdict::Refused);
        assert_eq!(verdict(&case, &promised, &refusal("uri")), Verdict::Unsupported);
        let silent = about(&["jar"], &[]);
        assert_eq!(verdict(&case, &silent, &refusal("parse.set-cookie")), Verdict::Unsupported);
        let answered_all_the_same = Answer::Ok(json!({"cookie": null}));
        assert_eq!(verdict(&case, &silent, &answered_all_the_same), Verdict::Unsupported);
    }

    #[test]
    fn needs_that_are_not_met_make_a_case_unsupported() {
        let case = case(json!({
            "kind": "parse.cookie", "needs": ["order"], "in": {"cookie": ["a=1; b=2"]},
            "expect": [{"for": ["*"], "level": "should", "is": {"pairs": [["a", "1"], ["b", "2"]]}}]
        }));
        let answer = Answer::Ok(json!({"pairs": [["a", "1"], ["b", "2"]]}));
        let can = ["parse.cookie"];
        assert_eq!(verdict(&case, &about(&can, &[]), &answer), Verdict::Pass);
        assert_eq!(verdict(&case, &about(&can, &["order"]), &answer), Verdict::Unsupported);
    }

    #[test]
    fn errors_are_errors_whatever_the_level() {
        let answer = Answer::Error { message: "boom".to_owned() };
        let about = about(PARSE, &[]);
        let judgement = judge(&level_case("may"), Profile::Rfc6265, &about, &answer);
        assert_eq!(judgement.verdict, Verdict::Error);
        assert_eq!(judgement.note.as_deref(), Some("boom"));
    }

    #[test]
    fn an_answer_without_the_form_of_one_says_nothing_about_the_target() {
        let about = about(PARSE, &[]);
        for value in [
            json!({}),
            json!({"cookie": "a=b"}),
            json!({"cookie": {"name": "a"}}),
            json!({"cookie": {"name": "\u{100}", "value": ""}}),
            json!([]),
        ] {
            let judgement =
                judge(&level_case("must"), Profile::Rfc6265, &about, &Answer::Ok(value));
            assert_eq!(judgement.verdict, Verdict::Broken);
            assert!(judgement.note.unwrap().starts_with("not an answer: "));
        }
        let additions = json!({"cookie": {"name": "a", "value": "", "priority": 1}, "took": 1});
        assert_eq!(verdict(&level_case("must"), &about, &Answer::Ok(additions)), Verdict::Fail);
        let null = verdict(&level_case("must"), &about, &Answer::Ok(Value::Null));
        assert_eq!(null, Verdict::Broken, "a rejected cookie is {{\"cookie\": null}}");
    }

    #[test]
    fn a_blind_field_is_unsupported_unless_the_rest_is_wrong() {
        let case = parse_case(json!([
            {"for": ["*"], "level": "must", "is": {"cookie": {"name": "a", "same_site": "Lax"}}}
        ]));
        let about = about(PARSE, &["same_site"]);
        let answer = |name| Answer::Ok(json!({"cookie": {"name": name, "value": ""}}));
        assert_eq!(verdict(&case, &about, &answer("a")), Verdict::Unsupported);
        assert_eq!(verdict(&case, &about, &answer("b")), Verdict::Fail);
    }

    #[test]
    fn requests_are_judged_by_the_labels_of_their_hops() {
        let case = case(json!({
            "kind": "exchange",
            "in": {"steps": [{"do": "navigate", "uri": "http://a.example/", "hops": [{"at": "x"}]}]},
            "expect": [
                {"for": ["*"], "level": "must", "at": "x", "is": {"cookie": []}},
                {"for": ["*"], "level": "should", "at": "x", "is": {"method": {"$ne": "POST"}}}
            ]
        }));
        let about = about(&["exchange"], &[]);
        let arrived = |cookie: Value| {
            Answer::Ok(json!({"obs": {"x": {
                "method": "GET", "cookie": cookie, "authorization": [], "version": "1.1"
            }}}))
        };
        assert_eq!(verdict(&case, &about, &arrived(json!([]))), Verdict::Pass);
        assert_eq!(verdict(&case, &about, &arrived(json!(["a=b"]))), Verdict::Fail);
        assert_eq!(verdict(&case, &about, &arrived(json!(["a=b", ""]))), Verdict::Fail);
        for malformed in [arrived(Value::Null), Answer::Ok(json!({"obs": {}}))] {
            assert_eq!(verdict(&case, &about, &malformed), Verdict::Broken);
        }
        assert_eq!(verdict(&case, &about, &refusal("http: x")), Verdict::Unsupported);
    }

    #[test]
    fn observations_are_judged_by_their_labels() {
        let case = case(json!({
            "kind": "jar", "now": 0,
            "steps": [
                {"do": "send", "at": "x", "uri": "http://a.example/"},
                {"do": "script-get", "at": "y", "uri": "http://a.example/"}
            ],
            "expect": [
                {"for": ["*"], "level": "must", "at": "x", "is": {"header": null}},
                {"for": ["*"], "level": "should", "at": "x", "is": {"cookies": []}},
                {"for": ["*"], "level": "must", "at": "y", "is": {"value": ""}}
            ]
        }));
        let about = about(&["jar", "script"], &[]);
        let good = json!({"obs": {"x": {"header": null}, "y": {"value": ""}}});
        let judgement = judge(&case, Profile::Rfc6265, &about, &Answer::Ok(good));
        let verdicts = judgement.checks.iter().map(|check| check.verdict);
        assert!(verdicts.eq([Verdict::Pass, Verdict::Unsupported, Verdict::Pass]));
        let lost = json!({"obs": {"x": {"header": null}}});
        assert_eq!(verdict(&case, &about, &Answer::Ok(lost)), Verdict::Broken);
        let wrong =
            json!({"obs": {"x": {"header": "a=1", "cookies": [["a", "1"]]}, "y": {"value": ""}}});
        let judgement = judge(&case, Profile::Rfc6265, &about, &Answer::Ok(wrong));
        assert_eq!(judgement.verdict, Verdict::Fail);
        assert_eq!(judgement.checks[0].at.as_deref(), Some("x"));
    }
}
