//! The figures the engine has to reach, each a ratio of two subjects.

use cookiespec_benches::ENGINE;

/// A ratio, and what it must be.
pub(crate) struct Claim {
    /// What is compared.
    pub(crate) what: &'static str,
    /// Group and subject.
    pub(crate) dividend: (&'static str, &'static str),
    /// Group and subject.
    pub(crate) divisor: (&'static str, &'static str),
    pub(crate) must: Must,
}

/// What a ratio must be.
#[derive(Clone, Copy)]
pub(crate) enum Must {
    AtLeast(f64),
    AtMost(f64),
}

impl Must {
    pub(crate) fn is_met_by(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(least) => ratio >= least,
            Self::AtMost(most) => ratio <= most,
        }
    }
}

pub(crate) const CLAIMS: &[Claim] = &[
    Claim {
        what: "parse a short Set-Cookie (60 octets): `cookie` ÷ engine",
        dividend: ("set-cookie/short", "cookie"),
        divisor: ("set-cookie/short", ENGINE),
        must: Must::AtLeast(4.0),
    },
    Claim {
        what: "parse a long one (1,131 octets): `cookie` ÷ engine",
        dividend: ("set-cookie/long", "cookie"),
        divisor: ("set-cookie/long", ENGINE),
        must: Must::AtLeast(3.0),
    },
    Claim {
        what: "split a Cookie field of 10 pairs: `cookie` ÷ engine",
        dividend: ("cookie/10", "cookie"),
        divisor: ("cookie/10", ENGINE),
        must: Must::AtLeast(8.0),
    },
    Claim {
        what: "split a Cookie field of 50 pairs: `cookie` ÷ engine",
        dividend: ("cookie/50", "cookie"),
        divisor: ("cookie/50", ENGINE),
        must: Must::AtLeast(8.0),
    },
    Claim {
        what: "parse an IMF-fixdate: `httpdate` ÷ engine",
        dividend: ("date/imf", "httpdate"),
        divisor: ("date/imf", ENGINE),
        must: Must::AtLeast(1.5),
    },
    Claim {
        what: "parse the long Set-Cookie: engine ÷ a memchr scan of it",
        dividend: ("set-cookie/long", ENGINE),
        divisor: ("set-cookie/long", "memchr"),
        must: Must::AtMost(4.5),
    },
    Claim {
        what: "retrieve from 100 cookies: `cookie_store` ÷ engine",
        dividend: ("retrieve/100", "cookie_store"),
        divisor: ("retrieve/100", ENGINE),
        must: Must::AtLeast(8.0),
    },
    Claim {
        what: "retrieve from 10,000 cookies: `cookie_store` ÷ engine",
        dividend: ("retrieve/10000", "cookie_store"),
        divisor: ("retrieve/10000", ENGINE),
        must: Must::AtLeast(500.0),
    },
    Claim {
        what: "engine: retrieve from 1,000,000 cookies ÷ from 100",
        dividend: ("retrieve/1000000", ENGINE),
        divisor: ("retrieve/100", ENGINE),
        must: Must::AtMost(1.3),
    },
];
