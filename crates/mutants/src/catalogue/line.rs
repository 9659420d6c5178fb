//! The field line up to its first `;`: trimming, control characters, name and value.

use super::{BOTH, Entry, RFC6265, RFC6265BIS, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // Trimming.
    entry(TrimMissing,                     BOTH,       "set-cookie.pair.0022",       "Blanks around names and values are kept."),
    entry(TrimOfUnicodeSpace,              BOTH,       "set-cookie.pair.0029",       "Everything that Unicode calls white space is trimmed, as by `str::trim`; `cookie` 0.18 does this."),
    entry(TrimAtStartOnly,                 BOTH,       "set-cookie.pair.0022",       "Blanks are removed at the start and kept at the end."),
    entry(TrimLeavesTabs,                  BOTH,       "set-cookie.pair.0026",       "SP is trimmed and HTAB is not."),
    entry(TrimOfVerticalSpace,             RFC6265,    "set-cookie.pair.0031",       "Vertical tab and form feed are trimmed, as by C's `isspace`."),
    entry(TrimOfNoBreakSpace,              BOTH,       "set-cookie.pair.0027",       "A no-break space (A0) is trimmed."),
    entry(TrimOfJavaScript,                BOTH,       "set-cookie.pair.0027",       "What JavaScript's `String.prototype.trim` removes is trimmed from octets read as Latin-1; `tough-cookie` 6.1 does this."),
    entry(TrimOfJavaScriptInUtf8,          BOTH,       "set-cookie.pair.0030",       "What JavaScript's `String.prototype.trim` removes is trimmed from octets read as UTF-8, a byte order mark included."),

    // One cookie in each line.
    entry(CommaSeparatesCookies,           BOTH,       "set-cookie.pair.0058",       "Every comma ends a cookie, as if several field lines had been folded into one."),
    entry(CommaBeforePairSeparatesCookies, BOTH,       "set-cookie.pair.0058",       "A comma followed by something like `name=` begins another cookie: the usual workaround for folded lines."),
    entry(EmptyPairStored,                 RFC6265BIS, "jar.pair.0038",              "A cookie with neither name nor value is stored."),
    entry(FlagsFoundAnywhere,              BOTH,       "set-cookie.attributes.0024", "Secure and HttpOnly are searched for in the complete line, so that a value sets them."),

    // Octets and control characters.
    entry(LineCutAtNul,                    RFC6265BIS, "set-cookie.pair.0047",       "The line ends at a NUL, as a C string does."),
    entry(LineCutAtLineBreak,              RFC6265BIS, "set-cookie.pair.0044",       "The line ends at a line break, and what stands before it is stored."),
    entry(LineReadAsLossyUtf8,             BOTH,       "set-cookie.pair.0069",       "Octets that are not UTF-8 become U+FFFD."),
    entry(LineReadAsLatin1,                BOTH,       "set-cookie.pair.0067",       "Octets are read as Latin-1 and written back as UTF-8."),
    entry(LineMustBeUtf8,                  BOTH,       "set-cookie.pair.0069",       "A line that is not UTF-8 is ignored."),
    entry(LineTrimmedOfControls,           BOTH,       "set-cookie.pair.0033",       "Everything up to SP is trimmed from the line, as Java's `String.trim` does."),
    entry(LineBreakChomped,                RFC6265BIS, "set-cookie.pair.0046",       "One line break at the end is removed before control characters are looked for."),
    entry(ControlsIncludeTab,              RFC6265BIS, "set-cookie.pair.0025",       "HTAB counts as a control character."),
    entry(ControlsAccepted,                RFC6265BIS, "set-cookie.pair.0034",       "Control characters are accepted; `cookie` 0.18 does this."),
    entry(ControlsWithoutDelete,           RFC6265BIS, "set-cookie.pair.0042",       "DELETE (7F) does not count as a control character."),
    entry(ControlsIncludeC1,               BOTH,       "set-cookie.pair.0028",       "80 to 9F count as control characters, although they are part of UTF-8 sequences."),
    entry(ControlsBySignedOctets,          BOTH,       "set-cookie.pair.0067",       "Octets from 80 on are refused: where `char` is signed they are negative, and so less than SP."),
    entry(ControlsCheckedInPairOnly,       RFC6265BIS, "set-cookie.pair.0037",       "Control characters are looked for in name and value, not in the attributes."),
    entry(ControlsAreLineBreaksAndNul,     RFC6265BIS, "set-cookie.pair.0034",       "Only NUL, CR and LF count as control characters."),
    entry(ControlsRefusedByOldProfile,     RFC6265,    "set-cookie.pair.0034",       "Control characters are refused under RFC 6265 as well."),

    // Where the pair ends.
    entry(BackslashProtectsSemicolon,      BOTH,       "set-cookie.pair.0054",       "A `;` after a backslash belongs to the value."),
    entry(QuotesProtectSemicolon,          BOTH,       "set-cookie.pair.0053",       "A `;` between double quotes belongs to the value, as in RFC 2109."),
    entry(SemicolonNeedsBlank,             BOTH,       "set-cookie.attributes.0009", "The line is split at `; ` only, and not at a `;` without a blank."),
    entry(BlankSeparatesAttributes,        BOTH,       "set-cookie.attributes.0024", "A blank ends a value as a `;` does, so that a word in the value is an attribute; Python's `http.cookies` does this."),

    // Name and value.
    entry(LastEqualsSplits,                BOTH,       "set-cookie.pair.0003",       "The pair is split at its last `=`."),
    entry(SecondEqualsEndsValue,           BOTH,       "set-cookie.pair.0004",       "The pair is split at every `=` and two parts are kept, so that Base64 loses its padding."),
    entry(BareWordIsName,                  BOTH,       "set-cookie.pair.0007",       "A word without `=` is a name with an empty value, and not a value without a name."),
    entry(BareWordIgnored,                 RFC6265BIS, "set-cookie.pair.0007",       "A word without `=` is ignored, as in RFC 6265."),
    entry(NamelessStoredByOldProfile,      RFC6265,    "set-cookie.pair.0009",       "Cookies without a name are kept under RFC 6265 as well."),
    entry(EmptyNameIgnored,                RFC6265BIS, "set-cookie.pair.0009",       "A pair with nothing before its `=` is ignored."),
    entry(EmptyValueIgnored,               BOTH,       "set-cookie.pair.0019",       "A pair with nothing after its `=` is ignored."),
    entry(NameMustBeToken,                 BOTH,       "set-cookie.pair.0064",       "A cookie whose name is not a token is ignored, as if the grammar for servers were one for user agents."),
    entry(NameWithDollarIgnored,           BOTH,       "set-cookie.pair.0075",       "A cookie whose name begins with `$` is ignored, as in RFC 2965."),
    entry(NameOfAttributeRefused,          BOTH,       "set-cookie.pair.0073",       "A cookie with the name of an attribute is ignored, as in RFC 2109."),
    entry(NameOfPrototypeLost,             BOTH,       "set-cookie.pair.0076",       "A cookie named `__proto__` gets lost in a JavaScript object."),
    entry(NameLowerCased,                  BOTH,       "set-cookie.pair.0072",       "Names are lower-cased, as if they were names of header fields."),
    entry(NameDecoded,                     BOTH,       "set-cookie.pair.0061",       "Percent sequences in the name are decoded."),
    entry(NameUnquoted,                    BOTH,       "set-cookie.pair.0066",       "Quotes around the name are removed."),
    entry(NamePrefixStripped,              BOTH,       "jar.prefix.0013",            "`__Host-` and `__Secure-` are cut off, so that two names become one; `cookie-monster` 0.2 does this."),
    entry(ValueMustBeCookieOctets,         BOTH,       "set-cookie.pair.0023",       "A cookie whose value does not consist of cookie-octets is ignored."),
    entry(ValueUnquoted,                   BOTH,       "set-cookie.pair.0049",       "Quotes around the value are removed."),
    entry(ValueStrippedOfQuotes,           BOTH,       "set-cookie.pair.0051",       "Every double quote is removed from the value."),
    entry(ValueUnescaped,                  BOTH,       "set-cookie.pair.0055",       "Backslash sequences between quotes are decoded; Python's `http.cookies` does this."),
    entry(ValueDecoded,                    BOTH,       "set-cookie.pair.0060",       "Percent sequences in the value are decoded, which 6265bis forbids."),
    entry(ValueFormDecoded,                BOTH,       "set-cookie.pair.0063",       "A `+` in the value becomes a blank, as in a form."),
    entry(ValueEndsAtBlank,                BOTH,       "set-cookie.pair.0023",       "The value ends at its first blank."),

    // The limit of 4096 octets for name and value.
    entry(PairLimitMissing,                RFC6265BIS, "set-cookie.size.0002",       "Name and value may be of any length."),
    entry(PairLimitCountsEquals,           RFC6265BIS, "set-cookie.size.0007",       "The `=` counts towards the 4096 octets."),
    entry(PairLimitCountsAttributes,       RFC6265BIS, "set-cookie.size.0015",       "The complete line counts towards the 4096 octets, as in section 6.1 of RFC 6265."),
    entry(PairLimitCountsBlanks,           RFC6265BIS, "set-cookie.size.0010",       "Blanks that trimming removes count towards the 4096 octets."),
    entry(PairLimitCountsCharacters,       RFC6265BIS, "set-cookie.size.0013",       "Characters are counted instead of octets."),
    entry(PairLimitCountsValueOnly,        RFC6265BIS, "set-cookie.size.0003",       "The name does not count towards the 4096 octets."),
    entry(PairLimitOneLess,                RFC6265BIS, "set-cookie.size.0001",       "4096 octets are refused: `<` for `<=`."),
    entry(PairLimitOneMore,                RFC6265BIS, "set-cookie.size.0002",       "4097 octets are accepted: `<=` for `<`."),
];
