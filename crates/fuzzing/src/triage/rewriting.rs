//! Rewriting: the input is replaced by one that means the same to the reference engine by a rule. If
//! the target then answers like the engine, it did not follow that rule before.

use cookiespec_engine::{Profile, Step, set_cookie};
use cookiespec_report::Outcome;
use cookiespec_vectors::operation::{Operation, Step as JarStep};
use cookiespec_vectors::{Answer, Octets};
use serde_json::Value;

use super::classification::Divergence;
use super::date_rewriting;
use crate::finding::SpecReference;
use crate::octet_fields;
use crate::oracles::difference::{Comparison, Difference};
use crate::oracles::divergence::differences_from;
use crate::oracles::reference::Expected;
use crate::oracles::syntax::{split_pair, without_blanks};
use crate::subject::Subject;

/// The rule by which the input means the same as one on which subject and engine agree.
pub(super) fn rewriting(
    subject: &mut Subject,
    operation: &Operation,
    divergence: &Divergence,
) -> Option<SpecReference> {
    let profile = subject.profile;
    let candidates = same_meaning(profile, operation, divergence);
    let outcomes = subject.execute_supported(candidates.iter().map(|(candidate, _)| candidate));
    let about = subject.about();
    let agrees = |candidate: &Operation, outcome: Option<Outcome>| {
        let Some(Outcome::Answer(Answer::Ok(got))) = outcome else { return false };
        let expected = Expected::of(profile, candidate);
        let comparison = Comparison { operation: candidate, profile, about, expected: &expected };
        !differs_there(comparison, divergence, &got)
    };
    let mut confirmed: Vec<SpecReference> = Vec::new();
    for ((candidate, rule), outcome) in candidates.into_iter().zip(outcomes) {
        if agrees(&candidate, outcome) && !confirmed.contains(&rule) {
            confirmed.push(rule);
        }
    }
    single(confirmed)
}

/// Whether an answer differs from the reference engine's where a divergence is. A parser that takes a
/// string and one that does not differ everywhere.
pub(super) fn differs_there(
    comparison: Comparison<'_>,
    divergence: &Divergence,
    got: &Value,
) -> bool {
    let field = &*divergence.class.field;
    let is_there = |one: &Difference| {
        one.at == divergence.at && (one.field == field || [one.field, field].contains(&"cookie"))
    };
    differences_from(comparison, &comparison.expected.value, got)
        .map_or(true, |left| left.iter().any(is_there))
}

/// The one rule among those that would each do; a step rather than its whole section. If several
/// would do, none is confirmed.
fn single(mut rules: Vec<SpecReference>) -> Option<SpecReference> {
    let is_whole = |rule: &SpecReference| rule.step.is_empty();
    if let Some(whole) = rules.iter().find(|rule| is_whole(rule)).cloned() {
        let mut steps =
            rules.iter().filter(|rule| rule.section == whole.section && !is_whole(rule));
        let has_one = steps.next().is_some() && steps.next().is_none();
        rules.retain(|rule| rule.section != whole.section || is_whole(rule) != has_one);
    }
    if rules.len() > 1 { None } else { rules.pop() }
}

/// Other inputs that mean the same to the reference engine where the subject diverges, each with the
/// rule that says so.
pub(super) fn same_meaning(
    profile: Profile,
    operation: &Operation,
    divergence: &Divergence,
) -> Vec<(Operation, SpecReference)> {
    let before = meaning(profile, operation, divergence);
    let mut found = Vec::new();
    let fields = match operation {
        Operation::ParseDate(input) => vec![(0, input.date.clone())],
        _ => set_cookie_strings(operation),
    };
    let rewritten = match operation {
        Operation::ParseDate(_) => date_rewriting::rewritten,
        _ => rewritten,
    };
    for (field, octets) in fields {
        for (rewritten, rule) in rewritten(profile, octets.as_slice()) {
            let candidate = octet_fields::with(operation, field, rewritten);
            if meaning(profile, &candidate, divergence) == before {
                found.push((candidate, rule));
            }
        }
    }
    found
}

/// What the reference engine makes of an operation where a subject diverges.
pub(super) fn meaning(
    profile: Profile,
    operation: &Operation,
    divergence: &Divergence,
) -> Option<Value> {
    let expected = Expected::of(profile, operation);
    match &divergence.at {
        Some(at) => expected.observation(at).cloned(),
        None => Some(expected.value),
    }
}

/// The set-cookie-strings of an operation, with their indices among its octet strings.
pub(super) fn set_cookie_strings(operation: &Operation) -> Vec<(usize, Octets)> {
    let mut lines = Vec::new();
    match operation {
        Operation::ParseSetCookie(input) => lines.push((0, input.set_cookie.clone())),
        Operation::Jar(program) => {
            let mut field = 0;
            for step in &program.steps {
                let of_step = octet_fields::of_steps(std::slice::from_ref(step)).count();
                match step {
                    JarStep::Receive { set_cookie, .. } => {
                        let of_line =
                            |(line, octets): (usize, &Octets)| (field + 1 + line, octets.clone());
                        lines.extend(set_cookie.iter().enumerate().map(of_line));
                    }
                    JarStep::ScriptSet { value, .. } => lines.push((field + 1, value.clone())),
                    _ => {}
                }
                field += of_step;
            }
        }
        _ => {}
    }
    lines
}

