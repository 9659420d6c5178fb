//! A finding for people.

use std::fmt;
use std::path::PathBuf;

use cookiespec_vectors::show;
use serde_json::{Value, json};

use super::finding::{Finding, Said};

/// A finding in a few lines, with nothing unprintable in them.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Its file, if it has one.
    pub file: Option<PathBuf>,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { kind, level, target, version, operation, field, difference, rule, .. } =
            self.finding;
        let name = operation.name();
        writeln!(
            f,
            "{} ({level}) {target} {version}: {name}: {field}: {}",
            kind.name(),
            difference.escape_debug()
        )?;
        writeln!(f, "  spec   {}", rule.citation())?;
        writeln!(f, "           {}", rule.text)?;
        writeln!(f, "  in     {}", show::value(&operation.input()))?;
        if let Some(at) = &self.finding.at {
            writeln!(f, "  at     {at}")?;
        }
        writeln!(f, "  want   {}", self.finding.want)?;
        writeln!(f, "  got    {}", self.finding.got)?;
        if let Some(profile) = &self.finding.follows {
            writeln!(f, "  note   this is what {profile} says")?;
        }
        if self.finding.flaky {
            writeln!(f, "  note   flaky: asked again, it was not always so")?;
        }
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
        for (others, answer) in self.others() {
            writeln!(f, "  says   {}: {}", others.join(", "), show::value(answer))?;
        }
        if let Some(file) = &self.file {
            writeln!(
                f,
                "  again  cookiespec fuzz --replay {}",
                file.display().to_string().escape_debug()
            )?;
        }
        Ok(())
    }
}

impl Told<'_> {
    /// What everybody said, those that said the same together.
    fn others(&self) -> Vec<(Vec<&str>, &Value)> {
        let mut others: Vec<(Vec<&str>, &Value)> = Vec::new();
        for Said { target, answer, .. } in &self.finding.answers {
            match others.iter_mut().find(|(_, said)| *said == answer) {
                Some((targets, _)) => targets.push(target),
                None => others.push((vec![target], answer)),
            }
        }
        others
    }
}
