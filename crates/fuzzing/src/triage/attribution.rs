//! Attribution: which rule of the specification a target breaks in a divergence, if that can be
//! confirmed. The input is minimal, so that what it has matters; but a step that the reference
//! engine takes on it need not be the one that the target takes otherwise. A rule is cited
//!
//! 1. where the operation, or the property that is violated, is that rule;
//! 2. where a model that breaks it, and no other rule, answers like the target, and does so on
//!    variations of the input (`likeness`);
//! 3. where the target keeps what the engine ignores by it (`proof`);
//! 4. where the target answers like the engine once the input is rewritten to another one that
//!    means the same by it (`rewriting`).

use std::collections::BTreeSet;

use cookiespec_engine::Profile;
use cookiespec_report::Outcome;
use cookiespec_vectors::operation::{JarProgram, Operation};
use cookiespec_vectors::{Answer, Level, Octets};
use serde_json::Value;

use super::classification::Divergence;
use super::exchange_rules;
use super::likeness::{is_explicable, likeness};
use super::proof::{Proof, proof};
use super::rewriting::rewriting;
use crate::finding::identity::Kind;
use crate::finding::{Likeness, SpecReference};
use crate::octet_fields;
use crate::oracles::difference::{LOST_TO_NEIGHBOURS, member};
use crate::oracles::property::request::attributes;
use crate::oracles::reference::Expected;
use crate::oracles::relation;
use crate::oracles::syntax::follows_grammar;
use crate::subject::Subject;
use crate::time_limit::TimeLimit;

/// What is confirmed about the cause of a divergence.
#[derive(Clone, Debug, Default)]
pub(super) struct Attribution {
    pub(super) rule: Option<SpecReference>,
    pub(super) like: Option<Likeness>,
}

/// Attributes a divergence of a subject. `original` is the input before it was minimised; `known`
/// are the models that are the cause of other findings; once the time is over no model is looked for.
pub(super) fn attribute(
    subject: &mut Subject,
    operation: &Operation,
    original: &Operation,
    divergence: &Divergence,
    known: &BTreeSet<String>,
    time_limit: TimeLimit,
) -> Attribution {
    if !is_explicable(divergence) {
        return Attribution::default();
    }
    let Some(Some(Outcome::Answer(Answer::Ok(got)))) = subject.execute_supported([operation]).pop()
    else {
        return Attribution::default();
    };
    let profile = subject.profile;
    let expected = Expected::of(profile, operation);
    let (like, broken) =
        match likeness(subject, operation, original, divergence, &got, known, time_limit) {
            Some((like, rule)) => (Some(like), rule),
            None => (None, None),
        };
    let by_definition = by_definition(profile, operation, divergence);
    let rule = match operation {
        Operation::FormatSetCookie(_) if divergence.class.kind != Kind::Property => {
            broken_by_writing(profile, &got, broken)
        }
        Operation::ParseSetCookie(_) | Operation::Jar(_) => {
            by_definition.or(broken).or_else(|| {
                match proof(profile, operation, &expected, divergence) {
                    Some(Proof { rule, ignores_cookie: true }) => Some(rule),
                    proof => rewriting(subject, operation, divergence).or(proof.map(|it| it.rule)),
                }
            })
        }
        Operation::Exchange(_) => exchange_rules::rule(profile, &divergence.class.field),
        _ => by_definition,
    };
    Attribution { rule, like }
}

/// The rule that the operation or the violated property consists of.
fn by_definition(
    profile: Profile,
    operation: &Operation,
    divergence: &Divergence,
) -> Option<SpecReference> {
    let section = |rfc6265, bis, text| Some(SpecReference::at(profile, rfc6265, bis, text));
    let is_property = divergence.class.kind == Kind::Property;
    match operation {
        Operation::ParseDate(_) => section(("5.1.1", ""), ("5.1.1", ""), "a cookie-date is parsed"),
        Operation::MatchDomain(_) => {
            section(("5.1.3", ""), ("5.1.3", ""), "a host domain-matches a domain")
        }
        Operation::MatchPath(_) => {
            section(("5.1.4", ""), ("5.1.4", ""), "a request-path path-matches a cookie-path")
        }
        Operation::DefaultPath(_) => {
            section(("5.1.4", ""), ("5.1.4", ""), "the default-path of a request is found")
        }
        Operation::ParseCookie(_) if !is_property && divergence.level <= Level::Should => {
            let is_changed = relation::NAMES.contains(&&*divergence.class.difference);
            section(("4.2.2", ""), ("4.2.2", ""), if is_changed { SAME_PAIR } else { EACH_PAIR })
        }
        _ if !is_property => None,
        Operation::Jar(program)
            if divergence.class.difference == "sent across a public suffix"
                && !sets_a_domain(program) =>
        {
            section(
                ("5.4", "1"),
                ("5.8.3", "3"),
                "a cookie with the host-only-flag is sent to its own host alone",
            )
        }
        _ => of_property(profile, &divergence.class.difference),
    }
}

