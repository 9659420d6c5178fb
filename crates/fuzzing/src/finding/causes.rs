//! Findings by cause: a list that a person can read.

use std::collections::BTreeSet;
use std::fmt;

use cookiespec_report::Escaped;
use cookiespec_vectors::{Octets, Operation, Severity};

use super::display::{FindingDisplay, write_input};
use super::files::Folder;
use super::identity::Kind;
use super::severity::Impact;
use super::{Finding, SpecReference};
use crate::octet_fields;
use crate::oracles::difference::{IGNORED_AS_WRITTEN, UNGRAMMATICAL};
use crate::oracles::relation;

/// The findings of one cause in one target.
#[derive(Clone, Debug)]
pub struct Cause<'a> {
    /// The worst that one of them comes down to.
    pub impact: Impact,
    /// The findings, the best example first: the worst, then the shortest.
    pub findings: Vec<&'a Finding>,
}

/// The causes of some findings, worst first.
#[derive(Clone, Debug)]
pub struct Causes<'a>(Vec<Cause<'a>>);

impl<'a> Causes<'a> {
    /// Groups findings.
    pub fn of(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut causes: Vec<Cause<'a>> = Vec::new();
        for finding in findings {
            let impact = finding.impact();
            match causes.iter_mut().find(|cause| has_same_cause(cause.findings[0], finding)) {
                Some(cause) => {
                    cause.impact = cause.impact.min(impact);
                    cause.findings.push(finding);
                }
                None => causes.push(Cause { impact, findings: vec![finding] }),
            }
        }
        for cause in &mut causes {
            cause.findings.sort_by_key(|finding| {
                (finding.impact(), finding.level, octet_fields::size(&finding.operation))
            });
        }
        causes.sort_by_key(|cause| (cause.impact, std::cmp::Reverse(cause.findings.len())));
        Self(causes)
    }

    /// The causes, worst first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Cause<'a>> {
        self.0.iter()
    }
}

/// Whether two findings of one target have the same cause, as far as that is known.
fn has_same_cause(one: &Finding, other: &Finding) -> bool {
    if one.target != other.target {
        return false;
    }
    let causes = (cause(one), cause(other));
    // A model may write several parts unchecked.
    let are_of_parts = matches!(causes, (CauseKey::Unchecked(_), CauseKey::Unchecked(_)));
    if !are_of_parts && model_name(one).is_some() && model_name(one) == model_name(other) {
        return true;
    }
    match causes {
        // A model's rule says what is to be done instead, and there may be several of one step.
        (CauseKey::Rule(one), CauseKey::Rule(other)) => {
            let are_of_models = model_name(one).is_some() && model_name(other).is_some();
            let [rule, other] = [one, other].map(|finding| finding.rule.as_ref());
            let place = |rule: &SpecReference| rule.to_string();
            rule.map(|rule| &rule.text) == other.map(|rule| &rule.text)
                || !are_of_models && rule.map(place) == other.map(place)
        }
        // A longer input may have octets that do not matter.
        (
            CauseKey::Octets { operation, impact, octets },
            CauseKey::Octets { operation: other, impact: other_impact, octets: others },
        ) => {
            (operation, impact) == (other, other_impact)
                && (octets.is_subset(&others) || others.is_subset(&octets))
        }
        (one, other) => one == other,
    }
}

/// The name of the model that the target behaves like.
fn model_name(finding: &Finding) -> Option<&str> {
    finding.like.as_ref().map(|like| &*like.model)
}

