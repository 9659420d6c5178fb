//! `diff`: the cases that two targets answer differently, with the engine's answers.

use std::ffi::OsString;
use std::fmt::{self, Write};

use anyhow::Result;
use clap::Args;
use cookiespec_report::case::{self, Wording};
use cookiespec_report::{Escaped, Exit, Observation, Outcome, Record, TargetReport, ascii_json};
use cookiespec_runner::{Job, Target};
use cookiespec_vectors::{Answer, Case, Handshake, ImplementationInfo, Profile};
use serde_json::{Value, json};

use crate::execution::ViewOptions;
use crate::format::Format;
use crate::output;
use crate::selection::{CaseChoice, TargetChoice, Targets};
use crate::trace::{self, EngineAnswer};
use crate::usage::UsageError;

/// Compare two targets: the cases they answer differently, by area, with the engine's answers
///
/// As a target, the reference engine follows the last of the profiles.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec diff cookie biscotti\n  \
    cookiespec diff reference reqwest --profile rfc6265 --area jar\n  \
    cookiespec diff cookie_store cookie_store+psl --format json\n  \
    cookiespec diff reqwest -- ./my-shim\n\n\
    Exit codes: 0 compared, whatever came out; 2 usage; 3 the harness or a shim broke.")]
pub(crate) struct Arguments {
    /// Two targets by name; or one, and a program after --
    #[arg(value_name = "TARGET", num_args = 0..=2)]
    names: Vec<String>,
    /// A program that speaks the shim protocol, and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
    #[command(flatten)]
    cases: CaseChoice,
    #[command(flatten)]
    view: ViewOptions,
}

/// Prints the comparison.
pub(crate) fn diff(arguments: &Arguments) -> Result<Exit> {
    let Arguments { names, command, .. } = arguments;
    let pair = match (&names[..], &command[..]) {
        ([one, other], []) if one != other => [(one, &[][..]), (other, &[])],
        ([one], [_, ..]) => [(one, &[][..]), (one, &command[..])],
        _ => {
            let what = "name two different targets, or one and a command after --";
            return Err(UsageError(what.to_owned()).into());
        }
    };
    let suite = arguments.cases.suite()?;
    let cases = arguments.cases.cases(&suite)?;
    let targets = Targets::locate()?;
    let profiles = arguments.view.profiles();
    let mut jobs = Vec::new();
    for (name, command) in pair {
        let names = if command.is_empty() { std::slice::from_ref(name) } else { &[] };
        let (chosen, _) = TargetChoice::of(names, false, command).choose(&targets)?;
        jobs.extend(chosen.into_iter().map(|target| job(target, &profiles)));
    }
    let record = arguments.view.run(&targets, &jobs, &cases)?;
    if let [one, other] = &record.targets[..] {
        let pair = Pair::new(&record, one, other, &profiles);
        output::print(&match arguments.view.format {
            Format::Text => pair.text()?,
            Format::Json => pair.json(),
        })?;
    }
    Ok(record.exit)
}

/// The reference engine is run once, under the last profile; any other target is judged under all.
fn job(target: Target, profiles: &[Profile]) -> Job {
    let skipped = if target.is_per_profile() { profiles.len().saturating_sub(1) } else { 0 };
    Job { target, profiles: profiles[skipped..].to_vec() }
}

/// Two targets and the cases they differ on.
struct Pair<'a> {
    record: &'a Record,
    sides: [&'a TargetReport; 2],
    profiles: &'a [Profile],
    /// How many cases both answered.
    both: usize,
    /// The indices of the cases whose answers differ, in the order of the ids.
    differing: Vec<usize>,
}

impl<'a> Pair<'a> {
    fn new(
        record: &'a Record,
        one: &'a TargetReport,
        other: &'a TargetReport,
        profiles: &'a [Profile],
    ) -> Self {
        let about = blind_to_either(one, other);
        let mut pair =
            Self { record, sides: [one, other], profiles, both: 0, differing: Vec::new() };
        for (index, case) in record.cases.iter().enumerate() {
            let [one, other] = pair.sides.map(|side| &side.outcomes[index]);
            if is_unknown(one) || is_unknown(other) {
                continue;
            }
            pair.both += 1;
            if !agree(case, &about, one, other) {
                pair.differing.push(index);
            }
        }
        pair
    }

    fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        let [one, other] = self.sides.map(title);
        let (count, both) = (self.differing.len(), self.both);
        if both == 0 {
            writeln!(text, "{one} and {other}: there is no case that both can answer")?;
        } else {
            writeln!(text, "{one} and {other}: {count} of {both} cases answered differently")?;
        }
        let areas = self.differing.chunk_by(|a, b| self.area(*a) == self.area(*b));
        for indices in areas {
            writeln!(text, "\n{} ({})", self.area(indices[0]), indices.len())?;
            for &index in indices {
                self.case(&mut text, index)?;
            }
        }
        Ok(text)
    }

    fn area(&self, index: usize) -> &str {
        self.record.cases[index].area()
    }

    fn case(&self, text: &mut String, index: usize) -> fmt::Result {
        let one = &self.record.cases[index];
        writeln!(text, "\n  {}  {}", one.id, Escaped(&one.title))?;
        let mut rows: Vec<(String, String, Vec<String>)> = self
            .sides
            .iter()
            .map(|side| {
                let label = Escaped(&side.label).to_string();
                (label, letters(side, index), case::outcome(&side.outcomes[index], Wording::Words))
            })
            .collect();
        rows.extend(engine(one, self.profiles).map(|(label, lines)| (label, String::new(), lines)));
        let width = rows.iter().map(|row| row.0.chars().count()).max().unwrap_or(0);
        let marks = rows.iter().map(|row| row.1.chars().count()).max().unwrap_or(0);
        for (label, mark, lines) in &rows {
            for (at, line) in lines.iter().enumerate() {
                let (label, mark) = if at == 0 { (&**label, &**mark) } else { ("", "") };
                writeln!(text, "    {label:<width$}  {mark:<marks$}  {line}")?;
            }
        }
        Ok(())
    }

    fn json(&self) -> String {
        let cases = self.differing.iter().map(|&index| {
            let one = &self.record.cases[index];
            let answers: Vec<_> = self
                .sides
                .iter()
                .map(|side| {
                    let verdicts = side.results.iter().map(|result| {
                        let verdict = result.judgements[index].verdict;
                        (result.profile.name().to_owned(), json!(verdict))
                    });
                    json!({
                        "target": side.label,
                        "answer": case::outcome(&side.outcomes[index], Wording::Values),
                        "verdicts": Value::Object(verdicts.collect()),
                    })
                })
                .collect();
            let engine = self.profiles.iter().map(|&profile| {
                let answer = EngineAnswer::new(profile, one.operation()).document();
                (profile.name().to_owned(), answer)
            });
            json!({
                "case": one.id,
                "rev": one.rev,
                "area": one.area(),
                "title": one.title,
                "answers": answers,
                "engine": Value::Object(engine.collect()),
            })
        });
        let document = json!({
            "format": "cookiespec-diff/1",
            "targets": self.sides.map(|side| &side.label),
            "answered_by_both": self.both,
            "differing": self.differing.len(),
            "cases": cases.collect::<Vec<_>>(),
        });
        format!("{}\n", ascii_json(&format!("{document:#}")))
    }
}

/// The engine's answer under each profile; once, where all are the same.
fn engine(case: &Case, profiles: &[Profile]) -> impl Iterator<Item = (String, Vec<String>)> {
    let answer = |&profile| case::answer(&trace::answer(profile, case.operation()), Wording::Words);
    let mut all: Vec<_> =
        profiles.iter().map(|profile| (format!("engine {profile}"), answer(profile))).collect();
    if all.len() > 1 && all.iter().all(|one| one.1 == all[0].1) {
        all.truncate(1);
        all[0].0 = "engine".to_owned();
    }
    all.into_iter()
}

fn title(side: &TargetReport) -> String {
    let version = side.handshake.as_ref().map_or("", |it| &it.implementation.version);
    format!("{} {}", Escaped(&side.label), Escaped(version)).trim_end().to_owned()
}

/// The letters of the verdicts, oldest profile first.
fn letters(side: &TargetReport, index: usize) -> String {
    side.results.iter().map(|result| result.judgements[index].verdict.letter()).collect()
}

/// The fields that one of them is blind to, and that are not compared.
fn blind_to_either(one: &TargetReport, other: &TargetReport) -> ImplementationInfo {
    let handshakes = [one, other].into_iter().filter_map(|side| side.handshake.as_ref());
    let blind =
        handshakes.flat_map(|handshake: &Handshake| handshake.blind.iter().cloned()).collect();
    ImplementationInfo { blind, ..ImplementationInfo::default() }
}

/// There is nothing to compare: the case was not run, or needs what the target does not have.
fn is_unknown(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::NotRun | Outcome::Answer(Answer::Unsupported { .. }))
}

fn agree(case: &Case, about: &ImplementationInfo, one: &Outcome, other: &Outcome) -> bool {
    match (one, other) {
        (Outcome::Answer(Answer::Error { .. }), Outcome::Answer(Answer::Error { .. })) => true,
        (Outcome::Answer(one), Outcome::Answer(other)) => {
            let observations = comparable(one, other);
            let [one, other] = observations.map(|it| Observation::new(case, about, &it));
            one == other
        }
        (Outcome::Failure(one), Outcome::Failure(other)) => one.verdict == other.verdict,
        _ => false,
    }
}

/// Two answers without what only one of them has: not every target reports the cookies of a
/// request one by one.
fn comparable(one: &Answer, other: &Answer) -> [Answer; 2] {
    let mut answers = [one.clone(), other.clone()];
    let reports = |answer: &Answer, label: &str| match answer {
        Answer::Ok(value) => value["obs"][label].get("cookies").is_some_and(|it| !it.is_null()),
        _ => false,
    };
    for answer in &mut answers {
        let Answer::Ok(value) = answer else { continue };
        let Some(observations) = value.get_mut("obs").and_then(Value::as_object_mut) else {
            continue;
        };
        for (label, observation) in observations {
            if let Some(members) = observation.as_object_mut()
                && members.contains_key("header")
                && !(reports(one, label) && reports(other, label))
            {
                members.remove("cookies");
            }
        }
    }
    answers
}
