//! One header as a request to every target, and the targets grouped by their answers.

use std::cmp::Reverse;

use cookiespec_fuzzing::{Agreement, agreement};
use cookiespec_report::{Escaped, Observation, Outcome};
use cookiespec_runner::{Target, Transcript};
use cookiespec_vectors::operation::{Context, JarConfig, JarProgram, ParseSetCookie, Step};
use cookiespec_vectors::{Answer, Case, ImplementationInfo, Octets, Operation, Profile, ability};
use serde_json::Value;

use crate::trace::{self, EngineAnswer};

/// The label of the only observation of the store.
const AT: &str = "sent";

/// One header, as an input of a parser and of a cookie store.
pub(super) struct Query {
    pub(super) set_cookie: Octets,
    pub(super) uri: Octets,
    pub(super) now: i64,
    /// Whether plain http to localhost is secure.
    pub(super) secure_localhost: bool,
    parser: Case,
    store: Case,
}

/// The interface of a target that takes the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Interface {
    /// Parses the header.
    Parser,
    /// Receives the header and sends a Cookie field.
    Store,
    /// The target has neither.
    None,
}

/// The engine's answers to a query under one profile.
pub(super) struct Engine {
    pub(super) profile: Profile,
    pub(super) parser: EngineAnswer,
    pub(super) store: EngineAnswer,
}

/// Targets that gave the same answer through the same interface.
pub(super) struct Group {
    pub(super) interface: Interface,
    /// In words.
    pub(super) answer: String,
    /// How the answer stands to the engine's under each profile; empty where it shows nothing about
    /// the cookie.
    pub(super) agreements: Vec<(Profile, Agreement)>,
    pub(super) targets: Vec<String>,
}

impl Query {
    pub(super) fn new(set_cookie: &Octets, uri: &Octets, now: i64, secure_localhost: bool) -> Self {
        let parse = ParseSetCookie {
            set_cookie: set_cookie.clone(),
            uri: Some(uri.clone()),
            now: Some(now),
        };
        let (uri, context) = (uri.clone(), Context::default());
        let receive = Step::Receive {
            uri: uri.clone(),
            set_cookie: vec![set_cookie.clone()],
            context: context.clone(),
        };
        let send = Step::Send { at: AT.to_owned(), uri: uri.clone(), context };
        let config = JarConfig {
            secure_localhost: secure_localhost.then_some(true),
            ..JarConfig::default()
        };
        let program = JarProgram { now, config, steps: vec![receive, send] };
        Self {
            set_cookie: set_cookie.clone(),
            uri,
            now,
            secure_localhost,
            parser: Case::unjudged("try.parser", Operation::ParseSetCookie(parse)),
            store: Case::unjudged("try.store", Operation::Jar(program)),
        }
    }

    /// The header as cases: for a parser, and for a store.
    pub(super) fn cases(&self) -> [&Case; 2] {
        [&self.parser, &self.store]
    }

    /// Runs the engine under a profile.
    pub(super) fn engine(&self, profile: Profile) -> Engine {
        Engine {
            profile,
            parser: EngineAnswer::new(profile, self.parser.operation()),
            store: EngineAnswer::new(profile, self.store.operation()),
        }
    }

    /// An answer in words, as far as a target with these blind fields could give it.
    pub(super) fn words(
        &self,
        interface: Interface,
        about: &ImplementationInfo,
        answer: &Answer,
    ) -> String {
        let case = match interface {
            Interface::Parser => &self.parser,
            Interface::Store | Interface::None => &self.store,
        };
        match (interface, Observation::new(case, about, answer).answer()) {
            (Interface::Parser, Answer::Ok(value)) => parsed(&value["cookie"]),
            (_, Answer::Ok(value)) => sent(&value["obs"][AT]["header"]),
            (_, Answer::Unsupported { need }) => format!("unsupported: {}", Escaped(need)),
            (_, Answer::Error { message }) => format!("error: {}", Escaped(message)),
        }
    }

