//! Checks of what a case does with time.

use cookiespec_engine::set_cookie::{ParsedSetCookie, PathAttribute, parse};
use cookiespec_engine::{Policy, Profile, Uri, path};
use cookiespec_vectors::operation::{ExchangeProgram, JarProgram, ParseSetCookie, Step};
use cookiespec_vectors::{Case, Field, Octets, Operation, Problem, ability};
use serde_json::Value;

use super::case::in_order;
use super::report::Rule;

/// Everything that is wrong with a case.
pub(super) fn check(case: &Case, add: &mut impl FnMut(Rule, Problem)) {
    match case.operation() {
        Operation::Jar(program) => {
            expiry_instant(case, program, add);
            shared_second(case, program, add);
            jar_clock(case, program, add);
        }
        Operation::ParseSetCookie(input) => parser_clock(case, input, add),
        Operation::Exchange(program) => exchange_clock(program, add),
        _ => {}
    }
}

/// The steps of a program with their places, and the time at which each is taken.
fn timed(program: &JarProgram) -> impl Iterator<Item = (usize, i64, &Step)> {
    let mut now = program.now;
    program.steps.iter().enumerate().map(move |(index, step)| {
        if let Step::Advance { secs } = step {
            now = now.saturating_add(*secs);
        }
        (index, now, step)
    })
}

/// The set-cookie-strings of a step, and where it takes them from.
fn received(step: &Step) -> (Option<&Octets>, &[Octets]) {
    match step {
        Step::Receive { uri, set_cookie, .. } => (Some(uri), set_cookie),
        Step::ScriptSet { uri, value, .. } => (Some(uri), std::slice::from_ref(value)),
        _ => (None, &[]),
    }
}

/// The cookies of a step, as far as they can be parsed.
fn parsed(step: &Step, profile: Profile) -> impl Iterator<Item = ParsedSetCookie<'_>> {
    received(step).1.iter().filter_map(move |line| parse(line.as_slice(), profile).ok())
}

/// Finds observations in the second in which a cookie expires. Texts and implementations differ on
/// whether it is still there.
fn expiry_instant(case: &Case, program: &JarProgram, add: &mut impl FnMut(Rule, Problem)) {
    let profiles = Profile::ALL.into_iter().filter(|it| case.expected_by(*it).next().is_some());
    let mut reported = Vec::new();
    for profile in profiles {
        let mut expiries = Vec::new();
        for (index, now, step) in timed(program) {
            expiries.extend(parsed(step, profile).filter_map(|it| expiry(&it, now, profile)));
            if step.label().is_some() && expiries.contains(&now) && !reported.contains(&index) {
                reported.push(index);
                let what = format!("under {profile} a cookie expires at this very second");
                let fix = "advance by one second more, or less";
                let steps = Field::Root("steps");
                add(Rule::ExpiryInstant, Problem::new(&steps.element(index), what, fix));
            }
        }
    }
}

/// The expiry-time of a cookie that lives for a while.
fn expiry(cookie: &ParsedSetCookie<'_>, now: i64, profile: Profile) -> Option<i64> {
    let expiry = match cookie.max_age {
        Some(max_age) if max_age <= 0 => return None,
        Some(max_age) => now.saturating_add(max_age),
        None => cookie.expires?,
    };
    let limit = Policy::new(profile).age_limit;
    Some(limit.map_or(expiry, |limit| expiry.min(now.saturating_add(limit))))
}

/// Finds checks on order that depend on responses in one second. The lines of one response have an
/// order of their own.
fn shared_second(case: &Case, program: &JarProgram, add: &mut impl FnMut(Rule, Problem)) {
    let expect = Field::Root("expect");
    for (index, expectation) in case.expect.iter().enumerate() {
        let Some(listed) = in_order(&expectation.is) else { continue };
        let listed = listed
            .map(|pair| pair.split_once('=').map_or("", |(name, _)| name).to_owned())
            .collect::<Vec<_>>();
        let mut created: Vec<(i64, usize, usize)> = Vec::new();
        for (step_index, now, step) in timed(program) {
            if step.label().is_some() && step.label() == expectation.at.as_deref() {
                break;
            }
            let uri = received(step).0;
            for cookie in parsed(step, expectation.profiles[0]) {
                let name = Octets::from(cookie.name).to_isomorphic();
                if listed.contains(&name) {
                    created.push((now, path_length(&cookie, uri), step_index));
                }
            }
        }
        let clash = created.iter().find_map(|(now, length, step)| {
            created.iter().find(|it| it.0 == *now && it.1 == *length && it.2 > *step)
        });
        if let Some((_, _, step)) = clash {
            let what = format!("the order depends on steps[{step}], which shares its second");
            let fix = "put an advance before that step";
            let field = expect.element(index);
            add(Rule::SharedSecond, Problem::new(&field.member("is"), what, fix));
        }
    }
}

