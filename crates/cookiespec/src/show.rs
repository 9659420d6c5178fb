//! One case for a reader, and how the reference engine comes to its answer.

use std::fmt::{self, Write};

use anyhow::Result;
use clap::Args;
use cookiespec_harness::Exit;
use cookiespec_harness::report::{Visible, case};
use cookiespec_vectors::reference::{Reference, trace};
use cookiespec_vectors::{Case, Profile, ask};

use crate::choice::SuiteChoice;
use crate::output;
use crate::usage::unknown;

/// Explain a case: what goes in, what each specification expects, and why
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The id of the case, such as jar.lifetime.0001
    case: String,
    #[command(flatten)]
    choice: SuiteChoice,
}

/// Prints the case.
pub(crate) fn show(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.choice.suite()?;
    let Some(case) = suite.find(&arguments.case) else {
        let known = suite.cases().iter().map(|case| &*case.id);
        return Err(unknown("case", &arguments.case, known, "cookiespec list --cases").into());
    };
    output::print(&explained(case)?)?;
    Ok(Exit::Clean)
}

fn explained(case: &Case) -> Result<String, fmt::Error> {
    let mut text = String::new();
    writeln!(text, "{}  {}", case.id, Visible(&case.title))?;
    write!(text, "revision {}, severity {}", case.rev, case.severity)?;
    for (what, words) in [("tags", &case.tags), ("needs", &case.needs)] {
        if !words.is_empty() {
            write!(text, ", {what} {}", Visible(&words.join(" ")))?;
        }
    }
    text.push('\n');
    if !case.why.is_empty() {
        writeln!(text, "\n{}", Visible(&case.why))?;
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

    let mut reference = Reference::new(profile);
    let answer = ask(&mut reference, one.operation());
    section(text, &format!("The reference engine under {profile}"), &case::answer(&answer))?;
    for traced in trace(profile, one.operation()) {
        writeln!(text, "  {}", traced.subject)?;
        for event in traced.events {
            let place = event.step.reference(profile).map(|place| place.to_string());
            writeln!(text, "    {}  ({})", event.step, place.unwrap_or_default())?;
        }
    }
    Ok(())
}

fn section(text: &mut String, title: &str, lines: &[String]) -> fmt::Result {
    writeln!(text, "\n{title}")?;
    lines.iter().try_for_each(|line| writeln!(text, "  {line}"))
}
