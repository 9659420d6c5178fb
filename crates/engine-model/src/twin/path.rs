//! RFC 6265 and 6265bis section 5.1.4: paths and path-match.

/// The default-path for the path portion of a request-uri (1), which is empty where there is none.
pub fn default_path(uri_path: &[u8]) -> Vec<u8> {
    // 2
    if uri_path.is_empty() || uri_path[0] != b'/' {
        return b"/".to_vec();
    }
    // 3
    if uri_path.iter().filter(|&&octet| octet == b'/').count() <= 1 {
        return b"/".to_vec();
    }
    // 4
    let right_most = uri_path.iter().rposition(|&octet| octet == b'/').expect("it has two");
    uri_path[..right_most].to_vec()
}

/// Whether `request_path` path-matches `cookie_path`.
pub fn path_match(request_path: &[u8], cookie_path: &[u8]) -> bool {
    let identical = cookie_path == request_path;
    let prefix = request_path.starts_with(cookie_path);
    let prefix_that_ends_in_slash = prefix && cookie_path.last() == Some(&b'/');
    let prefix_before_slash = prefix && request_path.get(cookie_path.len()) == Some(&b'/');
    identical || prefix_that_ends_in_slash || prefix_before_slash
}
