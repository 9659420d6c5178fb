//! The requests of a check and their responses, and the commands that repeat them.

use std::fmt::{self, Display};

use cookiespec_report::shortened;
use cookiespec_vectors::Octets;
use cookiespec_wire::{Request, Response};
use serde::{Deserialize, Serialize};

use crate::evidence::{self, Cut, NOTE};

/// A request and its response.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// The number of the client; each browser has its own.
    pub client: u32,
    /// The origin, `http://host:port`.
    pub origin: String,
    /// The method.
    pub method: String,
    /// The request-target.
    pub target: String,
    /// The header fields.
    pub fields: Vec<(String, Octets)>,
    /// The content.
    pub body: Octets,
    /// The response; `None` if there was none.
    pub answer: Option<RecordedResponse>,
    /// Why there was no response.
    pub error: Option<String>,
    /// The parts of which only the start was kept; usually none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<Cut>,
}

/// A response in a transcript.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct RecordedResponse {
    /// The status code.
    pub status: u16,
    /// The header fields.
    pub fields: Vec<(String, Octets)>,
    /// The first octets of the content, at most 4 KiB.
    pub body: Octets,
}

/// The exchanges of one check: the first and the last ones.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    exchanges: Vec<Exchange>,
    /// The size of these.
    octets: usize,
    /// The number of exchanges left out between them.
    omitted: usize,
}

impl Exchange {
    pub(crate) fn new(
        client: u32,
        origin: String,
        request: &Request,
        outcome: &Result<Response, cookiespec_wire::Error>,
    ) -> Self {
        let mut cut = Vec::new();
        let target = request.target.as_bytes();
        let target = evidence::octets("request target", target, KEPT_TARGET, &mut cut);
        let fields = evidence::fields("request fields", &request.fields, KEPT_FIELDS, &mut cut);
        let body = evidence::octets("request body", &request.body, KEPT_BODY, &mut cut);
        let answer = outcome.as_ref().ok().map(|response| RecordedResponse {
            status: response.status,
            fields: evidence::fields("response fields", &response.fields, KEPT_FIELDS, &mut cut),
            body: evidence::octets("response body", &response.body, KEPT_BODY, &mut cut),
        });
        Self {
            client,
            origin,
            method: request.method.clone(),
            target: String::from_utf8_lossy(target.as_slice()).into_owned(),
            fields,
            body,
            answer,
            error: outcome.as_ref().err().map(|error| shortened(error.to_string(), NOTE)),
            cut,
        }
    }

    /// About how much memory it takes, in octets.
    fn size(&self) -> usize {
        let fields = |fields: &[(String, Octets)]| -> usize {
            fields.iter().map(|(name, value)| name.len() + value.as_slice().len()).sum()
        };
        let answer = self.answer.as_ref();
        let answer = answer.map_or(0, |it| fields(&it.fields) + it.body.as_slice().len());
        let request = self.method.len() + self.target.len() + self.body.as_slice().len();
        request + fields(&self.fields) + answer + size_of::<Self>()
    }

    /// The part of the request that was cut, if any.
    fn cut_request(&self) -> Option<&Cut> {
        self.cut.iter().find(|cut| cut.part.starts_with("request"))
    }
}

impl Transcript {
    pub(crate) fn push(&mut self, exchange: Exchange) {
        self.octets += exchange.size();
        self.exchanges.push(exchange);
        while self.exchanges.len() > KEPT || (self.octets > KEPT_OCTETS && self.exchanges.len() > 2)
        {
            // The first exchanges show the setup, the last ones what led to the verdict.
            let removed = self.exchanges.remove((self.exchanges.len() - 1) / 2);
            self.octets -= removed.size();
            self.omitted += 1;
        }
    }

    /// Empties the transcript, and returns its exchanges and the number of those left out.
    pub(crate) fn take(&mut self) -> (Vec<Exchange>, usize) {
        let Self { exchanges, omitted, .. } = std::mem::take(self);
        (exchanges, omitted)
    }
}

/// The `curl` command that repeats the request of an exchange, as one line of printable ASCII. It
/// sends the recorded cookies: if they have expired since, the requests before it have to be
/// repeated as well. A request of which only the start was kept cannot be repeated, and the line is
/// a comment that says so.
#[derive(Clone, Copy, Debug)]
pub struct Curl<'a>(pub &'a Exchange);

impl Display for Curl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Exchange { origin, method, target, fields, body, .. } = self.0;
        if let Some(Cut { part, octets, sha256 }) = self.0.cut_request() {
            let (method, uri) = (Quoted(method.as_bytes()), format!("{origin}{target}"));
            let uri = Quoted(uri.as_bytes());
            return write!(
                f,
                "# not a command: the {part} of {method} {uri} has {octets} octets, SHA-256 {sha256}"
            );
        }
        f.write_str("curl -sS ")?;
        match &**method {
            "HEAD" => f.write_str("-I")?,
            "GET" => f.write_str("-i")?,
            _ => write!(f, "-i -X {}", Quoted(method.as_bytes()))?,
        }
        for (name, value) in fields.iter().filter(|(name, _)| !is_default(name)) {
            let field = match value.as_slice() {
                // curl leaves out a field without a value unless it ends in a semicolon.
                b"" => format!("{name};").into_bytes(),
                value => [name.as_bytes(), b": ", value].concat(),
            };
            write!(f, " -H {}", Quoted(&field))?;
        }
        if !body.as_slice().is_empty() {
            write!(f, " --data-raw {}", Quoted(body.as_slice()))?;
        }
        write!(f, " {}", Quoted(format!("{origin}{target}").as_bytes()))
    }
}

