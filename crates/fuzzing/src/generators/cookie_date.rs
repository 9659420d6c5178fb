//! Cookie-dates: the tokens of section 5.1.1 in any order, with any delimiter, most with a mistake.

use super::tokens;
use crate::random::Random;

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

/// A cookie-date, or something similar: usually a valid date with one mistake.
pub(crate) fn cookie_date(random: &mut Random) -> Vec<u8> {
    let mut date = Date::valid(random);
    for _ in 0..random.weighted(&[3, 7, 2, 1]) {
        date.add_mistake(random);
    }
    date.serialize(random)
}

/// A cookie-date in parts.
struct Date {
    day: String,
    month: String,
    year: String,
    time: String,
    /// An additional part, and its position.
    extra: Option<(usize, String)>,
    /// A delimiter that is used only once.
    odd_delimiter: Option<Vec<u8>>,
}

impl Date {
    fn valid(random: &mut Random) -> Self {
        Self {
            day: format!("{:02}", random.between(1, 28)),
            month: random.pick(&MONTHS[..12]).to_owned(),
            year: random.between(1970, 2100).to_string(),
            time: valid_time(random),
            extra: None,
            odd_delimiter: None,
        }
    }

    fn add_mistake(&mut self, random: &mut Random) {
        match random.below(11) {
            0 => self.day = random.pick(DAYS).to_owned(),
            1 => self.month = month(random),
            2 => self.year = random.pick(YEARS).to_owned(),
            3 | 4 => self.time = time(random),
            5 | 6 => self.set_to_month_end(random),
            7 | 8 => {
                let other = match random.below(6) {
                    0 => format!("{:02}", random.between(1, 31)),
                    1 => random.pick(&MONTHS[..12]).to_owned(),
                    2 => random.between(1601, 2200).to_string(),
                    3 => time(random),
                    _ => random.pick(NOISE).to_owned(),
                };
                self.extra = Some((random.below(6), other));
            }
            9 => {
                let any = vec![random.octet()];
                let known = random.pick(DELIMITERS).as_bytes().to_vec();
                self.odd_delimiter = Some(if random.chance(60) { any } else { known });
            }
            _ => match random.below(4) {
                0 => self.day.clear(),
                1 => self.month.clear(),
                2 => self.year.clear(),
                _ => self.time.clear(),
            },
        }
    }

    /// Sets the last day of a month or the day after, in years with and without a leap day.
    fn set_to_month_end(&mut self, random: &mut Random) {
        let short = random.chance(60);
        let days = if short { &["28", "29", "30"] } else { &["30", "31", "32"] };
        self.day = random.pick(days).to_owned();
        self.month = random.pick(if short { &["Feb"] } else { &MONTHS[..12] }).to_owned();
        self.year = random.pick(&["2000", "1900", "2100", "2023", "2024", "2400", "00"]).to_owned();
    }

    fn serialize(self, random: &mut Random) -> Vec<u8> {
        let Self { day, month, year, time, extra, odd_delimiter } = self;
        if random.chance(2) {
            return format!("{year}-{:02}-{day}T{time}Z", random.between(1, 12)).into_bytes();
        }
        let mut parts = match random.weighted(&[6, 3, 2]) {
            0 => vec![day, month, year, time],
            1 => vec![month, day, time, year],
            _ => vec![time, year, month, day],
        };
        if random.chance(50) {
            parts.insert(0, random.pick(&["Wed,", "Sun,", "Monday,"]).to_owned());
        }
        if random.chance(50) {
            parts.push("GMT".to_owned());
        }
        if let Some((at, extra)) = extra {
            parts.insert(at.min(parts.len()), extra);
        }
        let usual = if random.chance(85) { " " } else { random.pick(DELIMITERS) };
        let odd_at = random.below(parts.len());
        let mut date = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                let odd = odd_delimiter.as_deref().filter(|_| index == odd_at.max(1));
                date.extend_from_slice(odd.unwrap_or(usual.as_bytes()));
            }
            date.extend_from_slice(part.as_bytes());
        }
        if random.chance(4) {
            let at = random.below(date.len() + 1);
            date.splice(at..at, tokens::hostile(random).iter().copied());
        }
        date
    }
}

fn month(random: &mut Random) -> String {
    let month = random.pick(MONTHS);
    match random.below(5) {
        0 => month.to_uppercase(),
        1 => month.to_lowercase(),
        2 => format!("{month}x"),
        3 => format!("x{month}"),
        _ => random.pick(&MONTHS[12..]).to_owned(),
    }
}

fn valid_time(random: &mut Random) -> String {
    let mut field = |most| format!("{:02}", random.between(0, most));
    [field(23), field(59), field(59)].join(":")
}

/// A time with one field at or beyond its bound, a field missing or added, or with a suffix.
fn time(random: &mut Random) -> String {
    let mut fields: Vec<_> = valid_time(random).split(':').map(str::to_owned).collect();
    match random.below(8) {
        0..=3 => {
            let odd = ["0", "7", "23", "24", "59", "60", "010", "", "5x", "99", "-1"];
            fields[random.below(3)] = random.pick(&odd).to_owned();
        }
        4 => drop(fields.pop()),
        5 => fields.push("99".to_owned()),
        6 => fields[2].push_str(random.pick(&["pm", "am", " pm", " PM", "Z", "+01"])),
        _ => fields[2].push_str(random.pick(&[".123", "x", "-", "+0100", ""])),
    }
    fields.join(":")
}

/// Days at the bounds and beyond.
const DAYS: &[&str] = &[
    "0", "00", "1", "9", "01", "29", "30", "31", "32", "99", "009", "001", "100", "9th", "1x",
    "1,", "-1",
];
/// Years at the bounds: of the calendar, of two-digit years, of representable times.
const YEARS: &[&str] = &[
    "1600", "1601", "1602", "1900", "1901", "1969", "1970", "2037", "2038", "2039", "9999",
    "10000", "00", "01", "21", "68", "69", "70", "71", "99", "0", "2", "021", "100", "999", "0021",
    "20211", "2021T", "2021x", "-2021", "002021",
];
