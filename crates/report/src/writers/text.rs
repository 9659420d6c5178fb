//! Results as text for a terminal or a log. Every line fits the width of the terminal, as
//! [`crate::layout`] describes.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write;

use cookiespec_vectors::{Case, CheckResult, Handshake, Profile, Ratio, Verdict};

use crate::bounds::{KEPT_TEXT, shortened};
use crate::case;
use crate::escaping::{Escaped, last_lines};
use crate::failures::{FailureGroup, failures};
use crate::layout::{command, hanging, wrap};
use crate::model::{Outcome, ProfileResult, Record, TargetReport, Unavailable};
use crate::style::Terminal;
use crate::table::{Align, Column, Keep, Table};
use crate::words;

/// How many lines of a shim's stderr are shown.
const STDERR_LINES: usize = 8;

/// How many of the cases with an equal failure are named.
const NAMED: usize = 8;

/// How many failures, and how many missed recommendations, of one target are shown: more than anybody
/// reads. Other reports have them all.
const LISTED: usize = 500;

/// The indentation of what stands below a failure: two spaces, a label and a space.
const LABELLED: usize = 9;

/// What the short words of the matrix mean.
const KEY: [&str; 2] = [
    "MUST, SHOULD: checks that hold, of those that ran on the target",
    "U unsupported  C crash  H hang  E error: cases; left out where there are none and no space",
];
const FOLLOWS_KEY: &str =
    "follows: cases answered as that profile alone expects, of those on which the two differ";

/// The title of the column with the profile that a target follows.
const FOLLOWS: &str = "follows";

/// The report of `cookiespec run`: failures first, the tally last.
pub fn render(record: &Record, terminal: Terminal) -> String {
    let mut text = Text { terminal, text: String::new() };
    for target in &record.targets {
        for result in &target.results {
            text.result(record, target, result);
        }
        text.error(target);
    }
    text.interruption(record);
    // There is nothing to count where nothing was shown.
    for target in record.targets.iter().filter(|target| !shows_nothing(target)) {
        for result in &target.results {
            let name = terminal.style.bold(Escaped(&target.name));
            let tally = format!("under {}: {}", result.profile, result.tally);
            text.hanging(&format!("{name} "), &tally, 2);
        }
    }
    text.text
}

/// The report as a file: it ends with the line that says what was counted and the exit code, so that one
/// that was cut short is noticed.
pub fn document(record: &Record) -> String {
    let terminal = Terminal::default();
    format!("{}\n{}", render(record, terminal), summary(record, &[], terminal))
}

/// What a run counted and which files it wrote, in one sentence. Several targets and profiles are
/// counted together.
pub fn summary(record: &Record, files: &[String], terminal: Terminal) -> String {
    let (broken, targets): (Vec<_>, Vec<_>) =
        record.targets.iter().partition(|target| shows_nothing(target));
    let results = || targets.iter().flat_map(|target| &target.results);
    let count = |is_counted: &dyn Fn(Verdict) -> bool| -> usize {
        let counted = Verdict::ALL.into_iter().filter(|verdict| is_counted(*verdict));
        counted.map(|verdict| results().map(|it| it.tally.count(verdict)).sum::<usize>()).sum()
    };
    let broken: usize =
        broken.iter().flat_map(|target| &target.results).map(|result| result.tally.total()).sum();
    let expected = results().flat_map(|result| &result.expected).filter(|it| **it).count();
    let is_unknown = |it: Verdict| {
        matches!(it, Verdict::NotApplicable | Verdict::Unsupported | Verdict::Blocked)
    };
    let counts = [
        (count(&|it| matches!(it, Verdict::Pass | Verdict::Info)), "passed"),
        (count(&|it| it == Verdict::Weak), "weak"),
        (count(&Verdict::is_failure), "failed"),
        (expected, "as the baseline says"),
        (broken + count(&Verdict::is_harness_fault), "broken or not run"),
        (count(&is_unknown), "without a result"),
    ];
    // What is always counted stands there even if it is none.
    let counts = counts.into_iter().enumerate().filter(|(at, (count, _))| *at < 3 || *count > 0);
    let counts: Vec<_> = counts.map(|(_, (count, word))| format!("{count} {word}")).collect();
    let (cases, targets) = (record.cases.len(), record.targets.len());
    let profiles = record.profiles();
    let profiles: Vec<_> = profiles.iter().map(|profile| profile.name()).collect();
    let mut line = format!(
        "{} on {} under {}: {}; exit code {}",
        plural(cases, "case"),
        plural(targets, "target"),
        profiles.join(" and "),
        counts.join(", "),
        record.exit as u8
    );
    if let Some(interruption) = record.interruption() {
        line.push_str(&format!("; {interruption}"));
    }
    if !files.is_empty() {
        let files: Vec<_> = files.iter().map(|file| Escaped(file).to_string()).collect();
        line.push_str(&format!("; written: {}", files.join(", ")));
    }
    let mut text = Text { terminal, text: String::new() };
    text.wrap(&line);
    text.text
}

