//! The Cookie field as a server reads it.

use super::{BOTH, Entry, RFC6265BIS, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // Reading the Cookie field.
    entry(FieldFirstLineOnly,          RFC6265BIS, "cookie-header.0032", "Only the first of several field lines is read."),
    entry(FieldLinesJoinedByComma,     BOTH,       "cookie-header.0034", "Several field lines are joined with a comma, as those of other fields are."),
    entry(FieldQuotesProtectSemicolon, BOTH,       "cookie-header.0051", "A `;` after a quote belongs to the value, even if the quote is never closed; `headers` 0.4 does this."),
    entry(FieldParenthesisIsComment,   BOTH,       "cookie-header.0018", "A parenthesis begins a comment, as in other fields of HTTP."),
    entry(FieldSemicolonNeedsBlank,    BOTH,       "cookie-header.0040", "Pairs are split at `; ` only, and not at a `;` without a blank."),
    entry(FieldCommaSeparates,         BOTH,       "cookie-header.0049", "A comma separates pairs, as in RFC 2965; Perl's Mojolicious and WebOb do this."),
    entry(FieldAmpersandSeparates,     BOTH,       "cookie-header.0019", "An ampersand separates pairs, as in a form."),
    entry(FieldOneBlankTrimmed,        BOTH,       "cookie-header.0041", "One blank is removed before a pair, and no more."),
    entry(FieldLastEqualsSplits,       BOTH,       "cookie-header.0005", "A pair is split at its last `=`."),
    entry(FieldSecondEqualsEndsValue,  BOTH,       "cookie-header.0006", "The second `=` ends the value, so that Base64 loses its padding."),
    entry(FieldEmptyPairsKept,         BOTH,       "cookie-header.0043", "An empty pair is reported as a cookie."),
    entry(FieldNameLowerCased,         BOTH,       "cookie-header.0012", "Names are lower-cased."),
    entry(FieldNameDotsReplaced,       BOTH,       "cookie-header.0013", "Dots and blanks in names become underscores; PHP does this."),
    entry(FieldValueUnquoted,          BOTH,       "cookie-header.0023", "Quotes around a value are removed."),
    entry(FieldValueDecoded,           BOTH,       "cookie-header.0025", "Percent sequences are decoded."),
    entry(FieldValueFormDecoded,       BOTH,       "cookie-header.0026", "A `+` becomes a blank; Ruby's Rack does this."),
    entry(FieldValueCutAtFourThousand, BOTH,       "cookie-header.0021", "A value is cut off after 4000 octets."),
    entry(FieldLostToBareWord,         BOTH,       "cookie-header.0047", "A pair without `=` makes the reader ignore all cookies; `biscotti` 0.4 does this."),
    entry(FieldLostToBadName,          BOTH,       "cookie-header.0048", "A name that is not a token makes the reader ignore all cookies; Python's `http.cookies` does this."),
    entry(FieldLostToBadValue,         BOTH,       "cookie-header.0050", "A value outside of the grammar makes the reader ignore all cookies; Python's `http.cookies` does this."),
    entry(FieldLostToNonUtf8,          BOTH,       "cookie-header.0058", "A value that is not UTF-8 makes the reader ignore all cookies."),
    entry(FieldLostToControl,          BOTH,       "cookie-header.0059", "A control character makes the reader ignore all cookies."),
    entry(FieldEndsAtBadName,          BOTH,       "cookie-header.0048", "Nothing is read after a name that is not a token; hapi does this."),
    entry(FieldEndsAtNonAscii,         BOTH,       "cookie-header.0057", "Nothing is read after an octet that is not ASCII."),
    entry(FieldFirstOfNameOnly,        BOTH,       "cookie-header.0028", "Of two cookies with one name only the first is reported; the Node.js parsers do this."),
    entry(FieldLastOfNameOnly,         BOTH,       "cookie-header.0028", "Of two cookies with one name only the last is reported; Django does this."),
    entry(FieldNamesIgnoreCase,        BOTH,       "cookie-header.0012", "Of two cookies whose names differ in case only the first is reported."),
    entry(FieldDollarNamesSkipped,     BOTH,       "cookie-header.0009", "Names that begin with `$` are skipped, as in RFC 2965."),
    entry(FieldAttributeNamesSkipped,  BOTH,       "cookie-header.0010", "Cookies with the name of an attribute are skipped."),
    entry(FieldEmptyValuesSkipped,     BOTH,       "cookie-header.0003", "Empty values are skipped."),
    entry(FieldNumbersSkipped,         BOTH,       "cookie-header.0014", "Names that are numbers are skipped, where they become array indices."),
    entry(FieldPrototypeSkipped,       BOTH,       "cookie-header.0015", "A cookie named `__proto__` is skipped; `cookie-parser` does this."),
    entry(FieldLimitedToTwenty,        BOTH,       "cookie-header.0020", "Nothing is read after the twentieth pair."),
];
