//! Minimises an input: delta debugging on steps, tokens and octets, then simple letters in the
//! place of other octets.

mod exchange;

use cookiespec_vectors::operation::Context;
use cookiespec_vectors::operation::{FormatSetCookie, JarConfig, JarProgram, Operation, Step};

use crate::generators::jar;
use crate::octet_fields;

/// Makes an operation smaller. `first_match` gives the index of the first candidate that still
/// shows the divergence; it is called with at most `budget` candidates in all.
pub(crate) fn minimize(
    operation: &Operation,
    budget: usize,
    first_match: &mut dyn FnMut(&[Operation]) -> Option<usize>,
) -> Operation {
    let mut work = Work { best: operation.clone(), budget, first_match };
    loop {
        let before = work.best.clone();
        work.reduce_structure();
        // Values say where they come from, and every Location where the next request goes.
        if matches!(work.best, Operation::Exchange(_)) {
            return work.best;
        }
        work.reduce_fields(octet_fields::token_bounds);
        work.reduce_fields(|octets| (0..octets.len()).map(|at| (at, at + 1)).collect());
        work.simplify_octets();
        if work.best == before || work.budget == 0 {
            return work.best;
        }
    }
}

struct Work<'a> {
    best: Operation,
    budget: usize,
    first_match: &'a mut dyn FnMut(&[Operation]) -> Option<usize>,
}

impl Work<'_> {
    /// Continues with the first candidate that matches, and says whether there is one.
    fn try_all(&mut self, candidates: Vec<Operation>) -> bool {
        for batch in candidates.chunks(BATCH) {
            let batch = &batch[..batch.len().min(self.budget)];
            if batch.is_empty() {
                return false;
            }
            self.budget -= batch.len();
            if let Some(first) = (self.first_match)(batch) {
                self.best = batch[first].clone();
                return true;
            }
        }
        false
    }

    fn reduce_structure(&mut self) {
        while self.try_all(smaller(&self.best)) {}
    }

    /// Leaves out pieces of the octet strings: first half of them, finally single ones.
    fn reduce_fields(&mut self, pieces: impl Fn(&[u8]) -> Vec<(usize, usize)>) {
        for index in 0..octet_fields::of(&self.best).len() {
            let field = octet_fields::of(&self.best)[index].as_slice().to_vec();
            if is_uri(&field) {
                while self.try_all(self.with_each(index, simpler_uris)) {}
                continue;
            }
            let mut size = pieces(&field).len();
            while size > 0 {
                let without = |octets: &[u8]| -> Vec<Vec<u8>> {
                    let pieces = pieces(octets);
                    let step = size.max(pieces.len().div_ceil(MOST_CUTS));
                    let cuts = (0..pieces.len()).step_by(step);
                    cuts.map(|from| {
                        let to = (from + size).min(pieces.len()) - 1;
                        [&octets[..pieces[from].0], &octets[pieces[to].1..]].concat()
                    })
                    .collect()
                };
                if !self.try_all(self.with_each(index, without)) {
                    size /= 2;
                }
            }
        }
    }

    /// Replaces octets by simpler ones.
    fn simplify_octets(&mut self) {
        for index in 0..octet_fields::of(&self.best).len() {
            let length = octet_fields::of(&self.best)[index].as_slice().len();
            if length > MOST_SIMPLIFIED || is_uri(octet_fields::of(&self.best)[index].as_slice()) {
                continue;
            }
            for at in 0..length {
                let octet = octet_fields::of(&self.best)[index].as_slice()[at];
                let simplified = |octets: &[u8]| -> Vec<Vec<u8>> {
                    let with = |simple: u8| {
                        let mut octets = octets.to_vec();
                        octets[at] = simple;
                        octets
                    };
                    simpler_octets(octet).iter().map(|&simple| with(simple)).collect()
                };
                self.try_all(self.with_each(index, simplified));
            }
        }
    }

    fn with_each(&self, index: usize, change: impl Fn(&[u8]) -> Vec<Vec<u8>>) -> Vec<Operation> {
        let field = octet_fields::of(&self.best)[index].as_slice();
        change(field)
            .into_iter()
            .map(|octets| octet_fields::with(&self.best, index, octets))
            .collect()
    }
}

