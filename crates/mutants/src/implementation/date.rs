//! Dates, section 5.1.1.

use super::rules::Rules;
use crate::catalogue::Cost;
use crate::mutant::Mutant;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Sunday to Saturday; 1 January 1970 was a Thursday.
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// The productions of a cookie-date that were found so far.
#[derive(Default)]
struct Found {
    time: Option<(i64, i64, i64)>,
    day: Option<i64>,
    month: Option<i64>,
    year: Option<i64>,
}

impl Rules {
    /// Parses a cookie-date to Unix seconds.
    pub(crate) fn date(self, text: &[u8]) -> Option<i64> {
        if self.is(Mutant::DateNeedsGmt) && !text.ends_with(b"GMT") {
            return None;
        }
        if self.is(Mutant::DateNeedsWeekday) && weekday(text).is_none() {
            return None;
        }
        if self.is(Mutant::DateIsoAccepted)
            && let Some(seconds) = iso_date(text)
        {
            return Some(seconds);
        }
        let mut found = Found::default();
        let tokens = || text.split(|&octet| self.is_delimiter(octet)).filter(|it| !it.is_empty());
        if self.has_cost(Cost::TokensFromTheStart) {
            let mut nth = 0;
            while let Some(token) = tokens().collect::<Vec<_>>().get(nth) {
                self.assign(token, &mut found);
                nth += 1;
            }
        } else {
            tokens().for_each(|token| self.assign(token, &mut found));
        }
        let Found { time: Some((hour, minute, second)), day: Some(day), .. } = found else {
            return None;
        };
        let (month, year) = (found.month?, self.full_year(found.year?));
        let first_year = if self.is(Mutant::DateFirstYearRefused) { 1602 } else { 1601 };
        let any_year = self.is(Mutant::DateAncientYearAccepted);
        let last_second = if self.is(Mutant::DateLeapSecondAccepted) { 60 } else { 59 };
        let last_hour = if self.is(Mutant::DateHourTwentyFourAccepted) { 24 } else { 23 };
        let last_day =
            if self.is(Mutant::DateRollsOver) { 31 } else { self.days_in_month(year, month) };
        let first_day = if self.is(Mutant::DateDayZeroAccepted) { 0 } else { 1 };
        if !(first_day..=last_day).contains(&day)
            || year < first_year && !any_year
            || hour > last_hour
            || minute > 59
            || second > last_second
        {
            return None;
        }
        let days = days_since_1970(year, month) + day - 1;
        if self.is(Mutant::DateWeekdayChecked)
            && weekday(text).is_some_and(|named| named != (days + 4).rem_euclid(7) as usize)
        {
            return None;
        }
        let offset = if self.is(Mutant::DateZoneRead) { zone_offset(text) } else { 0 };
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset;
        Some(if self.is(Mutant::DateInThirtyTwoBits) { i64::from(seconds as i32) } else { seconds })
    }

    /// Assigns a date-token to the first production that it matches and that is not found yet.
    fn assign(self, token: &[u8], found: &mut Found) {
        if (found.time.is_none() || self.is(Mutant::DateLastTimeWins))
            && let Some(time) = self.time(token)
        {
            found.time = Some(time);
        } else if (found.day.is_none() || self.is(Mutant::DateLastDayWins))
            && let Some(day) = self.day_of_month(token)
        {
            found.day = Some(day);
        } else if (found.month.is_none() || self.is(Mutant::DateLastMonthWins))
            && let Some(month) = self.month(token)
        {
            found.month = Some(month);
        } else if (found.year.is_none() || self.is(Mutant::DateLastYearWins))
            && let Some(year) = self.year(token)
        {
            found.year = Some(year);
        }
    }

    fn is_delimiter(self, octet: u8) -> bool {
        match octet {
            b'\t' => !self.is(Mutant::DateTabIsNoDelimiter),
            b'-' => !self.is(Mutant::DateHyphenIsNoDelimiter),
            b'_' => !self.is(Mutant::DateUnderscoreIsNoDelimiter),
            b'/' => !self.is(Mutant::DateSlashIsNoDelimiter),
            b';' => !self.is(Mutant::DateSemicolonIsNoDelimiter),
            0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E => true,
            0x7F => self.is(Mutant::DateDeleteIsDelimiter),
            0x00..=0x1F => self.is(Mutant::DateControlIsDelimiter),
            0x80..=0xFF => self.is(Mutant::DateHighOctetIsDelimiter),
            _ => false,
        }
    }

