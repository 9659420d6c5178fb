//! Inputs of any length: `prefix + unit × n + suffix` in one octet string of an operation, or as
//! the set-cookie-strings of a jar program.

use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::{Operation, Step};

use crate::octet_fields;
use crate::oracles::unambiguous;
use crate::random::Random;

/// An operation with a part that can be repeated any number of times.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    pub(super) base: Operation,
    pub(super) grows: Grows,
    pub(crate) prefix: Vec<u8>,
    pub(crate) unit: Vec<u8>,
    pub(crate) suffix: Vec<u8>,
}

/// The part that grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grows {
    /// The octet string with this index.
    Field(usize),
    /// The octet string with this index. A "#" in the unit is replaced by the number of the
    /// repetition.
    Numbered(usize),
    /// The list of set-cookie-strings of the first step, numbered likewise.
    Lines,
}

impl Template {
    /// A template whose unit is a run of tokens of an input; `None` if a random octet string of it
    /// is empty or long.
    pub(crate) fn from(random: &mut Random, operation: &Operation) -> Option<Self> {
        let fields = octet_fields::of(operation);
        // Longer URIs and Locations lead to other requests.
        if fields.is_empty() || matches!(operation, Operation::Exchange(_)) {
            return None;
        }
        let index = random.below(fields.len());
        let field = fields[index].as_slice();
        let bounds = octet_fields::token_bounds(field);
        if bounds.is_empty() || field.len() > MOST_FIELD_OCTETS {
            return None;
        }
        let first = random.below(bounds.len());
        let last = (first + random.below(4)).min(bounds.len() - 1);
        let (from, to) = (bounds[first].0, bounds[last].1);
        Some(Self {
            base: operation.clone(),
            grows: Grows::Field(index),
            prefix: field[..from].to_vec(),
            unit: field[from..to].to_vec(),
            suffix: field[to..].to_vec(),
        })
    }

    /// The template that an operation was made from, given its parts.
    pub(crate) fn of(operation: &Operation, prefix: &[u8], unit: &[u8], suffix: &[u8]) -> Self {
        // Another octet string may be a single repetition: the longest one is the one that grew.
        let position = |is_made_of: fn(&[u8], &[u8]) -> bool| {
            let bodies = octet_fields::of(operation).into_iter().map(|field| {
                let rest = field.as_slice().strip_prefix(prefix);
                rest.and_then(|rest| rest.strip_suffix(suffix)).unwrap_or_default()
            });
            let repeated = bodies.enumerate().filter(|(_, body)| is_made_of(body, unit));
            let longest = repeated.max_by_key(|(_, body)| body.len());
            longest.filter(|(_, body)| !body.is_empty()).map(|(index, _)| index)
        };
        let grows = match position(is_repeated) {
            _ if has_numbered_lines(operation, unit) => Grows::Lines,
            Some(index) => Grows::Field(index),
            None => position(is_numbered).map_or(Grows::Lines, Grows::Numbered),
        };
        Self {
            base: operation.clone(),
            grows,
            prefix: prefix.to_vec(),
            unit: unit.to_vec(),
            suffix: suffix.to_vec(),
        }
    }

    /// The number of repetitions that make about this number of octets.
    pub(crate) fn repetitions(&self, octets: usize) -> usize {
        (octets / self.unit.len().max(1)).max(1)
    }

    /// The operation with this number of repetitions.
    pub(crate) fn operation(&self, repetitions: usize) -> Operation {
        match self.grows {
            Grows::Field(index) => self.with_body(index, &self.unit.repeat(repetitions)),
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

    /// Whether what grows leaves every host one, apart from its length.
    pub(super) fn has_hosts(&self) -> bool {
        [1, 3].into_iter().all(|repetitions| unambiguous::has_hosts(&self.operation(repetitions)))
    }

    fn with_body(&self, index: usize, body: &[u8]) -> Operation {
        octet_fields::with(&self.base, index, [&self.prefix[..], body, &self.suffix].concat())
    }

    /// A description of the part that grows. It is part of finding ids.
    pub(crate) fn part(&self) -> String {
        let operation = self.base.name();
        match self.grows {
            Grows::Field(index) | Grows::Numbered(index) => {
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

/// Whether this is the unit, repeated.
fn is_repeated(body: &[u8], unit: &[u8]) -> bool {
    body.chunks(unit.len()).all(|part| part == unit)
}

/// Whether this is the result of [`numbered`] for the unit.
fn is_numbered(mut body: &[u8], unit: &[u8]) -> bool {
    let mut numbers = 0..;
    while let Some(number) = numbers.next().filter(|_| !body.is_empty()) {
        let Some(rest) = body.strip_prefix(&with_number(unit, number)[..]) else { return false };
        body = rest;
    }
    unit.contains(&b'#')
}

/// Whether the set-cookie-strings of the first step are the result of [`numbered`] for the unit.
fn has_numbered_lines(operation: &Operation, unit: &[u8]) -> bool {
    let Operation::Jar(program) = operation else { return false };
    let Some(Step::Receive { set_cookie, .. }) = program.steps.first() else { return false };
    let mut lines = set_cookie.iter().enumerate();
    set_cookie.len() > 1 && lines.all(|(number, line)| line.as_slice() == with_number(unit, number))
}

/// Repetitions of the unit, each with its number in the place of "#".
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

/// The longest octet string that a unit is taken from.
const MOST_FIELD_OCTETS: usize = 200;
