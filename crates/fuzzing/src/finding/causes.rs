//! Findings by cause: a list that a person can read.

use std::collections::BTreeSet;
use std::fmt;

use cookiespec_report::Escaped;
use cookiespec_vectors::{Octets, Operation, Severity};

use super::Finding;
use super::display::{FindingDisplay, write_input};
use super::files::Folder;
use super::identity::Kind;
use super::severity::Impact;
use crate::octet_fields;
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
    let model = |finding: &Finding| finding.like.as_ref().map(|like| like.model.clone());
    if model(one).is_some() && model(one) == model(other) {
        return true;
    }
    match (cause(one), cause(other)) {
        // A model's rule says what is to be done instead, and there may be several of one step.
        (CauseKey::Rule(one, Some(text)), CauseKey::Rule(other, Some(other_text))) => {
            one == other && text == other_text
        }
        (CauseKey::Rule(one, _), CauseKey::Rule(other, _)) => one == other,
        (one, other) => one == other,
    }
}

/// What findings of one cause have in common.
#[derive(PartialEq)]
enum CauseKey<'a> {
    /// The part of a cookie that is written unchecked.
    Injection(&'a str),
    /// The rule for user agents, and its text if a model breaks it.
    Rule(String, Option<&'a str>),
    /// The model, where no rule was confirmed.
    Model(&'a str),
    /// Without a rule and a model: operation, field, what it comes down to, and the octets of a
    /// minimal input besides letters and digits.
    Octets(&'static str, &'a str, Impact, BTreeSet<u8>),
    /// Operation, field and difference, which is the same for all changes of what is written; or only
    /// the message of a failure.
    Class(Kind, &'a str, &'a str, &'a str),
}

fn cause(finding: &Finding) -> CauseKey<'_> {
    let Finding { kind, operation, field, difference, .. } = finding;
    let model = finding.like.as_ref().map(|like| &like.model[..]);
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
        (Operation::FormatSetCookie(_), _) if *kind == Kind::Property => CauseKey::Injection(field),
        (Operation::FormatSetCookie(_), _) if relation::NAMES.contains(&&**difference) => {
            CauseKey::Class(*kind, operation.name(), field, "changed")
        }
        (Operation::ParseSetCookie(_) | Operation::Jar(_), Some(rule)) => {
            CauseKey::Rule(rule.to_string(), model.map(|_| &*rule.text))
        }
        (Operation::ParseSetCookie(_) | Operation::ParseCookie(_) | Operation::Jar(_), None)
            if model.is_none() =>
        {
            let octets = unusual_octets(operation);
            if octets.is_empty() {
                class
            } else {
                CauseKey::Octets(operation.name(), field, finding.impact(), octets)
            }
        }
        _ => model.map_or(class, CauseKey::Model),
    }
}

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
