//! The parts of a request URI that cookies depend on.

use cookiespec_vectors::{Octets, OperationResult, Refusal};

/// A request URI taken apart. Query and fragment are no part of the path.
#[derive(Clone, Debug)]
pub(crate) struct Uri {
    /// In lower case.
    pub(crate) scheme: Vec<u8>,
    pub(crate) host: Vec<u8>,
    /// Empty where it is not written.
    pub(crate) port: Vec<u8>,
    pub(crate) path: Vec<u8>,
    /// The path and whatever stands behind it.
    pub(crate) path_and_query: Vec<u8>,
    /// The scheme as it is written.
    pub(crate) written_scheme: Vec<u8>,
}

impl Uri {
    pub(crate) fn parse(uri: &Octets) -> OperationResult<Self> {
        Self::split(uri.as_slice()).ok_or_else(|| Refusal::error(format!("no request URI: {uri}")))
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
