//! The figures to reach: mostly ratios of two subjects, which do not depend on the machine.

use cookiespec_benches::ENGINE;

use crate::Measured;

/// A figure and its bound.
pub(crate) struct Claim {
    /// What is compared.
    pub(crate) what: &'static str,
    of: Of,
    pub(crate) must: Must,
}

/// What is measured.
enum Of {
    /// The quotient of two times, each by group and subject.
    Ratio { dividend: (&'static str, &'static str), divisor: (&'static str, &'static str) },
    /// Octets of heap for each stored cookie.
    Heap,
    /// Cases per second through one shim in Python.
    Shim,
}

impl Claim {
    /// Whether the figure is a ratio, without a unit.
    pub(crate) const fn is_ratio(&self) -> bool {
        matches!(self.of, Of::Ratio { .. })
    }

    /// The measured figure.
    pub(crate) fn figure(&self, measured: &Measured) -> f64 {
        match self.of {
            Of::Ratio { dividend, divisor } => {
                measured.nanoseconds(dividend) / measured.nanoseconds(divisor)
            }
            Of::Heap => measured.heap[ENGINE],
            Of::Shim => measured.shim,
        }
    }
}

/// The bound of a figure.
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
        of: Of::Ratio {
            dividend: ("set-cookie/short", "cookie"),
            divisor: ("set-cookie/short", ENGINE),
        },
        must: Must::AtLeast(4.0),
    },
    Claim {
        what: "parse a long one (1,131 octets): `cookie` ÷ engine",
        of: Of::Ratio {
            dividend: ("set-cookie/long", "cookie"),
            divisor: ("set-cookie/long", ENGINE),
        },
        must: Must::AtLeast(3.0),
    },
    Claim {
        what: "split a Cookie field of 10 pairs: `cookie` ÷ engine",
        of: Of::Ratio { dividend: ("cookie/10", "cookie"), divisor: ("cookie/10", ENGINE) },
        must: Must::AtLeast(8.0),
    },
    Claim {
        what: "split a Cookie field of 50 pairs: `cookie` ÷ engine",
        of: Of::Ratio { dividend: ("cookie/50", "cookie"), divisor: ("cookie/50", ENGINE) },
        must: Must::AtLeast(8.0),
    },
    Claim {
        what: "parse an IMF-fixdate: `httpdate` ÷ engine",
        of: Of::Ratio { dividend: ("date/imf", "httpdate"), divisor: ("date/imf", ENGINE) },
        must: Must::AtLeast(1.5),
    },
    Claim {
        what: "parse the long Set-Cookie: engine ÷ a memchr scan of it",
        of: Of::Ratio {
            dividend: ("set-cookie/long", ENGINE),
            divisor: ("set-cookie/long", "memchr"),
        },
        must: Must::AtMost(4.5),
    },
    Claim {
        what: "retrieve from 100 cookies: `cookie_store` ÷ engine",
        of: Of::Ratio {
            dividend: ("retrieve/100", "cookie_store"),
            divisor: ("retrieve/100", ENGINE),
        },
        must: Must::AtLeast(8.0),
    },
    Claim {
        what: "retrieve from 10,000 cookies: `cookie_store` ÷ engine",
        of: Of::Ratio {
            dividend: ("retrieve/10000", "cookie_store"),
            divisor: ("retrieve/10000", ENGINE),
        },
        must: Must::AtLeast(500.0),
    },
    Claim {
        what: "engine: retrieve from 1,000,000 cookies ÷ from 100",
        of: Of::Ratio { dividend: ("retrieve/1000000", ENGINE), divisor: ("retrieve/100", ENGINE) },
        must: Must::AtMost(1.3),
    },
    Claim {
        what: "octets of heap for each of 10,000 stored cookies",
        of: Of::Heap,
        must: Must::AtMost(160.0),
    },
    Claim {
        what: "cases per second through one shim in Python",
        of: Of::Shim,
        must: Must::AtLeast(10_000.0),
    },
];
