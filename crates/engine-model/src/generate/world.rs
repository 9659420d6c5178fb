//! A small closed world: hosts, paths, cookies and circumstances that are likely to meet.

use std::fmt;

use proptest::prelude::*;

/// A URI of the world.
#[derive(Clone, Copy, Debug)]
pub struct Uri {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// One of [`HOSTS`].
    pub host: &'static str,
    /// One of [`PATHS`].
    pub path: &'static str,
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.host, self.path)
    }
}

/// Domain and subdomains, a lookalike, a sibling; a name with a dot at the end; names under a
/// suffix that may be public; addresses; a single label; a label that strict hosts refuse.
pub const HOSTS: &[&str] = &[
    "site.test",
    "www.site.test",
    "WWW.Site.Test",
    "api.site.test",
    "evilsite.test",
    "site.test.",
    "co.test",
    "shop.co.test",
    "127.0.0.1",
    "[::1]",
    "localhost",
    "my_app.site.test",
];

/// Paths that are prefixes of each other, with and without a slash between.
pub const PATHS: &[&str] = &["/", "/a", "/a/", "/a/b", "/ab", "/a/b/c"];

/// The name-value-pairs: few names with several values, name prefixes, pairs without a name.
pub const PAIRS: &[&[u8]] = &[
    b"a=1",
    b"a=2",
    b"a=",
    b"b=1",
    b"b=2",
    b"c=3",
    b"A=1",
    b"__Secure-a=1",
    b"__host-a=1",
    b"__Host-a=2",
    b"__Host-a=3; Secure; Path=/",
    b"bare",
    b"=bare",
    b"=a=1",
    b"__Host-a",
    b"=",
    b"a=\x01",
];

/// The attributes. Their dates are before, shortly after and long after [`START`].
pub const ATTRIBUTES: &[&[u8]] = &[
    b"Secure",
    b"Secure",
    b"Secure",
    b"HttpOnly",
    b"HttpOnly",
    b"Path=/",
    b"Path=/",
    b"Path=/a",
    b"Path=/a/",
    b"Path=/a/b",
    b"Path=",
    b"Path=rel",
    b"Domain=site.test",
    b"Domain=.SITE.test",
    b"Domain=www.site.test",
    b"Domain=",
    b"Domain=.",
    b"Domain=test",
    b"Domain=co.test",
    b"Domain=shop.co.test",
    b"Domain=site.test.",
    b"Domain=127.0.0.1",
    b"Domain=0.0.1",
    b"Domain=[::1]",
    b"Domain=localhost",
    b"Domain=evilsite.test",
    b"Domain=site.t\xe9st",
    b"SameSite=Strict",
    b"SameSite=Lax",
    b"SameSite=None",
    b"SameSite=bogus",
    b"Max-Age=0",
    b"Max-Age=-1",
    b"Max-Age=1",
    b"Max-Age=30",
    b"Max-Age=60",
    b"Max-Age=x",
    b"Max-Age=34560000",
    b"Max-Age=34560001",
    b"Max-Age=99999999999999999999",
    b"Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    b"Expires=Tue, 14 Nov 2023 22:13:50 GMT",
    b"Expires=Sun, 01 Jun 2025 00:00:00 GMT",
    b"Expires=0",
];

/// The time at which a program starts, in Unix seconds: 14 Nov 2023 22:13:20.
pub const START: i64 = 1_700_000_000;

/// A URI; half of the hosts are the first two.
pub fn uri() -> impl Strategy<Value = Uri> {
    let scheme = prop::sample::select(["https", "http"].as_slice());
    let host = prop_oneof![
        2 => prop::sample::select(&HOSTS[..2]),
        3 => prop::sample::select(HOSTS),
    ];
    (scheme, host, prop::sample::select(PATHS)).prop_map(|(scheme, host, path)| Uri {
        scheme,
        host,
        path,
    })
}

/// A pair with up to four attributes.
pub fn set_cookie_string() -> impl Strategy<Value = Vec<u8>> {
    let pair =
        prop_oneof![2 => prop::sample::select(&PAIRS[..4]), 3 => prop::sample::select(PAIRS)];
    let attributes = prop::collection::vec(prop::sample::select(ATTRIBUTES), 0..5);
    (pair, attributes).prop_map(|(pair, attributes)| {
        std::iter::once(pair).chain(attributes).collect::<Vec<_>>().join(b"; ".as_slice())
    })
}

/// The circumstances of a request. Most requests are same-site, top-level and of a safe method.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Whether the request is same-site.
    pub same_site: bool,
    /// Whether it navigates a top-level traversable.
    pub top_level: bool,
    /// Whether its method is safe.
    pub safe_method: bool,
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let marks = [
            (!self.same_site, " [cross-site]"),
            (!self.top_level, " [not top-level]"),
            (!self.safe_method, " [unsafe method]"),
        ];
        marks.iter().filter(|(marked, _)| *marked).try_for_each(|(_, mark)| f.write_str(mark))
    }
}

/// The circumstances of a request; each of the three holds for 7 of 10.
pub fn context() -> impl Strategy<Value = Context> {
    let usual = || prop::bool::weighted(0.7);
    (usual(), usual(), usual()).prop_map(|(same_site, top_level, safe_method)| Context {
        same_site,
        top_level,
        safe_method,
    })
}

/// The public suffixes that a user agent rejects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Suffixes {
    /// None: it does not reject any.
    Off,
    /// Every single label.
    Labels,
    /// Every single label, and `co.test`.
    WithCoTest,
    /// Every single label, and `site.test`.
    WithSiteTest,
}

impl Suffixes {
    /// Whether a domain is among them.
    pub fn contain(self, domain: &[u8]) -> bool {
        let single_label = !domain.is_empty() && !domain.contains(&b'.') && domain != b"[::1]";
        match self {
            Self::Off => false,
            Self::Labels => single_label,
            Self::WithCoTest => single_label || domain == b"co.test",
            Self::WithSiteTest => single_label || domain == b"site.test",
        }
    }
}

/// One of the lists; shrinks towards [`Suffixes::WithCoTest`].
pub fn suffixes() -> impl Strategy<Value = Suffixes> {
    prop::sample::select(
        [Suffixes::WithCoTest, Suffixes::Labels, Suffixes::WithSiteTest, Suffixes::Off].as_slice(),
    )
}
