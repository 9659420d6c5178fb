//! Programs that ask one question: who gets a cookie that a host has set, and has another one
//! taken its place? Little else is odd in them, and every related host is asked.

use cookiespec_vectors::operation::{Context, Step};

use super::super::random::Random;
use super::{set_cookie, world};

/// A plain cookie for some domain, sometimes another one of its name, and a request to every host
/// of the family.
pub(super) fn steps(random: &mut Random, family: &[&str]) -> Vec<Step> {
    let uri = |host: &str| format!("https://{host}/").into_bytes().into();
    let context = Context::default;
    let host = random.pick(family);
    let mut lines = vec![plain_cookie(random, family, host, "first")];
    if random.chance(35) {
        lines.push(plain_cookie(random, family, host, "second"));
    }
    let comes = |line: Vec<u8>| Step::Receive {
        uri: uri(host),
        set_cookie: vec![line.into()],
        context: context(),
    };
    let goes = |host: &&str| Step::Send { at: String::new(), uri: uri(host), context: context() };
    lines.into_iter().map(comes).chain(family.iter().map(goes)).collect()
}

/// A cookie that says no more than what its domain is.
fn plain_cookie(random: &mut Random, family: &[&str], host: &str, value: &str) -> Vec<u8> {
    let mut line = format!("a={value}; Path=/").into_bytes();
    if random.chance(70) {
        line.extend_from_slice(b"; Domain=");
        let dot: &[u8] = if random.chance(20) { b"." } else { b"" };
        line.extend_from_slice(dot);
        line.extend(match random.weighted(&[6, 2, 1]) {
            0 => random.pick(family).as_bytes().to_vec(),
            1 => host.bytes().skip(1 + random.below(3)).collect(),
            _ => world::domain(random, host),
        });
    }
    if random.chance(15) {
        line.extend_from_slice(b"; ");
        line.extend(set_cookie::attribute(random, host));
    }
    line
}
