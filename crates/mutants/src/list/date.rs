//! Dates.

/// Adds these faults to the table, and hands it on to the next part.
macro_rules! date_faults {
    ($next:ident $(, $later:ident)* => $($row:tt)*) => {
        $next! { $($later),* => $($row)*
            // As a whole.
            DateNeedsGmt,                BOTH, "date.0014",         "A date must end with GMT, as `strptime` wants it.";
            DateNeedsWeekday,            BOTH, "date.0006",         "A date must begin with a weekday.";
            DateIsoAccepted,             BOTH, "date.0108",         "ISO 8601 is read, too.";
            DateFirstYearRefused,        BOTH, "date.0072",         "1601 is refused: `<=` for `<`.";
            DateAncientYearAccepted,     BOTH, "date.0071",         "Years before 1601 are accepted.";
            DateLeapSecondAccepted,      BOTH, "date.0098",         "Second 60 is accepted.";
            DateHourTwentyFourAccepted,  BOTH, "date.0096",         "Hour 24 is accepted.";
            DateRollsOver,               BOTH, "date.0043",         "31 April is 1 May, as for C's `mktime` and JavaScript's `Date`.";
            DateDayZeroAccepted,         BOTH, "date.0039",         "Day 0 is the day before the first.";
            DateWeekdayChecked,          BOTH, "date.0007",         "The weekday must be the right one.";
            DateZoneRead,                BOTH, "date.0015",         "A numeric zone is applied.";
            DateInThirtyTwoBits,         BOTH, "jar.lifetime.0048", "Seconds wrap in January 2038.";
            DateLeapYearEveryFour,       BOTH, "date.0048",         "Every fourth year has a 29 February, 2100 with it.";
            DateLeapCenturyForgotten,    BOTH, "date.0047",         "No century has a 29 February, 2000 with it.";

            // Tokens.
            DateLastTimeWins,            BOTH, "date.0099",         "Of two times the last counts.";
            DateLastDayWins,             BOTH, "date.0012",         "Of two numbers that may be days the last is the day.";
            DateLastMonthWins,           BOTH, "date.0059",         "Of two months the last counts.";
            DateLastYearWins,            BOTH, "date.0016",         "Of two numbers that may be years the last is the year.";
            DateTabIsNoDelimiter,        BOTH, "date.0018",         "HTAB does not separate tokens.";
            DateHyphenIsNoDelimiter,     BOTH, "date.0004",         "A hyphen does not separate tokens.";
            DateUnderscoreIsNoDelimiter, BOTH, "date.0025",         "An underscore does not separate tokens, as `\\W` has it.";
            DateSlashIsNoDelimiter,      BOTH, "date.0020",         "A slash does not separate tokens: a half-open range up to 2F, as Servo once had.";
            DateSemicolonIsNoDelimiter,  BOTH, "date.0021",         "A semicolon does not separate tokens: the range begins one too late.";
            DateDeleteIsDelimiter,       BOTH, "date.0026",         "DELETE separates tokens: the last range ends one too late.";
            DateControlIsDelimiter,      BOTH, "date.0030",         "Control characters separate tokens.";
            DateHighOctetIsDelimiter,    BOTH, "date.0027",         "Octets from 80 on separate tokens.";

            // Time.
            DateSecondsOptional,         BOTH, "date.0088",         "A time needs no seconds.";
            DateTimeNeedsTwoDigits,      BOTH, "date.0080",         "Hours, minutes and seconds need two digits.";
            DateTailOfTimeRefused,       BOTH, "date.0085",         "A time ends with its seconds: RFC 6265 without erratum 4148 read by half.";
            DateTailRequired,            BOTH, "date.0001",         "A time needs something behind it: RFC 6265 without erratum 4148.";
            DateAfternoonRead,           BOTH, "date.0084",         "`pm` behind the time is read.";
            DateInvalidTimeSkipped,      BOTH, "date.0099",         "A time that no clock shows is skipped, and the next one counts.";

            // Day, month and year.
            DateDayNeedsTwoDigits,       BOTH, "date.0035",         "A day needs two digits.";
            DateDayOfThreeDigits,        BOTH, "date.0037",         "A day may have three digits.";
            DateTailOfDayRefused,        BOTH, "date.0036",         "A day has nothing behind it: `9th` is none.";
            DateMonthCaseSensitive,      BOTH, "date.0050",         "A month is known in one spelling alone.";
            DateMonthOfThreeLettersOnly, BOTH, "date.0052",         "A month has three letters: `June` is none.";
            DateMonthInFullOnly,         BOTH, "date.0001",         "A month is written out: `Jun` is none.";
            DateMonthInsideWord,         BOTH, "date.0056",         "A month counts wherever it stands in a word.";
            DateMonthAsNumber,           BOTH, "date.0058",         "A number from 1 to 12 may be the month.";
            DateYearOfOneDigit,          BOTH, "date.0076",         "A year may have one digit.";
            DateTailOfYearRefused,       BOTH, "date.0077",         "A year has nothing behind it.";
            DateYearCutAtFourDigits,     BOTH, "date.0075",         "A year is four digits, whatever follows.";
            DateWindowFromSixtyNine,     BOTH, "date.0063",         "69 is 1969, as POSIX has it.";
            DateWindowFromSeventyOne,    BOTH, "date.0064",         "70 is 2070: `>` for `>=`.";
            DateWindowMissing,           BOTH, "date.0002",         "21 is the year 21.";
        }
    };
}
pub(crate) use date_faults;
