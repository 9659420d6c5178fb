//! Whether a program means the same in the circumstances of a walk: at the time at which it takes
//! place, and with the public suffixes of the agent.

use cookiespec_vectors::operation::{JarConfig, JarProgram, ParseSetCookie, Step, Suffixes};
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{
    Answer, Implementation, Octets, Operation, OperationResult, Profile, ask, unsupported,
};
use serde_json::{Map, Value};

use crate::agent::Clock;

/// The Date field that the responses of a walk must have: `None` for the real time, which is `now`
/// in Unix seconds.
///
/// A walk takes place at the real time. So a program can be walked if the reference engine observes
/// the same when its clock starts at that time, whether the walk takes no time or a minute.
///
/// That the engine observes the same is not enough: an agent that gets a time wrong has to be as wrong
/// at the real time. So no Expires attribute may be close to either of the two times, and if time is
/// to pass, there may be no lifetime at all: a second or two between cookies only puts them in order.
///
/// # Errors
/// Unsupported: the observations depend on the clock.
pub(super) fn date_of_walk(
    program: &JarProgram,
    clock: Clock,
    now: i64,
) -> OperationResult<Option<i64>> {
    let (start, date) = match clock {
        Clock::Own => (now, None),
        Clock::DateField => (program.now, Some(program.now)),
    };
    let is_expressible = date.is_none_or(|date| (0..YEAR_10000).contains(&date));
    let is_timeless = |profile| {
        is_far_from_dates(program, start, profile) && is_the_same_at(program, start, profile)
    };
    let is_walkable = is_expressible && only_orders(program);
    if is_walkable && Profile::ALL.into_iter().all(is_timeless) {
        Ok(date)
    } else {
        unsupported(TIME)
    }
}

/// Whether the reference engine observes this, under one of the profiles.
pub(super) fn is_expected(program: &JarProgram, observations: &Map<String, Value>) -> bool {
    Profile::ALL.into_iter().any(|profile| match self::observations(program.clone(), profile) {
        Answer::Ok(expected) => observations.iter().all(|(label, observation)| {
            let expected = &expected["obs"][label];
            ["header", "value"].iter().all(|part| observation.get(part) == expected.get(part))
        }),
        _ => false,
    })
}

/// Makes sure that a program means the same with the Public Suffix List, which the agent has, as with
/// the suffixes that it names.
///
/// # Errors
/// Unsupported: the observations depend on suffixes that are not those of the list.
pub(super) fn has_real_suffixes(program: &JarProgram) -> OperationResult<()> {
    if program.config.public_suffixes.is_own() {
        return Ok(());
    }
    let config = JarConfig { public_suffixes: Suffixes::Own, ..program.config.clone() };
    let with_list = JarProgram { config, ..program.clone() };
    let is_same = |profile| {
        observations(with_list.clone(), profile) == observations(program.clone(), profile)
    };
    if Profile::ALL.into_iter().all(is_same) { Ok(()) } else { unsupported(SUFFIXES) }
}

/// Whether the time that passes does no more than put cookies in order.
fn only_orders(program: &JarProgram) -> bool {
    let passing = program.steps.iter().map(|step| match step {
        Step::Advance { secs } => *secs,
        _ => 0,
    });
    let has_lifetime = |line: &Octets| {
        let line = line.as_slice().to_ascii_lowercase();
        [&b"max-age"[..], b"expires"]
            .iter()
            .any(|name| line.windows(name.len()).any(|window| window == *name))
    };
    match passing.fold(0, i64::saturating_add) {
        0 => true,
        1..=MOST_PASSING => !lines(program).any(has_lifetime),
        _ => false,
    }
}

/// The set-cookie-strings of a program.
fn lines(program: &JarProgram) -> impl Iterator<Item = &Octets> {
    program.steps.iter().flat_map(|step| match step {
        Step::Receive { set_cookie, .. } => &set_cookie[..],
        Step::ScriptSet { value, .. } => std::slice::from_ref(value),
        _ => &[],
    })
}

/// Whether no Expires attribute is close to the time of the program or of the walk, or between them.
fn is_far_from_dates(program: &JarProgram, start: i64, profile: Profile) -> bool {
    let (first, last) = (program.now.min(start), program.now.max(start));
    let close = first.saturating_sub(CLOSE)..last.saturating_add(CLOSE);
    let mut dates = lines(program).filter_map(|line| expires(line, profile));
    dates.all(|date| !close.contains(&date))
}

/// The Expires attribute of a set-cookie-string in Unix seconds.
fn expires(line: &Octets, profile: Profile) -> Option<i64> {
    let input = ParseSetCookie { set_cookie: line.clone(), uri: None, now: None };
    Reference::new(profile).parse_set_cookie(&input).ok()??.expires
}

fn is_the_same_at(program: &JarProgram, start: i64, profile: Profile) -> bool {
    let as_written = observations(program.clone(), profile);
    let pace = (WALK / i64::try_from(program.steps.len()).unwrap_or(WALK).max(1)).max(1);
    [0, pace]
        .into_iter()
        .all(|pace| observations(walked(program, start, pace), profile) == as_written)
}