    /// The targets by their answers, the largest group of each interface first. `clock` is the time
    /// of this machine, in Unix seconds.
    pub(super) fn groups<'a>(
        &self,
        profiles: &[Profile],
        clock: i64,
        targets: impl Iterator<Item = (&'a Target, &'a Transcript)>,
    ) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (target, transcript) in targets {
            let group = self.group(profiles, clock, target, transcript);
            let is_same = |it: &&mut Group| {
                it.interface == group.interface
                    && it.answer == group.answer
                    && it.agreements == group.agreements
            };
            match groups.iter_mut().find(is_same) {
                Some(same) => same.targets.extend(group.targets),
                None => groups.push(group),
            }
        }
        groups.sort_by_key(|group| (group.interface, Reverse(group.targets.len())));
        groups
    }

    /// The answer of one target, and how it stands to the engine's.
    fn group(
        &self,
        profiles: &[Profile],
        clock: i64,
        target: &Target,
        transcript: &Transcript,
    ) -> Group {
        let about = transcript.handshake.as_ref().map(|handshake| handshake.about());
        let name = shown_name(target, about.as_ref());
        let group = |interface, answer, agreements| Group {
            interface,
            answer,
            agreements,
            targets: vec![name.clone()],
        };
        let Some(about) = about else {
            let what = transcript.error.as_ref().map_or("", |error| &error.what);
            return group(Interface::None, format!("broken: {}", Escaped(what)), Vec::new());
        };
        let [parser, store] = self.cases().map(|case| case.missing(&about).is_none());
        let (interface, index) = match (parser, store) {
            (true, _) => (Interface::Parser, 0),
            (false, true) => (Interface::Store, 1),
            (false, false) => {
                let answer = "has neither a parser for Set-Cookie nor a store".to_owned();
                return group(Interface::None, answer, Vec::new());
            }
        };
        match &transcript.outcomes[index] {
            Outcome::Answer(answer) => {
                let words = self.words(interface, &about, answer);
                let case = self.cases()[index];
                let compared = |profile: &Profile| {
                    let compared = compare(*profile, &about, case, answer, clock)?;
                    Some((*profile, compared))
                };
                group(interface, words, profiles.iter().filter_map(compared).collect())
            }
            other => group(interface, Escaped(&other.to_string()).to_string(), Vec::new()),
        }
    }
}

/// How an answer stands to the engine's, if it shows anything about cookies. A target that reads
/// the clock of this machine is not compared where the result depends on the time.
pub(super) fn compare(
    profile: Profile,
    about: &ImplementationInfo,
    case: &Case,
    answer: &Answer,
    clock: i64,
) -> Option<Agreement> {
    let has_own_clock = about.can.iter().any(|can| can == ability::CLOCK);
    if let (Answer::Ok(_), Operation::Jar(program), false) =
        (answer, case.operation(), has_own_clock)
    {
        let now = Operation::Jar(JarProgram { now: clock, ..program.clone() });
        if trace::answer(profile, &now) != trace::answer(profile, case.operation()) {
            let why = "the target reads the clock of this machine, whatever --now says".to_owned();
            return Some(Agreement::NotCompared { why });
        }
    }
    agreement(profile, about, case, answer)
}

/// The name of a target; of a command, what it calls itself, with its version.
fn shown_name(target: &Target, about: Option<&ImplementationInfo>) -> String {
    let Some(about) = about.filter(|_| target.ecosystem == "command") else {
        return Escaped(&target.name).to_string();
    };
    let (name, version) = (Escaped(target.reported_name(about)), Escaped(&about.version));
    format!("{name} {version}").trim_end().to_owned()
}

impl Engine {
    /// The answer through an interface.
    pub(super) fn answer(&self, interface: Interface) -> &Answer {
        match interface {
            Interface::Parser => &self.parser.answer,
            Interface::Store | Interface::None => &self.store.answer,
        }
    }
}

