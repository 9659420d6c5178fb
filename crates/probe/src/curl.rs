//! An exchange as a command that anybody can run.

use std::fmt::{self, Display};

use cookiespec_vectors::Octets;

use crate::transcript::Exchange;

/// The `curl` command that sends the request of an exchange once more, as one line of printable
/// ASCII. The cookies are those of then: where they have ended in the meantime, the whole
/// transcript has to be replayed.
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
        for (name, value) in fields.iter().filter(|(name, _)| !is_usual(name)) {
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

/// What curl says by itself, or what does not matter.
fn is_usual(name: &str) -> bool {
    ["accept", "user-agent"].iter().any(|usual| name.eq_ignore_ascii_case(usual))
}

/// A word of a shell: in single quotes, or in those of bash that know escapes.
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
