//! The octet strings of an operation, as a flat list: the parts that mutators change and that the
//! minimiser shortens.

use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::{
    ExchangeProgram, ExchangeStep, Hop, JarProgram, Operation, Step,
};

/// Every octet string of an operation, in order.
pub(crate) fn of(operation: &Operation) -> Vec<&Octets> {
    match operation {
        Operation::ParseSetCookie(input) => {
            std::iter::once(&input.set_cookie).chain(&input.uri).collect()
        }
        Operation::ParseCookie(input) => input.cookie.iter().collect(),
        Operation::ParseDate(input) => vec![&input.date],
        Operation::MatchDomain(input) => vec![&input.host, &input.domain],
        Operation::MatchPath(input) => vec![&input.path, &input.cookie_path],
        Operation::DefaultPath(input) => vec![&input.uri],
        Operation::FormatSetCookie(input) => [&input.name, &input.value]
            .into_iter()
            .chain(&input.domain)
            .chain(&input.path)
            .chain(&input.same_site)
            .collect(),
        Operation::Jar(program) => of_steps(&program.steps).collect(),
        Operation::Exchange(program) => of_exchange(program),
    }
}

/// Every octet string of some steps, in order.
pub(crate) fn of_steps(steps: &[Step]) -> impl Iterator<Item = &Octets> {
    steps.iter().flat_map(of_step)
}

fn of_step(step: &Step) -> Vec<&Octets> {
    match step {
        Step::Receive { uri, set_cookie, .. } => std::iter::once(uri).chain(set_cookie).collect(),
        Step::Send { uri, .. } | Step::ScriptGet { uri, .. } => vec![uri],
        Step::ScriptSet { uri, value, .. } => vec![uri, value],
        _ => Vec::new(),
    }
}

fn of_exchange(program: &ExchangeProgram) -> Vec<&Octets> {
    let mut found = Vec::new();
    for navigate in program.navigations() {
        found.push(&navigate.uri);
        let lines = navigate.fields.iter().chain(&navigate.cookies);
        found.extend(lines.flat_map(|(name, value)| [name, value]));
        for Hop { uri, fields, interim, trailers, body, .. } in &navigate.hops {
            found.extend(uri);
            let of_interim = interim.iter().flat_map(|response| &response.fields);
            let lines = fields.iter().chain(of_interim).chain(trailers);
            found.extend(lines.flat_map(|(name, value)| [name, value]));
            found.extend(body);
        }
    }
    found
}

fn of_exchange_mut(program: &mut ExchangeProgram) -> Vec<&mut Octets> {
    let mut found = Vec::new();
    for step in &mut program.steps {
        let ExchangeStep::Navigate(navigate) = step else { continue };
        found.push(&mut navigate.uri);
        let lines = navigate.fields.iter_mut().chain(&mut navigate.cookies);
        found.extend(lines.flat_map(|(name, value)| [name, value]));
        for Hop { uri, fields, interim, trailers, body, .. } in &mut navigate.hops {
            found.extend(uri);
            let of_interim = interim.iter_mut().flat_map(|response| &mut response.fields);
            let lines = fields.iter_mut().chain(of_interim).chain(trailers);
            found.extend(lines.flat_map(|(name, value)| [name, value]));
            found.extend(body);
        }
    }
    found
}

