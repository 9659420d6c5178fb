//! What came of it, for people and for programs.

use cookiespec_report::Unavailable;
use cookiespec_report::ascii_json;
use cookiespec_vectors::Profile;
use serde_json::{Value, json};

use super::query::{Asked, Group, Question};
use crate::columns::{beside, wrap};
use crate::trace::{self, Account};

/// Everything there is to tell.
pub(super) struct Rendering<'a> {
    pub(super) asked: &'a Asked,
    pub(super) profiles: &'a [Profile],
    pub(super) groups: &'a [Group],
    pub(super) absent: &'a [Unavailable],
    /// How many targets were asked.
    pub(super) targets: usize,
    /// Whether that is everybody the caller could have meant.
    pub(super) asks_all: bool,
}

impl Rendering<'_> {
    /// For people, on lines of at most `width` characters.
    pub(super) fn text(&self, width: usize) -> String {
        let Asked { set_cookie, uri, now, .. } = self.asked;
        let mut lines = wrap(&format!("Set-Cookie {set_cookie}"), width);
        lines.extend(wrap(&format!("from {uri} at {now}"), width));
        lines.push(String::new());
        let columns: Vec<_> = self.profiles.iter().map(|&profile| self.engine(profile)).collect();
        match &columns[..] {
            [left, right] => lines.extend(beside(left, right, width)),
            columns => {
                let all = columns.iter().flatten();
                lines.extend(all.flat_map(|line| wrap(line, width)));
            }
        }
        for question in [Question::Parser, Question::Store, Question::Neither] {
            let groups: Vec<_> = self.groups.iter().filter(|it| it.question == question).collect();
            let count: usize = groups.iter().map(|group| group.targets.len()).sum();
            if count == 0 {
                continue;
            }
            lines.push(String::new());
            lines.push(title(question, count, groups.len()));
            for group in groups {
                lines.extend(wrap(&format!("  {}{}", group.said, like(group)), width));
                lines.extend(wrap(&format!("    {}", group.targets.join(", ")), width));
            }
        }
        lines.extend(self.left_out(width));
        lines.join("\n") + "\n"
    }

    /// What the engine makes of it under a profile, and by which steps.
    fn engine(&self, profile: Profile) -> Vec<String> {
        let mut lines = vec![format!("The engine under {profile}")];
        for question in [Question::Parser, Question::Store] {
            lines.push(format!("  {}", self.asked.engine(question, profile)));
        }
        for Account { subject, steps } in
            trace::account(profile, self.asked.operation(Question::Store))
        {
            let is_request = subject == self.asked.uri;
            lines.push(if is_request { "when it sends:" } else { "when it receives:" }.to_owned());
            let empty = steps.is_empty().then(|| "  nothing".to_owned());
            lines.extend(steps.iter().map(|step| format!("  {} ({})", step.text, step.place)));
            lines.extend(empty);
        }
        lines
    }

    fn left_out(&self, width: usize) -> Vec<String> {
        let mut lines = vec![String::new()];
        if !self.asks_all {
            let what = "Asked were the targets inside this executable; --all asks all that can run \
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
        let Asked { set_cookie, uri, now, .. } = self.asked;
        let engine = self.profiles.iter().map(|&profile| {
            json!({
                "profile": profile.name(),
                "parser": trace::document(profile, self.asked.operation(Question::Parser)),
                "store": trace::document(profile, self.asked.operation(Question::Store)),
            })
        });
        let groups = self.groups.iter().map(|group| {
            let names = |like: &Vec<Profile>| like.iter().map(|it| it.name()).collect::<Vec<_>>();
            json!({
                "asked": match group.question {
                    Question::Parser => json!("parse.set-cookie"),
                    Question::Store => json!("jar"),
                    Question::Neither => Value::Null,
                },
                "said": group.said,
                "like": group.like.as_ref().map(names),
                "targets": group.targets,
            })
        });
        let absent = self.absent.iter().map(|one| json!({ "name": one.name, "why": one.why }));
        let document = json!({
            "format": "cookiespec-try/1",
            "set_cookie": set_cookie,
            "uri": uri,
            "now": now,
            "engine": engine.collect::<Vec<_>>(),
            "groups": groups.collect::<Vec<_>>(),
            "absent": absent.collect::<Vec<_>>(),
            "targets": self.targets,
        });
        format!("{}\n", ascii_json(&format!("{document:#}")))
    }
}

fn title(question: Question, targets: usize, answers: usize) -> String {
    let plural = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    let (targets, answers) = (plural(targets, "target"), plural(answers, "answer"));
    match question {
        Question::Parser => format!("{answers} from {targets} that parsed it"),
        Question::Store => format!("{answers} from {targets} that stored it"),
        Question::Neither => format!("{targets} could not be asked"),
    }
}

/// Under which profiles the engine says the same.
fn like(group: &Group) -> String {
    let Some(like) = &group.like else { return String::new() };
    let names: Vec<_> = like.iter().map(|profile| profile.name()).collect();
    match &names[..] {
        [] => "  [unlike the engine]".to_owned(),
        names => format!("  [like {}]", names.join(" and ")),
    }
}
