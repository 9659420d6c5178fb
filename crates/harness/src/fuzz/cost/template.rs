//! `prefix + unit × n + suffix`, in one octet string of an operation or as set-cookie-strings of a
//! jar program.

use cookiespec_vectors::operation::{
    Context, DefaultPath, FormatSetCookie, JarProgram, MatchDomain, MatchPath, Operation,
    ParseCookie, ParseDate, ParseSetCookie, Step,
};
use cookiespec_vectors::{About, Octets};

use super::super::grammar::NOW;
use super::super::random::Random;
use super::super::repertoire::{Repertoire, can_be_asked};
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
    /// The list of set-cookie-strings of the first step. A "#" in the unit becomes the number of
    /// the line.
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
        let is_made_of = |slot: &[u8]| {
            let body = slot
                .strip_prefix(prefix.as_slice())
                .and_then(|rest| rest.strip_suffix(suffix.as_slice()));
            body.is_some_and(|body| {
                !body.is_empty()
                    && body.chunks(unit.as_slice().len()).all(|part| part == unit.as_slice())
            })
        };
        let slots = slots::of(operation);
        let index = slots.iter().position(|slot| is_made_of(slot.as_slice()));
        Self {
            base: operation.clone(),
            grows: index.map_or(Grows::Lines, Grows::Slot),
            prefix: prefix.as_slice().to_vec(),
            unit: unit.as_slice().to_vec(),
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
            Grows::Slot(index) => {
                let body = self.unit.repeat(repetitions);
                slots::with(&self.base, index, [&self.prefix[..], &body, &self.suffix].concat())
            }
            Grows::Lines => {
                let mut operation = self.base.clone();
                if let Operation::Jar(program) = &mut operation
                    && let Some(Step::Receive { set_cookie, .. }) = program.steps.first_mut()
                {
                    *set_cookie = (0..repetitions).map(|number| self.line(number)).collect();
                }
                operation
            }
        }
    }

    fn line(&self, number: usize) -> Octets {
        let number = number.to_string();
        let mut line = Vec::new();
        for octet in &self.unit {
            match octet {
                b'#' => line.extend_from_slice(number.as_bytes()),
                _ => line.push(*octet),
            }
        }
        line.into()
    }

    /// The part of the operation that grows.
    pub(crate) fn part(&self) -> String {
        let operation = self.base.name();
        match self.grows {
            Grows::Slot(index) => {
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

/// Every template that somebody can be asked.
pub(crate) fn all(repertoire: &Repertoire) -> Vec<Template> {
    let bases = bases();
    let can =
        Operation::NAMES.iter().filter(|name| repertoire.can(name)).map(|&name| name.to_owned());
    let about = About { can: can.collect(), ..About::default() };
    let mut templates = Vec::new();
    for (base, index, prefixes) in bases {
        if !can_be_asked(&about, &base) {
            continue;
        }
        for prefix in prefixes {
            for unit in units() {
                for suffix in SUFFIXES {
                    templates.push(Template {
                        base: base.clone(),
                        grows: Grows::Slot(index),
                        prefix: prefix.to_vec(),
                        unit: unit.to_vec(),
                        suffix: suffix.to_vec(),
                    });
                }
            }
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

const SUFFIXES: &[&[u8]] = &[b"", b"x", b"\"", b"\x01", b"=", b" "];
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
