//! Results as text for a terminal or a log.

use std::cmp::Ordering;
use std::fmt::{self, Display};

use cookiespec_vectors::{CheckResult, Judgement, Profile, Ratio, Verdict, Welcome};

use super::style::Style;
use super::table::{Align, Column, Table};
use super::visible::{Visible, last_lines};
use super::{Report, case};
use crate::results::{Results, Sheet};
use crate::transcript::Heard;

/// How many lines of a shim's stderr are shown.
const STDERR_LINES: usize = 8;

/// What the short words of the matrix mean.
const KEY: &str = "MUST, SHOULD: checks that hold, of those the target could be put to
U unsupported  C crash  H hang  E error: cases; left out where there are none and no room
follows: cases answered as that profile alone expects, of those that tell the two apart";

/// One row per target: how often each profile's requirements hold, and which one it follows.
#[derive(Clone, Copy, Debug)]
pub struct Survey<'a> {
    /// What is shown.
    pub report: Report<'a>,
    /// The width of the terminal in characters.
    pub width: usize,
    /// Its colours.
    pub style: Style,
}

impl Display for Survey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { results, absent, .. } = self.report;
        let mut table = matrix(results);
        table.fit(self.width);
        f.write_str(&table.render(self.style))?;
        writeln!(f, "\n{}", self.style.faint(KEY))?;
        for results in results {
            troubles(f, results, self.style)?;
        }
        if !absent.is_empty() {
            writeln!(f, "\n{}", self.style.bold("Not found on this machine"))?;
        }
        let width = absent.iter().map(|one| one.name.chars().count()).max().unwrap_or(0);
        for one in absent {
            writeln!(f, "  {:<width$}  {}", one.name, Visible(&one.why))?;
        }
        Ok(())
    }
}

fn matrix(results: &[Results]) -> Table {
    let mut table = Table::default();
    let mut column = |group, title: &str, align, expendable, cell: &dyn Fn(&Results) -> String| {
        // Counts, with titles of one letter, stand close together.
        let gap = if title.len() == 1 { 1 } else { 2 };
        let (title, cells) = (title.to_owned(), results.iter().map(cell).collect());
        table.push(Column { group, title, align, expendable, gap, cells });
    };
    let welcome = |results: &Results, field: &dyn Fn(&Welcome) -> &str| match &results.welcome {
        Some(welcome) => Visible(field(welcome)).to_string(),
        None => String::new(),
    };

    column("", "target", Align::Left, 0, &|one| one.target.name.clone());
    column("", "version", Align::Left, 3, &|one| welcome(one, &|it| &it.implementation.version));
    column("", "language", Align::Left, 4, &|one| welcome(one, &|it| &it.implementation.language));
    for profile in Profile::ALL {
        let ratio = |one: &Results, pick: &dyn Fn(&Sheet) -> String| {
            one.sheet(profile).map_or_else(|| "-".to_owned(), pick)
        };
        let must = |sheet: &Sheet| dash_if_none(sheet.tally.must);
        let should = |sheet: &Sheet| dash_if_none(sheet.tally.should);
        column(profile.name(), "MUST", Align::Right, 0, &|one| ratio(one, &must));
        column(profile.name(), "SHOULD", Align::Right, 0, &|one| ratio(one, &should));
    }
    for (title, verdict) in [
        ("U", Verdict::Unsupported),
        ("C", Verdict::Crash),
        ("H", Verdict::Hang),
        ("E", Verdict::Error),
    ] {
        let expendable = if results.iter().all(|one| count(one, verdict) == 0) { 2 } else { 0 };
        column("", title, Align::Right, expendable, &|one| count(one, verdict).to_string());
    }
    column("", "follows", Align::Left, 1, &follows);
    table
}

fn dash_if_none(ratio: Ratio) -> String {
    if ratio.of == 0 { "-".to_owned() } else { ratio.to_string() }
}

/// The number of cases with a verdict, under the profile where there are most.
fn count(results: &Results, verdict: Verdict) -> usize {
    results.sheets.iter().map(|sheet| sheet.tally.count(verdict)).max().unwrap_or(0)
}

/// The profile a target follows, and on how many of the cases that tell.
pub(super) fn follows(results: &Results) -> String {
    let print = &results.fingerprint;
    let [old, new] = Profile::ALL;
    let (name, count) = match print.follows(old).cmp(&print.follows(new)) {
        _ if print.of() == 0 => return "-".to_owned(),
        Ordering::Greater => ("6265", print.follows(old)),
        Ordering::Less => ("bis", print.follows(new)),
        Ordering::Equal => ("either", print.follows(old)),
    };
    format!("{name} {count}/{}", print.of())
}

