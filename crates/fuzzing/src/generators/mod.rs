//! Generators of new inputs: the grammar of the specifications with deliberate mistakes, one module
//! per kind of input.

pub(crate) mod closed_world;
mod cookie_date;
mod cookie_header;
mod cookie_pair;
pub(crate) mod exchange;
mod format_set_cookie;
pub(crate) mod jar;
pub(crate) mod set_cookie;
pub(crate) mod tokens;

use cookiespec_vectors::operation::{
    DefaultPath, MatchDomain, MatchPath, Operation, ParseCookie, ParseDate, ParseSetCookie,
};

use self::closed_world::NOW;
use crate::capabilities::Capabilities;
use crate::oracles::unambiguous::is_host;
use crate::random::Random;

/// A new input for an operation that at least one of the subjects supports.
pub(crate) fn operation(random: &mut Random, capabilities: &Capabilities) -> Operation {
    match capabilities.operation(random) {
        "parse.cookie" => {
            let lines = cookie_header::field_lines(random);
            Operation::ParseCookie(ParseCookie {
                cookie: lines.into_iter().map(Into::into).collect(),
            })
        }
        "parse.date" => {
            Operation::ParseDate(ParseDate { date: cookie_date::cookie_date(random).into() })
        }
        "match.domain" => Operation::MatchDomain(match_domain(random)),
        "match.path" => {
            let (path, cookie_path) = (closed_world::path(random), closed_world::path(random));
            Operation::MatchPath(MatchPath { path: path.into(), cookie_path: cookie_path.into() })
        }
        "default.path" => {
            let host = closed_world::host(random);
            Operation::DefaultPath(DefaultPath { uri: closed_world::uri(random, host).into() })
        }
        "format.set-cookie" => Operation::FormatSetCookie(format_set_cookie::set_cookie(random)),
        "jar" => Operation::Jar(jar::program(random, capabilities)),
        "exchange" => Operation::Exchange(exchange::program(random, capabilities)),
        _ => Operation::ParseSetCookie(parse_set_cookie(random)),
    }
}

fn parse_set_cookie(random: &mut Random) -> ParseSetCookie {
    let host = closed_world::host(random);
    ParseSetCookie {
        set_cookie: set_cookie::set_cookie_string(random, "v", host).into(),
        uri: random.chance(30).then(|| closed_world::uri(random, host).into()),
        now: random.chance(50).then_some(NOW),
    }
}

fn match_domain(random: &mut Random) -> MatchDomain {
    let family = closed_world::family(random);
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
    let (host, domain) = (name(random), name(random));
    // The domain may be anything that a cookie has; the host is one that a request went to.
    let host = if is_host(&host) { host } else { random.pick(family).as_bytes().to_vec() };
    MatchDomain { host: host.into(), domain: domain.into() }
}
