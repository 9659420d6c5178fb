//! Results as one HTML file that needs nothing else: no network, no server. Without scripts it
//! shows the summary; with them, the matrix of cases and targets and a page for each case.

mod data;
mod overview;

use std::fmt::{self, Display};

use cookiespec_vectors::Verdict;

use self::overview::{Areas, Targets};
use super::Record;
use crate::escaping::XmlText;

/// The page without what comes from the run. `{{name}}` stands where that goes.
const TEMPLATE: &str = include_str!("template.html");
const STYLE: &str = include_str!("style.css");
const SCRIPTS: [&str; 4] = [
    include_str!("state.js"),
    include_str!("matrix.js"),
    include_str!("case.js"),
    include_str!("main.js"),
];

const PERFORMANCE: &str = include_str!("performance.svg");

/// A report for a reader: every target, every case, every answer.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a>(pub &'a Record);

impl Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = TEMPLATE.split("{{");
        f.write_str(parts.next().unwrap_or_default())?;
        for part in parts {
            let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
            self.fill(f, name)?;
            f.write_str(rest)?;
        }
        Ok(())
    }
}

impl Page<'_> {
    /// Writes what stands for `{{name}}`.
    fn fill(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        let record = self.0;
        match name {
            "style" => f.write_str(STYLE),
            "scripts" => SCRIPTS.iter().try_for_each(|script| f.write_str(script)),
            "data" => f.write_str(&data::render(record)),
            "cases" => write!(f, "{}", record.cases.len()),
            "targets" => write!(f, "{}", record.targets.len()),
            "harness" => XmlText(&record.harness).fmt(f),
            "key" => key(f),
            "overview" => Targets(record).fmt(f),
            "areas" => Areas(record).fmt(f),
            "troubles" => troubles(f, record),
            "absent" => absent(f, record),
            "performance" => performance(f, record),
            _ => Err(fmt::Error),
        }
    }
}

/// What the letters mean.
fn key(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    Verdict::ALL.into_iter().try_for_each(|verdict| {
        let (class, letter) = (class(verdict), verdict.letter());
        write!(f, "<li><b class=\"{class}\">{letter}</b> {verdict}</li>")
    })
}

/// What kept runs from being whole, with everything that was kept of it.
fn troubles(f: &mut fmt::Formatter<'_>, record: &Record) -> fmt::Result {
    for target in &record.targets {
        let Some(trouble) = &target.error else { continue };
        let (label, what) = (XmlText(&target.label), XmlText(&trouble.what));
        write!(f, "<h2>{label} is broken</h2>\n<p>{what}</p>\n<pre>")?;
        for line in trouble.stderr.lines() {
            writeln!(f, "stderr: {}", XmlText(line))?;
        }
        for message in &trouble.messages {
            writeln!(f, "under way: {}", XmlText(message))?;
        }
        f.write_str("</pre>\n")?;
    }
    Ok(())
}

fn absent(f: &mut fmt::Formatter<'_>, record: &Record) -> fmt::Result {
    if record.absent.is_empty() {
        return Ok(());
    }
    f.write_str("<h2 id=\"absent\">Not found on the machine that ran this</h2>\n<ul>\n")?;
    for one in &record.absent {
        let (name, why) = (XmlText(&one.name), XmlText(&one.why));
        writeln!(f, "<li>{name}: <span class=\"faint\">{why}</span></li>")?;
    }
    f.write_str("</ul>\n")
}

/// How fast the reference engine is, where it is among the targets.
fn performance(f: &mut fmt::Formatter<'_>, record: &Record) -> fmt::Result {
    if !record.targets.iter().any(|target| target.name == "reference") {
        return Ok(());
    }
    writeln!(
        f,
        "<section id=\"performance\" aria-labelledby=\"performance-title\">\n\
         <h2 id=\"performance-title\">The reference engine beside its peers</h2>\n\
         <p class=\"faint\">Ratios in one run, measured when this version was made and not in this \
         one.</p>\n<div class=\"scroll\">{PERFORMANCE}</div></section>"
    )
}

/// The class that colours a verdict.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "good",
        Verdict::Weak => "weak",
        verdict if verdict.is_failure() || verdict.is_harness_fault() => "bad",
        _ => "none",
    }
}
