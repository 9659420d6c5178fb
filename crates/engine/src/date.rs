//! cookie-date: section 5.1.1 of both specifications (with erratum 4148), and the IMF-fixdate
//! that section 4.1.1 has servers write.

use core::fmt;

use crate::octets::DATE_DELIMITER;

/// Parses a cookie-date; the result is in Unix seconds, years 1601 to 9999.
///
/// Zones are never read, weekdays neither, and the order of the parts does not matter: the
/// algorithm is far more lenient than any date format.
///
/// # Errors
/// [`DateError`] names the step of section 5.1.1 that fails.
///
/// ```
/// use cookiespec_engine::date::parse_cookie_date;
/// assert_eq!(parse_cookie_date(b"Sun Nov  6 08:49:37 1994"), Ok(784_111_777));
/// assert!(parse_cookie_date(b"1994-11-06 08:49:37").is_err());
/// ```
pub fn parse_cookie_date(date: &[u8]) -> Result<i64, DateError> {
    imf_fixdate(date).unwrap_or_else(|| by_tokens(date)).into_unix_seconds()
}

/// Steps 1 and 2 for any date.
fn by_tokens(date: &[u8]) -> Found {
    let mut found = Found::default();
    for token in date.split(|&octet| DATE_DELIMITER.contains(octet)) {
        found.take(token);
    }
    found
}

/// Steps 1 and 2 for the form that servers are told to write, `Sun, 06 Nov 1994 08:49:37 GMT`,
/// whose tokens are known by where they stand.
fn imf_fixdate(date: &[u8]) -> Option<Found> {
    let &[
        w0,
        w1,
        w2,
        b',',
        b' ',
        d0,
        d1,
        b' ',
        m0,
        m1,
        m2,
        b' ',
        y0,
        y1,
        y2,
        y3,
        b' ',
        h0,
        h1,
        b':',
        n0,
        n1,
        b':',
        s0,
        s1,
        b' ',
        b'G',
        b'M',
        b'T',
    ] = date
    else {
        return None;
    };
    // The weekday must not be taken for a month, nor for anything that begins with a digit.
    if month(&[w0, w1, w2]).is_some() || ![w0, w1, w2].iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let digits = [d0, d1, y0, y1, y2, y3, h0, h1, n0, n1, s0, s1];
    if !digits.iter().fold(true, |all, digit| all & digit.is_ascii_digit()) {
        return None;
    }
    let two = |tens: u8, ones: u8| (tens - b'0') * 10 + (ones - b'0');
    Some(Found {
        time: Some([two(h0, h1), two(n0, n1), two(s0, s1)]),
        day_of_month: Some(two(d0, d1)),
        month: Some(month(&[m0, m1, m2])?),
        year: Some(u16::from(two(y0, y1)) * 100 + u16::from(two(y2, y3))),
    })
}

/// Why a cookie-date failed to parse (section 5.1.1, step 5 unless said otherwise).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// No date-token was a time, a day, a month or a year.
    Missing(DatePart),
    /// A part was found but has no such value, such as hour 24.
    OutOfRange(DatePart),
    /// Every part is in range but the calendar has no such day (step 6).
    NoSuchDay,
}

/// A part of a cookie-date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatePart {
    /// hms-time.
    Time,
    /// day-of-month.
    DayOfMonth,
    /// month.
    Month,
    /// year.
    Year,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |part: &DatePart| match part {
            DatePart::Time => "time",
            DatePart::DayOfMonth => "day-of-month",
            DatePart::Month => "month",
            DatePart::Year => "year",
        };
        match self {
            Self::Missing(part) => write!(f, "the date has no {}", name(part)),
            Self::OutOfRange(part) => write!(f, "the {} of the date is out of range", name(part)),
            Self::NoSuchDay => f.write_str("the calendar has no such day"),
        }
    }
}

impl core::error::Error for DateError {}

/// What the date-tokens have given so far: the found-time, found-day-of-month, found-month and
/// found-year flags with their values.
#[derive(Default)]
struct Found {
    time: Option<[u8; 3]>,
    day_of_month: Option<u8>,
    month: Option<u8>,
    year: Option<u16>,
}

impl Found {
    /// Step 2: each token goes to the first production that matches and is still unset.
    fn take(&mut self, token: &[u8]) {
        match token.first() {
            Some(b'0'..=b'9') => self.take_number(token),
            Some(_) if self.month.is_none() => self.month = month(token),
            _ => {}
        }
    }

    fn take_number(&mut self, token: &[u8]) {
        if self.time.is_none()
            && let Some(time) = time(token)
        {
            self.time = Some(time);
        } else if self.day_of_month.is_none()
            && let Some((day, _)) = digits(token, 1, 2)
        {
            self.day_of_month = Some(day as u8);
        } else if self.year.is_none()
            && let Some((year, _)) = digits(token, 2, 4)
        {
            self.year = Some(year);
        }
    }

    /// Steps 3 to 7.
    fn into_unix_seconds(self) -> Result<i64, DateError> {
        let year = match self.year.ok_or(DateError::Missing(DatePart::Year))? {
            short @ 70..=99 => short + 1900,
            short @ 0..=69 => short + 2000,
            year => year,
        };
        let [hour, minute, second] = self.time.ok_or(DateError::Missing(DatePart::Time))?;
        let day = self.day_of_month.ok_or(DateError::Missing(DatePart::DayOfMonth))?;
        let month = self.month.ok_or(DateError::Missing(DatePart::Month))?;
        if !(1..=31).contains(&day) {
            return Err(DateError::OutOfRange(DatePart::DayOfMonth));
        }
        if year < 1601 {
            return Err(DateError::OutOfRange(DatePart::Year));
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err(DateError::OutOfRange(DatePart::Time));
        }
        if day > days_in_month(year, month) {
            return Err(DateError::NoSuchDay);
        }
        Ok(days_from_civil(year, month, day) * 86_400
            + i64::from(hour) * 3_600
            + i64::from(minute) * 60
            + i64::from(second))
    }
}

