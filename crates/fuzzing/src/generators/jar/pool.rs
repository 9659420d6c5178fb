//! The pool that the messages of one program draw from: few hosts, paths and names, so that cookies
//! replace and shadow each other.

use cookiespec_vectors::ability;
use cookiespec_vectors::operation::{Api, Context};

use super::cookie::Cookie;
use crate::capabilities::Capabilities;
use crate::generators::{closed_world, set_cookie};
use crate::random::Random;

/// The hosts, paths and names of a program, and the cookies it has set so far.
#[derive(Debug)]
pub(super) struct Pool {
    family: &'static [&'static str],
    /// The host of most messages.
    home: &'static str,
    paths: &'static [&'static str],
    names: Vec<&'static str>,
    /// The percentage of cross-site messages.
    foreign: u32,
    /// The percentage of persistent cookies.
    persistent: u32,
    /// The cookies set so far, with their hosts.
    earlier: Vec<(&'static str, Cookie)>,
    /// The number of values used; every cookie has its own.
    values: usize,
}

impl Pool {
    /// A pool with at least this number of names.
    pub(super) fn new(random: &mut Random, least_names: usize) -> Self {
        let family = closed_world::family(random);
        let prefixed = random.chance(16);
        let names = if prefixed { PREFIXED } else { NAMES };
        let first = random.below(names.len());
        let count = least_names + random.weighted(&[4, 4, 1]);
        Self {
            family,
            home: random.pick(family),
            paths: PATHS[random.below(PATHS.len())],
            names: (0..count).map(|index| names[(first + index) % names.len()]).collect(),
            foreign: [0, 60][random.weighted(&[7, 3])],
            persistent: [10, 40, 80][random.below(3)],
            earlier: Vec::new(),
            values: 0,
        }
    }

    pub(super) const fn family(&self) -> &'static [&'static str] {
        self.family
    }

    pub(super) fn has_other_sites(&self) -> bool {
        self.foreign > 0
    }

    pub(super) fn has_localhost(&self) -> bool {
        self.family.iter().any(|host| host.contains("localhost"))
    }

    /// The host of a message.
    fn host(&self, random: &mut Random) -> &'static str {
        if random.chance(65) { self.home } else { random.pick(self.family) }
    }

    /// A URI of a host, with the scheme http in `http_percent` of a hundred cases.
    fn uri(&self, random: &mut Random, host: &str, http_percent: u32) -> Vec<u8> {
        if random.chance(6) {
            return closed_world::uri(random, host);
        }
        let scheme = if random.chance(http_percent) { "http" } else { "https" };
        let port = if random.chance(10) { random.pick(&[":8080", ":443", ":80"]) } else { "" };
        let path = random.pick(self.paths);
        let page = if random.chance(25) { random.pick(&["/", "/page", "?q=/x"]) } else { "" };
        format!("{scheme}://{host}{port}{path}{page}").into_bytes()
    }

    /// The URI that most cookies of this program match.
    pub(super) fn main_uri(&self) -> Vec<u8> {
        let deepest = self.paths.iter().max_by_key(|path| path.len()).copied().unwrap_or("/");
        format!("https://{}{deepest}", self.home).into_bytes()
    }

    pub(super) fn any_uri(&self, random: &mut Random) -> Vec<u8> {
        let host = self.host(random);
        self.uri(random, host, 30)
    }

    /// The URI of a response, and a set-cookie-string in it.
    pub(super) fn set_cookie(&mut self, random: &mut Random) -> (Vec<u8>, Vec<u8>) {
        self.values += 1;
        let value = format!("v{}", self.values);
        if random.chance(15) {
            let host = self.host(random);
            let line = set_cookie::set_cookie_string(random, &value, host);
            return (self.uri(random, host, 30), line);
        }
        let (host, cookie) = match self.earlier.len() {
            // A variation of an earlier cookie may replace or shadow it.
            count if count > 0 && random.chance(45) => {
                let (host, earlier) = &self.earlier[random.below(count)];
                let mut cookie = earlier.with_value(value);
                let host = if random.chance(80) { host } else { self.host(random) };
                for _ in 0..random.weighted(&[3, 6, 3, 1]) {
                    cookie.change(random, host, self.paths);
                }
                (host, cookie)
            }
            _ => {
                let host = self.host(random);
                let name = random.pick(&self.names);
                (host, Cookie::new(random, name, value, host, self.paths, self.persistent))
            }
        };
        let line = cookie.line(random);
        let uri = self.uri(random, host, if cookie.secure { 10 } else { 50 });
        self.earlier.push((host, cookie));
        (uri, line)
    }

    /// Another set-cookie-string for the same response.
    pub(super) fn another_line(&mut self, random: &mut Random) -> Vec<u8> {
        self.set_cookie(random).1
    }

    pub(super) fn context(&self, random: &mut Random, capabilities: &Capabilities) -> Context {
        let mut context = Context::default();
        if capabilities.can(ability::SAME_SITE) && self.foreign > 0 {
            let methods =
                ["GET", "GET", "POST", "POST", "HEAD", "PUT", "OPTIONS", "get", "TRACE", "BREW"];
            context.same_site = !random.chance(self.foreign);
            context.top_level = random.chance(60);
            context.method = random.pick(&methods).to_owned();
        }
        if capabilities.can(ability::SCRIPT) && random.chance(5) {
            context.api = Api::Script;
        }
        context
    }
}

/// Names that differ little from each other.
const NAMES: &[&str] = &["a", "b", "A", "sid", "c", "d"];
/// Names with a prefix, and names that only resemble one.
const PREFIXED: &[&str] =
    &["__Host-a", "__Secure-a", "__host-a", "__Secure-b", "__Hosta", "x__Host-a", "__Http-a"];
/// Paths that are prefixes of each other, or only resemble one.
const PATHS: &[&[&str]] = &[
    &["/"],
    &["/", "/foo", "/foo/bar"],
    &["/foo", "/foo/", "/foo/bar"],
    &["/foo", "/foobar", "/foo-bar"],
    &["/a", "/a/b", "/a/b/c"],
    &["/", "/foo", "/FOO"],
    &["/foo/bar", "/foo//bar", "/foo/barbaz"],
    &["/long-name", "/a/b", "/a"],
];
