//! The identifier: SM-001 to SM-010.

mod disclosure;
mod framework;

use std::collections::HashSet;
use std::thread;

use crate::bench::{Bench, MARK};
use crate::check::{Check, Level, Need, a4, a5, cs, nist, rfc, wstg};
use crate::trouble::Trouble;
use crate::verdict::{Checked, ensure, pass};

use self::disclosure::disclosed;
use self::framework::is_default_name;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-001",
        title: "N fresh sessions give N different ids",
        sources: &[a5("7.2.3", 1), cs()],
        needs: &[],
        run: ids_differ,
    },
    Check {
        id: "SM-002",
        title: "the id carries at least 128 bits",
        sources: &[a5("7.2.3", 1), cs()],
        needs: &[],
        run: id_has_128_bits,
    },
    Check {
        id: "SM-003",
        title: "the id carries at least 64 bits (floor)",
        sources: &[a4("3.2.2", 1), nist("5.1", Level::Shall), cs()],
        needs: &[],
        run: id_has_64_bits,
    },
    Check {
        id: "SM-004",
        title: "no static, counting or time-linked part",
        sources: &[a4("3.2.4", 2), wstg("01")],
        needs: &[],
        run: id_is_random_enough,
    },
    Check {
        id: "SM-005",
        title: "same inputs, same instant give unrelated ids",
        sources: &[wstg("01")],
        needs: &[],
        run: parallel_ids_are_unrelated,
    },
    Check {
        id: "SM-006",
        title: "no user name, id, mail, IP or other clear data in the cookie, also after base64/hex/url/zlib/JWT decoding",
        sources: &[nist("5.1.1", Level::Shall), cs(), a5("14.3.3", 2), wstg("01")],
        needs: &[],
        run: nothing_tells_who_it_is,
    },
    Check {
        id: "SM-007",
        title: "the cookie name is not a framework's default",
        sources: &[cs()],
        needs: &[],
        run: name_is_no_default,
    },
    Check {
        id: "SM-008",
        title: "the value is made of cookie-octets",
        sources: &[rfc("4.1.1", Level::Shall)],
        needs: &[],
        run: value_is_made_of_cookie_octets,
    },
    Check {
        id: "SM-009",
        title: "name + value is at most 4,096 octets in every state the app can reach",
        sources: &[a5("3.3.5", 3), rfc("5.6", Level::Shall)],
        needs: &[Need::State],
        run: cookie_stays_small,
    },
    Check {
        id: "SM-010",
        title: "the token is made anew per session, not a static secret",
        sources: &[a5("7.2.2", 1), a4("3.5.2", 2)],
        needs: &[],
        run: each_login_makes_a_token,
    },
];

fn ids_differ(bench: &Bench) -> Checked {
    let ids = bench.ids()?.values;
    let different: HashSet<_> = ids.iter().collect();
    let (sessions, different) = (ids.len(), different.len());
    ensure(different == sessions, || {
        format!("{sessions} logins gave {different} different identifiers")
    })?;
    pass(format!("{sessions} logins gave as many identifiers"))
}

fn id_has_128_bits(bench: &Bench) -> Checked {
    has_bits(bench, 128.0)
}

fn id_has_64_bits(bench: &Bench) -> Checked {
    has_bits(bench, 64.0)
}

/// An upper bound: an identifier can look random and not be.
fn has_bits(bench: &Bench, least: f64) -> Checked {
    let ids = bench.ids()?;
    let bits: f64 = ids.positions().iter().map(|position| position.bits).sum();
    let sessions = ids.values.len();
    // A base64 digit at the end carries fewer bits than its alphabet has.
    ensure(bits.round() >= least, || {
        format!("over {sessions} logins the identifier varies by {bits:.0} bits at most")
    })?;
    pass(format!("not refuted: over {sessions} logins it varies by up to {bits:.0} bits"))
}

/// What does not move by chance is taken away; the rest has to be enough.
fn id_is_random_enough(bench: &Bench) -> Checked {
    let ids = bench.ids()?;
    let positions = ids.positions();
    let moves = |inertia: f64| inertia < LARGEST_INERTIA;
    let fixed = positions.iter().filter(|position| position.bits == 0.0).count();
    let slow = positions.iter().filter(|it| it.bits > 0.0 && !moves(it.inertia)).count();
    let random = positions.iter().filter(|position| moves(position.inertia));
    let bits: f64 = random.map(|position| position.bits).sum();
    let rises = ids.values.windows(2).filter(|pair| pair[0] < pair[1]).count();
    let sessions = ids.values.len();
    let seen = format!(
        "over {sessions} logins {fixed} of {} octets are always the same, {slow} follow those \
         before them, {rises} identifiers are greater than the one before; the rest varies by up \
         to {bits:.0} bits",
        positions.len()
    );
    ensure(bits.round() >= 128.0, || seen.clone())?;
    pass(seen)
}

