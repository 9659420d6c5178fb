//! The suite of the IETF's http-state working group, put to the reference engine.
//!
//! The suite is not part of this project. Where `COOKIESPEC_FOREIGN_DATA` names a folder with
//! `http-state.jsonl`, `http-state-dates.jsonl` and `http-state-bis-delta.jsonl`, it is run;
//! elsewhere the trials are ignored, and their name says what is missing.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use cookiespec_engine::date::parse_cookie_date;
use cookiespec_vectors::operation::{JarConfig, JarProgram, Step, Suffixes};
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{Answer, Octets, Operation, Profile, ask};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

const FOLDER: &str = "COOKIESPEC_FOREIGN_DATA";

/// Its file of expectations holds Set-Cookie lines instead of a Cookie line.
const CORRUPT: &str = "http-state/0028";

/// A trial's name and what it does with the folder.
type FolderTest = (&'static str, fn(&Path) -> Result<(), Failed>);

fn main() {
    let folder = env::var_os(FOLDER).map(PathBuf::from);
    let trials: [FolderTest; 3] = [
        ("rfc6265_passes_every_active_case", rfc6265_passes_every_active_case),
        ("rfc6265bis_differs_where_a_rule_says_so", rfc6265bis_differs_where_a_rule_says_so),
        ("every_date_is_read", every_date_is_read),
    ];
    let trials = trials.map(|(name, test)| {
        let missing = if folder.is_some() { "" } else { "needs_COOKIESPEC_FOREIGN_DATA::" };
        let folder = folder.clone();
        Trial::test(format!("{missing}http_state::{name}"), move || {
            test(folder.as_deref().ok_or("COOKIESPEC_FOREIGN_DATA is not set")?)
        })
        .with_ignored_flag(!missing.is_empty())
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit();
}

fn rfc6265_passes_every_active_case(folder: &Path) -> Result<(), Failed> {
    let mut total = 0;
    let mut wrong = Vec::new();
    for case in rows(folder, "http-state.jsonl")? {
        let id = text(&case, "id")?;
        if text(&case, "status")? != "active" || id == CORRUPT {
            continue;
        }
        total += 1;
        let want = text(&case, "expected_cookie_header")?;
        let got = cookie_header(&case, Profile::Rfc6265)?;
        if got != Octets::from(want) {
            wrong.push(format!("{id}: want {want:?}, got {got}"));
        }
    }
    report("http-state under rfc6265", total, &wrong)
}

/// Each difference is listed with the rule that makes it, and no listed one is missing.
fn rfc6265bis_differs_where_a_rule_says_so(folder: &Path) -> Result<(), Failed> {
    let mut explained = HashMap::new();
    for row in rows(folder, "http-state-bis-delta.jsonl")? {
        explained.insert(text(&row, "id")?.to_owned(), text(&row, "expected_6265bis")?.to_owned());
    }
    let mut total = 0;
    let mut wrong = Vec::new();
    for case in rows(folder, "http-state.jsonl")? {
        let id = text(&case, "id")?;
        if text(&case, "status")? != "active" {
            continue;
        }
        total += 1;
        let want = match explained.get(id) {
            Some(want) => want,
            None => text(&case, "expected_cookie_header")?,
        };
        let got = cookie_header(&case, Profile::Rfc6265bis)?;
        if got != Octets::from(want) {
            wrong.push(format!("{id}: want {want:?}, got {got}"));
        }
    }
    report("http-state under rfc6265bis, with its explained differences", total, &wrong)
}

/// The suite writes the instant it expects as an IMF-fixdate, or nothing.
fn every_date_is_read(folder: &Path) -> Result<(), Failed> {
    let mut total = 0;
    let mut wrong = Vec::new();
    for row in rows(folder, "http-state-dates.jsonl")? {
        total += 1;
        let date = text(&row, "test")?;
        let want = row["expected"].as_str().map(|date| parse_cookie_date(date.as_bytes()));
        let got = parse_cookie_date(date.as_bytes());
        if want.and_then(Result::ok) != got.ok() {
            wrong.push(format!("{date:?}: want {want:?}, got {got:?}"));
        }
    }
    report("http-state dates", total, &wrong)
}

fn report(what: &str, total: usize, wrong: &[String]) -> Result<(), Failed> {
    println!("{what}: {} of {total}", total - wrong.len());
    if total > 0 && wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn rows(folder: &Path, file: &str) -> Result<Vec<Value>, Failed> {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn text<'a>(row: &'a Value, member: &str) -> Result<&'a str, Failed> {
    Ok(row[member].as_str().ok_or_else(|| format!("no text {member:?} in {row}"))?)
}

/// What the reference engine sends back in a case; empty where it sends no Cookie field.
fn cookie_header(case: &Value, profile: Profile) -> Result<Octets, Failed> {
    let lines = case["set_cookie"].as_array().ok_or("no list \"set_cookie\"")?;
    let receive = Step::Receive {
        uri: text(case, "request_url")?.into(),
        set_cookie: lines.iter().filter_map(Value::as_str).map(Octets::from).collect(),
        context: Default::default(),
    };
    let send = Step::Send {
        at: "sent".to_owned(),
        uri: text(case, "sent_url")?.into(),
        context: Default::default(),
    };
    let public_suffixes = ["com", "org", "net", "test", "co.uk"].map(str::to_owned);
    let program = JarProgram {
        now: unix_seconds(text(case, "now")?)?,
        config: JarConfig {
            public_suffixes: Suffixes::Rules(public_suffixes.into()),
            ..JarConfig::default()
        },
        steps: vec![receive, send],
    };
    match ask(&mut Reference::new(profile), &Operation::Jar(program)) {
        Answer::Ok(value) => {
            let header = &value["obs"]["sent"]["header"];
            Ok(Octets::from_isomorphic(header.as_str().unwrap_or_default())?)
        }
        other => Err(format!("{}: {other:?}", case["id"]).into()),
    }
}

/// `2011-04-01T00:00:00Z`, by way of a cookie-date.
fn unix_seconds(timestamp: &str) -> Result<i64, Failed> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (day, time) = timestamp.trim_end_matches('Z').split_once('T').ok_or("no time")?;
    let [year, month, day] = day.split('-').collect::<Vec<_>>()[..] else {
        return Err(format!("{timestamp} is no timestamp").into());
    };
    let month = MONTHS.get(month.parse::<usize>()?.wrapping_sub(1)).ok_or("no month")?;
    Ok(parse_cookie_date(format!("{day} {month} {year} {time}").as_bytes())?)
}