/// Whether some line of a program has a Domain attribute.
fn sets_a_domain(program: &JarProgram) -> bool {
    octet_fields::set_cookie_strings(program).any(|line| {
        attributes(line.as_slice()).any(|(name, _)| name.eq_ignore_ascii_case(b"Domain"))
    })
}

/// The rule behind a property.
fn of_property(profile: Profile, difference: &str) -> Option<SpecReference> {
    let section = |rfc6265, bis, text| Some(SpecReference::at(profile, rfc6265, bis, text));
    match difference {
        "sent to a foreign host" => section(
            ("5.1.3", ""),
            ("5.1.3", ""),
            "a host domain-matches itself and, unless it is an IP address, the domains above it",
        ),
        "sent across a public suffix" => section(
            ("5.3", "5"),
            ("5.7", "9.3"),
            "a cookie whose Domain is a public suffix, and not the host itself, is ignored",
        ),
        "sent though nobody set it" => {
            section(("5.4", "1"), ("5.8.3", "3"), "the cookies sent are those of the cookie store")
        }
        "secure cookie over http" => section(
            ("5.4", "1"),
            ("5.8.3", "3"),
            "a cookie with the secure-only-flag is sent over secure connections only",
        ),
        // Such a cookie has the secure-only-flag, or was ignored.
        "__Secure- cookie over http" => section(
            ("5.3", ""),
            ("5.7", "20"),
            "a cookie called __Secure- is ignored unless it has Secure",
        ),
        "line break sent" => section(
            ("5.4", "4"),
            ("5.8.3", "6"),
            "the cookie-list is serialised to a cookie-string",
        ),
        "attribute injected" | "other name written" | "line break written" | "NUL written" => {
            section(
                ("4.1.1", ""),
                ("4.1.1", ""),
                "no part of a cookie has a control character or a \";\", and its name is a token",
            )
        }
        "smuggled in" | "swallows what follows" => section(
            ("4.2.1", ""),
            ("4.2.1", ""),
            "cookie-pairs are separated by \"; \" and by nothing else",
        ),
        LOST_TO_NEIGHBOURS => section(("4.2.2", ""), ("4.2.2", ""), EACH_PAIR),
        // RFC 6265 has no name prefixes.
        prefix if prefix.starts_with("prefix taken on") && profile == Profile::Rfc6265bis => {
            section(
                ("4.1.3", ""),
                ("4.1.3", ""),
                "a name prefix promises what the user agent has enforced for that name",
            )
        }
        _ => None,
    }
}

/// What a Cookie field means to a server.
const EACH_PAIR: &str = "each cookie-pair of a Cookie field is a cookie";
/// What a cookie-pair means to a server.
const SAME_PAIR: &str = "a cookie-pair has the name and the value that the user agent received";

/// The rule that a written set-cookie-string breaks. What is not asked for but follows the grammar
/// breaks none.
fn broken_by_writing(
    profile: Profile,
    got: &Value,
    broken: Option<SpecReference>,
) -> Option<SpecReference> {
    let line: Option<Octets> = member(got, "set_cookie").ok()?;
    let is_grammatical = follows_grammar(line?.as_slice(), profile);
    let is_grammar = |rule: &SpecReference| rule.section == "4.1.1";
    match broken {
        Some(rule) if is_grammar(&rule) && is_grammatical => None,
        Some(rule) => Some(rule),
        None if is_grammatical => None,
        None => {
            let text = "a set-cookie-string follows the grammar";
            Some(SpecReference::at(profile, ("4.1.1", ""), ("4.1.1", ""), text))
        }
    }
}