/// The program as it takes place on a walk whose steps take so many seconds each.
fn walked(program: &JarProgram, start: i64, pace: i64) -> JarProgram {
    let steps = program.steps.iter().filter(|step| !matches!(step, Step::Advance { .. }));
    let steps = steps.flat_map(|step| [Step::Advance { secs: pace }, step.clone()]);
    JarProgram { now: start, config: program.config.clone(), steps: steps.collect() }
}

fn observations(program: JarProgram, profile: Profile) -> Answer {
    ask(&mut Reference::new(profile), &Operation::Jar(program))
}

/// What a program needs that depends on the clock. An agent has a clock, so the ability is not
/// missing: the one that the case begins with is.
const TIME: &str = "the time of the case";

/// What a program needs that depends on public suffixes of its own.
const SUFFIXES: &str = "the public suffixes of the case";

/// How long a walk may take, in seconds, without a change of what is observed.
const WALK: i64 = 60;

/// The most seconds that may pass on a walk because the program says so.
const MOST_PASSING: i64 = 2;

/// How far away a date has to be, in seconds, for an agent that is wrong by some days to be wrong at
/// both times.
const CLOSE: i64 = 7 * 86_400;

/// The beginning of the first year that the Date field cannot express, in Unix seconds.
const YEAR_10000: i64 = 253_402_300_800;

#[cfg(test)]
mod tests {
    use super::*;

    /// 2027-01-15.
    const NOW: i64 = 1_800_000_000;

    fn program(line: &str, advance: Option<i64>) -> JarProgram {
        let uri = "http://a.test/";
        let advance = advance.map(|secs| serde_json::json!({"do": "advance", "secs": secs}));
        let steps = [
            Some(serde_json::json!({"do": "receive", "uri": uri, "set_cookie": [line]})),
            advance,
            Some(serde_json::json!({"do": "send", "at": "x", "uri": uri})),
        ];
        let steps: Vec<_> = steps.into_iter().flatten().collect();
        // 2001-09-09.
        serde_json::from_value(serde_json::json!({"now": 1_000_000_000, "steps": steps})).unwrap()
    }

    #[test]
    fn times_that_are_relative_or_far_away_can_be_walked() {
        for line in ["a=b", "a=b; Max-Age=3600", "a=b; Max-Age=0", "a=b; Expires=1 Jan 2400 0:0:0"]
        {
            let program = program(line, None);
            assert_eq!(date_of_walk(&program, Clock::Own, NOW), Ok(None), "{line}");
            let date = Ok(Some(1_000_000_000));
            assert_eq!(date_of_walk(&program, Clock::DateField, NOW), date, "{line}");
        }
    }

    #[test]
    fn a_date_between_the_two_times_needs_the_clock_or_the_date_field() {
        let program = program("a=b; Expires=1 Jan 2010 0:0:0", None);
        assert_eq!(date_of_walk(&program, Clock::Own, NOW), unsupported(TIME));
        assert_eq!(date_of_walk(&program, Clock::DateField, NOW), Ok(Some(1_000_000_000)));
    }

    #[test]
    fn time_that_must_pass_or_must_not_needs_the_clock() {
        for (line, advance) in [
            ("a=b; Max-Age=9", Some(10)),
            ("a=b; Max-Age=1", None),
            // Who takes this for one second shows it only if time passes.
            ("a=b; Max-Age=1.5", Some(1)),
            ("a=b", Some(10)),
        ] {
            for clock in [Clock::Own, Clock::DateField] {
                let program = program(line, advance);
                assert_eq!(date_of_walk(&program, clock, NOW), unsupported(TIME), "{line}");
            }
        }
        assert_eq!(date_of_walk(&program("a=b", Some(1)), Clock::Own, NOW), Ok(None));
    }

    #[test]
    fn a_date_close_to_one_of_the_two_times_needs_the_clock() {
        // Each is over at both times, but not for an agent that is wrong by three days.
        let program = program("a=b; Expires=7 Sep 2001 0:0:0", None);
        for clock in [Clock::Own, Clock::DateField] {
            assert_eq!(date_of_walk(&program, clock, NOW), unsupported(TIME));
        }
    }

    #[test]
    fn suffixes_of_the_list_are_real_and_invented_ones_are_not() {
        for (uri, suffix, is_real) in [
            ("http://a.co.uk/", "co.uk", true),
            ("http://a.shop.test/", "shop.test", false),
            ("http://a.shop.test/", "other.test", true),
        ] {
            let line = format!("a=b; Domain={suffix}");
            let program = serde_json::json!({
                "now": 0,
                "config": {"public_suffixes": [suffix]},
                "steps": [
                    {"do": "receive", "uri": uri, "set_cookie": [line]},
                    {"do": "send", "at": "x", "uri": uri}
                ]
            });
            let program = serde_json::from_value(program).unwrap();
            assert_eq!(has_real_suffixes(&program).is_ok(), is_real, "{suffix}");
        }
    }
}
