//! What a server reads and writes.

/// Adds these faults to the table, and hands it on to the next part.
macro_rules! server_faults {
    ($next:ident $(, $later:ident)* => $($row:tt)*) => {
        $next! { $($later),* => $($row)*
            // Reading the Cookie field.
            FieldFirstLineOnly,              BIS,  "cookie-header.0032", "The first of several field lines counts.";
            FieldLinesJoinedByComma,         BOTH, "cookie-header.0034", "Several field lines are joined with a comma, as those of other fields are.";
            FieldQuotesProtectSemicolon,     BOTH, "cookie-header.0051", "A quote protects `;`, even one that nobody closes; `headers` 0.4 does.";
            FieldParenthesisIsComment,       BOTH, "cookie-header.0018", "A parenthesis begins a comment, as elsewhere in HTTP.";
            FieldSemicolonNeedsBlank,        BOTH, "cookie-header.0040", "Pairs are split at `; `, and a `;` alone splits nothing.";
            FieldCommaSeparates,             BOTH, "cookie-header.0049", "A comma separates pairs, as in RFC 2965; Perl's Mojolicious and WebOb do.";
            FieldAmpersandSeparates,         BOTH, "cookie-header.0019", "An ampersand separates pairs, as in a form.";
            FieldOneBlankTrimmed,            BOTH, "cookie-header.0041", "One blank is removed before a pair, and no other.";
            FieldLastEqualsSplits,           BOTH, "cookie-header.0005", "The last `=` splits a pair.";
            FieldSecondEqualsEndsValue,      BOTH, "cookie-header.0006", "The second `=` ends the value, so that Base64 loses its padding.";
            FieldEmptyPairsKept,             BOTH, "cookie-header.0043", "An empty pair is a cookie.";
            FieldNameLowerCased,             BOTH, "cookie-header.0012", "Names are lower-cased.";
            FieldNameDotsReplaced,           BOTH, "cookie-header.0013", "Dots and blanks in names become underscores; PHP does.";
            FieldValueUnquoted,              BOTH, "cookie-header.0023", "Quotes around a value are removed.";
            FieldValueDecoded,               BOTH, "cookie-header.0025", "Percent sequences are decoded.";
            FieldValueFormDecoded,           BOTH, "cookie-header.0026", "A `+` becomes a blank; Ruby's Rack does.";
            FieldValueCutAtFourThousand,     BOTH, "cookie-header.0021", "A value is cut off after 4000 octets.";
            FieldLostToBareWord,             BOTH, "cookie-header.0047", "A pair without `=` loses all cookies; `biscotti` 0.4 does.";
            FieldLostToBadName,              BOTH, "cookie-header.0048", "A name that is no token loses all cookies; Python's `http.cookies` does.";
            FieldLostToBadValue,             BOTH, "cookie-header.0050", "A value that breaks the grammar loses all cookies; Python's `http.cookies` does.";
            FieldLostToNonUtf8,              BOTH, "cookie-header.0058", "A value that is not UTF-8 loses all cookies.";
            FieldLostToControl,              BOTH, "cookie-header.0059", "A control character loses all cookies.";
            FieldEndsAtBadName,              BOTH, "cookie-header.0048", "Nothing is read behind a name that is no token; hapi stops there.";
            FieldEndsAtNonAscii,             BOTH, "cookie-header.0057", "Nothing is read behind an octet that is not ASCII.";
            FieldFirstOfNameOnly,            BOTH, "cookie-header.0028", "Of two cookies with one name the first counts; the Node.js parsers have it so.";
            FieldLastOfNameOnly,             BOTH, "cookie-header.0028", "Of two cookies with one name the last counts; Django has it so.";
            FieldNamesIgnoreCase,            BOTH, "cookie-header.0012", "Names that differ in case are one.";
            FieldDollarNamesSkipped,         BOTH, "cookie-header.0009", "Names that begin with `$` are skipped, as in RFC 2965.";
            FieldAttributeNamesSkipped,      BOTH, "cookie-header.0010", "Cookies that are called like attributes are skipped.";
            FieldEmptyValuesSkipped,         BOTH, "cookie-header.0003", "Empty values are skipped.";
            FieldNumbersSkipped,             BOTH, "cookie-header.0014", "Names that are numbers are skipped, where they become indices.";
            FieldPrototypeSkipped,           BOTH, "cookie-header.0015", "A cookie called `__proto__` is skipped; `cookie-parser` does.";
            FieldLimitedToTwenty,            BOTH, "cookie-header.0020", "Nothing is read behind the twentieth pair.";

            // Writing the name.
            WritesNameWithBlank,             BOTH, "format.0029",        "A name may have a blank.";
            WritesNameWithEquals,            BOTH, "format.0031",        "A name may have an `=`; Werkzeug has it so.";
            WritesNameWithSemicolon,         BOTH, "format.0032",        "A name may have a `;`; Werkzeug has it so.";
            WritesNameWithControl,           BOTH, "format.0034",        "A name may have control characters.";
            WritesNameWithSeparator,         BOTH, "format.0036",        "A name may have the separators of HTTP.";
            WritesNameWithNonAscii,          BOTH, "format.0040",        "A name need not be ASCII.";
            WritesNameOfLettersOnly,         BOTH, "format.0004",        "A name is made of letters, digits and underscores.";
            WritesNameOfNothing,             BOTH, "format.0028",        "A name may be empty.";
            WritesNameInLowerCase,           BOTH, "format.0005",        "Names are written in lower case.";

            // Writing the value.
            WritesValueWithSemicolon,        BOTH, "format.0043",        "A value may have a `;`, and attributes behind it; `cookie` 0.18 writes it.";
            WritesValueWithLineBreak,        BOTH, "format.0079",        "A value may have line breaks, and header fields behind them; `cookie` 0.18 writes them.";
            WritesValueWithControl,          BOTH, "format.0048",        "A value may have control characters.";
            WritesValueWithTab,              BOTH, "format.0050",        "A value may have an HTAB.";
            WritesValueWithBlank,            BOTH, "format.0051",        "A value may have blanks.";
            WritesValueWithComma,            BOTH, "format.0053",        "A value may have a comma.";
            WritesValueWithQuote,            BOTH, "format.0054",        "A value may have a quote inside.";
            WritesValueWithBackslash,        BOTH, "format.0058",        "A value may have a backslash.";
            WritesValueWithNonAscii,         BOTH, "format.0059",        "A value need not be ASCII.";
            WritesValueWithoutEquals,        BOTH, "format.0007",        "A value may not have an `=`.";
            WritesValueEncoded,              BOTH, "format.0008",        "Values are percent-encoded unasked.";
            WritesValueQuoted,               BOTH, "format.0003",        "Values that are more than letters and digits are quoted.";
            WritesValueUnquoted,             BOTH, "format.0006",        "Quotes around a value are removed.";
            WritesAnything,                  BOTH, "format.0042",        "Values, paths and domains are written whatever is in them; `cookie` 0.18 does.";
            WritesPairOfAnyLength,           BIS,  "format.0084",        "A pair that 6265bis has ignored for its length is written.";

            // Writing the attributes.
            WritesNoEpoch,                   BOTH, "format.0020",        "The epoch counts as no date, where a number is asked whether it is true.";
            WritesNoZeroMaxAge,              BIS,  "format.0026",        "Max-Age=0 counts as no Max-Age, so that nothing is deleted.";
            WritesNegativeMaxAge,            BOTH, "format.0027",        "A negative Max-Age is written.";
            WritesMaxAgeAsFraction,          BOTH, "format.0016",        "Max-Age is written with a decimal point.";
            WritesMaxAgeInThirtyTwoBits,     BOTH, "format.0017",        "Max-Age wraps at 2^31.";
            WritesYearOfFiveDigits,          BOTH, "format.0086",        "A year of five digits is written.";
            WritesYearOfTwoDigits,           BOTH, "format.0018",        "Years are written with two digits.";
            WritesDateWithHyphens,           BOTH, "format.0018",        "Dates are written with hyphens, as Netscape had it.";
            WritesDateUnpadded,              BOTH, "format.0019",        "Days before the tenth have one digit.";
            WritesDateWithOffset,            BOTH, "format.0018",        "Dates end with `+0000`.";
            WritesDateAsUnixTime,            BOTH, "format.0018",        "Dates are written as a number of seconds.";
            WritesDateOfWeekdayBefore,       BOTH, "format.0018",        "Dates have the weekday of the day before.";
            WritesDomainWithDot,             BOTH, "format.0011",        "Domain is given a leading dot.";
            WritesDomainAsGiven,             BOTH, "format.0068",        "A leading dot in Domain is written.";
            WritesDomainWithSemicolon,       BOTH, "format.0080",        "Domain may have a `;`.";
            WritesDomainWithControl,         BOTH, "format.0081",        "Domain may have line breaks.";
            WritesDomainWithPort,            BOTH, "format.0070",        "Domain may have a port.";
            WritesDomainWithNonAscii,        BOTH, "format.0069",        "Domain need not be ASCII.";
            WritesPathEncoded,               BOTH, "format.0010",        "Path is percent-encoded unasked.";
            WritesPathTwice,                 BOTH, "format.0025",        "Path is written twice.";
            WritesPathOfAnyLength,           BIS,  "format.0085",        "A Path that 6265bis skips for its length is written.";
            WritesPathWithSemicolon,         BOTH, "format.0062",        "Path may have a `;`, and attributes behind it.";
            WritesPathWithControl,           BOTH, "format.0063",        "Path may have control characters.";
            WritesPathWithNonAscii,          BOTH, "format.0065",        "Path need not be ASCII.";
            WritesFlagsSetToFalse,           BOTH, "format.0013",        "A flag that is off is written as `=false`, which sets it.";
            WritesFlagsSetToTrue,            BOTH, "format.0012",        "A flag that is on is written as `=true`.";
            WritesSecureWheneverNamed,       BOTH, "format.0013",        "Secure is written where it was switched off.";
            WritesHttpOnlyNever,             BOTH, "format.0014",        "HttpOnly is not written.";
            WritesSecurePrefixWithoutSecure, BIS,  "format.0073",        "`__Secure-` is written without Secure.";
            WritesHostPrefixWithoutSecure,   BIS,  "format.0083",        "`__Host-` is written without Secure.";
            WritesHostPrefixWithDomain,      BIS,  "format.0074",        "`__Host-` is written with a Domain.";
            WritesHostPrefixWithoutPath,     BIS,  "format.0075",        "`__Host-` is written without Path=/.";
            WritesSameSiteNoneWithoutSecure, BIS,  "format.0082",        "SameSite=None is written without Secure.";
            WritesSameSiteNoneNever,         BOTH, "format.0024",        "SameSite=None is left out, where None means nothing.";
            WritesSameSiteUnnamed,           BOTH, "format.0022",        "The value of SameSite is written without its name.";
            WritesSameSiteUnknown,           BOTH, "format.0072",        "A SameSite value nobody knows is written.";
        }
    };
}
pub(crate) use server_faults;
