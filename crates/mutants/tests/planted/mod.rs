//! Small implementations, each with one bug of a kind that was published for real libraries.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cookiespec_fuzzing::Executor;
use cookiespec_mutants::MutantImplementation;
use cookiespec_report::{Outcome, ShimFailure};
use cookiespec_vectors::operation::{Context, FormatSetCookie, JarConfig, ParseCookie, Sent};
use cookiespec_vectors::{
    Implementation, ImplementationInfo, Jar, Octets, Operation, OperationResult, Profile, Refusal,
    Verdict, ask,
};

pub(crate) type Pair = (Octets, Octets);

fn about(can: &[&str]) -> ImplementationInfo {
    ImplementationInfo {
        can: can.iter().map(|&word| word.to_owned()).collect(),
        ..ImplementationInfo::default()
    }
}

/// Reads Cookie fields, one line at a time.
pub(crate) struct Reader(pub(crate) fn(&[u8]) -> OperationResult<Vec<Pair>>);

impl Implementation for Reader {
    fn about(&self) -> ImplementationInfo {
        about(&["parse.cookie"])
    }

    fn parse_cookie(&mut self, input: &ParseCookie) -> OperationResult<Vec<Pair>> {
        let lines = input.cookie.iter().map(|line| (self.0)(line.as_slice()));
        Ok(lines.collect::<OperationResult<Vec<_>>>()?.into_iter().flatten().collect())
    }
}

/// The pairs between these separators, as user agents read them.
fn pairs(line: &[u8], is_separator: fn(u8) -> bool) -> Vec<Pair> {
    let parts = line.split(|octet| is_separator(*octet)).map(<[u8]>::trim_ascii);
    parts.filter(|part| !part.is_empty()).map(pair).collect()
}

fn pair(part: &[u8]) -> Pair {
    match part.iter().position(|octet| *octet == b'=') {
        Some(at) => (part[..at].trim_ascii().into(), part[at + 1..].trim_ascii().into()),
        None => ("".into(), part.into()),
    }
}

fn semicolons(line: &[u8]) -> Vec<Pair> {
    pairs(line, |octet| octet == b';')
}

/// A blank ends a pair as well.
pub(crate) fn splits_at_blanks(line: &[u8]) -> OperationResult<Vec<Pair>> {
    Ok(pairs(line, |octet| b"; ".contains(&octet)))
}

/// Drops all pairs if one name is not a token.
pub(crate) fn gives_up_at_odd_names(line: &[u8]) -> OperationResult<Vec<Pair>> {
    let pairs = semicolons(line);
    let is_plain = |octet: &u8| octet.is_ascii_alphanumeric() || b"-_.$".contains(octet);
    let is_fine = |(name, _): &Pair| name.as_slice().iter().all(is_plain);
    Ok(if pairs.iter().all(is_fine) { pairs } else { Vec::new() })
}

/// Decodes names in the same way as values.
pub(crate) fn decodes_names(line: &[u8]) -> OperationResult<Vec<Pair>> {
    let decoded = |name: &Octets| -> Octets {
        let text = String::from_utf8_lossy(name.as_slice()).into_owned();
        let decoded = (0x20_u8..0x7f).fold(text, |text, octet| {
            let plain = char::from(octet).to_string();
            text.replace(&format!("%{octet:02X}"), &plain).replace(&format!("%{octet:02x}"), &plain)
        });
        decoded.as_str().into()
    };
    Ok(semicolons(line).iter().map(|(name, value)| (decoded(name), value.clone())).collect())
}

/// Skips an equals sign in front of a name.
pub(crate) fn skips_equals_signs(line: &[u8]) -> OperationResult<Vec<Pair>> {
    let parts = line.split(|octet| *octet == b';').map(<[u8]>::trim_ascii);
    let named = parts.map(|part| part.strip_prefix(b"=").unwrap_or(part));
    Ok(named.filter(|part| !part.is_empty()).map(pair).collect())
}

/// Trims a no-break space like a blank.
pub(crate) fn trims_more_than_blanks(line: &[u8]) -> OperationResult<Vec<Pair>> {
    let trimmed = |(name, value): Pair| {
        let name = name.as_slice();
        (name.strip_prefix(b"\xa0").unwrap_or(name).into(), value)
    };
    Ok(semicolons(line).into_iter().map(trimmed).collect())
}

/// Does not split inside quotation marks.
pub(crate) fn quotes_protect(line: &[u8]) -> OperationResult<Vec<Pair>> {
    let mut is_quoted = false;
    let parts = line.split(|octet| {
        is_quoted ^= *octet == b'"';
        *octet == b';' && !is_quoted
    });
    Ok(parts.map(<[u8]>::trim_ascii).filter(|part| !part.is_empty()).map(pair).collect())
}

