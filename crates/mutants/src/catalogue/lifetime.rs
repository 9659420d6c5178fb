//! How long a cookie lives: Max-Age, its precedence over Expires, and the limit of 400 days.

use super::{BOTH, Entry, RFC6265, RFC6265BIS, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // The number in Max-Age.
    entry(MaxAgeMinusIsZero,        RFC6265BIS, "set-cookie.lifetime.0024", "A minus without digits is zero, as for C's `atoi`."),
    entry(MaxAgeInThirtyTwoBits,    BOTH,       "jar.lifetime.0021",        "Max-Age wraps at 2^31."),
    entry(MaxAgeInSixtyFourBits,    BOTH,       "jar.lifetime.0023",        "Max-Age wraps at 2^64."),
    entry(MaxAgeOverflowIgnored,    BOTH,       "set-cookie.lifetime.0048", "A Max-Age beyond 64 bits is ignored instead of being the longest lifetime there is."),
    entry(MaxAgeZeroIgnored,        BOTH,       "set-cookie.lifetime.0003", "Zero counts as absent, where a number is used as a truth value."),
    entry(MaxAgeNegativeIgnored,    BOTH,       "set-cookie.lifetime.0004", "A minus makes Max-Age invalid, where it is parsed as an unsigned number."),
    entry(MaxAgeInMilliseconds,     BOTH,       "set-cookie.lifetime.0001", "Max-Age is read as milliseconds."),
    entry(MaxAgeOctal,              BOTH,       "set-cookie.lifetime.0006", "A leading zero makes Max-Age octal."),
    entry(MaxAgeUnquoted,           BOTH,       "set-cookie.lifetime.0018", "Quotes around the number are removed."),
    entry(MaxAgePlusAccepted,       BOTH,       "set-cookie.lifetime.0009", "A plus sign is accepted, as by Rust's `parse` and Python's `int`."),
    entry(MaxAgeFractionCut,        BOTH,       "set-cookie.lifetime.0010", "A fraction is accepted and cut off."),
    entry(MaxAgeTailCut,            BOTH,       "set-cookie.lifetime.0012", "Whatever follows the digits is cut off, as by JavaScript's `parseInt`."),
    entry(MaxAgeWordIsZero,         BOTH,       "set-cookie.lifetime.0021", "A value that is not a number is zero, as for C's `atoi`."),
    entry(MaxAgeUnderscoreAccepted, BOTH,       "set-cookie.lifetime.0016", "Underscores between digits are skipped, as by Python's `int`."),
    entry(MaxAgeCommaAccepted,      BOTH,       "set-cookie.lifetime.0017", "Commas between digits are skipped."),
    entry(MaxAgeExponentAccepted,   BOTH,       "set-cookie.lifetime.0011", "An exponent is read, as by JavaScript's `Number`."),
    entry(MaxAgeHexAccepted,        BOTH,       "set-cookie.lifetime.0013", "Hexadecimal is read, as by JavaScript's `Number`."),
    entry(MaxAgeUnicodeDigits,      BOTH,       "set-cookie.lifetime.0026", "Digits of other scripts are read, as by Python's `int`."),
    entry(MaxAgeUnicodeTrim,        BOTH,       "set-cookie.lifetime.0027", "White space of every kind is trimmed from the number."),
    entry(MaxAgeEmptyIsZero,        BOTH,       "set-cookie.lifetime.0022", "An empty Max-Age deletes the cookie."),
    entry(MaxAgeEmptyIsForever,     BOTH,       "set-cookie.lifetime.0022", "An empty Max-Age is the longest lifetime there is; `cookie` 0.18 does this."),
    entry(MaxAgeAddedWithWrap,      RFC6265,    "jar.lifetime.0022",        "The sum of the current time and Max-Age overflows 2^63 into the past."),

    // The precedence of Max-Age over Expires.
    entry(ExpiresBeatsMaxAge,       BOTH,       "jar.lifetime.0030",        "Expires takes precedence over Max-Age."),
    entry(LaterLifetimeWins,        BOTH,       "jar.lifetime.0031",        "Of Expires and Max-Age the one that is written later wins."),
    entry(EarlierLifetimeWins,      BOTH,       "jar.lifetime.0030",        "Of Expires and Max-Age the one that is written earlier wins."),
    entry(LongerLifetimeWins,       BOTH,       "jar.lifetime.0032",        "Of Expires and Max-Age the longer lifetime wins."),
    entry(ShorterLifetimeWins,      BOTH,       "jar.lifetime.0030",        "Of Expires and Max-Age the shorter lifetime wins."),

    // The limit of 400 days.
    entry(AgeLimitMissing,          RFC6265BIS, "jar.lifetime.0025",        "There is no limit of 400 days."),
    entry(AgeLimitInOldProfile,     RFC6265,    "jar.lifetime.0025",        "The limit of 400 days applies under RFC 6265 as well."),
    entry(AgeLimitDropsAttribute,   RFC6265BIS, "set-cookie.lifetime.0042", "A lifetime beyond 400 days is dropped instead of shortened."),
    entry(AgeLimitOnExpiresOnly,    RFC6265BIS, "jar.lifetime.0025",        "Max-Age is not limited to 400 days."),
    entry(AgeLimitOnMaxAgeOnly,     RFC6265BIS, "jar.lifetime.0027",        "Expires is not limited to 400 days."),
    entry(AgeLimitOneSecondLess,    RFC6265BIS, "set-cookie.lifetime.0040", "The limit is one second less than 400 days."),
    entry(AgeLimitOneSecondMore,    RFC6265BIS, "set-cookie.lifetime.0042", "The limit is one second more than 400 days."),
    entry(AgeLimitOnSessionCookies, BOTH,       "jar.lifetime.0029",        "A cookie without a lifetime is given 400 days."),
];