    /// time-field ":" time-field ":" time-field, and then nothing or a non-digit.
    fn time(self, token: &[u8]) -> Option<(i64, i64, i64)> {
        let mut fields = token.splitn(3, |&octet| octet == b':');
        let mut field = || fields.next().map(digits);
        let (hour, hour_tail) = field()??;
        let (minute, minute_tail) = field()??;
        let (second, second_tail) = match field() {
            None if self.is(Mutant::DateSecondsOptional) => Some((&b"00"[..], &b""[..])),
            third => third?,
        }?;
        let least = if self.is(Mutant::DateTimeNeedsTwoDigits) { 2 } else { 1 };
        let in_bounds = [hour, minute, second].iter().all(|it| (least..=2).contains(&it.len()));
        let anchored = hour_tail.is_empty() && minute_tail.is_empty();
        let refused = !second_tail.is_empty() && self.is(Mutant::DateTailOfTimeRefused)
            || second_tail.is_empty() && self.is(Mutant::DateTailRequired);
        let afternoon = self.is(Mutant::DateAfternoonRead)
            && second_tail.eq_ignore_ascii_case(b"pm")
            && number(hour) < 12;
        let hour = number(hour) + if afternoon { 12 } else { 0 };
        let valid = hour < 24 && number(minute) < 60 && number(second) < 60;
        if !in_bounds || !anchored || refused || !valid && self.is(Mutant::DateInvalidTimeSkipped) {
            return None;
        }
        Some((hour, number(minute), number(second)))
    }

    fn day_of_month(self, token: &[u8]) -> Option<i64> {
        let (digits, tail) = digits(token)?;
        let least = if self.is(Mutant::DateDayNeedsTwoDigits) { 2 } else { 1 };
        let most = if self.is(Mutant::DateDayOfThreeDigits) { 3 } else { 2 };
        let refused = !tail.is_empty() && self.is(Mutant::DateTailOfDayRefused);
        ((least..=most).contains(&digits.len()) && !refused).then(|| number(digits))
    }

    fn month(self, token: &[u8]) -> Option<i64> {
        let text = std::str::from_utf8(token)
            .ok()
            .or_else(|| std::str::from_utf8(token.get(..3)?).ok())?;
        let start = text.get(..3).unwrap_or(text);
        let is_month = |name: &&str| {
            if self.is(Mutant::DateMonthCaseSensitive) {
                start == &name[..3]
            } else if self.is(Mutant::DateMonthOfThreeLettersOnly) {
                text.eq_ignore_ascii_case(&name[..3])
            } else if self.is(Mutant::DateMonthInFullOnly) {
                text.eq_ignore_ascii_case(name)
            } else if self.is(Mutant::DateMonthInsideWord) {
                text.to_ascii_lowercase().contains(&name[..3].to_ascii_lowercase())
            } else {
                start.eq_ignore_ascii_case(&name[..3])
            }
        };
        let number_of_month = self
            .is(Mutant::DateMonthAsNumber)
            .then(|| text.parse::<i64>().ok().filter(|number| (1..=12).contains(number)));
        number_of_month.flatten().or_else(|| Some(MONTHS.iter().position(is_month)? as i64 + 1))
    }

    fn year(self, token: &[u8]) -> Option<i64> {
        let (digits, tail) = digits(token)?;
        let least = if self.is(Mutant::DateYearOfOneDigit) { 1 } else { 2 };
        if !tail.is_empty() && self.is(Mutant::DateTailOfYearRefused) || digits.len() < least {
            return None;
        }
        match digits.len() {
            0..=4 => Some(number(digits)),
            _ if self.is(Mutant::DateYearCutAtFourDigits) => Some(number(&digits[..4])),
            _ => None,
        }
    }