fn parallel_ids_are_unrelated(bench: &Bench) -> Checked {
    let free: Vec<_> = bench.ids()?.positions().iter().map(|it| it.bits > 0.0).collect();
    let ids = parallel_logins(bench)?;
    let varying = free.iter().filter(|is_free| **is_free).count();
    let distance = |one: &[u8], other: &[u8]| {
        let pairs = one.iter().zip(other).zip(&free);
        pairs.filter(|((one, other), is_free)| **is_free && one != other).count()
    };
    let pairs = ids.iter().enumerate();
    let nearest = pairs
        .flat_map(|(at, one)| ids[at + 1..].iter().map(|other| distance(one, other)))
        .min()
        .unwrap_or_default();
    let count = ids.len();
    let seen = format!(
        "of {count} identifiers made at once, the two most alike differ in {nearest} of the \
         {varying} octets that vary"
    );
    ensure(nearest * 2 > varying || (nearest > 0 && varying <= SHORT), || seen.clone())?;
    pass(seen)
}

fn parallel_logins(bench: &Bench) -> Result<Vec<Vec<u8>>, Trouble> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| -> Result<Vec<_>, Trouble> {
                    (0..LOGINS).map(|_| Ok(bench.id(&bench.logged_in(0)?))).collect()
                })
            })
            .collect();
        let mut ids = Vec::new();
        for thread in threads {
            ids.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(ids)
    })
}

fn nothing_tells_who_it_is(bench: &Bench) -> Checked {
    let account = bench.account(0);
    let known = [&*account.user, &*account.password, bench.identity(0)];
    let known = known.map(str::to_lowercase);
    // By chance a short name may show up once, but not again.
    let one = disclosed(&bench.logged_in(0)?, &known);
    let other = disclosed(&bench.logged_in(0)?, &known);
    let both = one.into_iter().find(|disclosure| other.contains(disclosure));
    ensure(both.is_none(), || {
        let disclosure = both.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("after login {disclosure}")
    })?;
    pass("neither user name nor password is in a cookie, also after decoding it")
}

fn name_is_no_default(bench: &Bench) -> Checked {
    let default = bench.found().names.iter().find_map(|name| is_default_name(name));
    ensure(default.is_none(), || {
        let (name, framework) = default.unwrap_or_default();
        format!("the cookie is called {name}, which is the default of {framework}")
    })?;
    pass(format!("{} is no framework's default", bench.found().shown()))
}

fn value_is_made_of_cookie_octets(bench: &Bench) -> Checked {
    let replies = bench.visit(bench.site())?;
    for line in replies.iter().flat_map(|reply| reply.set_cookies()) {
        let pair = line.split(|&octet| octet == b';').next().unwrap_or_default();
        let value = pair.splitn(2, |&octet| octet == b'=').nth(1).unwrap_or_default();
        let value = value.trim_ascii();
        let bare = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
        let odd = bare.unwrap_or(value).iter().find(|octet| !is_cookie_octet(**octet));
        ensure(odd.is_none(), || {
            let octet = odd.copied().unwrap_or_default().escape_ascii();
            format!("\"{octet}\" is no cookie-octet in Set-Cookie: {}", line.escape_ascii())
        })?;
    }
    pass("every value is made of cookie-octets")
}

const fn is_cookie_octet(octet: u8) -> bool {
    matches!(octet, 0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E)
}

fn cookie_stays_small(bench: &Bench) -> Checked {
    let mut replies = bench.visit(bench.site())?;
    if bench.descriptor().state.is_some() {
        let mut browser = bench.logged_in(0)?;
        for octets in [1_000, 4_000, 20_000] {
            replies.push(browser.write(MARK, &"x".repeat(octets))?);
        }
    }
    let pair = |line: &[u8]| line.split(|&octet| octet == b';').next().unwrap_or_default().len();
    let lines = replies.iter().flat_map(|reply| reply.set_cookies());
    // "=" is no part of either.
    let longest = lines.map(|line| pair(line).saturating_sub(1)).max().unwrap_or_default();
    ensure(longest <= MAX_PAIR_OCTETS, || {
        format!("a cookie of {longest} octets is set, which browsers ignore")
    })?;
    let grown =
        if bench.descriptor().state.is_some() { " with up to 20,000 octets stored" } else { "" };
    pass(format!("name and value together have {longest} octets at most{grown}"))
}

fn each_login_makes_a_token(bench: &Bench) -> Checked {
    let (one, other) = (bench.logged_in(0)?, bench.logged_in(0)?);
    ensure(bench.id(&one) != bench.id(&other), || {
        "two logins of one user give the same token".to_owned()
    })?;
    pass("two logins of one user give different tokens")
}

/// How far above chance a position may stay the same, in standard deviations.
const LARGEST_INERTIA: f64 = 6.0;
/// So few octets may be alike by chance in more than half of them.
const SHORT: usize = 6;
const THREADS: usize = 8;
const LOGINS: usize = 6;
const MAX_PAIR_OCTETS: usize = 4_096;