/// What findings of one cause have in common.
#[derive(PartialEq)]
enum CauseKey<'a> {
    /// The part of a cookie that is written unchecked.
    Unchecked(&'a str),
    /// The rule for user agents that a finding cites.
    Rule(&'a Finding),
    /// The model, where no rule was confirmed.
    Model(&'a str),
    /// Without a rule and a model: what it comes down to, unless that is the loss of some attribute,
    /// and the octets of a minimal input besides letters and digits, whatever they change.
    Octets { operation: &'static str, impact: Option<Impact>, octets: BTreeSet<u8> },
    /// Operation, field and difference, which is the same for all changes of what is written; or only
    /// the message of a failure.
    Class(Kind, &'a str, &'a str, &'a str),
}

fn cause(finding: &Finding) -> CauseKey<'_> {
    let Finding { kind, operation, field, difference, .. } = finding;
    let model = model_name(finding);
    // What is sent and what a script reads are both cookie-strings.
    let field = match (operation, &**field) {
        (Operation::Jar(_), "value") => "header",
        (_, field) => field,
    };
    let class = CauseKey::Class(*kind, operation.name(), field, difference);
    if matches!(kind, Kind::Crash | Kind::Hang | Kind::Error) {
        return CauseKey::Class(*kind, "", "", difference);
    }
    match (operation, &finding.rule) {
        (Operation::FormatSetCookie(_), _) if *kind == Kind::Property => CauseKey::Unchecked(field),
        (Operation::FormatSetCookie(_), Some(_)) if UNCHECKED.contains(&&**difference) => {
            CauseKey::Unchecked(field)
        }
        (Operation::FormatSetCookie(_), _) if relation::NAMES.contains(&&**difference) => {
            CauseKey::Class(*kind, operation.name(), field, "changed")
        }
        (Operation::ParseSetCookie(_) | Operation::Jar(_), Some(_)) => CauseKey::Rule(finding),
        (Operation::ParseSetCookie(_) | Operation::ParseCookie(_) | Operation::Jar(_), None)
            if model.is_none() =>
        {
            let octets = unusual_octets(operation);
            if octets.is_empty() {
                class
            } else {
                let is_loss = |it: &Impact| {
                    matches!(it, Impact::AttributeLost(_) | Impact::ProtectionLost(_))
                };
                let impact = Some(finding.impact()).filter(|impact| !is_loss(impact));
                CauseKey::Octets { operation: operation.name(), impact, octets }
            }
        }
        _ => model.map_or(class, CauseKey::Model),
    }
}

/// The differences in which a part is written that the grammar does not allow, if they cite it.
const UNCHECKED: [&str; 2] = [UNGRAMMATICAL, IGNORED_AS_WRITTEN];

/// The octets of the input, without its URIs, that are neither letters nor digits nor the
/// separators that every input has. A semicolon stands for an empty attribute or pair.
fn unusual_octets(operation: &Operation) -> BTreeSet<u8> {
    let uris = octet_fields::uris(operation);
    let fields = octet_fields::of(operation).into_iter().filter(|field| !uris.contains(field));
    let mut unusual = BTreeSet::new();
    for field in fields.map(Octets::as_slice) {
        let is_unusual = |octet: &&u8| !octet.is_ascii_alphanumeric() && !b"=;/-".contains(octet);
        // Octets from 80 on are parts of characters.
        unusual.extend(field.iter().filter(is_unusual).map(|octet| (*octet).min(0x80)));
        unusual.extend(field.windows(2).find(|pair| pair == b";;").map(|_| b';'));
    }
    unusual
}

/// Shows causes: a summary, then each with its two best examples.
#[derive(Clone, Copy, Debug)]
pub struct CausesDisplay<'a> {
    /// The causes.
    pub causes: &'a Causes<'a>,
    /// The folder of the run, which has the files of the findings.
    pub files: Option<&'a Folder>,
}

impl fmt::Display for CausesDisplay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let causes = &self.causes.0;
        let total: usize = causes.iter().map(|cause| cause.findings.len()).sum();
        let of = |severity: Severity| {
            let is_it = |cause: &&Cause<'_>| cause.impact.severity() == severity;
            (causes.iter().filter(is_it).count(), severity)
        };
        let counts: Vec<_> = Severity::ALL
            .into_iter()
            .rev()
            .map(of)
            .filter(|(count, _)| *count > 0)
            .map(|(count, severity)| format!("{count} {severity}"))
            .collect();
        let counts = counts.join(", ");
        writeln!(f, "{}: {counts}; {}", counted(causes.len(), "cause"), counted(total, "finding"))?;
        for (number, cause) in causes.iter().enumerate() {
            let Cause { impact, findings } = cause;
            writeln!(
                f,
                "\n{}. {}: {}, {}",
                number + 1,
                impact.severity(),
                impact.name(),
                counted(findings.len(), "finding")
            )?;
            let finding = findings[0];
            let file = self.files.map(|folder| folder.finding_file(finding));
            write!(f, "{}", FindingDisplay { finding, file, is_brief: true })?;
            let Some(second) = second_example(findings) else { continue };
            writeln!(f, "  also   {}: {}", second.operation.name(), Escaped(&second.statement()))?;
            write_input(f, "", &second.operation)?;
        }
        Ok(())
    }
}