    /// 70 to 99 are in the 20th century and 0 to 69 in the 21st, whatever the number of digits.
    fn full_year(self, year: i64) -> i64 {
        let first_of_1900s = if self.is(Mutant::DateWindowFromSixtyNine) {
            69
        } else if self.is(Mutant::DateWindowFromSeventyOne) {
            71
        } else {
            70
        };
        match year {
            0..=99 if self.is(Mutant::DateWindowMissing) => year,
            0..=99 if year >= first_of_1900s => year + 1900,
            0..=99 => year + 2000,
            _ => year,
        }
    }

    fn days_in_month(self, year: i64, month: i64) -> i64 {
        let century = year % 100 == 0 && !self.is(Mutant::DateLeapYearEveryFour);
        let quad_century = year % 400 == 0 && !self.is(Mutant::DateLeapCenturyForgotten);
        match month {
            4 | 6 | 9 | 11 => 30,
            2 if year % 4 == 0 && (!century || quad_century) => 29,
            2 => 28,
            _ => 31,
        }
    }
}

/// Leading digits and what follows; `None` if there is no digit.
fn digits(token: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = token.iter().position(|octet| !octet.is_ascii_digit()).unwrap_or(token.len());
    (end > 0).then(|| token.split_at(end))
}

fn number(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |number: i64, digit| {
        number.saturating_mul(10).saturating_add(i64::from(digit - b'0'))
    })
}

/// Days from 1 January 1970 to the first of a month, by the proleptic Gregorian calendar.
fn days_since_1970(year: i64, month: i64) -> i64 {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month as usize - 1];
    let leap_years = |year: i64| year / 4 - year / 100 + year / 400;
    let leap_day = month > 2 && leap_years(year) > leap_years(year - 1);
    365 * (year - 1970) + leap_years(year - 1) - leap_years(1969) + before + i64::from(leap_day)
}

fn weekday(text: &[u8]) -> Option<usize> {
    WEEKDAYS.iter().position(|name| text.starts_with(name.as_bytes()))
}

/// `+0100` or `-0100` at the end, in seconds.
fn zone_offset(text: &[u8]) -> i64 {
    let Some((rest, [a, b, c, d])) = text.split_last_chunk::<4>() else { return 0 };
    if ![a, b, c, d].iter().all(|octet| octet.is_ascii_digit()) {
        return 0;
    }
    let offset = number(&[*a, *b]) * 3_600 + number(&[*c, *d]) * 60;
    match rest.last() {
        Some(b'+') => offset,
        Some(b'-') => -offset,
        _ => 0,
    }
}

/// `2021-06-09 10:18:14`, with a blank or a `T`, and an optional `Z`.
fn iso_date(text: &[u8]) -> Option<i64> {
    let fields = text.strip_suffix(b"Z").unwrap_or(text);
    let pattern = fields.iter().map(|octet| if octet.is_ascii_digit() { b'0' } else { *octet });
    let pattern = pattern.collect::<Vec<u8>>();
    if pattern != b"0000-00-00 00:00:00" && pattern != b"0000-00-00T00:00:00" {
        return None;
    }
    let at = |start: usize| number(&fields[start..start + 2]);
    let days = days_since_1970(number(&fields[..4]), at(5).clamp(1, 12)) + at(8) - 1;
    Some(days * 86_400 + at(11) * 3_600 + at(14) * 60 + at(17))
}

/// Formats an IMF-fixdate. The year may have more than four digits, or fewer.
pub(crate) fn imf_fixdate(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let mut year = 1970 + days.div_euclid(366);
    while days_since_1970(year + 1, 1) <= days {
        year += 1;
    }
    let month = (1..=12).rev().find(|month| days_since_1970(year, *month) <= days).unwrap_or(1);
    format!(
        "{}, {:02} {} {year} {:02}:{:02}:{:02} GMT",
        WEEKDAYS[(days + 4).rem_euclid(7) as usize],
        days - days_since_1970(year, month) + 1,
        &MONTHS[month as usize - 1][..3],
        second / 3_600,
        second / 60 % 60,
        second % 60
    )
}
