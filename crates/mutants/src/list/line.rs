//! The field line and its pair.

/// Adds these faults to the table, and hands it on to the next part.
macro_rules! line_faults {
    ($next:ident $(, $later:ident)* => $($row:tt)*) => {
        $next! { $($later),* => $($row)*
            // Trimming.
            TrimMissing,                     BOTH, "set-cookie.pair.0022",       "Blanks around names and values are kept.";
            TrimOfUnicodeSpace,              BOTH, "set-cookie.pair.0029",       "Everything Unicode calls white space is trimmed, as `str::trim` does; `cookie` 0.18 does.";
            TrimAtStartOnly,                 BOTH, "set-cookie.pair.0022",       "Blanks are removed in front and kept behind.";
            TrimLeavesTabs,                  BOTH, "set-cookie.pair.0026",       "Spaces are trimmed and HTAB is not.";
            TrimOfVerticalSpace,             OLD,  "set-cookie.pair.0031",       "Vertical tab and form feed are trimmed, as C's `isspace` has it.";
            TrimOfNoBreakSpace,              BOTH, "set-cookie.pair.0027",       "A no-break space (A0) is trimmed.";

            // One line, one cookie.
            CommaSeparatesCookies,           BOTH, "set-cookie.pair.0058",       "Every comma ends a cookie, as in field lines that were folded into one.";
            CommaBeforePairSeparatesCookies, BOTH, "set-cookie.pair.0058",       "A comma with something like `name=` behind it begins another cookie: the usual cure for folded lines.";
            EmptyPairStored,                 BIS,  "jar.pair.0038",              "A cookie with neither name nor value is stored.";
            FlagsFoundAnywhere,              BOTH, "set-cookie.attributes.0024", "Secure and HttpOnly are searched for in the whole line, so that a value sets them.";

            // Octets and controls.
            LineCutAtNul,                    BIS,  "set-cookie.pair.0047",       "The line ends at a NUL, as a C string does.";
            LineCutAtLineBreak,              BIS,  "set-cookie.pair.0044",       "The line ends at a line break, and what stands before it is a cookie.";
            LineReadAsLossyUtf8,             BOTH, "set-cookie.pair.0069",       "Octets that are not UTF-8 become U+FFFD.";
            LineReadAsLatin1,                BOTH, "set-cookie.pair.0067",       "Octets are read as Latin-1 and written back as UTF-8.";
            LineMustBeUtf8,                  BOTH, "set-cookie.pair.0069",       "A line that is not UTF-8 is ignored.";
            LineTrimmedOfControls,           BOTH, "set-cookie.pair.0033",       "Everything up to SP is trimmed from the line, as Java's `String.trim` does.";
            LineBreakChomped,                BIS,  "set-cookie.pair.0046",       "One line break at the end is removed before anyone looks for controls.";
            ControlsIncludeTab,              BIS,  "set-cookie.pair.0025",       "HTAB counts as a control character.";
            ControlsAccepted,                BIS,  "set-cookie.pair.0034",       "Control characters are accepted; `cookie` 0.18 does.";
            ControlsWithoutDelete,           BIS,  "set-cookie.pair.0042",       "DELETE (7F) does not count as a control character.";
            ControlsIncludeC1,               BOTH, "set-cookie.pair.0028",       "80 to 9F count as control characters, although they are parts of UTF-8.";
            ControlsBySignedOctets,          BOTH, "set-cookie.pair.0067",       "Every octet from 80 on is below zero, and so below SP, where `char` is signed.";
            ControlsCheckedInPairOnly,       BIS,  "set-cookie.pair.0037",       "Controls are looked for in name and value, not in the attributes.";
            ControlsAreLineBreaksAndNul,     BIS,  "set-cookie.pair.0034",       "Only NUL, CR and LF count as control characters.";
            ControlsRefusedByOldProfile,     OLD,  "set-cookie.pair.0034",       "RFC 6265 is taken to refuse control characters.";

            // Where the pair ends.
            BackslashProtectsSemicolon,      BOTH, "set-cookie.pair.0054",       "A backslash takes its meaning from a `;`.";
            QuotesProtectSemicolon,          BOTH, "set-cookie.pair.0053",       "A `;` between double quotes belongs to the value, as RFC 2109 had it.";
            SemicolonNeedsBlank,             BOTH, "set-cookie.attributes.0009", "The line is split at `; `, and a `;` alone splits nothing.";

            // Name and value.
            LastEqualsSplits,                BOTH, "set-cookie.pair.0003",       "The last `=` splits the pair.";
            SecondEqualsEndsValue,           BOTH, "set-cookie.pair.0004",       "The pair is split at every `=` and two parts are kept, so that Base64 loses its padding.";
            BareWordIsName,                  BOTH, "set-cookie.pair.0007",       "A word without `=` is a name with an empty value, and not a value without a name.";
            BareWordIgnored,                 BIS,  "set-cookie.pair.0007",       "A word without `=` is ignored, as RFC 6265 has it.";
            NamelessStoredByOldProfile,      OLD,  "set-cookie.pair.0009",       "RFC 6265 is taken to keep cookies without a name.";
            EmptyNameIgnored,                BIS,  "set-cookie.pair.0009",       "A pair with nothing before its `=` is ignored.";
            EmptyValueIgnored,               BOTH, "set-cookie.pair.0019",       "A pair with nothing behind its `=` is ignored.";
            NameMustBeToken,                 BOTH, "set-cookie.pair.0064",       "A name that is no token loses the cookie, as if the grammar were for user agents.";
            NameWithDollarIgnored,           BOTH, "set-cookie.pair.0075",       "A name that begins with `$` is one of RFC 2965 and ignored.";
            NameOfAttributeRefused,          BOTH, "set-cookie.pair.0073",       "A cookie may not be called like an attribute, as RFC 2109 had it.";
            NameOfPrototypeLost,             BOTH, "set-cookie.pair.0076",       "A cookie called `__proto__` gets lost in a JavaScript object.";
            NameLowerCased,                  BOTH, "set-cookie.pair.0072",       "Names are lower-cased, as names of header fields are.";
            NameDecoded,                     BOTH, "set-cookie.pair.0061",       "Percent sequences in the name are decoded.";
            NameUnquoted,                    BOTH, "set-cookie.pair.0066",       "Quotes around the name are removed.";
            NamePrefixStripped,              BOTH, "jar.prefix.0013",            "`__Host-` and `__Secure-` are cut off, so that two names become one; `cookie-monster` 0.2 does.";
            ValueMustBeCookieOctets,         BOTH, "set-cookie.pair.0023",       "A value that is not made of cookie-octets loses the cookie.";
            ValueUnquoted,                   BOTH, "set-cookie.pair.0049",       "Quotes around the value are removed.";
            ValueStrippedOfQuotes,           BOTH, "set-cookie.pair.0051",       "Every double quote is removed from the value.";
            ValueUnescaped,                  BOTH, "set-cookie.pair.0055",       "Backslash sequences between quotes are undone; Python's `http.cookies` does.";
            ValueDecoded,                    BOTH, "set-cookie.pair.0060",       "Percent sequences in the value are decoded, which 6265bis forbids.";
            ValueFormDecoded,                BOTH, "set-cookie.pair.0063",       "A `+` in the value becomes a blank, as in a form.";
            ValueEndsAtBlank,                BOTH, "set-cookie.pair.0023",       "The value ends at its first blank.";

            // 4096 octets.
            PairLimitMissing,                BIS,  "set-cookie.size.0002",       "Name and value may be of any length.";
            PairLimitCountsEquals,           BIS,  "set-cookie.size.0007",       "The `=` counts towards the 4096 octets.";
            PairLimitCountsAttributes,       BIS,  "set-cookie.size.0015",       "The whole line counts towards the 4096 octets, as RFC 6265 section 6.1 has it.";
            PairLimitCountsBlanks,           BIS,  "set-cookie.size.0010",       "Blanks count towards the 4096 octets that trimming removes.";
            PairLimitCountsCharacters,       BIS,  "set-cookie.size.0013",       "Characters are counted, not octets.";
            PairLimitCountsValueOnly,        BIS,  "set-cookie.size.0003",       "The name does not count towards the 4096 octets.";
            PairLimitOneLess,                BIS,  "set-cookie.size.0001",       "4096 octets are one too many: `<` for `<=`.";
            PairLimitOneMore,                BIS,  "set-cookie.size.0002",       "4097 octets are not too many: `<=` for `<`.";
        }
    };
}
pub(crate) use line_faults;
