//! Rewriting of cookie-dates: other dates that mean the same by one step of section 5.1.1, which most
//! parsers of dates do not follow.

use cookiespec_engine::Profile;
use cookiespec_engine::date::{ImfFixdate, parse_cookie_date};

use crate::finding::SpecReference;

/// Other cookie-dates that may mean the same, each with the step that says so: each part of the date
/// in its usual form, the parts in their usual order, and the whole as servers write it.
pub(super) fn rewritten(profile: Profile, date: &[u8]) -> Vec<(Vec<u8>, SpecReference)> {
    let Some(usual) = parse_cookie_date(date).ok().and_then(ImfFixdate::new) else {
        return Vec::new();
    };
    let usual = usual.to_string();
    let [weekday, day, month, year, time, zone] = usual.split(' ').collect::<Vec<_>>()[..] else {
        return Vec::new();
    };
    let pieces = Pieces::of(date);
    let mut found = Vec::new();
    let mut add = |date: Vec<u8>, step: &str, text: &str| {
        found.push((date, SpecReference::at(profile, ("5.1.1", step), ("5.1.1", step), text)));
    };
    for (part, word, step, text) in [
        (
            Part::Time,
            time,
            "2.1",
            "a time is three numbers of one or two digits, and a non-digit with anything may follow",
        ),
        (
            Part::Day,
            day,
            "2.2",
            "a day is one or two digits, and a non-digit with anything may follow",
        ),
        (
            Part::Month,
            month,
            "2.3",
            "a month is recognized by its first three letters, in any case",
        ),
        (
            Part::Year,
            year,
            "2.4",
            "a year is two to four digits, and a non-digit with anything may follow",
        ),
    ] {
        add(pieces.with(part, word.as_bytes()).join(), step, text);
    }
    add(pieces.with_spaces().join(), "1", "tokens are separated by any delimiter");
    add(pieces.in_usual_order().join(), "2", "the parts of a date are found in any order");
    add(pieces.without_others().join(), "2", "other tokens than the parts of a date are skipped");
    let framed = [weekday.as_bytes(), b" ", date, b" ", zone.as_bytes()].concat();
    add(framed, "2", "a date needs no weekday and no zone");
    add(
        usual.clone().into_bytes(),
        "",
        "a cookie-date is read part by part, and needs no fixed format",
    );
    found.retain(|(rewritten, _)| rewritten != date);
    found
}

/// What a token of a date stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Day,
    Month,
    Year,
    Time,
    Other,
}

/// The tokens of a date, and the delimiters around them: one more than tokens.
#[derive(Clone, Debug)]
struct Pieces {
    tokens: Vec<(Part, Vec<u8>)>,
    delimiters: Vec<Vec<u8>>,
}

impl Pieces {
    /// Section 5.1.1, steps 1 and 2.
    fn of(date: &[u8]) -> Self {
        let mut pieces = Self { tokens: Vec::new(), delimiters: vec![Vec::new()] };
        for run in date.chunk_by(|one, next| is_delimiter(*one) == is_delimiter(*next)) {
            if is_delimiter(run[0]) {
                pieces.delimiters.pop();
                pieces.delimiters.push(run.to_vec());
            } else {
                let part = pieces.part(run);
                pieces.tokens.push((part, run.to_vec()));
                pieces.delimiters.push(Vec::new());
            }
        }
        pieces
    }

    /// What the next token stands for: the first part that it can be and that is not there yet.
    fn part(&self, token: &[u8]) -> Part {
        let is_free = |part: Part| self.tokens.iter().all(|(taken, _)| *taken != part);
        let digits = token.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let is_month = || {
            let start = token.get(..3).unwrap_or_default().to_ascii_lowercase();
            MONTHS.contains(&&start[..])
        };
        match () {
            () if is_free(Part::Time) && is_time(token) => Part::Time,
            () if is_free(Part::Day) && (1..=2).contains(&digits) => Part::Day,
            () if is_free(Part::Month) && is_month() => Part::Month,
            () if is_free(Part::Year) && (2..=4).contains(&digits) => Part::Year,
            () => Part::Other,
        }
    }

