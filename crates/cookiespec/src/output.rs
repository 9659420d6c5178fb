//! stdout and stderr. Text from outside is escaped where it is put among other text, so that it cannot
//! end a line; here it is made sure that nothing is written that a terminal or a CI service obeys.

use std::borrow::Cow;
use std::env;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::Result;
use console::Term;
use cookiespec_report::layout::NARROWEST;
use cookiespec_report::{Style, Terminal, is_printable};

/// The width of tables that do not go to a terminal, in columns.
const PIPED_WIDTH: usize = 120;

/// Writes to stdout. That its reader has closed it is no error: what a command finds does not depend
/// on who reads it.
///
/// # Errors
/// stdout cannot be written.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(inert(text, style()).as_bytes());
    match written.and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes to stderr. An error there is ignored: there is nowhere to report it.
pub(crate) fn warn(text: &str) {
    let _ = io::stderr().write_all(inert(text, Style::default()).as_bytes());
}

/// The text without what a terminal or a CI service would obey, apart from line feeds, tabs and, if
/// the style has them, colours.
fn inert(text: &str, style: Style) -> Cow<'_, str> {
    let is_inert = |character| matches!(character, '\n' | '\t') || is_printable(character);
    if text.chars().all(is_inert) {
        return without_commands(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let colour = style.colour.then(|| colour_at_start_of(rest)).flatten();
        let length = colour.map_or(character.len_utf8(), str::len);
        match colour {
            Some(sequence) => safe.push_str(sequence),
            None if is_inert(character) => safe.push(character),
            None => safe.extend(character.escape_debug()),
        }
        rest = &rest[length..];
    }
    Cow::Owned(without_commands(&safe).into_owned())
}

/// The escape sequence at the start of a text, if it is one that sets colours.
fn colour_at_start_of(text: &str) -> Option<&str> {
    let codes = text.strip_prefix("\u{1b}[")?;
    let length = codes.find(|code: char| !code.is_ascii_digit() && code != ';')?;
    codes[length..].starts_with('m').then(|| &text[..length + 3])
}

/// The text with what a CI service would obey in a log written as an escape, which JSON reads as the
/// same character: GitHub's `::command` at the start of a line, and `##[` of GitHub and Azure,
/// `##vso[` and `##teamcity[` anywhere. Text of targets may contain them.
fn without_commands(text: &str) -> Cow<'_, str> {
    let is_command_line = |line: &str| line.trim_start().starts_with("::");
    if !text.contains("##") && !text.lines().any(is_command_line) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        match line.split_once("::").filter(|(blanks, _)| blanks.trim_start().is_empty()) {
            Some((blanks, rest)) => safe.extend([blanks, ":\\u003a", rest]),
            None => safe.push_str(line),
        }
    }
    for name in ["", "vso", "teamcity"] {
        safe = safe.replace(&format!("##{name}["), &format!("#\\u0023{name}["));
    }
    Cow::Owned(safe)
}

/// Colours, if stdout is a terminal that shows them and the environment does not forbid them
/// (`NO_COLOR`).
pub(crate) fn style() -> Style {
    Style { colour: AutoStream::choice(&io::stdout()) != ColorChoice::Never }
}

/// The width of tables and columns: of the terminal, or what `COLUMNS` says.
pub(crate) fn width() -> usize {
    line_width().unwrap_or(PIPED_WIDTH)
}

/// What running text on stdout is laid out for. Its lines are not broken in a pipe, so that they
/// can be searched.
pub(crate) fn terminal() -> Terminal {
    Terminal { style: style(), width: line_width().unwrap_or(usize::MAX) }
}

/// The width of the terminal, or what `COLUMNS` says; `None` if there is neither.
fn line_width() -> Option<usize> {
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let columns = columns.or_else(|| Some(Term::stdout().size_checked()?.1.into()));
    columns.map(|columns: usize| columns.max(NARROWEST))
}

/// Whether both streams are a terminal, so that a progress bar is seen and disturbs no other text.
pub(crate) fn is_watched() -> bool {
    io::stdout().is_terminal() && io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_terminal_finds_a_command() {
        let hostile: String =
            (0..=0xff).map(char::from).chain("\u{202e}\u{2066}\u{feff}".chars()).collect();
        for colour in [false, true] {
            let safe = inert(&hostile, Style { colour });
            assert!(safe.chars().all(|it| matches!(it, '\n' | '\t') || is_printable(it)), "{safe}");
        }
        let painted = "\u{1b}[1;31mFAIL\u{1b}[0m \u{1b}[2J\u{1b}]0;x\u{7}";
        let kept = "\u{1b}[1;31mFAIL\u{1b}[0m \\u{1b}[2J\\u{1b}]0;x\\u{7}";
        assert_eq!(inert(painted, Style { colour: true }), kept);
        assert!(!inert(painted, Style::default()).contains('\u{1b}'));
        assert!(matches!(inert("as it is: ä…\n", Style::default()), Cow::Borrowed(_)));
    }

    #[test]
    fn no_ci_service_finds_a_command() {
        let text =
            "a ::b\n ::error file=x::y\n::stop\n##[error]a ##vso[b ##teamcity[c\n## Title\n###[\n";
        assert_eq!(
            without_commands(text),
            "a ::b\n :\\u003aerror file=x::y\n:\\u003astop\n\
             #\\u0023[error]a #\\u0023vso[b #\\u0023teamcity[c\n## Title\n##\\u0023[\n"
        );
        let json = serde_json::json!({ "a": "##vso[task]" }).to_string();
        let safe = without_commands(&json);
        assert!(!safe.contains("##"), "{safe}");
        let read: serde_json::Value = serde_json::from_str(&safe).unwrap();
        assert_eq!(read["a"], "##vso[task]");
    }
}