/// Whether curl sends the field itself, or the field does not matter.
fn is_default(name: &str) -> bool {
    ["accept", "user-agent"].iter().any(|default| name.eq_ignore_ascii_case(default))
}

/// A word for a shell: in single quotes, or in the `$'…'` quotes of bash, which have escapes.
struct Quoted<'a>(&'a [u8]);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.iter().all(|&octet| matches!(octet, b' '..=b'~') && octet != b'\'') {
            return write!(f, "'{}'", Octets::from(self.0.to_vec()).to_isomorphic());
        }
        f.write_str("$'")?;
        for &octet in self.0 {
            match octet {
                b'\'' | b'\\' => write!(f, "\\{}", char::from(octet))?,
                b' '..=b'~' => write!(f, "{}", char::from(octet))?,
                _ => write!(f, "\\x{octet:02x}")?,
            }
        }
        f.write_str("'")
    }
}

/// The most exchanges that are kept of a check.
const KEPT: usize = 200;
/// The most octets of exchanges that are kept of a check, if there are more than two.
const KEPT_OCTETS: usize = 256 << 10;
/// The most octets that are kept of a request-target.
const KEPT_TARGET: usize = 2 << 10;
/// The most octets that are kept of the header fields of a request or a response.
const KEPT_FIELDS: usize = 16 << 10;
/// The most octets that are kept of the content of a request or a response.
const KEPT_BODY: usize = 4 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(method: &str, field: &[u8], body: &[u8]) -> Exchange {
        Exchange {
            client: 1,
            origin: "http://127.0.0.1:1".to_owned(),
            method: method.to_owned(),
            target: "/a?b=c".to_owned(),
            fields: vec![("Cookie".to_owned(), field.to_vec().into())],
            body: body.to_vec().into(),
            answer: None,
            error: None,
            cut: Vec::new(),
        }
    }

    #[test]
    fn a_command_has_every_octet_and_no_other() {
        let curl = |exchange: &Exchange| Curl(exchange).to_string();
        assert_eq!(
            curl(&exchange("GET", b"a=b", b"")),
            "curl -sS -i -H 'Cookie: a=b' 'http://127.0.0.1:1/a?b=c'"
        );
        assert_eq!(
            curl(&exchange("POST", b"a='\x01\xff\\", b"x=1")),
            "curl -sS -i -X 'POST' -H $'Cookie: a=\\'\\x01\\xff\\\\' --data-raw 'x=1' \
             'http://127.0.0.1:1/a?b=c'"
        );
    }

    /// The exchange in which a browser with 200 cookies of 4 kB gets them all again.
    fn huge() -> Exchange {
        let mut request = Request::new("GET", "/me");
        request.field("Cookie", vec![b'a'; 800_000]);
        let line = |nth| ("Set-Cookie".to_owned(), format!("c{nth}={}", "x".repeat(4_000)));
        let fields = (0..200).map(line).map(|(name, value)| (name, value.into_bytes()));
        let response = Response { status: 200, fields: fields.collect(), body: vec![b'b'; 9_000] };
        Exchange::new(1, "http://127.0.0.1:1".to_owned(), &request, &Ok(response))
    }

    #[test]
    fn what_is_kept_of_an_exchange_and_of_a_check_is_bounded() {
        let exchange = huge();
        let parts: Vec<_> = exchange.cut.iter().map(|cut| (&*cut.part, cut.octets)).collect();
        assert_eq!(parts[0], ("request fields", 800_010));
        assert_eq!(parts[1..], [("response fields", 803_690), ("response body", 9_000)]);
        assert!(exchange.size() < 40 << 10, "{}", exchange.size());
        let mut transcript = Transcript::default();
        for client in 0..300 {
            transcript.push(Exchange { client, ..exchange.clone() });
        }
        let (kept, omitted) = transcript.take();
        assert_eq!(kept.len() + omitted, 300);
        assert!(kept.iter().map(Exchange::size).sum::<usize>() <= KEPT_OCTETS);
        assert!(kept.len() > 4);
        assert_eq!((kept[0].client, kept[kept.len() - 1].client), (0, 299));
        let (none, omitted) = transcript.take();
        assert_eq!((none.len(), omitted), (0, 0));
    }

    #[test]
    fn a_request_that_was_cut_is_not_shown_as_a_command() {
        let shown = Curl(&huge()).to_string();
        assert!(shown.starts_with("# not a command: the request fields of 'GET' 'http"), "{shown}");
        assert!(shown.len() < 300, "{shown}");
    }
}