    fn with(&self, part: Part, word: &[u8]) -> Self {
        let mut pieces = self.clone();
        for (of, token) in &mut pieces.tokens {
            if *of == part {
                *token = word.to_vec();
            }
        }
        pieces
    }

    fn with_spaces(&self) -> Self {
        let mut pieces = self.clone();
        let last = pieces.delimiters.len() - 1;
        for (at, delimiter) in pieces.delimiters.iter_mut().enumerate() {
            *delimiter = if at == 0 || at == last { Vec::new() } else { b" ".to_vec() };
        }
        pieces
    }

    fn in_usual_order(&self) -> Self {
        let mut pieces = self.clone();
        pieces.tokens.sort_by_key(|(part, _)| *part);
        pieces
    }

    fn without_others(&self) -> Self {
        let mut pieces = self.clone();
        while let Some(at) = pieces.tokens.iter().position(|(part, _)| *part == Part::Other) {
            pieces.tokens.remove(at);
            pieces.delimiters.remove(at + 1);
        }
        pieces
    }

    fn join(&self) -> Vec<u8> {
        let mut date = Vec::new();
        for (at, delimiter) in self.delimiters.iter().enumerate() {
            date.extend_from_slice(delimiter);
            if let Some((_, token)) = self.tokens.get(at) {
                date.extend_from_slice(token);
            }
        }
        date
    }
}

/// `time`, with what may follow it.
fn is_time(token: &[u8]) -> bool {
    let mut numbers = token.splitn(3, |octet| *octet == b':');
    let mut is_number = |is_last: bool| {
        numbers.next().is_some_and(|number| {
            let digits = number.iter().take_while(|octet| octet.is_ascii_digit()).count();
            (1..=2).contains(&digits) && (is_last || digits == number.len())
        })
    };
    is_number(false) && is_number(false) && is_number(true)
}

/// `delimiter`.
fn is_delimiter(octet: u8) -> bool {
    matches!(octet, 0x09 | 0x20..=0x2f | 0x3b..=0x40 | 0x5b..=0x60 | 0x7b..=0x7e)
}

const MONTHS: [&[u8]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rewritten_date_differs_in_one_matter() {
        let date = b"6x Jan_00 0:0:0";
        let dates: Vec<_> = rewritten(Profile::Rfc6265bis, date)
            .into_iter()
            .map(|(date, rule)| (String::from_utf8(date).unwrap(), rule.step))
            .collect();
        let expected = [
            ("6x Jan_00 00:00:00", "2.1"),
            ("06 Jan_00 0:0:0", "2.2"),
            ("6x Jan_2000 0:0:0", "2.4"),
            ("6x Jan 00 0:0:0", "1"),
            ("Thu, 6x Jan_00 0:0:0 GMT", "2"),
            ("Thu, 06 Jan 2000 00:00:00 GMT", ""),
        ];
        assert_eq!(dates, expected.map(|(date, step)| (date.to_owned(), step.to_owned())));
    }

    #[test]
    fn order_and_other_tokens_are_matters_of_their_own() {
        let date = b"x 0:0:0 2090, aug 2";
        let dates: Vec<_> = rewritten(Profile::Rfc6265, date)
            .into_iter()
            .filter(|(date, _)| parse_cookie_date(date).is_ok())
            .map(|(date, _)| String::from_utf8(date).unwrap())
            .collect();
        assert!(dates.contains(&"2 aug 2090, 0:0:0 x".to_owned()), "{dates:?}");
        assert!(dates.contains(&"0:0:0 2090, aug 2".to_owned()), "{dates:?}");
    }

    #[test]
    fn what_is_no_date_is_not_rewritten() {
        for date in [&b""[..], b"soon", b"; ;", b"1 Jan 0 0:0:0"] {
            assert!(rewritten(Profile::Rfc6265bis, date).is_empty());
        }
    }
}