fn troubles(f: &mut fmt::Formatter<'_>, results: &Results, style: Style) -> fmt::Result {
    let Some(trouble) = &results.trouble else { return Ok(()) };
    let label = results.label();
    writeln!(f, "\n{} {label}: {}", style.verdict("BROKEN", Verdict::Broken), trouble.what)?;
    for line in last_lines(&trouble.stderr, STDERR_LINES) {
        writeln!(f, "  stderr: {line}")?;
    }
    for message in &trouble.messages {
        writeln!(f, "  under way: {}", Visible(message))?;
    }
    Ok(())
}

/// What a gate says: failures first, the tally last.
#[derive(Clone, Copy, Debug)]
pub struct Gate<'a> {
    /// What is shown.
    pub report: Report<'a>,
    /// The colours of the terminal.
    pub style: Style,
}

impl Display for Gate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for results in self.report.results {
            for sheet in &results.sheets {
                self.sheet(f, results, sheet)?;
            }
            troubles(f, results, self.style)?;
        }
        for results in self.report.results {
            for sheet in &results.sheets {
                let name = self.style.bold(&results.target.name);
                writeln!(f, "{name} under {}: {}", sheet.profile, sheet.tally)?;
            }
        }
        Ok(())
    }
}

impl Gate<'_> {
    fn sheet(&self, f: &mut fmt::Formatter<'_>, results: &Results, sheet: &Sheet) -> fmt::Result {
        let judged = || sheet.judgements.iter().enumerate();
        if self.report.results.len() > 1 && sheet.tally.worst() > Some(Verdict::Blocked) {
            let name = &results.target.name;
            let title = format!("── {name} under {} ──", sheet.profile);
            writeln!(f, "{}\n", self.style.bold(title))?;
        }
        for (index, judgement) in judged() {
            // What was not run at all is told once, by the trouble that stopped the target.
            if judgement.verdict.is_failure() || judgement.verdict == Verdict::Broken {
                self.failure(f, results, sheet.profile, index, judgement)?;
            }
        }
        for (index, judgement) in judged().filter(|(_, one)| one.verdict == Verdict::Weak) {
            let case = self.report.cases[index];
            let word = self.style.verdict("weak", judgement.verdict);
            writeln!(f, "{word} {}  {}", case.id, Visible(&case.title))?;
        }
        Ok(())
    }

    fn failure(
        &self,
        f: &mut fmt::Formatter<'_>,
        results: &Results,
        profile: Profile,
        index: usize,
        judgement: &Judgement,
    ) -> fmt::Result {
        let one = self.report.cases[index];
        let word = judgement.verdict.name().to_uppercase();
        writeln!(
            f,
            "{} {}  {}",
            self.style.verdict(word, judgement.verdict),
            self.style.bold(&one.id),
            Visible(&one.title)
        )?;
        for line in case::citations(one, profile) {
            // The text of a requirement is indented below its place.
            let label = if line.starts_with(' ') { "    " } else { "spec" };
            writeln!(f, "  {label}   {line}")?;
        }
        if let Some(note) = &judgement.note {
            writeln!(f, "  got    {}", Visible(note))?;
        }
        if let Some(Heard::Fault(fault)) = results.heard.get(index) {
            for line in last_lines(&fault.stderr, STDERR_LINES) {
                writeln!(f, "  stderr {line}")?;
            }
        }
        for check in judgement.checks.iter().filter(|check| check.verdict.is_failure()) {
            differs(f, check)?;
        }
        let target = results.target.selector();
        writeln!(f, "  again  cookiespec run --profile {profile} --only {} {target}\n", one.id)
    }
}

fn differs(f: &mut fmt::Formatter<'_>, check: &CheckResult) -> fmt::Result {
    let Some(mismatch) = &check.mismatch else { return Ok(()) };
    let place =
        [check.at.as_deref().unwrap_or(""), &mismatch.path].map(|part| Visible(part).to_string());
    let place: Vec<_> = place.into_iter().filter(|part| !part.is_empty()).collect();
    if !place.is_empty() {
        writeln!(f, "  at     {}", place.join(" "))?;
    }
    writeln!(f, "  want   {}\n  got    {}", mismatch.want, mismatch.got)
}
