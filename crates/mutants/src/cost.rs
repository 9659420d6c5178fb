//! Costs: what is right about cookies and takes too long over it, for whoever looks for such.

use std::fmt;
use std::str::FromStr;

use cookiespec_vectors::Operation;
use cookiespec_vectors::operation::{ParseCookie, ParseDate, ParseSetCookie};

use crate::fault::{UnknownFault, write_kebab_case};
use crate::rules::Rules;

/// A way to be right that costs more than it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Cost {
    /// Blanks are removed one by one, and what is left is copied each time.
    BlanksByCopies,
    /// A value in quotes is taken apart at its backslashes, and the rest is copied each time.
    BackslashesByCopies,
    /// Attributes are taken from the front of the line, and the rest is copied each time.
    AttributesByCopies,
    /// Each token of a date is found by splitting the whole date.
    TokensFromTheStart,
    /// The list of pairs in a Cookie field is made anew for each pair.
    PairsByCopies,
    /// The blanks at the end of something are looked for from each of its octets on, as the regular
    /// expression `[ \t]+$` does: what costs is the octet behind them.
    BlanksBySearch,
    /// Each attribute is compared with each other one, in a copy of all of them in lower case.
    AttributesByComparison,
    /// A run of backslashes behind a quote is matched by all the ways to divide it into ones and
    /// twos, as the regular expression `"(\\|\\\\)*"` does.
    BackslashesByBacktracking,
    /// The pairs of a Cookie field are sorted by their names, and put back into their order.
    PairsBySorting,
    /// Control characters are looked for in a table that is made for each octet: slow, but linear.
    ControlsByTables,
}

/// How the time grows with the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// Twice the input takes twice the time.
    Linear,
    /// Twice the input takes twice the time and a little more: n log n.
    Linearithmic,
    /// Twice the input takes four times the time.
    Quadratic,
    /// Twice the input takes eight times the time.
    Cubic,
    /// A little more input takes twice the time.
    Exponential,
}

impl Cost {
    /// Every cost.
    pub const ALL: &[Self] = &[
        Self::BlanksByCopies,
        Self::BackslashesByCopies,
        Self::AttributesByCopies,
        Self::TokensFromTheStart,
        Self::PairsByCopies,
        Self::BlanksBySearch,
        Self::AttributesByComparison,
        Self::BackslashesByBacktracking,
        Self::PairsBySorting,
        Self::ControlsByTables,
    ];

    /// How the time grows with an [`input`](Self::input).
    pub const fn growth(self) -> Growth {
        match self {
            Self::ControlsByTables => Growth::Linear,
            Self::PairsBySorting => Growth::Linearithmic,
            Self::AttributesByComparison => Growth::Cubic,
            Self::BackslashesByBacktracking => Growth::Exponential,
            Self::BlanksByCopies
            | Self::BackslashesByCopies
            | Self::AttributesByCopies
            | Self::TokensFromTheStart
            | Self::PairsByCopies
            | Self::BlanksBySearch => Growth::Quadratic,
        }
    }

    /// An operation of about `octets` octets that shows the cost.
    pub fn input(self, octets: usize) -> Operation {
        let set_cookie = |line: Vec<u8>| {
            Operation::ParseSetCookie(ParseSetCookie {
                set_cookie: line.into(),
                ..ParseSetCookie::default()
            })
        };
        match self {
            Self::BlanksByCopies => set_cookie([b"a=", &b" ".repeat(octets)[..], b"b"].concat()),
            Self::BackslashesByCopies => {
                set_cookie([b"a=\"", &b"\\x".repeat(octets / 2)[..], b"\""].concat())
            }
            Self::BlanksBySearch => set_cookie([b"a=x", &b" ".repeat(octets)[..], b"x"].concat()),
            Self::BackslashesByBacktracking => {
                set_cookie([b"a=\"", &b"\\".repeat(octets)[..]].concat())
            }
            Self::AttributesByCopies | Self::AttributesByComparison => {
                set_cookie([b"a=b", &b";x".repeat(octets / 2)[..]].concat())
            }
            Self::TokensFromTheStart => {
                Operation::ParseDate(ParseDate { date: b"x ".repeat(octets / 2).into() })
            }
            Self::PairsByCopies | Self::PairsBySorting => {
                let field = b"a=b; ".repeat(octets / 5);
                Operation::ParseCookie(ParseCookie { cookie: vec![field.into()] })
            }
            Self::ControlsByTables => set_cookie([b"a=", &b"x".repeat(octets)[..]].concat()),
        }
    }
}

/// The name in kebab-case.
impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_kebab_case(&format!("{self:?}"), f)
    }
}

impl FromStr for Cost {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|cost| cost.to_string() == name).ok_or(UnknownFault)
    }
}

impl Rules {
    /// Is this the cost?
    pub(crate) fn costs(self, cost: Cost) -> bool {
        self.cost == Some(cost)
    }

