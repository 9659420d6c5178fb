//! Results as one HTML page that needs neither network nor scripts.

use std::fmt::{self, Display};

use cookiespec_report::writers::html::page;
use cookiespec_report::{Escaped, shortened};
use maud::{Markup, html};

use super::summary::{location, tally};
use crate::profile::Profile;
use crate::run::{CheckReport, ProbeRun};
use crate::transcript::Curl;
use crate::transcript::Exchange;
use crate::verdict::Verdict;

const STYLE: &str = include_str!("style.css");

/// How many exchanges of a check are shown.
const SHOWN: usize = 12;

/// The most octets of a request or an answer that are shown.
const LONGEST: usize = 6_000;

/// A report for a reader: every check, and the exchanges of those that fail.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What is shown.
    pub run: &'a ProbeRun,
    /// The profile whose requirements count.
    pub profile: Profile,
}

impl Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, profile } = self;
        let name = Escaped(&run.name).to_string();
        let body = html! {
            main {
                h1 { (name) }
                p { (Escaped(&location(run))) }
                p { (tally(run)) ". Profile " b { (profile) } "." }
                (self.section("Could not be examined", |it| it.outcome.is_err()))
                (self.section("Not as it should be", CheckReport::is_failure))
                (self.section("Facts", |it| matches!(it.outcome, Ok(Verdict::Fact(_)))))
                (self.section("As it should be", |it| matches!(it.outcome, Ok(Verdict::Pass(_)))))
                (self.section("Not decided", |it| {
                    matches!(it.outcome, Ok(Verdict::NotApplicable(_)))
                }))
            }
        };
        f.write_str(&page(&format!("{name}: sessions"), STYLE, &body))
    }
}

impl Page<'_> {
    fn section(&self, title: &str, is_in_it: impl Fn(&CheckReport) -> bool) -> Markup {
        let results: Vec<_> = self.run.results.iter().filter(|result| is_in_it(result)).collect();
        html! {
            @if !results.is_empty() {
                h2 { (title) " " small { (results.len()) } }
                @for result in results { (self.check(result)) }
            }
        }
    }

    fn check(&self, result: &CheckReport) -> Markup {
        let CheckReport { check, transcript, omitted, .. } = result;
        let verdict = result.name();
        let sources: Vec<_> = check.sources.iter().map(ToString::to_string).collect();
        let is_shown = (result.is_failure() || result.outcome.is_err()) && !transcript.is_empty();
        html! {
            article class=(verdict.to_ascii_lowercase().replace('/', "")) id=(check.id) {
                h3 {
                    a href={ "#" (check.id) } { (check.id) } " "
                    b { (verdict) } " " (Escaped(check.title))
                }
                p { (Escaped(&result.note())) }
                p class="sources" {
                    (Escaped(&sources.join(" · ")))
                    @if !self.profile.requires(check) { " · not demanded by the profile" }
                }
                @if is_shown { (exchanges(transcript, *omitted)) }
            }
        }
    }
}

fn exchanges(exchanges: &[Exchange], omitted: usize) -> Markup {
    let first = exchanges.len().saturating_sub(SHOWN);
    html! {
        details {
            summary { "Requests and answers, " (exchanges.len() + omitted) " in all" }
            @if first + omitted > 0 { p { "The last " (SHOWN) ":" } }
            @for exchange in &exchanges[first..] {
                p { "Client " (exchange.client) }
                pre class="request" {
                    (Escaped(&shortened(Curl(exchange).to_string(), LONGEST)))
                }
                // The line feeds are ours; those of the application are escaped in `answer`.
                pre { @for line in shortened(answer(exchange), LONGEST).lines() { (Escaped(line)) "\n" } }
            }
        }
    }
}

/// The answer to a request, or the error instead of one.
fn answer(exchange: &Exchange) -> String {
    match (&exchange.answer, &exchange.error) {
        (Some(answer), _) => {
            let fields = answer
                .fields
                .iter()
                .map(|(name, value)| format!("{name}: {}", value.as_slice().escape_ascii()));
            let fields: Vec<_> = fields.collect();
            let body = answer.body.as_slice().escape_ascii();
            format!("{}\n{}\n\n{body}", answer.status, fields.join("\n"))
        }
        (None, Some(error)) => error.clone(),
        (None, None) => String::new(),
    }
}
