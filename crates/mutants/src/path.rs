//! Paths: default-path and path-match, section 5.1.4.

use crate::fault::Fault;
use crate::octets::{percent_decoded, without_dot_segments};
use crate::rules::Rules;
use crate::uri::Uri;

impl Rules {
    /// The default-path of a request URI.
    pub(crate) fn default_path(self, uri: &Uri) -> Vec<u8> {
        let path =
            if self.is(Fault::DefaultPathWithQuery) { &uri.path_and_query } else { &uri.path };
        let path = if self.is(Fault::DefaultPathDecoded) { &percent_decoded(path) } else { path };
        let last_slash = path.iter().rposition(|&octet| octet == b'/');
        match last_slash {
            _ if self.is(Fault::DefaultPathAlwaysRoot) => b"/".to_vec(),
            None => b"/".to_vec(),
            _ if self.is(Fault::DefaultPathIsWholePath) => path.clone(),
            Some(at) if self.is(Fault::DefaultPathKeepsSlash) => path[..=at].to_vec(),
            Some(0) => b"/".to_vec(),
            Some(at) if self.is(Fault::DefaultPathLowerCased) => path[..at].to_ascii_lowercase(),
            Some(at) => path[..at].to_vec(),
        }
    }

    /// Does a request path path-match a cookie's path?
    pub(crate) fn path_match(self, request: &[u8], cookie: &[u8]) -> bool {
        let (request, cookie) = (self.compared_path(request), self.compared_path(cookie));
        let prefix = request.starts_with(&cookie);
        let boundary = cookie.ends_with(b"/") || request.get(cookie.len()) == Some(&b'/');
        if self.is(Fault::PathIgnored) {
            true
        } else if self.is(Fault::PathMatchExactOnly) {
            request == cookie
        } else if self.is(Fault::PathMatchReversed) && cookie.starts_with(&request) {
            true
        } else if self.is(Fault::PathPrefixWithoutBoundary) {
            prefix
        } else if self.is(Fault::PathSlashMatchesBareName) {
            request == cookie || prefix && boundary || [&request[..], b"/"].concat() == cookie
        } else if self.is(Fault::PathSlashCoversNothing) {
            request == cookie || prefix && request.get(cookie.len()) == Some(&b'/')
        } else if self.is(Fault::PathBoundaryByPunctuation) {
            let next = request.get(cookie.len());
            request == cookie
                || prefix && (boundary || !next.is_some_and(u8::is_ascii_alphanumeric))
        } else {
            request == cookie || prefix && boundary
        }
    }

    /// A path as it is compared: octet by octet, as it stands.
    fn compared_path(self, path: &[u8]) -> Vec<u8> {
        if self.is(Fault::PathMatchIgnoresCase) {
            path.to_ascii_lowercase()
        } else if self.is(Fault::PathMatchDecodes) {
            percent_decoded(path)
        } else if self.is(Fault::PathMatchRemovesDots) {
            without_dot_segments(path)
        } else if self.is(Fault::PathMatchMergesSlashes) {
            let mut merged = path.to_vec();
            merged.dedup_by(|a, b| *a == b'/' && *b == b'/');
            merged
        } else {
            path.to_vec()
        }
    }
}
