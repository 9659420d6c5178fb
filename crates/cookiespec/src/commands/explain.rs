//! `explain`: a target's answer to a case, with the messages, the engine's steps and the differences.

use std::ffi::OsString;
use std::fmt::{self, Write};

use anyhow::Result;
use clap::Args;
use cookiespec_report::case::{self, Wording};
use cookiespec_report::{Escaped, Exit, Outcome, Record, TargetReport, ascii_json, exchanges};
use cookiespec_vectors::{Answer, Case, Handshake, Reply, Request, WireLog};
use serde_json::{Value, json};

use crate::execution::ViewOptions;
use crate::format::Format;
use crate::output;
use crate::selection::{self, SuiteChoice, TargetChoice, Targets, find_case};
use crate::trace::EngineAnswer;

/// How much of a message is shown, in octets.
const SHOWN: usize = 4000;

/// Explain a target's answer to a case: messages both ways, the engine's steps, the difference
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec explain set-cookie.pair.0007 --target cookie\n  \
    cookiespec explain jar.secure.0003 --target reqwest --profile rfc6265bis --format json\n  \
    cookiespec explain jar.path.0003 -- ./my-shim\n\n\
    Exit codes: 0 explained, whatever the verdict; 2 usage; 3 the harness or the shim broke.")]
pub(crate) struct Arguments {
    /// The id of the case
    case: String,
    /// The target, by name
    #[arg(long, value_name = "TARGET", required_unless_present = "command")]
    target: Option<String>,
    /// Instead of it: a program that speaks the shim protocol, and its arguments
    #[arg(last = true, value_name = "COMMAND", conflicts_with = "target")]
    command: Vec<OsString>,
    #[command(flatten)]
    suite: SuiteChoice,
    #[command(flatten)]
    view: ViewOptions,
}

/// Prints the explanation.
pub(crate) fn explain(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.suite.suite()?;
    let cases = [find_case(&suite, &arguments.case)?];
    let targets = Targets::locate()?;
    let name = arguments.target.as_slice();
    let (chosen, _) = TargetChoice::of(name, false, &arguments.command).choose(&targets)?;
    let profiles = arguments.view.profiles();
    let jobs: Vec<_> =
        chosen.into_iter().flat_map(|target| selection::jobs(target, &profiles)).collect();
    let record = arguments.view.run(&targets, &jobs, &cases)?;
    let text = match arguments.view.format {
        Format::Text => text(&record)?,
        Format::Json => {
            let targets: Vec<_> = record.targets.iter().map(|it| document(cases[0], it)).collect();
            let document = json!({ "format": "cookiespec-explain/1", "targets": targets });
            format!("{}\n", ascii_json(&format!("{document:#}")))
        }
    };
    output::print(&text)?;
    Ok(record.exit)
}

/// The request and the response as they went over the wire; `None` where nothing was sent.
fn messages(case: &Case, target: &TargetReport) -> (Option<Value>, Option<Reply>) {
    let about = target.handshake.as_ref().map(Handshake::about).unwrap_or_default();
    if target.handshake.is_none() || case.missing(&about).is_some() {
        return (None, None);
    }
    let answer = target.answer(0).map(|answer| Reply { id: 1, answer: answer.clone() });
    (Some(json!(Request::new(1, case.operation()))), answer)
}

fn text(record: &Record) -> Result<String, fmt::Error> {
    let one = &record.cases[0];
    let mut text = format!("{}  {}\n", one.id, Escaped(&one.title));
    for target in &record.targets {
        let version = target.handshake.as_ref().map_or("", |it| &it.implementation.version);
        writeln!(text, "\n{} {}", Escaped(&target.label), Escaped(version))?;
        write_messages(&mut text, one, target)?;
        for result in &target.results {
            let (profile, judgement) = (result.profile, &result.judgements[0]);
            writeln!(text, "\n{profile}: {}", judgement.verdict.name().to_uppercase())?;
            let engine = EngineAnswer::new(profile, one.operation());
            let parts = [
                ("spec  ", case::citations(one, profile)),
                ("expect", case::expectations(one, profile)),
                ("differ", case::differences(one, profile, judgement, Wording::Words)),
                ("engine", case::answer(&engine.answer, Wording::Words)),
                ("steps ", engine.lines()),
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

fn write_messages(text: &mut String, one: &Case, target: &TargetReport) -> fmt::Result {
    let (request, response) = messages(one, target);
    if let Some(error) = &target.error {
        writeln!(text, "  broken: {}", Escaped(&error.what))?;
    }
    let Some(request) = request else {
        return match target.outcomes.first() {
            Some(Outcome::Answer(answer)) => {
                writeln!(text, "  not asked: {}", case::answer(answer, Wording::Words).join(" "))
            }
            _ => writeln!(text, "  not asked"),
        };
    };
    writeln!(text, "  → {}", cut(&request))?;
    match response {
        Some(response) => {
            writeln!(text, "  ← {}", cut(&without_exchanges(response)))?;
            write_exchanges(text, one, target)
        }
        None => {
            let lines = target.outcomes.first().map(|it| case::outcome(it, Wording::Words));
            let lines = lines.unwrap_or_default();
            lines.iter().try_for_each(|line| writeln!(text, "  ← {line}"))
        }
    }
}

/// A response as it is shown: what went over a network is shown below it.
fn without_exchanges(mut response: Reply) -> Value {
    if let Answer::Ok(ok) = &mut response.answer {
        WireLog::take_from(ok);
    }
    json!(response)
}

/// What went over the network, and the first request of it as a command.
fn write_exchanges(text: &mut String, one: &Case, target: &TargetReport) -> fmt::Result {
    let lines = target.answer(0).map(exchanges::lines).unwrap_or_default();
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nrequests and responses")?;
    lines.iter().try_for_each(|line| writeln!(text, "  {line}"))?;
    let Some(command) = exchanges::by_hand(one) else { return Ok(()) };
    writeln!(
        text,
        "\nthe first request by hand, with CA as `cookiespec origins --port 8377` names it"
    )?;
    writeln!(text, "  {command}")
}

/// A message in printable ASCII, cut after [`SHOWN`] octets.
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
    let (request, response) = messages(one, target);
    let profiles = target.results.iter().map(|result| {
        let (profile, judgement) = (result.profile, &result.judgements[0]);
        json!({
            "profile": profile.name(),
            "verdict": judgement.verdict,
            "differences": case::differences(one, profile, judgement, Wording::Values),
            "citations": case::citations(one, profile),
            "engine": EngineAnswer::new(profile, one.operation()).document(),
        })
    });
    json!({
        "target": target.label,
        "case": one.id,
        "rev": one.rev,
        "request": request,
        "response": response,
        "answer": target.outcomes.first().map(|it| case::outcome(it, Wording::Values)),
        "error": target.error.as_ref().map(|error| &error.what),
        "profiles": profiles.collect::<Vec<_>>(),
    })
}
