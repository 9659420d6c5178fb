//! How long a cookie lives.

/// Adds these faults to the table, and hands it on to the next part.
macro_rules! lifetime_faults {
    ($next:ident $(, $later:ident)* => $($row:tt)*) => {
        $next! { $($later),* => $($row)*
            // Max-Age.
            MaxAgeMinusIsZero,        BIS,  "set-cookie.lifetime.0024", "A minus alone is zero, as for C's `atoi`.";
            MaxAgeInThirtyTwoBits,    BOTH, "jar.lifetime.0021",        "Max-Age wraps at 2^31.";
            MaxAgeInSixtyFourBits,    BOTH, "jar.lifetime.0023",        "Max-Age wraps at 2^64.";
            MaxAgeOverflowIgnored,    BOTH, "set-cookie.lifetime.0048", "A Max-Age beyond 64 bits is ignored, and not the longest there is.";
            MaxAgeZeroIgnored,        BOTH, "set-cookie.lifetime.0003", "Zero counts as absent, where a number is asked whether it is true.";
            MaxAgeNegativeIgnored,    BOTH, "set-cookie.lifetime.0004", "A minus makes Max-Age invalid, where it is read as an unsigned number.";
            MaxAgeInMilliseconds,     BOTH, "set-cookie.lifetime.0001", "Max-Age is taken for milliseconds.";
            MaxAgeOctal,              BOTH, "set-cookie.lifetime.0006", "A leading zero makes Max-Age octal.";
            MaxAgeUnquoted,           BOTH, "set-cookie.lifetime.0018", "Quotes around the number are removed.";
            MaxAgePlusAccepted,       BOTH, "set-cookie.lifetime.0009", "A plus sign is accepted, as by Rust's `parse` and Python's `int`.";
            MaxAgeFractionCut,        BOTH, "set-cookie.lifetime.0010", "A fraction is cut off.";
            MaxAgeTailCut,            BOTH, "set-cookie.lifetime.0012", "Whatever follows the digits is cut off, as by JavaScript's `parseInt`.";
            MaxAgeWordIsZero,         BOTH, "set-cookie.lifetime.0021", "What is no number is zero, as for C's `atoi`.";
            MaxAgeUnderscoreAccepted, BOTH, "set-cookie.lifetime.0016", "Underscores between digits do not count, as for Python's `int`.";
            MaxAgeCommaAccepted,      BOTH, "set-cookie.lifetime.0017", "Commas between digits do not count.";
            MaxAgeExponentAccepted,   BOTH, "set-cookie.lifetime.0011", "An exponent is read, as by JavaScript's `Number`.";
            MaxAgeHexAccepted,        BOTH, "set-cookie.lifetime.0013", "Hexadecimal is read, as by JavaScript's `Number`.";
            MaxAgeUnicodeDigits,      BOTH, "set-cookie.lifetime.0026", "Digits of other scripts are read, as by Python's `int`.";
            MaxAgeUnicodeTrim,        BOTH, "set-cookie.lifetime.0027", "White space of all kinds is trimmed from the number.";
            MaxAgeEmptyIsZero,        BOTH, "set-cookie.lifetime.0022", "An empty Max-Age deletes the cookie.";
            MaxAgeEmptyIsForever,     BOTH, "set-cookie.lifetime.0022", "An empty Max-Age is the longest lifetime there is; `cookie` 0.18 does.";
            MaxAgeFirstWins,          BOTH, "set-cookie.lifetime.0031", "Of several Max-Age the first counts.";
            MaxAgeAddedWithWrap,      OLD,  "jar.lifetime.0022",        "The clock and Max-Age are added up beyond 2^63, into the past.";

            // Expires and Max-Age.
            ExpiresFirstWins,         BOTH, "set-cookie.lifetime.0066", "Of several Expires the first counts.";
            ExpiresBeatsMaxAge,       BOTH, "jar.lifetime.0030",        "Expires beats Max-Age.";
            LaterLifetimeWins,        BOTH, "jar.lifetime.0031",        "Of Expires and Max-Age the later one counts.";
            EarlierLifetimeWins,      BOTH, "jar.lifetime.0030",        "Of Expires and Max-Age the earlier one counts.";
            LongerLifetimeWins,       BOTH, "jar.lifetime.0032",        "Of Expires and Max-Age the longer life counts.";
            ShorterLifetimeWins,      BOTH, "jar.lifetime.0030",        "Of Expires and Max-Age the shorter life counts.";

            // 400 days.
            AgeLimitMissing,          BIS,  "jar.lifetime.0025",        "There is no limit of 400 days.";
            AgeLimitInOldProfile,     OLD,  "jar.lifetime.0025",        "RFC 6265 is taken to have the limit of 400 days.";
            AgeLimitDropsAttribute,   BIS,  "set-cookie.lifetime.0042", "A lifetime beyond 400 days is dropped, and not shortened.";
            AgeLimitOnExpiresOnly,    BIS,  "jar.lifetime.0025",        "Max-Age is not limited to 400 days.";
            AgeLimitOnMaxAgeOnly,     BIS,  "jar.lifetime.0027",        "Expires is not limited to 400 days.";
            AgeLimitOneSecondLess,    BIS,  "set-cookie.lifetime.0040", "The limit is 400 days but for a second.";
            AgeLimitOneSecondMore,    BIS,  "set-cookie.lifetime.0042", "The limit is 400 days and a second.";
            AgeLimitOnSessionCookies, BOTH, "jar.lifetime.0029",        "A cookie without a lifetime is given 400 days.";
        }
    };
}
pub(crate) use lifetime_faults;
