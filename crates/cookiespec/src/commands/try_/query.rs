//! One header as a request to every target, and the targets grouped by their answers.

use std::cmp::Reverse;

use cookiespec_report::{Escaped, Observation, Outcome};
use cookiespec_runner::Transcript;
use cookiespec_vectors::operation::{Context, JarConfig, JarProgram, ParseSetCookie, Step};
use cookiespec_vectors::{Answer, Case, ImplementationInfo, Octets, Operation, Profile};
use serde_json::Value;

use crate::trace::EngineAnswer;

/// The label of the only observation of the store.
const AT: &str = "sent";

/// One header, as an input of a parser and of a cookie store.
pub(super) struct Query {
    pub(super) set_cookie: Octets,
    pub(super) uri: Octets,
    pub(super) now: i64,
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
    /// The profiles under which the engine gives the same answer; `None` where the answer shows
    /// nothing about the cookie.
    pub(super) like: Option<Vec<Profile>>,
    pub(super) targets: Vec<String>,
}

impl Query {
    pub(super) fn new(set_cookie: &Octets, uri: &Octets, now: i64) -> Self {
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
        let program = JarProgram { now, config: JarConfig::default(), steps: vec![receive, send] };
        Self {
            set_cookie: set_cookie.clone(),
            uri,
            now,
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

    /// The targets by their answers, the largest group of each interface first.
    pub(super) fn groups<'a>(
        &self,
        engines: &[Engine],
        targets: impl Iterator<Item = (&'a str, &'a Transcript)>,
    ) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (name, transcript) in targets {
            let group = self.group(engines, name, transcript);
            let is_same =
                |it: &&mut Group| it.interface == group.interface && it.answer == group.answer;
            match groups.iter_mut().find(is_same) {
                // For a target that is blind to a field, the engine's answers may be the same.
                Some(same) => {
                    if let (Some(all), Some(like)) = (&mut same.like, group.like) {
                        all.retain(|profile| like.contains(profile));
                    }
                    same.targets.extend(group.targets);
                }
                None => groups.push(group),
            }
        }
        groups.sort_by_key(|group| (group.interface, Reverse(group.targets.len())));
        groups
    }

    /// The answer of one target, and under which profiles the engine gives the same.
    fn group(&self, engines: &[Engine], name: &str, transcript: &Transcript) -> Group {
        let group = |interface, answer, like| {
            let targets = vec![Escaped(name).to_string()];
            Group { interface, answer, like, targets }
        };
        let Some(handshake) = &transcript.handshake else {
            let what = transcript.error.as_ref().map_or("", |error| &error.what);
            return group(Interface::None, format!("broken: {}", Escaped(what)), None);
        };
        let about = handshake.about();
        let [parser, store] = self.cases().map(|case| case.missing(&about).is_none());
        let (interface, index) = match (parser, store) {
            (true, _) => (Interface::Parser, 0),
            (false, true) => (Interface::Store, 1),
            (false, false) => {
                let answer = "has neither a parser for Set-Cookie nor a store".to_owned();
                return group(Interface::None, answer, None);
            }
        };
        match &transcript.outcomes[index] {
            Outcome::Answer(answer) => {
                let words = self.words(interface, &about, answer);
                let agrees = |engine: &&Engine| {
                    self.words(interface, &about, engine.answer(interface)) == words
                };
                let shows_something = !matches!(answer, Answer::Unsupported { .. });
                let like = shows_something
                    .then(|| engines.iter().filter(agrees).map(|engine| engine.profile).collect());
                group(interface, words, like)
            }
            other => group(interface, Escaped(&other.to_string()).to_string(), None),
        }
    }
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
