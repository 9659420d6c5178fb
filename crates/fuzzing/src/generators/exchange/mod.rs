//! Exchange programs: navigations with redirects among related origins, with what the caller gives
//! and what responses set, and a client that is restarted, saved, loaded and copied in between.

mod values;
mod world;

use cookiespec_vectors::operation::{ExchangeProgram, ExchangeStep, Hop, Navigate};
use cookiespec_vectors::{Octets, ability};

use self::world::{Target, World};
use crate::capabilities::Capabilities;
use crate::random::Random;

/// A program that at least one of the subjects supports.
pub(crate) fn program(random: &mut Random, capabilities: &Capabilities) -> ExchangeProgram {
    let mut writer = Writer { world: World::new(random), set: Vec::new() };
    let mut steps = Vec::new();
    for navigation in 0..1 + random.weighted(&[3, 4, 2, 1]) {
        if navigation > 0 && random.chance(30) {
            steps.extend(between(random, capabilities));
        }
        steps.push(writer.navigation(random, capabilities));
    }
    let mut program = ExchangeProgram { steps };
    finish(random, &mut program);
    program
}

/// A navigation of its own.
pub(crate) fn navigation(random: &mut Random, capabilities: &Capabilities) -> ExchangeStep {
    let mut writer = Writer { world: World::new(random), set: Vec::new() };
    writer.navigation(random, capabilities)
}

/// Something that happens to the client between two navigations, if it can.
pub(crate) fn between(random: &mut Random, capabilities: &Capabilities) -> Option<ExchangeStep> {
    let (needed, step) = match random.below(4) {
        0 => (ability::RESTART, ExchangeStep::Restart),
        1 => (ability::SAVE, ExchangeStep::Save),
        2 => (ability::SAVE, ExchangeStep::Load),
        _ => (ability::CLONE, ExchangeStep::Clone),
    };
    capabilities.can(needed).then_some(step)
}

/// Makes the parts of a program fit each other: nothing is loaded that was not saved, each request
/// has a label, and each cookie and credential a value of its own.
pub(crate) fn finish(random: &mut Random, program: &mut ExchangeProgram) {
    let mut is_saved = false;
    program.steps.retain(|step| {
        is_saved |= *step == ExchangeStep::Save;
        is_saved || *step != ExchangeStep::Load
    });
    let mut labels = 1..;
    for step in &mut program.steps {
        if let ExchangeStep::Navigate(navigate) = step {
            for hop in &mut navigate.hops {
                hop.at = labels.next().map(|label: u32| label.to_string());
            }
        }
    }
    values::renew(random, program);
}

/// Writes the navigations of one program.
struct Writer {
    world: World,
    /// The cookies set so far: the host, the name, and the attributes.
    set: Vec<(&'static str, &'static str, String)>,
}

impl Writer {
    fn navigation(&mut self, random: &mut Random, capabilities: &Capabilities) -> ExchangeStep {
        let mut target = self.world.target(random);
        let uri = target.spelled(random);
        let method = ["GET", "POST", "HEAD"][random.weighted(&[17, 2, 1])].to_owned();
        let fields = given_fields(random);
        let cookies = given_cookies(random, capabilities);
        let mut hops = Vec::new();
        let redirects = random.weighted(&[4, 5, 3, 2]);
        for number in 0..=redirects {
            let uri = (number > 0).then(|| target.uri().into());
            let mut fields = self.set_cookies(random, &target);
            let mut status = if random.chance(10) { 404 } else { 200 };
            if number < redirects {
                let next = self.world.redirected(random, &target);
                let location = next.location(random, &target);
                fields.insert(random.below(fields.len() + 1), field("Location", location));
                status = STATUSES[random.below(STATUSES.len())];
                target = next;
            }
            hops.push(Hop { uri, status, fields, ..Hop::default() });
        }
        ExchangeStep::Navigate(Navigate { uri: uri.into(), method, fields, cookies, hops })
    }

    fn set_cookies(&mut self, random: &mut Random, target: &Target) -> Vec<(Octets, Octets)> {
        let count = random.weighted(&[4, 4, 1]);
        (0..count).map(|_| field("Set-Cookie", self.set_cookie(random, target))).collect()
    }

