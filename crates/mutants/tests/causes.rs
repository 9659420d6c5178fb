//! What the fuzzer says about the cause of its findings, where the cause is known: each target is a
//! mutant, and all mutants are models.

use cookiespec_fuzzing::{
    Causes, Finding, Fuzzer, InProcess, Model, ROUND, Settings, SpecReference, Subject,
};
use cookiespec_mutants::{Mutant, MutantImplementation};
use cookiespec_vectors::{Answer, Profile, ask};

const PROFILE: Profile = Profile::Rfc6265bis;
/// How many cases each target runs.
const CASES: u64 = 2_048;

fn implementation(mutant: Mutant) -> Box<MutantImplementation> {
    Box::new(MutantImplementation::new(Some(mutant), PROFILE))
}

fn models() -> Vec<Model> {
    let mutants = Mutant::ALL.iter().filter(|mutant| mutant.profiles().contains(&PROFILE));
    let model = |mutant: &Mutant| Model {
        name: mutant.to_string(),
        behaviour: mutant.description().to_owned(),
        rule: mutant.rule().place(PROFILE).map(|place| SpecReference {
            text: mutant.rule().text.to_owned(),
            document: PROFILE.name().to_owned(),
            section: place.section.to_owned(),
            step: place.step.to_owned(),
            id: format!("{}/{}", place.section, place.step),
        }),
        case: mutant.case().to_owned(),
        implementation: implementation(*mutant),
    };
    mutants.map(model).collect()
}

/// The findings of a run on a mutant.
fn findings(mutant: Mutant) -> Vec<Finding> {
    let subject = Subject {
        name: "mutant".to_owned(),
        command: None,
        profile: PROFILE,
        executors: vec![Box::new(InProcess::new(implementation(mutant)))],
        models: models(),
    };
    let settings = Settings { seed: 1, ..Settings::default() };
    let mut fuzzer = Fuzzer::new(vec![subject], settings, None).unwrap();
    while fuzzer.cases() < CASES {
        fuzzer.round(ROUND, &mut |_| {}).unwrap();
    }
    fuzzer.findings().into_iter().cloned().collect()
}

/// Whether a model gives the answer of the target to the input of a finding.
fn answers_like_the_target(model: &str, finding: &Finding) -> bool {
    let mutant: Mutant = model.parse().unwrap();
    match ask(&mut *implementation(mutant), &finding.operation) {
        Answer::Ok(value) => finding.answers[1].answer["ok"] == value,
        _ => false,
    }
}

#[test]
fn a_cause_is_what_the_target_does_wrong() {
    for mutant in [
        Mutant::ControlsAccepted,
        Mutant::QuotesProtectSemicolon,
        Mutant::ValueUnquoted,
        Mutant::SecureWithValueIgnored,
        Mutant::AttributesEndAtEmptyOne,
        Mutant::DateNeedsWeekday,
        Mutant::PathPrefixWithoutBoundary,
        Mutant::DomainForeignAccepted,
        Mutant::SuffixListIgnored,
        Mutant::SecureSentOverHttp,
        Mutant::PrefixSecureUnchecked,
        Mutant::OrderOfNewestFirst,
        Mutant::FieldValueUnquoted,
        Mutant::FieldCommaSeparates,
    ] {
        let findings = findings(mutant);
        assert!(!findings.is_empty(), "{mutant}");
        let shown = |finding: &Finding| {
            let like = finding.like.as_ref().map(|like| &like.model);
            format!("{} {like:?} {:?} {:?}", finding.statement(), finding.rule, finding.operation)
        };
        let all = || findings.iter().map(shown).collect::<Vec<_>>().join("\n");
        let causes = Causes::of(&findings);
        assert!(causes.iter().len() <= 2, "{mutant}: {} causes\n{}", causes.iter().len(), all());
        let named = |finding: &&Finding| {
            finding.like.as_ref().is_some_and(|like| like.model == mutant.to_string())
        };
        let count = findings.iter().filter(named).count();
        assert!(count * 2 >= findings.len(), "{mutant}: named in {count}\n{}", all());
        for finding in &findings {
            if let Some(like) = &finding.like {
                assert!(answers_like_the_target(&like.model, finding), "{}", shown(finding));
            }
        }
    }
}
