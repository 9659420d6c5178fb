//! Two records compared: what got worse, what got better, what is new.

mod change;

use std::collections::BTreeMap;
use std::fmt::Write;

use cookiespec_vectors::{Case, Handshake, Profile};
use serde_json::{Value, json};

use self::change::{Change, Kind};
use super::{Record, Style, TargetReport};
use crate::escaping::Escaped;
use crate::escaping::ascii_json;
use crate::record::Exit;

/// What a later run came to, beside an earlier one.
#[derive(Clone, Debug)]
pub struct Comparison {
    changes: Vec<Change>,
    /// How many verdicts and observations are as before.
    same: usize,
    new_cases: Vec<String>,
    gone_cases: Vec<String>,
    new_targets: Vec<String>,
    gone_targets: Vec<String>,
    /// The targets in both, with the version before and after.
    versions: Vec<(String, String, String)>,
    /// Whether the harness or a shim broke in the later run.
    is_broken: bool,
}

impl Comparison {
    /// Compares two runs. Targets are the same if they have the same label, cases if they have the
    /// same id.
    pub fn new(old: &Record, new: &Record) -> Self {
        let (old_cases, new_cases) = (places(&old.cases), places(&new.cases));
        let mut comparison = Self {
            changes: Vec::new(),
            same: 0,
            new_cases: missing(&new_cases, &old_cases),
            gone_cases: missing(&old_cases, &new_cases),
            new_targets: labels(new, old),
            gone_targets: labels(old, new),
            versions: Vec::new(),
            is_broken: new.exit == Exit::Broken,
        };
        for after in &new.targets {
            let Some(before) = old.targets.iter().find(|one| one.label == after.label) else {
                continue;
            };
            comparison.versions.push((after.label.clone(), version(before), version(after)));
            for profile in Profile::ALL {
                for (id, &index) in &new_cases {
                    if let Some(&place) = old_cases.get(id) {
                        let before = (&old.cases[place], before, place);
                        comparison.add(profile, before, (&new.cases[index], after, index));
                    }
                }
            }
        }
        comparison.changes.sort_by_key(|change| change.kind);
        comparison
    }

    fn add(
        &mut self,
        profile: Profile,
        before: (&Case, &TargetReport, usize),
        after: (&Case, &TargetReport, usize),
    ) {
        if let Some(change) = Change::between(profile, before, after) {
            match change.kind {
                Kind::Same => self.same += 1,
                _ => self.changes.push(change),
            }
        }
    }

    fn count(&self, kind: Kind) -> usize {
        self.changes.iter().filter(|change| change.kind == kind).count()
    }

    /// 1 where something got worse; 3 where the later run does not say everything.
    pub fn exit(&self) -> Exit {
        if self.is_broken {
            Exit::Broken
        } else if self.count(Kind::Regression) > 0 {
            Exit::Differs
        } else {
            Exit::Clean
        }
    }

    /// For people: what got worse first, the sum last.
    pub fn text(&self, style: Style) -> String {
        let mut text = String::new();
        for change in &self.changes {
            // Writing to a string cannot fail.
            let _ = change.write(&mut text, style);
        }
        let lists = [
            ("new case", &self.new_cases),
            ("gone case", &self.gone_cases),
            ("new target", &self.new_targets),
            ("gone target", &self.gone_targets),
        ];
        for (what, names) in lists {
            for name in names {
                let _ = writeln!(text, "{what}  {}", Escaped(name));
            }
        }
        for (label, before, after) in self.versions.iter().filter(|(_, old, new)| old != new) {
            let [label, before, after] = [label, before, after].map(|it| Escaped(it));
            let _ = writeln!(text, "{label}: {before} before, {after} now");
        }
        let counts = Kind::TOLD.map(|kind| {
            let count = self.count(kind);
            format!("{count} {}", if count == 1 { kind.name() } else { kind.plural() })
        });
        let _ = writeln!(text, "{} · {} the same", counts.join(" · "), self.same);
        text
    }

    /// For programs, in printable ASCII.
    pub fn json(&self) -> String {
        let versions = self.versions.iter().map(
            |(label, before, after)| json!({ "target": label, "before": before, "after": after }),
        );
        let counts = Kind::TOLD.map(|kind| (kind.name().to_owned(), json!(self.count(kind))));
        let document = json!({
            "format": "cookiespec-compare/1",
            "changes": self.changes.iter().map(Change::document).collect::<Vec<_>>(),
            "counts": Value::Object(counts.into_iter().collect()),
            "same": self.same,
            "new_cases": self.new_cases,
            "gone_cases": self.gone_cases,
            "new_targets": self.new_targets,
            "gone_targets": self.gone_targets,
            "versions": versions.collect::<Vec<_>>(),
            "exit": self.exit() as u8,
        });
        format!("{}\n", ascii_json(&format!("{document:#}")))
    }
}

fn places(cases: &[Case]) -> BTreeMap<&str, usize> {
    cases.iter().enumerate().map(|(index, case)| (&*case.id, index)).collect()
}

/// The ids of `these` that are not among `those`.
fn missing(these: &BTreeMap<&str, usize>, those: &BTreeMap<&str, usize>) -> Vec<String> {
    these.keys().filter(|id| !those.contains_key(*id)).map(|id| (*id).to_owned()).collect()
}

/// The targets of `these` that are not among `those`.
fn labels(these: &Record, those: &Record) -> Vec<String> {
    let labels = these.targets.iter().map(|target| &target.label);
    labels.filter(|label| those.targets.iter().all(|it| it.label != **label)).cloned().collect()
}

fn version(target: &TargetReport) -> String {
    let version = |handshake: &Handshake| handshake.implementation.version.clone();
    target.handshake.as_ref().map(version).unwrap_or_default()
}