/// The survey: a row per target with how often each profile's requirements hold and which profile
/// it follows. Targets on which no case ran are counted, and what is not installed is summed up by
/// ecosystem.
pub fn survey(record: &Record, terminal: Terminal) -> String {
    let mut text = Text { terminal, text: String::new() };
    let (untested, tested): (Vec<_>, Vec<_>) =
        record.targets.iter().partition(|target| target.is_untested());
    if !tested.is_empty() {
        let mut table = matrix(&tested);
        table.fit(terminal.width);
        text.text.push_str(&table.render(terminal.style));
        text.line("");
        KEY.iter().for_each(|line| text.faint(line));
        if table.has_column(FOLLOWS) {
            text.faint(FOLLOWS_KEY);
        }
    }
    if !untested.is_empty() {
        let count = plural(untested.len(), "target");
        text.line("");
        text.wrap(&format!("left out: {count} on which none of these cases ran"));
    }
    record.targets.iter().for_each(|target| text.error(target));
    text.interruption(record);
    text.unavailable(&record.absent);
    text.text
}

/// Whether the run ended before the handshake, or every answer is an error: the reason for which it is
/// not complete says all there is to say.
fn shows_nothing(target: &TargetReport) -> bool {
    target.error.is_some() && (target.handshake.is_none() || target.errors_only().is_some())
}

fn matrix(targets: &[&TargetReport]) -> Table {
    let mut table = Table::default();
    let mut column = |group, title: &str, align, keep, cell: &dyn Fn(&TargetReport) -> String| {
        // Counts, with titles of one letter, stand close together.
        let gap = if title.len() == 1 { 1 } else { 2 };
        let cells = targets.iter().map(|target| cell(target)).collect();
        table.push(Column { group, title: title.to_owned(), align, keep, gap, cells });
    };
    let handshake =
        |target: &TargetReport, field: &dyn Fn(&Handshake) -> &str| match &target.handshake {
            Some(handshake) => Escaped(field(handshake)).to_string(),
            None => String::new(),
        };

    column("", "target", Align::Left, Keep::Always, &|one| Escaped(&one.name).to_string());
    column("", "version", Align::Left, Keep::IfItFits(3), &|one| {
        handshake(one, &|it| &it.implementation.version)
    });
    column("", "language", Align::Left, Keep::IfItFits(4), &|one| {
        handshake(one, &|it| &it.implementation.language)
    });
    for profile in Profile::ALL {
        let ratio = |one: &TargetReport, pick: &dyn Fn(&ProfileResult) -> String| {
            one.result(profile).map_or_else(|| "-".to_owned(), pick)
        };
        let must = |result: &ProfileResult| dash_if_none(result.tally.must);
        let should = |result: &ProfileResult| dash_if_none(result.tally.should);
        let name = profile.name();
        column(name, "MUST", Align::Right, Keep::Always, &|one| ratio(one, &must));
        column(name, "SHOULD", Align::Right, Keep::Stacked, &|one| ratio(one, &should));
    }
    for (title, verdict) in [
        ("U", Verdict::Unsupported),
        ("C", Verdict::Crash),
        ("H", Verdict::Hang),
        ("E", Verdict::Error),
    ] {
        let is_empty = targets.iter().all(|one| one.most(verdict) == 0);
        let keep = if is_empty { Keep::IfItFits(2) } else { Keep::Always };
        column("", title, Align::Right, keep, &|one| one.most(verdict).to_string());
    }
    column("", FOLLOWS, Align::Left, Keep::IfItFits(1), &follows);
    table
}

