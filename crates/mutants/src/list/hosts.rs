//! Hosts and domains.

/// Adds these faults to the table, and hands it on to the next part.
macro_rules! host_faults {
    ($next:ident $(, $later:ident)* => $($row:tt)*) => {
        $next! { $($later),* => $($row)*
            // Canonical hosts.
            StrictHostsIgnored,                    BIS,  "jar.domain.0054",            "Hosts that section 5.1.2 of 6265bis refuses are accepted although that was asked for.";
            StrictHostsAlways,                     OLD,  "jar.domain.0043",            "Hosts that section 5.1.2 of 6265bis refuses are refused although nobody asked.";
            StrictHostsTakeFakeALabels,            BIS,  "jar.domain.0059",            "What begins with `xn--` is taken for an A-label without a look.";
            HostWithUnderscoreRefused,             BOTH, "domain.match.0040",          "A host with an underscore has no cookies.";
            HostInBracketsRefused,                 BOTH, "domain.match.0033",          "An IPv6 host has no cookies.";
            HostCaseKept,                          BOTH, "jar.domain.0012",            "Hosts are compared as they are written.";
            HostTrailingDotCut,                    BOTH, "domain.match.0036",          "A trailing dot is removed from the host.";

            // Domain-match.
            AddressAsDomainRefused,                BOTH, "domain.match.0023",          "An IP address does not even match itself.";
            DomainMatchReversed,                   BOTH, "domain.match.0004",          "A host matches the domains below it, too.";
            DomainMatchAnywhere,                   BOTH, "domain.match.0011",          "A domain matches wherever its labels stand in the host.";
            DomainMatchNeedsDot,                   BOTH, "domain.match.0016",          "A domain of one label covers nothing, as Netscape had it.";
            DomainMatchDotIsWildcard,              BOTH, "domain.match.0013",          "A dot in the domain matches any octet, as in a pattern nobody escaped.";
            DomainSuffixWithoutDot,                BOTH, "domain.match.0007",          "A domain matches the end of a host in the middle of a label.";
            DomainBoundaryAtHyphen,                BOTH, "domain.match.0008",          "A hyphen ends a label, as `\\b` has it.";
            DomainMatchOneLevel,                   BOTH, "domain.match.0003",          "A domain covers one level below it and no more, as RFC 2109 had it.";
            AddressByDigitsAndDots,                BOTH, "domain.match.0031",          "A host that begins with a digit is taken for an IP address.";
            SuffixOfIpv4Matches,                   BOTH, "domain.match.0024",          "The end of an IPv4 address matches it.";
            SuffixOfIpv6Matches,                   BOTH, "domain.match.0035",          "The end of an IPv6 address that ends like IPv4 matches it.";

            // Public suffixes.
            SuffixListIgnored,                     BOTH, "jar.public-suffix.0001",     "There are no public suffixes; reqwest accepts `Domain=co.uk`.";
            SuffixExceptionIgnored,                BOTH, "jar.public-suffix.0014",     "Exception rules are ignored.";
            SuffixSingleLabelAccepted,             BOTH, "jar.public-suffix.0010",     "A single label that no rule names is no suffix: the implicit `*` is forgotten.";
            SuffixWildcardIgnored,                 BOTH, "jar.public-suffix.0012",     "Wildcard rules are ignored.";
            SuffixCoversNamesBelow,                BOTH, "jar.public-suffix.0002",     "The names directly below a suffix count as suffixes.";
            SuffixRejectionAlwaysOn,               BOTH, "jar.public-suffix.0023",     "Single labels are refused although suffixes were switched off.";
            SuffixCheckedForEveryDomain,           BOTH, "jar.public-suffix.0018",     "Every Domain of a line is checked, not just the one that counts.";
            SuffixHostHasNoCookies,                BOTH, "jar.public-suffix.0021",     "A host that is a public suffix has no cookies at all.";
            SuffixOnOwnHostRefused,                BOTH, "jar.public-suffix.0004",     "A suffix may not name itself in Domain.";
            SuffixOnOwnHostIsDomain,               OLD,  "jar.public-suffix.0004",     "A suffix that names itself in Domain sets cookies for all below it.";
            SuffixMakesHostOnly,                   BOTH, "jar.public-suffix.0001",     "A Domain that is a public suffix is dropped, and the cookie kept.";
            SuffixOfOldCookieStillSent,            BIS,  "jar.public-suffix.0024",     "A cookie is still sent after its domain has become a suffix.";
            SuffixOfOldCookieWithheldByOldProfile, OLD,  "jar.public-suffix.0024",     "RFC 6265 is taken to withhold a cookie whose domain has become a suffix.";

            // Domain as it is stored.
            DomainFirstWins,                       BOTH, "set-cookie.attributes.0060", "Of several Domain the first counts.";
            DomainIgnored,                         BOTH, "jar.domain.0003",            "Domain is not known.";
            DomainAnyNonAsciiRefused,              BOTH, "jar.domain.0051",            "A Domain that is not ASCII loses the cookie even where a later one counts.";
            DomainEmptyRefused,                    BOTH, "jar.domain.0008",            "An empty Domain loses the cookie.";
            DomainNeedsTwoLabels,                  BOTH, "jar.public-suffix.0023",     "A Domain without a dot inside loses the cookie, as Netscape had it.";
            DomainForeignIgnored,                  BOTH, "jar.domain.0022",            "A foreign Domain is dropped, and the cookie kept.";
            DomainForeignAccepted,                 BOTH, "jar.domain.0022",            "A host may set cookies for any other.";
            HostOnlyIgnored,                       BOTH, "jar.domain.0001",            "A cookie without Domain reaches the subdomains; Internet Explorer did.";
            HostOnlyAlways,                        BOTH, "jar.domain.0003",            "Domain does not reach the subdomains.";
        }
    };
}
pub(crate) use host_faults;
