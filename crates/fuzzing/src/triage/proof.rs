//! Proof: a target keeps or sends what the reference engine ignores or leaves out by a step of the
//! specification. Whatever else it does, it does not take that step.

use cookiespec_engine::{Profile, Step};
use cookiespec_vectors::operation::{JarProgram, Operation, Step as JarStep, Suffixes};

use super::classification::Divergence;
use crate::finding::SpecReference;
use crate::finding::identity::Kind;
use crate::octet_fields;
use crate::oracles::difference::EXTRA_COOKIE;
use crate::oracles::reference::{Expected, Located};
use crate::oracles::syntax::{cookie_string_of, name_of};

/// A step that the subject did not take.
#[derive(Clone, Debug)]
pub(super) struct Proof {
    pub(super) rule: SpecReference,
    /// Whether the step ignores the cookie whatever it says; otherwise the subject may have read
    /// the cookie in another way than the engine, and taken the step for what it read.
    pub(super) ignores_cookie: bool,
}

/// The step that the subject did not take.
pub(super) fn proof(
    profile: Profile,
    operation: &Operation,
    expected: &Expected,
    divergence: &Divergence,
) -> Option<Proof> {
    let (step, ignores_cookie) = match operation {
        Operation::ParseSetCookie(_) => (of_field(expected, divergence)?, true),
        Operation::Jar(program) => {
            let step = of_cookie(profile, program, expected, divergence)?;
            (step, IGNORING.contains(&step) && step != Step::CookieExpired)
        }
        _ => return None,
    };
    Some(Proof { rule: SpecReference::of_step(profile, step)?, ignores_cookie })
}

/// For a field that the subject reports although the engine ignores what it may come from.
fn of_field(expected: &Expected, divergence: &Divergence) -> Option<Step> {
    let (field, difference) = (&divergence.class.field[..], &divergence.class.difference[..]);
    // No step of the parser ignores a string without name and value; the store ignores the cookie.
    let is_ignored = expected.steps().any(|step| IGNORING_STRING.contains(&step));
    if (field, difference) == ("cookie", "accepted") && !is_ignored {
        return Some(Step::NameAndValueEmpty);
    }
    let (ignoring, appending): (&[Step], Option<Step>) = match (field, difference) {
        ("cookie", "accepted") => (IGNORING_STRING, None),
        ("expires", "found") => (&[Step::ExpiresUnparsable], Some(Step::ExpiresAppended)),
        ("max_age", "found") => (
            &[Step::MaxAgeEmpty, Step::MaxAgeBadStart, Step::MaxAgeNotDigits],
            Some(Step::MaxAgeAppended),
        ),
        _ => return None,
    };
    let mut ignored = expected.steps().filter(|step| ignoring.contains(step));
    let step = ignored.next()?;
    // If there are several, each may be the one.
    (ignored.next().is_none() && !appending.is_some_and(|step| expected.took(step))).then_some(step)
}

