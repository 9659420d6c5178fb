//! Whether a cookie is stored: Secure, the name prefixes, and SameSite.

use super::{BOTH, Entry, RFC6265, RFC6265BIS, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // Disabled cookies, unknown attributes, deletions.
    entry(DisabledStillStores,               BOTH,       "jar.policy.0003",    "Cookies are stored although they are disabled."),
    entry(DisabledStillDeletes,              BOTH,       "jar.policy.0004",    "Cookies are deleted although cookies are disabled."),
    entry(DisabledStillSends,                BOTH,       "jar.policy.0002",    "Stored cookies are sent although cookies are disabled."),
    entry(UnknownAttributesAreCookies,       BOTH,       "jar.http-only.0017", "Unknown attributes are stored as further cookies, as in a Cookie field."),
    entry(ExpiredIgnored,                    BOTH,       "jar.update.0017",    "A cookie whose expiry-time is in the past is ignored, so that nothing is ever deleted."),
    entry(ExpiredStillCounts,                BOTH,       "jar.http-only.0021", "An expired cookie still has an effect on later ones until the next retrieval."),
    entry(CreationSurvivesDeletion,          BOTH,       "jar.update.0038",    "A cookie that is set again after its deletion keeps its old creation-time."),

    // Secure, and which connections are secure.
    entry(SecureFromHttpAccepted,            RFC6265BIS, "jar.secure.0010",    "Secure is accepted from http, as in RFC 6265."),
    entry(SecureFromHttpRefusedByOldProfile, RFC6265,    "jar.secure.0010",    "Secure is refused from http under RFC 6265 as well."),
    entry(SecureFromHttpStripped,            BOTH,       "jar.secure.0010",    "Secure from http is dropped, and the cookie kept."),
    entry(SecureSchemeCaseSensitive,         BOTH,       "jar.secure.0006",    "`HTTPS` in capitals is not secure."),
    entry(SecureByPort,                      BOTH,       "jar.secure.0008",    "http on port 443 is secure."),
    entry(SecureOnDefaultPortOnly,           BOTH,       "jar.secure.0007",    "https on another port is not secure."),
    entry(LocalhostAlwaysTrusted,            BOTH,       "jar.secure.0032",    "localhost is trusted although that is not configured."),
    entry(LocalhostNeverTrusted,             BOTH,       "jar.secure.0033",    "localhost is not trusted although that is configured."),
    entry(LocalhostBySuffix,                 BOTH,       "jar.secure.0035",    "A host that ends in `localhost` is localhost."),
    entry(LocalhostTrustCoversAll,           BOTH,       "jar.secure.0034",    "Where localhost is trusted, every host is."),

    // The protection of Secure cookies from insecure connections.
    entry(OverlayAccepted,                   RFC6265BIS, "jar.secure.0013",    "Secure cookies are not protected from http; `cookie_store` 0.22 does not protect them."),
    entry(OverlayRefusedByOldProfile,        RFC6265,    "jar.secure.0013",    "Secure cookies are protected from http under RFC 6265 as well."),
    entry(OverlayByScriptAccepted,           RFC6265BIS, "jar.secure.0030",    "A script on an http page may overwrite Secure cookies."),
    entry(OverlayByDeletionAccepted,         RFC6265BIS, "jar.secure.0014",    "A deletion over http deletes Secure cookies."),
    entry(OverlayRefusedOverHttps,           RFC6265BIS, "jar.secure.0026",    "Not even https may replace a Secure cookie with one without Secure."),
    entry(OverlayIgnoresName,                RFC6265BIS, "jar.secure.0023",    "One Secure cookie protects every name."),
    entry(OverlayIgnoresCase,                RFC6265BIS, "jar.secure.0024",    "Cookies whose names differ in case are protected as well."),
    entry(OverlayOfPlainCookieRefused,       RFC6265BIS, "jar.secure.0025",    "Cookies without Secure are protected as well."),
    entry(OverlayByPort,                     RFC6265BIS, "jar.secure.0029",    "A Secure cookie is protected only from responses of the port it came from."),
    entry(OverlayIgnoresDomain,              RFC6265BIS, "jar.secure.0021",    "A Secure cookie protects its name on every host."),
    entry(OverlayByParentAccepted,           RFC6265BIS, "jar.secure.0019",    "A cookie for the parent domain may shadow a Secure one."),
    entry(OverlayBySubdomainAccepted,        RFC6265BIS, "jar.secure.0020",    "A cookie of a subdomain may shadow a Secure one."),
    entry(OverlayOfHostOnlyAccepted,         RFC6265BIS, "jar.secure.0022",    "A host-only Secure cookie is not protected from cookies of the subdomains."),
    entry(OverlayIgnoresPath,                RFC6265BIS, "jar.secure.0017",    "A Secure cookie protects its name under every path."),
    entry(OverlayPathReversed,               RFC6265BIS, "jar.secure.0015",    "The two paths are compared the wrong way round."),
    entry(OverlayPathBothWays,               RFC6265BIS, "jar.secure.0016",    "A cookie with a shorter path is refused as well."),
    entry(OverlayPathExact,                  RFC6265BIS, "jar.secure.0015",    "A longer path may shadow a Secure cookie."),
    entry(OverlayPathByPrefix,               RFC6265BIS, "jar.secure.0018",    "`/loginhelp` counts as a path below `/login`."),

    // Name prefixes.
    entry(PrefixesKnownToOldProfile,         RFC6265,    "jar.prefix.0001",    "The name prefixes are enforced under RFC 6265 as well."),
    entry(PrefixAllowsDeletion,              RFC6265BIS, "jar.prefix.0012",    "A deletion need not meet the conditions of the prefix."),
    entry(PrefixMimicryAccepted,             RFC6265BIS, "jar.prefix.0031",    "A nameless cookie whose value begins like a prefix is accepted: it is sent like a cookie with that prefix."),
    entry(PrefixOfAnyValueRefused,           RFC6265BIS, "jar.prefix.0035",    "A value may never begin like a prefix, even if the cookie has a name."),
    entry(PrefixSecureUnchecked,             RFC6265BIS, "jar.prefix.0001",    "The conditions of `__Secure-` are not checked."),
    entry(PrefixHttpEnforced,                RFC6265BIS, "jar.prefix.0036",    "`__Http-` needs HttpOnly, as in layered-cookies."),
    entry(PrefixHostWithoutPathAccepted,     RFC6265BIS, "jar.prefix.0017",    "`__Host-` needs no Path where the default-path is `/`."),
    entry(PrefixHostWithDomainAccepted,      RFC6265BIS, "jar.prefix.0015",    "`__Host-` may have a Domain."),
    entry(PrefixHostWithAnyPathAccepted,     RFC6265BIS, "jar.prefix.0018",    "`__Host-` may have any Path."),
    entry(PrefixHostWithoutSecureAccepted,   RFC6265BIS, "jar.prefix.0014",    "`__Host-` needs no Secure."),
    entry(PrefixHostNeedsHttpOnly,           RFC6265BIS, "jar.prefix.0013",    "`__Host-` needs HttpOnly."),
    entry(PrefixHostUnchecked,               RFC6265BIS, "jar.prefix.0014",    "The conditions of `__Host-` are not checked."),
    entry(PrefixWithoutHyphen,               RFC6265BIS, "jar.prefix.0008",    "The prefixes end before their hyphen: `__Secured` has one."),
    entry(PrefixAnywhere,                    RFC6265BIS, "jar.prefix.0009",    "A prefix is recognized anywhere in the name."),
    entry(PrefixCaseSensitive,               RFC6265BIS, "jar.prefix.0004",    "`__SeCuRe-` is not a prefix, although many servers treat it as one."),

    // SameSite: which cookies another site may set.
    entry(CrossSiteStoresAll,                RFC6265BIS, "jar.same-site.0032", "Subresources of another site may set SameSite cookies."),
    entry(CrossSiteStoresNothing,            RFC6265BIS, "jar.same-site.0034", "Subresources of another site may not set SameSite=None cookies either."),
    entry(CrossSiteTopLevelStoresNothing,    RFC6265BIS, "jar.same-site.0055", "A top-level navigation from another site may not set SameSite cookies."),
    entry(CrossSiteStrictNotStored,          RFC6265BIS, "jar.same-site.0035", "A top-level navigation from another site may not set Strict cookies."),
    entry(CrossSiteScriptSets,               RFC6265BIS, "jar.same-site.0043", "A script in another site's frame may set SameSite cookies."),
    entry(CrossSiteTopLevelScriptSets,       RFC6265BIS, "jar.same-site.0052", "A script that belongs to a top-level navigation may set SameSite cookies."),
    entry(SameSiteNoneWithoutSecureAccepted, RFC6265BIS, "jar.same-site.0017", "SameSite=None needs no Secure."),
];
