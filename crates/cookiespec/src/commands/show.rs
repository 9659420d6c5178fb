//! `show`: one case, and the reference engine's answer and steps.

use std::fmt::{self, Write};

use anyhow::Result;
use clap::Args;
use cookiespec_report::case::{self, Wording};
use cookiespec_report::{Escaped, Exit};
use cookiespec_vectors::{Case, Profile};

use crate::output;
use crate::selection::{SuiteChoice, find_case};
use crate::trace::EngineAnswer;

/// Show a case: what goes in, what each specification expects, and why
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec show jar.lifetime.0001\n  \
    cookiespec list --cases --area date      find the id of a case")]
pub(crate) struct Arguments {
    /// The id of the case, such as jar.lifetime.0001
    case: String,
    #[command(flatten)]
    choice: SuiteChoice,
}

/// Prints the case.
pub(crate) fn show(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.choice.suite()?;
    output::print(&explained(find_case(&suite, &arguments.case)?)?)?;
    Ok(Exit::Clean)
}

fn explained(case: &Case) -> Result<String, fmt::Error> {
    let mut text = String::new();
    writeln!(text, "{}  {}", case.id, Escaped(&case.title))?;
    write!(text, "revision {}, severity {}", case.rev, case.severity)?;
    for (what, words) in [("tags", &case.tags), ("needs", &case.needs)] {
        if !words.is_empty() {
            write!(text, ", {what} {}", Escaped(&words.join(" ")))?;
        }
    }
    text.push('\n');
    if !case.why.is_empty() {
        writeln!(text, "\n{}", Escaped(&case.why))?;
    }
    section(&mut text, "Input", &case::inputs(case))?;
    for profile in Profile::ALL {
        under(&mut text, case, profile)?;
    }
    Ok(text)
}

fn under(text: &mut String, one: &Case, profile: Profile) -> fmt::Result {
    let mut expectations = case::expectations(one, profile);
    if expectations.is_empty() {
        expectations.push("nothing: the case does not apply".to_owned());
    }
    expectations.extend(case::citations(one, profile));
    section(text, &format!("{profile} expects"), &expectations)?;

    let engine = EngineAnswer::new(profile, one.operation());
    let title = format!("The reference engine under {profile}");
    section(text, &title, &case::answer(&engine.answer, Wording::Words))?;
    engine.lines().iter().try_for_each(|line| writeln!(text, "  {line}"))
}

fn section(text: &mut String, title: &str, lines: &[String]) -> fmt::Result {
    writeln!(text, "\n{title}")?;
    lines.iter().try_for_each(|line| writeln!(text, "  {line}"))
}
