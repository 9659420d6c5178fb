//! The requests of an exchange: origins that are easily taken for each other, and the ways to write
//! one as a Location.

use crate::random::Random;

/// Families of hosts, one a row: a host, one below it, the one above it, one beside it, and names
/// that begin or end like it. None is a public suffix, and each is a host to every URL parser.
const FAMILIES: &[&[&str]] = &[
    &["www.site.example", "a.www.site.example", "site.example", "shop.site.example"],
    &["site.example", "evilsite.example", "site.example.evil.example", "site.examples"],
    &["site.example", "www.site.example", "other.example", "site.example."],
    &["192.0.2.7", "192.0.2.70", "site.example", "other.example"],
];

const PATHS: &[&str] = &["/", "/a", "/a/b", "/ab", "/a/"];

/// What the requests of one program go to: most of them to few origins, so that cookies meet them
/// again.
pub(super) struct World {
    origins: Vec<Target>,
}

/// A URI to request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    scheme: &'static str,
    host: &'static str,
    port: &'static str,
    path: &'static str,
}

impl World {
    pub(super) fn new(random: &mut Random) -> Self {
        let family = random.pick(FAMILIES);
        let origin = |random: &mut Random| Target {
            scheme: if random.chance(50) { "https" } else { "http" },
            host: random.pick(family),
            port: if random.chance(20) { ":8080" } else { "" },
            path: "/",
        };
        let count = 2 + random.below(3);
        Self { origins: (0..count).map(|_| origin(random)).collect() }
    }

    /// A URI to request.
    pub(super) fn target(&self, random: &mut Random) -> Target {
        let origin = self.origins[random.below(self.origins.len())].clone();
        Target { path: random.pick(PATHS), ..origin }
    }

    /// A URI that a redirect from another one leads to: often the same but for one part.
    pub(super) fn redirected(&self, random: &mut Random, from: &Target) -> Target {
        match random.weighted(&[5, 2, 1, 1]) {
            0 => self.target(random),
            1 => Target { path: random.pick(PATHS), ..from.clone() },
            2 => Target { scheme: if from.is_https() { "http" } else { "https" }, ..from.clone() },
            _ => Target { port: if from.port.is_empty() { ":8080" } else { "" }, ..from.clone() },
        }
    }
}

impl Target {
    pub(super) fn host(&self) -> &'static str {
        self.host
    }

    /// The absolute URI, in the form that URL parsers give it.
    pub(super) fn uri(&self) -> String {
        let Self { scheme, host, port, path } = self;
        format!("{scheme}://{host}{port}{path}")
    }

    /// The absolute URI with a host in capitals now and then.
    pub(super) fn spelled(&self, random: &mut Random) -> String {
        let host = match random.chance(12) {
            true => self.host.to_ascii_uppercase(),
            false => self.host.to_owned(),
        };
        format!("{}://{host}{}{}", self.scheme, self.port, self.path)
    }

    /// A Location field value that leads here from another URI: absolute, without a scheme, a path
    /// alone, in odd letters, or with user information.
    pub(super) fn location(&self, random: &mut Random, from: &Self) -> String {
        let Self { scheme, host, port, path } = self;
        let has_scheme_of = *scheme == from.scheme;
        let has_origin_of = has_scheme_of && (*host, *port) == (from.host, from.port);
        match random.weighted(&[10, 3, 4, 2, 2]) {
            1 if has_scheme_of => format!("//{host}{port}{path}"),
            2 if has_origin_of => (*path).to_owned(),
            3 => {
                let host = host.to_ascii_uppercase();
                format!("{}://{host}{port}{path}", scheme.to_ascii_uppercase())
            }
            4 => format!("{scheme}://u:p@{host}{port}{path}"),
            _ => self.uri(),
        }
    }

    fn is_https(&self) -> bool {
        self.scheme == "https"
    }
}
