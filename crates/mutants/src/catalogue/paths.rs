//! Default-path and path-match, section 5.1.4 of RFC 6265.

use super::{BOTH, Entry, entry};
use crate::mutant::Mutant::*;

/// One row for each mutant: its name, the profiles under which it is wrong, the case that is meant to
/// catch it, and what it does wrong.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    // Default-path.
    entry(DefaultPathWithQuery,      BOTH, "path.default.0012", "The query counts towards the default-path."),
    entry(DefaultPathDecoded,        BOTH, "path.default.0019", "Percent sequences in the default-path are decoded."),
    entry(DefaultPathAlwaysRoot,     BOTH, "path.default.0004", "The default-path is `/`."),
    entry(DefaultPathIsWholePath,    BOTH, "path.default.0003", "The default-path is the complete path of the request, with its last segment."),
    entry(DefaultPathKeepsSlash,     BOTH, "path.default.0005", "The default-path keeps its last slash, as in RFC 2109."),
    entry(DefaultPathLowerCased,     BOTH, "path.default.0018", "The default-path is lower-cased."),

    // Path-match.
    entry(PathIgnored,               BOTH, "path.match.0011",   "Every path matches."),
    entry(PathMatchExactOnly,        BOTH, "path.match.0004",   "A path matches itself only, and nothing below it."),
    entry(PathMatchReversed,         BOTH, "path.match.0010",   "A path matches the paths above it as well."),
    entry(PathPrefixWithoutBoundary, BOTH, "path.match.0006",   "`/foo` matches `/foobar`, as in RFC 2109."),
    entry(PathSlashMatchesBareName,  BOTH, "path.match.0012",   "`/foo/` matches `/foo`, as it once did in layered-cookies."),
    entry(PathSlashCoversNothing,    BOTH, "path.match.0013",   "`/foo/` does not match `/foo/bar`."),
    entry(PathBoundaryByPunctuation, BOTH, "path.match.0007",   "`/foo` matches `/foo-bar`: any punctuation counts as a boundary."),
    entry(PathMatchIgnoresCase,      BOTH, "path.match.0016",   "Paths are compared without regard to case."),
    entry(PathMatchDecodes,          BOTH, "path.match.0017",   "Paths are decoded before they are compared."),
    entry(PathMatchRemovesDots,      BOTH, "path.match.0020",   "Dot segments are removed before paths are compared."),
    entry(PathMatchMergesSlashes,    BOTH, "path.match.0023",   "Several slashes count as one when paths are compared."),
    entry(PathMatchWithQuery,        BOTH, "jar.path.0020",     "The query counts towards the path of the request."),
    entry(PathOfBareHostEmpty,       BOTH, "jar.path.0019",     "A request without a path has an empty path instead of `/`."),
    entry(PathMustCoverRequest,      BOTH, "jar.path.0025",     "A cookie whose Path does not match the request is ignored, as in RFC 2109."),
];
