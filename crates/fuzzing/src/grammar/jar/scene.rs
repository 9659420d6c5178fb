//! What the messages of one program have in common: few hosts, few paths and few names, so that
//! every cookie has others to meet, to replace and to be taken for.

use cookiespec_vectors::ability;
use cookiespec_vectors::operation::{Api, Context};

use super::super::super::random::Random;
use super::super::super::repertoire::Capabilities;
use super::super::{set_cookie, world};
use super::cookie::Cookie;

/// The hosts, paths and names of a program, and what it has said so far.
#[derive(Debug)]
pub(super) struct Scene {
    family: &'static [&'static str],
    /// The host where most happens.
    home: &'static str,
    paths: &'static [&'static str],
    names: Vec<&'static str>,
    /// How many in a hundred messages come from another site.
    foreign: u32,
    /// How many in a hundred cookies outlive the session.
    persistent: u32,
    /// The cookies received so far, and where.
    said: Vec<(&'static str, Cookie)>,
    /// How many values there were; each cookie has its own.
    values: usize,
}

impl Scene {
    /// A scene with at least so many names.
    pub(super) fn new(random: &mut Random, least_names: usize) -> Self {
        let family = world::family(random);
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
            said: Vec::new(),
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

    /// Where a message goes to or comes from.
    fn host(&self, random: &mut Random) -> &'static str {
        if random.chance(65) { self.home } else { random.pick(self.family) }
    }

    /// A URI of a host, in so many of a hundred cases one of http.
    fn uri(&self, random: &mut Random, host: &str, plain: u32) -> Vec<u8> {
        if random.chance(6) {
            return world::uri(random, host);
        }
        let scheme = if random.chance(plain) { "http" } else { "https" };
        let port = if random.chance(10) { random.pick(&[":8080", ":443", ":80"]) } else { "" };
        let path = random.pick(self.paths);
        let page = if random.chance(25) { random.pick(&["/", "/page", "?q=/x"]) } else { "" };
        format!("{scheme}://{host}{port}{path}{page}").into_bytes()
    }

    /// A request to where most cookies of this program go.
    pub(super) fn main_uri(&self) -> Vec<u8> {
        let deepest = self.paths.iter().max_by_key(|path| path.len()).copied().unwrap_or("/");
        format!("https://{}{deepest}", self.home).into_bytes()
    }

    pub(super) fn any_uri(&self, random: &mut Random) -> Vec<u8> {
        let host = self.host(random);
        self.uri(random, host, 30)
    }

    /// A set-cookie-string, and the URI that it comes from.
    pub(super) fn set_cookie(&mut self, random: &mut Random) -> (Vec<u8>, Vec<u8>) {
        self.values += 1;
        let value = format!("v{}", self.values);
        if random.chance(15) {
            let host = self.host(random);
            let line = set_cookie::set_cookie_string(random, &value, host);
            return (self.uri(random, host, 30), line);
        }
        let (host, cookie) = match self.said.len() {
            // What is almost an earlier cookie meets that one.
            said if said > 0 && random.chance(45) => {
                let (host, earlier) = &self.said[random.below(said)];
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
        self.said.push((host, cookie));
        (uri, line)
    }

    /// Another line for the same response.
    pub(super) fn another_line(&mut self, random: &mut Random) -> Vec<u8> {
        self.set_cookie(random).1
    }

    pub(super) fn context(&self, random: &mut Random, repertoire: &Capabilities) -> Context {
        let mut context = Context::default();
        if repertoire.can(ability::SAME_SITE) && self.foreign > 0 {
            let methods =
                ["GET", "GET", "POST", "POST", "HEAD", "PUT", "OPTIONS", "get", "TRACE", "BREW"];
            context.same_site = !random.chance(self.foreign);
            context.top_level = random.chance(60);
            context.method = random.pick(&methods).to_owned();
        }
        if repertoire.can(ability::SCRIPT) && random.chance(5) {
            context.api = Api::Script;
        }
        context
    }
}

/// Names of which two may be taken for each other.
const NAMES: &[&str] = &["a", "b", "A", "sid", "c", "d"];
/// Names that promise something, and names that only look like it.
const PREFIXED: &[&str] =
    &["__Host-a", "__Secure-a", "__host-a", "__Secure-b", "__Hosta", "x__Host-a", "__Http-a"];
/// Paths that lie below each other, or look like it.
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
