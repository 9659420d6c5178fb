//! The Set-Cookie field as a server writes it, section 4.1 of RFC 6265.

use super::{BOTH, Entry, RFC6265BIS, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // Writing the name.
    entry(WritesNameWithBlank,             BOTH,       "format.0029", "A name with a blank is written."),
    entry(WritesNameWithEquals,            BOTH,       "format.0031", "A name with an `=` is written; Werkzeug does this."),
    entry(WritesNameWithSemicolon,         BOTH,       "format.0032", "A name with a `;` is written; Werkzeug does this."),
    entry(WritesNameWithControl,           BOTH,       "format.0034", "A name with control characters is written."),
    entry(WritesNameWithSeparator,         BOTH,       "format.0036", "A name with the separators of HTTP is written."),
    entry(WritesNameWithNonAscii,          BOTH,       "format.0040", "A name that is not ASCII is written."),
    entry(WritesNameOfLettersOnly,         BOTH,       "format.0004", "A name that has more than letters, digits and underscores is refused."),
    entry(WritesNameOfNothing,             BOTH,       "format.0028", "An empty name is written."),
    entry(WritesNameInLowerCase,           BOTH,       "format.0005", "Names are written in lower case."),

    // Writing the value.
    entry(WritesValueWithSemicolon,        BOTH,       "format.0043", "A value with a `;`, and so with attributes after it, is written; `cookie` 0.18 does this."),
    entry(WritesValueWithLineBreak,        BOTH,       "format.0079", "A value with line breaks, and so with header fields after them, is written; `cookie` 0.18 does this."),
    entry(WritesValueWithControl,          BOTH,       "format.0048", "A value with control characters is written."),
    entry(WritesValueWithTab,              BOTH,       "format.0050", "A value with an HTAB is written."),
    entry(WritesValueWithBlank,            BOTH,       "format.0051", "A value with blanks is written."),
    entry(WritesValueWithComma,            BOTH,       "format.0053", "A value with a comma is written."),
    entry(WritesValueWithQuote,            BOTH,       "format.0054", "A value with an inner quote is written."),
    entry(WritesValueWithBackslash,        BOTH,       "format.0058", "A value with a backslash is written."),
    entry(WritesValueWithNonAscii,         BOTH,       "format.0059", "A value that is not ASCII is written."),
    entry(WritesValueWithoutEquals,        BOTH,       "format.0007", "A value with an `=` is refused."),
    entry(WritesValueEncoded,              BOTH,       "format.0008", "Values are percent-encoded although the caller did not request it."),
    entry(WritesValueQuoted,               BOTH,       "format.0003", "Values that have more than letters and digits are quoted."),
    entry(WritesValueUnquoted,             BOTH,       "format.0006", "Quotes around a value are removed."),
    entry(WritesAnything,                  BOTH,       "format.0042", "Values, paths and domains are written whatever they contain; `cookie` 0.18 does this."),
    entry(WritesPairOfAnyLength,           RFC6265BIS, "format.0084", "A pair that is too long for 6265bis is written."),

    // Writing the attributes.
    entry(WritesNoEpoch,                   BOTH,       "format.0020", "An Expires at the epoch is left out, where a number is used as a truth value."),
    entry(WritesNoZeroMaxAge,              RFC6265BIS, "format.0026", "`Max-Age=0` is left out, so that nothing is deleted."),
    entry(WritesNegativeMaxAge,            BOTH,       "format.0027", "A negative Max-Age is written."),
    entry(WritesMaxAgeAsFraction,          BOTH,       "format.0016", "Max-Age is written with a decimal point."),
    entry(WritesMaxAgeInThirtyTwoBits,     BOTH,       "format.0017", "Max-Age wraps at 2^31."),
    entry(WritesYearOfFiveDigits,          BOTH,       "format.0086", "A year of five digits is written."),
    entry(WritesYearOfTwoDigits,           BOTH,       "format.0018", "Years are written with two digits."),
    entry(WritesDateWithHyphens,           BOTH,       "format.0018", "Dates are written with hyphens, as in the Netscape specification."),
    entry(WritesDateUnpadded,              BOTH,       "format.0019", "Days before the tenth are written with one digit."),
    entry(WritesDateWithOffset,            BOTH,       "format.0018", "Dates end with `+0000` instead of `GMT`."),
    entry(WritesDateAsUnixTime,            BOTH,       "format.0018", "Dates are written as a number of seconds."),
    entry(WritesDateOfWeekdayBefore,       BOTH,       "format.0018", "Dates are written with the weekday of the day before."),
    entry(WritesDomainWithDot,             BOTH,       "format.0011", "A leading dot is added to Domain."),
    entry(WritesDomainAsGiven,             BOTH,       "format.0068", "A leading dot in Domain is written."),
    entry(WritesDomainWithSemicolon,       BOTH,       "format.0080", "A Domain with a `;` is written."),
    entry(WritesDomainWithControl,         BOTH,       "format.0081", "A Domain with line breaks is written."),
    entry(WritesDomainWithPort,            BOTH,       "format.0070", "A Domain with a port is written."),
    entry(WritesDomainWithNonAscii,        BOTH,       "format.0069", "A Domain that is not ASCII is written."),
    entry(WritesPathEncoded,               BOTH,       "format.0010", "Path is percent-encoded although the caller did not request it."),
    entry(WritesPathTwice,                 BOTH,       "format.0025", "Path is written twice."),
    entry(WritesPathOfAnyLength,           RFC6265BIS, "format.0085", "A Path that is too long for 6265bis is written."),
    entry(WritesPathWithSemicolon,         BOTH,       "format.0062", "A Path with a `;`, and so with attributes after it, is written."),
    entry(WritesPathWithControl,           BOTH,       "format.0063", "A Path with control characters is written."),
    entry(WritesPathWithNonAscii,          BOTH,       "format.0065", "A Path that is not ASCII is written."),
    entry(WritesFlagsSetToFalse,           BOTH,       "format.0013", "A flag that is off is written as `=false`, which user agents read as set."),
    entry(WritesFlagsSetToTrue,            BOTH,       "format.0012", "A flag that is on is written as `=true`."),
    entry(WritesSecureWheneverNamed,       BOTH,       "format.0013", "Secure is written although it is switched off."),
    entry(WritesHttpOnlyNever,             BOTH,       "format.0014", "HttpOnly is not written."),
    entry(WritesSecurePrefixWithoutSecure, RFC6265BIS, "format.0073", "`__Secure-` is written without Secure."),
    entry(WritesHostPrefixWithoutSecure,   RFC6265BIS, "format.0083", "`__Host-` is written without Secure."),
    entry(WritesHostPrefixWithDomain,      RFC6265BIS, "format.0074", "`__Host-` is written with a Domain."),
    entry(WritesHostPrefixWithoutPath,     RFC6265BIS, "format.0075", "`__Host-` is written without `Path=/`."),
    entry(WritesSameSiteNoneWithoutSecure, RFC6265BIS, "format.0082", "SameSite=None is written without Secure."),
    entry(WritesSameSiteNoneNever,         BOTH,       "format.0024", "SameSite=None is left out, where None means that there is no value."),
    entry(WritesSameSiteUnnamed,           BOTH,       "format.0022", "The value of SameSite is written without its name."),
    entry(WritesSameSiteUnknown,           RFC6265BIS, "format.0072", "An unknown SameSite value is written."),
];