/// For a cookie that the subject sends although the engine does not.
fn of_cookie(
    profile: Profile,
    program: &JarProgram,
    expected: &Expected,
    divergence: &Divergence,
) -> Option<Step> {
    let is_extra = divergence.class.kind == Kind::Property
        || EXTRA_COOKIE.contains(&&*divergence.class.difference);
    let cookie = divergence.cookie.as_ref().filter(|_| is_extra)?.as_slice();
    let at = divergence.at.as_deref()?;
    let located = expected.located(program, Some(at));
    // The cookie has to come from one line.
    let is_from = |one: &&Located<'_>| {
        one.line.as_ref().is_some_and(|line| cookie_string_of(line.as_slice()) == cookie)
    };
    let has_its_name = |one: &&Located<'_>| {
        let line = one.line.as_ref();
        line.is_some_and(|line| name_of(&cookie_string_of(line.as_slice())) == name_of(cookie))
    };
    let sources: Vec<_> = match located.iter().filter(is_from).collect::<Vec<_>>() {
        // The value may have been changed on the way.
        none if none.is_empty() => located.iter().filter(has_its_name).collect(),
        some => some,
    };
    let [source] = sources[..] else { return None };
    let events = |one: &Located<'_>| -> Vec<Step> {
        one.traced.events.iter().map(|event| event.step).collect()
    };
    let stored = events(source);
    if let Some(last) = stored.last()
        && IGNORING.contains(last)
    {
        let Some(repaired) = repaired(program, *last) else { return Some(*last) };
        let expected = Expected::of(profile, &Operation::Jar(repaired));
        let still = expected.steps().rfind(|step| IGNORING.contains(step));
        return match still {
            None => Some(*last),
            // Whether a public suffix is refused is for the user agent to say, the other step is not.
            Some(other) if *last == Step::PublicSuffixRefused => Some(other),
            Some(_) => None,
        };
    }
    let lines = located.iter().filter(|one| one.line.is_some()).count();
    let is_stored = stored.contains(&Step::CookieInserted);
    if !is_stored || lines != 1 {
        return None;
    }
    // The only cookie: what the request leaves out is this one.
    let request = events(located.iter().rev().find(|one| one.line.is_none())?);
    let left_out = request.iter().find(|step| LEAVING_OUT.contains(step));
    if let Some(step) = left_out {
        return Some(*step);
    }
    let mut in_time = program.clone();
    in_time.steps.retain(|step| !matches!(step, JarStep::Advance { .. }));
    let in_time = Expected::of(profile, &Operation::Jar(in_time));
    let is_persistent =
        stored.contains(&Step::PersistentByMaxAge) || stored.contains(&Step::PersistentByExpires);
    let is_sent_in_time = in_time
        .observation(at)
        .is_some_and(|sent| sent != expected.observation(at).unwrap_or_default());
    (is_persistent && is_sent_in_time).then_some(Step::CookieExpired)
}

/// The program in circumstances in which a step does not ignore a cookie, if it depends on them.
fn repaired(program: &JarProgram, step: Step) -> Option<JarProgram> {
    let mut program = program.clone();
    match step {
        Step::PublicSuffixRefused => program.config.public_suffixes = Suffixes::NoRejection,
        Step::SecureFromNonSecure | Step::SecureOverlay => {
            let uris = program.steps.iter_mut().filter_map(octet_fields::uri_mut);
            for uri in uris {
                if let Some(rest) = uri.as_slice().strip_prefix(b"http:") {
                    *uri = [b"https:", rest].concat().into();
                }
            }
        }
        _ => return None,
    }
    Some(program)
}

/// The steps that ignore a set-cookie-string while it is parsed.
const IGNORING_STRING: &[Step] =
    &[Step::ControlCharacter, Step::NoEqualsSign, Step::EmptyName, Step::PairTooLong];

/// The steps that ignore a received cookie.
const IGNORING: &[Step] = &[
    Step::ControlCharacter,
    Step::NoEqualsSign,
    Step::EmptyName,
    Step::PairTooLong,
    Step::CookiesDisabled,
    Step::NameAndValueEmpty,
    Step::DomainNotAscii,
    Step::HostNotCanonical,
    Step::PublicSuffixRefused,
    Step::DomainMismatch,
    Step::SecureFromNonSecure,
    Step::HttpOnlyFromScript,
    Step::SecureOverlay,
    Step::CrossSiteScript,
    Step::CrossSiteRequest,
    Step::SameSiteNoneNotSecure,
    Step::SecurePrefixBroken,
    Step::HostPrefixBroken,
    Step::NamelessPrefix,
    Step::HttpOnlyProtected,
    Step::CookieExpired,
];

/// The steps that leave a cookie out of a request.
const LEAVING_OUT: &[Step] = &[
    Step::RetrievalHostNotCanonical,
    Step::NowPublicSuffix,
    Step::PathMismatch,
    Step::SecureLeftOut,
    Step::HttpOnlyLeftOut,
    Step::CrossSiteLeftOut,
];