/// The octets that may replace an octet and are easier to read.
fn simpler_octets(octet: u8) -> &'static [u8] {
    match octet {
        b'a' => &[],
        b'b'..=b'z' => b"a",
        b'A'..=b'Z' => b"aA",
        b'0' => &[],
        b'1'..=b'9' => b"0",
        b' ' => b"a",
        0x01 => b" ",
        0x00..=0x1f => b" \x01",
        0x7f => b"a \x01",
        0x80 => b"a",
        0x81.. => b"a\x80",
        _ => b"a",
    }
}

fn is_uri(octets: &[u8]) -> bool {
    octets.windows(3).take(8).any(|window| window == b"://")
}

/// URIs with one part less.
fn simpler_uris(uri: &[u8]) -> Vec<Vec<u8>> {
    let Some(start) = uri.windows(3).position(|window| window == b"://") else { return Vec::new() };
    let (scheme, rest) = uri.split_at(start + 3);
    let end = rest.iter().position(|octet| b"/?#".contains(octet)).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let mut simpler = Vec::new();
    let mut add = |scheme: &[u8], authority: &[u8], path: &[u8]| {
        let other = [scheme, authority, path].concat();
        if other.len() < uri.len()
            || other.len() == uri.len() + 1 && scheme == b"https://" && uri.starts_with(b"http:")
        {
            simpler.push(other);
        }
    };
    add(scheme, authority, b"/");
    if let Some(query) = path.iter().position(|octet| b"?#".contains(octet)) {
        add(scheme, authority, &path[..query]);
    }
    if let Some(port) = authority.iter().rposition(|octet| *octet == b':')
        && !authority.ends_with(b"]")
    {
        add(scheme, &authority[..port], path);
    }
    for (at, _) in path.iter().enumerate().filter(|(_, octet)| **octet == b'/') {
        add(scheme, authority, &path[..at]);
        add(scheme, authority, &path[at..]);
    }
    for at in 1..path.len() {
        add(scheme, authority, &[&path[..at], &path[at + 1..]].concat());
    }
    add(b"https://", authority, path);
    simpler
}

/// The operations with one part less.
fn smaller(operation: &Operation) -> Vec<Operation> {
    match operation {
        Operation::ParseSetCookie(input) => {
            let mut smaller = Vec::new();
            if input.uri.is_some() {
                let mut input = input.clone();
                input.uri = None;
                smaller.push(Operation::ParseSetCookie(input));
            }
            if input.now.is_some() {
                let mut input = input.clone();
                input.now = None;
                smaller.push(Operation::ParseSetCookie(input));
            }
            smaller
        }
        Operation::ParseCookie(input) => (0..input.cookie.len())
            .filter(|_| input.cookie.len() > 1)
            .map(|line| {
                let mut input = input.clone();
                input.cookie.remove(line);
                Operation::ParseCookie(input)
            })
            .collect(),
        Operation::FormatSetCookie(input) => {
            smaller_cookies(input).into_iter().map(Operation::FormatSetCookie).collect()
        }
        Operation::Jar(program) => {
            smaller_programs(program).into_iter().map(Operation::Jar).collect()
        }
        Operation::Exchange(program) => {
            exchange::smaller(program).into_iter().map(Operation::Exchange).collect()
        }
        _ => Vec::new(),
    }
}

fn smaller_cookies(cookie: &FormatSetCookie) -> Vec<FormatSetCookie> {
    let without: [fn(&mut FormatSetCookie); 8] = [
        |cookie| cookie.max_age = None,
        |cookie| cookie.expires = None,
        |cookie| cookie.domain = None,
        |cookie| cookie.path = None,
        |cookie| cookie.secure = None,
        |cookie| cookie.http_only = None,
        |cookie| cookie.same_site = None,
        |cookie| cookie.partitioned = None,
    ];
    let mut smaller = Vec::new();
    for change in without {
        let mut other = cookie.clone();
        change(&mut other);
        if other != *cookie {
            smaller.push(other);
        }
    }
    smaller
}