/// The URIs of an operation.
pub(crate) fn uris(operation: &Operation) -> Vec<&Octets> {
    match operation {
        Operation::ParseSetCookie(input) => input.uri.iter().collect(),
        Operation::DefaultPath(input) => vec![&input.uri],
        Operation::Jar(program) => program.steps.iter().filter_map(uri).collect(),
        Operation::Exchange(program) => {
            let navigations = program.navigations();
            navigations
                .flat_map(|it| {
                    let of_hops = it.hops.iter().filter_map(|hop| hop.uri.as_ref());
                    std::iter::once(&it.uri).chain(of_hops)
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The URIs of an operation, mutable, in the order of [`uris`].
pub(crate) fn uris_mut(operation: &mut Operation) -> Vec<&mut Octets> {
    match operation {
        Operation::ParseSetCookie(input) => input.uri.iter_mut().collect(),
        Operation::DefaultPath(input) => vec![&mut input.uri],
        Operation::Jar(program) => program.steps.iter_mut().filter_map(uri_mut).collect(),
        Operation::Exchange(program) => {
            let navigations = program.steps.iter_mut().filter_map(|step| match step {
                ExchangeStep::Navigate(navigate) => Some(navigate),
                _ => None,
            });
            navigations
                .flat_map(|it| {
                    let of_hops = it.hops.iter_mut().filter_map(|hop| hop.uri.as_mut());
                    std::iter::once(&mut it.uri).chain(of_hops)
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The URI of a step, if it has one.
pub(crate) fn uri(step: &Step) -> Option<&Octets> {
    match step {
        Step::Receive { uri, .. } | Step::Send { uri, .. } => Some(uri),
        Step::ScriptSet { uri, .. } | Step::ScriptGet { uri, .. } => Some(uri),
        _ => None,
    }
}

/// The URI of a step, mutable.
pub(crate) fn uri_mut(step: &mut Step) -> Option<&mut Octets> {
    match step {
        Step::Receive { uri, .. } | Step::Send { uri, .. } => Some(uri),
        Step::ScriptSet { uri, .. } | Step::ScriptGet { uri, .. } => Some(uri),
        _ => None,
    }
}

/// Every octet string of an operation, mutable, in the order of [`of`].
pub(crate) fn of_mut(operation: &mut Operation) -> Vec<&mut Octets> {
    match operation {
        Operation::ParseSetCookie(input) => {
            std::iter::once(&mut input.set_cookie).chain(&mut input.uri).collect()
        }
        Operation::ParseCookie(input) => input.cookie.iter_mut().collect(),
        Operation::ParseDate(input) => vec![&mut input.date],
        Operation::MatchDomain(input) => vec![&mut input.host, &mut input.domain],
        Operation::MatchPath(input) => vec![&mut input.path, &mut input.cookie_path],
        Operation::DefaultPath(input) => vec![&mut input.uri],
        Operation::FormatSetCookie(input) => [&mut input.name, &mut input.value]
            .into_iter()
            .chain(&mut input.domain)
            .chain(&mut input.path)
            .chain(&mut input.same_site)
            .collect(),
        Operation::Jar(program) => program.steps.iter_mut().flat_map(of_step_mut).collect(),
        Operation::Exchange(program) => of_exchange_mut(program),
    }
}

fn of_step_mut(step: &mut Step) -> Vec<&mut Octets> {
    match step {
        Step::Receive { uri, set_cookie, .. } => std::iter::once(uri).chain(set_cookie).collect(),
        Step::Send { uri, .. } | Step::ScriptGet { uri, .. } => vec![uri],
        Step::ScriptSet { uri, value, .. } => vec![uri, value],
        _ => Vec::new(),
    }
}

/// Every set-cookie-string of a program, in order, those of scripts included.
pub(crate) fn set_cookie_strings(program: &JarProgram) -> impl Iterator<Item = &Octets> {
    program.steps.iter().flat_map(|step| match step {
        Step::Receive { set_cookie, .. } => set_cookie.as_slice(),
        Step::ScriptSet { value, .. } => std::slice::from_ref(value),
        _ => &[],
    })
}

/// A copy of the operation with the octet string at `index` replaced.
pub(crate) fn with(operation: &Operation, index: usize, octets: Vec<u8>) -> Operation {
    let mut changed = operation.clone();
    if let Some(field) = of_mut(&mut changed).into_iter().nth(index) {
        *field = octets.into();
    }
    changed
}

/// The size of an operation, roughly in octets: the measure by which inputs are called shorter.
pub(crate) fn size(operation: &Operation) -> usize {
    let octets: usize = of(operation).iter().map(|field| field.as_slice().len() + 1).sum();
    let structure = match operation {
        Operation::Jar(program) => {
            8 * program.steps.len() + 20 * usize::from(!program.config.is_default())
        }
        Operation::Exchange(program) => 8 * (program.steps.len() + program.hops().count()),
        Operation::FormatSetCookie(cookie) => {
            let flags = [cookie.secure, cookie.http_only, cookie.partitioned];
            let numbers = [cookie.max_age, cookie.expires];
            4 * (flags.iter().flatten().count() + numbers.iter().flatten().count())
        }
        Operation::ParseSetCookie(input) => 4 * usize::from(input.now.is_some()),
        _ => 0,
    };
    octets + structure
}

/// The bounds of the tokens in an octet string. A token is a run of letters, digits, hyphens and
/// octets from 0x80 on, or any other single octet.
pub(crate) fn token_bounds(octets: &[u8]) -> Vec<(usize, usize)> {
    let mut bounds: Vec<(usize, usize)> = Vec::new();
    let is_word = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-' || octet >= 0x80;
    for (at, &octet) in octets.iter().enumerate() {
        match bounds.last_mut() {
            Some((_, end)) if *end == at && is_word(octet) && is_word(octets[at - 1]) => *end += 1,
            _ => bounds.push((at, at + 1)),
        }
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capabilities::Capabilities;
    use crate::generators;
    use crate::random::Random;

    #[test]
    fn both_ways_to_the_octet_fields_agree() {
        let capabilities = Capabilities::all();
        let mut random = Random::of_round(1, 0);
        for _ in 0..2000 {
            let mut operation = generators::operation(&mut random, &capabilities);
            let seen: Vec<_> = of(&operation).into_iter().cloned().collect();
            let changed: Vec<_> =
                of_mut(&mut operation).into_iter().map(|field| field.clone()).collect();
            assert_eq!(seen, changed);
        }
    }
}
