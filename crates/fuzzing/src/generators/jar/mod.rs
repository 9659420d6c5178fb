//! Jar programs: sequences of responses and requests among related hosts, with restarts, clock
//! changes and changes of the configuration in between.

mod cookie;
mod pool;

use cookiespec_vectors::operation::{Acceptance, Context, JarConfig, JarProgram, Step, Suffixes};
use cookiespec_vectors::{Octets, ability};

use self::pool::Pool;
use super::closed_world::{self, NOW, SUFFIX_RULES};
use super::set_cookie;
use crate::capabilities::Capabilities;
use crate::random::Random;

/// A program that at least one of the subjects supports.
pub(crate) fn program(random: &mut Random, capabilities: &Capabilities) -> JarProgram {
    // The age of two cookies can only be compared if they were received in different seconds.
    let is_timed = capabilities.can(ability::CLOCK) && random.chance(75);
    let is_limited = is_timed && capabilities.can(ability::LIMITS) && random.chance(25);
    let mut pool = Pool::new(random, if is_limited { 3 } else { 1 });
    let mut config = config(random, capabilities, &pool);
    if is_limited {
        config.max_per_domain = random.chance(70).then(|| 1 + random.below(3));
        config.max_total = random.chance(40).then(|| 2 + random.below(3));
    }
    let messages = if is_limited { &[0, 1, 3, 4, 3, 2][..] } else { &[2, 6, 4, 2, 1] };
    let shows_recipients = random.chance(10);
    let mut steps =
        if shows_recipients { recipient_check(random, pool.family()) } else { Vec::new() };
    for _ in 0..1 + random.weighted(messages) {
        if is_timed {
            steps.push(Step::Advance { secs: random.between(2, 7) });
        }
        steps.push(receive(random, capabilities, &mut pool, is_timed));
        if random.chance(25) {
            steps.extend(between(random, capabilities, &mut pool));
        }
        if is_limited && random.chance(40) {
            // Uses some cookies, so that others are the least recently used.
            steps.push(Step::Advance { secs: random.between(2, 7) });
            steps.push(match capabilities.can(ability::SCRIPT) && random.chance(30) {
                true => {
                    let (at, uri) = (String::new(), pool.any_uri(random).into());
                    Step::ScriptGet { at, uri, context: Context::default() }
                }
                false => observe(random, capabilities, &pool),
            });
        }
    }
    if random.chance(2) {
        steps.extend(flood(random, &pool));
    }
    if capabilities.can(ability::RESTART) && random.chance(20) {
        steps.push(Step::Restart);
        // A lifetime goes on as it would have without a restart.
        if is_timed && random.chance(50) {
            steps.push(Step::Advance { secs: random.between(2, 12) });
        }
    }
    if is_timed && random.chance(25) {
        steps.push(Step::Advance { secs: span(random) });
    }
    for _ in 0..random.weighted(&[3, 4, 2]) {
        steps.push(observe(random, capabilities, &pool));
        if random.chance(15) {
            steps.extend(between(random, capabilities, &mut pool));
        }
    }
    if random.chance(70) {
        let context = Context::default();
        steps.push(Step::Send { at: String::new(), uri: pool.main_uri().into(), context });
    } else {
        steps.push(observe(random, capabilities, &pool));
    }
    let mut program = JarProgram { now: NOW, config, steps };
    relabel(&mut program);
    program
}

/// Steps that show which hosts of a family receive a cookie, and whether another cookie replaced
/// it: a plain cookie from one host, sometimes a second one of the same name, then a request to
/// every host of the family.
fn recipient_check(random: &mut Random, family: &[&str]) -> Vec<Step> {
    let uri = |host: &str| format!("https://{host}/").into_bytes().into();
    let context = Context::default;
    let host = random.pick(family);
    let mut lines = vec![plain_cookie(random, family, host, "first")];
    if random.chance(35) {
        lines.push(plain_cookie(random, family, host, "second"));
    }
    let receive = |line: Vec<u8>| Step::Receive {
        uri: uri(host),
        set_cookie: vec![line.into()],
        context: context(),
    };
    let send = |host: &&str| Step::Send { at: String::new(), uri: uri(host), context: context() };
    lines.into_iter().map(receive).chain(family.iter().map(send)).collect()
}

