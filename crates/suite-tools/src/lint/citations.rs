//! Whether what a case cites carries what it expects.
//!
//! The rule [`Citation`](Rule::Citation) makes sure that a cited statement exists. The rules of
//! this file compare the statement with the expectation: its force, whom it binds, its place in
//! the algorithm, and its subject.

use cookiespec_engine::Profile;

use cookiespec_vectors::{
    Case, Catalogue, Citation, Clause, Expectation, Field, Level, Problem, Requirement,
};

use super::report::Rule;

/// Everything that is wrong with a case.
pub(super) fn check(case: &Case, catalogue: &Catalogue, add: &mut impl FnMut(Rule, Problem)) {
    let cited = cited(case, catalogue);
    expectations(case, &cited, add);
    steps(&cited, add);
    unused(case, add);
    subject(case, add);
}

/// A statement that a case cites for a profile.
struct Cited<'a> {
    index: usize,
    citation: &'a Citation,
    /// `None` if the document is one on which both profiles rest.
    profile: Option<Profile>,
    requirement: &'a Requirement,
    clause: &'a Clause,
}

/// The statements of a case, without those that do not exist: another rule reports these.
fn cited<'a>(case: &'a Case, catalogue: &'a Catalogue) -> Vec<Cited<'a>> {
    let spec = case.spec.iter().enumerate();
    spec.filter_map(|(index, citation)| {
        let profile = citation.profile();
        let requirement = catalogue.find(&citation.req)?;
        let clause = requirement.clause_in(&citation.doc)?;
        Some(Cited { index, citation, profile, requirement, clause })
    })
    .collect()
}

/// Compares each binding expectation with the statements that are cited for its profiles. A
/// profile without any is reported by the rule [`Place`](Rule::Place).
fn expectations(case: &Case, cited: &[Cited<'_>], add: &mut impl FnMut(Rule, Problem)) {
    let expect = Field::Root("expect");
    for (index, expectation) in case.expect.iter().enumerate() {
        let Expectation { level, profiles, .. } = expectation;
        if *level > Level::Should {
            continue;
        }
        for profile in profiles {
            let of_profile =
                cited.iter().filter(|it| it.citation.concerns(*profile)).collect::<Vec<_>>();
            let mut forceful = of_profile.clone();
            forceful.retain(|it| carries(*level, it, case.kind()));
            let performer = performer(case.kind());
            let (rule, what) = if of_profile.is_empty() {
                continue;
            } else if forceful.is_empty() {
                let name = level.name();
                let weaker = of_profile
                    .iter()
                    .map(|it| format!("{} ({})", it.citation.req, it.clause.level))
                    .collect::<Vec<_>>()
                    .join(", ");
                (Rule::Force, format!("no cited statement has the force of a {name}: {weaker}"))
            } else if *level == Level::Must
                && forceful.iter().all(|it| !binds(it.requirement, performer))
            {
                (Rule::Binds, format!("no cited statement with that force binds the {performer}"))
            } else {
                continue;
            };
            let fix = format!("cite a statement of {profile} that does, or lower the level");
            add(rule, Problem::new(&expect.element(index).member("level"), what, fix));
        }
    }
}

/// Whether a statement has the force that a check of this level needs.
///
/// A definition has the force of whatever uses it, and none of its own. It carries a `must` where
/// the operation does nothing but what is defined. Of a document that is not about cookies, the
/// strongest statement carries a `should`.
fn carries(level: Level, Cited { clause, profile, .. }: &Cited<'_>, kind: &str) -> bool {
    let is_definition = clause.level == "definition";
    match level {
        Level::Must if profile.is_none() => false,
        Level::Must if is_definition => DEFINED.contains(&kind),
        Level::Must => clause.force() == Level::Must,
        _ => clause.force() <= Level::Should,
    }
}

/// Who performs an operation, in the words of the catalogue.
fn performer(kind: &str) -> &'static str {
    if SERVED.contains(&kind) { "server" } else { "user agent" }
}

fn binds(requirement: &Requirement, performer: &str) -> bool {
    let bound = requirement.binds.split(':').next().unwrap_or_default();
    bound == "all" || bound == performer
}

