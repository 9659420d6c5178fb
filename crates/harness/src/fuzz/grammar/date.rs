//! Cookie-dates: the tokens of section 5.1.1 in any order, with any delimiters and any mistakes.

use super::super::random::Random;
use super::super::tokens;

const MONTHS: &[&str] = &[
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
    "june",
    "SEPTEMBER",
    "Maybe",
    "Ju",
    "Janvier",
];
const DELIMITERS: &[&str] = &[
    "-", "/", ",", ".", "\t", "  ", ";", "+", "\"", "_", "~", "@", "(", ", ", ":", "T", "\u{b}",
    "x",
];
const NOISE: &[&str] = &[
    "GMT",
    "UTC",
    "PST",
    "+0100",
    "-0500",
    "Z",
    "Wed",
    "Wednesday",
    "am",
    "pm",
    "123",
    "99:99:99",
    "th",
];

/// A cookie-date, or what somebody may take for one.
pub(crate) fn cookie_date(random: &mut Random) -> Vec<u8> {
    let mut parts = match random.weighted(&[6, 3, 2]) {
        0 => vec![day(random), month(random), year(random), time(random)],
        1 => vec![month(random), day(random), time(random), year(random)],
        _ => vec![time(random), year(random), month(random), day(random)],
    };
    if random.chance(50) {
        parts.insert(0, "Wed,".to_owned());
    }
    if random.chance(50) {
        parts.push("GMT".to_owned());
    }
    while random.chance(15) {
        match random.below(4) {
            0 if parts.len() > 1 => drop(parts.remove(random.below(parts.len()))),
            1 => {
                let (one, other) = (random.below(parts.len()), random.below(parts.len()));
                parts.swap(one, other);
            }
            2 => parts.insert(random.below(parts.len() + 1), random.pick(NOISE).to_owned()),
            _ => {
                let again = parts[random.below(parts.len())].clone();
                parts.insert(random.below(parts.len() + 1), again);
            }
        }
    }
    let usual = if random.chance(80) { " " } else { random.pick(DELIMITERS) };
    let mut date = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            let odd = random.chance(8);
            date.extend_from_slice(if odd { random.pick(DELIMITERS) } else { usual }.as_bytes());
        }
        date.extend_from_slice(part.as_bytes());
    }
    if random.chance(5) {
        let at = random.below(date.len() + 1);
        date.splice(at..at, tokens::hostile(random).iter().copied());
    }
    date
}

fn day(random: &mut Random) -> String {
    match random.weighted(&[8, 3, 3, 1]) {
        0 => format!("{:02}", random.between(1, 28)),
        1 => random.between(0, 32).to_string(),
        2 => random.pick(&["29", "30", "31"]).to_owned(),
        _ => random.pick(&["9th", "009", "1x", "0", "00", "1,"]).to_owned(),
    }
}

fn month(random: &mut Random) -> String {
    let known = if random.chance(85) { &MONTHS[..12] } else { MONTHS };
    random.pick(known).to_owned()
}

fn year(random: &mut Random) -> String {
    match random.weighted(&[8, 3, 2, 1, 1]) {
        0 => random.between(1970, 2100).to_string(),
        1 => format!("{:02}", random.between(0, 99)),
        2 => random
            .pick(&[
                "1600", "1601", "9999", "100", "999", "69", "70", "2000", "1900", "2024", "1969",
                "1970",
            ])
            .to_owned(),
        3 => format!("{:04}", random.between(0, 1700)),
        _ => random.pick(&["20211", "2", "2021T", "021", "0021", "-2021", "002021"]).to_owned(),
    }
}

fn time(random: &mut Random) -> String {
    let field = |random: &mut Random, most| match random.weighted(&[8, 2, 1]) {
        0 => format!("{:02}", random.between(0, most)),
        1 => random.between(0, most + 1).to_string(),
        _ => random.pick(&["0", "60", "24", "010", "", "5x", "99"]).to_owned(),
    };
    let mut time = [field(random, 23), field(random, 59), field(random, 59)].join(":");
    match random.weighted(&[90, 3, 3, 2, 2]) {
        1 => time.push_str(".123"),
        2 => time.push_str("pm"),
        3 => time.push_str(":99"),
        4 => time = time.rsplit_once(':').map_or_else(String::new, |(short, _)| short.to_owned()),
        _ => {}
    }
    time
}
