//! Colours of the terminal. They repeat what the text says and never say anything by themselves.

use std::fmt::{self, Display};

use cookiespec_vectors::Verdict;

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
    code: Option<&'static str>,
}

impl Style {
    /// What the eye is to find first.
    pub fn bold<T: Display>(self, text: T) -> Painted<T> {
        self.paint(text, "1")
    }

    pub(super) fn faint<T: Display>(self, text: T) -> Painted<T> {
        self.paint(text, "2")
    }

    pub(super) fn verdict<T: Display>(self, text: T, verdict: Verdict) -> Painted<T> {
        match verdict {
            Verdict::Pass => self.paint(text, "32"),
            Verdict::Weak | Verdict::NotRun => self.paint(text, "33"),
            verdict if verdict.is_failure() || verdict.is_harness_fault() => self.failure(text),
            _ => self.faint(text),
        }
    }

    /// What is wrong.
    pub fn failure<T: Display>(self, text: T) -> Painted<T> {
        self.paint(text, "1;31")
    }

    fn paint<T: Display>(self, text: T, code: &'static str) -> Painted<T> {
        Painted { text, code: self.colour.then_some(code) }
    }
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "\x1b[{code}m{}\x1b[0m", self.text),
            None => self.text.fmt(f),
        }
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
