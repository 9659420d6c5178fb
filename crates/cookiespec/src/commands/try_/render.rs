//! The answers to a query as text and as JSON.

use cookiespec_fuzzing::{Agreement, Deviation};
use cookiespec_report::layout::{beside, wrap};
use cookiespec_report::{Escaped, Unavailable, ascii_json};
use cookiespec_vectors::{ImplementationInfo, Level};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::query::{Engine, Group, Interface, Query};

use crate::trace::Trace;

/// A query, and everything that is shown about it.
pub(super) struct Rendering<'a> {
    pub(super) query: &'a Query,
    /// The engine's answers, one element per profile.
    pub(super) engines: &'a [Engine],
    /// What the engine does where plain http to localhost is secure, in words, if that is another
    /// answer.
    pub(super) with_secure_localhost: Option<String>,
    pub(super) groups: &'a [Group],
    pub(super) absent: &'a [Unavailable],
    /// How many targets were run.
    pub(super) targets: usize,
    /// Whether the targets were chosen, and are not only those inside the executable.
    pub(super) is_chosen: bool,
}

impl Rendering<'_> {
    /// For people, on lines of at most `width` columns.
    pub(super) fn text(&self, width: usize) -> String {
        let Query { set_cookie, uri, now, .. } = self.query;
        let mut lines = wrap(&format!("Set-Cookie {set_cookie}"), width);
        lines.extend(wrap(&format!("from {uri} at {}", shown_time(*now)), width));
        lines.push(String::new());
        let columns: Vec<_> = self.engines.iter().map(|engine| self.column(engine)).collect();
        match &columns[..] {
            [left, right] => lines.extend(beside(left, right, width)),
            columns => {
                let all = columns.iter().flatten();
                lines.extend(all.flat_map(|line| wrap(line, width)));
            }
        }
        if let Some(answer) = &self.with_secure_localhost {
            let what = "Whether http to localhost is secure is left to the user agent; here it is \
                        not. With --secure-localhost, as in browsers and in probe, the engine";
            lines.push(String::new());
            lines.extend(wrap(&format!("{what} {answer}."), width));
        }
        for interface in [Interface::Parser, Interface::Store, Interface::None] {
            let groups: Vec<_> =
                self.groups.iter().filter(|it| it.interface == interface).collect();
            let count: usize = groups.iter().map(|group| group.targets.len()).sum();
            if count == 0 {
                continue;
            }
            lines.push(String::new());
            lines.push(title(interface, count, groups.len()));
            for group in groups {
                lines.extend(wrap(&format!("  {}{}", group.answer, comparison(group)), width));
                lines.extend(wrap(&format!("    {}", group.targets.join(", ")), width));
            }
        }
        lines.extend(self.left_out(width));
        lines.join("\n") + "\n"
    }

    /// The engine's answers under a profile, and its steps.
    fn column(&self, engine: &Engine) -> Vec<String> {
        let mut lines = vec![format!("The engine under {}", engine.profile)];
        for interface in [Interface::Parser, Interface::Store] {
            let about = ImplementationInfo::default();
            let answer = self.query.words(interface, &about, engine.answer(interface));
            lines.push(format!("  {answer}"));
        }
        for Trace { subject, steps } in &engine.store.traces {
            let is_request = *subject == self.query.uri;
            lines.push(if is_request { "when it sends:" } else { "when it receives:" }.to_owned());
            let empty = steps.is_empty().then(|| "  nothing: no cookie is stored".to_owned());
            lines.extend(steps.iter().map(|step| format!("  {step}")));
            lines.extend(empty);
        }
        lines
    }

    fn left_out(&self, width: usize) -> Vec<String> {
        let mut lines = vec![String::new()];
        if !self.is_chosen {
            let what = "These are the targets inside this executable; --all runs all that can run \
                        here.";
            lines.extend(wrap(what, width));
        } else if !self.absent.is_empty() {
            let names: Vec<_> = self.absent.iter().map(|one| &*one.name).collect();
            lines.extend(wrap(&format!("Not found here: {}", names.join(", ")), width));
        } else {
            lines.clear();
        }
        lines
    }

    /// For programs.
    pub(super) fn json(&self) -> String {
        let Query { set_cookie, uri, now, secure_localhost, .. } = self.query;
        let engine = self.engines.iter().map(|engine| {
            json!({
                "profile": engine.profile.name(),
                "parser": engine.parser.document(),
                "store": engine.store.document(),
            })
        });
        let groups = self.groups.iter().map(|group| {
            let of = |pick: &dyn Fn(&Agreement) -> Option<Value>| {
                let picked = group.agreements.iter().filter_map(|(profile, agreement)| {
                    let picked = pick(agreement)?;
                    Some(match picked {
                        Value::Null => json!(profile.name()),
                        Value::Object(mut members) => {
                            members.insert("profile".to_owned(), json!(profile.name()));
                            Value::Object(members)
                        }
                        other => other,
                    })
                });
                picked.collect::<Vec<_>>()
            };
            let like = of(&|it| matches!(it, Agreement::Same).then_some(Value::Null));
            json!({
                "operation": match group.interface {
                    Interface::Parser => json!("parse.set-cookie"),
                    Interface::Store => json!("jar"),
                    Interface::None => Value::Null,
                },
                "answer": group.answer,
                "like": (!group.agreements.is_empty()).then_some(like),
                "allowed": of(&|it| match it {
                    Agreement::Allowed { why } => Some(json!({ "why": why })),
                    _ => None,
                }),
                "differs": of(&|it| match it {
                    Agreement::Differs(deviations) => Some(json!({ "in": document(deviations) })),
                    _ => None,
                }),
                "not_compared": of(&|it| match it {
                    Agreement::NotCompared { why } => Some(json!({ "why": why })),
                    _ => None,
                }),
                "targets": group.targets,
            })
        });
        let absent = self.absent.iter().map(|one| json!({ "name": one.name, "why": one.why }));
        let document = json!({
            "format": "cookiespec-try/1",
            "set_cookie": set_cookie,
            "uri": uri,
            "now": now,
            "secure_localhost": secure_localhost,
            "engine": engine.collect::<Vec<_>>(),
            "groups": groups.collect::<Vec<_>>(),
            "absent": absent.collect::<Vec<_>>(),
            "targets": self.targets,
        });
        format!("{}\n", ascii_json(&format!("{document:#}")))
    }
}

