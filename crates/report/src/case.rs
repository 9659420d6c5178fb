//! A case and its outcomes in words, line by line, with every octet escaped.

use cookiespec_vectors::operation::{Api, Context, ExchangeStep, Hop, Navigate, Step};
use cookiespec_vectors::{
    Answer, Case, Catalogue, Judgement, Mismatch, Octets, Operation, Profile, show,
};
use serde_json::{Value, json};

use crate::bounds::{KEPT_TEXT, shortened};
use crate::escaping::Escaped;
use crate::model::{Outcome, TargetReport};
use crate::words;

/// Whom a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// People: patterns are in words, and a time has its date beside it.
    Words,
    /// Programs: values and patterns are as they stand in the case and in the answer.
    Values,
}

/// The input: a line for each member, or for each step of a program.
pub fn inputs(case: &Case) -> Vec<String> {
    match case.operation() {
        Operation::Jar(program) => {
            let mut lines = vec![format!("now      {}", show::time(program.now))];
            if !program.config.is_default() {
                lines.push(format!("config   {}", show::value(&json!(program.config))));
            }
            lines.extend(program.steps.iter().flat_map(step));
            lines
        }
        Operation::Exchange(program) => program.steps.iter().flat_map(exchange_step).collect(),
        operation => members(&operation.input(), Wording::Words),
    }
}

/// What the profile expects: a line for each check.
pub fn expectations(case: &Case, profile: Profile) -> Vec<String> {
    case.expected_by(profile)
        .map(|expectation| {
            let place = words::place(expectation.at.as_deref(), "");
            let at = if place.is_empty() { place } else { format!(", at {place}") };
            format!("{}{at}: {}", expectation.level, words::pattern(&expectation.is))
        })
        .collect()
}

/// The requirements behind the expectations: each citation, with the text of the requirement on a
/// line of its own, indented by two spaces.
pub fn citations(case: &Case, profile: Profile) -> Vec<String> {
    let cited = case.spec.iter().filter(|citation| citation.concerns(profile));
    cited
        .flat_map(|citation| {
            let requirement = Catalogue::embedded().find(&citation.req);
            let clause = requirement.and_then(|requirement| requirement.clause_in(&citation.doc));
            let text = clause.map(|clause| format!("  {}", clause.text));
            std::iter::once(Escaped(&citation.to_string()).to_string()).chain(text)
        })
        .collect()
}

/// The answer of a target: a line for each member, or for each observation.
pub fn answer(answer: &Answer, wording: Wording) -> Vec<String> {
    match answer {
        Answer::Ok(value) => members(value.get("obs").unwrap_or(value), wording),
        Answer::Unsupported { need } => vec![format!("unsupported: {}", Escaped(need))],
        Answer::Error { message } => vec![format!("error: {}", Escaped(message))],
    }
}

/// The outcome of a case: the answer, or what happened instead.
pub fn outcome(outcome: &Outcome, wording: Wording) -> Vec<String> {
    match outcome {
        Outcome::Answer(given) => answer(given, wording),
        Outcome::Oversized(oversized) => vec![oversized.to_string()],
        Outcome::Failure(failure) => {
            let first = format!("{}: {}", failure.verdict, Escaped(&failure.what));
            let stderr = failure.stderr.lines().map(|line| format!("stderr: {}", Escaped(line)));
            std::iter::once(first).chain(stderr).collect()
        }
        Outcome::Varies(variants) => {
            let variants = variants.iter().enumerate().flat_map(|(index, variant)| {
                let first = (index > 0).then(|| "or".to_owned());
                first.into_iter().chain(self::outcome(variant, wording))
            });
            variants.collect()
        }
        Outcome::NotRun => vec!["not run".to_owned()],
    }
}

/// The differences from the expectations: a line for each check that is missed, after the note on
/// the complete answer.
pub fn differences(
    case: &Case,
    profile: Profile,
    judgement: &Judgement,
    wording: Wording,
) -> Vec<String> {
    let note = judgement.note.iter().map(|note| Escaped(note).to_string());
    let missed = judgement.checks.iter().filter_map(|check| {
        let mismatch = check.mismatch.as_ref()?;
        let Mismatch { path, want, got } = mismatch;
        let (place, want, got) = match wording {
            Wording::Words => {
                let place = words::place(check.at.as_deref(), path);
                (place, words::want(case, profile, mismatch), words::got(mismatch))
            }
            Wording::Values => {
                let words = [check.at.as_deref().unwrap_or(""), path];
                let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
                (Escaped(&words.join(" ")).to_string(), want.clone(), got.clone())
            }
        };
        let place = if place.is_empty() { place } else { format!("at {place}: ") };
        let (want, got) = (Escaped(&want), Escaped(&got));
        Some(format!("{} {}: {place}want {want}, got {got}", check.level, check.verdict))
    });
    note.chain(missed).collect()
}

