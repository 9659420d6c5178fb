//! RFC 6265 section 5.1.1 and 6265bis section 5.1.1: dates.

/// Parses a cookie-date to Unix seconds; `None` where it fails to parse.
pub fn parse(cookie_date: &[u8]) -> Option<i64> {
    let mut found_time = None;
    let mut found_day_of_month = None;
    let mut found_month = None;
    let mut found_year = None;

    // 1: divide into date-tokens.
    for token in date_tokens(cookie_date) {
        // 2.1
        if found_time.is_none()
            && let Some(hms) = time(token)
        {
            found_time = Some(hms);
            continue;
        }
        // 2.2
        if found_day_of_month.is_none()
            && let Some(day) = digits_and_tail(token, 1, 2)
        {
            found_day_of_month = Some(day);
            continue;
        }
        // 2.3
        if found_month.is_none()
            && let Some(number) = month(token)
        {
            found_month = Some(number);
            continue;
        }
        // 2.4
        if found_year.is_none()
            && let Some(number) = digits_and_tail(token, 2, 4)
        {
            found_year = Some(number);
        }
    }

    // 3
    if let Some(year) = found_year
        && (70..=99).contains(&year)
    {
        found_year = Some(year + 1900);
    }
    // 4
    if let Some(year) = found_year
        && (0..=69).contains(&year)
    {
        found_year = Some(year + 2000);
    }
    // 5, first item
    let (Some((hour, minute, second)), Some(day), Some(month), Some(year)) =
        (found_time, found_day_of_month, found_month, found_year)
    else {
        return None;
    };
    // 5, the other items
    if !(1..=31).contains(&day) || year < 1601 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // 6
    if day > days_in_month(year, month) {
        return None;
    }
    // 7
    Some(days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// date-token-list: whatever stands between delimiters.
fn date_tokens(cookie_date: &[u8]) -> impl Iterator<Item = &[u8]> {
    cookie_date.split(|&octet| is_delimiter(octet)).filter(|token| !token.is_empty())
}

/// delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
fn is_delimiter(octet: u8) -> bool {
    octet == 0x09
        || (0x20..=0x2F).contains(&octet)
        || (0x3B..=0x40).contains(&octet)
        || (0x5B..=0x60).contains(&octet)
        || (0x7B..=0x7E).contains(&octet)
}

/// day-of-month = 1*2DIGIT [ non-digit *OCTET ], year = 2*4DIGIT [ non-digit *OCTET ]
fn digits_and_tail(token: &[u8], at_least: usize, at_most: usize) -> Option<i64> {
    let end = token.iter().position(|octet| !octet.is_ascii_digit()).unwrap_or(token.len());
    let digits = &token[..end];
    if digits.len() < at_least || digits.len() > at_most {
        return None;
    }
    Some(digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// month = ( "jan" / "feb" / … ) *OCTET, as a number from 1 to 12.
fn month(token: &[u8]) -> Option<i64> {
    let names =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let token = token.to_ascii_lowercase();
    let index = names.iter().position(|name| token.starts_with(name.as_bytes()))?;
    Some(index as i64 + 1)
}

/// time = time-field ":" time-field ":" time-field [ non-digit *OCTET ], time-field = 1*2DIGIT
fn time(token: &[u8]) -> Option<(i64, i64, i64)> {
    let mut fields = token.splitn(3, |&octet| octet == b':');
    let hour = time_field(fields.next()?)?;
    let minute = time_field(fields.next()?)?;
    let second = digits_and_tail(fields.next()?, 1, 2)?;
    Some((hour, minute, second))
}

/// time-field = 1*2DIGIT, and nothing else before the ":"
fn time_field(field: &[u8]) -> Option<i64> {
    if field.iter().all(u8::is_ascii_digit) { digits_and_tail(field, 1, 2) } else { None }
}

fn is_leap_year(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The days of the years before, every one with 365 and the leap years with one more, and those of
/// the months before.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let leap_years_before = |year: i64| (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    let years = (year - 1970) * 365 + leap_years_before(year) - leap_years_before(1970);
    let months: i64 = (1..month).map(|month| days_in_month(year, month)).sum();
    years + months + day - 1
}
