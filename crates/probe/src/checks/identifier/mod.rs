//! The identifier: SM-001 to SM-010.

mod disclosure;

use std::collections::HashSet;
use std::thread;

use self::disclosure::disclosed;
use crate::error::ProbeError;
use crate::test_context::overlap::start;
use crate::test_context::{MARK, TestContext};
use crate::verdict::{CheckResult, ensure, pass};

pub(super) fn ids_differ(context: &TestContext) -> CheckResult {
    let ids = context.ids()?.values;
    let different: HashSet<_> = ids.iter().collect();
    let (sessions, different) = (ids.len(), different.len());
    ensure(different == sessions, || {
        format!("{sessions} logins gave {different} different identifiers")
    })?;
    pass(format!("{sessions} logins gave as many identifiers"))
}

pub(super) fn id_has_128_bits(context: &TestContext) -> CheckResult {
    has_bits(context, 128.0)
}

pub(super) fn id_has_64_bits(context: &TestContext) -> CheckResult {
    has_bits(context, 64.0)
}

/// An upper bound: an identifier can look random without being so.
fn has_bits(context: &TestContext, least: f64) -> CheckResult {
    let ids = context.ids()?;
    let bits: f64 = ids.positions().iter().map(|position| position.bits).sum();
    let sessions = ids.values.len();
    // A base64 digit at the end carries fewer bits than its alphabet has.
    ensure(bits.round() >= least, || {
        format!("over {sessions} logins the identifier varies by {bits:.0} bits at most")
    })?;
    pass(format!("not refuted: over {sessions} logins it varies by up to {bits:.0} bits"))
}

/// Positions that do not vary at random are left out; the others have to carry enough bits.
pub(super) fn id_is_random_enough(context: &TestContext) -> CheckResult {
    let ids = context.ids()?;
    let positions = ids.positions();
    let is_random = |inertia: f64| inertia < LARGEST_INERTIA;
    let fixed = positions.iter().filter(|position| position.bits == 0.0).count();
    let slow = positions.iter().filter(|it| it.bits > 0.0 && !is_random(it.inertia)).count();
    let random = positions.iter().filter(|position| is_random(position.inertia));
    let bits: f64 = random.map(|position| position.bits).sum();
    let rises = ids.values.windows(2).filter(|pair| pair[0] < pair[1]).count();
    let sessions = ids.values.len();
    let seen = format!(
        "over {sessions} logins {fixed} of {} octets are constant, {slow} depend on the identifier \
         before, {rises} identifiers are greater than the one before; the other octets vary by up \
         to {bits:.0} bits",
        positions.len()
    );
    ensure(bits.round() >= 128.0, || seen.clone())?;
    pass(seen)
}

pub(super) fn parallel_ids_are_unrelated(context: &TestContext) -> CheckResult {
    let free: Vec<_> = context.ids()?.positions().iter().map(|it| it.bits > 0.0).collect();
    let ids = parallel_logins(context)?;
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
        "of {count} identifiers issued at once, the two most similar differ in {nearest} of the \
         {varying} octets that vary"
    );
    ensure(nearest * 2 > varying || (nearest > 0 && varying <= FEW_OCTETS), || seen.clone())?;
    pass(seen)
}

fn parallel_logins(context: &TestContext) -> Result<Vec<Vec<u8>>, ProbeError> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                start(scope, || -> Result<Vec<_>, ProbeError> {
                    (0..LOGINS).map(|_| Ok(context.id(&context.logged_in(0)?))).collect()
                })
            })
            .collect::<Result<_, _>>()?;
        let mut ids = Vec::new();
        for thread in threads {
            ids.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(ids)
    })
}

pub(super) fn cookie_discloses_no_personal_data(context: &TestContext) -> CheckResult {
    let account = context.account(0);
    let known = [&*account.user, &*account.password, context.identity(0)];
    let known = known.map(str::to_lowercase);
    // A short name may occur once by chance, but not twice.
    let one = disclosed(&context.logged_in(0)?, &known);
    let other = disclosed(&context.logged_in(0)?, &known);
    let both = one.into_iter().find(|disclosure| other.contains(disclosure));
    ensure(both.is_none(), || {
        let disclosure = both.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("after login {disclosure}")
    })?;
    pass("no cookie contains the user name or the password, also after decoding")
}

pub(super) fn name_is_not_a_framework_default(context: &TestContext) -> CheckResult {
    let default = context.session_info().names.iter().find_map(|name| framework_default(name));
    ensure(default.is_none(), || {
        let (name, framework) = default.unwrap_or_default();
        format!("the cookie is named {name}, which is the default of {framework}")
    })?;
    pass(format!("{} is not the default of a framework", context.session_info().shown()))
}