/// The command that runs the case on the target again.
pub fn again(case: &Case, profile: Profile, target: &TargetReport) -> String {
    let (id, selector) = (Escaped(&case.id), Escaped(&target.selector));
    format!("cookiespec run --profile {profile} --only {id} {selector}")
}

fn members(value: &Value, wording: Wording) -> Vec<String> {
    let shown = |name: &str, member: &Value| match wording {
        Wording::Words => words::value(name, member),
        Wording::Values => show::value(member),
    };
    match value {
        Value::Object(members) if !members.is_empty() => {
            // Names come from targets: one that is far longer than any pads no other.
            let width = members.keys().map(|name| name.chars().count()).max().unwrap_or(0);
            let width = width.min(WIDEST_NAME);
            members
                .iter()
                .map(|(name, member)| {
                    let shown = shown(name, member);
                    let name = shortened(Escaped(name).to_string(), KEPT_TEXT);
                    format!("{name:<width$}  {shown}")
                })
                .collect()
        }
        other => vec![shown("", other)],
    }
}

/// The widest name of a member that others are aligned with, in characters.
const WIDEST_NAME: usize = 40;

fn step(step: &Step) -> Vec<String> {
    match step {
        Step::Receive { uri, set_cookie, context } => {
            let first = format!("receive  {}{}", octets(uri), circumstances(context));
            let fields = set_cookie.iter();
            std::iter::once(first)
                .chain(fields.map(|line| format!("           Set-Cookie {}", octets(line))))
                .collect()
        }
        Step::Send { at, uri, context } => {
            vec![format!("send     {}{} → {at}", octets(uri), circumstances(context))]
        }
        Step::Advance { secs } => vec![format!("advance  {secs} s")],
        Step::Restart => vec!["restart".to_owned()],
        Step::ScriptSet { uri, value, context } => vec![format!(
            "script   {}{}: document.cookie = {}",
            octets(uri),
            circumstances(context),
            octets(value)
        )],
        Step::ScriptGet { at, uri, context } => vec![format!(
            "script   {}{}: document.cookie → {at}",
            octets(uri),
            circumstances(context)
        )],
        Step::Dump { at } => vec![format!("dump     → {at}")],
        Step::Configure { config } => vec![format!("config   {}", show::value(&json!(config)))],
    }
}

fn exchange_step(step: &ExchangeStep) -> Vec<String> {
    match step {
        ExchangeStep::Navigate(navigate) => navigation(navigate),
        ExchangeStep::Restart => vec!["restart".to_owned()],
        ExchangeStep::Save => vec!["save".to_owned()],
        ExchangeStep::Load => vec!["load".to_owned()],
        ExchangeStep::Clone => vec!["clone".to_owned()],
    }
}

/// What the caller gives, and then each request that is expected, with its response.
fn navigation(navigate: &Navigate) -> Vec<String> {
    let Navigate { uri, method, fields, cookies, .. } = navigate;
    let mut lines = vec![format!("navigate {} {}", Escaped(method), octets(uri))];
    lines.extend(fields.iter().map(|field| format!("           with {}", field_line(field))));
    let pair = |(name, value): &(Octets, Octets)| format!("{}={}", octets(name), octets(value));
    lines.extend(cookies.iter().map(|cookie| format!("           with cookie {}", pair(cookie))));
    for (uri, hop) in navigate.requests() {
        let at = hop.at.as_ref().map(|at| format!(" → {}", Escaped(at))).unwrap_or_default();
        let method = hop.method.as_ref().map(|it| format!("{} ", Escaped(it))).unwrap_or_default();
        lines.push(format!("request  {method}{}{at}", octets(uri)));
        lines.extend(response(hop));
    }
    lines
}

fn response(hop: &Hop) -> Vec<String> {
    let Hop { status, fields, interim, trailers, .. } = hop;
    let with = |line: &(Octets, Octets)| format!("           {}", field_line(line));
    let mut lines = Vec::new();
    for interim in interim {
        lines.push(format!("         {}", interim.status));
        lines.extend(interim.fields.iter().map(with));
    }
    lines.push(format!("         {status}"));
    lines.extend(fields.iter().map(with));
    lines.extend(trailers.iter().map(|line| format!("           trailer {}", field_line(line))));
    lines
}

fn field_line((name, value): &(Octets, Octets)) -> String {
    format!("{} {}", Escaped(&name.to_isomorphic()), octets(value))
}

/// How a request differs from a same-site top-level GET over HTTP.
fn circumstances(context: &Context) -> String {
    let mut words = Vec::new();
    if !context.same_site {
        words.push("cross-site".to_owned());
    }
    if !context.top_level {
        words.push("not top-level".to_owned());
    }
    if context.method != "GET" {
        words.push(Escaped(&context.method).to_string());
    }
    if context.api == Api::Script {
        words.push("non-HTTP API".to_owned());
    }
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

fn octets(octets: &Octets) -> String {
    show::value(&json!(octets))
}
