//! Mostly well-formed cookies, so that a divergence of a jar program comes from the sequence of its
//! messages.

use crate::generators::tokens::insert_hostile;
use crate::generators::{closed_world, tokens};
use crate::random::Random;

/// A set-cookie-string that follows the grammar, in parts.
#[derive(Clone, Debug)]
pub(super) struct Cookie {
    name: Vec<u8>,
    value: Vec<u8>,
    domain: Option<Vec<u8>>,
    path: Option<&'static str>,
    lifetime: Lifetime,
    pub(super) secure: bool,
    http_only: bool,
    same_site: Option<&'static str>,
}

#[derive(Clone, Debug, Default)]
struct Lifetime {
    expires: Option<&'static str>,
    max_age: Option<&'static str>,
}

impl Lifetime {
    fn new(random: &mut Random, persistent: u32) -> Self {
        let mut lifetime = Self::default();
        if random.chance(persistent) {
            let which = random.weighted(&[5, 3, 4]);
            lifetime.max_age = (which != 1).then(|| random.pick(MAX_AGES));
            lifetime.expires = (which != 0).then(|| random.pick(DATES));
        }
        lifetime
    }

    fn past(random: &mut Random) -> Self {
        if random.chance(50) {
            Self { max_age: Some("0"), expires: None }
        } else {
            Self { max_age: None, expires: Some(DATES[0]) }
        }
    }
}

impl Cookie {
    pub(super) fn new(
        random: &mut Random,
        name: &str,
        value: String,
        host: &str,
        paths: &[&'static str],
        persistent: u32,
    ) -> Self {
        let prefix = tokens::required_prefix(name.as_bytes());
        let conforms = prefix.is_some() && random.chance(60);
        let mut cookie = Self {
            name: name.as_bytes().to_vec(),
            value: value.into_bytes(),
            domain: (!conforms && random.chance(35)).then(|| domain(random, host)),
            path: random.chance(45).then(|| random.pick(paths)),
            lifetime: Lifetime::new(random, persistent),
            secure: conforms || random.chance(40),
            http_only: random.chance(25),
            same_site: random.chance(30).then(|| random.pick(SAME_SITES)),
        };
        if conforms {
            cookie.path = Some("/");
        }
        // One requirement of the prefix is violated, the others are met.
        if conforms && random.chance(60) {
            cookie.violate_prefix(random, host, paths);
        }
        cookie
    }

    pub(super) fn with_value(&self, value: String) -> Self {
        Self { value: value.into_bytes(), ..self.clone() }
    }

    fn violate_prefix(&mut self, random: &mut Random, host: &str, paths: &[&'static str]) {
        match random.below(5) {
            0 => self.secure = false,
            1 => self.path = None,
            2 => self.path = Some(random.pick(paths)),
            3 => self.domain = Some(domain(random, host)),
            _ => {
                self.value = [&self.name[..], b"-", &self.value].concat();
                self.name.clear();
            }
        }
    }

    /// Changes one part.
    pub(super) fn change(&mut self, random: &mut Random, host: &str, paths: &[&'static str]) {
        match random.below(11) {
            0 => self.domain = random.chance(60).then(|| domain(random, host)),
            1 | 2 => self.path = random.chance(80).then(|| random.pick(paths)),
            3 => self.lifetime = Lifetime::new(random, 60),
            4 | 5 => self.lifetime = Lifetime::past(random),
            6 => self.secure = !self.secure,
            7 => self.http_only = !self.http_only,
            8 => self.same_site = random.chance(70).then(|| random.pick(SAME_SITES)),
            9 => self.name = tokens::with_case_flipped(random, &self.name),
            _ => self.value.clear(),
        }
    }

    /// The set-cookie-string, sometimes with one mistake.
    pub(super) fn line(&self, random: &mut Random) -> Vec<u8> {
        let (mut name, mut value) = (self.name.clone(), self.value.clone());
        match random.weighted(&[88, 2, 5, 2, 3]) {
            1 => insert_hostile(random, &mut name),
            2 => insert_hostile(random, &mut value),
            3 => name.clear(),
            4 => value.clear(),
            _ => {}
        }
        let mut line = [&name[..], b"=", &value].concat();
        let mut add = |name: &[u8], value: Option<&[u8]>| {
            line.extend([b"; ", name].concat());
            if let Some(value) = value {
                line.extend([b"=", value].concat());
            }
        };
        if let Some(domain) = &self.domain {
            add(b"Domain", Some(domain));
        }
        if let Some(path) = self.path {
            add(b"Path", Some(path.as_bytes()));
        }
        if let Some(expires) = self.lifetime.expires {
            add(b"Expires", Some(expires.as_bytes()));
        }
        if let Some(max_age) = self.lifetime.max_age {
            add(b"Max-Age", Some(max_age.as_bytes()));
        }
        if self.secure {
            add(b"Secure", None);
        }
        if self.http_only {
            add(b"HttpOnly", None);
        }
        if let Some(same_site) = self.same_site {
            add(b"SameSite", Some(same_site.as_bytes()));
        }
        line
    }
}

/// A domain that the host is usually allowed to set.
fn domain(random: &mut Random, host: &str) -> Vec<u8> {
    match random.weighted(&[5, 5, 2]) {
        0 => host.as_bytes().to_vec(),
        1 => host.split_once('.').map_or(host, |(_, parent)| parent).as_bytes().to_vec(),
        _ => closed_world::domain(random, host),
    }
}

/// Lifetimes that end during a program, or long after it.
const MAX_AGES: &[&str] =
    &["5", "9", "20", "100", "3600", "100000", "34560000", "40000000", "99999999999", "-1", "0"];
/// Dates that end during a program, or long after it; programs start on 2026-01-05.
const DATES: &[&str] = &[
    "Thu, 01 Jan 1970 00:00:01 GMT",
    "Mon, 05 Jan 2026 00:00:09 GMT",
    "Mon, 05 Jan 2026 00:01:40 GMT",
    "Tue, 06 Jan 2026 00:00:00 GMT",
    "Fri, 01 Jan 2027 00:00:00 GMT",
    "Sat, 20 Mar 2027 00:00:00 GMT",
    "Fri, 31 Dec 2100 23:59:59 GMT",
];
const SAME_SITES: &[&str] = &["Strict", "Lax", "None", "Strict", "Lax", "bogus"];