/// Checks the numbers of steps.
fn steps(cited: &[Cited<'_>], add: &mut impl FnMut(Rule, Problem)) {
    let spec = Field::Root("spec");
    for Cited { index, citation, profile, clause, .. } in cited {
        let Citation { doc, sec, step, .. } = citation;
        let numbered = numbered(*profile, sec);
        let (what, fix) = match (step, numbered) {
            (Some(step), Some(counts)) if exists(step, counts) => continue,
            (Some(step), _) => {
                (format!("{doc} section {sec} has no step {step}"), "correct the number")
            }
            (None, Some(_)) if clause.level == "step" => (
                format!("{doc} section {sec} numbers its steps"),
                "write the number of the step, such as \"11.3\"",
            ),
            (None, _) => continue,
        };
        let field = spec.element(*index);
        add(Rule::Step, Problem::new(&field.member("step"), what, fix));
    }
}

/// The number of sub-steps of each step of a section; `None` if its steps have no numbers.
fn numbered(profile: Option<Profile>, sec: &str) -> Option<&'static [usize]> {
    let found = NUMBERED.iter().find(|it| Some(it.0) == profile && it.1 == sec);
    found.map(|(_, _, counts)| *counts)
}

/// Whether there is a step of this number, such as `4` or `11.3`. Only the first two numbers count.
fn exists(step: &str, counts: &[usize]) -> bool {
    let mut numbers = step.split('.').map(str::parse::<usize>);
    let Some(Ok(first)) = numbers.next() else { return false };
    let Some(within) = first.checked_sub(1).and_then(|index| counts.get(index)) else {
        return false;
    };
    numbers.next().is_none_or(|second| second.is_ok_and(|it| (1..=*within).contains(&it)))
}

/// Reports citations of a document of which nothing is expected.
fn unused(case: &Case, add: &mut impl FnMut(Rule, Problem)) {
    let spec = Field::Root("spec");
    for (index, Citation { doc, .. }) in case.spec.iter().enumerate() {
        let Ok(profile) = doc.parse::<Profile>() else { continue };
        if case.expected_by(profile).next().is_none() {
            let what = format!("nothing is expected under {doc}");
            let fix = "remove the citation, or add an expectation";
            let field = spec.element(index);
            add(Rule::UnusedCitation, Problem::new(&field.member("doc"), what, fix));
        }
    }
}

/// Reports a case that cites something, and nothing on the subject of its area.
fn subject(case: &Case, add: &mut impl FnMut(Rule, Problem)) {
    let Some((area, ids)) = SUBJECTS.iter().find(|it| it.0 == case.area()) else { return };
    let is_on_it = |citation: &Citation| ids.iter().any(|id| citation.req.starts_with(id));
    if !case.spec.is_empty() && !case.spec.iter().any(is_on_it) {
        let what = format!("no cited statement is on the subject of {area}");
        let fix = format!("cite a statement whose id begins with {}", ids.join(", "));
        add(Rule::Subject, Problem::new(&Field::Root("spec"), what, fix));
    }
}

/// The operations that are definitions of their own.
const DEFINED: [&str; 2] = ["match.domain", "match.path"];

/// The operations that servers perform; user agents perform the others.
const SERVED: [&str; 2] = ["format.set-cookie", "parse.cookie"];

/// The sections with numbered steps, and the number of sub-steps of each step. Where a section has
/// several numbered lists, each step has the larger number.
const NUMBERED: &[(Profile, &str, &[usize])] = &[
    (Profile::Rfc6265, "5.1.1", &[0, 4, 0, 1, 0, 0, 0]),
    (Profile::Rfc6265, "5.1.2", &[0; 3]),
    (Profile::Rfc6265, "5.1.4", &[0; 4]),
    (Profile::Rfc6265, "5.2", &[0; 7]),
    (Profile::Rfc6265, "5.3", &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0]),
    (Profile::Rfc6265, "5.4", &[0, 0, 0, 2]),
    (Profile::Rfc6265bis, "5.1.1", &[0, 4, 0, 1, 0, 0, 0]),
    (Profile::Rfc6265bis, "5.1.2", &[0; 5]),
    (Profile::Rfc6265bis, "5.1.4", &[0; 4]),
    (Profile::Rfc6265bis, "5.2", &[0; 2]),
    (Profile::Rfc6265bis, "5.2.1", &[0, 0, 0, 2, 0]),
    (Profile::Rfc6265bis, "5.2.2.1", &[0, 2, 0]),
    (Profile::Rfc6265bis, "5.6", &[0, 1, 1, 1, 0, 0, 0, 0]),
    (Profile::Rfc6265bis, "5.6.1", &[0; 6]),
    (Profile::Rfc6265bis, "5.6.2", &[0; 8]),
    (Profile::Rfc6265bis, "5.6.3", &[0; 4]),
    (Profile::Rfc6265bis, "5.6.4", &[1, 0]),
    (Profile::Rfc6265bis, "5.6.7", &[0; 5]),
    (
        Profile::Rfc6265bis,
        "5.7",
        &[0, 0, 0, 0, 0, 2, 1, 0, 3, 2, 0, 0, 0, 0, 0, 4, 0, 4, 0, 0, 3, 0, 4, 0],
    ),
    (Profile::Rfc6265bis, "5.8.3", &[0, 0, 0, 0, 0, 3]),
];

