//! A small closed world of hosts, paths and one clock, so that a random cookie often meets a host
//! or path that almost matches it.

use super::tokens;
use crate::random::Random;

/// The clock of inputs that have one, in Unix seconds: 2026-01-05.
pub(crate) const NOW: i64 = 1_767_571_200;

/// Families of hosts, one a row: suffixes, siblings and lookalikes of each other, and public
/// suffixes. Every one is a host to every URL parser, and the same.
const FAMILIES: &[&[&str]] = &[
    &["site.example", "www.site.example", "a.www.site.example", "sub.site.example"],
    &["site.example", "evilsite.example", "te.example", "site.example.test.example"],
    &["site.example", "evil-site.example", "www.site.example", "site-example"],
    &["a_b.site.example", "site.example", "b.site.example", "a-b.site.example"],
    &["site.example", "site.example.", "SITE.Example", "www.site.example."],
    &["site.example", "other.example", "example", "www.site.example"],
    &["x.co.uk", "y.co.uk", "co.uk", "www.x.co.uk"],
    &["u.github.io", "github.io", "v.github.io", "io"],
    &["127.0.0.1", "27.0.0.1", "7.0.0.1", "1.127.0.0"],
    &["1.2.3.4", "11.2.3.4", "9.9.3.4", "1.2.3.40"],
    &["[::1]", "[::2]", "[2001:db8::1]", "localhost"],
    &["localhost", "x.localhost", "localhost.", "intranet"],
    &[
        "xn--bcher-kva.example",
        "www.xn--bcher-kva.example",
        "XN--BCHER-KVA.example",
        "bcher.example",
    ],
    &["a.b.ck", "x.a.b.ck", "b.ck", "www.ck", "x.www.ck"],
    // Members that every object has in some languages.
    &["__proto__", "constructor", "x.__proto__", "site.example"],
    &["8.8.site.example", "8.site.example", "site.example", "s.site.example"],
];

/// Lists of public suffix rules for these hosts.
pub(crate) const SUFFIX_RULES: &[&[&str]] = &[
    &["example", "co.uk", "uk", "github.io", "io", "*.ck", "!www.ck"],
    &["example", "site.example"],
    &["example", "www.site.example", "*.www.site.example"],
    &[],
];

const PATHS: &[&str] = &[
    "/",
    "/foo",
    "/foo/",
    "/foo/bar",
    "/foo/bar/",
    "/foobar",
    "/foo/barbaz",
    "/FOO",
    "/foo//bar",
    "//",
    "/a/b/c",
    "/a/b",
    "/a",
    "",
    "/f%6fo",
    "/foo%2Fbar",
    "/foo;x=1",
    "/foo,bar",
    "/~u/",
    "/FOO/bar",
    "/foo/./bar",
    "/foo/../foo/bar",
];

/// A random family of hosts.
pub(crate) fn family(random: &mut Random) -> &'static [&'static str] {
    random.pick(FAMILIES)
}

/// A random host.
pub(crate) fn host(random: &mut Random) -> &'static str {
    let family = family(random);
    random.pick(family)
}

/// A random path, for a URI or a Path attribute.
pub(crate) fn path(random: &mut Random) -> Vec<u8> {
    let mut path = random.pick(PATHS).as_bytes().to_vec();
    if random.chance(6) {
        path.extend_from_slice(
            random.pick(&["?q=/x/y", "#/f/g", "?", "/.", "/..", "/x y"]).as_bytes(),
        );
    }
    path
}

/// A random URI on a host.
pub(crate) fn uri(random: &mut Random, host: &str) -> Vec<u8> {
    let scheme = if random.chance(65) { "https" } else { "http" };
    let port = if random.chance(12) { random.pick(&[":8080", ":443", ":80", ":"]) } else { "" };
    let mut uri = format!("{scheme}://{host}{port}").into_bytes();
    uri.extend(path(random));
    if random.chance(8) {
        uri.extend_from_slice(random.pick(&["?a/b", "#c/d", "?x=1;y"]).as_bytes());
    }
    uri
}

/// A random Domain attribute-value for a cookie from a host.
pub(crate) fn domain(random: &mut Random, host: &str) -> Vec<u8> {
    let labels: Vec<_> = host.split('.').collect();
    let parent = |skip: usize| labels[skip.min(labels.len() - 1)..].join(".");
    let domain = match random.weighted(&[5, 5, 3, 2, 2, 2, 1, 1, 1, 1]) {
        0 => host.to_owned(),
        1 => parent(1),
        2 => parent(2),
        3 => family(random)[0].to_owned(),
        4 => self::host(random).to_owned(),
        5 => format!(".{}", parent(1)),
        6 => host.chars().skip(1).collect(),
        7 => format!("{host}."),
        8 => format!("x.{host}"),
        _ => random
            .pick(&[
                "",
                "",
                ".",
                "..",
                ".com",
                "com",
                "localhost",
                "*",
                "*.example",
                "\u{e9}.example",
                "xn--abc-.site.example",
                "01.2.3.4",
                "[0:0:0:0:0:0:0:1]",
            ])
            .to_owned(),
    };
    let mut domain = domain.into_bytes();
    match random.weighted(&[70, 12, 10, 3, 3, 2, 2, 2]) {
        1 => domain.insert(0, b'.'),
        2 => domain = tokens::with_case_flipped(random, &domain),
        3 => domain.extend_from_slice(b":443"),
        4 => domain.extend_from_slice(tokens::hostile(random)),
        5 => domain = [b"\"", &domain[..], b"\""].concat(),
        6 => domain = [b"*.", &domain[..]].concat(),
        7 => domain = String::from_utf8_lossy(&domain).replacen('e', "%65", 1).into_bytes(),
        _ => {}
    }
    domain
}