fn title(interface: Interface, targets: usize, answers: usize) -> String {
    let plural = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    let (targets, answers) = (plural(targets, "target"), plural(answers, "answer"));
    match interface {
        Interface::Parser => format!("{answers} from {targets} that parsed it"),
        Interface::Store => format!("{answers} from {targets} that stored it"),
        Interface::None => format!("{targets} could not be asked"),
    }
}

/// How an answer stands to the engine's: a clause for all profiles with the same result.
fn comparison(group: &Group) -> String {
    let clauses = group.agreements.chunk_by(|one, other| one.1 == other.1).map(|alike| {
        let names: Vec<_> = alike.iter().map(|(profile, _)| profile.name()).collect();
        let names = names.join(" and ");
        match &alike[0].1 {
            Agreement::Same => format!("like {names}"),
            Agreement::Allowed { why } => format!("allowed by {names}: {why}"),
            Agreement::Differs(deviations) => {
                format!("differs from {names} in {}", shown_deviations(deviations))
            }
            Agreement::NotCompared { why } => {
                format!("not compared with {names}: {}", Escaped(why))
            }
        }
    });
    let clauses: Vec<_> = clauses.collect();
    if clauses.is_empty() { String::new() } else { format!(" [{}]", clauses.join("; ")) }
}

/// The members that differ, each with its value where the engine answers it; those that are only
/// recommended marked.
fn shown_deviations(deviations: &[Deviation]) -> String {
    let shown = deviations.iter().map(|Deviation { field, level, want, .. }| match level {
        Level::Must => format!("{field}, which is {want}"),
        level => format!("{field}, which is {want} ({level})"),
    });
    shown.collect::<Vec<_>>().join(", and in ")
}

fn document(deviations: &[Deviation]) -> Vec<Value> {
    let document = |Deviation { field, kind, level, want, got }: &Deviation| json!({ "field": field, "kind": kind, "level": level.name(), "want": want, "got": got });
    deviations.iter().map(document).collect()
}

/// A time as a date, with the number beside it; only the number where there is no such date.
fn shown_time(unix: i64) -> String {
    match Timestamp::from_second(unix) {
        Ok(time) => format!("{time} ({unix})"),
        Err(_) => unix.to_string(),
    }
}
