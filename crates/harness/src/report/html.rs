//! Results as one HTML file that needs nothing else: no network, no server, no script to be read.

mod cases;
mod overview;

use std::fmt::{self, Display};

use cookiespec_vectors::{Profile, Verdict};

use self::cases::Cases;
use self::overview::{Areas, Targets};
use super::Record;
use super::markup::Text;

/// A report for a reader: every target, every case, every answer.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a>(pub &'a Record);

impl Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.0;
        write!(
            f,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>cookiespec survey</title>\n<style>\n{}</style>\n</head>\n\
             <body>\n<main>\n<h1>cookiespec survey</h1>\n\
             <p class=\"faint\">{} cases put to {} targets by cookiespec {}.</p>\n",
            include_str!("html/style.css"),
            report.cases.len(),
            report.targets.len(),
            Text(&report.harness)
        )?;
        Targets(report).fmt(f)?;
        troubles(f, report)?;
        absent(f, report)?;
        filter(f, report)?;
        Areas(report).fmt(f)?;
        Cases(report).fmt(f)?;
        write!(
            f,
            "</main>\n<script>\n{}</script>\n</body>\n</html>\n",
            include_str!("html/filter.js")
        )
    }
}

/// What kept runs from being whole, with everything that was kept of it.
fn troubles(f: &mut fmt::Formatter<'_>, report: &Record) -> fmt::Result {
    for results in &report.targets {
        let Some(trouble) = &results.trouble else { continue };
        let (label, what) = (&results.label, &trouble.what);
        write!(f, "<h2>{} is broken</h2>\n<p>{}</p>\n<pre>", Text(label), Text(what))?;
        for line in trouble.stderr.lines() {
            writeln!(f, "stderr: {}", Text(line))?;
        }
        for message in &trouble.messages {
            writeln!(f, "under way: {}", Text(message))?;
        }
        f.write_str("</pre>\n")?;
    }
    Ok(())
}

fn absent(f: &mut fmt::Formatter<'_>, report: &Record) -> fmt::Result {
    if report.absent.is_empty() {
        return Ok(());
    }
    f.write_str("<h2>Not found on the machine that ran this</h2>\n<ul>\n")?;
    for one in &report.absent {
        writeln!(
            f,
            "<li>{}: <span class=\"faint\">{}</span></li>",
            Text(&one.name),
            Text(&one.why)
        )?;
    }
    f.write_str("</ul>\n")
}

/// The controls, which choose what the parts below show.
fn filter(f: &mut fmt::Formatter<'_>, report: &Record) -> fmt::Result {
    f.write_str(
        "<h2>Results</h2>\n<form class=\"filter\" hidden>\n<label>Profile<select name=\"profile\">",
    )?;
    for (index, profile) in Profile::ALL.iter().enumerate() {
        let selected = if index == 1 { " selected" } else { "" };
        write!(f, "<option value=\"{index}\"{selected}>{profile}</option>")?;
    }
    f.write_str(
        "</select></label>\n<label>Verdict<select name=\"verdict\"><option value=\"\">any</option>",
    )?;
    let failures: String = Verdict::ALL
        .into_iter()
        .filter(|verdict| verdict.is_failure())
        .map(Verdict::letter)
        .collect();
    write!(f, "<option value=\"{failures}\">any failure</option>")?;
    for verdict in Verdict::ALL {
        write!(f, "<option value=\"{}\">{verdict}</option>", verdict.letter())?;
    }
    f.write_str(
        "</select></label>\n<label>Area<select name=\"area\"><option value=\"\">all</option>",
    )?;
    let mut areas: Vec<_> = report.cases.iter().map(|case| case.area()).collect();
    areas.dedup();
    for area in areas {
        write!(f, "<option>{}</option>", Text(area))?;
    }
    f.write_str(
        "</select></label>\n<label>Text<input type=\"search\" name=\"text\" \
         placeholder=\"id, title, octets, answer\"></label>\n<output></output>\n</form>\n",
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
