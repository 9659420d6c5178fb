//! Programs that show which hosts of a family receive a cookie, and whether another cookie replaced
//! it.

use cookiespec_vectors::operation::{Context, Step};

use crate::generators::{closed_world, set_cookie};
use crate::random::Random;

/// A plain cookie from one host, sometimes a second one of the same name, then a request to every
/// host of the family.
pub(super) fn steps(random: &mut Random, family: &[&str]) -> Vec<Step> {
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
