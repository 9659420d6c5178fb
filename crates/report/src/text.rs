//! Results as text for a terminal or a log.

use std::cmp::Ordering;
use std::fmt::{self, Display};

use cookiespec_vectors::{CheckResult, Handshake, Judgement, Profile, Ratio, Verdict};

use super::style::Style;
use super::table::{Align, Column, Table};
use super::{Record, TargetReport, case};
use crate::escaping::{Escaped, last_lines};
use crate::outcome::Outcome;
use crate::record::ProfileResult;

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
    pub record: &'a Record,
    /// The width of the terminal in characters.
    pub width: usize,
    /// Its colours.
    pub style: Style,
}

impl Display for Survey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Record { targets, absent, .. } = self.record;
        let mut table = matrix(targets);
        table.fit(self.width);
        f.write_str(&table.render(self.style))?;
        writeln!(f, "\n{}", self.style.faint(KEY))?;
        for target in targets {
            troubles(f, target, self.style)?;
        }
        if !absent.is_empty() {
            writeln!(f, "\n{}", self.style.bold("Not found on this machine"))?;
        }
        let width = absent.iter().map(|one| one.name.chars().count()).max().unwrap_or(0);
        for one in absent {
            writeln!(f, "  {:<width$}  {}", one.name, Escaped(&one.why))?;
        }
        Ok(())
    }
}

fn matrix(targets: &[TargetReport]) -> Table {
    let mut table = Table::default();
    let mut column =
        |group, title: &str, align, expendable, cell: &dyn Fn(&TargetReport) -> String| {
            // Counts, with titles of one letter, stand close together.
            let gap = if title.len() == 1 { 1 } else { 2 };
            let (title, cells) = (title.to_owned(), targets.iter().map(cell).collect());
            table.push(Column { group, title, align, expendable, gap, cells });
        };
    let handshake =
        |target: &TargetReport, field: &dyn Fn(&Handshake) -> &str| match &target.handshake {
            Some(handshake) => Escaped(field(handshake)).to_string(),
            None => String::new(),
        };

    column("", "target", Align::Left, 0, &|one| Escaped(&one.name).to_string());
    column("", "version", Align::Left, 3, &|one| handshake(one, &|it| &it.implementation.version));
    column("", "language", Align::Left, 4, &|one| {
        handshake(one, &|it| &it.implementation.language)
    });
    for profile in Profile::ALL {
        let ratio = |one: &TargetReport, pick: &dyn Fn(&ProfileResult) -> String| {
            one.result(profile).map_or_else(|| "-".to_owned(), pick)
        };
        let must = |sheet: &ProfileResult| dash_if_none(sheet.tally.must);
        let should = |sheet: &ProfileResult| dash_if_none(sheet.tally.should);
        column(profile.name(), "MUST", Align::Right, 0, &|one| ratio(one, &must));
        column(profile.name(), "SHOULD", Align::Right, 0, &|one| ratio(one, &should));
    }
    for (title, verdict) in [
        ("U", Verdict::Unsupported),
        ("C", Verdict::Crash),
        ("H", Verdict::Hang),
        ("E", Verdict::Error),
    ] {
        let expendable = if targets.iter().all(|one| one.most(verdict) == 0) { 2 } else { 0 };
        column("", title, Align::Right, expendable, &|one| one.most(verdict).to_string());
    }
    column("", "follows", Align::Left, 1, &follows);
    table
}

fn dash_if_none(ratio: Ratio) -> String {
    if ratio.of == 0 { "-".to_owned() } else { ratio.to_string() }
}

/// The profile a target follows, and on how many of the cases that tell.
pub(super) fn follows(target: &TargetReport) -> String {
    let print = &target.fingerprint;
    let [old, new] = Profile::ALL;
    let (name, count) = match print.follows(old).cmp(&print.follows(new)) {
        _ if print.of() == 0 => return "-".to_owned(),
        Ordering::Greater => ("6265", print.follows(old)),
        Ordering::Less => ("bis", print.follows(new)),
        Ordering::Equal => ("either", print.follows(old)),
    };
    format!("{name} {count}/{}", print.of())
}

