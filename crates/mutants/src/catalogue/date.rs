//! Dates, section 5.1.1 of RFC 6265.

use super::{BOTH, Entry, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // Dates that are valid or not.
    entry(DateNeedsGmt,                BOTH, "date.0014",         "A date must end with GMT, as for `strptime`."),
    entry(DateNeedsWeekday,            BOTH, "date.0006",         "A date must begin with a weekday."),
    entry(DateIsoAccepted,             BOTH, "date.0108",         "ISO 8601 is accepted as well."),
    entry(DateFirstYearRefused,        BOTH, "date.0072",         "1601 is refused: `<=` for `<`."),
    entry(DateAncientYearAccepted,     BOTH, "date.0071",         "Years before 1601 are accepted."),
    entry(DateLeapSecondAccepted,      BOTH, "date.0098",         "Second 60 is accepted."),
    entry(DateHourTwentyFourAccepted,  BOTH, "date.0096",         "Hour 24 is accepted."),
    entry(DateRollsOver,               BOTH, "date.0043",         "31 April is 1 May, as for C's `mktime` and JavaScript's `Date`."),
    entry(DateDayZeroAccepted,         BOTH, "date.0039",         "Day 0 is accepted as the day before the first."),
    entry(DateWeekdayChecked,          BOTH, "date.0007",         "A date with the wrong weekday is invalid."),
    entry(DateZoneRead,                BOTH, "date.0015",         "A numeric zone is applied."),
    entry(DateInThirtyTwoBits,         BOTH, "jar.lifetime.0048", "Seconds wrap in January 2038."),
    entry(DateLeapYearEveryFour,       BOTH, "date.0048",         "Every fourth year has a 29 February, including 2100."),
    entry(DateLeapCenturyForgotten,    BOTH, "date.0047",         "No century year has a 29 February, not even 2000."),

    // Tokens and their delimiters.
    entry(DateLastTimeWins,            BOTH, "date.0099",         "Of two times the last one wins."),
    entry(DateLastDayWins,             BOTH, "date.0012",         "Of two numbers that may be days the last one is the day."),
    entry(DateLastMonthWins,           BOTH, "date.0059",         "Of two months the last one wins."),
    entry(DateLastYearWins,            BOTH, "date.0016",         "Of two numbers that may be years the last one is the year."),
    entry(DateTabIsNoDelimiter,        BOTH, "date.0018",         "HTAB does not separate tokens."),
    entry(DateHyphenIsNoDelimiter,     BOTH, "date.0004",         "A hyphen does not separate tokens."),
    entry(DateUnderscoreIsNoDelimiter, BOTH, "date.0025",         "An underscore does not separate tokens, as with the regular expression `\\W`."),
    entry(DateSlashIsNoDelimiter,      BOTH, "date.0020",         "A slash does not separate tokens: a half-open range up to 2F, as Servo once had."),
    entry(DateSemicolonIsNoDelimiter,  BOTH, "date.0021",         "A semicolon does not separate tokens: the range begins one too late."),
    entry(DateDeleteIsDelimiter,       BOTH, "date.0026",         "DELETE separates tokens: the last range ends one too late."),
    entry(DateControlIsDelimiter,      BOTH, "date.0030",         "Control characters separate tokens."),
    entry(DateHighOctetIsDelimiter,    BOTH, "date.0027",         "Octets from 80 on separate tokens."),

    // Time.
    entry(DateSecondsOptional,         BOTH, "date.0088",         "A time may lack its seconds."),
    entry(DateTimeNeedsTwoDigits,      BOTH, "date.0080",         "Hours, minutes and seconds need two digits."),
    entry(DateTailOfTimeRefused,       BOTH, "date.0085",         "A time must end with its seconds; the grammar allows a non-digit and anything after them."),
    entry(DateTailRequired,            BOTH, "date.0001",         "A time needs another character after it: RFC 6265 without erratum 4148."),
    entry(DateAfternoonRead,           BOTH, "date.0084",         "`pm` after the time is applied."),
    entry(DateInvalidTimeSkipped,      BOTH, "date.0099",         "A time out of range, such as 24:00:00, is skipped, and the next one is used."),

    // Day, month and year.
    entry(DateDayNeedsTwoDigits,       BOTH, "date.0035",         "A day needs two digits."),
    entry(DateDayOfThreeDigits,        BOTH, "date.0037",         "A day may have three digits."),
    entry(DateTailOfDayRefused,        BOTH, "date.0036",         "A day may have nothing after it: `9th` is not recognized."),
    entry(DateMonthCaseSensitive,      BOTH, "date.0050",         "A month is recognized in one spelling only."),
    entry(DateMonthOfThreeLettersOnly, BOTH, "date.0052",         "A month must have three letters: `June` is not recognized."),
    entry(DateMonthInFullOnly,         BOTH, "date.0001",         "A month must be written out: `Jun` is not recognized."),
    entry(DateMonthInsideWord,         BOTH, "date.0056",         "A month is recognized anywhere in a word."),
    entry(DateMonthAsNumber,           BOTH, "date.0058",         "A number from 1 to 12 may be the month."),
    entry(DateYearOfOneDigit,          BOTH, "date.0076",         "A year may have one digit."),
    entry(DateTailOfYearRefused,       BOTH, "date.0077",         "A year may have nothing after it."),
    entry(DateYearCutAtFourDigits,     BOTH, "date.0075",         "A year is its first four digits, whatever follows."),
    entry(DateWindowFromSixtyNine,     BOTH, "date.0063",         "69 is 1969, as in POSIX."),
    entry(DateWindowFromSeventyOne,    BOTH, "date.0064",         "70 is 2070: `>` for `>=`."),
    entry(DateWindowMissing,           BOTH, "date.0002",         "A year of two digits is used as it is: 21 is the year 21."),
];
