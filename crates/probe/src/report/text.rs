//! Results as text for a terminal or a log: failures first, the tally last.

use std::fmt::{self, Display};

use cookiespec_report::{Escaped, Style};

use super::{tally, whereabouts};
use crate::curl::Curl;
use crate::examination::{CheckResult, Examination};
use crate::profile::Profile;
use crate::verdict::Verdict;

/// What a probe says.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// What is shown.
    pub examination: &'a Examination,
    /// The colours of the terminal.
    pub style: Style,
    /// Whose demands count.
    pub profile: Profile,
    /// Whether every check is listed, and not only what is wrong.
    pub lists_all: bool,
}

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { examination, lists_all, .. } = self;
        let (broken, failed): (Vec<_>, Vec<_>) = examination
            .results
            .iter()
            .filter(|result| result.is_failure() || result.outcome.is_err())
            .partition(|result| result.outcome.is_err());
        for result in failed.iter().chain(&broken) {
            self.trouble(f, result)?;
        }
        let is_listed =
            |result: &&CheckResult| *lists_all || matches!(result.outcome, Ok(Verdict::Fact(_)));
        let rest = examination.results.iter().filter(|it| !it.is_failure() && it.outcome.is_ok());
        for result in rest.filter(is_listed) {
            self.line(f, result)?;
        }
        self.tally(f)
    }
}

impl Text<'_> {
    fn trouble(&self, f: &mut fmt::Formatter<'_>, result: &CheckResult) -> fmt::Result {
        let CheckResult { check, .. } = result;
        let word = self.style.failure(result.name());
        writeln!(f, "{word} {}  {}", self.style.bold(check.id), check.title)?;
        for source in check.sources {
            writeln!(f, "  source {source}")?;
        }
        writeln!(f, "  got    {}", Escaped(&result.note()))?;
        if !self.profile.demands(check) {
            writeln!(f, "  but    {} does not ask for it", self.profile)?;
        }
        // The last requests are those that led to the verdict.
        let last = result.transcript.len().saturating_sub(SHOWN_REQUESTS);
        for exchange in result.transcript.iter().skip(last).filter(|_| result.is_failure()) {
            writeln!(f, "  again  {}", Curl(exchange))?;
        }
        writeln!(f)
    }

    fn line(&self, f: &mut fmt::Formatter<'_>, result: &CheckResult) -> fmt::Result {
        let CheckResult { check, .. } = result;
        let note = result.note();
        writeln!(f, "{:4} {}  {}: {}", result.name(), check.id, check.title, Escaped(&note))
    }

    fn tally(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.style.bold(Escaped(&self.examination.name));
        writeln!(f, "{name} at {}", Escaped(&whereabouts(self.examination)))?;
        writeln!(f, "{}", tally(self.examination))
    }
}

/// How many requests of a failed check are shown as commands.
const SHOWN_REQUESTS: usize = 4;
