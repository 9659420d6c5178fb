//! One browser and the suite.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cookiespec_agents::{Adapter, WalkOrigins};
use cookiespec_vectors::operation::{JarConfig, JarProgram, Step};
use cookiespec_vectors::{
    Answer, Case, Implementation, Judgement, Operation, Profile, Suite, Verdict, ask, judge,
};
use serde_json::{Value, json};

use super::site::Site;
use super::visitor::Visitor;

/// A browser that is taken through the cases.
pub(super) struct Session<'a> {
    site: &'a Site,
    adapter: Adapter,
    profile: Profile,
}

/// How a session ended.
pub(super) struct Summary {
    verdicts: BTreeMap<Verdict, usize>,
    /// Why it ended before the last case.
    broken_off: Option<String>,
}

impl<'a> Session<'a> {
    pub(super) fn new(site: &'a Arc<Site>, walk: &Arc<WalkOrigins>, profile: Profile) -> Self {
        let visitor = Visitor::new(Arc::clone(site));
        let adapter = Adapter::new(Box::new(visitor), Arc::clone(walk));
        Self { site, adapter, profile }
    }

    /// Runs every case for cookie stores that says something about the profile, and tells the start
    /// page each verdict.
    pub(super) fn run(mut self, suite: &Suite, ended: &AtomicBool) -> Summary {
        let mut summary = Summary { verdicts: BTreeMap::new(), broken_off: self.unfit() };
        let is_asked = |case: &&Case| {
            matches!(case.operation(), Operation::Jar(_))
                && case.expected_by(self.profile).next().is_some()
        };
        let cases: Vec<_> = suite.cases().iter().filter(is_asked).collect();
        self.site.tell("begin", json!({ "cases": cases.len(), "profile": self.profile.name() }));
        for case in cases {
            if summary.broken_off.is_none() {
                summary.broken_off = self.interruption(ended);
            }
            if summary.broken_off.is_some() {
                break;
            }
            let judgement = self.judgement(case);
            if self.site.is_stuck() {
                summary.broken_off = Some(STUCK.to_owned());
                break;
            }
            *summary.verdicts.entry(judgement.verdict).or_default() += 1;
            self.site.tell("case", shown(case, &judgement));
        }
        self.site.end(&summary.to_string());
        summary
    }

    fn judgement(&mut self, case: &Case) -> Judgement {
        let about = self.adapter.about();
        let answer = ask(&mut self.adapter, case.operation());
        judge(case, self.profile, &about, &answer)
    }

    /// Why no further case can be run.
    fn interruption(&self, ended: &AtomicBool) -> Option<String> {
        if ended.load(Ordering::Relaxed) {
            return Some("ended by Ctrl-C".to_owned());
        }
        (!self.site.is_watched()).then(|| "the start page was closed".to_owned())
    }

    /// Why the browser cannot be tested at all: it must keep cookies, and a page must be able to
    /// empty its store of all kinds of them, or one case would disturb the next.
    fn unfit(&mut self) -> Option<String> {
        let lines = [
            "host=1",
            "deep=1; Path=/deep",
            "wide=1; Domain=fitness.test",
            "secure=1; Secure; HttpOnly",
            "kept=1; Max-Age=86400",
        ];
        let set_cookie = lines.map(Into::into).to_vec();
        let filled = [
            Step::Receive { uri: DEEP.into(), set_cookie, context: Default::default() },
            sent("deep", DEEP),
        ];
        let emptied = [sent("deep", DEEP), sent("plain", PLAIN), sent("wide", WIDE)];
        match self.cookies(filled.to_vec()) {
            Err(what) => return Some(format!("{what}; does the browser trust the authority?")),
            Ok(cookies) if cookies.is_empty() => {
                return Some("the browser keeps no cookies".to_owned());
            }
            Ok(_) => {}
        }
        match self.cookies(emptied.to_vec()) {
            Err(what) => Some(what),
            Ok(cookies) if cookies.is_empty() => None,
            Ok(cookies) => Some(format!(
                "a page cannot empty the cookie store of this browser by Clear-Site-Data: {} is left",
                cookies.join(" and ")
            )),
        }
    }

    /// The Cookie fields that the browser sends in a program, escaped.
    fn cookies(&mut self, steps: Vec<Step>) -> Result<Vec<String>, String> {
        let program = JarProgram { now: 0, config: JarConfig::default(), steps };
        match ask(&mut self.adapter, &Operation::Jar(program)) {
            Answer::Ok(value) => {
                let observed = value["obs"].as_object().into_iter().flat_map(|it| it.values());
                let headers = observed.map(|it| &it["header"]).filter(|it| !it.is_null());
                Ok(headers.map(Value::to_string).collect())
            }
            Answer::Unsupported { need } => Err(need),
            Answer::Error { message } => Err(message),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}"));
        let counts = counts.collect::<Vec<_>>().join(", ");
        match &self.broken_off {
            None => f.write_str(&counts),
            Some(what) if counts.is_empty() => write!(f, "No case was run: {what}."),
            Some(what) => write!(f, "{counts}; not complete: {what}."),
        }
    }
}

fn sent(at: &str, uri: &str) -> Step {
    Step::Send { at: at.to_owned(), uri: uri.into(), context: Default::default() }
}

/// What the start page shows of a case.
fn shown(case: &Case, judgement: &Judgement) -> Value {
    let missed = judgement.checks.iter().filter_map(|check| {
        let mismatch = check.mismatch.as_ref()?;
        let at = check.at.as_deref().unwrap_or_default();
        Some(json!({ "level": check.level, "at": at, "want": mismatch.want, "got": mismatch.got }))
    });
    json!({
        "id": case.id,
        "title": case.title,
        "verdict": judgement.verdict.to_string(),
        "note": judgement.note,
        "missed": missed.collect::<Vec<_>>(),
    })
}

const STUCK: &str = "the browser does not open the pages that empty its cookie store";
const DEEP: &str = "https://www.fitness.test/deep";
const PLAIN: &str = "http://www.fitness.test/deep";
const WIDE: &str = "https://other.fitness.test/";
