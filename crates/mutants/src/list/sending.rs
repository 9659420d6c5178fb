//! What is sent.

/// Adds these faults to the table, and hands it on to the next part.
macro_rules! sending_faults {
    ($next:ident $(, $later:ident)* => $($row:tt)*) => {
        $next! { $($later),* => $($row)*
            // Whether at all.
            CookieFieldAlwaysSent,         BOTH, "jar.domain.0002",    "A request without cookies carries an empty Cookie field.";
            ExpiredStillSent,              BOTH, "jar.lifetime.0002",  "Expired cookies are sent until somebody cleans up.";
            ExpirySlides,                  BOTH, "jar.lifetime.0053",  "Each use of a cookie begins its lifetime anew, as a session's on the server.";
            SecureSentOverHttp,            BOTH, "jar.secure.0001",    "Secure cookies are sent over http.";
            IsolationByScheme,             BOTH, "jar.domain.0047",    "A cookie goes back to the scheme it came from.";
            IsolationByPort,               BOTH, "jar.domain.0046",    "A cookie goes back to the port it came from.";
            HttpOnlyHiddenFromHttp,        BOTH, "jar.http-only.0001", "HttpOnly cookies are not even sent over HTTP.";
            HttpOnlyShownToScript,         BOTH, "jar.http-only.0001", "Scripts see HttpOnly cookies.";
            RetrievalIsNoUse,              BOTH, "jar.limits.0003",    "To be sent is no use of the cookie.";
            RetrievalByScriptIsNoUse,      BOTH, "jar.limits.0004",    "To be read by a script is no use of the cookie.";
            RetrievalUsesWholeDomain,      BOTH, "jar.limits.0003",    "A request counts as a use of every cookie of its host.";

            // SameSite.
            StrictNotSentBelowTopLevel,    BIS,  "jar.same-site.0014", "Strict cookies are sent with top-level navigations alone, even within the site.";
            DefaultSentLikeNone,           BIS,  "jar.same-site.0001", "A cookie without SameSite is sent everywhere, as before 6265bis; Firefox and Safari still do.";
            DefaultSentLikeStrict,         BIS,  "jar.same-site.0002", "A cookie without SameSite is treated as Strict.";
            LaxSentLikeStrict,             BIS,  "jar.same-site.0006", "Lax is treated as Strict.";
            LaxSentLikeNone,               BIS,  "jar.same-site.0005", "Lax is treated as None.";
            StrictSentLikeLax,             BIS,  "jar.same-site.0012", "Strict is treated as Lax.";
            StrictSentLikeNone,            BIS,  "jar.same-site.0013", "Strict is treated as None.";
            CrossSiteScriptReads,          BIS,  "jar.same-site.0041", "A script in another site's frame sees Lax cookies.";
            CrossSiteTopLevelScriptReads,  BIS,  "jar.same-site.0051", "A script that belongs to a top-level navigation sees Lax cookies.";
            LaxSentBelowTopLevel,          BIS,  "jar.same-site.0005", "Lax cookies are sent with subresources of another site.";
            LaxSentWithAnyMethod,          BIS,  "jar.same-site.0007", "Lax cookies are sent with a POST from another site.";
            MethodsSafeButPost,            BIS,  "jar.same-site.0009", "Every method but POST is safe.";
            MethodsSafeIsGetOnly,          BIS,  "jar.same-site.0008", "No method but GET is safe.";
            MethodsUnknownAreSafe,         BIS,  "jar.same-site.0010", "A method nobody knows is safe.";
            LaxUnsafeCoversSubresources,   BIS,  "jar.same-site.0049", "Lax-allowing-unsafe lets fresh cookies go with subresources.";
            LaxUnsafeFromLastUpdate,       BIS,  "jar.same-site.0050", "Lax-allowing-unsafe begins anew with every update.";
            LaxUnsafeForEver,              BIS,  "jar.same-site.0047", "Lax-allowing-unsafe does not end after its two minutes.";
            LaxUnsafeCoversLax,            BIS,  "jar.same-site.0048", "Lax-allowing-unsafe covers cookies that say Lax.";

            // The order.
            OrderOfCreationOnly,           BOTH, "jar.order.0001",     "Cookies are sent in the order they came, whatever their paths.";
            OrderOfLastUse,                BOTH, "jar.order.0007",     "Among equal paths the cookie that was used longest ago comes first.";
            OrderOfLastUpdate,             BOTH, "jar.order.0007",     "Cookies are sent in the order of the list, which an update changes.";
            OrderOfShorterPaths,           BOTH, "jar.order.0001",     "Shorter paths come first.";
            OrderOfNewestFirst,            BOTH, "jar.order.0002",     "Among equal paths the newest comes first.";
            OrderOfNames,                  BOTH, "jar.order.0002",     "Cookies are sent in the order of their names, as from a sorted map.";
            OrderOfHashes,                 BOTH, "jar.order.0004",     "Cookies are sent in the order of a hash map; `cookie_store` 0.22 does.";
            OrderOfSegments,               BOTH, "jar.order.0006",     "The length of a path is the number of its segments, as in layered-cookies: `/` and `/foo` tie.";
            OrderOfNamedSegments,          BOTH, "jar.order.0005",     "The length of a path is the number of its names: `/foo` and `/foo/` tie.";
            OrderOfDomains,                BOTH, "jar.order.0010",     "Among equal paths the longer domain comes first.";
            OrderOfHostOnlyFirst,          BOTH, "jar.order.0010",     "Among equal paths host-only cookies come first.";

            // The cookie-string.
            PairsSeparatedWithoutBlank,    BOTH, "jar.pair.0003",      "Pairs are separated by `;` without a blank.";
            PairsSeparatedByComma,         BOTH, "jar.pair.0003",      "Pairs are separated by a comma.";
            PairsFollowVersion,            BOTH, "jar.pair.0001",      "`$Version` comes first, as in RFC 2965.";
            PairsEndWithSemicolon,         BOTH, "jar.pair.0001",      "A `;` stands behind the last pair.";
            PairOfNamelessWithEquals,      BIS,  "jar.pair.0033",      "A cookie without a name is sent with `=`.";
            PairOfEmptyValueWithoutEquals, BOTH, "jar.pair.0019",      "A cookie with an empty value is sent without `=`.";
            PairQuoted,                    BOTH, "jar.pair.0005",      "A value that is no token is sent in quotes, as RFC 2109 had it.";
        }
    };
}
pub(crate) use sending_faults;