/// A cookie that usually has no attribute but Path and Domain.
fn plain_cookie(random: &mut Random, family: &[&str], host: &str, value: &str) -> Vec<u8> {
    let mut line = format!("a={value}; Path=/").into_bytes();
    if random.chance(70) {
        line.extend_from_slice(b"; Domain=");
        let dot: &[u8] = if random.chance(20) { b"." } else { b"" };
        line.extend_from_slice(dot);
        line.extend(match random.weighted(&[6, 2, 1]) {
            0 => random.pick(family).as_bytes().to_vec(),
            1 => host.bytes().skip(1 + random.below(3)).collect(),
            _ => closed_world::domain(random, host),
        });
    }
    if random.chance(15) {
        line.extend_from_slice(b"; ");
        line.extend(set_cookie::attribute(random, host));
    }
    line
}

/// Numbers the observations, so that every label is unique.
pub(crate) fn relabel(program: &mut JarProgram) {
    let mut next = 0;
    for step in &mut program.steps {
        if let Step::Send { at, .. } | Step::ScriptGet { at, .. } | Step::Dump { at } = step {
            next += 1;
            *at = format!("{next}");
        }
    }
}

/// A random step.
pub(crate) fn step(random: &mut Random, capabilities: &Capabilities) -> Step {
    let mut pool = Pool::new(random, 1);
    match random.below(4) {
        0 => receive(random, capabilities, &mut pool, false),
        1 => observe(random, capabilities, &pool),
        _ => {
            let mut steps = between(random, capabilities, &mut pool);
            steps.pop().unwrap_or_else(|| observe(random, capabilities, &pool))
        }
    }
}

fn receive(
    random: &mut Random,
    capabilities: &Capabilities,
    pool: &mut Pool,
    is_timed: bool,
) -> Step {
    let (uri, line) = pool.set_cookie(random);
    let uri = uri.into();
    let context = pool.context(random, capabilities);
    if capabilities.can(ability::SCRIPT) && random.chance(15) {
        return Step::ScriptSet { uri, value: line.into(), context };
    }
    let mut set_cookie = vec![line.into()];
    let others = if is_timed && random.chance(90) { 0 } else { random.weighted(&[80, 12, 3]) };
    set_cookie.extend((0..others).map(|_| pool.another_line(random).into()));
    Step::Receive { uri, set_cookie, context }
}

/// The steps between two messages.
fn between(random: &mut Random, capabilities: &Capabilities, pool: &mut Pool) -> Vec<Step> {
    match random.weighted(&[8, 3, 4, 3, 1]) {
        0 if capabilities.can(ability::CLOCK) => {
            vec![Step::Advance { secs: span(random) }]
        }
        1 if capabilities.can(ability::RESTART) => vec![Step::Restart],
        2 => vec![observe(random, capabilities, pool)],
        3 if capabilities.can(ability::CONFIGURE) => {
            // The specifications do not say when excess cookies are evicted after a limit changed.
            let mut config = JarConfig {
                max_per_domain: None,
                max_total: None,
                ..config(random, capabilities, pool)
            };
            if capabilities.can(ability::POLICY) && random.chance(50) {
                config.cookies = Some(acceptance(random));
            }
            vec![Step::Configure { config }]
        }
        4 if capabilities.can(ability::CONFIGURE) && capabilities.can(ability::POLICY) => {
            // What arrives while cookies are disabled neither sets nor deletes any.
            let config = config(random, capabilities, pool);
            let with = |cookies| Step::Configure {
                config: JarConfig {
                    max_per_domain: None,
                    max_total: None,
                    cookies: Some(cookies),
                    ..config.clone()
                },
            };
            let between = receive(random, capabilities, pool, true);
            vec![with(Acceptance::None), between, with(Acceptance::All)]
        }
        _ => Vec::new(),
    }
}

