//! Paths.

/// Adds these faults to the table, and hands it on to the next part.
macro_rules! path_faults {
    ($next:ident $(, $later:ident)* => $($row:tt)*) => {
        $next! { $($later),* => $($row)*
            // Default-path.
            DefaultPathWithQuery,      BOTH, "path.default.0012", "The query counts towards the default-path.";
            DefaultPathDecoded,        BOTH, "path.default.0019", "Percent sequences in the default-path are decoded.";
            DefaultPathAlwaysRoot,     BOTH, "path.default.0004", "The default-path is `/`.";
            DefaultPathIsWholePath,    BOTH, "path.default.0003", "The default-path is the path of the request, page and all.";
            DefaultPathKeepsSlash,     BOTH, "path.default.0005", "The default-path keeps its last slash, as RFC 2109 had it.";
            DefaultPathLowerCased,     BOTH, "path.default.0018", "The default-path is lower-cased.";

            // Path-match.
            PathIgnored,               BOTH, "path.match.0011",   "Every path matches.";
            PathMatchExactOnly,        BOTH, "path.match.0004",   "A path matches itself and nothing below it.";
            PathMatchReversed,         BOTH, "path.match.0010",   "A path matches the pages above it, too.";
            PathPrefixWithoutBoundary, BOTH, "path.match.0006",   "`/foo` matches `/foobar`, as RFC 2109 had it.";
            PathSlashMatchesBareName,  BOTH, "path.match.0012",   "`/foo/` matches `/foo`, as layered-cookies once had it.";
            PathSlashCoversNothing,    BOTH, "path.match.0013",   "`/foo/` does not match `/foo/bar`.";
            PathBoundaryByPunctuation, BOTH, "path.match.0007",   "`/foo` matches `/foo-bar`, where a word ends.";
            PathMatchIgnoresCase,      BOTH, "path.match.0016",   "Paths are compared without regard to case.";
            PathMatchDecodes,          BOTH, "path.match.0017",   "Paths are decoded before they are compared.";
            PathMatchRemovesDots,      BOTH, "path.match.0020",   "Dot segments are removed before paths are compared.";
            PathMatchMergesSlashes,    BOTH, "path.match.0023",   "Several slashes count as one.";
            PathMatchWithQuery,        BOTH, "jar.path.0020",     "The query counts towards the path of the request.";
            PathOfBareHostEmpty,       BOTH, "jar.path.0019",     "A request without a path has an empty one, and not `/`.";
            PathMustCoverRequest,      BOTH, "jar.path.0025",     "A Path that does not cover the request loses the cookie, as RFC 2109 had it.";
        }
    };
}
pub(crate) use path_faults;
