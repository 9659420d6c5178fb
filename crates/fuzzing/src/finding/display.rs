//! A finding as text for people.

use std::fmt;
use std::path::PathBuf;

use cookiespec_vectors::show;
use serde_json::{Value, json};

use super::{Finding, TargetAnswer};

/// Shows a finding in a few lines, with everything unprintable escaped.
#[derive(Clone, Debug)]
pub struct FindingDisplay<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Its file, if it has one.
    pub file: Option<PathBuf>,
}

impl fmt::Display for FindingDisplay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { kind, level, target, version, operation, field, difference, rule, .. } =
            self.finding;
        let name = operation.name();
        writeln!(
            f,
            "{} ({level}) {} {}: {name}: {field}: {}",
            kind.name(),
            target.escape_debug(),
            version.escape_debug(),
            difference.escape_debug()
        )?;
        writeln!(f, "  spec   {rule}")?;
        writeln!(f, "           {}", rule.text)?;
        writeln!(f, "  in     {}", show::value(&operation.input()))?;
        if let Some(at) = &self.finding.at {
            writeln!(f, "  at     {}", at.escape_debug())?;
        }
        writeln!(f, "  want   {}", self.finding.want)?;
        writeln!(f, "  got    {}", self.finding.got)?;
        if let Some(profile) = &self.finding.follows {
            writeln!(f, "  note   conforms to {profile}")?;
        }
        if self.finding.flaky {
            writeln!(f, "  note   flaky: not every repetition reproduced it")?;
        }
        self.write_trace(f)?;
        for (targets, answer) in self.answers_by_value() {
            writeln!(f, "  answer {}: {}", targets.join(", ").escape_debug(), show::value(answer))?;
        }
        if let Some(file) = &self.file {
            writeln!(
                f,
                "  replay cookiespec fuzz --replay {}",
                file.display().to_string().escape_debug()
            )?;
        }
        Ok(())
    }
}

impl FindingDisplay<'_> {
    /// The trace, with consecutive entries of the same steps shown once.
    fn write_trace(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for alike in self.finding.trace.chunk_by(|one, next| one.steps == next.steps) {
            writeln!(f, "  trace  {}", show::value(&json!(alike[0].subject)))?;
            for step in &alike[0].steps {
                writeln!(f, "           {step}")?;
            }
            if let [_, rest @ .., last] = alike {
                let last = show::value(&json!(last.subject));
                match rest.len() {
                    0 => writeln!(f, "  trace  {last}, likewise")?,
                    more => writeln!(f, "  trace  {more} more and {last}, likewise")?,
                }
            }
        }
        Ok(())
    }

    /// The answers, each with the targets that gave it.
    fn answers_by_value(&self) -> Vec<(Vec<&str>, &Value)> {
        let mut groups: Vec<(Vec<&str>, &Value)> = Vec::new();
        for TargetAnswer { target, answer, .. } in &self.finding.answers {
            match groups.iter_mut().find(|(_, other)| *other == answer) {
                Some((targets, _)) => targets.push(target),
                None => groups.push((vec![target], answer)),
            }
        }
        groups
    }
}
