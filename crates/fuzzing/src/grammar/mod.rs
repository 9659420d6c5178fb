//! Fresh inputs: what the grammar of the specifications describes, wrong on purpose in places.

mod cookie;
mod date;
mod disguise;
mod format;
pub(crate) mod jar;
mod probe;
pub(crate) mod set_cookie;
pub(crate) mod world;

use cookiespec_vectors::operation::{
    DefaultPath, MatchDomain, MatchPath, Operation, ParseCookie, ParseDate, ParseSetCookie,
};

use super::random::Random;
use super::repertoire::Capabilities;
use super::tokens;

/// The clock of inputs that have one, in Unix seconds: 2026-01-05.
pub(crate) const NOW: i64 = 1_767_571_200;

/// An operation that at least one of the targets can be asked.
pub(crate) fn operation(random: &mut Random, repertoire: &Capabilities) -> Operation {
    match repertoire.operation(random) {
        "parse.cookie" => {
            let lines = cookie::field_lines(random);
            Operation::ParseCookie(ParseCookie {
                cookie: lines.into_iter().map(Into::into).collect(),
            })
        }
        "parse.date" => Operation::ParseDate(ParseDate { date: date::cookie_date(random).into() }),
        "match.domain" => Operation::MatchDomain(match_domain(random)),
        "match.path" => {
            let (path, cookie_path) = (world::path(random), world::path(random));
            Operation::MatchPath(MatchPath { path: path.into(), cookie_path: cookie_path.into() })
        }
        "default.path" => {
            let host = world::host(random);
            Operation::DefaultPath(DefaultPath { uri: world::uri(random, host).into() })
        }
        "format.set-cookie" => Operation::FormatSetCookie(format::set_cookie(random)),
        "jar" => Operation::Jar(jar::program(random, repertoire)),
        _ => Operation::ParseSetCookie(parse_set_cookie(random)),
    }
}

fn parse_set_cookie(random: &mut Random) -> ParseSetCookie {
    let host = world::host(random);
    ParseSetCookie {
        set_cookie: set_cookie::set_cookie_string(random, "v", host).into(),
        uri: random.chance(30).then(|| world::uri(random, host).into()),
        now: random.chance(50).then_some(NOW),
    }
}

fn match_domain(random: &mut Random) -> MatchDomain {
    let family = world::family(random);
    let name = |random: &mut Random| {
        let mut name = random.pick(family).as_bytes().to_vec();
        match random.weighted(&[80, 8, 6, 3, 3]) {
            1 => name = tokens::with_case_flipped(random, &name),
            2 => drop(name.drain(..random.below(name.len()))),
            3 => name.insert(0, b'.'),
            4 => name.extend_from_slice(tokens::hostile(random)),
            _ => {}
        }
        name
    };
    MatchDomain { host: name(random).into(), domain: name(random).into() }
}
