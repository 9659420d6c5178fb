//! What a browser sends and the engine would not, or the other way round.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};

use cookiespec_engine::Received;
use cookiespec_engine::set_cookie::Ignored;
use cookiespec_report::Escaped;
use serde::Serialize;

/// A cookie that only one of the two sends, or that both send with different values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The step in which it was seen first.
    pub step: String,
    /// The request in which it was seen first, as method and URI.
    pub request: String,
    /// How many requests had it.
    pub count: usize,
    /// The cookie.
    pub cookie: Cookie,
    /// The last Set-Cookie field for this name, and what the engine did with it.
    pub set_cookie: Option<(String, String)>,
    /// Whether a script of the application may have caused it: the cookie is not HttpOnly, so that
    /// scripts can change and remove it, and the engine runs none.
    pub may_be_script: bool,
}

/// The values of a cookie; `None` where it is not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// The values in the Cookie field of the browser.
    pub browser: Vec<String>,
    /// The values in the Cookie field that the engine would send.
    pub engine: Vec<String>,
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cookie { name, browser, engine } = &self.cookie;
        let name = Escaped(name);
        match (&browser[..], &engine[..]) {
            (_, []) => write!(f, "the browser sends {name} and the engine does not")?,
            ([], _) => write!(f, "the engine sends {name} and the browser does not")?,
            _ => write!(f, "browser and engine send different values of {name}")?,
        }
        write!(f, ", in {}", Escaped(&self.request))
    }
}

/// What is known of the last Set-Cookie field for a name.
#[derive(Clone, Debug)]
pub(super) struct Known {
    line: Vec<u8>,
    outcome: Result<Received, Ignored>,
}

impl Known {
    pub(super) fn new(line: Vec<u8>, outcome: Result<Received, Ignored>) -> Self {
        Self { line, outcome }
    }

    fn shown(&self) -> (String, String) {
        let outcome = match &self.outcome {
            Ok(Received::Inserted) => "stored".to_owned(),
            Ok(Received::Replaced) => "stored in place of the older one".to_owned(),
            Ok(Received::Expired) => "removed: it had expired on arrival".to_owned(),
            Err(ignored) => format!("ignored: {ignored}"),
        };
        (text(&self.line), outcome)
    }

    fn is_http_only(&self) -> bool {
        let line = self.line.to_ascii_lowercase();
        line.split(|octet| *octet == b';').skip(1).any(|part| part.trim_ascii() == b"httponly")
    }
}

/// The pairs of a Cookie field: names, and the values that each has, in order.
pub(super) fn pairs(field: &[u8]) -> BTreeMap<Vec<u8>, Vec<Vec<u8>>> {
    let mut pairs: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for pair in field.split(|octet| *octet == b';') {
        let pair = pair.trim_ascii();
        if pair.is_empty() {
            continue;
        }
        let (name, value) = match pair.iter().position(|octet| *octet == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (&b""[..], pair),
        };
        pairs.entry(name.to_vec()).or_default().push(value.to_vec());
    }
    for values in pairs.values_mut() {
        values.sort_unstable();
    }
    pairs
}

/// The cookies in which two Cookie fields differ. Order is not compared: it depends on times of
/// creation that are finer than the two share.
pub(super) fn differences(browser: &[u8], engine: &[u8]) -> Vec<(Vec<u8>, Cookie)> {
    let [mut browser, mut engine] = [browser, engine].map(pairs);
    let names: BTreeSet<_> = browser.keys().chain(engine.keys()).cloned().collect();
    let mut found = Vec::new();
    for name in names {
        let [browser, engine] =
            [&mut browser, &mut engine].map(|pairs| pairs.remove(&name).unwrap_or_default());
        if browser != engine {
            let shown = |values: Vec<Vec<u8>>| values.iter().map(|value| text(value)).collect();
            let cookie =
                Cookie { name: text(&name), browser: shown(browser), engine: shown(engine) };
            found.push((name, cookie));
        }
    }
    found
}

impl Difference {
    /// A difference that is seen for the first time.
    pub(super) fn new(
        (step, request): (&str, String),
        cookie: Cookie,
        known: Option<&Known>,
    ) -> Self {
        Self {
            step: step.to_owned(),
            request,
            count: 1,
            cookie,
            set_cookie: known.map(Known::shown),
            may_be_script: known.is_none_or(|known| !known.is_http_only()),
        }
    }

    /// Whether this is the same cookie on the same side.
    pub(super) fn is_like(&self, cookie: &Cookie) -> bool {
        let sides = |cookie: &Cookie| (!cookie.browser.is_empty(), !cookie.engine.is_empty());
        self.cookie.name == cookie.name && sides(&self.cookie) == sides(cookie)
    }
}

/// Octets of a field as text.
fn text(octets: &[u8]) -> String {
    octets.iter().map(|octet| char::from(*octet)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_compared_by_their_cookies_and_not_by_their_order() {
        assert_eq!(differences(b"a=1; b=2; a=0", b"a=0; a=1; b=2"), []);
        let found = differences(b"a=1; b=2; c", b"a=1; b=3; d=");
        let names: Vec<_> = found.iter().map(|(name, _)| &name[..]).collect();
        assert_eq!(names, [&b""[..], b"b", b"d"]);
        let sides: Vec<_> =
            found.iter().map(|(_, it)| (it.browser.len(), it.engine.len())).collect();
        assert_eq!(sides, [(1, 0), (1, 1), (0, 1)]);
    }

    #[test]
    fn a_script_can_change_what_is_not_http_only() {
        let known = |line: &str| Known::new(line.into(), Ok(Received::Inserted));
        let cookie =
            || Cookie { name: "a".to_owned(), browser: Vec::new(), engine: vec!["1".to_owned()] };
        let of =
            |known: Option<&Known>| Difference::new(("login", "GET /".into()), cookie(), known);
        assert!(!of(Some(&known("a=1; Path=/; httpOnly"))).may_be_script);
        assert!(of(Some(&known("a=HttpOnly"))).may_be_script);
        assert!(of(None).may_be_script);
        let difference = of(Some(&known("a=1")));
        assert_eq!(difference.to_string(), "the engine sends a and the browser does not, in GET /");
        assert_eq!(difference.set_cookie, Some(("a=1".to_owned(), "stored".to_owned())));
    }
}
