//! Hosts, domain-match, public suffixes, and the domain of a cookie.

use super::{BOTH, Entry, RFC6265, RFC6265BIS, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // Canonicalized hosts.
    entry(StrictHostsIgnored,                    RFC6265BIS, "jar.domain.0054",        "Hosts that section 5.1.2 of 6265bis refuses are accepted although strict hosts are configured."),
    entry(StrictHostsAlways,                     RFC6265,    "jar.domain.0043",        "Hosts that section 5.1.2 of 6265bis refuses are refused although strict hosts are not configured."),
    entry(StrictHostsTakeFakeALabels,            RFC6265BIS, "jar.domain.0059",        "Everything that begins with `xn--` counts as an A-label; the rest is not decoded."),
    entry(HostWithUnderscoreRefused,             BOTH,       "domain.match.0040",      "A host with an underscore has no cookies."),
    entry(HostInBracketsRefused,                 BOTH,       "domain.match.0033",      "An IPv6 host has no cookies."),
    entry(HostCaseKept,                          BOTH,       "jar.domain.0012",        "Hosts are compared as they are written, without lower-casing."),
    entry(HostTrailingDotCut,                    BOTH,       "domain.match.0036",      "A trailing dot is removed from the host."),

    // Domain-match.
    entry(AddressAsDomainRefused,                BOTH,       "domain.match.0023",      "An IP address does not even match itself."),
    entry(DomainMatchReversed,                   BOTH,       "domain.match.0004",      "A host matches the domains below it as well."),
    entry(DomainMatchAnywhere,                   BOTH,       "domain.match.0011",      "A domain matches wherever its labels stand in the host."),
    entry(DomainMatchNeedsDot,                   BOTH,       "domain.match.0016",      "A domain of one label matches nothing but itself, as in the Netscape specification."),
    entry(DomainMatchDotIsWildcard,              BOTH,       "domain.match.0013",      "A dot in the domain matches any octet, as in a regular expression that is not escaped."),
    entry(DomainSuffixWithoutDot,                BOTH,       "domain.match.0007",      "A domain matches the end of a host in the middle of a label."),
    entry(DomainBoundaryAtHyphen,                BOTH,       "domain.match.0008",      "A hyphen ends a label, as with the regular expression `\\b`."),
    entry(DomainMatchOneLevel,                   BOTH,       "domain.match.0003",      "A domain matches hosts one level below it and no deeper, as in RFC 2109."),
    entry(AddressByDigitsAndDots,                BOTH,       "domain.match.0031",      "A host that begins with a digit counts as an IP address."),
    entry(SuffixOfIpv4Matches,                   BOTH,       "domain.match.0024",      "The end of an IPv4 address matches it."),
    entry(SuffixOfIpv6Matches,                   BOTH,       "domain.match.0035",      "The end of an IPv6 address that ends like IPv4 matches it."),

    // Public suffixes.
    entry(SuffixListIgnored,                     BOTH,       "jar.public-suffix.0001", "There are no public suffixes; reqwest accepts `Domain=co.uk`."),
    entry(SuffixExceptionIgnored,                BOTH,       "jar.public-suffix.0014", "Exception rules are ignored."),
    entry(SuffixSingleLabelAccepted,             BOTH,       "jar.public-suffix.0010", "A single label that no rule lists is not a suffix: the implicit `*` is missing."),
    entry(SuffixWildcardIgnored,                 BOTH,       "jar.public-suffix.0012", "Wildcard rules are ignored."),
    entry(SuffixCoversNamesBelow,                BOTH,       "jar.public-suffix.0002", "The names directly below a suffix count as suffixes."),
    entry(SuffixRejectionAlwaysOn,               BOTH,       "jar.public-suffix.0023", "Single labels are refused although the rejection of public suffixes is switched off."),
    entry(SuffixCheckedForEveryDomain,           BOTH,       "jar.public-suffix.0018", "Every Domain of a line is checked, not only the last one."),
    entry(SuffixHostHasNoCookies,                BOTH,       "jar.public-suffix.0021", "A host that is a public suffix has no cookies at all."),
    entry(SuffixOnOwnHostRefused,                BOTH,       "jar.public-suffix.0004", "A cookie whose Domain is a public suffix, with or without a trailing dot, is ignored even if the suffix is the host itself."),
    entry(SuffixOnOwnHostIsDomain,               RFC6265,    "jar.public-suffix.0004", "A host that is a public suffix and names itself in Domain sets cookies for all hosts below it."),
    entry(SuffixMakesHostOnly,                   BOTH,       "jar.public-suffix.0001", "A Domain that is a public suffix is dropped, and the cookie kept."),
    entry(SuffixOfOldCookieStillSent,            RFC6265BIS, "jar.public-suffix.0024", "A cookie is still sent after its domain has become a public suffix."),
    entry(SuffixOfOldCookieWithheldByOldProfile, RFC6265,    "jar.public-suffix.0024", "A cookie whose domain has become a public suffix is withheld under RFC 6265 as well."),

    // The domain of a cookie.
    entry(DomainIgnored,                         BOTH,       "jar.domain.0003",        "Domain is ignored."),
    entry(DomainAnyNonAsciiRefused,              BOTH,       "jar.domain.0051",        "A cookie with a Domain that is not ASCII is ignored even if a later Domain wins."),
    entry(DomainEmptyRefused,                    BOTH,       "jar.domain.0008",        "A cookie with an empty Domain is ignored."),
    entry(DomainNeedsTwoLabels,                  BOTH,       "jar.public-suffix.0023", "A cookie whose Domain has no inner dot is ignored, as in the Netscape specification."),
    entry(DomainForeignIgnored,                  BOTH,       "jar.domain.0022",        "A Domain that does not match the host is dropped, and the cookie kept."),
    entry(DomainForeignAccepted,                 BOTH,       "jar.domain.0022",        "A host may set cookies for any other host."),
    entry(HostOnlyIgnored,                       BOTH,       "jar.domain.0001",        "A cookie without Domain is sent to the subdomains; Internet Explorer did this."),
    entry(HostOnlyAlways,                        BOTH,       "jar.domain.0003",        "A cookie with Domain is not sent to the subdomains."),
];
