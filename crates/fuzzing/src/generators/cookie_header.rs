//! Cookie field lines, from conforming and non-conforming clients.

use super::cookie_pair::{cookie_name, cookie_value};
use super::tokens;
use super::tokens::insert_hostile;
use crate::random::Random;

/// The field lines of one request.
pub(crate) fn field_lines(random: &mut Random) -> Vec<Vec<u8>> {
    let count = 1 + random.weighted(&[90, 8, 2]);
    (0..count).map(|_| field_line(random)).collect()
}

fn field_line(random: &mut Random) -> Vec<u8> {
    let mut line = Vec::new();
    let count = match random.weighted(&[92, 4, 1]) {
        0 => random.weighted(&[1, 5, 8, 6, 3]),
        1 => random.below(30),
        _ => 20 + random.below(180),
    };
    for index in 0..count {
        if index > 0 {
            let odd: [&[u8]; 9] = [b";", b" ; ", b";\t", b";;", b"; ;", b", ", b",", b"&", b" "];
            line.extend_from_slice(if random.chance(88) { b"; " } else { random.pick(&odd) });
        }
        line.extend(pair(random, index));
    }
    if random.chance(6) {
        insert_hostile(random, &mut line);
    }
    line
}

fn pair(random: &mut Random, index: usize) -> Vec<u8> {
    if random.chance(5) {
        return random
            .pick::<[u8]>(&[b"", b"=", b"bare", b"=v", b"$Version=1", b"$Path=\"/\""])
            .to_vec();
    }
    let name =
        if random.chance(60) { format!("n{index}").into_bytes() } else { cookie_name(random) };
    let mut value = cookie_value(random, &format!("v{index}"));
    if random.chance(2) {
        value.resize(tokens::near(random, 4096), b'x');
    }
    let equals: &[u8] =
        if random.chance(95) { b"=" } else { random.pick(&[" = ", "==", "= "]).as_bytes() };
    [&name[..], equals, &value].concat()
}
