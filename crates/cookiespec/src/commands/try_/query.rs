//! What is asked, and who answered the same.

use cookiespec_report::Escaped;
use cookiespec_report::TargetReport;
use cookiespec_report::{Observation, Outcome};
use cookiespec_vectors::operation::{Context, JarConfig, JarProgram, ParseSetCookie, Step};
use cookiespec_vectors::{Answer, Case, Handshake, ImplementationInfo, Octets, Operation, Profile};
use serde_json::Value;

use crate::trace;

/// The label of the only observation of the store.
const AT: &str = "sent";

/// One header, as a question to a parser and as one to a store.
pub(super) struct Asked {
    pub(super) set_cookie: Octets,
    pub(super) uri: Octets,
    pub(super) now: i64,
    parser: Case,
    store: Case,
}

/// Which of the two questions a target was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Question {
    /// What is in this header?
    Parser,
    /// What is sent after this header?
    Store,
    /// It can be asked neither.
    Neither,
}

/// Targets that gave the same answer to the same question.
pub(super) struct Group {
    pub(super) question: Question,
    /// In words.
    pub(super) said: String,
    /// The profiles under which the engine says the same; `None` where the target said nothing
    /// about the cookie.
    pub(super) like: Option<Vec<Profile>>,
    pub(super) targets: Vec<String>,
}

impl Asked {
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

    pub(super) fn cases(&self) -> [&Case; 2] {
        [&self.parser, &self.store]
    }

    /// The operation behind a question.
    pub(super) fn operation(&self, question: Question) -> &Operation {
        match question {
            Question::Parser => self.parser.operation(),
            Question::Store | Question::Neither => self.store.operation(),
        }
    }

    /// What the engine says, in words.
    pub(super) fn engine(&self, question: Question, profile: Profile) -> String {
        self.words(
            question,
            &ImplementationInfo::default(),
            &trace::answer(profile, self.operation(question)),
        )
    }

    /// An answer in words, without what nobody asked for.
    fn words(&self, question: Question, about: &ImplementationInfo, answer: &Answer) -> String {
        let case = match question {
            Question::Parser => &self.parser,
            Question::Store | Question::Neither => &self.store,
        };
        match (question, Observation::new(case, about, answer).answer()) {
            (Question::Parser, Answer::Ok(value)) => parsed(&value["cookie"]),
            (_, Answer::Ok(value)) => sent(&value["obs"][AT]["header"]),
            (_, Answer::Unsupported { need }) => format!("unsupported: {}", Escaped(need)),
            (_, Answer::Error { message }) => format!("error: {}", Escaped(message)),
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

/// The targets by what they said, the largest group of each question first.
pub(super) fn groups(asked: &Asked, profiles: &[Profile], results: &[TargetReport]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for result in results {
        let about = result.handshake.as_ref().map(Handshake::about).unwrap_or_default();
        let (question, said, like) = answer(asked, profiles, result, &about);
        let name = Escaped(&result.name).to_string();
        match groups.iter_mut().find(|it| it.question == question && it.said == said) {
            // A target that is blind to a field cannot tell the engine's answers apart.
            Some(group) => {
                if let (Some(all), Some(like)) = (&mut group.like, like) {
                    all.retain(|profile| like.contains(profile));
                }
                group.targets.push(name);
            }
            None => groups.push(Group { question, said, like, targets: vec![name] }),
        }
    }
    groups.sort_by_key(|group| (group.question, std::cmp::Reverse(group.targets.len())));
    groups
}

/// Which question a target was asked, what it said, and under which profiles the engine does.
fn answer(
    asked: &Asked,
    profiles: &[Profile],
    result: &TargetReport,
    about: &ImplementationInfo,
) -> (Question, String, Option<Vec<Profile>>) {
    let [parser, store] = asked.cases().map(|case| case.missing(about).is_none());
    let (question, index) = match (parser, store) {
        _ if result.handshake.is_none() => {
            let what = result.error.as_ref().map_or("", |trouble| &trouble.what);
            return (Question::Neither, format!("broken: {}", Escaped(what)), None);
        }
        (true, _) => (Question::Parser, 0),
        (false, true) => (Question::Store, 1),
        (false, false) => {
            let said = "has neither a parser for Set-Cookie nor a store".to_owned();
            return (Question::Neither, said, None);
        }
    };
    match &result.outcomes[index] {
        Outcome::Answer(answer) => {
            let said = asked.words(question, about, answer);
            let agrees = |profile: &Profile| {
                let engine = trace::answer(*profile, asked.operation(question));
                asked.words(question, about, &engine) == said
            };
            let is_told = !matches!(answer, Answer::Unsupported { .. });
            let like = is_told.then(|| profiles.iter().copied().filter(agrees).collect());
            (question, said, like)
        }
        other => (question, Escaped(&other.to_string()).to_string(), None),
    }
}