pub(super) fn value_is_made_of_cookie_octets(context: &TestContext) -> CheckResult {
    let replies = context.visit(context.site())?;
    for line in replies.iter().flat_map(|reply| reply.set_cookies()) {
        let pair = line.split(|&octet| octet == b';').next().unwrap_or_default();
        let value = pair.splitn(2, |&octet| octet == b'=').nth(1).unwrap_or_default();
        let value = value.trim_ascii();
        let bare = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
        let odd = bare.unwrap_or(value).iter().find(|octet| !is_cookie_octet(**octet));
        ensure(odd.is_none(), || {
            let octet = odd.copied().unwrap_or_default().escape_ascii();
            format!("\"{octet}\" is not a cookie-octet in Set-Cookie: {}", line.escape_ascii())
        })?;
    }
    pass("all values consist of cookie-octets")
}

const fn is_cookie_octet(octet: u8) -> bool {
    matches!(octet, 0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E)
}

pub(super) fn cookie_stays_small(context: &TestContext) -> CheckResult {
    let mut replies = context.visit(context.site())?;
    if context.descriptor().state.is_some() {
        let mut browser = context.logged_in(0)?;
        for octets in [1_000, 4_000, 20_000] {
            replies.push(browser.write(MARK, &"x".repeat(octets))?);
        }
    }
    let pair = |line: &[u8]| line.split(|&octet| octet == b';').next().unwrap_or_default().len();
    let lines = replies.iter().flat_map(|reply| reply.set_cookies());
    // The "=" does not count.
    let longest = lines.map(|line| pair(line).saturating_sub(1)).max().unwrap_or_default();
    ensure(longest <= MAX_PAIR_OCTETS, || {
        format!("a cookie of {longest} octets is set, which browsers ignore")
    })?;
    let grown =
        if context.descriptor().state.is_some() { " with up to 20,000 octets stored" } else { "" };
    pass(format!("name and value together have {longest} octets at most{grown}"))
}

pub(super) fn each_login_makes_a_token(context: &TestContext) -> CheckResult {
    let (one, other) = (context.logged_in(0)?, context.logged_in(0)?);
    ensure(context.id(&one) != context.id(&other), || {
        "two logins of one user give the same token".to_owned()
    })?;
    pass("two logins of one user give different tokens")
}

/// The default name and its framework; `None` if no framework is known to use the name.
fn framework_default(name: &[u8]) -> Option<(&'static str, &'static str)> {
    let is_equal = |(known, _): &&(&str, &str)| name.eq_ignore_ascii_case(known.as_bytes());
    let is_prefix = |(known, _): &&(&str, &str)| name.starts_with(known.as_bytes());
    NAMES.iter().find(is_equal).or_else(|| PREFIXES.iter().find(is_prefix)).copied()
}

const NAMES: [(&str, &str); 26] = [
    (".AspNet.ApplicationCookie", "ASP.NET Identity"),
    (".AspNetCore.Cookies", "ASP.NET Core"),
    (".AspNetCore.Session", "ASP.NET Core"),
    (".ASPXAUTH", "ASP.NET"),
    ("ASP.NET_SessionId", "ASP.NET"),
    ("beaker.session.id", "Beaker"),
    ("CAKEPHP", "CakePHP"),
    ("CFID", "ColdFusion"),
    ("CFTOKEN", "ColdFusion"),
    ("CGISESSID", "CGI::Session"),
    ("ci_session", "CodeIgniter"),
    ("connect.sid", "express-session"),
    ("gorilla-session", "gorilla/sessions"),
    ("id", "actix-session and tower-sessions"),
    ("JSESSIONID", "Java servlets"),
    ("koa.sess", "koa-session"),
    ("koa:sess", "koa-session"),
    ("laravel_session", "Laravel"),
    ("mojolicious", "Mojolicious"),
    ("PHPSESSID", "PHP"),
    ("PLAY_SESSION", "Play"),
    ("rack.session", "Rack"),
    ("session", "Flask, scs and Starlette"),
    ("session_id", "Odoo and web.py"),
    ("sessionid", "Django"),
    ("SESSION", "Spring Session"),
];

const PREFIXES: [(&str, &str); 1] = [("ASPSESSIONID", "ASP")];

/// The largest [`Position::inertia`](crate::test_context::ids::Position) of a random position.
const LARGEST_INERTIA: f64 = 6.0;
/// The number of octets up to which identifiers may agree by chance in more than half of them.
const FEW_OCTETS: usize = 6;
const THREADS: usize = 8;
const LOGINS: usize = 6;
const MAX_PAIR_OCTETS: usize = 4_096;
