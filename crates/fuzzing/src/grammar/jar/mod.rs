//! Jar programs: a few responses and requests among related hosts, and what happens in between.

mod cookie;
mod scene;

use cookiespec_vectors::ability;
use cookiespec_vectors::operation::{Acceptance, Context, JarConfig, JarProgram, Step, Suffixes};

use self::scene::Scene;
use super::super::random::Random;
use super::super::repertoire::Capabilities;
use super::{NOW, probe, world};

/// A program that at least one of the targets can run.
pub(crate) fn program(random: &mut Random, repertoire: &Capabilities) -> JarProgram {
    // Which cookie is older can only be said of cookies that came at different times.
    let is_timed = repertoire.can(ability::CLOCK) && random.chance(75);
    let is_limited = is_timed && repertoire.can(ability::LIMITS) && random.chance(25);
    let mut scene = Scene::new(random, if is_limited { 3 } else { 1 });
    let mut config = config(random, repertoire, &scene);
    if is_limited {
        config.max_per_domain = random.chance(70).then(|| 1 + random.below(3));
        config.max_total = random.chance(40).then(|| 2 + random.below(3));
    }
    let messages = if is_limited { &[0, 1, 3, 4, 3, 2][..] } else { &[2, 6, 4, 2, 1] };
    let probes = random.chance(10);
    let mut steps = if probes { probe::steps(random, scene.family()) } else { Vec::new() };
    for _ in 0..1 + random.weighted(messages) {
        if is_timed {
            steps.push(Step::Advance { secs: random.between(2, 7) });
        }
        steps.push(receive(random, repertoire, &mut scene, is_timed));
        if random.chance(25) {
            steps.extend(between(random, repertoire, &mut scene));
        }
        if is_limited && random.chance(40) {
            // A use of some cookies, so that others are the longest unused.
            steps.push(Step::Advance { secs: random.between(2, 7) });
            steps.push(look(random, repertoire, &scene));
        }
    }
    if random.chance(2) {
        steps.extend(flood(random, &scene));
    }
    if repertoire.can(ability::RESTART) && random.chance(20) {
        steps.push(Step::Restart);
    }
    if is_timed && random.chance(25) {
        steps.push(Step::Advance { secs: span(random) });
    }
    for _ in 0..random.weighted(&[3, 4, 2]) {
        steps.push(look(random, repertoire, &scene));
        if random.chance(15) {
            steps.extend(between(random, repertoire, &mut scene));
        }
    }
    if random.chance(70) {
        let context = Context::default();
        steps.push(Step::Send { at: String::new(), uri: scene.main_uri().into(), context });
    } else {
        steps.push(look(random, repertoire, &scene));
    }
    let mut program = JarProgram { now: NOW, config, steps };
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
pub(crate) fn step(random: &mut Random, repertoire: &Capabilities) -> Step {
    let mut scene = Scene::new(random, 1);
    match random.below(4) {
        0 => receive(random, repertoire, &mut scene, false),
        1 => look(random, repertoire, &scene),
        _ => {
            let mut steps = between(random, repertoire, &mut scene);
            steps.pop().unwrap_or_else(|| look(random, repertoire, &scene))
        }
    }
}

fn receive(
    random: &mut Random,
    repertoire: &Capabilities,
    scene: &mut Scene,
    is_alone: bool,
) -> Step {
    let (uri, line) = scene.set_cookie(random);
    let uri = uri.into();
    let context = scene.context(random, repertoire);
    if repertoire.can(ability::SCRIPT) && random.chance(15) {
        return Step::ScriptSet { uri, value: line.into(), context };
    }
    let mut set_cookie = vec![line.into()];
    let others = if is_alone && random.chance(90) { 0 } else { random.weighted(&[80, 12, 3]) };
    set_cookie.extend((0..others).map(|_| scene.another_line(random).into()));
    Step::Receive { uri, set_cookie, context }
}

/// What may happen between two messages.
fn between(random: &mut Random, repertoire: &Capabilities, scene: &mut Scene) -> Vec<Step> {
    match random.weighted(&[8, 3, 4, 3]) {
        0 if repertoire.can(ability::CLOCK) => {
            vec![Step::Advance { secs: span(random) }]
        }
        1 if repertoire.can(ability::RESTART) => vec![Step::Restart],
        2 => vec![look(random, repertoire, scene)],
        3 if repertoire.can(ability::CONFIGURE) => {
            // When excess cookies go after the limits have changed is not said.
            let mut config = JarConfig {
                max_per_domain: None,
                max_total: None,
                ..config(random, repertoire, scene)
            };
            if repertoire.can(ability::POLICY) && random.chance(50) {
                config.cookies = Some(acceptance(random));
            }
            vec![Step::Configure { config }]
        }
        _ => Vec::new(),
    }
}

/// Some seconds: a moment, a while, or what a lifetime may be.
fn span(random: &mut Random) -> i64 {
    match random.weighted(&[5, 4, 2, 2]) {
        0 => random.between(2, 12),
        1 => random.between(30, 400),
        2 => [3_599, 3_601, 86_400, 100_001, 1_000_000][random.below(5)],
        _ => [34_559_990, 34_560_010, 35_000_000, 2_147_483_648][random.below(4)],
    }
}

/// A request, or another way to look at the store.
fn look(random: &mut Random, repertoire: &Capabilities, scene: &Scene) -> Step {
    let uri = if random.chance(30) { scene.main_uri() } else { scene.any_uri(random) };
    let uri = uri.into();
    let context = scene.context(random, repertoire);
    let at = String::new();
    if repertoire.can(ability::SCRIPT) && random.chance(15) {
        return Step::ScriptGet { at, uri, context };
    }
    if repertoire.can(ability::DUMP) && random.chance(12) {
        return Step::Dump { at };
    }
    Step::Send { at, uri, context }
}

/// Many cookies at once: the limits on their number.
fn flood(random: &mut Random, scene: &Scene) -> Vec<Step> {
    let count = [21, 51, 181, 301][random.weighted(&[6, 4, 1, 1])];
    let uri = scene.main_uri().into();
    let cookie = |index: usize| format!("f{index}=x; Path=/").as_str().into();
    let set_cookie = (0..count).map(cookie).collect();
    vec![Step::Receive { uri, set_cookie, context: Context::default() }]
}

fn config(random: &mut Random, repertoire: &Capabilities, scene: &Scene) -> JarConfig {
    let mut config = JarConfig::default();
    if repertoire.can(ability::PUBLIC_SUFFIX) && random.chance(70) {
        let row = [0, 1, 2, 3][random.weighted(&[5, 1, 1, 2])];
        let rules = world::SUFFIX_RULES[row].iter().map(|&rule| rule.to_owned()).collect();
        let none = random.chance(25);
        config.public_suffixes = if none { Suffixes::NoRejection } else { Suffixes::Rules(rules) };
    }
    let trusts = if scene.has_localhost() { 70 } else { 4 };
    if repertoire.can(ability::SECURE_LOCALHOST) && random.chance(trusts) {
        config.secure_localhost = Some(random.chance(60));
    }
    if repertoire.can(ability::STRICT_HOSTS) && random.chance(10) {
        config.strict_hosts = Some(random.chance(80));
    }
    if repertoire.can(ability::LIMITS) && random.chance(5) {
        config.max_per_domain = random.chance(70).then(|| 1 + random.below(4));
        config.max_total = random.chance(40).then(|| 1 + random.below(5));
    }
    let unsafe_too = if scene.has_other_sites() { 35 } else { 3 };
    if repertoire.can(ability::LAX_ALLOWING_UNSAFE) && random.chance(unsafe_too) {
        config.lax_allowing_unsafe = Some([0, 10, 120][random.below(3)]);
    }
    if repertoire.can(ability::POLICY) && random.chance(8) {
        config.cookies = Some(acceptance(random));
    }
    config
}

fn acceptance(random: &mut Random) -> Acceptance {
    [Acceptance::All, Acceptance::SessionOnly, Acceptance::None][random.below(3)]
}
