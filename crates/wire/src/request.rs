//! A request, as it goes out.

/// A request. Nothing in it is checked: CR and LF in a value end the field, as on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The request-target: an absolute path with its query.
    pub target: String,
    /// The header fields in order, without Host, Content-Length and Connection.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The content.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without fields of its own and without content.
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            fields: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Adds a header field.
    pub fn field(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.fields.push((name.to_owned(), value.as_ref().to_vec()));
    }

    /// The octets that go out. `host` is the value of the Host field, unless the request has one.
    pub(crate) fn to_octets(&self, host: &str, keeps_alive: bool) -> Vec<u8> {
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
        let wants_length = !matches!(&*self.method, "GET" | "HEAD" | "OPTIONS");
        if (wants_length || !self.body.is_empty()) && !self.has("content-length") {
            put("Content-Length", self.body.len().to_string().as_bytes());
        }
        if !keeps_alive {
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
