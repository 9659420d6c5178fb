//! Request URIs, default-path and path-match; section 5.1.4.

use cookiespec_vectors::{Octets, OperationResult, Refusal};

use super::octets::{percent_decoded, without_dot_segments};
use super::rules::Rules;
use crate::mutant::Mutant;

/// The parts of a request URI that cookies depend on. Query and fragment are not in the path.
#[derive(Clone, Debug)]
pub(crate) struct Uri {
    /// In lower case.
    pub(crate) scheme: Vec<u8>,
    pub(crate) host: Vec<u8>,
    /// Empty if there is none.
    pub(crate) port: Vec<u8>,
    pub(crate) path: Vec<u8>,
    /// The path and everything after it.
    pub(crate) path_and_query: Vec<u8>,
    /// The scheme as it is written.
    pub(crate) written_scheme: Vec<u8>,
}

impl Uri {
    pub(crate) fn parse(uri: &Octets) -> OperationResult<Self> {
        Self::split(uri.as_slice())
            .ok_or_else(|| Refusal::error(format!("not a request URI: {uri}")))
    }

    fn split(uri: &[u8]) -> Option<Self> {
        let colon = uri.windows(3).position(|it| it == b"://").filter(|&at| at > 0)?;
        let rest = &uri[colon + 3..];
        let ends = |octets: &[u8], set: &[u8]| octets.iter().position(|it| set.contains(it));
        let (authority, path_and_query) = rest.split_at(ends(rest, b"/?#").unwrap_or(rest.len()));
        let path_end = ends(path_and_query, b"?#").unwrap_or(path_and_query.len());
        let host_port = authority.rsplit(|&octet| octet == b'@').next()?;
        let literal = host_port.iter().rposition(|&octet| octet == b']').map_or(0, |at| at + 1);
        let port = ends(&host_port[literal..], b":").map_or(host_port.len(), |at| literal + at);
        let (host, port) = host_port.split_at(port);
        (!host.is_empty()).then(|| Self {
            scheme: uri[..colon].to_ascii_lowercase(),
            host: host.to_vec(),
            port: port.to_vec(),
            path: path_and_query[..path_end].to_vec(),
            path_and_query: path_and_query.to_vec(),
            written_scheme: uri[..colon].to_vec(),
        })
    }
}

impl Rules {
    /// The default-path of a request URI.
    pub(crate) fn default_path(self, uri: &Uri) -> Vec<u8> {
        let path =
            if self.is(Mutant::DefaultPathWithQuery) { &uri.path_and_query } else { &uri.path };
        let path = if self.is(Mutant::DefaultPathDecoded) { &percent_decoded(path) } else { path };
        let last_slash = path.iter().rposition(|&octet| octet == b'/');
        match last_slash {
            _ if self.is(Mutant::DefaultPathAlwaysRoot) => b"/".to_vec(),
            None => b"/".to_vec(),
            _ if self.is(Mutant::DefaultPathIsWholePath) => path.clone(),
            Some(at) if self.is(Mutant::DefaultPathKeepsSlash) => path[..=at].to_vec(),
            Some(0) => b"/".to_vec(),
            Some(at) if self.is(Mutant::DefaultPathLowerCased) => path[..at].to_ascii_lowercase(),
            Some(at) => path[..at].to_vec(),
        }
    }

    /// Whether a request path path-matches the path of a cookie.
    pub(crate) fn path_match(self, request: &[u8], cookie: &[u8]) -> bool {
        let (request, cookie) = (self.compared_path(request), self.compared_path(cookie));
        let prefix = request.starts_with(&cookie);
        let boundary = cookie.ends_with(b"/") || request.get(cookie.len()) == Some(&b'/');
        if self.is(Mutant::PathIgnored) {
            true
        } else if self.is(Mutant::PathMatchExactOnly) {
            request == cookie
        } else if self.is(Mutant::PathMatchReversed) && cookie.starts_with(&request) {
            true
        } else if self.is(Mutant::PathPrefixWithoutBoundary) {
            prefix
        } else if self.is(Mutant::PathSlashMatchesBareName) {
            request == cookie || prefix && boundary || [&request[..], b"/"].concat() == cookie
        } else if self.is(Mutant::PathSlashCoversNothing) {
            request == cookie || prefix && request.get(cookie.len()) == Some(&b'/')
        } else if self.is(Mutant::PathBoundaryByPunctuation) {
            let next = request.get(cookie.len());
            request == cookie
                || prefix && (boundary || !next.is_some_and(u8::is_ascii_alphanumeric))
        } else {
            request == cookie || prefix && boundary
        }
    }

    /// A path in the form in which it is compared: octet by octet, without decoding.
    fn compared_path(self, path: &[u8]) -> Vec<u8> {
        if self.is(Mutant::PathMatchIgnoresCase) {
            path.to_ascii_lowercase()
        } else if self.is(Mutant::PathMatchDecodes) {
            percent_decoded(path)
        } else if self.is(Mutant::PathMatchRemovesDots) {
            without_dot_segments(path)
        } else if self.is(Mutant::PathMatchMergesSlashes) {
            let mut merged = path.to_vec();
            merged.dedup_by(|a, b| *a == b'/' && *b == b'/');
            merged
        } else {
            path.to_vec()
        }
    }
}
