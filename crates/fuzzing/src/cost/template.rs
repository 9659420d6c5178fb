//! `prefix + unit × n + suffix`, in one octet string of an operation or as set-cookie-strings of a
//! jar program.

use cookiespec_vectors::operation::{
    Context, DefaultPath, FormatSetCookie, JarProgram, MatchDomain, MatchPath, Operation,
    ParseCookie, ParseDate, ParseSetCookie, Step,
};
use cookiespec_vectors::{ImplementationInfo, Octets};

use super::super::grammar::NOW;
use super::super::random::Random;
use super::super::repertoire::{Capabilities, can_be_asked};
use super::super::{mutate, slots, tokens};
use super::Growth;

/// An operation that can be made as long as one likes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    base: Operation,
    grows: Grows,
    pub(crate) prefix: Vec<u8>,
    pub(crate) unit: Vec<u8>,
    pub(crate) suffix: Vec<u8>,
}

/// What gets longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grows {
    /// The octet string with this index.
    Slot(usize),
    /// The octet string with this index. A "#" in the unit becomes the number of the repetition.
    Numbered(usize),
    /// The list of set-cookie-strings of the first step, numbered likewise.
    Lines,
}

impl Template {
    /// A template whose unit is a token of an input.
    pub(crate) fn from(random: &mut Random, operation: &Operation) -> Option<Self> {
        let slots = slots::of(operation);
        if slots.is_empty() {
            return None;
        }
        let index = random.below(slots.len());
        let slot = slots[index].as_slice();
        let bounds = mutate::bounds(slot);
        if bounds.is_empty() || slot.len() > 200 {
            return None;
        }
        let first = random.below(bounds.len());
        let last = (first + random.below(4)).min(bounds.len() - 1);
        let (from, to) = (bounds[first].0, bounds[last].1);
        Some(Self {
            base: operation.clone(),
            grows: Grows::Slot(index),
            prefix: slot[..from].to_vec(),
            unit: slot[from..to].to_vec(),
            suffix: slot[to..].to_vec(),
        })
    }

    /// The template that an operation was made from.
    pub(crate) fn of(operation: &Operation, growth: &Growth) -> Self {
        let Growth { prefix, unit, suffix, .. } = growth;
        let unit = unit.as_slice();
        // Another string may be one repetition: the longest body is the one that grew.
        let position = |is_made_of: fn(&[u8], &[u8]) -> bool| {
            let bodies = slots::of(operation).into_iter().map(|slot| {
                let rest = slot.as_slice().strip_prefix(prefix.as_slice());
                rest.and_then(|rest| rest.strip_suffix(suffix.as_slice())).unwrap_or_default()
            });
            let made_of_it = bodies.enumerate().filter(|(_, body)| is_made_of(body, unit));
            let longest = made_of_it.max_by_key(|(_, body)| body.len());
            longest.filter(|(_, body)| !body.is_empty()).map(|(index, _)| index)
        };
        let grows = match position(is_repeated) {
            _ if has_numbered_lines(operation, unit) => Grows::Lines,
            Some(index) => Grows::Slot(index),
            None => position(is_numbered).map_or(Grows::Lines, Grows::Numbered),
        };
        Self {
            base: operation.clone(),
            grows,
            prefix: prefix.as_slice().to_vec(),
            unit: unit.to_vec(),
            suffix: suffix.as_slice().to_vec(),
        }
    }

    /// How many repetitions make about so many octets.
    pub(crate) fn repetitions(&self, octets: usize) -> usize {
        (octets / self.unit.len().max(1)).max(1)
    }

    /// The operation with so many repetitions.
    pub(crate) fn operation(&self, repetitions: usize) -> Operation {
        match self.grows {
            Grows::Slot(index) => self.with_body(index, &self.unit.repeat(repetitions)),
            Grows::Numbered(index) => {
                self.with_body(index, &numbered(&self.unit, repetitions).concat())
            }
            Grows::Lines => {
                let mut operation = self.base.clone();
                if let Operation::Jar(program) = &mut operation
                    && let Some(Step::Receive { set_cookie, .. }) = program.steps.first_mut()
                {
                    let lines = numbered(&self.unit, repetitions).into_iter();
                    *set_cookie = lines.map(Octets::from).collect();
                }
                operation
            }
        }
    }