/// Other set-cookie-strings that may mean the same, each with the rule that says so.
fn rewritten(profile: Profile, line: &[u8]) -> Vec<(Vec<u8>, SpecReference)> {
    let parts: Vec<&[u8]> = line.split(|octet| *octet == b';').collect();
    let mut events = Vec::new();
    // What is ignored has attributes nonetheless.
    let _ = set_cookie::parse_traced(line, profile, &mut events);
    let mut found = Vec::new();
    let pair = match split_pair(parts[0]) {
        Some((name, value)) => [without_blanks(name), without_blanks(value)].join(&b"="[..]),
        None => without_blanks(parts[0]).to_vec(),
    };
    let with = |index: usize, part: &[u8]| {
        let mut parts = parts.clone();
        parts[index] = part;
        parts.join(&b";"[..])
    };
    if pair != parts[0] {
        let text = "SP and HTAB around name and value are removed";
        found.push((with(0, &pair), SpecReference::at(profile, ("5.2", "4"), ("5.6", "4"), text)));
    }
    let mut start = parts[0].len() + 1;
    for (index, part) in parts.iter().enumerate().skip(1) {
        let mut of_part = events.iter().filter(|event| event.at == start).map(|event| event.step);
        let last = of_part.next_back();
        start += part.len() + 1;
        if let Some(rule) = last.and_then(|step| rule_of_removal(profile, step)) {
            let mut without = parts.clone();
            without.remove(index);
            found.push((without.join(&b";"[..]), rule));
        }
        let mut add = |part: Vec<u8>, rule| found.push((with(index, &part), rule));
        let (name, value) = split_pair(part).unwrap_or((part, &part[part.len()..]));
        let (name, value) = (without_blanks(name), without_blanks(value));
        // Each candidate differs from the part in one matter only.
        let text = "SP and HTAB around the name and the value of an attribute are removed";
        let rule = SpecReference::at(profile, ("5.2", "5"), ("5.6", "5"), text);
        let blank: &[u8] = if part.starts_with(b" ") { b" " } else { b"" };
        let equals: &[u8] = if part.contains(&b'=') { b"=" } else { b"" };
        add([blank, name, equals, value].concat(), rule);
        for (canonical, rule) in canonical_values(profile, last, value) {
            add(with_piece(part, value, &canonical), rule);
        }
        if matches!(last, Some(Step::SecureAppended | Step::HttpOnlyAppended)) {
            let text = "Secure and HttpOnly count whatever their value";
            let (rfc6265, bis) = match last {
                Some(Step::SecureAppended) => (("5.2.5", ""), ("5.6.5", "")),
                _ => (("5.2.6", ""), ("5.6.6", "")),
            };
            let end = part.iter().position(|octet| *octet == b'=').unwrap_or(part.len());
            add(part[..end].to_vec(), SpecReference::at(profile, rfc6265, bis, text));
        }
        if let Some(canonical) = last.and_then(canonical_name) {
            let text = "attribute-names match case-insensitively";
            let rule = SpecReference::at(profile, ("5.2", "6"), ("5.6", "7"), text);
            add(with_piece(part, name, canonical), rule);
        }
    }
    found.retain(|(rewritten, _)| rewritten != line);
    found
}

/// The octets with a piece of them replaced.
fn with_piece(octets: &[u8], piece: &[u8], other: &[u8]) -> Vec<u8> {
    let from = piece.as_ptr() as usize - octets.as_ptr() as usize;
    [&octets[..from], other, &octets[from + piece.len()..]].concat()
}

/// The rule by which the engine ignores an attribute.
fn rule_of_removal(profile: Profile, step: Step) -> Option<SpecReference> {
    let ignores = [
        Step::AttributeUnrecognized,
        Step::AttributeTooLong,
        Step::ExpiresUnparsable,
        Step::MaxAgeEmpty,
        Step::MaxAgeBadStart,
        Step::MaxAgeNotDigits,
        Step::DomainEmpty,
    ];
    ignores.contains(&step).then(|| SpecReference::of_step(profile, step))?
}

/// Simpler values of an attribute that mean the same, by the step that the engine took for it.
fn canonical_values(
    profile: Profile,
    step: Option<Step>,
    value: &[u8],
) -> Vec<(Vec<u8>, SpecReference)> {
    let section = |rfc6265, bis, text| SpecReference::at(profile, rfc6265, bis, text);
    match step {
        Some(Step::ExpiresAppended) => date_rewriting::rewritten(profile, value),
        Some(Step::DomainAppended) => {
            let without_dot = value.strip_prefix(b".").unwrap_or(value);
            vec![
                (
                    without_dot.to_vec(),
                    section(("5.2.3", ""), ("5.6.3", "2"), "one leading dot of Domain is removed"),
                ),
                (
                    value.to_ascii_lowercase(),
                    section(("5.2.3", ""), ("5.6.3", "3"), "Domain is converted to lower case"),
                ),
            ]
        }
        Some(Step::MaxAgeAppended) => {
            let digits: Vec<u8> = match value.split_first() {
                Some((b'-', _)) => b"0".to_vec(),
                _ => {
                    let from = value.iter().position(|octet| *octet != b'0');
                    from.map_or_else(|| b"0".to_vec(), |from| value[from..].to_vec())
                }
            };
            vec![(
                digits,
                section(("5.2.2", ""), ("5.6.2", "4"), "Max-Age is a decimal number of any size"),
            )]
        }
        _ => Vec::new(),
    }
}

/// The usual spelling of the name of an attribute that the engine recognised.
fn canonical_name(step: Step) -> Option<&'static [u8]> {
    Some(match step {
        Step::ExpiresAppended => b"Expires",
        Step::MaxAgeAppended => b"Max-Age",
        Step::DomainAppended => b"Domain",
        Step::PathAppended => b"Path",
        Step::SecureAppended => b"Secure",
        Step::HttpOnlyAppended => b"HttpOnly",
        Step::SameSiteAppended => b"SameSite",
        _ => return None,
    })
}
