//! A request path and, after a line feed, a cookie path: matched as the naive twin does it.

use cookiespec_engine::Uri;
use cookiespec_engine::path::{default_path, path_match};
use cookiespec_engine_model::twin;
use cookiespec_vectors::Suite;
use cookiespec_vectors::operation::Operation;

use crate::two_parts;

/// Holds it, and that a path is found again in a URI.
pub fn holds(octets: &[u8]) {
    let (path, cookie_path) = two_parts(octets);
    assert_eq!(path_match(path, cookie_path), twin::path::path_match(path, cookie_path));
    assert!(path_match(path, path), "a path does not match itself");
    let default = default_path(path);
    assert_eq!(default, twin::path::default_path(path));
    if path.starts_with(b"/") {
        assert!(path_match(path, default), "a path does not match its default-path");
    }
    // Appended to a URI, the path ends at its query or fragment, and nothing else ends it.
    if path.starts_with(b"/") {
        let text = [b"http://site.test", path].concat();
        let uri = Uri::parse(&text).expect("a URI");
        let end = path.iter().position(|octet| b"?#".contains(octet)).unwrap_or(path.len());
        assert_eq!((uri.host(), uri.path()), (&b"site.test"[..], &path[..end]));
    }
}

/// Every path of the suite.
pub fn seeds(suite: &Suite) -> Vec<Vec<u8>> {
    let paths = suite.cases().iter().filter_map(|case| match case.operation() {
        Operation::MatchPath(request) => {
            Some([request.path.as_slice(), b"\n", request.cookie_path.as_slice()].concat())
        }
        Operation::DefaultPath(request) => {
            Uri::parse(request.uri.as_slice()).ok().map(|uri| uri.path().to_vec())
        }
        _ => None,
    });
    paths.collect()
}
