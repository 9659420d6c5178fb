//! The rule that each mutant breaks: what the specifications say instead, and where.

use cookiespec_vectors::Profile;

use crate::mutant::Mutant::{self, *};

/// A rule of the specifications, in the words of this project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it says, as a clause without a full stop.
    pub text: &'static str,
    rfc6265: Option<Place>,
    rfc6265bis: Option<Place>,
}

/// A place in a specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The section.
    pub section: &'static str,
    /// The step in the section's algorithm, or a range of steps; empty if the place is no step.
    pub step: &'static str,
}

impl Rule {
    /// Where a profile says so; `None` if it says nothing of the kind.
    pub const fn place(&self, profile: Profile) -> Option<Place> {
        match profile {
            Profile::Rfc6265 => self.rfc6265,
            Profile::Rfc6265bis => self.rfc6265bis,
        }
    }
}

impl Mutant {
    /// The rule that it breaks.
    pub fn rule(self) -> &'static Rule {
        // Each row is about the mutants up to the next row.
        let after = RULES.partition_point(|(first, _)| *first <= self);
        &RULES[after.saturating_sub(1)].1
    }
}

const fn at(section: &'static str, step: &'static str) -> Option<Place> {
    Some(Place { section, step })
}

const fn rule(
    first: Mutant,
    rfc6265: Option<Place>,
    rfc6265bis: Option<Place>,
    text: &'static str,
) -> (Mutant, Rule) {
    (first, Rule { text, rfc6265, rfc6265bis })
}

