//! The attributes.

/// Adds these faults to the table, and hands it on to the next part.
macro_rules! attribute_faults {
    ($next:ident $(, $later:ident)* => $($row:tt)*) => {
        $next! { $($later),* => $($row)*
            // The list.
            CommaSeparatesAttributes,          BOTH, "set-cookie.lifetime.0053",   "A comma ends an attribute, so that Expires keeps its weekday alone.";
            AttributesEndAtEmptyOne,           BOTH, "set-cookie.attributes.0014", "Nothing is read behind an empty attribute.";
            AttributesEndAtHundredth,          BOTH, "set-cookie.attributes.0030", "Nothing is read behind the hundredth attribute.";
            AttributeNameUntrimmed,            BOTH, "set-cookie.attributes.0010", "One blank is removed before an attribute's name, and no other.";
            AttributeValueUntrimmed,           BOTH, "set-cookie.attributes.0033", "Blanks around an attribute's value are kept.";
            AttributeTooLongLosesCookie,       BIS,  "set-cookie.size.0024",       "An attribute of more than 1024 octets loses the cookie, and not just itself.";
            AttributeTooLongErasesPath,        BIS,  "set-cookie.size.0020",       "A Path of more than 1024 octets counts as an empty one, and beats the Path before it.";
            SecureWithValueIgnored,            BOTH, "set-cookie.attributes.0005", "Secure with a value, even an empty one, is no Secure.";
            SecureFalseUnset,                  BOTH, "set-cookie.attributes.0004", "Secure=false is read as its opposite.";
            HttpOnlyZeroUnset,                 BOTH, "set-cookie.attributes.0006", "HttpOnly=0 is read as its opposite.";
            SameSiteKnownToOldProfile,         OLD,  "jar.same-site.0012",         "RFC 6265 is taken to know SameSite.";
            AttributeUnknownLosesCookie,       BOTH, "set-cookie.attributes.0016", "An attribute nobody knows loses the cookie.";
            AttributeNameCaseSensitive,        BOTH, "set-cookie.attributes.0007", "Attribute names are known in two spellings alone, `Secure` and `secure`.";
            AttributeNameByPrefix,             BOTH, "set-cookie.attributes.0019", "An attribute is known by how its name begins.";
            AttributeNameFoldedByUnicode,      BOTH, "set-cookie.attributes.0025", "Names are folded as Unicode has it: the long s becomes an s.";
            AttributeNameFoldedInTurkish,      BOTH, "set-cookie.attributes.0027", "Names are lower-cased in a Turkish locale, where `I` does not become `i`.";
            AttributeNameWithoutHyphens,       BOTH, "set-cookie.attributes.0023", "Hyphens and blanks in names do not count: `Http-Only` is HttpOnly.";

            // 1024 octets.
            AttributeLimitMissing,             BIS,  "set-cookie.size.0034",       "Attributes may be of any length.";
            AttributeLimitOneLess,             BIS,  "set-cookie.size.0018",       "1024 octets are one too many: `<` for `<=`.";
            AttributeLimitOneMore,             BIS,  "set-cookie.size.0019",       "1025 octets are not too many: `<=` for `<`.";
            AttributeLimitCountsBlanks,        BIS,  "set-cookie.size.0021",       "Blanks count towards the 1024 octets that trimming removes.";
            AttributeLimitCountsName,          BIS,  "set-cookie.size.0035",       "The attribute's name counts towards the 1024 octets.";
            AttributeLimitOnPathAndDomainOnly, BIS,  "set-cookie.size.0030",       "The limit of 1024 octets holds for Path and Domain alone.";
            AttributeLimitInOldProfile,        OLD,  "set-cookie.size.0019",       "RFC 6265 is taken to have the limit of 1024 octets.";

            // Expires and Max-Age, taken or left.
            ExpiresUnixTimeAccepted,           BOTH, "set-cookie.lifetime.0062",   "Expires may be a number of seconds.";
            ExpiresZeroDeletes,                BOTH, "set-cookie.lifetime.0060",   "Expires=0 deletes, as many a server hopes.";
            ExpiresUnparsableDeletes,          BOTH, "set-cookie.lifetime.0059",   "An Expires that is no date lies in the past.";
            ExpiresIgnored,                    BOTH, "set-cookie.lifetime.0051",   "Expires is not known.";
            ExpiresInvalidLosesCookie,         BOTH, "set-cookie.lifetime.0059",   "An Expires that is no date loses the cookie.";
            ExpiresInvalidErasesEarlier,       BOTH, "set-cookie.lifetime.0068",   "An Expires that is no date undoes the one before it.";
            MaxAgeIgnored,                     BOTH, "set-cookie.lifetime.0001",   "Max-Age is not known, as before RFC 2109.";
            MaxAgeInvalidLosesCookie,          BOTH, "set-cookie.lifetime.0021",   "A Max-Age that is no number loses the cookie.";
            MaxAgeInvalidErasesEarlier,        BOTH, "set-cookie.lifetime.0033",   "A Max-Age that is no number undoes the one before it.";

            // Domain.
            DomainEmptyIgnored,                BIS,  "set-cookie.attributes.0059", "An empty Domain is no Domain, as RFC 6265 has it, so that an earlier one stays.";
            DomainEmptyWinsInOldProfile,       OLD,  "set-cookie.attributes.0059", "RFC 6265 is taken to let an empty Domain win.";
            DomainDotKept,                     BOTH, "jar.update.0009",            "The leading dot is kept, so that `.site.example` and `site.example` are two domains.";
            DomainNeedsDot,                    BOTH, "jar.domain.0003",            "A Domain without a leading dot is ignored, as RFC 2109 had it.";
            DomainAllDotsStripped,             BOTH, "jar.domain.0007",            "All leading dots are removed, not just one.";
            DomainTrailingDotCut,              BOTH, "jar.domain.0009",            "A trailing dot is removed from Domain.";
            DomainPortCut,                     BOTH, "jar.domain.0023",            "A port is removed from Domain.";
            DomainUnquoted,                    BOTH, "jar.domain.0028",            "Quotes around Domain are removed.";
            DomainDecoded,                     BOTH, "jar.domain.0029",            "Percent sequences in Domain are decoded, as layered-cookies does.";
            DomainWildcardCut,                 BOTH, "jar.domain.0026",            "`*.` is removed from Domain, as if it were a pattern.";
            DomainCaseKept,                    BOTH, "jar.domain.0011",            "Domain is compared as it is written.";

            // Path.
            PathUnquoted,                      BOTH, "set-cookie.attributes.0046", "Quotes around Path are removed.";
            PathInvalidKeepsEarlier,           BOTH, "set-cookie.attributes.0049", "A Path without `/` is ignored, and an earlier one stays, as in layered-cookies; `cookie` 0.18 does.";
            PathRelativeKept,                  BOTH, "jar.path.0029",              "A Path without `/` is kept as it is, and matches nothing.";
            PathRelativeGetsSlash,             BOTH, "set-cookie.attributes.0043", "A Path without `/` is given one.";
            PathEmptyIsRoot,                   BOTH, "set-cookie.attributes.0044", "An empty Path is the root, and not the default-path.";
            PathDecoded,                       BOTH, "set-cookie.attributes.0036", "Percent sequences in Path are decoded.";
            PathDotsRemoved,                   BOTH, "set-cookie.attributes.0037", "Dot segments are removed from Path, as from a URL.";
            PathQueryCut,                      BOTH, "set-cookie.attributes.0038", "Path ends at `?` or `#`, as in a URL.";
            PathLowerCased,                    BOTH, "set-cookie.attributes.0032", "Path is lower-cased.";
            PathTrailingSlashCut,              BOTH, "set-cookie.attributes.0039", "A trailing slash is removed from Path.";
            PathEndsAtBlank,                   BOTH, "set-cookie.attributes.0034", "Path ends at its first blank.";

            // SameSite.
            SameSiteUnquoted,                  BIS,  "set-cookie.attributes.0075", "Quotes around the value of SameSite are removed.";
            SameSiteCaseSensitive,             BIS,  "set-cookie.attributes.0070", "SameSite values are known in one spelling alone.";
            SameSiteByPrefix,                  BIS,  "set-cookie.attributes.0076", "A SameSite value is known by how it begins.";
            SameSiteNoneIsStrict,              BIS,  "set-cookie.attributes.0069", "None is read as Strict, as Safari 12 read every value it did not know.";
            SameSiteNoneUnknown,               BIS,  "set-cookie.attributes.0069", "None is not known, as in the first drafts.";
            SameSiteUnknownKeepsEarlier,       BIS,  "set-cookie.attributes.0079", "An unknown value is ignored, and an earlier one stays, as in layered-cookies.";
            SameSiteUnknownIsStrict,           BIS,  "set-cookie.attributes.0072", "An unknown value is taken for Strict, to be on the safe side.";
            SameSiteUnknownIsNone,             BIS,  "set-cookie.attributes.0072", "An unknown value is taken for None.";
        }
    };
}
pub(crate) use attribute_faults;