    fn with_body(&self, index: usize, body: &[u8]) -> Operation {
        slots::with(&self.base, index, [&self.prefix[..], body, &self.suffix].concat())
    }

    /// Which templates come first: the few with numbers, then those without a suffix, then those
    /// with the likelier ones.
    pub(crate) fn rank(&self) -> usize {
        match self.grows {
            Grows::Lines | Grows::Numbered(_) => 0,
            Grows::Slot(_) => {
                1 + SUFFIXES.iter().take_while(|suffix| **suffix != self.suffix).count()
            }
        }
    }

    /// The part of the operation that grows.
    pub(crate) fn part(&self) -> String {
        let operation = self.base.name();
        match self.grows {
            Grows::Slot(index) | Grows::Numbered(index) => {
                let attribute =
                    self.prefix.rsplit(|octet| b"; ".contains(octet)).next().unwrap_or_default();
                format!(
                    "{operation} string {index} behind {:?}",
                    attribute.escape_ascii().to_string()
                )
            }
            Grows::Lines => format!("{operation} number of cookies"),
        }
    }
}

/// Is it this unit again and again?
fn is_repeated(body: &[u8], unit: &[u8]) -> bool {
    body.chunks(unit.len()).all(|part| part == unit)
}

/// Is it what [`numbered`] makes of this unit?
fn is_numbered(mut body: &[u8], unit: &[u8]) -> bool {
    let mut numbers = 0..;
    while let Some(number) = numbers.next().filter(|_| !body.is_empty()) {
        let Some(rest) = body.strip_prefix(&with_number(unit, number)[..]) else { return false };
        body = rest;
    }
    unit.contains(&b'#')
}

/// Are the set-cookie-strings of the first step what [`numbered`] makes of this unit?
fn has_numbered_lines(operation: &Operation, unit: &[u8]) -> bool {
    let Operation::Jar(program) = operation else { return false };
    let Some(Step::Receive { set_cookie, .. }) = program.steps.first() else { return false };
    let mut lines = set_cookie.iter().enumerate();
    set_cookie.len() > 1 && lines.all(|(number, line)| line.as_slice() == with_number(unit, number))
}

/// The unit so many times, each with its number in the place of "#".
fn numbered(unit: &[u8], repetitions: usize) -> Vec<Vec<u8>> {
    (0..repetitions).map(|number| with_number(unit, number)).collect()
}

fn with_number(unit: &[u8], number: usize) -> Vec<u8> {
    let number = number.to_string();
    let octets = unit.iter().flat_map(|octet| match octet {
        b'#' => number.as_bytes(),
        octet => std::slice::from_ref(octet),
    });
    octets.copied().collect()
}

/// Every template that somebody can be asked.
pub(crate) fn all(repertoire: &Capabilities) -> Vec<Template> {
    let bases = bases();
    let can =
        Operation::NAMES.iter().filter(|name| repertoire.can(name)).map(|&name| name.to_owned());
    let about = ImplementationInfo { can: can.collect(), ..ImplementationInfo::default() };
    let mut templates = Vec::new();
    for (base, index, prefixes) in bases {
        if !can_be_asked(&about, &base) {
            continue;
        }
        let template = |grows, prefix: &[u8], unit: &[u8], suffix: &[u8]| Template {
            base: base.clone(),
            grows,
            prefix: prefix.to_vec(),
            unit: unit.to_vec(),
            suffix: suffix.to_vec(),
        };
        for prefix in prefixes {
            for suffix in SUFFIXES {
                templates
                    .extend(units().map(|unit| template(Grows::Slot(index), prefix, unit, suffix)));
            }
            templates.extend(
                NUMBERED.iter().map(|unit| template(Grows::Numbered(index), prefix, unit, b"")),
            );
        }
    }
    let jar = jar(&[]);
    if can_be_asked(&about, &jar) {
        templates.extend(LINES.iter().map(|&unit| Template {
            base: jar.clone(),
            grows: Grows::Lines,
            prefix: Vec::new(),
            unit: unit.to_vec(),
            suffix: Vec::new(),
        }));
    }
    templates
}

