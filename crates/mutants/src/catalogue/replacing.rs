//! Which cookie is replaced, evicted, or lost at the end of a session.

use super::{BOTH, Entry, RFC6265, RFC6265BIS, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // HttpOnly, and what scripts may replace.
    entry(HttpOnlySetByScript,              BOTH,       "jar.http-only.0009", "A script may set HttpOnly cookies."),
    entry(HttpOnlyOverwrittenByScript,      BOTH,       "jar.http-only.0011", "A script may overwrite HttpOnly cookies."),
    entry(HttpOnlyDeletedByScript,          BOTH,       "jar.http-only.0012", "A script may delete HttpOnly cookies."),
    entry(HttpOnlyProtectedFromHttp,        BOTH,       "jar.http-only.0018", "Not even HTTP may replace an HttpOnly cookie with one without the flag."),

    // The update of a cookie.
    entry(FirstOfResponseStays,             BOTH,       "jar.update.0013",    "Of two lines with one name in a response the first one wins."),
    entry(UpdateResetsCreation,             BOTH,       "jar.update.0037",    "An update resets the creation-time of a cookie."),
    entry(UpdateKeepsExpiry,                BOTH,       "jar.update.0036",    "A cookie that is set again without a lifetime keeps its earlier expiry-time."),
    entry(UpdateKeepsHttpOnly,              BOTH,       "jar.update.0035",    "A cookie that is set again without HttpOnly keeps the flag."),
    entry(UpdateKeepsSecure,                BOTH,       "jar.update.0034",    "A cookie that is set again without Secure keeps the flag."),
    entry(UpdateKeepsSameSite,              RFC6265BIS, "jar.same-site.0039", "A cookie that is set again without SameSite keeps its earlier value."),
    entry(UpdateKeepsValue,                 BOTH,       "jar.update.0001",    "The value of a cookie never changes: a new one is only inserted where there is none."),
    entry(UpdateIsNoUse,                    BOTH,       "jar.limits.0008",    "An update does not set the last-access-time."),
    entry(DeletionIgnoresPath,              BOTH,       "jar.update.0020",    "A deletion deletes the name under every path."),
    entry(DeletionNeedsSecureFlag,          BOTH,       "jar.update.0018",    "A deletion must repeat the Secure flag."),

    // Identity: which cookie is replaced.
    entry(IdentityIgnoresCase,              BOTH,       "jar.pair.0026",      "Cookies whose names differ in case only are one cookie."),
    entry(IdentityWithoutHostOnly,          RFC6265BIS, "jar.update.0007",    "A host-only cookie and one for the domain are one cookie, as in RFC 6265; `cookie_store` 0.22 does this."),
    entry(IdentityWithHostOnlyInOldProfile, RFC6265,    "jar.update.0007",    "A host-only cookie and one for the domain are two cookies under RFC 6265 as well."),
    entry(IdentityWithoutPath,              BOTH,       "jar.update.0004",    "One name under two paths is one cookie."),
    entry(IdentityWithoutDomain,            BOTH,       "jar.update.0041",    "One name under two domains is one cookie."),
    entry(IdentityWithPort,                 BOTH,       "jar.update.0011",    "A cookie replaces only cookies from the same port."),
    entry(IdentityWithScheme,               BOTH,       "jar.update.0012",    "A cookie replaces only cookies from the same scheme."),
    entry(IdentityWithSecure,               BOTH,       "jar.update.0018",    "A cookie with Secure and one without it are two cookies."),
    entry(IdentityWithSameSite,             RFC6265BIS, "jar.same-site.0040", "Cookies with different SameSite are two cookies."),

    // Limits of the store.
    entry(LimitTwentyPerDomain,             BOTH,       "jar.limits.0021",    "A domain may have twenty cookies, as in RFC 2109."),
    entry(LimitThreeHundredInAll,           BOTH,       "jar.limits.0023",    "The store may have three hundred cookies, as in RFC 2109."),
    entry(LimitPerDomainIgnored,            BOTH,       "jar.limits.0001",    "A domain may have any number of cookies; `cookie_store` 0.22 has no limit."),
    entry(LimitInAllIgnored,                BOTH,       "jar.limits.0017",    "The store may have any number of cookies."),
    entry(LimitOneLess,                     BOTH,       "jar.limits.0002",    "One cookie less than the limit is kept: `<` for `<=`."),
    entry(LimitOneMore,                     BOTH,       "jar.limits.0001",    "One cookie more than the limit is kept: `<=` for `<`."),
    entry(LimitCountsSubdomains,            BOTH,       "jar.limits.0012",    "The cookies of a subdomain count towards the limit of its parent."),
    entry(LimitCountsHostOnlyApart,         BOTH,       "jar.limits.0013",    "Host-only cookies and those for the domain are counted separately."),

    // Eviction: which cookie is removed.
    entry(EvictionMakesRoomBeforeChecks,    BOTH,       "jar.limits.0010",    "A cookie is evicted to make room for one that is then refused."),
    entry(EvictionMakesRoomBeforeUpdate,    BOTH,       "jar.limits.0025",    "A cookie is evicted to make room for one that only replaces another."),
    entry(EvictionOfExpiredLast,            BOTH,       "jar.limits.0009",    "An expired cookie is evicted last."),
    entry(EvictionSparesSecureInOldProfile, RFC6265,    "jar.limits.0014",    "Secure cookies are evicted last under RFC 6265 as well."),
    entry(EvictionSparesSecureInAll,        BOTH,       "jar.limits.0020",    "Secure cookies are evicted last even where the store exceeds its total limit."),
    entry(EvictionIgnoresSecure,            RFC6265BIS, "jar.limits.0014",    "Secure cookies are not evicted later than others."),
    entry(EvictionOfSecureFirst,            BOTH,       "jar.limits.0024",    "Secure cookies are evicted first."),
    entry(EvictionOfNewest,                 BOTH,       "jar.limits.0001",    "The newest cookie is evicted."),
    entry(EvictionOfOldest,                 BOTH,       "jar.limits.0003",    "The oldest cookie is evicted, however recently it was used."),

    // The end of the session.
    entry(SessionOnlyForgetsExpiry,         BOTH,       "jar.policy.0010",    "Where cookies are kept for the session only, none expires before its end."),
    entry(SessionOnlyKeepsPersistent,       BOTH,       "jar.policy.0007",    "Where cookies are kept for the session only, persistent ones survive its end."),
    entry(RestartKeepsSessionCookies,       BOTH,       "jar.session.0001",   "Session cookies survive the session, as in a browser that restores its tabs."),
    entry(RestartLosesPersistentCookies,    BOTH,       "jar.session.0002",   "Persistent cookies do not survive the session."),
    entry(RestartLosesEmptyValues,          BOTH,       "jar.session.0022",   "A cookie with an empty value is not read back."),
    entry(RestartLosesNameless,             RFC6265BIS, "jar.session.0023",   "A cookie without a name is not read back."),
    entry(RestartReversesOrder,             BOTH,       "jar.order.0013",     "Cookies are read back in the opposite order."),
    entry(RestartLosesSecure,               BOTH,       "jar.session.0015",   "Secure is not saved."),
    entry(RestartLosesHttpOnly,             BOTH,       "jar.session.0016",   "HttpOnly is not saved: the Netscape file has no column for it."),
    entry(RestartLosesHostOnly,             BOTH,       "jar.session.0017",   "A host-only cookie is read back as one for the domain."),
    entry(RestartMakesHostOnly,             BOTH,       "jar.session.0018",   "A cookie for the domain is read back as host-only."),
    entry(RestartLosesPath,                 BOTH,       "jar.session.0019",   "The path is not saved."),
    entry(RestartLosesSameSite,             RFC6265BIS, "jar.session.0020",   "SameSite is not saved: the Netscape file has no column for it."),
    entry(RestartRenewsMaxAge,              BOTH,       "jar.session.0005",   "The lifetime is saved instead of the expiry-time, and starts anew."),
    entry(RestartWritesLossyUtf8,           BOTH,       "jar.session.0021",   "Octets that are not UTF-8 are saved as U+FFFD."),
];
