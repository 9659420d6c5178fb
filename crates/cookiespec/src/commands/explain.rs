//! Why a target's answer to a case is what it is: the messages, the engine's steps, the difference.

use std::fmt::{self, Write};

use anyhow::Result;
use clap::Args;
use cookiespec_report::ascii_json;
use cookiespec_report::{Escaped, Record, TargetReport, case};
use cookiespec_report::{Exit, Outcome};
use cookiespec_vectors::{Case, Handshake, Profile, Reply, Request};
use serde_json::{Value, json};

use crate::execution::{self, RunOptions};
use crate::format::Format;
use crate::selection::{self, SuiteChoice, TargetChoice, Targets, find_case};
use crate::{output, trace};

/// How much of a message is shown, in octets.
const SHOWN: usize = 4000;

/// Explain a target's answer to a case: messages both ways, the engine's steps, the difference
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec explain set-cookie.pair.0007 --target cookie\n  \
    cookiespec explain jar.secure.0003 --target reqwest --profile rfc6265bis --format json\n\n\
    Exit codes: 0 explained, whatever the verdict; 2 usage; 3 the harness or the shim broke.")]
pub(crate) struct Arguments {
    /// The id of the case
    case: String,
    /// The target, by name
    #[arg(long, value_name = "TARGET")]
    target: String,
    /// Only under these profiles [default: all]
    #[arg(long, value_parser = selection::profile(), value_delimiter = ',')]
    profile: Vec<Profile>,
    /// For people, or for programs
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    suite: SuiteChoice,
    #[command(flatten)]
    options: RunOptions,
}

/// Prints the explanation.
pub(crate) fn explain(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.suite.suite()?;
    let cases = [find_case(&suite, &arguments.case)?];
    let targets = Targets::locate()?;
    let named = TargetChoice::one(&arguments.target, None);
    let (chosen, _) = named.choose(&targets)?;
    let profiles = selection::or_all(&arguments.profile);
    let jobs: Vec<_> =
        chosen.into_iter().flat_map(|target| selection::jobs(target, &profiles)).collect();
    let results = execution::run(&arguments.options.plan(&targets, &jobs, &cases));
    let exit = results.iter().map(|one| one.exit()).max().unwrap_or(Exit::Usage);
    let record = Record::new(&cases, results, Vec::new(), exit);
    let text = match arguments.format {
        Format::Text => text(&record)?,
        Format::Json => {
            let told: Vec<_> = record.targets.iter().map(|it| document(cases[0], it)).collect();
            let document = json!({ "format": "cookiespec-explain/1", "targets": told });
            format!("{}\n", ascii_json(&format!("{document:#}")))
        }
    };
    output::print(&text)?;
    Ok(if exit == Exit::Broken { Exit::Broken } else { Exit::Clean })
}

/// The question and the answer as they went over the wire; `None` for what was not asked.
fn messages(case: &Case, target: &TargetReport) -> (Option<Value>, Option<Value>) {
    let about = target.handshake.as_ref().map(Handshake::about).unwrap_or_default();
    if target.handshake.is_none() || case.missing(&about).is_some() {
        return (None, None);
    }
    let answer = target.answer(0).map(|answer| Reply { id: 1, answer: answer.clone() });
    (Some(json!(Request::new(1, case.operation()))), answer.map(|reply| json!(reply)))
}

fn text(record: &Record) -> Result<String, fmt::Error> {
    let one = &record.cases[0];
    let mut text = format!("{}  {}\n", one.id, Escaped(&one.title));
    for target in &record.targets {
        let version = target.handshake.as_ref().map_or("", |it| &it.implementation.version);
        writeln!(text, "\n{} {}", Escaped(&target.label), Escaped(version))?;
        said(&mut text, one, target)?;
        for sheet in &target.results {
            let (profile, judgement) = (sheet.profile, &sheet.judgements[0]);
            writeln!(text, "\n{profile}: {}", judgement.verdict.name().to_uppercase())?;
            let answer = case::answer(&trace::answer(profile, one.operation()));
            let parts = [
                ("spec  ", case::citations(one, profile)),
                ("expect", case::expectations(one, profile)),
                ("differ", case::differences(judgement)),
                ("engine", answer),
                ("steps ", trace::lines(profile, one.operation())),
            ];
            for (label, lines) in parts {
                for (index, line) in lines.iter().enumerate() {
                    writeln!(text, "  {}  {line}", if index == 0 { label } else { "      " })?;
                }
            }
        }
    }
    Ok(text)
}

fn said(text: &mut String, one: &Case, target: &TargetReport) -> fmt::Result {
    let (asked, answered) = messages(one, target);
    if let Some(trouble) = &target.error {
        writeln!(text, "  broken: {}", Escaped(&trouble.what))?;
    }
    let Some(asked) = asked else {
        return match target.outcomes.first() {
            Some(Outcome::Answer(answer)) => {
                writeln!(text, "  not asked: {}", case::answer(answer).join(" "))
            }
            _ => writeln!(text, "  not asked"),
        };
    };
    writeln!(text, "  → {}", cut(&asked))?;
    match answered {
        Some(answered) => writeln!(text, "  ← {}", cut(&answered)),
        None => {
            let lines = target.outcomes.first().map(case::outcome).unwrap_or_default();
            lines.iter().try_for_each(|line| writeln!(text, "  ← {line}"))
        }
    }
}

/// A message in printable ASCII, and no more of it than a reader wants.
fn cut(message: &Value) -> String {
    let mut text = ascii_json(&message.to_string());
    let octets = text.len();
    if octets > SHOWN {
        text.truncate(SHOWN);
        text.push_str(&format!("… ({octets} octets)"));
    }
    text
}

fn document(one: &Case, target: &TargetReport) -> Value {
    let (asked, answered) = messages(one, target);
    let sheets = target.results.iter().map(|sheet| {
        let (profile, judgement) = (sheet.profile, &sheet.judgements[0]);
        json!({
            "profile": profile.name(),
            "verdict": judgement.verdict,
            "differences": case::differences(judgement),
            "citations": case::citations(one, profile),
            "engine": trace::document(profile, one.operation()),
        })
    });
    json!({
        "target": target.label,
        "case": one.id,
        "rev": one.rev,
        "asked": asked,
        "answered": answered,
        "heard": target.outcomes.first().map(case::outcome),
        "trouble": target.error.as_ref().map(|trouble| &trouble.what),
        "profiles": sheets.collect::<Vec<_>>(),
    })
}
