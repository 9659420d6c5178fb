//! The attributes of a Set-Cookie line: their names, values and limits, and which of several wins.

use super::{BOTH, Entry, RFC6265, RFC6265BIS, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // The list of attributes and their names.
    entry(CommaSeparatesAttributes,          BOTH,       "set-cookie.lifetime.0053",   "A comma ends an attribute, so that only the weekday is left of Expires."),
    entry(AttributesEndAtEmptyOne,           BOTH,       "set-cookie.attributes.0014", "Nothing is read after an empty attribute."),
    entry(AttributesEndAtHundredth,          BOTH,       "set-cookie.attributes.0030", "Nothing is read after the hundredth attribute."),
    entry(AttributeNameUntrimmed,            BOTH,       "set-cookie.attributes.0010", "One blank is removed before an attribute's name, and no more."),
    entry(AttributeValueUntrimmed,           BOTH,       "set-cookie.attributes.0033", "Blanks around an attribute's value are kept."),
    entry(AttributeTooLongLosesCookie,       RFC6265BIS, "set-cookie.size.0024",       "A cookie with an attribute of more than 1024 octets is ignored, and not only the attribute."),
    entry(AttributeTooLongErasesPath,        RFC6265BIS, "set-cookie.size.0020",       "A Path of more than 1024 octets counts as an empty one, and replaces the Path before it."),
    entry(SecureWithValueIgnored,            BOTH,       "set-cookie.attributes.0005", "Secure with a value, even an empty one, is ignored."),
    entry(SecureFalseUnset,                  BOTH,       "set-cookie.attributes.0004", "`Secure=false` does not set the flag."),
    entry(HttpOnlyZeroUnset,                 BOTH,       "set-cookie.attributes.0006", "`HttpOnly=0` does not set the flag."),
    entry(SameSiteKnownToOldProfile,         RFC6265,    "jar.same-site.0012",         "SameSite is enforced under RFC 6265 as well."),
    entry(AttributeUnknownLosesCookie,       BOTH,       "set-cookie.attributes.0016", "A cookie with an unknown attribute is ignored."),
    entry(AttributeNameCaseSensitive,        BOTH,       "set-cookie.attributes.0007", "Attribute names are recognized in two spellings only, such as `Secure` and `secure`."),
    entry(AttributeNameByPrefix,             BOTH,       "set-cookie.attributes.0019", "An attribute is recognized by the beginning of its name."),
    entry(AttributeNameFoldedByUnicode,      BOTH,       "set-cookie.attributes.0025", "Attribute names are case-folded by the rules of Unicode: the long s becomes an s."),
    entry(AttributeNameFoldedInTurkish,      BOTH,       "set-cookie.attributes.0027", "Attribute names are lower-cased in a Turkish locale, where `I` does not become `i`."),
    entry(AttributeNameWithoutHyphens,       BOTH,       "set-cookie.attributes.0023", "Hyphens and blanks in attribute names are skipped: `Http-Only` is HttpOnly."),

    // The limit of 1024 octets for a value.
    entry(AttributeLimitMissing,             RFC6265BIS, "set-cookie.size.0034",       "Attribute values may have any length."),
    entry(AttributeLimitOneLess,             RFC6265BIS, "set-cookie.size.0018",       "1024 octets are refused: `<` for `<=`."),
    entry(AttributeLimitOneMore,             RFC6265BIS, "set-cookie.size.0019",       "1025 octets are accepted: `<=` for `<`."),
    entry(AttributeLimitCountsBlanks,        RFC6265BIS, "set-cookie.size.0021",       "Blanks that trimming removes count towards the 1024 octets."),
    entry(AttributeLimitCountsName,          RFC6265BIS, "set-cookie.size.0035",       "The attribute's name counts towards the 1024 octets."),
    entry(AttributeLimitOnPathAndDomainOnly, RFC6265BIS, "set-cookie.size.0030",       "The limit of 1024 octets applies to Path and Domain only."),
    entry(AttributeLimitInOldProfile,        RFC6265,    "set-cookie.size.0019",       "The limit of 1024 octets applies under RFC 6265 as well."),

    // Repeated attributes: the first one wins, where the last one should.
    entry(MaxAgeFirstWins,                   BOTH,       "set-cookie.lifetime.0031",   "Of several Max-Age attributes the first one wins."),
    entry(ExpiresFirstWins,                  BOTH,       "set-cookie.lifetime.0066",   "Of several Expires attributes the first one wins."),
    entry(DomainFirstWins,                   BOTH,       "set-cookie.attributes.0060", "Of several Domain attributes the first one wins."),
    entry(PathFirstWins,                     BOTH,       "set-cookie.attributes.0047", "Of several Path attributes the first one wins."),
    entry(SameSiteFirstWins,                 RFC6265BIS, "set-cookie.attributes.0078", "Of several SameSite attributes the first one wins."),

    // Expires and Max-Age: whether they are used.
    entry(ExpiresUnixTimeAccepted,           BOTH,       "set-cookie.lifetime.0062",   "Expires may be a number of seconds since 1970."),
    entry(ExpiresZeroDeletes,                BOTH,       "set-cookie.lifetime.0060",   "`Expires=0` deletes the cookie, as some servers expect."),
    entry(ExpiresUnparsableDeletes,          BOTH,       "set-cookie.lifetime.0059",   "An Expires that is not a date counts as one in the past."),
    entry(ExpiresIgnored,                    BOTH,       "set-cookie.lifetime.0051",   "Expires is ignored."),
    entry(ExpiresInvalidLosesCookie,         BOTH,       "set-cookie.lifetime.0059",   "A cookie with an Expires that is not a date is ignored."),
    entry(ExpiresInvalidErasesEarlier,       BOTH,       "set-cookie.lifetime.0068",   "An Expires that is not a date cancels the one before it."),
    entry(MaxAgeIgnored,                     BOTH,       "set-cookie.lifetime.0001",   "Max-Age is ignored, as before RFC 2109."),
    entry(MaxAgeInvalidLosesCookie,          BOTH,       "set-cookie.lifetime.0021",   "A cookie with a Max-Age that is not a number is ignored."),
    entry(MaxAgeInvalidErasesEarlier,        BOTH,       "set-cookie.lifetime.0033",   "A Max-Age that is not a number cancels the one before it."),

    // Domain.
    entry(DomainEmptyIgnored,                RFC6265BIS, "set-cookie.attributes.0059", "An empty Domain is ignored, as in RFC 6265, so that an earlier one stays."),
    entry(DomainEmptyWinsInOldProfile,       RFC6265,    "set-cookie.attributes.0059", "An empty Domain replaces an earlier one under RFC 6265 as well."),
    entry(DomainDotKept,                     BOTH,       "jar.update.0009",            "The leading dot is kept, so that `.site.example` and `site.example` are two domains."),
    entry(DomainNeedsDot,                    BOTH,       "jar.domain.0003",            "A Domain without a leading dot is ignored, as in RFC 2109."),
    entry(DomainAllDotsStripped,             BOTH,       "jar.domain.0007",            "All leading dots are removed, not only one."),
    entry(DomainTrailingDotCut,              BOTH,       "jar.domain.0009",            "A trailing dot is removed from Domain."),
    entry(DomainPortCut,                     BOTH,       "jar.domain.0023",            "A port is removed from Domain."),
    entry(DomainUnquoted,                    BOTH,       "jar.domain.0028",            "Quotes around Domain are removed."),
    entry(DomainDecoded,                     BOTH,       "jar.domain.0029",            "Percent sequences in Domain are decoded, as in layered-cookies."),
    entry(DomainWildcardCut,                 BOTH,       "jar.domain.0026",            "`*.` is removed from Domain, as if it were a pattern."),
    entry(DomainCaseKept,                    BOTH,       "jar.domain.0011",            "Domain is compared as it is written, without lower-casing."),

    // Path.
    entry(PathUnquoted,                      BOTH,       "set-cookie.attributes.0046", "Quotes around Path are removed."),
    entry(PathInvalidKeepsEarlier,           BOTH,       "set-cookie.attributes.0049", "A Path without a leading `/` is ignored, and an earlier one stays, as in layered-cookies; `cookie` 0.18 does this."),
    entry(PathRelativeKept,                  BOTH,       "jar.path.0029",              "A Path without a leading `/` is kept as it is, and matches nothing."),
    entry(PathRelativeGetsSlash,             BOTH,       "set-cookie.attributes.0043", "A Path without a leading `/` is given one."),
    entry(PathEmptyIsRoot,                   BOTH,       "set-cookie.attributes.0044", "An empty Path is the root instead of the default-path."),
    entry(PathDecoded,                       BOTH,       "set-cookie.attributes.0036", "Percent sequences in Path are decoded."),
    entry(PathDotsRemoved,                   BOTH,       "set-cookie.attributes.0037", "Dot segments are removed from Path, as from a URL."),
    entry(PathQueryCut,                      BOTH,       "set-cookie.attributes.0038", "Path ends at `?` or `#`, as in a URL."),
    entry(PathLowerCased,                    BOTH,       "set-cookie.attributes.0032", "Path is lower-cased."),
    entry(PathTrailingSlashCut,              BOTH,       "set-cookie.attributes.0039", "A trailing slash is removed from Path."),
    entry(PathEndsAtBlank,                   BOTH,       "set-cookie.attributes.0034", "Path ends at its first blank."),

    // SameSite.
    entry(SameSiteUnquoted,                  RFC6265BIS, "set-cookie.attributes.0075", "Quotes around the value of SameSite are removed."),
    entry(SameSiteCaseSensitive,             RFC6265BIS, "set-cookie.attributes.0070", "SameSite values are recognized in one spelling only."),
    entry(SameSiteByPrefix,                  RFC6265BIS, "set-cookie.attributes.0076", "A SameSite value is recognized by its beginning."),
    entry(SameSiteNoneIsStrict,              RFC6265BIS, "set-cookie.attributes.0069", "None is read as Strict; Safari 12 read every unknown value as Strict."),
    entry(SameSiteNoneUnknown,               RFC6265BIS, "set-cookie.attributes.0069", "None is an unknown value, as in the first drafts."),
    entry(SameSiteUnknownKeepsEarlier,       RFC6265BIS, "set-cookie.attributes.0079", "An unknown value is ignored, and an earlier one stays, as in layered-cookies."),
    entry(SameSiteUnknownIsStrict,           RFC6265BIS, "set-cookie.attributes.0072", "An unknown value is read as Strict, to be on the safe side."),
    entry(SameSiteUnknownIsNone,             RFC6265BIS, "set-cookie.attributes.0072", "An unknown value is read as None."),
];
