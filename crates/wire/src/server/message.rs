//! What a user agent sent, and what it is answered.

use std::time::SystemTime;

use crate::scheme::Scheme;

/// Decides what every origin answers.
pub trait Responder: Send + Sync + 'static {
    /// The response to one request.
    ///
    /// It is called on the threads of the server, for several connections at once. One that waits
    /// keeps its thread, of which there are [`Options::threads`](super::Options::threads). A panic
    /// closes the connection without a response.
    fn respond(&self, request: &Received) -> Reply;
}

impl<F: Fn(&Received) -> Reply + Send + Sync + 'static> Responder for F {
    fn respond(&self, request: &Received) -> Reply {
        self(request)
    }
}

/// A request as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The method, in the case in which it was sent.
    pub method: String,
    /// The scheme of the origin: of the URI in absolute form, otherwise that of the connection.
    pub scheme: Scheme,
    /// The host of the origin in lower case; an IPv6 literal keeps its brackets.
    pub host: String,
    /// The port of the origin.
    pub port: u16,
    /// Path and query as they were sent; octets that are not UTF-8 are replaced.
    pub target: String,
    /// The version of HTTP that the request was sent in.
    pub version: HttpVersion,
    /// The field lines in the order in which they came, without the white space around a value that
    /// does not belong to it (RFC 9110 section 5.5). Lines of one name are not joined.
    ///
    /// In HTTP/1.1 a value is every octet of the line, control octets included, and a folded line
    /// keeps the line breaks in it. In HTTP/2, lines of one name stand together at the place of the
    /// first.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The head octet for octet as it came, up to and including the empty line; empty in HTTP/2,
    /// where a head is compressed.
    pub head: Vec<u8>,
    /// The content, without the transfer coding.
    pub body: Vec<u8>,
    /// Which TCP connection it came on, counted from 1. What is inside a tunnel has the number of
    /// the connection that the tunnel is in.
    pub connection: u64,
    /// Whether it came through TLS.
    pub tls: bool,
    /// When the head was complete.
    pub at: SystemTime,
}

impl Received {
    /// The values of all field lines of this name, which is compared without regard to case.
    pub fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let fields = self.fields.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| &value[..])
    }

    /// The URI that was requested; the default port of the scheme is left out.
    pub fn uri(&self) -> String {
        let Self { scheme, host, port, .. } = self;
        // The URI of `OPTIONS *` has no path (RFC 9112 section 3.3).
        let target = if self.target == "*" { "" } else { &self.target };
        if *port == scheme.default_port() {
            format!("{scheme}://{host}{target}")
        } else {
            format!("{scheme}://{host}:{port}{target}")
        }
    }
}

/// The version of HTTP that a request was sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HttpVersion {
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1.
    Http11,
    /// HTTP/2.
    Http2,
}

/// A response.
///
/// What HTTP needs beyond the fields given here is added where a field of that name is missing:
/// Date, Cache-Control (`no-store`), and in HTTP/1.1 Content-Length or Transfer-Encoding, and
/// Connection.
///
/// Field values go out octet for octet in HTTP/1.1, also where HTTP does not allow them: control
/// octets, line breaks, folded lines. HTTP/2 has no octets for a name or value that is not
/// allowed, and for a raw response; the request is then refused with HTTP_1_1_REQUIRED
/// (RFC 9113 section 7), upon which a client may repeat it in HTTP/1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The field lines in order.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The content. It is not sent to HEAD, nor with the status codes 204 and 304.
    pub body: Vec<u8>,
    /// Interim responses (1xx), sent first. HTTP/1.0 has none.
    pub interim: Vec<Interim>,
    /// The fields after the content. HTTP/1.0 has none.
    pub trailers: Vec<(String, Vec<u8>)>,
    /// The Date field.
    pub date: DateField,
    /// All octets of the response, in place of everything else; the connection ends after them.
    pub raw: Option<Vec<u8>>,
}

impl Reply {
    /// A response with this status code and nothing else.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            fields: Vec::new(),
            body: Vec::new(),
            interim: Vec::new(),
            trailers: Vec::new(),
            date: DateField::Now,
            raw: None,
        }
    }

    /// These octets, and then the end of the connection.
    pub fn raw(octets: impl Into<Vec<u8>>) -> Self {
        Self { raw: Some(octets.into()), ..Self::new(0) }
    }

    /// Appends a field line.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the content.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The fields that every version of HTTP adds.
    pub(super) fn added_fields(
        &self,
        now: SystemTime,
    ) -> impl Iterator<Item = (&'static str, String)> {
        let time = match self.date {
            DateField::Now => Some(now),
            DateField::At(time) => Some(time),
            DateField::None => None,
        };
        let is_expressible = |time: &SystemTime| {
            time.duration_since(SystemTime::UNIX_EPOCH)
                .is_ok_and(|since| since.as_secs() < SECONDS_UNTIL_10000)
        };
        let date = time.filter(is_expressible).map(|time| ("Date", httpdate::fmt_http_date(time)));
        let caching = Some(("Cache-Control", "no-store".to_owned()));
        date.into_iter().chain(caching).filter(|(name, _)| !self.has(name))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }
}

/// An interim response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interim {
    /// The status code, from 100 to 199.
    pub status: u16,
    /// The field lines in order.
    pub fields: Vec<(String, Vec<u8>)>,
}

/// The Date field of a response (RFC 9110 section 6.6.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateField {
    /// The time at which the response is sent.
    #[default]
    Now,
    /// This time. The field is left out before 1970 and after 9999, which it cannot express.
    At(SystemTime),
    /// None.
    None,
}

/// The first second that no date of HTTP can express, after 1970.
const SECONDS_UNTIL_10000: u64 = 253_402_300_800;
