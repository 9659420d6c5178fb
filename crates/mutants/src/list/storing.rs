//! What is stored.

/// Adds these faults to the table, and hands it on to the next part.
macro_rules! storing_faults {
    ($next:ident $(, $later:ident)* => $($row:tt)*) => {
        $next! { $($later),* => $($row)*
            // Whether at all.
            DisabledStillStores,               BOTH, "jar.policy.0003",            "With cookies disabled they are stored all the same.";
            DisabledStillDeletes,              BOTH, "jar.policy.0004",            "With cookies disabled a deletion deletes all the same.";
            DisabledStillSends,                BOTH, "jar.policy.0002",            "With cookies disabled stored ones are sent all the same.";
            UnknownAttributesAreCookies,       BOTH, "jar.http-only.0017",         "Attributes nobody knows are further cookies, as in a Cookie field.";
            PathFirstWins,                     BOTH, "set-cookie.attributes.0047", "Of several Path the first counts.";
            SameSiteFirstWins,                 BIS,  "set-cookie.attributes.0078", "Of several SameSite the first counts.";
            ExpiredIgnored,                    BOTH, "jar.update.0017",            "A cookie in the past is ignored, so that nothing is ever deleted.";
            ExpiredStillCounts,                BOTH, "jar.http-only.0021",         "An expired cookie counts until somebody looks.";
            CreationSurvivesDeletion,          BOTH, "jar.update.0038",            "A deleted cookie that is set again is as old as it was.";

            // Secure.
            SecureFromHttpAccepted,            BIS,  "jar.secure.0010",            "Secure is accepted from http, as RFC 6265 has it.";
            SecureFromHttpRefusedByOldProfile, OLD,  "jar.secure.0010",            "RFC 6265 is taken to refuse Secure from http.";
            SecureFromHttpStripped,            BOTH, "jar.secure.0010",            "Secure from http is dropped, and the cookie kept.";
            SecureSchemeCaseSensitive,         BOTH, "jar.secure.0006",            "`HTTPS` in capitals is not secure.";
            SecureByPort,                      BOTH, "jar.secure.0008",            "http on port 443 is secure.";
            SecureOnDefaultPortOnly,           BOTH, "jar.secure.0007",            "https on another port is not secure.";
            LocalhostAlwaysTrusted,            BOTH, "jar.secure.0032",            "localhost is trusted although nobody said so.";
            LocalhostNeverTrusted,             BOTH, "jar.secure.0033",            "localhost is not trusted although it is to be.";
            LocalhostBySuffix,                 BOTH, "jar.secure.0035",            "A host that ends in `localhost` is localhost.";
            LocalhostTrustCoversAll,           BOTH, "jar.secure.0034",            "Where localhost is trusted, every host is.";

            // The protection of Secure cookies.
            OverlayAccepted,                   BIS,  "jar.secure.0013",            "Secure cookies are not protected from http; `cookie_store` 0.22 does not.";
            OverlayRefusedByOldProfile,        OLD,  "jar.secure.0013",            "RFC 6265 is taken to protect Secure cookies from http.";
            OverlayByScriptAccepted,           BIS,  "jar.secure.0030",            "A script on an http page may overwrite Secure cookies.";
            OverlayByDeletionAccepted,         BIS,  "jar.secure.0014",            "A deletion over http deletes Secure cookies.";
            OverlayRefusedOverHttps,           BIS,  "jar.secure.0026",            "Not even https may replace a Secure cookie with a plain one.";
            OverlayIgnoresName,                BIS,  "jar.secure.0023",            "One Secure cookie protects every name.";
            OverlayIgnoresCase,                BIS,  "jar.secure.0024",            "Names that differ in case are protected, too.";
            OverlayOfPlainCookieRefused,       BIS,  "jar.secure.0025",            "Cookies without Secure are protected, too.";
            OverlayByPort,                     BIS,  "jar.secure.0029",            "A Secure cookie is protected from its own port alone.";
            OverlayIgnoresDomain,              BIS,  "jar.secure.0021",            "Secure cookies of any host protect a name.";
            OverlayByParentAccepted,           BIS,  "jar.secure.0019",            "A cookie for the parent domain may shadow a Secure one.";
            OverlayBySubdomainAccepted,        BIS,  "jar.secure.0020",            "A cookie of a subdomain may shadow a Secure one.";
            OverlayOfHostOnlyAccepted,         BIS,  "jar.secure.0022",            "A host-only Secure cookie protects its own host alone.";
            OverlayIgnoresPath,                BIS,  "jar.secure.0017",            "A Secure cookie protects its name under every path.";
            OverlayPathReversed,               BIS,  "jar.secure.0015",            "The two paths are compared the wrong way round.";
            OverlayPathBothWays,               BIS,  "jar.secure.0016",            "A shorter path is refused, too.";
            OverlayPathExact,                  BIS,  "jar.secure.0015",            "A longer path may shadow a Secure cookie.";
            OverlayPathByPrefix,               BIS,  "jar.secure.0018",            "`/loginhelp` counts as a path below `/login`.";

            // Prefixes.
            PrefixesKnownToOldProfile,         OLD,  "jar.prefix.0001",            "RFC 6265 is taken to know the prefixes.";
            PrefixAllowsDeletion,              BIS,  "jar.prefix.0012",            "A deletion need not keep what the prefix promises.";
            PrefixMimicryAccepted,             BIS,  "jar.prefix.0031",            "A nameless cookie may begin like a prefix: it is sent like one.";
            PrefixOfAnyValueRefused,           BIS,  "jar.prefix.0035",            "No value may begin like a prefix.";
            PrefixSecureUnchecked,             BIS,  "jar.prefix.0001",            "`__Secure-` promises nothing.";
            PrefixHttpEnforced,                BIS,  "jar.prefix.0036",            "`__Http-` needs HttpOnly, as in layered-cookies.";
            PrefixHostWithoutPathAccepted,     BIS,  "jar.prefix.0017",            "`__Host-` needs no Path where the default-path is `/`.";
            PrefixHostWithDomainAccepted,      BIS,  "jar.prefix.0015",            "`__Host-` may have a Domain.";
            PrefixHostWithAnyPathAccepted,     BIS,  "jar.prefix.0018",            "`__Host-` may have any Path.";
            PrefixHostWithoutSecureAccepted,   BIS,  "jar.prefix.0014",            "`__Host-` needs no Secure.";
            PrefixHostNeedsHttpOnly,           BIS,  "jar.prefix.0013",            "`__Host-` needs HttpOnly.";
            PrefixHostUnchecked,               BIS,  "jar.prefix.0014",            "`__Host-` promises nothing.";
            PrefixWithoutHyphen,               BIS,  "jar.prefix.0008",            "The prefixes have no hyphen: `__Secured` is one.";
            PrefixAnywhere,                    BIS,  "jar.prefix.0009",            "A prefix counts wherever it stands in the name.";
            PrefixCaseSensitive,               BIS,  "jar.prefix.0004",            "`__SeCuRe-` is no prefix, though many a server takes it for one.";

            // From another site.
            CrossSiteStoresAll,                BIS,  "jar.same-site.0032",         "Another site's subresources may set SameSite cookies.";
            CrossSiteStoresNothing,            BIS,  "jar.same-site.0034",         "Another site's subresources may not set None cookies either.";
            CrossSiteTopLevelStoresNothing,    BIS,  "jar.same-site.0055",         "A link from another site may not set SameSite cookies.";
            CrossSiteStrictNotStored,          BIS,  "jar.same-site.0035",         "A link from another site may not set Strict cookies.";
            CrossSiteScriptSets,               BIS,  "jar.same-site.0043",         "A script in another site's frame may set SameSite cookies.";
            CrossSiteTopLevelScriptSets,       BIS,  "jar.same-site.0052",         "A script that belongs to a top-level navigation may set SameSite cookies.";
            SameSiteNoneWithoutSecureAccepted, BIS,  "jar.same-site.0017",         "SameSite=None needs no Secure.";
        }
    };
}
pub(crate) use storing_faults;