fn troubles(f: &mut fmt::Formatter<'_>, target: &TargetReport, style: Style) -> fmt::Result {
    let Some(trouble) = &target.error else { return Ok(()) };
    let label = Escaped(&target.label);
    writeln!(
        f,
        "\n{} {label}: {}",
        style.verdict("BROKEN", Verdict::Broken),
        Escaped(&trouble.what)
    )?;
    for line in last_lines(&trouble.stderr, STDERR_LINES) {
        writeln!(f, "  stderr: {line}")?;
    }
    for message in &trouble.messages {
        writeln!(f, "  under way: {}", Escaped(message))?;
    }
    Ok(())
}

/// What a gate says: failures first, the tally last.
#[derive(Clone, Copy, Debug)]
pub struct Gate<'a> {
    /// What is shown.
    pub record: &'a Record,
    /// The colours of the terminal.
    pub style: Style,
}

impl Display for Gate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for target in &self.record.targets {
            for sheet in &target.results {
                self.sheet(f, target, sheet)?;
            }
            troubles(f, target, self.style)?;
        }
        for target in &self.record.targets {
            for sheet in &target.results {
                let name = self.style.bold(Escaped(&target.name));
                writeln!(f, "{name} under {}: {}", sheet.profile, sheet.tally)?;
            }
        }
        Ok(())
    }
}

impl Gate<'_> {
    fn sheet(
        &self,
        f: &mut fmt::Formatter<'_>,
        target: &TargetReport,
        sheet: &ProfileResult,
    ) -> fmt::Result {
        let judged = || sheet.judgements.iter().enumerate();
        // What was not run at all is told once, by the trouble that stopped the target.
        let is_told =
            |index| sheet.is_news(index) || sheet.judgements[index].verdict == Verdict::Broken;
        let is_listed =
            |(index, one): (usize, &Judgement)| is_told(index) || one.verdict == Verdict::Weak;
        if self.record.targets.len() > 1 && judged().any(is_listed) {
            let name = Escaped(&target.name);
            let title = format!("── {name} under {} ──", sheet.profile);
            writeln!(f, "{}\n", self.style.bold(title))?;
        }
        for (index, judgement) in judged() {
            if is_told(index) {
                self.failure(f, target, sheet.profile, index, judgement)?;
            }
        }
        for (index, judgement) in judged().filter(|(_, one)| one.verdict == Verdict::Weak) {
            let case = &self.record.cases[index];
            let word = self.style.verdict("weak", judgement.verdict);
            writeln!(f, "{word} {}  {}", case.id, Escaped(&case.title))?;
        }
        Ok(())
    }

    fn failure(
        &self,
        f: &mut fmt::Formatter<'_>,
        target: &TargetReport,
        profile: Profile,
        index: usize,
        judgement: &Judgement,
    ) -> fmt::Result {
        let one = &self.record.cases[index];
        let word = judgement.verdict.name().to_uppercase();
        writeln!(
            f,
            "{} {}  {}",
            self.style.verdict(word, judgement.verdict),
            self.style.bold(&one.id),
            Escaped(&one.title)
        )?;
        for line in case::citations(one, profile) {
            // The text of a requirement is indented below its place.
            let label = if line.starts_with(' ') { "    " } else { "spec" };
            writeln!(f, "  {label}   {line}")?;
        }
        if let Some(note) = &judgement.note {
            writeln!(f, "  got    {}", Escaped(note))?;
        }
        if let Some(Outcome::Failure(fault)) = target.outcomes.get(index) {
            for line in last_lines(&fault.stderr, STDERR_LINES) {
                writeln!(f, "  stderr {line}")?;
            }
        }
        for check in judgement.checks.iter().filter(|check| check.verdict.is_failure()) {
            differs(f, check)?;
        }
        writeln!(f, "  again  {}\n", case::again(one, profile, target))
    }
}

fn differs(f: &mut fmt::Formatter<'_>, check: &CheckResult) -> fmt::Result {
    let Some(mismatch) = &check.mismatch else { return Ok(()) };
    let place = case::place(check.at.as_deref(), &mismatch.path);
    if !place.is_empty() {
        writeln!(f, "  at     {place}")?;
    }
    writeln!(f, "  want   {}\n  got    {}", Escaped(&mismatch.want), Escaped(&mismatch.got))
}