/// The best of the other examples: of another operation or field, if there is one.
fn second_example<'a>(findings: &[&'a Finding]) -> Option<&'a Finding> {
    let (first, others) = findings.split_first()?;
    let is_other = |finding: &&&Finding| {
        finding.operation.name() != first.operation.name() || finding.field != first.field
    };
    others.iter().find(is_other).or(others.first()).copied()
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A finding about a field, with the rule's section and text if it cites one.
    fn finding(
        operation: serde_json::Value,
        [field, difference]: [&str; 2],
        rule: Option<[&str; 2]>,
        model: Option<&str>,
    ) -> Finding {
        let rule = rule.map(|[section, text]| {
            json!({ "text": text, "document": "rfc6265bis", "section": section, "id": section })
        });
        let like = model
            .map(|model| json!({ "model": model, "behaviour": "wrong", "agreed": 1, "of": 1 }));
        let is_property = difference.contains("injected");
        serde_json::from_value(json!({
            "cookiespec_finding": Finding::VERSION, "id": "x", "level": "must",
            "kind": if is_property { "property" } else { "divergence" },
            "target": "t", "version": "1", "profile": "rfc6265bis", "field": field,
            "difference": difference, "rule": rule, "like": like, "operation": operation,
            "want": "a", "got": "b", "answers": [], "trace": [],
            "found": { "seed": 1, "case": 1 },
        }))
        .unwrap()
    }

    fn parsed(line: &str) -> serde_json::Value {
        json!({ "op": "parse.set-cookie", "in": { "set_cookie": line } })
    }

    fn written(path: &str) -> serde_json::Value {
        let input = json!({ "name": "a", "value": "", "path": path });
        json!({ "op": "format.set-cookie", "in": input })
    }

    fn count(findings: &[Finding]) -> usize {
        Causes::of(findings).iter().len()
    }

    #[test]
    fn rules_in_the_same_words_are_one_cause() {
        let text = "Secure and HttpOnly count whatever their value";
        let (secure, http_only) = (["secure", "not set"], ["http_only", "not set"]);
        let one = finding(parsed("a=;Secure="), secure, Some(["5.6.5", text]), None);
        let other = finding(parsed("a=;HttpOnly="), http_only, Some(["5.6.6", text]), None);
        assert_eq!(count(&[one.clone(), other]), 1);
        // Two models of one step break different rules.
        let model =
            |text, model| finding(parsed("a=;Secure="), secure, Some(["5.6.5", text]), Some(model));
        assert_eq!(count(&[model("one", "m"), model("two", "n")]), 2);
        assert_eq!(count(&[model("one", "m"), one]), 1);
    }

    #[test]
    fn without_a_rule_octets_that_include_those_of_another_input_are_one_cause() {
        let quoted = finding(parsed("a=\"a\""), ["value", "unquoted"], None, None);
        let escaped = finding(parsed("a=\"\\a\""), ["name", "other"], None, None);
        let lost = finding(parsed("a=\"a\""), ["cookie", "refused"], None, None);
        let plain = finding(parsed("a=a"), ["value", "other"], None, None);
        let comma = finding(parsed("a=,a"), ["value", "cut short"], None, None);
        assert_eq!(count(&[quoted.clone(), escaped.clone()]), 1);
        let path = finding(parsed("a=\"a\";Path=/"), ["path", "lost"], None, None);
        let secure = finding(parsed("a=\"a\";Secure"), ["secure", "not set"], None, None);
        assert_eq!(count(&[path.clone(), secure.clone()]), 1);
        assert_eq!(count(&[quoted, escaped, lost, plain, comma, path, secure]), 5);
    }

    #[test]
    fn a_part_that_is_written_unchecked_is_one_cause() {
        let grammar = Some(["4.1.1", "a set-cookie-string follows the grammar"]);
        let injected = finding(written(";a"), ["path", "attribute injected"], grammar, None);
        let control = finding(written("\u{1}"), ["path", IGNORED_AS_WRITTEN], grammar, None);
        let value = finding(written(""), ["value", UNGRAMMATICAL], grammar, None);
        let refused = finding(written(""), ["name", IGNORED_AS_WRITTEN], None, None);
        assert_eq!(count(&[injected.clone(), control.clone()]), 1);
        assert_eq!(count(&[injected, control, value, refused]), 3);
        let like = |part| finding(written(";a"), [part, "attribute injected"], grammar, Some("m"));
        assert_eq!(count(&[like("path"), like("value"), like("path")]), 2);
    }
}
