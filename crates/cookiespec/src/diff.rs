//! `diff`: where two targets answer the same cases differently, and what the engine says.

use std::fmt::{self, Write};

use anyhow::Result;
use clap::Args;
use cookiespec_harness::report::json::escaped;
use cookiespec_harness::report::{Record, Tested, Visible, case};
use cookiespec_harness::{Exit, Heard, Job, Observation, Target};
use cookiespec_vectors::{About, Answer, Case, Profile, Welcome};
use serde_json::{Value, json};

use crate::choice::{self, CaseChoice, TargetChoice, Targets};
use crate::explain::Format;
use crate::run::{self, Manner};
use crate::usage::UsageError;
use crate::{output, steps};

/// Compare two targets: the cases they answer differently, by area, with the engine's view
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec diff cookie biscotti\n  \
    cookiespec diff reference reqwest --profile rfc6265 --area jar\n  \
    cookiespec diff cookie_store cookie_store+psl --format json\n\n\
    Exit codes: 0 compared, whatever came out; 2 usage; 3 the harness or a shim broke.")]
pub(crate) struct Arguments {
    /// One target, by name
    #[arg(value_name = "A")]
    one: String,
    /// The other
    #[arg(value_name = "B")]
    other: String,
    /// The engine's view only under these profiles [default: all]; as a target, the reference
    /// engine follows the last of them
    #[arg(long, value_parser = choice::profile(), value_delimiter = ',')]
    profile: Vec<Profile>,
    #[command(flatten)]
    cases: CaseChoice,
    /// For people, or for programs
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    manner: Manner,
}

/// Prints the comparison.
pub(crate) fn diff(arguments: &Arguments) -> Result<Exit> {
    if arguments.one == arguments.other {
        return Err(UsageError("name two different targets".to_owned()).into());
    }
    let suite = arguments.cases.suite()?;
    let cases = arguments.cases.cases(&suite)?;
    let targets = Targets::locate()?;
    let profiles = choice::or_all(&arguments.profile);
    let mut jobs = Vec::new();
    for name in [&arguments.one, &arguments.other] {
        let (chosen, _) = TargetChoice::one(name, None).choose(&targets)?;
        jobs.extend(chosen.into_iter().map(|target| job(target, &profiles)));
    }
    let results = run::run(&arguments.manner.plan(&targets, &jobs, &cases));
    let exit = results.iter().map(|one| one.exit()).max().unwrap_or(Exit::Usage);
    let record = Record::new(&cases, results, Vec::new(), exit);
    if let [one, other] = &record.targets[..] {
        let pair = Pair::new(&record, one, other, &profiles);
        output::print(&match arguments.format {
            Format::Text => pair.text()?,
            Format::Json => pair.json(),
        })?;
    }
    Ok(if exit == Exit::Broken { Exit::Broken } else { Exit::Clean })
}

/// The reference engine is run once, under the last profile; everybody else is judged under all.
fn job(target: Target, profiles: &[Profile]) -> Job {
    let skipped = if target.is_per_profile() { profiles.len().saturating_sub(1) } else { 0 };
    Job { target, profiles: profiles[skipped..].to_vec() }
}

/// Two targets and the cases they differ on.
struct Pair<'a> {
    record: &'a Record,
    sides: [&'a Tested; 2],
    profiles: &'a [Profile],
    /// The places of the cases that both answered.
    both: usize,
    /// The places of those whose answers differ, in the order of the ids.
    differing: Vec<usize>,
}

