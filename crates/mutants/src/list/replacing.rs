//! Which cookie goes.

/// Adds these faults to the table, and hands it on to the next part.
macro_rules! replacing_faults {
    ($next:ident $(, $later:ident)* => $($row:tt)*) => {
        $next! { $($later),* => $($row)*
            // HttpOnly.
            HttpOnlySetByScript,              BOTH, "jar.http-only.0009", "A script may set HttpOnly cookies.";
            HttpOnlyOverwrittenByScript,      BOTH, "jar.http-only.0011", "A script may overwrite HttpOnly cookies.";
            HttpOnlyDeletedByScript,          BOTH, "jar.http-only.0012", "A script may delete HttpOnly cookies.";
            HttpOnlyProtectedFromHttp,        BOTH, "jar.http-only.0018", "Not even HTTP may replace an HttpOnly cookie with a plain one.";

            // The update.
            FirstOfResponseStays,             BOTH, "jar.update.0013",    "Of two lines in one response with one name the first counts.";
            UpdateResetsCreation,             BOTH, "jar.update.0037",    "An update makes a cookie new.";
            UpdateKeepsExpiry,                BOTH, "jar.update.0036",    "A cookie that is set again without a lifetime keeps the one it had.";
            UpdateKeepsHttpOnly,              BOTH, "jar.update.0035",    "A cookie that is set again without HttpOnly keeps it.";
            UpdateKeepsSecure,                BOTH, "jar.update.0034",    "A cookie that is set again without Secure keeps it.";
            UpdateKeepsSameSite,              BIS,  "jar.same-site.0039", "A cookie that is set again without SameSite keeps it.";
            UpdateKeepsValue,                 BOTH, "jar.update.0001",    "The value of a cookie never changes: insert, where it is not there yet.";
            UpdateIsNoUse,                    BOTH, "jar.limits.0008",    "An update is no use of the cookie.";
            DeletionIgnoresPath,              BOTH, "jar.update.0020",    "A deletion deletes the name under every path.";
            DeletionNeedsSecureFlag,          BOTH, "jar.update.0018",    "A deletion must repeat Secure.";

            // Identity.
            IdentityIgnoresCase,              BOTH, "jar.pair.0026",      "Names that differ in case are one cookie.";
            IdentityWithoutHostOnly,          BIS,  "jar.update.0007",    "A host-only cookie and one for the domain are one, as in RFC 6265; `cookie_store` 0.22 has it so.";
            IdentityWithHostOnlyInOldProfile, OLD,  "jar.update.0007",    "RFC 6265 is taken to tell a host-only cookie from one for the domain.";
            IdentityWithoutPath,              BOTH, "jar.update.0004",    "One name under two paths is one cookie.";
            IdentityWithoutDomain,            BOTH, "jar.update.0041",    "One name under two domains is one cookie.";
            IdentityWithPort,                 BOTH, "jar.update.0011",    "Each port has its own cookies to replace.";
            IdentityWithScheme,               BOTH, "jar.update.0012",    "Each scheme has its own cookies to replace.";
            IdentityWithSecure,               BOTH, "jar.update.0018",    "A Secure cookie and a plain one are two.";
            IdentityWithSameSite,             BIS,  "jar.same-site.0040", "Cookies with different SameSite are two.";

            // Limits.
            LimitTwentyPerDomain,             BOTH, "jar.limits.0021",    "A domain has twenty cookies, as RFC 2109 had it.";
            LimitThreeHundredInAll,           BOTH, "jar.limits.0023",    "There are three hundred cookies, as RFC 2109 had it.";
            LimitPerDomainIgnored,            BOTH, "jar.limits.0001",    "A domain may have any number of cookies; `cookie_store` 0.22 knows no limit.";
            LimitInAllIgnored,                BOTH, "jar.limits.0017",    "There may be any number of cookies.";
            LimitOneLess,                     BOTH, "jar.limits.0002",    "A full domain is one too full: `<` for `<=`.";
            LimitOneMore,                     BOTH, "jar.limits.0001",    "A domain may have one too many: `<=` for `<`.";
            LimitCountsSubdomains,            BOTH, "jar.limits.0012",    "A subdomain counts for its parent.";
            LimitCountsHostOnlyApart,         BOTH, "jar.limits.0013",    "Host-only cookies and those for the domain are counted apart.";

            // Eviction.
            EvictionMakesRoomBeforeChecks,    BOTH, "jar.limits.0010",    "A cookie is evicted for one that is then refused.";
            EvictionMakesRoomBeforeUpdate,    BOTH, "jar.limits.0025",    "A cookie is evicted for one that replaces another.";
            EvictionOfExpiredLast,            BOTH, "jar.limits.0009",    "An expired cookie goes last of all.";
            EvictionSparesSecureInOldProfile, OLD,  "jar.limits.0014",    "RFC 6265 is taken to spare Secure cookies.";
            EvictionSparesSecureInAll,        BOTH, "jar.limits.0020",    "Secure cookies are spared where all domains together are too full.";
            EvictionIgnoresSecure,            BIS,  "jar.limits.0014",    "Secure cookies are not spared.";
            EvictionOfSecureFirst,            BOTH, "jar.limits.0024",    "Secure cookies go first.";
            EvictionOfNewest,                 BOTH, "jar.limits.0001",    "The newest cookie goes, and the flood stays.";
            EvictionOfOldest,                 BOTH, "jar.limits.0003",    "The oldest cookie goes, used or not.";

            // The end of the session.
            SessionOnlyForgetsExpiry,         BOTH, "jar.policy.0010",    "With cookies for the session alone none expires before.";
            SessionOnlyKeepsPersistent,       BOTH, "jar.policy.0007",    "With cookies for the session alone persistent ones survive it.";
            RestartKeepsSessionCookies,       BOTH, "jar.session.0001",   "In-memory cookies survive the session, as in a browser that restores its tabs.";
            RestartLosesPersistentCookies,    BOTH, "jar.session.0002",   "Persistent cookies do not survive the session.";
            RestartLosesEmptyValues,          BOTH, "jar.session.0022",   "A cookie with an empty value is not read back.";
            RestartLosesNameless,             BIS,  "jar.session.0023",   "A cookie without a name is not read back.";
            RestartReversesOrder,             BOTH, "jar.order.0013",     "What is read back is in the opposite order.";
            RestartLosesSecure,               BOTH, "jar.session.0015",   "Secure is not written out.";
            RestartLosesHttpOnly,             BOTH, "jar.session.0016",   "HttpOnly is not written out: the Netscape file has no column for it.";
            RestartLosesHostOnly,             BOTH, "jar.session.0017",   "A host-only cookie is read back as one for the domain.";
            RestartMakesHostOnly,             BOTH, "jar.session.0018",   "A cookie for the domain is read back as host-only.";
            RestartLosesPath,                 BOTH, "jar.session.0019",   "The path is not written out.";
            RestartLosesSameSite,             BIS,  "jar.session.0020",   "SameSite is not written out: the Netscape file has no column for it.";
            RestartRenewsMaxAge,              BOTH, "jar.session.0005",   "What is written out is Max-Age, and it starts anew.";
            RestartWritesLossyUtf8,           BOTH, "jar.session.0021",   "Octets that are not UTF-8 are written out as U+FFFD.";
        }
    };
}
pub(crate) use replacing_faults;
