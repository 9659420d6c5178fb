//! Requests to write a Set-Cookie field, some with values that try to become more than they are.

use cookiespec_vectors::operation::FormatSetCookie;

use super::super::random::Random;
use super::super::tokens;
use super::set_cookie::{cookie_value, insert_hostile, name};
use super::world;

/// Seconds that matter: around the epoch, the ends of 32 bits, of the years 1601 and 9999.
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

/// A cookie to be written.
pub(crate) fn set_cookie(random: &mut Random) -> FormatSetCookie {
    let mut cookie = FormatSetCookie {
        name: name(random).into(),
        value: cookie_value(random, "v").into(),
        ..FormatSetCookie::default()
    };
    if random.chance(3) {
        cookie.value = vec![b'v'; tokens::near(random, 4095)].into();
    }
    for _ in 0..random.weighted(&[3, 4, 3, 2, 1]) {
        match random.below(8) {
            0 => cookie.max_age = Some(AGES[random.below(AGES.len())]),
            1 if random.chance(70) => cookie.expires = Some(TIMES[random.below(TIMES.len())]),
            1 => cookie.expires = Some(random.between(0, 4_102_444_800)),
            2 => {
                let host = world::host(random);
                cookie.domain = Some(world::domain(random, host).into());
            }
            3 => cookie.path = Some(path(random).into()),
            4 => cookie.secure = Some(random.chance(70)),
            5 => cookie.http_only = Some(random.chance(70)),
            6 => {
                let values = ["Strict", "Lax", "None", "lax", "", "bogus", "Lax; Secure"];
                cookie.same_site = Some(random.pick(&values).into());
            }
            _ => cookie.partitioned = Some(random.chance(70)),
        }
    }
    cookie
}

fn path(random: &mut Random) -> Vec<u8> {
    let mut path = world::path(random);
    if random.chance(15) {
        insert_hostile(random, &mut path);
    }
    if random.chance(3) {
        path = [b"/", &vec![b'p'; tokens::near(random, 1023)][..]].concat();
    }
    path
}