/// Fails if the percent-encoding of a value is malformed.
pub(crate) fn fails_to_decode(line: &[u8]) -> OperationResult<Vec<Pair>> {
    let pairs = semicolons(line);
    let is_malformed = |(_, value): &Pair| {
        let after = |at| value.as_slice().get(at + 1..at + 3);
        let mut signs = (0..value.as_slice().len()).filter(|at| value.as_slice()[*at] == b'%');
        signs.any(|at| !after(at).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)))
    };
    if pairs.iter().any(is_malformed) {
        return Err(Refusal::error("URIError: URI malformed"));
    }
    Ok(pairs)
}

/// Serialises every value unchanged.
pub(crate) struct Writer;

impl Implementation for Writer {
    fn about(&self) -> ImplementationInfo {
        about(&["format.set-cookie"])
    }

    fn format_set_cookie(&mut self, input: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        let mut line = [input.name.as_slice(), b"=", input.value.as_slice()].concat();
        for (attribute, value) in [("; Path=", &input.path), ("; Domain=", &input.domain)] {
            let Some(value) = value else { continue };
            line.extend_from_slice(&[attribute.as_bytes(), value.as_slice()].concat());
        }
        Ok(Some(line.into()))
    }
}

/// Only the jar of an implementation, so that all cases are about it.
pub(crate) struct Store(pub(crate) MutantImplementation);

impl Implementation for Store {
    fn about(&self) -> ImplementationInfo {
        about(&["jar"])
    }

    fn jar(&mut self, now: i64, config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        self.0.jar(now, config)
    }
}

/// A store whose table of hosts has one entry in common with all other stores, as with JavaScript's
/// prototypes.
pub(crate) struct Polluted {
    right: MutantImplementation,
    common: Arc<Mutex<Option<Octets>>>,
}

impl Polluted {
    pub(crate) fn new() -> Self {
        Self { right: MutantImplementation::new(None, Profile::Rfc6265bis), common: Arc::default() }
    }
}

impl Implementation for Polluted {
    fn about(&self) -> ImplementationInfo {
        about(&["jar"])
    }

    fn jar(&mut self, now: i64, config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        Ok(Box::new(PollutedJar {
            right: self.right.jar(now, config)?,
            common: Arc::clone(&self.common),
        }))
    }
}

struct PollutedJar {
    right: Box<dyn Jar>,
    common: Arc<Mutex<Option<Octets>>>,
}

fn is_common(uri: &Octets) -> bool {
    uri.as_slice().windows(11).any(|window| window == b"//__proto__")
}

impl Jar for PollutedJar {
    fn receive(
        &mut self,
        uri: &Octets,
        lines: &[Octets],
        context: &Context,
    ) -> OperationResult<()> {
        if !is_common(uri) {
            return self.right.receive(uri, lines, context);
        }
        let pair = lines.first().and_then(|line| semicolons(line.as_slice()).into_iter().next());
        if let Some((name, value)) = pair {
            let pair = [name.as_slice(), b"=", value.as_slice()].concat();
            *self.common.lock().unwrap() = Some(pair.into());
        }
        Ok(())
    }

    fn send(&mut self, uri: &Octets, context: &Context) -> OperationResult<Sent> {
        if !is_common(uri) {
            return self.right.send(uri, context);
        }
        Ok(Sent { header: self.common.lock().unwrap().clone(), ..Sent::default() })
    }
}

/// Hangs or crashes on a field with an unclosed quotation mark.
pub(crate) struct Failing {
    verdict: Verdict,
    about: ImplementationInfo,
}

impl Failing {
    pub(crate) fn new(verdict: Verdict) -> Self {
        Self { verdict, about: about(&["parse.cookie"]) }
    }

    fn outcome(&self, operation: &Operation) -> Outcome {
        let Operation::ParseCookie(input) = operation else { return Outcome::NotRun };
        let marks = |line: &Octets| line.as_slice().iter().filter(|it| **it == b'"').count();
        if input.cookie.iter().any(|line| marks(line) % 2 == 1) {
            let what = "as the harness saw it".to_owned();
            return Outcome::Failure(ShimFailure {
                verdict: self.verdict,
                what,
                stderr: String::new(),
            });
        }
        Outcome::Answer(ask(&mut MutantImplementation::new(None, Profile::Rfc6265bis), operation))
    }
}

impl Executor for Failing {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn execute(&mut self, operations: &[&Operation]) -> Vec<Outcome> {
        operations.iter().map(|operation| self.outcome(operation)).collect()
    }

    fn cpu_time(&mut self) -> Option<Duration> {
        None
    }

    fn resident(&mut self) -> Option<u64> {
        None
    }
}