fn smaller_programs(program: &JarProgram) -> Vec<JarProgram> {
    let mut smaller = Vec::new();
    let mut add = |change: &dyn Fn(&mut JarProgram)| {
        let mut other = program.clone();
        change(&mut other);
        jar::relabel(&mut other);
        if other != *program {
            smaller.push(other);
        }
    };
    let steps = program.steps.len();
    let mut size = steps / 2;
    while size > 0 {
        for from in (0..steps).step_by(size) {
            add(&|other| drop(other.steps.drain(from..(from + size).min(steps))));
        }
        size /= 2;
    }
    add(&|other| other.config = JarConfig::default());
    let without: [fn(&mut JarConfig); 7] = [
        |config| config.public_suffixes = Default::default(),
        |config| config.secure_localhost = None,
        |config| config.max_per_domain = None,
        |config| config.max_total = None,
        |config| config.lax_allowing_unsafe = None,
        |config| config.strict_hosts = None,
        |config| config.cookies = None,
    ];
    for change in without {
        add(&|other| change(&mut other.config));
    }
    for at in 0..steps {
        for change in SIMPLER_STEPS {
            add(&|other| change(&mut other.steps[at]));
        }
        if let Step::Receive { set_cookie, .. } = &program.steps[at] {
            let lines = set_cookie.len();
            let mut size = lines / 2;
            while size > 0 && lines > 1 {
                for from in (0..lines).step_by(size) {
                    add(&|other| {
                        if let Step::Receive { set_cookie, .. } = &mut other.steps[at] {
                            set_cookie.drain(from..(from + size).min(lines));
                        }
                    });
                }
                size /= 2;
            }
        }
    }
    smaller
}

const SIMPLER_STEPS: [fn(&mut Step); 4] = [
    |step| match step {
        Step::Receive { context, .. } | Step::Send { context, .. } => *context = Context::default(),
        Step::ScriptSet { context, .. } | Step::ScriptGet { context, .. } => {
            *context = Context::default();
        }
        _ => {}
    },
    |step| match step {
        Step::Receive { context, .. } | Step::Send { context, .. } => {
            context.method = "GET".to_owned();
        }
        _ => {}
    },
    |step| match step {
        Step::Receive { context, .. } | Step::Send { context, .. } => context.top_level = true,
        _ => {}
    },
    |step| {
        if let Step::Advance { secs } = step
            && *secs > 1
        {
            *secs = if *secs > 100 { 100 } else { 1 };
        }
    },
];

/// How many candidates are executed at once.
const BATCH: usize = 32;
/// At how many positions of a long string a piece of one size is left out.
const MOST_CUTS: usize = 96;
/// Octet strings longer than this are not simplified.
const MOST_SIMPLIFIED: usize = 200;

#[cfg(test)]
mod tests {
    use cookiespec_vectors::operation::{ParseCookie, ParseDate};

    use super::*;

    #[test]
    fn what_matters_stays_and_the_rest_becomes_plain() {
        let operation = Operation::ParseCookie(ParseCookie {
            cookie: vec!["first=1".into(), "zz=\"x y\"; Q=\x07; other=\"long value\"".into()],
        });
        let mut first_match = |candidates: &[Operation]| {
            candidates.iter().position(|candidate| {
                let Operation::ParseCookie(input) = candidate else { return false };
                let line = input.cookie.last().unwrap().as_slice();
                line.iter().filter(|octet| **octet == b'"').count() == 2
                    && line.windows(2).any(|pair| pair[0] == b'=' && pair[1] < b' ')
            })
        };
        let Operation::ParseCookie(least) = minimize(&operation, 10_000, &mut first_match) else {
            panic!()
        };
        assert_eq!(least.cookie.len(), 1);
        let line = least.cookie[0].as_slice();
        assert_eq!(line.len(), 4, "{}", least.cookie[0]);
        assert!(line.windows(2).any(|pair| pair == b"=\x01"));
    }

    #[test]
    fn the_budget_is_kept() {
        let operation = Operation::ParseDate(ParseDate { date: vec![b'x'; 5000].into() });
        let mut tried = 0;
        minimize(&operation, 100, &mut |candidates| {
            tried += candidates.len();
            None
        });
        assert_eq!(tried, 100);
    }

    #[test]
    fn a_uri_stays_one() {
        let uri = b"https://www.site.example:8080/a/b?c";
        for simpler in simpler_uris(uri) {
            assert!(simpler.starts_with(b"https://www.site.example"), "{}", simpler.escape_ascii());
        }
    }
}