    /// A cookie, or the deletion of one that the host set.
    fn set_cookie(&mut self, random: &mut Random, target: &Target) -> String {
        let of_host: Vec<_> = self.set.iter().filter(|(host, ..)| *host == target.host()).collect();
        if !of_host.is_empty() && random.chance(35) {
            let (_, name, attributes) = of_host[random.below(of_host.len())];
            return format!("{name}={attributes}; Max-Age=0");
        }
        let name = random.pick(NAMES);
        let mut attributes = String::new();
        let mut add = |attribute: &str| attributes.push_str(&format!("; {attribute}"));
        if let Some(domain) = domain(random, target.host()) {
            add(&format!("Domain={domain}"));
        }
        if random.chance(35) {
            add(&format!("Path={}", random.pick(&["/", "/a", "/ab"])));
        }
        if random.chance(20) {
            add("Secure");
        }
        if random.chance(10) {
            add("HttpOnly");
        }
        let deleted = attributes.clone();
        self.set.push((target.host(), name, deleted));
        match random.weighted(&[6, 4, 1]) {
            0 => format!("{name}={attributes}"),
            1 => format!("{name}={attributes}; Max-Age=86400"),
            _ => format!("{name}={attributes}; Max-Age=0"),
        }
    }
}

/// Header fields that a caller gives for a request.
fn given_fields(random: &mut Random) -> Vec<(Octets, Octets)> {
    let mut fields = Vec::new();
    if random.chance(35) {
        let count = 1 + random.below(2);
        let pairs: Vec<_> = (0..count).map(|_| format!("{}=", random.pick(NAMES))).collect();
        fields.push(field("Cookie", pairs.join("; ")));
    }
    if random.chance(30) {
        fields.push(field("Authorization", "Bearer ".to_owned()));
    }
    fields
}

/// Cookies that a caller gives for a request, where there is an option for them.
fn given_cookies(random: &mut Random, capabilities: &Capabilities) -> Vec<(Octets, Octets)> {
    let can_give = capabilities.can(ability::CALLER_COOKIES) && random.chance(35);
    let cookie = can_give.then(|| (random.pick(NAMES).into(), Octets::default()));
    cookie.into_iter().collect()
}

/// A Domain attribute-value: the host, or one above it; now and then one that it is not below. An
/// address has none, nor a name with a dot at its end, of which the texts say nothing.
fn domain(random: &mut Random, host: &str) -> Option<String> {
    let has_none = host.ends_with('.') || host.starts_with(|first: char| first.is_ascii_digit());
    if has_none || random.chance(55) {
        return None;
    }
    let parent = host.split_once('.').map(|(_, parent)| parent);
    let parent = parent.filter(|parent| parent.contains('.')).unwrap_or(host);
    Some(match random.weighted(&[4, 4, 2, 1]) {
        0 => host.to_owned(),
        1 => parent.to_owned(),
        2 => format!(".{parent}"),
        _ => "other.example".to_owned(),
    })
}

fn field(name: &str, value: String) -> (Octets, Octets) {
    (name.into(), value.into())
}

/// Few, so that cookies of different origin have the same one.
const NAMES: &[&str] = &["a", "b", "sid"];
const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

#[cfg(test)]
mod tests {
    use cookiespec_vectors::reference::Reference;
    use cookiespec_vectors::{Implementation, Profile};

    use super::*;
    use crate::oracles::provenance::{Provenance, Source, Visit, values};

    #[test]
    fn every_program_can_be_run_and_every_value_has_one_source() {
        let capabilities = Capabilities::all();
        let mut random = Random::of_round(1, 0);
        let mut redirects = 0;
        for _ in 0..500 {
            let program = program(&mut random, &capabilities);
            Reference::new(Profile::Rfc6265bis).run_exchange(&program).unwrap();
            let visits = Visit::all(&program);
            let provenance = Provenance::of(&program, &visits);
            for visit in &visits {
                redirects += usize::from(visit.redirected.is_some());
                for line in visit.set_cookie_strings() {
                    let text = line.to_str().unwrap();
                    let value = text.split(['=', ';']).nth(1).unwrap();
                    let source = provenance.of_cookie(value.as_bytes());
                    assert!(matches!(source, Some(Source::Set { .. })), "{text}");
                }
                for value in values(&visit.navigate.fields, "Authorization") {
                    assert!(provenance.of_credential(value.as_slice()).is_some(), "{value}");
                }
            }
        }
        assert!(redirects > 300, "{redirects}");
    }
}
