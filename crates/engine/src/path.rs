//! Paths and path-match: section 5.1.4.

use memchr::memrchr;

/// The default-path of a request whose URI has this path portion (no query, no fragment).
///
/// ```
/// use cookiespec_engine::path::default_path;
/// assert_eq!(default_path(b"/a/b"), b"/a");
/// assert_eq!(default_path(b"/a"), b"/");
/// ```
pub fn default_path(uri_path: &[u8]) -> &[u8] {
    if uri_path.first() != Some(&b'/') {
        return b"/";
    }
    match memrchr(b'/', uri_path) {
        None | Some(0) => b"/",
        Some(last_slash) => &uri_path[..last_slash],
    }
}

/// Does the request path path-match the cookie path?
///
/// Octets are compared as they are: no percent-decoding, no dot segments, case matters.
pub fn path_match(request_path: &[u8], cookie_path: &[u8]) -> bool {
    // Most cookies have this path, for which one octet decides.
    if cookie_path == b"/" {
        return request_path.first() == Some(&b'/');
    }
    match request_path.strip_prefix(cookie_path) {
        Some([]) => true,
        Some([next, ..]) => cookie_path.last() == Some(&b'/') || *next == b'/',
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_paths_of_the_text() {
        let cases: &[(&[u8], &[u8])] = &[
            (b"", b"/"),
            (b"no-slash", b"/"),
            (b"/", b"/"),
            (b"/a", b"/"),
            (b"/a/", b"/a"),
            (b"/a/b", b"/a"),
            (b"//a", b"/"),
            (b"/a//b", b"/a/"),
        ];
        for (path, want) in cases {
            assert_eq!(default_path(path), *want, "{}", path.escape_ascii());
        }
    }

    #[test]
    fn a_match_ends_at_a_segment() {
        assert!(path_match(b"/foo", b"/foo"));
        assert!(path_match(b"/foo/x", b"/foo"));
        assert!(path_match(b"/foo/x", b"/foo/"));
        assert!(path_match(b"/x", b"/"));
        assert!(!path_match(b"/foobar", b"/foo"));
        assert!(!path_match(b"/foo", b"/foo/"));
        assert!(!path_match(b"/Foo", b"/foo"));
        assert!(!path_match(b"/", b"/foo"));
    }
}
