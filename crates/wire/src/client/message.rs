//! Requests as they are sent, and responses as they are received.

/// A request. Nothing in it is validated: CR and LF in a value end the field line, as they do on
/// the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The request-target: an absolute path with its query.
    pub target: String,
    /// The header fields in order. Host, Content-Length and Connection are added when the request
    /// is sent, the first two only if they are missing.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The content.
    pub body: Vec<u8>,
}

impl Request {
    /// A request with neither header fields nor content.
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            fields: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Appends a header field.
    pub fn field(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.fields.push((name.to_owned(), value.as_ref().to_vec()));
    }

    /// The octets that are sent. `host` is the value of the Host field, unless the request has one.
    pub(crate) fn to_octets(&self, host: &str, keep_alive: bool) -> Vec<u8> {
        let mut octets = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        let mut put = |name: &str, value: &[u8]| {
            octets.extend_from_slice(name.as_bytes());
            octets.extend_from_slice(b": ");
            octets.extend_from_slice(value);
            octets.extend_from_slice(b"\r\n");
        };
        if !self.has("host") {
            put("Host", host.as_bytes());
        }
        for (name, value) in &self.fields {
            put(name, value);
        }
        // A server may wait for the content of a method that has one (RFC 9110 section 8.6).
        let needs_length = !matches!(&*self.method, "GET" | "HEAD" | "OPTIONS");
        if (needs_length || !self.body.is_empty()) && !self.has("content-length") {
            put("Content-Length", self.body.len().to_string().as_bytes());
        }
        if !keep_alive {
            put("Connection", b"close");
        }
        octets.extend_from_slice(b"\r\n");
        octets.extend_from_slice(&self.body);
        octets
    }

    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }
}

/// A final response; interim responses (1xx except 101) are skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header fields in order, without the white space around their values.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The content, without the transfer coding.
    pub body: Vec<u8>,
}

impl Response {
    /// The values of all fields with this name, which is compared without regard to case.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let fields = self.fields.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| &value[..])
    }

    /// The value of the first field with this name.
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// The values of all fields with this name as one comma-separated list in lower case. Octets
    /// that are not UTF-8 are replaced.
    pub fn list(&self, name: &str) -> String {
        let values = self.all(name).map(|value| String::from_utf8_lossy(value).to_lowercase());
        values.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_octet_of_a_field_goes_out() {
        let mut request = Request::new("POST", "/a?b");
        request.field("cookie", b"\x00\x01\x7f\xff");
        request.body = b"x=1".to_vec();
        let octets = request.to_octets("h:1", false);
        let want = b"POST /a?b HTTP/1.1\r\nHost: h:1\r\ncookie: \x00\x01\x7f\xff\r\n\
            Content-Length: 3\r\nConnection: close\r\n\r\nx=1";
        assert_eq!(octets.escape_ascii().to_string(), want.escape_ascii().to_string());
    }

    #[test]
    fn a_host_of_its_own_takes_the_place_of_the_usual_one() {
        let mut request = Request::new("GET", "/");
        request.field("host", "other");
        assert_eq!(request.to_octets("h", true), b"GET / HTTP/1.1\r\nhost: other\r\n\r\n");
    }
}
