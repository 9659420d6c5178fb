//! Results as SARIF 2.1.0, for code scanning: a rule per requirement, a result per failing case.

use std::collections::BTreeMap;

use cookiespec_vectors::{Case, Catalogue, DOCUMENTS, Profile, Verdict};
use serde_json::{Value, json};

use crate::case::{self, Wording};
use crate::escaping::{Escaped, ascii_json};
use crate::model::{Exit, ProfileResult, Record, TargetReport};

/// How many results a run may have: code scanning refuses more.
const MAX_RESULTS: usize = 25_000;

/// The document, in printable ASCII.
pub fn render(record: &Record) -> String {
    let mut rules = Rules::default();
    let mut results = Vec::new();
    for target in &record.targets {
        for judged in &target.results {
            for index in 0..judged.judgements.len() {
                if judged.is_news(index) {
                    let case = &record.cases[index];
                    results.push(result(&mut rules, case, index, target, judged));
                }
            }
        }
    }
    let left_out = results.len().saturating_sub(MAX_RESULTS);
    results.truncate(MAX_RESULTS);
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cookiespec",
                "version": record.harness,
                "rules": rules.list
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": record.exit < Exit::Broken,
                "exitCode": record.exit as u8,
                "toolExecutionNotifications": notifications(record, left_out)
            }],
            "results": results
        }]
    });
    let mut text = ascii_json(&serde_json::to_string_pretty(&document).unwrap_or_default());
    text.push('\n');
    text
}

/// Why runs are not complete, and how many results were left out.
fn notifications(record: &Record, left_out: usize) -> Vec<Value> {
    let errors = record.targets.iter().filter_map(|target| {
        let error = target.error.as_ref()?;
        Some(format!("{}: {}", Escaped(&target.label), Escaped(&error.what)))
    });
    let interruption = record.interruption().map(|it| it.to_string());
    let texts = interruption.into_iter().chain(errors);
    let errors = texts.map(|text| json!({ "level": "error", "message": { "text": text } }));
    let text = format!("{left_out} more results are left out; json, html and events have all");
    let note = json!({ "level": "warning", "message": { "text": text } });
    errors.chain((left_out > 0).then_some(note)).collect()
}

/// The rules that are cited so far, and the index of each in the list.
#[derive(Default)]
struct Rules {
    list: Vec<Value>,
    places: BTreeMap<String, usize>,
}

impl Rules {
    /// The id and index of the rule a case is about: the first requirement it cites for the profile,
    /// or the case itself if it cites none.
    fn place(&mut self, case: &Case, profile: Profile) -> (String, usize) {
        let cited = case.spec.iter().find(|citation| citation.concerns(profile));
        let id = cited.map_or_else(|| case.id.clone(), |citation| citation.req.clone());
        let next = self.list.len();
        let place = *self.places.entry(id.clone()).or_insert(next);
        if place == next {
            self.list.push(rule(&id, case));
        }
        (id, place)
    }
}

fn rule(id: &str, case: &Case) -> Value {
    let requirement = Catalogue::embedded().find(id);
    let texts = DOCUMENTS.iter().filter_map(|document| {
        let clause = requirement?.clause_in(document)?;
        let (sec, level, text) = (&clause.sec, &clause.level, &clause.text);
        Some(format!("{document} section {sec} ({level}): {text}"))
    });
    let texts: Vec<_> = texts.collect();
    let text = if texts.is_empty() { Escaped(&case.title).to_string() } else { texts.join("\n") };
    let short = texts.first().cloned().unwrap_or_else(|| text.clone());
    json!({
        "id": id,
        "shortDescription": { "text": short },
        "fullDescription": { "text": text },
        "defaultConfiguration": { "level": "error" }
    })
}

fn result(
    rules: &mut Rules,
    one: &Case,
    index: usize,
    target: &TargetReport,
    judged: &ProfileResult,
) -> Value {
    let (rule, place) = rules.place(one, judged.profile);
    let judgement = &judged.judgements[index];
    let (label, profile) = (Escaped(&target.label).to_string(), judged.profile);
    let mut lines = vec![format!(
        "{label} under {profile}: {} {}: {}",
        judgement.verdict,
        one.id,
        Escaped(&one.title)
    )];
    lines.extend(case::differences(one, profile, judgement, Wording::Words));
    lines.push(format!("again: {}", case::again(one, profile, target)));
    json!({
        "ruleId": rule,
        "ruleIndex": place,
        "level": if judgement.verdict == Verdict::Weak { "warning" } else { "error" },
        "message": { "text": lines.join("\n") },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": format!("corpus/vectors/{}.json", one.area()) },
                "region": { "startLine": 1 }
            },
            "logicalLocations": [{
                "name": one.id,
                "fullyQualifiedName": format!("{label}/{profile}/{}", one.id)
            }]
        }],
        "partialFingerprints": {
            "cookiespecCase/v1": format!("{label}/{profile}/{}/{}", one.id, one.rev)
        },
        "properties": { "severity": one.severity, "verdict": judgement.verdict }
    })
}