type Base = (Operation, usize, Vec<&'static [u8]>);

fn bases() -> Vec<Base> {
    let set_cookie: Vec<&[u8]> = vec![
        b"",
        b"a=",
        b"a=\"",
        b"a=b; ",
        b"a=b; Path=/",
        b"a=b; Domain=",
        b"a=b; Expires=",
        b"a=b; Expires=1 Jan 2030",
        b"a=b; Max-Age=",
    ];
    let cookie: Vec<&[u8]> = vec![b"", b"a=", b"a=\"", b"a=b; "];
    let format = |name: &str, value: &str| {
        Operation::FormatSetCookie(FormatSetCookie {
            name: name.into(),
            value: value.into(),
            ..FormatSetCookie::default()
        })
    };
    let (host, path) = ("site.example", "/");
    vec![
        (Operation::ParseSetCookie(ParseSetCookie::default()), 0, set_cookie.clone()),
        (Operation::ParseCookie(ParseCookie { cookie: vec!["".into()] }), 0, cookie),
        (Operation::ParseDate(ParseDate::default()), 0, vec![b"", b"1 Jan 2030 "]),
        (
            Operation::MatchDomain(MatchDomain { host: host.into(), domain: host.into() }),
            0,
            vec![b"", b"a."],
        ),
        (
            Operation::MatchDomain(MatchDomain { host: host.into(), domain: host.into() }),
            1,
            vec![b""],
        ),
        (
            Operation::MatchPath(MatchPath { path: path.into(), cookie_path: path.into() }),
            0,
            vec![b"/"],
        ),
        (
            Operation::DefaultPath(DefaultPath { uri: "https://site.example/".into() }),
            0,
            vec![b"https://site.example/"],
        ),
        (format("a", ""), 1, vec![b""]),
        (format("", "v"), 0, vec![b"a"]),
        (jar(&[""]), 1, set_cookie),
    ]
}

/// Cookies come, and a request goes.
fn jar(lines: &[&str]) -> Operation {
    let uri = "https://www.site.example/a/b";
    Operation::Jar(JarProgram {
        now: NOW,
        steps: vec![
            Step::Receive {
                uri: uri.into(),
                set_cookie: lines.iter().map(|&line| line.into()).collect(),
                context: Context::default(),
            },
            Step::Send { at: "1".to_owned(), uri: uri.into(), context: Context::default() },
        ],
        ..JarProgram::default()
    })
}

fn units() -> impl Iterator<Item = &'static [u8]> {
    let longer: [&[u8]; 17] = [
        b"a",
        b"a=b; ",
        b"a=b;",
        b"; ",
        b"a=",
        b"a;",
        b" a",
        b"\" ",
        b"a\"",
        b"\\\"",
        b"a.",
        b"/a",
        b"a,",
        b"=\"",
        b"a=\"b; ",
        b"1:",
        b"; Path=/a",
    ];
    longer.into_iter().chain(tokens::all().iter().copied().filter(|token| token.len() <= 2))
}

/// No two repetitions are the same.
const NUMBERED: &[&[u8]] = &[b"n#=v; ", b"n#; "];
/// What may make a parser give up, and look for another way; the likelier ones first.
const SUFFIXES: &[&[u8]] = &[b"", b"x", b"\x01", b"\"", b"=", b" "];
/// Cookies that differ in name, path, domain, or in nothing.
const LINES: &[&[u8]] = &[
    b"n#=v",
    b"n=v#",
    b"n=v; Path=/a/#",
    b"n=v#; Path=/a/b/#; Max-Age=100",
    b"n#=v; Domain=site.example",
    b"n#=; Max-Age=0",
    b"n=v; Domain=#.example",
];

#[cfg(test)]
mod tests {
    use super::*;
    use cookiespec_vectors::ability;

    #[test]
    fn a_template_is_known_by_its_operation() {
        let can =
            Operation::NAMES.iter().chain(ability::ALL).map(|&word| word.to_owned()).collect();
        let repertoire =
            Capabilities::of([ImplementationInfo { can, ..ImplementationInfo::default() }].iter());
        let templates = all(&repertoire);
        assert!(templates.len() > 1000);
        for template in templates {
            let growth = Growth {
                exponent: 2.0,
                unit: template.unit.clone().into(),
                prefix: template.prefix.clone().into(),
                suffix: template.suffix.clone().into(),
                repetitions: Vec::new(),
                micros: Vec::new(),
            };
            let operation = template.operation(12);
            let again = Template::of(&operation, &growth);
            assert_eq!(again.operation(12), operation, "{template:?}");
            assert_eq!(again.operation(20), template.operation(20), "{template:?}");
        }
    }
}