fn dash_if_none(ratio: Ratio) -> String {
    if ratio.of == 0 { "-".to_owned() } else { ratio.to_string() }
}

/// The profile a target follows, and on how many of the cases on which the two differ.
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

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// A text as it grows.
struct Text {
    terminal: Terminal,
    text: String,
}

impl Text {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn lines(&mut self, lines: Vec<String>) {
        lines.iter().for_each(|line| self.line(line));
    }

    fn wrap(&mut self, text: &str) {
        self.lines(wrap(text, self.terminal.width));
    }

    fn faint(&mut self, text: &str) {
        for line in wrap(text, self.terminal.width) {
            // Writing to a string cannot fail.
            let _ = writeln!(self.text, "{}", self.terminal.style.faint(line));
        }
    }

    fn bold(&mut self, text: &str) {
        for line in wrap(text, self.terminal.width) {
            let _ = writeln!(self.text, "{}", self.terminal.style.bold(line));
        }
    }

    fn hanging(&mut self, head: &str, text: &str, indent: usize) {
        self.lines(hanging(head, text, indent, self.terminal.width));
    }

    /// A line below a failure: a label and a text.
    fn labelled(&mut self, label: &str, text: &str) {
        self.hanging(&format!("  {label:<6} "), text, LABELLED);
    }

    /// The failures of a target under a profile, then the requirements it should meet and does not.
    fn result(&mut self, record: &Record, target: &TargetReport, result: &ProfileResult) {
        let mut failures = failures(target, result);
        // The error that the run ends with says what all answers are.
        if shows_nothing(target) && failures.len() == 1 {
            failures.clear();
        }
        let judged = result.judgements.iter().enumerate();
        let weak = judged.filter(|(index, one)| {
            one.verdict == Verdict::Weak && !result.is_expected(*index) && !result.is_news(*index)
        });
        let weak: Vec<_> = weak.collect();
        if record.targets.len() > 1 && !(failures.is_empty() && weak.is_empty()) {
            self.bold(&format!("── {} under {} ──", Escaped(&target.name), result.profile));
            self.line("");
        }
        for group in failures.iter().take(LISTED) {
            self.failure(record, target, result, group);
        }
        self.unlisted(failures.len(), "failures");
        for (index, judgement) in weak.iter().take(LISTED).copied() {
            let case = &record.cases[index];
            let word = self.terminal.style.verdict("weak", judgement.verdict);
            self.hanging(&format!("{word} "), &format!("{}  {}", case.id, Escaped(&case.title)), 2);
            for check in judgement.checks.iter().filter(|check| check.verdict == Verdict::Weak) {
                self.difference(case, result.profile, check);
            }
        }
        self.unlisted(weak.len(), "missed recommendations");
    }

    /// How many more there are than are listed.
    fn unlisted(&mut self, count: usize, what: &str) {
        if let Some(more @ 1..) = count.checked_sub(LISTED) {
            self.wrap(&format!("… and {more} more {what}; json, html and events have all"));
            self.line("");
        }
    }