impl<'a> Pair<'a> {
    fn new(
        record: &'a Record,
        one: &'a Tested,
        other: &'a Tested,
        profiles: &'a [Profile],
    ) -> Self {
        let about = blind_to_either(one, other);
        let mut pair =
            Self { record, sides: [one, other], profiles, both: 0, differing: Vec::new() };
        for (index, case) in record.cases.iter().enumerate() {
            let [one, other] = pair.sides.map(|side| &side.heard[index]);
            if says_nothing(one) || says_nothing(other) {
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
        writeln!(text, "\n  {}  {}", one.id, Visible(&one.title))?;
        let mut rows: Vec<(String, String, Vec<String>)> = self
            .sides
            .iter()
            .map(|side| {
                let label = Visible(&side.label).to_string();
                (label, letters(side, index), case::heard(&side.heard[index]))
            })
            .collect();
        rows.extend(engine(one, self.profiles).map(|(label, said)| (label, String::new(), said)));
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
            let said: Vec<_> = self
                .sides
                .iter()
                .map(|side| {
                    let verdicts = side.sheets.iter().map(|sheet| {
                        let verdict = sheet.judgements[index].verdict;
                        (sheet.profile.name().to_owned(), json!(verdict))
                    });
                    json!({
                        "target": side.label,
                        "heard": case::heard(&side.heard[index]),
                        "verdicts": Value::Object(verdicts.collect()),
                    })
                })
                .collect();
            let engine = self.profiles.iter().map(|&profile| {
                let answer = steps::document(profile, one.operation());
                (profile.name().to_owned(), answer)
            });
            json!({
                "case": one.id,
                "rev": one.rev,
                "area": one.area(),
                "title": one.title,
                "said": said,
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
        format!("{}\n", escaped(&format!("{document:#}")))
    }
}

/// What the engine says under each profile; once, where that is the same.
fn engine(case: &Case, profiles: &[Profile]) -> impl Iterator<Item = (String, Vec<String>)> {
    let said = |&profile| case::answer(&steps::answer(profile, case.operation()));
    let mut all: Vec<_> =
        profiles.iter().map(|profile| (format!("engine {profile}"), said(profile))).collect();
    if all.len() > 1 && all.iter().all(|one| one.1 == all[0].1) {
        all.truncate(1);
        all[0].0 = "engine".to_owned();
    }
    all.into_iter()
}

fn title(side: &Tested) -> String {
    let version = side.welcome.as_ref().map_or("", |it| &it.implementation.version);
    format!("{} {}", Visible(&side.label), Visible(version)).trim_end().to_owned()
}

/// The letters of the verdicts, oldest profile first.
fn letters(side: &Tested, index: usize) -> String {
    side.sheets.iter().map(|sheet| sheet.judgements[index].verdict.letter()).collect()
}

/// What neither can hide behind: the fields that one of them does not see.
fn blind_to_either(one: &Tested, other: &Tested) -> About {
    let welcomes = [one, other].into_iter().filter_map(|side| side.welcome.as_ref());
    let blind = welcomes.flat_map(|welcome: &Welcome| welcome.blind.iter().cloned()).collect();
    About { blind, ..About::default() }
}

/// Nothing to compare: it was not asked, or cannot be.
fn says_nothing(heard: &Heard) -> bool {
    matches!(heard, Heard::NotRun | Heard::Answer(Answer::Unsupported { .. }))
}

fn agree(case: &Case, about: &About, one: &Heard, other: &Heard) -> bool {
    match (one, other) {
        (Heard::Answer(Answer::Error { .. }), Heard::Answer(Answer::Error { .. })) => true,
        (Heard::Answer(one), Heard::Answer(other)) => {
            let observations = comparable(one, other);
            let [one, other] = observations.map(|it| Observation::new(case, about, &it));
            one == other
        }
        (Heard::Fault(one), Heard::Fault(other)) => one.verdict == other.verdict,
        _ => false,
    }
}

/// Two answers without what only one of them tells: not every target knows the cookies of a
/// request apart.
fn comparable(one: &Answer, other: &Answer) -> [Answer; 2] {
    let mut answers = [one.clone(), other.clone()];
    let tells = |answer: &Answer, label: &str| match answer {
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
                && !(tells(one, label) && tells(other, label))
            {
                members.remove("cookies");
            }
        }
    }
    answers
}
