//! The report as text for a terminal or a log: failures first, the tally last.

use std::fmt::{self, Display};

use cookiespec_report::{Escaped, Style};

use super::summary::{location, tally};
use crate::profile::Profile;
use crate::run::{CheckReport, ProbeRun};
use crate::transcript::Curl;
use crate::verdict::Verdict;

/// The text report.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The results.
    pub run: &'a ProbeRun,
    /// The colours of the terminal.
    pub style: Style,
    /// The profile whose requirements decide.
    pub profile: Profile,
    /// Whether all checks are listed, and not only failures and facts.
    pub lists_all: bool,
}

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, lists_all, .. } = self;
        let (broken, failed): (Vec<_>, Vec<_>) = run
            .results
            .iter()
            .filter(|result| result.is_failure() || result.outcome.is_err())
            .partition(|result| result.outcome.is_err());
        for result in failed.iter().chain(&broken) {
            self.problem(f, result)?;
        }
        let is_listed =
            |result: &&CheckReport| *lists_all || matches!(result.outcome, Ok(Verdict::Fact(_)));
        let rest = run.results.iter().filter(|it| !it.is_failure() && it.outcome.is_ok());
        for result in rest.filter(is_listed) {
            self.line(f, result)?;
        }
        self.tally(f)
    }
}

impl Text<'_> {
    fn problem(&self, f: &mut fmt::Formatter<'_>, result: &CheckReport) -> fmt::Result {
        let CheckReport { check, .. } = result;
        let word = self.style.failure(result.name());
        writeln!(f, "{word} {}  {}", self.style.bold(check.id), check.title)?;
        for source in check.sources {
            writeln!(f, "  source {source}")?;
        }
        writeln!(f, "  got    {}", Escaped(&result.note()))?;
        if !self.profile.requires(check) {
            writeln!(f, "  but    {} does not require it", self.profile)?;
        }
        // The last requests are those that led to the verdict.
        let last = result.transcript.len().saturating_sub(SHOWN_REQUESTS);
        for exchange in result.transcript.iter().skip(last).filter(|_| result.is_failure()) {
            let command = Curl(exchange).to_string();
            match command.len() <= LONGEST_COMMAND {
                true => writeln!(f, "  again  {command}")?,
                false => writeln!(
                    f,
                    "  again  # a command of {} octets; a report in JSON has the request",
                    command.len()
                )?,
            }
        }
        writeln!(f)
    }

    fn line(&self, f: &mut fmt::Formatter<'_>, result: &CheckReport) -> fmt::Result {
        let CheckReport { check, .. } = result;
        let note = result.note();
        writeln!(f, "{:4} {}  {}: {}", result.name(), check.id, check.title, Escaped(&note))
    }

    fn tally(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.style.bold(Escaped(&self.run.name));
        writeln!(f, "{name} at {}", Escaped(&location(self.run)))?;
        writeln!(f, "{}", tally(self.run))
    }
}

/// How many requests of a failed check are shown as commands.
const SHOWN_REQUESTS: usize = 4;
/// The longest command that is shown, in octets.
const LONGEST_COMMAND: usize = 6_000;