/// The areas of one subject, and how the ids of the statements on it begin.
const SUBJECTS: &[(&str, &[&str])] = &[
    ("cookie-header", &["SRV-"]),
    ("date", &["DATE-"]),
    ("domain.match", &["DOM-"]),
    ("jar.limits", &["EVICT-"]),
    ("jar.order", &["RETR-13", "RETR-14"]),
    ("jar.policy", &["POL-"]),
    ("jar.prefix", &["STORE-22", "STORE-32", "STORE-33", "STORE-34", "STORE-35"]),
    (
        "jar.same-site",
        &[
            "API-", "RETR-12", "RETR-18", "RETR-19", "RETR-20", "SAM-", "SITE-", "STORE-26",
            "STORE-27", "STORE-28", "STORE-29", "STORE-30", "STORE-31",
        ],
    ),
    ("jar.secure", &["RETR-10", "SECA-", "STORE-21", "STORE-22", "STORE-25"]),
    ("jar.session", &["SESS-"]),
    ("jar.size", &["EVICT-07", "EVICT-11", "PARSE-12", "PARSE-19", "STORE-04"]),
    ("path.default", &["PATH-"]),
    ("path.match", &["PATH-"]),
    ("set-cookie.size", &["EVICT-07", "EVICT-11", "PARSE-12", "PARSE-19"]),
];

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::test_case::case;

    /// The rules that a case breaks. A citation is the document, the id, and the step if any.
    fn broken(kind: &str, level: &str, profiles: &[&str], citations: &[&str]) -> Vec<Rule> {
        let (input, is) = match kind {
            "match.path" => (json!({"path": "/", "cookie_path": "/"}), json!({"match": true})),
            "parse.cookie" => (json!({"cookie": ["a=b"]}), json!({"pairs": [["a", "b"]]})),
            _ => (json!({"set_cookie": "a=b"}), json!({"cookie": {"name": "a"}})),
        };
        let spec = citations.iter().map(|text| citation(text)).collect::<Value>();
        let expect = json!([{"for": profiles, "level": level, "is": is}]);
        rules(&case(json!({"kind": kind, "in": input, "spec": spec, "expect": expect})))
    }

    fn citation(text: &str) -> Value {
        let parts = text.split(' ').collect::<Vec<_>>();
        let requirement = Catalogue::embedded().find(parts[1]).unwrap();
        let clause = requirement.clause_in(parts[0]).unwrap();
        let mut citation = json!({"req": parts[1], "doc": parts[0], "sec": clause.sec});
        if let Some(step) = parts.get(2) {
            citation["step"] = json!(step);
        }
        citation
    }

    fn rules(case: &Case) -> Vec<Rule> {
        let mut rules = Vec::new();
        check(case, Catalogue::embedded(), &mut |rule, _| rules.push(rule));
        rules
    }

    const NONE: [Rule; 0] = [];
    const OLD: &[&str] = &["rfc6265"];
    const BIS: &[&str] = &["rfc6265bis"];

    #[test]
    fn a_must_rests_on_a_statement_that_demands_it() {
        let read = |level, citations: &[&str]| broken("parse.cookie", level, BIS, citations);
        assert_eq!(read("must", &["rfc6265bis SRV-25"]), NONE);
        assert_eq!(read("must", &["rfc6265bis SRV-23"]), [Rule::Force]);
        assert_eq!(read("must", &["rfc6265bis SRV-27"]), [Rule::Force]);
        assert_eq!(read("must", &["rfc6265bis SRV-23", "rfc6265bis SRV-25"]), NONE);
        assert_eq!(read("should", &["rfc6265bis SRV-23"]), NONE);
        assert_eq!(read("should", &["rfc6265bis SRV-27"]), NONE);
        assert_eq!(read("should", &["rfc6265bis SRV-06"]), [Rule::Force]);
        assert_eq!(read("may", &["rfc6265bis SRV-06"]), NONE);
        assert_eq!(read("observe", &[]), NONE);
    }

    #[test]
    fn a_document_that_is_not_about_cookies_carries_a_should_for_every_profile_and_no_must() {
        let both = ["rfc6265", "rfc6265bis"];
        let expect = |level, cited: &[&str]| broken("parse.set-cookie", level, &both, cited);
        assert_eq!(expect("should", &["rfc9110 EXCH-01"]), NONE);
        let defined = ["rfc6265 GEN-04", "rfc6265bis GEN-04", "rfc9110 EXCH-01"];
        assert_eq!(expect("must", &defined), [Rule::Force, Rule::Force]);
        let step = broken("parse.set-cookie", "should", OLD, &["fetch EXCH-03 1"]);
        assert_eq!(step, [Rule::Step], "the steps of a document that is not here are not known");
    }

    #[test]
    fn a_definition_carries_a_must_only_where_the_operation_is_what_it_defines() {
        let is_matched = broken("match.path", "must", OLD, &["rfc6265 PATH-06"]);
        assert_eq!(is_matched, NONE);
        let is_parsed = broken("parse.set-cookie", "must", OLD, &["rfc6265 GEN-04"]);
        assert_eq!(is_parsed, [Rule::Force]);
    }

    #[test]
    fn each_profile_has_a_statement_of_its_own() {
        let both = ["rfc6265", "rfc6265bis"];
        let cited = ["rfc6265 SRV-23", "rfc6265bis SRV-25"];
        assert_eq!(broken("parse.cookie", "must", &both, &cited), [Rule::Force]);
        let parsed = ["rfc6265 PARSE-08 2", "rfc6265bis PARSE-08 3"];
        assert_eq!(broken("parse.set-cookie", "must", &both, &parsed), NONE);
    }

    #[test]
    fn a_must_rests_on_a_statement_that_binds_who_performs_the_operation() {
        let demanded = |kind, cited: &str| broken(kind, "must", BIS, &[cited]);
        assert_eq!(demanded("parse.cookie", "rfc6265bis PARSE-09 3"), [Rule::Binds]);
        assert_eq!(demanded("parse.set-cookie", "rfc6265bis SRV-03"), [Rule::Binds]);
        assert_eq!(demanded("parse.set-cookie", "rfc6265bis GEN-05"), NONE);
        let advised = broken("parse.cookie", "should", BIS, &["rfc6265bis PARSE-09 3"]);
        assert_eq!(advised, NONE, "the reason of a should may lie with the other side");
        let syntax_of_cookie = Catalogue::embedded().find("SRV-23").unwrap();
        assert!(binds(syntax_of_cookie, "user agent") && !binds(syntax_of_cookie, "server"));
    }

    #[test]
    fn a_step_exists_and_is_named_where_steps_have_numbers() {
        let at = |step: &str| {
            broken("parse.set-cookie", "must", OLD, &[&format!("rfc6265 PARSE-09{step}")])
        };
        assert_eq!(at(" 3"), NONE);
        for wrong in ["", " 0", " 8", " 3.1", " x", " 3.x"] {
            assert_eq!(at(wrong), [Rule::Step], "{wrong:?}");
        }
        let unnumbered = |step: &str| {
            broken("parse.set-cookie", "must", OLD, &[&format!("rfc6265 MAX-03{step}")])
        };
        assert_eq!(unnumbered(""), NONE);
        assert_eq!(unnumbered(" 1"), [Rule::Step]);
        let nested = |step: &str| exists(step, numbered(Some(Profile::Rfc6265), "5.3").unwrap());
        assert!(nested("11.4") && nested("12") && !nested("11.5") && !nested("12.1"));
    }

    #[test]
    fn a_citation_is_of_a_document_of_which_something_is_expected() {
        let parsed = ["rfc6265 PARSE-08 2", "rfc6265bis PARSE-08 3"];
        assert_eq!(broken("parse.set-cookie", "must", OLD, &parsed), [Rule::UnusedCitation]);
    }

    #[test]
    fn a_case_cites_the_subject_of_its_area() {
        let rules_in = |area: &str, level: &str, spec: Value| {
            let mut case = case(json!({
                "kind": "parse.set-cookie", "in": {"set_cookie": "a=b"}, "spec": spec,
                "expect": [{"for": BIS, "level": level, "is": {"cookie": {"name": "a"}}}]
            }));
            case.id = format!("{area}.0001");
            rules(&case)
        };
        let store_40 = || json!([citation("rfc6265bis STORE-40 24")]);
        assert_eq!(rules_in("test", "must", store_40()), NONE);
        assert_eq!(rules_in("jar.same-site", "must", store_40()), [Rule::Subject]);
        let mut store_30 = store_40();
        store_30[0]["req"] = json!("STORE-30");
        assert_eq!(rules_in("jar.same-site", "must", store_30), NONE);
        assert_eq!(rules_in("jar.same-site", "observe", json!([])), NONE);
    }

    #[test]
    fn the_tables_name_what_exists() {
        for (area, ids) in SUBJECTS {
            for id in *ids {
                let known = Catalogue::embedded().iter().any(|it| it.id.starts_with(id));
                assert!(known, "{area}: no statement begins with {id}");
            }
        }
        for (profile, sec, _) in NUMBERED {
            let mut clauses = Catalogue::embedded().iter().filter_map(|it| it.clause(*profile));
            assert!(clauses.any(|it| it.sec == *sec), "{profile} section {sec}");
        }
    }
}
