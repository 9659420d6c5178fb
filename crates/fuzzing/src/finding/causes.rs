//! Findings by cause: a list that a person can read.

use std::fmt;

use cookiespec_vectors::{Severity, show};

use super::Finding;
use super::display::FindingDisplay;
use super::files::Folder;
use super::identity::Kind;
use super::severity::Impact;
use crate::octet_fields;

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

/// Whether two findings of one target have the same model; without a model, whether they are of one
/// class and cite the same rule. What no rule was confirmed for is one cause if the inputs have the
/// same octets besides letters and digits.
fn has_same_cause(one: &Finding, other: &Finding) -> bool {
    if one.target != other.target {
        return false;
    }
    match (&one.like, &other.like) {
        (Some(one), Some(other)) => one.model == other.model,
        (None, None) => {
            let is_failure = matches!(one.kind, Kind::Crash | Kind::Hang | Kind::Error);
            let rule = |finding: &Finding| finding.rule.as_ref().map(|rule| rule.id.clone());
            one.kind == other.kind
                && one.difference == other.difference
                && (is_failure
                    || one.operation.name() == other.operation.name()
                        && one.field == other.field
                        && rule(one) == rule(other))
        }
        _ => false,
    }
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
            writeln!(
                f,
                "  also   {}: {}",
                second.operation.name(),
                second.statement().escape_debug()
            )?;
            writeln!(f, "           {}", show::value(&second.operation.input()))?;
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
