//! Results as one HTML page that needs neither network nor scripts.

use std::fmt::{self, Display};

use cookiespec_report::XmlText;

use super::summary::{location, tally};
use crate::profile::Profile;
use crate::run::{CheckReport, ProbeRun};
use crate::transcript::Curl;
use crate::transcript::Exchange;
use crate::verdict::Verdict;

const STYLE: &str = include_str!("style.css");

/// A report for a reader: every check, and what was said where one fails.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What is shown.
    pub run: &'a ProbeRun,
    /// Whose demands count.
    pub profile: Profile,
}

impl Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, profile } = self;
        let name = XmlText(&run.name);
        write!(
            f,
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{name}: sessions</title>\n<style>\n{STYLE}</style>\n<main>\n<h1>{name}</h1>\n"
        )?;
        writeln!(f, "<p>{}</p>", XmlText(&location(run)))?;
        writeln!(f, "<p>{}. Profile <b>{profile}</b>.</p>", tally(run))?;
        let of = |is_one: fn(&CheckReport) -> bool| {
            run.results.iter().filter(move |result| is_one(result))
        };
        self.section(f, "Could not be outcome", of(|it| it.outcome.is_err()))?;
        self.section(f, "Not as it should be", of(CheckReport::is_failure))?;
        self.section(f, "Facts", of(|it| matches!(it.outcome, Ok(Verdict::Fact(_)))))?;
        self.section(f, "As it should be", of(|it| matches!(it.outcome, Ok(Verdict::Pass(_)))))?;
        let is_unknown = |it: &CheckReport| matches!(it.outcome, Ok(Verdict::NotApplicable(_)));
        self.section(f, "Not decided", of(is_unknown))?;
        f.write_str("</main>\n</html>\n")
    }
}

impl Page<'_> {
    fn section<'a>(
        &self,
        f: &mut fmt::Formatter<'_>,
        title: &str,
        results: impl Iterator<Item = &'a CheckReport>,
    ) -> fmt::Result {
        let results: Vec<_> = results.collect();
        if results.is_empty() {
            return Ok(());
        }
        writeln!(f, "<h2>{title} <small>{}</small></h2>", results.len())?;
        results.into_iter().try_for_each(|result| self.check(f, result))
    }

    fn check(&self, f: &mut fmt::Formatter<'_>, result: &CheckReport) -> fmt::Result {
        let CheckReport { check, transcript, omitted, .. } = result;
        let verdict = result.name();
        let class = verdict.to_ascii_lowercase().replace('/', "");
        let sources: Vec<_> = check.sources.iter().map(ToString::to_string).collect();
        let (id, title, note) = (check.id, XmlText(check.title), result.note());
        writeln!(
            f,
            "<article class=\"{class}\" id=\"{id}\">\n<h3><a href=\"#{id}\">{id}</a> \
             <b>{verdict}</b> {title}</h3>\n<p>{}</p>\n<p class=\"sources\">{}{}</p>",
            XmlText(&note),
            XmlText(&sources.join(" · ")),
            if self.profile.requires(check) { "" } else { " · not demanded by the profile" },
        )?;
        if (result.is_failure() || result.outcome.is_err()) && !transcript.is_empty() {
            self.transcript(f, transcript, *omitted)?;
        }
        f.write_str("</article>\n")
    }

    fn transcript(
        &self,
        f: &mut fmt::Formatter<'_>,
        exchanges: &[Exchange],
        omitted: usize,
    ) -> fmt::Result {
        let count = exchanges.len() + omitted;
        writeln!(f, "<details><summary>What was said, {count} requests in all</summary>")?;
        let first = exchanges.len().saturating_sub(SHOWN);
        if first + omitted > 0 {
            writeln!(f, "<p>The last {SHOWN}:</p>")?;
        }
        for exchange in &exchanges[first..] {
            let curl = Curl(exchange).to_string();
            let answer = match (&exchange.answer, &exchange.error) {
                (Some(answer), _) => {
                    let fields = answer.fields.iter().map(|(name, value)| {
                        format!("{name}: {}", value.as_slice().escape_ascii())
                    });
                    let fields: Vec<_> = fields.collect();
                    let body = answer.body.as_slice().escape_ascii().to_string();
                    format!("{}\n{}\n\n{body}", answer.status, fields.join("\n"))
                }
                (None, Some(error)) => error.clone(),
                (None, None) => String::new(),
            };
            let client = exchange.client;
            write!(f, "<p>Client {client}</p>\n<pre class=\"request\">{}</pre>\n", XmlText(&curl))?;
            f.write_str("<pre>")?;
            // The ends of lines are ours; what the application said was escaped above.
            for line in answer.lines() {
                writeln!(f, "{}", XmlText(line))?;
            }
            f.write_str("</pre>\n")?;
        }
        f.write_str("</details>\n")
    }
}

/// How many exchanges of a check are shown.
const SHOWN: usize = 12;
