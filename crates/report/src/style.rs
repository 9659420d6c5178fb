//! Where text is shown: the width of the terminal and its colours. Colours repeat what the text
//! says and never say anything by themselves.

use std::fmt::{self, Display};

use anstyle::{AnsiColor, Style as Ansi};
use cookiespec_vectors::Verdict;

/// What a text is shown on. The default is a file: no colours, and lines of any length.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Its colours.
    pub style: Style,
    /// Its width in columns.
    pub width: usize,
}

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// ANSI escape sequences are written.
    pub colour: bool,
}

/// A text with the colour it gets, if any.
#[derive(Debug)]
pub struct Painted<T> {
    text: T,
    ansi: Ansi,
}

impl Default for Terminal {
    fn default() -> Self {
        Self { style: Style::default(), width: usize::MAX }
    }
}

impl Style {
    /// What is to be noticed first.
    pub fn bold<T: Display>(self, text: T) -> Painted<T> {
        self.paint(text, Ansi::new().bold())
    }

    pub(crate) fn faint<T: Display>(self, text: T) -> Painted<T> {
        self.paint(text, Ansi::new().dimmed())
    }

    pub(crate) fn verdict<T: Display>(self, text: T, verdict: Verdict) -> Painted<T> {
        match verdict {
            Verdict::Pass => self.paint(text, AnsiColor::Green.on_default()),
            Verdict::Weak | Verdict::NotRun => self.paint(text, AnsiColor::Yellow.on_default()),
            verdict if verdict.is_failure() || verdict.is_harness_fault() => self.failure(text),
            _ => self.faint(text),
        }
    }

    /// What is wrong.
    pub fn failure<T: Display>(self, text: T) -> Painted<T> {
        self.paint(text, AnsiColor::Red.on_default().bold())
    }

    fn paint<T: Display>(self, text: T, ansi: Ansi) -> Painted<T> {
        Painted { text, ansi: if self.colour { ansi } else { Ansi::new() } }
    }
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.ansi)?;
        self.text.fmt(f)?;
        write!(f, "{:#}", self.ansi)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_adds_nothing_but_escape_sequences() {
        let [plain, coloured] = [false, true].map(|colour| {
            let style = Style { colour };
            let verdicts = Verdict::ALL.map(|one| style.verdict(one, one).to_string());
            format!("{} {}", verdicts.join(" "), style.bold("bold"))
        });
        let stripped: String = coloured
            .split('\u{1b}')
            .map(|part| {
                part.split_once('m').filter(|_| part.starts_with('[')).map_or(part, |it| it.1)
            })
            .collect();
        assert_ne!(plain, coloured);
        assert_eq!(plain, stripped);
    }
}
