//! Jar programs: a few responses and requests among related hosts, and what happens in between.

use cookiespec_vectors::ability;
use cookiespec_vectors::operation::{
    Acceptance, Api, Context, JarConfig, JarProgram, Step, Suffixes,
};

use super::super::random::Random;
use super::super::repertoire::Repertoire;
use super::set_cookie::set_cookie_string;
use super::{NOW, probe, world};

/// A program that at least one of the targets can run.
pub(crate) fn program(random: &mut Random, repertoire: &Repertoire) -> JarProgram {
    let family = world::family(random);
    let mut steps = if random.chance(10) { probe::steps(random, family) } else { Vec::new() };
    for value in 0..1 + random.weighted(&[4, 5, 3, 2]) {
        steps.push(receive(random, repertoire, family, value));
        if random.chance(35) {
            steps.extend(between(random, repertoire, family));
        }
    }
    if random.chance(4) {
        steps.extend(flood(random, family));
    }
    for _ in 0..1 + random.weighted(&[3, 4, 2]) {
        steps.push(look(random, repertoire, family));
        if random.chance(20) {
            steps.extend(between(random, repertoire, family));
        }
    }
    let mut program = JarProgram { now: NOW, config: config(random, repertoire), steps };
    relabel(&mut program);
    program
}

/// Gives every observation a label of its own.
pub(crate) fn relabel(program: &mut JarProgram) {
    let mut next = 0;
    for step in &mut program.steps {
        if let Step::Send { at, .. } | Step::ScriptGet { at, .. } | Step::Dump { at } = step {
            next += 1;
            *at = format!("{next}");
        }
    }
}

/// A step of any kind.
pub(crate) fn step(random: &mut Random, repertoire: &Repertoire) -> Step {
    let family = world::family(random);
    match random.below(4) {
        0 => {
            let value = 10 + random.below(10);
            receive(random, repertoire, family, value)
        }
        1 => look(random, repertoire, family),
        _ => {
            let mut steps = between(random, repertoire, family);
            steps.pop().unwrap_or_else(|| look(random, repertoire, family))
        }
    }
}

fn receive(random: &mut Random, repertoire: &Repertoire, family: &[&str], value: usize) -> Step {
    let host = random.pick(family);
    let uri = world::uri(random, host).into();
    let context = context(random, repertoire);
    if repertoire.can(ability::SCRIPT) && random.chance(12) {
        let value = set_cookie_string(random, &format!("v{value}"), host).into();
        return Step::ScriptSet { uri, value, context };
    }
    let lines = 1 + random.weighted(&[80, 12, 3]);
    let line = |line: usize, random: &mut Random| {
        set_cookie_string(random, &format!("v{value}{}", &"xyz"[..line]), host).into()
    };
    let set_cookie = (0..lines).map(|index| line(index, random)).collect();
    Step::Receive { uri, set_cookie, context }
}

/// What may happen between two messages.
fn between(random: &mut Random, repertoire: &Repertoire, family: &[&str]) -> Vec<Step> {
    match random.weighted(&[8, 3, 3, 1]) {
        0 if repertoire.can(ability::CLOCK) => {
            let secs = match random.weighted(&[5, 3, 2, 1]) {
                0 => random.between(1, 3),
                1 => random.between(30, 400),
                2 => [3_599, 3_601, 86_400, 100_001, 1_000_000][random.below(5)],
                _ => [34_559_990, 34_560_010, 40_000_000, 2_147_483_648][random.below(4)],
            };
            vec![Step::Advance { secs }]
        }
        1 if repertoire.can(ability::RESTART) => vec![Step::Restart],
        2 => vec![look(random, repertoire, family)],
        3 if repertoire.can(ability::CONFIGURE) => {
            // When excess cookies go after the limits have changed is not said.
            let config =
                JarConfig { max_per_domain: None, max_total: None, ..config(random, repertoire) };
            vec![Step::Configure { config }]
        }
        _ => Vec::new(),
    }
}

/// A request, or another way to look at the store.
fn look(random: &mut Random, repertoire: &Repertoire, family: &[&str]) -> Step {
    let host = random.pick(family);
    let uri = world::uri(random, host).into();
    let context = context(random, repertoire);
    let at = String::new();
    if repertoire.can(ability::SCRIPT) && random.chance(12) {
        return Step::ScriptGet { at, uri, context };
    }
    if repertoire.can(ability::DUMP) && random.chance(10) {
        return Step::Dump { at };
    }
    Step::Send { at, uri, context }
}

/// Many cookies at once: the limits on their number.
fn flood(random: &mut Random, family: &[&str]) -> Vec<Step> {
    let count = [21, 51, 181, 301][random.weighted(&[4, 4, 2, 1])];
    let uri = world::uri(random, family[0]);
    let cookie = |index: usize| format!("f{index}=x; Path=/").as_str().into();
    let set_cookie = (0..count).map(cookie).collect();
    vec![Step::Receive { uri: uri.into(), set_cookie, context: Context::default() }]
}

fn context(random: &mut Random, repertoire: &Repertoire) -> Context {
    let mut context = Context::default();
    if repertoire.can(ability::SAME_SITE) && random.chance(25) {
        context.same_site = false;
        context.top_level = random.chance(55);
        context.method = random
            .pick(&["GET", "GET", "POST", "HEAD", "PUT", "OPTIONS", "get", "TRACE"])
            .to_owned();
    }
    if repertoire.can(ability::SCRIPT) && random.chance(5) {
        context.api = Api::Script;
    }
    context
}

fn config(random: &mut Random, repertoire: &Repertoire) -> JarConfig {
    let mut config = JarConfig::default();
    if repertoire.can(ability::PUBLIC_SUFFIX) && random.chance(70) {
        let rules = world::SUFFIX_RULES[random.below(world::SUFFIX_RULES.len())];
        let rules = || rules.iter().map(|&rule| rule.to_owned()).collect();
        let none = random.chance(25);
        config.public_suffixes =
            if none { Suffixes::NoRejection } else { Suffixes::Rules(rules()) };
    }
    if repertoire.can(ability::SECURE_LOCALHOST) && random.chance(10) {
        config.secure_localhost = Some(random.chance(60));
    }
    if repertoire.can(ability::LIMITS) && random.chance(15) {
        config.max_per_domain = random.chance(70).then(|| 1 + random.below(4));
        config.max_total = random.chance(40).then(|| 1 + random.below(5));
    }
    if repertoire.can(ability::LAX_ALLOWING_UNSAFE) && random.chance(10) {
        config.lax_allowing_unsafe = Some([0, 2, 120][random.below(3)]);
    }
    if repertoire.can(ability::POLICY) && random.chance(6) {
        let choices = [Acceptance::All, Acceptance::SessionOnly, Acceptance::None];
        config.cookies = Some(choices[random.below(3)]);
    }
    config
}