fn parsed(cookie: &Value) -> String {
    let Some(members) = cookie.as_object() else { return "ignored".to_owned() };
    // Name and value first, as everybody writes them; then the attributes that were set.
    let member = |name: &str| members.get(name).map(|it| format!("{name} {}", shown(it)));
    let attributes = members.iter().filter(|(name, _)| !matches!(&***name, "name" | "value")).map(
        |(name, value)| match value {
            Value::Bool(true) => Escaped(name).to_string(),
            value => format!("{} {}", Escaped(name), shown(value)),
        },
    );
    let pair = [member("name"), member("value")].into_iter().flatten();
    pair.chain(attributes).collect::<Vec<_>>().join(", ")
}

fn sent(header: &Value) -> String {
    match header {
        Value::Null => "sends nothing".to_owned(),
        header => format!("sends {}", shown(header)),
    }
}

fn shown(value: &Value) -> String {
    cookiespec_vectors::show::value(value)
}

#[cfg(test)]
mod tests {
    use cookiespec_fuzzing::Deviation;
    use cookiespec_vectors::{Level, Suite, Verdict, ask, judge};
    use jiff::Timestamp;

    use super::*;

    /// Whether a case is what `try` runs: a set-cookie-string for a parser, or one for a store and
    /// a request afterwards.
    fn can_be_tried(case: &Case) -> bool {
        match case.operation() {
            Operation::ParseSetCookie(_) => true,
            Operation::Jar(program) => matches!(
                &program.steps[..],
                [Step::Receive { set_cookie, .. }, Step::Send { .. }] if set_cookie.len() == 1
            ),
            _ => false,
        }
    }

    /// Whether a member differs that the case has passed. It says nothing about others.
    fn contradicts_pass(case: &Case, profile: Profile, agreement: &Agreement) -> bool {
        let Agreement::Differs(deviations) = agreement else { return false };
        let is_checked = |deviation: &Deviation| {
            let mut checks = case.expected_by(profile);
            checks.any(|check| check.level <= Level::May && names(&check.is, deviation.field))
        };
        deviations.iter().any(is_checked)
    }

    /// Whether a pattern says something about a member of a cookie or an observation.
    fn names(pattern: &Value, field: &str) -> bool {
        match pattern {
            Value::Object(members) => members.iter().any(|(name, inner)| match &**name {
                "cookie" => inner.is_null() || field == "cookie" || names(inner, field),
                "$any" => inner.as_array().unwrap().iter().any(|inner| names(inner, field)),
                "header" | "cookies" => ["header", "value"].contains(&field),
                name => name == field,
            }),
            _ => false,
        }
    }

    #[test]
    fn what_try_says_and_what_run_says_do_not_contradict_each_other() {
        let suite = Suite::embedded().unwrap();
        let clock = Timestamp::now().as_second();
        let (mut compared, mut contradictions) = (0, Vec::new());
        for case in suite.cases().iter().filter(|case| can_be_tried(case)) {
            for entry in cookiespec_targets::all() {
                let mut target = (entry.make)();
                let about = target.about();
                if case.missing(&about).is_some() {
                    continue;
                }
                let answer = ask(&mut *target, case.operation());
                for profile in Profile::ALL {
                    let verdict = judge(case, profile, &about, &answer).verdict;
                    let Some(agreement) = compare(profile, &about, case, &answer, clock) else {
                        continue;
                    };
                    let is_allowed = matches!(agreement, Agreement::Allowed { .. });
                    let contradicts = match verdict {
                        Verdict::Pass | Verdict::Info | Verdict::Unsupported => {
                            contradicts_pass(case, profile, &agreement)
                        }
                        // What is only recommended may be done in another way.
                        Verdict::Weak => agreement == Agreement::Same,
                        Verdict::Fail => agreement == Agreement::Same || is_allowed,
                        _ => false,
                    };
                    compared += 1;
                    if contradicts {
                        contradictions.push(format!(
                            "{} {} {profile}: {verdict}, {agreement:?}: {answer:?}",
                            case.id, entry.name
                        ));
                    }
                }
            }
        }
        assert!(compared > 1000, "{compared}");
        assert!(contradictions.is_empty(), "{}", contradictions.join("\n"));
    }
}
