//! Which cookies are sent, in which order, and how they are written.

use super::{BOTH, Entry, RFC6265BIS, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // Which cookies are sent, and what counts as a use.
    entry(CookieFieldAlwaysSent,         BOTH,       "jar.domain.0002",    "A request without cookies carries an empty Cookie field."),
    entry(ExpiredStillSent,              BOTH,       "jar.lifetime.0002",  "Expired cookies are sent until something else removes them."),
    entry(ExpirySlides,                  BOTH,       "jar.lifetime.0053",  "Each use of a cookie begins its lifetime anew, as for a session on a server."),
    entry(SecureSentOverHttp,            BOTH,       "jar.secure.0001",    "Secure cookies are sent over http."),
    entry(IsolationByScheme,             BOTH,       "jar.domain.0047",    "A cookie is only sent to the scheme it came from."),
    entry(IsolationByPort,               BOTH,       "jar.domain.0046",    "A cookie is only sent to the port it came from."),
    entry(HttpOnlyHiddenFromHttp,        BOTH,       "jar.http-only.0001", "HttpOnly cookies are not even sent over HTTP."),
    entry(HttpOnlyShownToScript,         BOTH,       "jar.http-only.0001", "Scripts can read HttpOnly cookies."),
    entry(RetrievalIsNoUse,              BOTH,       "jar.limits.0003",    "Sending a cookie does not set its last-access-time."),
    entry(RetrievalByScriptIsNoUse,      BOTH,       "jar.limits.0004",    "Reading a cookie by a script does not set its last-access-time."),
    entry(RetrievalUsesWholeDomain,      BOTH,       "jar.limits.0003",    "A request sets the last-access-time of every cookie of its host."),

    // SameSite: which cookies another site causes to be sent.
    entry(StrictNotSentBelowTopLevel,    RFC6265BIS, "jar.same-site.0014", "Strict cookies are sent with top-level navigations only, even within the site."),
    entry(DefaultSentLikeNone,           RFC6265BIS, "jar.same-site.0001", "A cookie without SameSite is always sent, as before 6265bis; Firefox and Safari still do this."),
    entry(DefaultSentLikeStrict,         RFC6265BIS, "jar.same-site.0002", "A cookie without SameSite is treated as Strict."),
    entry(LaxSentLikeStrict,             RFC6265BIS, "jar.same-site.0006", "Lax is treated as Strict."),
    entry(LaxSentLikeNone,               RFC6265BIS, "jar.same-site.0005", "Lax is treated as None."),
    entry(StrictSentLikeLax,             RFC6265BIS, "jar.same-site.0012", "Strict is treated as Lax."),
    entry(StrictSentLikeNone,            RFC6265BIS, "jar.same-site.0013", "Strict is treated as None."),
    entry(CrossSiteScriptReads,          RFC6265BIS, "jar.same-site.0041", "A script in another site's frame can read Lax cookies."),
    entry(CrossSiteTopLevelScriptReads,  RFC6265BIS, "jar.same-site.0051", "A script that belongs to a top-level navigation can read Lax cookies."),
    entry(LaxSentBelowTopLevel,          RFC6265BIS, "jar.same-site.0005", "Lax cookies are sent with subresources of another site."),
    entry(LaxSentWithAnyMethod,          RFC6265BIS, "jar.same-site.0007", "Lax cookies are sent with a POST from another site."),
    entry(MethodsSafeButPost,            RFC6265BIS, "jar.same-site.0009", "Every method except POST is safe."),
    entry(MethodsSafeIsGetOnly,          RFC6265BIS, "jar.same-site.0008", "No method except GET is safe."),
    entry(MethodsUnknownAreSafe,         RFC6265BIS, "jar.same-site.0010", "An unknown method is safe."),
    entry(LaxUnsafeCoversSubresources,   RFC6265BIS, "jar.same-site.0049", "Lax-allowing-unsafe applies to subresources as well."),
    entry(LaxUnsafeFromLastUpdate,       RFC6265BIS, "jar.same-site.0050", "The time of Lax-allowing-unsafe begins anew with every update."),
    entry(LaxUnsafeForEver,              RFC6265BIS, "jar.same-site.0047", "Lax-allowing-unsafe does not end after its two minutes."),
    entry(LaxUnsafeCoversLax,            RFC6265BIS, "jar.same-site.0048", "Lax-allowing-unsafe applies to cookies with SameSite=Lax as well."),

    // The order of the cookies.
    entry(OrderOfCreationOnly,           BOTH,       "jar.order.0001",     "Cookies are sent in the order of creation, whatever their paths."),
    entry(OrderOfLastUse,                BOTH,       "jar.order.0007",     "Among equally long paths the cookie that was used longest ago comes first."),
    entry(OrderOfLastUpdate,             BOTH,       "jar.order.0007",     "Cookies are sent in the order of the list, which an update changes."),
    entry(OrderOfShorterPaths,           BOTH,       "jar.order.0001",     "Shorter paths come first."),
    entry(OrderOfNewestFirst,            BOTH,       "jar.order.0002",     "Among equally long paths the newest cookie comes first."),
    entry(OrderOfNames,                  BOTH,       "jar.order.0002",     "Cookies are sent in the order of their names, as from a sorted map."),
    entry(OrderOfHashes,                 BOTH,       "jar.order.0004",     "Cookies are sent in the order of a hash map; `cookie_store` 0.22 does this."),
    entry(OrderOfSegments,               BOTH,       "jar.order.0006",     "The length of a path is the number of its segments, as in layered-cookies: `/` and `/foo` are equal."),
    entry(OrderOfNamedSegments,          BOTH,       "jar.order.0005",     "The length of a path is the number of its nonempty segments: `/foo` and `/foo/` are equal."),
    entry(OrderOfDomains,                BOTH,       "jar.order.0010",     "Among equally long paths the longer domain comes first."),
    entry(OrderOfHostOnlyFirst,          BOTH,       "jar.order.0010",     "Among equally long paths host-only cookies come first."),

    // The cookie-string.
    entry(PairsSeparatedWithoutBlank,    BOTH,       "jar.pair.0003",      "Pairs are separated by `;` without a blank."),
    entry(PairsSeparatedByComma,         BOTH,       "jar.pair.0003",      "Pairs are separated by a comma."),
    entry(PairsFollowVersion,            BOTH,       "jar.pair.0001",      "`$Version` comes first, as in RFC 2965."),
    entry(PairsEndWithSemicolon,         BOTH,       "jar.pair.0001",      "A `;` follows the last pair."),
    entry(PairOfNamelessWithEquals,      RFC6265BIS, "jar.pair.0033",      "A cookie without a name is sent with `=`."),
    entry(PairOfEmptyValueWithoutEquals, BOTH,       "jar.pair.0019",      "A cookie with an empty value is sent without `=`."),
    entry(PairQuoted,                    BOTH,       "jar.pair.0005",      "A value that is not a token is sent in quotes, as in RFC 2109."),
];
