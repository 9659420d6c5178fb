//! The suite of the IETF's http-state working group, compared with the reference engine.
//!
//! The suite is not part of this project. It was written for RFC 6265; what 6265bis changed shows
//! as a disagreement under that profile only.

mod read;

use std::fmt;
use std::path::Path;

use cookiespec_engine::Profile;
use cookiespec_engine::date::parse_cookie_date;
use cookiespec_vectors::operation::{JarConfig, JarProgram, ParseDate, Step, Suffixes};
use cookiespec_vectors::reference::{Reference, trace};
use cookiespec_vectors::{Answer, Octets, Operation, ask};
use serde_json::Value;

pub use self::read::ImportError;
use self::read::{Exchange, Rows, WrittenDate};

/// Its file of expectations holds Set-Cookie fields instead of a Cookie field.
pub const CORRUPT: &str = "http-state/0028";

/// The rules of the public suffix list the suite was written with, as far as its cases go.
const SUFFIXES: [&str; 5] = ["com", "org", "net", "test", "co.uk"];

/// The result of the comparison under one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossCheck {
    /// The profile.
    pub profile: Profile,
    /// How many cases and dates were compared.
    pub compared: usize,
    /// Where the two disagree.
    pub disagreements: Vec<Disagreement>,
}

/// A case on which the suite and the engine disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The id of the case, such as `http-state/0004`.
    pub id: String,
    /// What the suite expects, for a reader: octets are escaped.
    pub suite: String,
    /// What the engine does, for a reader.
    pub engine: String,
    /// The steps that decided, with their places in the specification; escaped.
    pub steps: Vec<String>,
}

/// Compares every active case and date of the suite in `folder` with the reference engine.
///
/// The folder is `tests/data` of a checkout of http-state, or one with `http-state.jsonl` and
/// `http-state-dates.jsonl`.
///
/// # Errors
/// [`ImportError`]: there is no such suite in the folder, or a file of it cannot be read.
pub fn cross_check(folder: &Path, profile: Profile) -> Result<CrossCheck, ImportError> {
    let Rows { exchanges, dates } = read::read(folder)?;
    let compared = exchanges.len() + dates.len();
    let mut disagreements = Vec::new();
    for exchange in exchanges {
        let operation = exchange.operation();
        let engine = match ask(&mut Reference::new(profile), &operation) {
            Answer::Ok(answer) => sent(&answer),
            other => format!("{other:?}"),
        };
        let suite = exchange.cookie.to_isomorphic();
        if suite != engine {
            disagreements.push(Disagreement::new(
                exchange.id,
                &suite,
                &engine,
                profile,
                &operation,
            ));
        }
    }
    for WrittenDate { id, date, expected } in dates {
        let read = |date: &Octets| parse_cookie_date(date.as_slice()).ok();
        let (suite, engine) = (expected.as_ref().and_then(read), read(&date));
        if suite != engine {
            let shown = |unix: Option<i64>| unix.map_or("no date".to_owned(), |it| it.to_string());
            let operation = Operation::ParseDate(ParseDate { date });
            let (suite, engine) = (shown(suite), shown(engine));
            disagreements.push(Disagreement::new(id, &suite, &engine, profile, &operation));
        }
    }
    Ok(CrossCheck { profile, compared, disagreements })
}

impl Exchange {
    fn operation(&self) -> Operation {
        let receive = Step::Receive {
            uri: self.request_url.clone(),
            set_cookie: self.set_cookie.clone(),
            context: Default::default(),
        };
        let send = Step::Send {
            at: "sent".to_owned(),
            uri: self.sent_url.clone(),
            context: Default::default(),
        };
        let config = JarConfig {
            public_suffixes: Suffixes::Rules(SUFFIXES.map(str::to_owned).into()),
            ..JarConfig::default()
        };
        Operation::Jar(JarProgram { now: self.now, config, steps: vec![receive, send] })
    }
}

/// The Cookie field of the one request, empty where there is none.
fn sent(answer: &Value) -> String {
    answer["obs"]["sent"]["header"].as_str().unwrap_or_default().to_owned()
}

impl Disagreement {
    fn new(id: String, suite: &str, engine: &str, profile: Profile, operation: &Operation) -> Self {
        let steps = trace(profile, operation)
            .into_iter()
            .filter_map(|traced| {
                let step = traced.events.last()?.step;
                let place = step.reference(profile)?;
                Some(format!("{}: {step} ({place})", traced.subject))
            })
            .collect();
        let shown = |text: &str| format!("\"{}\"", text.escape_debug());
        Self { id, suite: shown(suite), engine: shown(engine), steps }
    }
}

/// One line for each side, and one for each step that decided; the sum at the end.
impl fmt::Display for CrossCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let profile = self.profile;
        for Disagreement { id, suite, engine, steps } in &self.disagreements {
            writeln!(f, "{id} under {profile}\n  suite   {suite}\n  engine  {engine}")?;
            steps.iter().try_for_each(|step| writeln!(f, "  step    {step}"))?;
        }
        let (agreed, of) = (self.compared - self.disagreements.len(), self.compared);
        write!(f, "http-state and the reference engine under {profile} agree on {agreed} of {of}")
    }
}

#[cfg(test)]
mod tests;