/// A time span in seconds: short, medium, or around a lifetime limit.
fn span(random: &mut Random) -> i64 {
    match random.weighted(&[5, 4, 2, 2]) {
        0 => random.between(2, 12),
        1 => random.between(30, 400),
        2 => [3_599, 3_601, 86_400, 100_001, 1_000_000][random.below(5)],
        _ => [34_559_990, 34_560_010, 35_000_000, 2_147_483_648][random.below(4)],
    }
}

/// A step with an observation: a request, a script access or a dump.
fn observe(random: &mut Random, capabilities: &Capabilities, pool: &Pool) -> Step {
    let uri = if random.chance(30) { pool.main_uri() } else { pool.any_uri(random) };
    let uri = uri.into();
    let context = pool.context(random, capabilities);
    let at = String::new();
    if capabilities.can(ability::SCRIPT) && random.chance(15) {
        return Step::ScriptGet { at, uri, context };
    }
    if capabilities.can(ability::DUMP) && random.chance(12) {
        return Step::Dump { at };
    }
    Step::Send { at, uri, context }
}

/// A response with more cookies than some limit on their number; or several from different sites,
/// which together have more than some limit on the number of all cookies.
fn flood(random: &mut Random, pool: &Pool) -> Vec<Step> {
    let cookie = |index: usize| format!("f{index}=x; Path=/").as_str().into();
    let from = |uri: Octets, count: usize| Step::Receive {
        uri,
        set_cookie: (0..count).map(cookie).collect(),
        context: Context::default(),
    };
    match random.weighted(&[6, 4, 1, 1]) {
        0 => vec![from(pool.main_uri().into(), 21)],
        1 => vec![from(pool.main_uri().into(), 51)],
        2 => vec![from(pool.main_uri().into(), 181)],
        _ => {
            let uri = |site: usize| format!("https://flood{site}.example/").as_str().into();
            (0..7).map(|site| from(uri(site), 43)).collect()
        }
    }
}

fn config(random: &mut Random, capabilities: &Capabilities, pool: &Pool) -> JarConfig {
    let mut config = JarConfig::default();
    if capabilities.can(ability::PUBLIC_SUFFIX) && random.chance(70) {
        let row = [0, 1, 2, 3][random.weighted(&[5, 1, 1, 2])];
        let rules = SUFFIX_RULES[row].iter().map(|&rule| rule.to_owned()).collect();
        let none = random.chance(25);
        config.public_suffixes = if none { Suffixes::NoRejection } else { Suffixes::Rules(rules) };
    }
    let localhost_percent = if pool.has_localhost() { 70 } else { 4 };
    if capabilities.can(ability::SECURE_LOCALHOST) && random.chance(localhost_percent) {
        config.secure_localhost = Some(random.chance(60));
    }
    if capabilities.can(ability::STRICT_HOSTS) && random.chance(10) {
        config.strict_hosts = Some(random.chance(80));
    }
    if capabilities.can(ability::LIMITS) && random.chance(5) {
        config.max_per_domain = random.chance(70).then(|| 1 + random.below(4));
        config.max_total = random.chance(40).then(|| 1 + random.below(5));
    }
    let unsafe_percent = if pool.has_other_sites() { 35 } else { 3 };
    if capabilities.can(ability::LAX_ALLOWING_UNSAFE) && random.chance(unsafe_percent) {
        config.lax_allowing_unsafe = Some([0, 10, 120][random.below(3)]);
    }
    if capabilities.can(ability::POLICY) && random.chance(8) {
        config.cookies = Some(acceptance(random));
    }
    config
}

fn acceptance(random: &mut Random) -> Acceptance {
    [Acceptance::All, Acceptance::SessionOnly, Acceptance::None][random.below(3)]
}