    fn failure(
        &mut self,
        record: &Record,
        target: &TargetReport,
        result: &ProfileResult,
        group: &FailureGroup,
    ) {
        let (index, profile) = (group.first, result.profile);
        let (one, judgement) = (&record.cases[index], &result.judgements[index]);
        let style = self.terminal.style;
        let word = style.verdict(judgement.verdict.name().to_uppercase(), judgement.verdict);
        let head = format!("{word} {}  ", style.bold(&one.id));
        self.hanging(&head, &Escaped(&one.title).to_string(), 2);
        for line in case::citations(one, profile) {
            match line.strip_prefix("  ") {
                // The text of a requirement is indented below the citation.
                Some(clause) => self.hanging(&" ".repeat(LABELLED + 2), clause, LABELLED + 2),
                None => self.labelled("spec", &line),
            }
        }
        if let Some(note) = &judgement.note {
            self.labelled("got", &Escaped(note).to_string());
        }
        if let Some(Outcome::Failure(failure)) = target.outcomes.get(index) {
            for line in last_lines(&failure.stderr, STDERR_LINES) {
                self.labelled("stderr", &line.to_string());
            }
        }
        let is_missed = |verdict: Verdict| verdict.is_failure() || verdict == Verdict::Weak;
        for check in judgement.checks.iter().filter(|check| is_missed(check.verdict)) {
            self.difference(one, profile, check);
        }
        self.equal_failures(record, &group.others);
        let again = case::again(one, profile, target);
        self.lines(command("  again  ", &again, LABELLED, self.terminal.width));
        self.line("");
    }

    /// The cases with the same failure as the one above.
    fn equal_failures(&mut self, record: &Record, others: &[usize]) {
        if others.is_empty() {
            return;
        }
        let named = others.iter().take(NAMED).map(|&index| &*record.cases[index].id);
        let named = named.collect::<Vec<_>>().join(", ");
        let count = plural(others.len(), "other case");
        let rest = if others.len() > NAMED { ", …" } else { "" };
        self.labelled("also", &format!("{count}: {named}{rest}"));
    }

    fn difference(&mut self, case: &Case, profile: Profile, check: &CheckResult) {
        let Some(mismatch) = &check.mismatch else { return };
        let place = words::place(check.at.as_deref(), &mismatch.path);
        if !place.is_empty() {
            self.labelled("at", &place);
        }
        self.labelled("want", &Escaped(&words::want(case, profile, mismatch)).to_string());
        self.labelled("got", &Escaped(&words::got(mismatch)).to_string());
    }

    /// How far a run got that is not complete.
    fn interruption(&mut self, record: &Record) {
        let Some(interruption) = record.interruption() else { return };
        self.line("");
        self.bold(&format!("This report is {interruption}."));
    }

    /// Why the run of a target is not complete.
    fn error(&mut self, target: &TargetReport) {
        let Some(error) = &target.error else { return };
        let word = self.terminal.style.verdict("BROKEN", Verdict::Broken);
        let text = format!("{}: {}", Escaped(&target.label), Escaped(&error.what));
        self.line("");
        self.hanging(&format!("{word} "), &text, 2);
        for line in last_lines(&error.stderr, STDERR_LINES) {
            self.hanging("  stderr: ", &line.to_string(), 4);
        }
        for message in &error.messages {
            let message = shortened(Escaped(message).to_string(), KEPT_TEXT);
            self.hanging("  under way: ", &message, 4);
        }
    }

