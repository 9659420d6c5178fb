//! The data for the scripts of the page: the run as compact JSON, with every text escaped and
//! written once.

use std::collections::{BTreeMap, HashMap};

use cookiespec_vectors::{Case, Profile, Verdict};
use serde::Serialize;

use super::class;
use crate::case::{self, Wording};
use crate::escaping::{Escaped, ascii_json};
use crate::exchanges;
use crate::model::{Record, TargetReport};

/// The JSON, fit to stand inside a `script` element.
pub(super) fn render(record: &Record) -> String {
    let profiles = record.profiles();
    let mut lines = Lines::default();
    let cases = record.cases.iter().enumerate();
    let data = Data {
        verdicts: Verdict::ALL.map(|verdict| Word {
            name: verdict.name(),
            letter: verdict.letter(),
            class: class(verdict),
            fails: verdict.is_failure(),
        }),
        targets: record.targets.iter().map(|target| Column::new(target, &profiles)).collect(),
        cases: cases
            .map(|(index, case)| Row::new(record, &profiles, index, case, &mut lines))
            .collect(),
        profiles: profiles.iter().map(|profile| profile.name()).collect(),
        lines: lines.list,
    };
    ascii_json(&serde_json::to_string(&data).unwrap_or_default()).replace('<', "\\u003c")
}

#[derive(Serialize)]
struct Data {
    profiles: Vec<&'static str>,
    verdicts: [Word; Verdict::ALL.len()],
    targets: Vec<Column>,
    cases: Vec<Row>,
    /// The texts that a `Row` refers to by index.
    lines: Vec<String>,
}

/// A verdict.
#[derive(Serialize)]
struct Word {
    name: &'static str,
    letter: char,
    class: &'static str,
    fails: bool,
}

/// A target. A string of letters, one per case, for each profile; empty where it was not judged
/// under that profile.
#[derive(Serialize)]
struct Column {
    label: String,
    name: String,
    version: String,
    selector: String,
    letters: Vec<String>,
}

/// A case. The lists have one element per profile; their numbers are indices into `lines`.
#[derive(Serialize)]
struct Row {
    id: String,
    rev: u32,
    title: String,
    why: String,
    area: String,
    severity: &'static str,
    tags: Vec<String>,
    needs: Vec<String>,
    input: Vec<usize>,
    want: Vec<Vec<usize>>,
    cited: Vec<Vec<usize>>,
    sections: Vec<Vec<String>>,
    answers: Vec<Group>,
    /// The first request as a command, where requests of the case are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_hand: Option<String>,
}

/// The targets with the same outcome.
#[derive(PartialEq, Serialize)]
struct Group {
    by: Vec<usize>,
    answer: Vec<usize>,
    missed: Vec<Vec<usize>>,
    /// What went over the network for a target, by its index.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    exchanges: BTreeMap<usize, Vec<usize>>,
}

/// Every text once, and its index.
#[derive(Default)]
struct Lines {
    list: Vec<String>,
    places: HashMap<String, usize>,
}

impl Lines {
    fn place(&mut self, line: &str) -> usize {
        let line = Escaped(line).to_string();
        *self.places.entry(line).or_insert_with_key(|line| {
            self.list.push(line.clone());
            self.list.len() - 1
        })
    }

    fn places(&mut self, lines: &[String]) -> Vec<usize> {
        lines.iter().map(|line| self.place(line)).collect()
    }
}

impl Column {
    fn new(target: &TargetReport, profiles: &[Profile]) -> Self {
        let letters = profiles.iter().map(|&profile| {
            let judgements = target.result(profile).map_or(&[][..], |result| &result.judgements);
            judgements.iter().map(|judgement| judgement.verdict.letter()).collect()
        });
        let version = target.handshake.as_ref().map_or("", |it| &it.implementation.version);
        Self {
            label: shown(&target.label),
            name: shown(&target.name),
            version: shown(version),
            selector: shown(&target.selector),
            letters: letters.collect(),
        }
    }
}

impl Row {
    fn new(
        record: &Record,
        profiles: &[Profile],
        index: usize,
        one: &Case,
        lines: &mut Lines,
    ) -> Self {
        let mut each = |lines_of: &dyn Fn(Profile) -> Vec<String>| {
            profiles.iter().map(|&profile| lines.places(&lines_of(profile))).collect()
        };
        let want = each(&|profile| case::expectations(one, profile));
        let cited = each(&|profile| case::citations(one, profile));
        let sections = profiles.iter().map(|profile| {
            let cited = one.spec.iter().filter(|citation| citation.concerns(*profile));
            let mut sections: Vec<_> = cited.map(|citation| shown(&citation.sec)).collect();
            sections.dedup();
            sections
        });
        let answers = groups(record, profiles, index, lines);
        let has_requests = answers.iter().any(|group| !group.exchanges.is_empty());
        Self {
            id: shown(&one.id),
            rev: one.rev,
            title: shown(&one.title),
            why: shown(&one.why),
            area: shown(one.area()),
            severity: one.severity.name(),
            tags: one.tags.iter().map(|tag| shown(tag)).collect(),
            needs: one.needs.iter().map(|need| shown(need)).collect(),
            input: lines.places(&case::inputs(one)),
            want,
            cited,
            sections: sections.collect(),
            answers,
            by_hand: has_requests.then(|| exchanges::by_hand(one)).flatten(),
        }
    }
}

fn groups(record: &Record, profiles: &[Profile], index: usize, lines: &mut Lines) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (nth, target) in record.targets.iter().enumerate() {
        let missed = profiles.iter().map(|&profile| {
            let Some(result) = target.result(profile) else { return Vec::new() };
            let judgement = &result.judgements[index];
            let one = &record.cases[index];
            let mut missed = case::differences(one, profile, judgement, Wording::Words);
            if result.is_expected(index) {
                missed.push("expected by the baseline".to_owned());
            } else if result.is_worse(index) {
                missed.push("worse than the baseline says".to_owned());
            }
            lines.places(&missed)
        });
        let missed = missed.collect();
        let answer = lines.places(&case::outcome(&target.outcomes[index], Wording::Words));
        let same = groups.iter().position(|group| group.answer == answer && group.missed == missed);
        let place = same.unwrap_or_else(|| {
            groups.push(Group { by: Vec::new(), answer, missed, exchanges: BTreeMap::new() });
            groups.len() - 1
        });
        groups[place].by.push(nth);
        let exchanged = target.answer(index).map(exchanges::lines).unwrap_or_default();
        if !exchanged.is_empty() {
            groups[place].exchanges.insert(nth, lines.places(&exchanged));
        }
    }
    groups
}

fn shown(text: &str) -> String {
    Escaped(text).to_string()
}
