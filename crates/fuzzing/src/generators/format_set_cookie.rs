//! Requests to serialise a Set-Cookie field, some with values that would inject an attribute or a
//! line.

use cookiespec_vectors::operation::FormatSetCookie;

use super::cookie_pair::{cookie_name, cookie_value};
use super::tokens::insert_hostile;
use super::{closed_world, tokens};
use crate::random::Random;

/// Boundary times in Unix seconds: the epoch, 32-bit limits, the years 1601 and 9999.
const TIMES: &[i64] = &[
    0,
    1,
    -1,
    784_111_777,
    1_767_571_200,
    2_147_483_647,
    2_147_483_648,
    -11_644_473_600,
    253_402_300_799,
    253_402_300_800,
    4_102_444_800,
    951_782_400,
    1_709_210_096,
];
const AGES: &[i64] = &[
    0,
    1,
    60,
    -1,
    3600,
    86_400,
    34_560_000,
    34_560_001,
    2_147_483_647,
    2_147_483_648,
    4_294_967_296,
    i64::MIN >> 11,
    i64::MAX >> 10,
];

/// A cookie to serialise. Most have one mistake only, so that the cause of a divergence is clear.
pub(crate) fn set_cookie(random: &mut Random) -> FormatSetCookie {
    let mut cookie = FormatSetCookie {
        name: random.pick(&["a", "sid", "SID", "a.b", "n-1"]).into(),
        value: random.pick(&["v", "v1", "a=b", "\"v\"", "%41", ""]).into(),
        ..FormatSetCookie::default()
    };
    for _ in 0..random.weighted(&[3, 4, 3, 2, 1]) {
        add_attribute(random, &mut cookie);
    }
    match random.weighted(&[2, 5, 2, 1, 2]) {
        0 => {}
        1 => insert_forbidden(random, &mut cookie),
        2 => require_attributes(random, &mut cookie),
        3 => lengthen(random, &mut cookie),
        _ => {
            cookie.name = cookie_name(random).into();
            cookie.value = cookie_value(random, "v").into();
        }
    }
    cookie
}

fn add_attribute(random: &mut Random, cookie: &mut FormatSetCookie) {
    match random.below(8) {
        0 => cookie.max_age = Some(AGES[random.below(AGES.len())]),
        1 if random.chance(70) => cookie.expires = Some(TIMES[random.below(TIMES.len())]),
        1 => cookie.expires = Some(random.between(0, 4_102_444_800)),
        2 if random.chance(60) => cookie.domain = Some(closed_world::host(random).into()),
        2 => {
            let host = closed_world::host(random);
            cookie.domain = Some(closed_world::domain(random, host).into());
        }
        3 => cookie.path = Some(closed_world::path(random).into()),
        4 => cookie.secure = Some(random.chance(70)),
        5 => cookie.http_only = Some(random.chance(70)),
        6 => {
            let values = ["Strict", "Lax", "None", "lax", "", "bogus", "Lax; Secure"];
            cookie.same_site = Some(random.pick(&values).into());
        }
        _ => cookie.partitioned = Some(random.chance(70)),
    }
}

/// Inserts an octet that the grammar excludes into one of the parts.
fn insert_forbidden(random: &mut Random, cookie: &mut FormatSetCookie) {
    let with_one = |random: &mut Random, part: &[u8]| {
        let mut part = part.to_vec();
        if random.chance(80) {
            let at = random.below(part.len() + 1);
            part.insert(at, tokens::forbidden(random));
        } else {
            insert_hostile(random, &mut part);
        }
        part.into()
    };
    match random.below(4) {
        0 => cookie.name = with_one(random, cookie.name.as_slice()),
        1 => cookie.value = with_one(random, cookie.value.as_slice()),
        2 => {
            let host = closed_world::host(random);
            cookie.domain = Some(with_one(random, host.as_bytes()));
        }
        _ => {
            let path = closed_world::path(random);
            cookie.path = Some(with_one(random, &path));
        }
    }
}

/// Sets a name or SameSite value that requires other attributes; sometimes one of those is wrong.
fn require_attributes(random: &mut Random, cookie: &mut FormatSetCookie) {
    cookie.secure = Some(true);
    match random.below(3) {
        0 => cookie.name = random.pick(&["__Secure-a", "__secure-a"]).into(),
        1 => cookie.same_site = Some("None".into()),
        _ => {
            cookie.name = random.pick(&["__Host-a", "__HOST-a"]).into();
            cookie.path = Some("/".into());
            cookie.domain = None;
        }
    }
    match random.below(6) {
        0 => cookie.secure = [None, Some(false)][random.below(2)],
        1 => cookie.path = random.chance(50).then(|| closed_world::path(random).into()),
        2 => cookie.domain = Some(closed_world::host(random).into()),
        _ => {}
    }
}

/// Lengthens the value or the path to a limit of 6265bis.
fn lengthen(random: &mut Random, cookie: &mut FormatSetCookie) {
    if random.chance(50) {
        let rest = tokens::near(random, 4096) - cookie.name.as_slice().len();
        cookie.value = vec![b'v'; rest].into();
    } else {
        let rest = tokens::near(random, 1024) - 1;
        cookie.path = Some([b"/", &vec![b'p'; rest][..]].concat().into());
    }
}