/// For each rule the first of the mutants that break it, in the order of the mutants.
#[rustfmt::skip]
const RULES: &[(Mutant, Rule)] = &[
    rule(TrimMissing,                       at("5.2", "4–5"),  at("5.6", "4–5"),      "SP and HTAB, and nothing else, are removed around names and values, also of attributes"),
    rule(CommaSeparatesCookies,             at("5.2", "1"),    at("5.6", "2"),        "a set-cookie-string is one cookie, and a comma has no meaning in it"),
    rule(EmptyPairStored,                   at("5.2", "5"),    at("5.7", "2"),        "a cookie with neither name nor value is ignored"),
    rule(FlagsFoundAnywhere,                at("5.2", "1"),    at("5.6", "2"),        "attributes are what follows the first \";\""),
    rule(LineCutAtNul,                      None,              at("5.6", "1"),        "a set-cookie-string with a control character other than HTAB is ignored entirely"),
    rule(LineReadAsLossyUtf8,               at("5.2", "3"),    at("5.6", "3"),        "name and value consist of the octets of the string, whatever they encode"),
    rule(LineTrimmedOfControls,             at("5.2", "4"),    at("5.6", "1"),        "a control character other than HTAB is no blank"),
    rule(LineBreakChomped,                  None,              at("5.6", "1"),        "a set-cookie-string with a control character other than HTAB is ignored entirely"),
    rule(ControlsIncludeTab,                None,              at("5.6", "1"),        "HTAB is not among the control characters for which a set-cookie-string is ignored"),
    rule(ControlsAccepted,                  None,              at("5.6", "1"),        "a set-cookie-string with a control character other than HTAB is ignored entirely"),
    rule(ControlsIncludeC1,                 at("5.2", "3"),    at("5.6", "3"),        "octets from 0x80 on stand in names and values like others"),
    rule(ControlsCheckedInPairOnly,         None,              at("5.6", "1"),        "a set-cookie-string with a control character other than HTAB is ignored entirely"),
    rule(ControlsRefusedByOldProfile,       at("5.2", ""),     None,                  "no step ignores a set-cookie-string for a control character"),
    rule(BackslashProtectsSemicolon,        at("5.2", "1"),    at("5.6", "2"),        "the name-value-pair ends at the first \";\", whatever surrounds it"),
    rule(BlankSeparatesAttributes,          at("5.2", "1"),    at("5.6", "2"),        "the name-value-pair and each attribute end at a \";\", and a blank has no meaning in them"),
    rule(LastEqualsSplits,                  at("5.2", "3"),    at("5.6", "3"),        "the name ends at the first \"=\", and the value is all that follows it"),
    rule(BareWordIsName,                    at("5.2", "2"),    at("5.6", "3"),        "a name-value-pair without \"=\" has no name"),
    rule(NamelessStoredByOldProfile,        at("5.2", "5"),    None,                  "a set-cookie-string whose name is empty is ignored"),
    rule(EmptyNameIgnored,                  None,              at("5.6", "3"),        "the name may be empty"),
    rule(EmptyValueIgnored,                 at("5.2", "3"),    at("5.6", "3"),        "the value may be empty"),
    rule(NameMustBeToken,                   at("5.2", "3"),    at("5.6", "3"),        "the name is whatever stands before the first \"=\""),
    rule(NameLowerCased,                    at("5.2", "6"),    at("5.6", "6"),        "the cookie-name is the name as it is written"),
    rule(ValueMustBeCookieOctets,           at("5.2", "3"),    at("5.6", "3"),        "the value is whatever stands behind the first \"=\""),
    rule(ValueUnquoted,                     at("5.2", "6"),    at("5.6", "6"),        "the cookie-value is the value as it is written, quotes and escapes included"),
    rule(PairLimitMissing,                  None,              at("5.6", "5"),        "name and value may have 4096 octets together, and no more"),
    rule(CommaSeparatesAttributes,          at("5.2", "3"),    at("5.6", "3"),        "an attribute ends at a \";\" and at nothing else"),
    rule(AttributesEndAtEmptyOne,           at("5.2", "7"),    at("5.6", "8"),        "the attributes are processed one by one until none is left"),
    rule(AttributeNameUntrimmed,            at("5.2", "5"),    at("5.6", "5"),        "SP and HTAB around the name and the value of an attribute are removed"),
    rule(AttributeTooLongLosesCookie,       None,              at("5.6", "6"),        "an attribute of more than 1024 octets is ignored, and nothing else"),
    rule(SecureWithValueIgnored,            at("5.2.5", ""),   at("5.6.5", ""),       "Secure counts whatever its value"),
    rule(HttpOnlyZeroUnset,                 at("5.2.6", ""),   at("5.6.6", ""),       "HttpOnly counts whatever its value"),
    rule(SameSiteKnownToOldProfile,         at("5.2", "6"),    None,                  "an attribute with an unrecognized name is ignored, and RFC 6265 has no SameSite"),
    rule(AttributeUnknownLosesCookie,       at("5.2", "6"),    at("5.6", "7"),        "an attribute with an unrecognized name is ignored, and nothing else"),
    rule(AttributeNameCaseSensitive,        at("5.2", "6"),    at("5.6", "7"),        "an attribute is recognized by its whole name, without regard to the case of ASCII letters"),
    rule(AttributeLimitMissing,             None,              at("5.6", "6"),        "an attribute is ignored if its value has more than 1024 octets, and only then"),
    rule(AttributeLimitInOldProfile,        at("5.2", "6"),    None,                  "no step ignores an attribute for its length"),
    rule(ExpiresUnixTimeAccepted,           at("5.2.1", ""),   at("5.6.1", "2"),      "an Expires that is no cookie-date is ignored"),
    rule(ExpiresIgnored,                    at("5.2.1", ""),   at("5.6.1", "6"),      "an Expires with a cookie-date is an attribute of the cookie"),
    rule(ExpiresInvalidLosesCookie,         at("5.2.1", ""),   at("5.6.1", "2"),      "an Expires that is no cookie-date is ignored, and nothing else"),
    rule(MaxAgeIgnored,                     at("5.2.2", ""),   at("5.6.2", "8"),      "a Max-Age with a number is an attribute of the cookie"),
    rule(MaxAgeInvalidLosesCookie,          at("5.2.2", ""),   at("5.6.2", "2–3"),    "a Max-Age that is no number is ignored, and nothing else"),
    rule(DomainEmptyIgnored,                None,              at("5.6.3", "4"),      "an empty Domain is an attribute like any other"),
    rule(DomainEmptyWinsInOldProfile,       at("5.2.3", ""),   None,                  "an empty Domain is ignored"),
    rule(DomainDotKept,                     at("5.2.3", ""),   at("5.6.3", "2"),      "one leading dot of Domain is removed, and makes no difference"),
    rule(DomainTrailingDotCut,              at("5.2.3", ""),   at("5.6.3", "1"),      "Domain is used as it is written, but for its case and one leading dot"),
    rule(DomainCaseKept,                    at("5.2.3", ""),   at("5.6.3", "3"),      "Domain is converted to lower case"),
    rule(PathUnquoted,                      at("5.2.4", ""),   at("5.6.4", "1"),      "Path is used as it is written if it starts with \"/\"; otherwise the default-path is used"),
    rule(SameSiteUnquoted,                  None,              at("5.6.7", "2–4"),    "SameSite has the values Strict, Lax and None, in any case"),
    rule(SameSiteUnknownKeepsEarlier,       None,              at("5.6.7", "1"),      "any other value of SameSite means \"Default\""),
    rule(MaxAgeMinusIsZero,                 at("5.2.2", ""),   at("5.6.2", "2"),      "a Max-Age that starts with neither a digit nor a minus sign and a digit is ignored"),
    rule(MaxAgeInThirtyTwoBits,             at("5.2.2", ""),   at("5.6.2", "4"),      "Max-Age is an integer of any size"),
    rule(MaxAgeZeroIgnored,                 at("5.2.2", ""),   at("5.6.2", "7"),      "a Max-Age of zero or less means the earliest date"),
    rule(MaxAgeInMilliseconds,              at("5.2.2", ""),   at("5.6.2", "4"),      "Max-Age is a decimal number of seconds"),
    rule(MaxAgeUnquoted,                    at("5.2.2", ""),   at("5.6.2", "2–3"),    "a Max-Age that does not consist of digits is ignored"),
    rule(MaxAgeEmptyIsZero,                 at("5.2.2", ""),   at("5.6.2", "1"),      "an empty Max-Age is ignored"),
    rule(MaxAgeFirstWins,                   at("5.3", "3"),    at("5.7", "6"),        "the last Max-Age decides"),
    rule(MaxAgeAddedWithWrap,               at("5.2.2", ""),   at("5.6.2", "7"),      "the expiry-time is the current time plus Max-Age"),
    rule(ExpiresFirstWins,                  at("5.3", "3"),    at("5.7", "6"),        "the last Expires decides"),
    rule(ExpiresBeatsMaxAge,                at("5.3", "3"),    at("5.7", "6"),        "Max-Age decides where Expires is there as well"),
    rule(AgeLimitMissing,                   None,              at("5.5", ""),         "a lifetime is limited to 400 days"),
    rule(AgeLimitInOldProfile,              at("5.3", "3"),    None,                  "the expiry-time is what the attribute says, without a limit"),
    rule(AgeLimitDropsAttribute,            None,              at("5.5", ""),         "a lifetime of more than 400 days is reduced to them"),
    rule(AgeLimitOnSessionCookies,          at("5.3", "3"),    at("5.5", ""),         "only a lifetime that Expires or Max-Age specify is limited"),
    rule(DateNeedsGmt,                      at("5.1.1", "2"),  at("5.1.1", "2"),      "time, day, month and year are found in the tokens in any order, and other tokens are skipped"),
    rule(DateFirstYearRefused,              at("5.1.1", "5"),  at("5.1.1", "5"),      "a date is refused if its year is before 1601, or a number out of range"),
    rule(DateRollsOver,                     at("5.1.1", "6"),  at("5.1.1", "6"),      "a date that does not exist is refused"),
    rule(DateDayZeroAccepted,               at("5.1.1", "5"),  at("5.1.1", "5"),      "a date is refused if its day is not from 1 to 31"),
    rule(DateWeekdayChecked,                at("5.1.1", "2"),  at("5.1.1", "2"),      "a weekday and a zone are tokens that are skipped"),
    rule(DateInThirtyTwoBits,               at("5.1.1", "6"),  at("5.1.1", "6"),      "a cookie-date is the date and time in UTC that its numbers say"),
    rule(DateLastTimeWins,                  at("5.1.1", "2"),  at("5.1.1", "2"),      "the first token of each kind decides"),
    rule(DateTabIsNoDelimiter,              at("5.1.1", "1"),  at("5.1.1", "1"),      "tokens are separated by the delimiters 09, 20 to 2F, 3B to 40, 5B to 60 and 7B to 7E"),
    rule(DateSecondsOptional,               at("5.1.1", "2.1"), at("5.1.1", "2.1"),   "a time is three numbers of one or two digits, separated by colons, whatever follows them"),
    rule(DateInvalidTimeSkipped,            at("5.1.1", "5"),  at("5.1.1", "5"),      "a date is refused if its hour is above 23, or its minute or second above 59"),
    rule(DateDayNeedsTwoDigits,             at("5.1.1", "2.2"), at("5.1.1", "2.2"),   "a day is one or two digits, and a non-digit with anything may follow"),
    rule(DateMonthCaseSensitive,            at("5.1.1", "2.3"), at("5.1.1", "2.3"),   "a month is recognized by the first three letters of a token, in any case"),
    rule(DateYearOfOneDigit,                at("5.1.1", "2.4"), at("5.1.1", "2.4"),   "a year is two to four digits, and a non-digit with anything may follow"),
    rule(DateWindowFromSixtyNine,           at("5.1.1", "3–4"), at("5.1.1", "3–4"),   "the years 70 to 99 are in the 1900s, and 0 to 69 in the 2000s"),
    rule(DefaultPathWithQuery,              at("5.1.4", ""),   at("5.1.4", ""),       "the default-path is the path of the request up to its last \"/\", or \"/\""),
    rule(PathIgnored,                       at("5.1.4", ""),   at("5.1.4", ""),       "a request-path path-matches a cookie-path if it is the same or continues it at a \"/\""),
    rule(PathOfBareHostEmpty,               at("5.1.4", ""),   at("5.1.4", ""),       "the path of a request without one counts as \"/\""),
    rule(PathMustCoverRequest,              at("5.3", "7"),    at("5.7", "11"),       "a cookie is stored whether the request path-matches its path or not"),
    rule(StrictHostsIgnored,                at("5.1.2", ""),   at("5.1.2", ""),       "a host is canonicalised label by label"),
    rule(HostCaseKept,                      at("5.1.2", ""),   at("5.1.2", ""),       "a canonicalised host is in lower case"),
    rule(HostTrailingDotCut,                at("5.1.2", ""),   at("5.1.2", ""),       "a host with a trailing dot is another host"),
    rule(AddressAsDomainRefused,            at("5.1.3", ""),   at("5.1.3", ""),       "a host domain-matches itself, also if it is an IP address"),
    rule(DomainMatchReversed,               at("5.1.3", ""),   at("5.1.3", ""),       "a host domain-matches itself and, unless it is an IP address, every domain of which it is a subdomain"),
    rule(SuffixListIgnored,                 at("5.3", "5"),    at("5.7", "9"),        "a cookie whose Domain is a public suffix, and not the host itself, is ignored"),
    rule(SuffixRejectionAlwaysOn,           at("5.3", "5"),    at("5.7", "9"),        "public suffixes are rejected if the user agent is configured to"),
    rule(SuffixCheckedForEveryDomain,       at("5.3", "4"),    at("5.7", "7"),        "the last Domain decides, and earlier ones mean nothing"),
    rule(SuffixHostHasNoCookies,            at("5.3", "5"),    at("5.7", "9.3"),      "a Domain that is a public suffix and the host itself makes the cookie host-only"),
    rule(SuffixMakesHostOnly,               at("5.3", "5"),    at("5.7", "9.3"),      "a cookie whose Domain is a public suffix, and not the host itself, is ignored"),
    rule(SuffixOfOldCookieStillSent,        None,              at("5.8.3", "3"),      "a cookie whose domain is a public suffix by now is not sent"),
    rule(SuffixOfOldCookieWithheldByOldProfile, at("5.4", "1"), None,                 "whether a domain is a public suffix by now does not matter for sending"),
    rule(DomainFirstWins,                   at("5.3", "4"),    at("5.7", "7"),        "the last Domain decides"),
    rule(DomainIgnored,                     at("5.3", "6"),    at("5.7", "10"),       "the domain of a cookie is its Domain"),
    rule(DomainAnyNonAsciiRefused,          at("5.3", "4"),    at("5.7", "7"),        "the last Domain decides, and earlier ones mean nothing"),
    rule(DomainEmptyRefused,                at("5.2.3", ""),   at("5.7", "10"),       "an empty Domain makes the cookie host-only"),
    rule(DomainNeedsTwoLabels,              at("5.3", "6"),    at("5.7", "10"),       "a cookie is stored if the host domain-matches its Domain"),
    rule(DomainForeignIgnored,              at("5.3", "6"),    at("5.7", "10"),       "a cookie whose Domain the host does not domain-match is ignored"),
    rule(HostOnlyIgnored,                   at("5.3", "6"),    at("5.7", "10"),       "a cookie without Domain is for its host only, and one with Domain also for the hosts below"),
    rule(DisabledStillStores,               at("7.2", ""),     at("7.3", ""),         "disabled cookies are neither stored nor sent"),
    rule(UnknownAttributesAreCookies,       at("5.2", "6"),    at("5.6", "7"),        "an attribute with an unrecognized name is ignored"),
    rule(PathFirstWins,                     at("5.3", "7"),    at("5.7", "11"),       "the last Path decides"),
    rule(SameSiteFirstWins,                 None,              at("5.7", "17"),       "the last SameSite decides"),
    rule(ExpiredIgnored,                    at("5.3", "11"),   at("5.7", "23"),       "a cookie replaces the old one also if it is expired, and is evicted then"),
    rule(ExpiredStillCounts,                at("5.3", ""),     at("5.7", ""),         "an expired cookie is evicted at any time, before it has an effect"),
    rule(CreationSurvivesDeletion,          at("5.3", "2"),    at("5.7", "5"),        "the creation-time of a cookie that replaces none is the current time"),
    rule(SecureFromHttpAccepted,            None,              at("5.7", "13"),       "a Secure cookie from a connection that is not secure is ignored"),
    rule(SecureFromHttpRefusedByOldProfile, at("5.3", "8"),    None,                  "Secure sets the secure-only-flag, whatever the connection"),
    rule(SecureFromHttpStripped,            at("5.3", "8"),    at("5.7", "12–13"),    "Secure sets the secure-only-flag, whatever the connection"),
    rule(SecureSchemeCaseSensitive,         at("5.4", "1"),    at("5.8.3", "3"),      "the scheme, and not the port, says whether a connection is secure"),
    rule(LocalhostAlwaysTrusted,            at("5.4", "1"),    at("5.8.3", "3"),      "which hosts are trusted as a secure connection is, is configured"),
    rule(OverlayAccepted,                   None,              at("5.7", "16"),       "a cookie from a connection that is not secure is ignored if it would overlay a Secure one"),
    rule(OverlayRefusedByOldProfile,        at("5.3", "11"),   None,                  "a cookie replaces an old one whether that is Secure or not"),
    rule(OverlayByScriptAccepted,           None,              at("5.7", "16"),       "a cookie from a connection that is not secure is ignored if it would overlay a Secure one, and only then"),
    rule(PrefixesKnownToOldProfile,         at("5.3", "12"),   None,                  "the beginning of a name has no meaning"),
    rule(PrefixAllowsDeletion,              None,              at("5.7", "20–21"),    "a name prefix has conditions for every cookie, also for one that deletes"),
    rule(PrefixMimicryAccepted,             None,              at("5.7", "22"),       "a cookie without a name is ignored if its value begins like a name prefix, and only then"),
    rule(PrefixSecureUnchecked,             None,              at("5.7", "20"),       "a cookie called __Secure- is ignored unless it has Secure"),
    rule(PrefixHttpEnforced,                None,              at("5.7", "24"),       "a cookie that no step ignores is inserted into the cookie store"),
    rule(PrefixHostWithoutPathAccepted,     None,              at("5.7", "21"),       "a cookie called __Host- is ignored unless it has Secure and Path=/ and is host-only"),
    rule(PrefixWithoutHyphen,               None,              at("5.7", "20–21"),    "the name prefixes are __Secure- and __Host- at the beginning of a name, in any case"),
    rule(CrossSiteStoresAll,                None,              at("5.7", "18"),       "what another site may set depends on SameSite and on top-level navigation"),
    rule(SameSiteNoneWithoutSecureAccepted, None,              at("5.7", "19"),       "a cookie with SameSite=None is ignored unless it has Secure"),
    rule(HttpOnlySetByScript,               at("5.3", "10"),   at("5.7", "15"),       "a cookie with HttpOnly from a non-HTTP API is ignored"),
    rule(HttpOnlyOverwrittenByScript,       at("5.3", "11.2"), at("5.7", "23.2"),     "a non-HTTP API, and nothing else, cannot replace a cookie with HttpOnly"),
    rule(FirstOfResponseStays,              at("5.3", "11.4"), at("5.7", "23.4"),     "a cookie replaces the old one of the same name, domain and path"),
    rule(UpdateResetsCreation,              at("5.3", "11.3"), at("5.7", "23.3"),     "a cookie takes over the creation-time of the one that it replaces"),
    rule(UpdateKeepsExpiry,                 at("5.3", "11.4"), at("5.7", "23.4"),     "a cookie that replaces another one takes over nothing but its creation-time"),
    rule(UpdateIsNoUse,                     at("5.3", "2"),    at("5.7", "5"),        "the last-access-time of a new cookie is the current time"),
    rule(DeletionIgnoresPath,               at("5.3", "11"),   at("5.7", "23"),       "a cookie replaces the old one of the same name, domain and path, whatever its flags, and no other"),
    rule(IdentityIgnoresCase,               at("5.3", "11"),   at("5.7", "23"),       "a cookie replaces the old one of the same name, domain and path, and no other"),
    rule(IdentityWithoutHostOnly,           None,              at("5.7", "23"),       "a cookie replaces the old one of the same name, domain, host-only-flag and path, and no other"),
    rule(IdentityWithHostOnlyInOldProfile,  at("5.3", "11"),   None,                  "the host-only-flag is not part of what identifies a cookie"),
    rule(IdentityWithoutPath,               at("5.3", "11"),   at("5.7", "23"),       "a cookie replaces the old one of the same name, domain and path, and no other"),
    rule(LimitTwentyPerDomain,              at("6.1", ""),     at("6.1", ""),         "there is room for 50 cookies per domain and 3000 in all"),
    rule(LimitPerDomainIgnored,             at("5.3", ""),     at("5.7", ""),         "excess cookies are those above the limit for the cookies that share a domain, or for all"),
    rule(EvictionMakesRoomBeforeChecks,     at("5.3", ""),     at("5.7", ""),         "cookies are evicted by their priority, and among equals the one with the earliest last-access-time first"),
    rule(SessionOnlyForgetsExpiry,          at("7.2", ""),     at("7.3", ""),         "cookies may be limited to the session"),
    rule(RestartKeepsSessionCookies,        at("5.3", ""),     at("5.7", ""),         "at the end of the session the cookies are removed that are not persistent"),
    rule(RestartLosesPersistentCookies,     at("5.3", ""),     at("5.7", ""),         "a persistent cookie outlives the session with all its fields"),
    rule(CookieFieldAlwaysSent,             at("4.2.1", ""),   at("4.2.1", ""),       "a Cookie field has at least one cookie-pair"),
    rule(ExpiredStillSent,                  at("5.3", ""),     at("5.7", ""),         "a cookie is evicted as soon as it is expired"),
    rule(ExpirySlides,                      at("5.4", "3"),    at("5.8.3", "5"),      "sending a cookie changes its last-access-time and nothing else"),
    rule(SecureSentOverHttp,                at("5.4", "1"),    at("5.8.3", "3"),      "a cookie with Secure is sent over secure connections only"),
    rule(IsolationByScheme,                 at("5.4", "1"),    at("5.8.3", "3"),      "the scheme and the port that a cookie came from do not matter for sending"),
    rule(HttpOnlyHiddenFromHttp,            at("5.4", "1"),    at("5.8.3", "3"),      "a cookie with HttpOnly is hidden from non-HTTP APIs, and from nothing else"),
    rule(RetrievalIsNoUse,                  at("5.4", "3"),    at("5.8.3", "5"),      "sending a cookie sets its last-access-time, and that of no other"),
    rule(StrictNotSentBelowTopLevel,        None,              at("5.8.3", "3"),      "SameSite and the kind of request decide whether a cookie is sent across sites"),
    rule(LaxUnsafeCoversSubresources,       None,              at("5.6.7.2", ""),     "Lax-allowing-unsafe is for recent cookies without SameSite and for top-level navigations"),
    rule(OrderOfCreationOnly,               at("5.4", "2"),    at("5.8.3", "4"),      "cookies with longer paths come first, and among equals those created earlier"),
    rule(PairsSeparatedWithoutBlank,        at("5.4", "4"),    at("5.8.3", "6"),      "the cookie-string consists of names, \"=\" and values as they were received, separated by \"; \""),
    rule(FieldFirstLineOnly,                at("4.2.1", ""),   at("4.2.1", ""),       "several Cookie fields are read like one, their pairs separated by \"; \""),
    rule(FieldQuotesProtectSemicolon,       at("4.2.1", ""),   at("4.2.1", ""),       "cookie-pairs are separated by \"; \" and by nothing else"),
    rule(FieldLastEqualsSplits,             at("4.2.2", ""),   at("4.2.2", ""),       "each cookie-pair is a cookie with its name and value"),
    rule(WritesNameWithBlank,               at("4.1.1", ""),   at("4.1.1", ""),       "a cookie-name is a token"),
    rule(WritesNameInLowerCase,             None,              None,                  "the name is read back as it was written"),
    rule(WritesValueWithSemicolon,          at("4.1.1", ""),   at("4.1.1", ""),       "a cookie-value consists of cookie-octets, with or without quotes around them"),
    rule(WritesValueWithoutEquals,          at("4.1.1", ""),   at("4.1.1", ""),       "a cookie-pair has a \"=\""),
    rule(WritesValueEncoded,                None,              None,                  "the value is read back as it was written"),
    rule(WritesAnything,                    at("4.1.1", ""),   at("4.1.1", ""),       "a set-cookie-string follows the grammar"),
    rule(WritesPairOfAnyLength,             None,              at("5.6", "5"),        "name and value may have 4096 octets together, and no more"),
    rule(WritesNoEpoch,                     None,              None,                  "every attribute that was asked for is written"),
    rule(WritesNegativeMaxAge,              at("4.1.1", ""),   at("4.1.1", ""),       "Max-Age consists of digits"),
    rule(WritesMaxAgeInThirtyTwoBits,       None,              None,                  "every attribute that was asked for is written"),
    rule(WritesYearOfFiveDigits,            at("4.1.1", ""),   at("4.1.1", ""),       "Expires is a date in the fixed format of HTTP"),
    rule(WritesDomainWithDot,               at("4.1.1", ""),   at("4.1.1", ""),       "Domain is a domain name"),
    rule(WritesPathEncoded,                 None,              None,                  "every attribute that was asked for is written"),
    rule(WritesPathTwice,                   at("4.1.1", ""),   at("4.1.1", ""),       "no attribute is written twice"),
    rule(WritesPathOfAnyLength,             None,              at("5.6", "6"),        "an attribute of more than 1024 octets is ignored by user agents"),
    rule(WritesPathWithSemicolon,           at("4.1.1", ""),   at("4.1.1", ""),       "Path has no control character and no \";\""),
    rule(WritesFlagsSetToFalse,             None,              None,                  "every attribute that was asked for is written, and no other"),
    rule(WritesSecurePrefixWithoutSecure,   None,              at("4.1.3.1", ""),     "a cookie called __Secure- has Secure"),
    rule(WritesHostPrefixWithoutSecure,     None,              at("4.1.3.2", ""),     "a cookie called __Host- has Secure and Path=/ and no Domain"),
    rule(WritesSameSiteNoneWithoutSecure,   None,              at("5.7", "19"),       "user agents ignore a cookie with SameSite=None and without Secure"),
    rule(WritesSameSiteNoneNever,           None,              None,                  "every attribute that was asked for is written"),
    rule(WritesSameSiteUnknown,             None,              at("4.1.1", ""),       "SameSite has the values Strict, Lax and None"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_are_in_the_order_of_the_mutants() {
        assert_eq!(RULES[0].0, Mutant::ALL[0]);
        for pair in RULES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{:?}", pair[1].0);
        }
    }

    #[test]
    fn a_mutant_breaks_a_rule_of_every_profile_under_which_it_is_wrong() {
        for mutant in Mutant::ALL {
            let rule = mutant.rule();
            // Some are wrong in that what is read back differs, which no section forbids.
            if [Profile::Rfc6265, Profile::Rfc6265bis].iter().all(|it| rule.place(*it).is_none()) {
                continue;
            }
            for profile in mutant.profiles() {
                assert!(rule.place(*profile).is_some(), "{mutant} under {profile}");
            }
        }
    }
}
