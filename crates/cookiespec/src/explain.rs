//! Why a target's answer to a case is what it is: the messages, the engine's steps, the difference.

use std::fmt::{self, Write};

use anyhow::Result;
use clap::{Args, ValueEnum};
use cookiespec_harness::report::json::escaped;
use cookiespec_harness::report::{Record, Tested, Visible, case};
use cookiespec_harness::{Exit, Heard};
use cookiespec_vectors::{Case, Profile, Reply, Request, Welcome};
use serde_json::{Value, json};

use crate::choice::{self, SuiteChoice, TargetChoice, Targets};
use crate::run::{self, Manner};
use crate::{output, show, steps};

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
    #[arg(long, value_parser = choice::profile(), value_delimiter = ',')]
    profile: Vec<Profile>,
    /// For people, or for programs
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    suite: SuiteChoice,
    #[command(flatten)]
    manner: Manner,
}

/// How the answer of a command is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs: one JSON document
    Json,
}

/// Prints the explanation.
pub(crate) fn explain(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.suite.suite()?;
    let cases = [show::find(&suite, &arguments.case)?];
    let targets = Targets::locate()?;
    let named = TargetChoice::one(&arguments.target, None);
    let (chosen, _) = named.choose(&targets)?;
    let profiles = choice::or_all(&arguments.profile);
    let jobs: Vec<_> =
        chosen.into_iter().flat_map(|target| choice::jobs(target, &profiles)).collect();
    let results = run::run(&arguments.manner.plan(&targets, &jobs, &cases));
    let exit = results.iter().map(|one| one.exit()).max().unwrap_or(Exit::Usage);
    let record = Record::new(&cases, results, Vec::new(), exit);
    let text = match arguments.format {
        Format::Text => text(&record)?,
        Format::Json => {
            let told: Vec<_> = record.targets.iter().map(|it| document(cases[0], it)).collect();
            let document = json!({ "format": "cookiespec-explain/1", "targets": told });
            format!("{}\n", escaped(&format!("{document:#}")))
        }
    };
    output::print(&text)?;
    Ok(if exit == Exit::Broken { Exit::Broken } else { Exit::Clean })
}

/// The question and the answer as they went over the wire; `None` for what was not asked.
fn messages(case: &Case, target: &Tested) -> (Option<Value>, Option<Value>) {
    let about = target.welcome.as_ref().map(Welcome::about).unwrap_or_default();
    if target.welcome.is_none() || case.missing(&about).is_some() {
        return (None, None);
    }
    let answer = target.answer(0).map(|answer| Reply { id: 1, answer: answer.clone() });
    (Some(json!(Request::new(1, case.operation()))), answer.map(|reply| json!(reply)))
}

fn text(record: &Record) -> Result<String, fmt::Error> {
    let one = &record.cases[0];
    let mut text = format!("{}  {}\n", one.id, Visible(&one.title));
    for target in &record.targets {
        let version = target.welcome.as_ref().map_or("", |it| &it.implementation.version);
        writeln!(text, "\n{} {}", Visible(&target.label), Visible(version))?;
        said(&mut text, one, target)?;
        for sheet in &target.sheets {
            let (profile, judgement) = (sheet.profile, &sheet.judgements[0]);
            writeln!(text, "\n{profile}: {}", judgement.verdict.name().to_uppercase())?;
            let answer = case::answer(&steps::answer(profile, one.operation()));
            let parts = [
                ("spec  ", case::citations(one, profile)),
                ("expect", case::expectations(one, profile)),
                ("differ", case::differences(judgement)),
                ("engine", answer),
                ("steps ", steps::lines(profile, one.operation())),
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

fn said(text: &mut String, one: &Case, target: &Tested) -> fmt::Result {
    let (asked, answered) = messages(one, target);
    if let Some(trouble) = &target.trouble {
        writeln!(text, "  broken: {}", Visible(&trouble.what))?;
    }
    let Some(asked) = asked else {
        return match target.heard.first() {
            Some(Heard::Answer(answer)) => {
                writeln!(text, "  not asked: {}", case::answer(answer).join(" "))
            }
            _ => writeln!(text, "  not asked"),
        };
    };
    writeln!(text, "  → {}", cut(&asked))?;
    match answered {
        Some(answered) => writeln!(text, "  ← {}", cut(&answered)),
        None => {
            let lines = target.heard.first().map(case::heard).unwrap_or_default();
            lines.iter().try_for_each(|line| writeln!(text, "  ← {line}"))
        }
    }
}

/// A message in printable ASCII, and no more of it than a reader wants.
fn cut(message: &Value) -> String {
    let mut text = escaped(&message.to_string());
    let octets = text.len();
    if octets > SHOWN {
        text.truncate(SHOWN);
        text.push_str(&format!("… ({octets} octets)"));
    }
    text
}

fn document(one: &Case, target: &Tested) -> Value {
    let (asked, answered) = messages(one, target);
    let sheets = target.sheets.iter().map(|sheet| {
        let (profile, judgement) = (sheet.profile, &sheet.judgements[0]);
        json!({
            "profile": profile.name(),
            "verdict": judgement.verdict,
            "differences": case::differences(judgement),
            "citations": case::citations(one, profile),
            "engine": steps::document(profile, one.operation()),
        })
    });
    json!({
        "target": target.label,
        "case": one.id,
        "rev": one.rev,
        "asked": asked,
        "answered": answered,
        "heard": target.heard.first().map(case::heard),
        "trouble": target.trouble.as_ref().map(|trouble| &trouble.what),
        "profiles": sheets.collect::<Vec<_>>(),
    })
}
