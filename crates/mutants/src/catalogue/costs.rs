//! Right answers that take too long: one algorithm each, with its growth and an input that shows it.

use std::fmt;
use std::str::FromStr;

use cookiespec_vectors::Operation;
use cookiespec_vectors::operation::{ParseCookie, ParseDate, ParseSetCookie};

use crate::name::{UnknownName, find, write_kebab_case};

/// An algorithm that gives the right answer and costs more than it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Cost {
    /// Blanks are removed one by one, and what is left is copied each time.
    BlanksByCopies,
    /// A quoted value is split at its backslashes, and the rest is copied each time.
    BackslashesByCopies,
    /// Attributes are taken from the front of the line, and the rest is copied each time.
    AttributesByCopies,
    /// Each token of a date is found by splitting the complete date.
    TokensFromTheStart,
    /// The list of pairs in a Cookie field is copied for each pair.
    PairsByCopies,
    /// Trailing blanks are searched for from each octet on, as by the regular expression `[ \t]+$`:
    /// an octet after the blanks makes each search fail.
    BlanksBySearch,
    /// Each attribute is compared with each other one, and all of them are lower-cased each time.
    AttributesByComparison,
    /// A run of backslashes after a quote is matched in every way to divide it into ones and twos, as
    /// by the regular expression `"(\\|\\\\)*"`.
    BackslashesByBacktracking,
    /// The pairs of a Cookie field are sorted by name, and then sorted back into their order.
    PairsBySorting,
    /// Control characters are looked up in a table that is built for each octet: slow, but linear.
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

    /// An operation with an input of about `octets` octets that shows the cost.
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
        write_kebab_case(self, f)
    }
}

impl FromStr for Cost {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        find(Self::ALL, name)
    }
}
