//! Programs that ask one question: who gets a cookie that a host has set? Nothing else is odd in
//! them, and every related host is asked.

use cookiespec_vectors::operation::{Context, Step};

use super::super::random::Random;
use super::{set_cookie, world};

/// A plain cookie for some domain, and a request to every host of the family.
pub(super) fn steps(random: &mut Random, family: &[&str]) -> Vec<Step> {
    let host = random.pick(family);
    let mut line = b"a=v; Path=/".to_vec();
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
    let uri = |host: &str| format!("https://{host}/").into_bytes().into();
    let context = Context::default;
    let came = Step::Receive { uri: uri(host), set_cookie: vec![line.into()], context: context() };
    let goes = |host: &&str| Step::Send { at: String::new(), uri: uri(host), context: context() };
    std::iter::once(came).chain(family.iter().map(goes)).collect()
}