/// `min*maxDIGIT` at the start of the token, followed by a non-digit or the end. Returns the
/// number and what follows it. At most four digits are ever asked for, so a `u16` holds them.
fn digits(token: &[u8], min: usize, max: usize) -> Option<(u16, &[u8])> {
    let mut value = 0;
    let mut count = 0;
    while let Some(digit @ b'0'..=b'9') = token.get(count) {
        if count == max {
            return None;
        }
        value = value * 10 + u16::from(digit - b'0');
        count += 1;
    }
    (count >= min).then(|| (value, &token[count..]))
}

/// hms-time: three time-fields of one or two digits, then anything but a digit.
fn time(token: &[u8]) -> Option<[u8; 3]> {
    let (hour, rest) = digits(token, 1, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 1, 2)?;
    let (second, _) = digits(rest.strip_prefix(b":")?, 1, 2)?;
    Some([hour as u8, minute as u8, second as u8])
}

/// month: the first three letters decide, in any case, whatever follows.
fn month(token: &[u8]) -> Option<u8> {
    let &[a, b, c, ..] = token else { return None };
    // One integer is compared faster than three letters. Only letters fold to letters.
    const fn folded(letters: [u8; 3]) -> u32 {
        let [a, b, c] = letters;
        u32::from_le_bytes([a | 0x20, b | 0x20, c | 0x20, 0])
    }
    macro_rules! months {
        ($($name:literal $number:literal,)*) => {
            match folded([a, b, c]) {
                $(word if word == const { folded(*$name) } => Some($number),)*
                _ => None,
            }
        };
    }
    months! {
        b"jan" 1, b"feb" 2, b"mar" 3, b"apr" 4, b"may" 5, b"jun" 6,
        b"jul" 7, b"aug" 8, b"sep" 9, b"oct" 10, b"nov" 11, b"dec" 12,
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in
/// March so that the leap day comes last.
fn days_from_civil(year: u16, month: u8, day: u8) -> i64 {
    let (year, month, day) = (i64::from(year), i64::from(month), i64::from(day));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

/// The inverse of [`days_from_civil`]: year, month and day.
fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u8;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 } as u8;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// A point in time that displays as IMF-fixdate (RFC 9110 section 5.6.7), the `sane-cookie-date`
/// of section 4.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImfFixdate(i64);

impl ImfFixdate {
    /// The given Unix seconds; `None` outside the years 1601 to 9999, which no cookie-date holds.
    pub fn new(unix_seconds: i64) -> Option<Self> {
        let years = parse_cookie_date(b"1 jan 1601 0:0:0").ok()?
            ..=parse_cookie_date(b"31 dec 9999 23:59:59").ok()?;
        years.contains(&unix_seconds).then_some(Self(unix_seconds))
    }
}

impl fmt::Display for ImfFixdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let days = self.0.div_euclid(86_400);
        let second = self.0.rem_euclid(86_400);
        let (year, month, day) = civil_from_days(days);
        write!(
            f,
            "{}, {day:02} {} {year:04} {:02}:{:02}:{:02} GMT",
            WEEKDAYS[days.rem_euclid(7) as usize],
            MONTHS[usize::from(month - 1)],
            second / 3_600,
            second / 60 % 60,
            second % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn the_three_formats_of_http_are_one_instant() {
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parse_cookie_date(date.as_bytes()), Ok(784_111_777), "{date}");
        }
    }

    #[test]
    fn each_failure_is_named() {
        use DateError::{Missing, NoSuchDay, OutOfRange};
        use DatePart::{DayOfMonth, Month, Time, Year};
        for (date, error) in [
            ("", Missing(Year)),
            ("10 Jun 2021", Missing(Time)),
            ("10:00:00 Jun", Missing(Year)),
            ("10:00:00 9 2021", Missing(Month)),
            ("Jun 10:00:00 2021", Missing(DayOfMonth)),
            ("10:00:00 0 Jun 2021", OutOfRange(DayOfMonth)),
            ("10:00:00 9 Jun 1600", OutOfRange(Year)),
            ("24:00:00 9 Jun 2021", OutOfRange(Time)),
            ("10:00:00 31 Apr 2021", NoSuchDay),
        ] {
            assert_eq!(parse_cookie_date(date.as_bytes()), Err(error), "{date}");
        }
    }

    #[test]
    fn every_day_from_1601_to_9999_is_written_and_read_back() {
        let first = days_from_civil(1601, 1, 1);
        let last = days_from_civil(9999, 12, 31);
        for day in first..=last {
            let (year, month, day_of_month) = civil_from_days(day);
            assert_eq!(days_from_civil(year as u16, month, day_of_month), day);
        }
        for day in (first..=last).step_by(97) {
            let instant = day * 86_400 + 86_399;
            let written = ImfFixdate::new(instant).unwrap().to_string();
            assert_eq!(parse_cookie_date(written.as_bytes()), Ok(instant), "{written}");
        }
    }

    #[test]
    fn a_year_without_four_digits_cannot_be_written() {
        let last = parse_cookie_date(b"31 Dec 9999 23:59:59").unwrap();
        assert_eq!(ImfFixdate::new(last).unwrap().to_string(), "Fri, 31 Dec 9999 23:59:59 GMT");
        assert_eq!(ImfFixdate::new(last + 1), None);
    }
}