    /// [`Cost::BlanksByCopies`].
    pub(crate) fn trim_by_copies(octets: &[u8]) -> &[u8] {
        let is_blank = |octet: Option<&u8>| octet.is_some_and(|octet| b" \t".contains(octet));
        let mut copy = octets.to_vec();
        while is_blank(copy.first()) {
            copy = copy[1..].to_vec();
        }
        let start = octets.len() - copy.len();
        while is_blank(copy.last()) {
            copy = copy[..copy.len() - 1].to_vec();
        }
        &octets[start..start + copy.len()]
    }

    /// The value as it was, after all its backslashes were looked at: [`Cost::BackslashesByCopies`].
    pub(crate) fn rejoined_at_backslashes(value: &[u8]) -> Vec<u8> {
        let mut rejoined = Vec::new();
        let mut rest = value.to_vec();
        while let Some(at) = rest.iter().position(|octet| *octet == b'\\') {
            rejoined.extend_from_slice(&rest[..=at]);
            rest = rest[at + 1..].to_vec();
        }
        rejoined.extend_from_slice(&rest);
        rejoined
    }

    /// The parts between the semicolons: [`Cost::AttributesByCopies`].
    pub(crate) fn cookie_avs_by_copies(unparsed: &[u8]) -> Vec<Vec<u8>> {
        let mut parts = Vec::new();
        let mut rest = unparsed.to_vec();
        while let Some(at) = rest.iter().position(|octet| *octet == b';') {
            parts.push(rest[..at].to_vec());
            rest = rest[at + 1..].to_vec();
        }
        parts.push(rest);
        parts
    }

    /// Where the blanks at the end begin: [`Cost::BlanksBySearch`].
    pub(crate) fn end_by_search(octets: &[u8]) -> usize {
        let is_blank = |octet: &u8| b" \t".contains(octet);
        let blanks_from =
            |at: usize| -> Vec<u8> { octets[at..].iter().copied().take_while(is_blank).collect() };
        let ends_from = |at: &usize| *at + blanks_from(*at).len() == octets.len();
        (0..octets.len()).find(ends_from).unwrap_or(octets.len())
    }

    /// How many pairs of attributes look the same: [`Cost::AttributesByComparison`].
    pub(crate) fn same_attributes(unparsed: &[u8]) -> usize {
        let mut start = 0;
        let mut ranges = Vec::new();
        for part in unparsed.split(|octet| *octet == b';') {
            ranges.push(start..start + part.len());
            start += part.len() + 1;
        }
        let mut same = 0;
        for (at, range) in ranges.iter().enumerate() {
            for other in &ranges[..at] {
                let copy = String::from_utf8_lossy(unparsed).to_lowercase().into_bytes();
                same += usize::from(copy.get(range.clone()) == copy.get(other.clone()));
            }
        }
        same
    }

    /// Is it ones and twos of backslashes and then a quote: [`Cost::BackslashesByBacktracking`].
    pub(crate) fn is_closed_by_backtracking(octets: &[u8]) -> bool {
        let behind = |backslashes: &[u8]| octets.strip_prefix(backslashes).map(<[u8]>::to_vec);
        let is_closed = |rest: Vec<u8>| Self::is_closed_by_backtracking(&rest);
        octets.first() == Some(&b'"')
            || behind(b"\\").is_some_and(is_closed)
            || behind(b"\\\\").is_some_and(is_closed)
    }

    /// The pairs in their order, by way of another: [`Cost::PairsBySorting`].
    pub(crate) fn sorted_and_restored(pairs: Vec<(Vec<u8>, Vec<u8>)>) -> Vec<(Vec<u8>, Vec<u8>)> {
        let named = merge_sorted(pairs.into_iter().enumerate().collect(), &|(at, (name, _))| {
            (name.clone(), *at)
        });
        let restored = merge_sorted(named, &|(at, _)| *at);
        restored.into_iter().map(|(_, pair)| pair).collect()
    }

    /// The control characters by a table: [`Cost::ControlsByTables`].
    pub(crate) fn is_refused_by_table(self, octet: u8, in_pair: bool) -> bool {
        let table: Vec<bool> = (0..=u8::MAX).map(|octet| self.is_refused(octet, in_pair)).collect();
        table[usize::from(octet)]
    }
}

/// Sorts by halves, each of which is a list of its own.
fn merge_sorted<T: Clone, K: Ord>(mut list: Vec<T>, key: &dyn Fn(&T) -> K) -> Vec<T> {
    if list.len() < 2 {
        return list;
    }
    let second = merge_sorted(list.split_off(list.len() / 2), key);
    let first = merge_sorted(list, key);
    let mut merged = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
    while let (Some(one), Some(other)) = (first.peek(), second.peek()) {
        let next = if key(one) <= key(other) { first.next() } else { second.next() };
        merged.extend(next);
    }
    merged.extend(first);
    merged.extend(second);
    merged
}