fn path_length(cookie: &ParsedSetCookie<'_>, uri: Option<&Octets>) -> usize {
    match cookie.path {
        Some(PathAttribute::Absolute(path)) => path.len(),
        _ => uri
            .and_then(|uri| Uri::parse(uri.as_slice()).ok())
            .map_or(0, |uri| path::default_path(uri.path()).len()),
    }
}

/// Finds outcomes that depend on the date, in a case that a target may run with any clock.
fn jar_clock(case: &Case, program: &JarProgram, add: &mut impl FnMut(Rule, Problem)) {
    if case.needs.iter().any(|need| need == ability::CLOCK) {
        return;
    }
    let disputed = |step: &&Step| {
        parsed(step, Profile::Rfc6265)
            .filter(|cookie| cookie.max_age.is_none())
            .any(|cookie| cookie.expires.is_some_and(|it| DISPUTED.contains(&it)))
    };
    if let Some(index) = program.steps.iter().position(|step| disputed(&step)) {
        let what = "whether this date is past depends on the clock of the target";
        let problem = Problem::new(&Field::Root("steps").element(index), what, NEED_A_CLOCK);
        add(Rule::Clock, problem);
    }
    let expect = Field::Root("expect");
    for (index, expectation) in case.expect.iter().enumerate() {
        let cookies = expectation.is.get("cookies").and_then(Value::as_array);
        let tells_time = |it: &Value| TIMES.iter().any(|field| it[field].is_number());
        if cookies.is_some_and(|cookies| cookies.iter().any(tells_time)) {
            let what = "the times of a stored cookie depend on the clock of the target";
            let field = expect.element(index);
            add(Rule::Clock, Problem::new(&field.member("is"), what, NEED_A_CLOCK));
        }
    }
}

/// Finds cookies of an exchange, which takes place at the real time, that may expire while it does or
/// between today and the next century.
fn exchange_clock(program: &ExchangeProgram, add: &mut impl FnMut(Rule, Problem)) {
    let disputed = |(name, value): &(Octets, Octets)| {
        let is_cookie = name.as_slice().eq_ignore_ascii_case(b"set-cookie");
        is_cookie
            && parse(value.as_slice(), Profile::Rfc6265).is_ok_and(|cookie| match cookie.max_age {
                Some(max_age) => (1..LONGEST_EXCHANGE).contains(&max_age),
                None => cookie.expires.is_some_and(|it| DISPUTED.contains(&it)),
            })
    };
    let mut lines = program.hops().flat_map(|hop| {
        let interim = hop.interim.iter().flat_map(|interim| &interim.fields);
        hop.fields.iter().chain(interim).chain(&hop.trailers)
    });
    if let Some((_, line)) = lines.find(|line| disputed(line)) {
        let what = format!("whether {line} expires in time depends on the time of the run");
        let fix = "give it an hour or more, or let it end at once";
        add(Rule::Clock, Problem::new(&Field::Root("in"), what, fix));
    }
}

/// Finds expected expiry-times that the 400 days of 6265bis may cut short, if the case does not set the
/// time from which they count.
fn parser_clock(case: &Case, input: &ParseSetCookie, add: &mut impl FnMut(Rule, Problem)) {
    let is_bounded = |profile| Policy::new(profile).age_limit.is_some();
    for profile in Profile::ALL.into_iter().filter(|profile| is_bounded(*profile)) {
        let mut checks = case.expected_by(profile);
        if input.now.is_none() && checks.any(|it| it.is["cookie"]["expires"].is_number()) {
            let what = format!("under {profile} the expiry-time may be cut down to 400 days");
            let fix = "say what time it is: \"now\", in Unix seconds";
            add(Rule::Clock, Problem::new(&Field::Root("in.now"), what, fix));
        }
    }
}

/// Dates that are past for one clock of this century and to come for another: 2020 to 2099.
const DISPUTED: std::ops::Range<i64> = 1_577_836_800..4_102_444_800;

/// How long an exchange may take, in seconds.
const LONGEST_EXCHANGE: i64 = 3600;

/// The fields of a stored cookie that are times.
const TIMES: [&str; 3] = ["creation", "expires", "last_access"];

const NEED_A_CLOCK: &str = "write \"clock\" into `needs`";
