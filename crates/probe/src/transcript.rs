//! The requests of a check and their responses, and the commands that repeat them.

use std::fmt::{self, Display};

use cookiespec_vectors::Octets;
use cookiespec_wire::{Request, Response};
use serde::{Deserialize, Serialize};

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
        let answer = outcome.as_ref().ok().map(|response| RecordedResponse {
            status: response.status,
            fields: octets(&response.fields),
            body: response.body[..response.body.len().min(SHOWN_BODY)].to_vec().into(),
        });
        Self {
            client,
            origin,
            method: request.method.clone(),
            target: request.target.clone(),
            fields: octets(&request.fields),
            body: request.body.clone().into(),
            answer,
            error: outcome.as_ref().err().map(ToString::to_string),
        }
    }
}

fn octets(fields: &[(String, Vec<u8>)]) -> Vec<(String, Octets)> {
    fields.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect()
}

impl Transcript {
    pub(crate) fn push(&mut self, exchange: Exchange) {
        if self.exchanges.len() == KEPT {
            // The first exchanges show the setup, the last ones what led to the verdict.
            self.exchanges.remove(KEPT / 2);
            self.omitted += 1;
        }
        self.exchanges.push(exchange);
    }

    /// Empties the transcript, and returns its exchanges and the number of those left out.
    pub(crate) fn take(&mut self) -> (Vec<Exchange>, usize) {
        (std::mem::take(&mut self.exchanges), std::mem::take(&mut self.omitted))
    }
}

/// The `curl` command that repeats the request of an exchange, as one line of printable ASCII. It
/// sends the recorded cookies: if they have expired since, the requests before it have to be
/// repeated as well.
#[derive(Clone, Copy, Debug)]
pub struct Curl<'a>(pub &'a Exchange);

impl Display for Curl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Exchange { origin, method, target, fields, body, .. } = self.0;
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
/// The most octets that are kept of the content of a response.
const SHOWN_BODY: usize = 4 << 10;

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
}