    /// What is not installed: a line for each ecosystem, with the command that installs it.
    fn unavailable(&mut self, targets: &[Unavailable]) {
        if targets.is_empty() {
            return;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for target in targets {
            *counts.entry(&target.ecosystem).or_default() += 1;
        }
        self.line("");
        for (ecosystem, count) in counts {
            let (ecosystem, count) = (Escaped(ecosystem), plural(count, "target"));
            self.wrap(&format!(
                "not installed: {ecosystem} ({count}) - run shims/setup {ecosystem}"
            ));
        }
        self.faint("cookiespec doctor names what each of them needs");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cookiespec_vectors::reference::Reference;
    use cookiespec_vectors::{Case, Fingerprint, Implementation, Suite, ask};

    use super::*;
    use crate::layout::display_width;
    use crate::model::{Exit, RunError};
    use crate::style::Style;

    const WIDTHS: [usize; 4] = [40, 60, 80, 120];

    fn target(name: &str, outcomes: Vec<Outcome>, cases: &[&Case]) -> TargetReport {
        let about = Reference::new(Profile::Rfc6265).about();
        TargetReport {
            label: name.to_owned(),
            name: name.to_owned(),
            ecosystem: "node".to_owned(),
            selector: format!("{name} 'a b'"),
            handshake: Some(Handshake::new("shim/1", about, 1, 0)),
            error: None,
            outcomes,
            results: Vec::new(),
            fingerprint: Fingerprint::default(),
            baseline: None,
            took: Duration::ZERO,
        }
        .judged(&Profile::ALL, cases)
    }

    /// A target that passes, one with a wide name that fails and broke, one that runs nothing, and
    /// several that are not installed.
    fn record() -> Record {
        let suite = Suite::embedded().unwrap();
        let cases: Vec<_> =
            suite.cases().iter().filter(|case| case.id.starts_with("set-cookie.pair.")).collect();
        let mut reference = Reference::new(Profile::Rfc6265);
        let answers =
            cases.iter().map(|case| Outcome::Answer(ask(&mut reference, case.operation())));
        let answers: Vec<_> = answers.collect();
        let mut wide = answers.clone();
        wide.rotate_left(1);
        let mut wide = target("node:クッキー🍪", wide, &cases);
        wide.error = Some(RunError {
            what: "日本語の説明 is what it wrote before it ended with exit status: 3".to_owned(),
            stderr: "🍪 ".repeat(50),
            messages: vec![r#"{"id":1, "op":"hello"}"#.to_owned()],
        });
        let idle = target("node:idle", vec![Outcome::NotRun; cases.len()], &cases);
        let absent = [("node:a", "node"), ("node:b", "node"), ("ruby:c", "ruby")];
        let absent = absent.map(|(name, ecosystem)| Unavailable {
            name: name.to_owned(),
            ecosystem: ecosystem.to_owned(),
            why: "long".repeat(99),
        });
        let targets = vec![target("node:set-cookie-parser", answers, &cases), wide, idle];
        Record::new(&cases, targets, absent.into(), Exit::Broken)
    }

    /// A line fits, or it is one word.
    fn assert_fits(text: &str, width: usize) {
        for line in text.lines() {
            let line = line.strip_suffix(" \\").unwrap_or(line);
            let line = ["spec", "at", "want", "got", "stderr", "again", "stderr:", "under way:"]
                .iter()
                .find_map(|label| line.trim().strip_prefix(label))
                .filter(|rest| !rest.trim().contains(' '))
                .unwrap_or(line);
            let fits = display_width(line) <= width || !line.trim().contains(' ');
            assert!(fits, "{width}: {line:?}");
        }
    }

    #[test]
    fn reports_fit_terminals_of_any_width() {
        let record = record();
        for colour in [false, true] {
            for width in WIDTHS {
                let terminal = Terminal { style: Style { colour }, width };
                assert_fits(&survey(&record, terminal), width);
                assert_fits(&render(&record, terminal), width);
            }
        }
    }

    #[test]
    fn no_word_is_broken_at_any_width() {
        let words = |text: &str| -> Vec<String> {
            text.split_whitespace().filter(|word| *word != "\\").map(str::to_owned).collect()
        };
        let record = record();
        let unlimited = words(&render(&record, Terminal::default()));
        for width in WIDTHS {
            let terminal = Terminal { width, ..Terminal::default() };
            assert_eq!(words(&render(&record, terminal)), unlimited, "{width}");
        }
    }

    #[test]
    fn a_survey_sums_up_what_did_not_run() {
        let record = record();
        let text = survey(&record, Terminal::default());
        assert!(!text.contains("node:idle"), "{text}");
        assert!(text.contains("\nleft out: 1 target on which none of these cases ran\n"), "{text}");
        assert!(
            text.contains(
                "\nnot installed: node (2 targets) - run shims/setup node\n\
                 not installed: ruby (1 target) - run shims/setup ruby\n"
            ),
            "{text}"
        );
        assert!(!text.contains("longlong"), "{text}");
        let narrow = Terminal { width: 40, ..Terminal::default() };
        let text = survey(&record, narrow);
        assert!(text.contains("\nnode:set-cookie-parser\n  "), "{text}");
    }
}
