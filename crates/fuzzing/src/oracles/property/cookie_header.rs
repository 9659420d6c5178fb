//! Properties of a parsed Cookie field, however open the specifications leave the rest: no cookie
//! gets a prefix that no cookie of the field has, and no value extends over a separator.

use cookiespec_engine::prefix::Prefix;
use cookiespec_vectors::Level;
use cookiespec_vectors::operation::ParseCookie;

use crate::oracles::difference::{Difference, shown};
use crate::oracles::relation::relation;
use crate::oracles::syntax::{Pair, split_pair, without_blanks};

/// The pairs whose name has a prefix although no pair in the field has it: the name was decoded,
/// corrected or cut out of something else. The user agent did not enforce the requirements of the
/// prefix for these.
pub(crate) fn prefixes_acquired(input: &ParseCookie, got: &[Pair]) -> Vec<Difference> {
    let mut written: Vec<_> = parts(input).map(written_name).filter(has_prefix).collect();
    let mut take = |is_it: &dyn Fn(&[u8]) -> bool| {
        let at = written.iter().position(|name| is_it(name));
        at.map(|at| written.remove(at)).is_some()
    };
    let prefixed = got.iter().filter(|(name, _)| has_prefix(&name.as_slice()));
    let unwritten: Vec<_> =
        prefixed.filter(|(name, _)| !take(&|written| written == name.as_slice())).collect();
    // The part of a name behind the prefix may be reported in another form.
    let acquired = unwritten
        .into_iter()
        .filter(|(name, _)| !take(&|written| prefix(written) == prefix(name.as_slice())));
    acquired
        .map(|pair| {
            let way = way(input, pair.0.as_slice());
            let want = "no cookie with this prefix".to_owned();
            Difference::of_property("pair", way, Level::Should, want, shown_pair(pair))
        })
        .collect()
}

/// A pair for display.
pub(crate) fn shown_pair((name, value): &Pair) -> String {
    format!("{}={}", shown(name), shown(value))
}

/// How a name got its prefix, as far as that can be derived from the field.
fn way(input: &ParseCookie, name: &[u8]) -> &'static str {
    let is_behind_equals =
        |part| split_pair(part).is_some_and(|(_, value)| without_blanks(value).starts_with(name));
    let is_blank = |octets: &[u8]| {
        std::str::from_utf8(octets).is_ok_and(|octets| octets.chars().all(char::is_whitespace))
    };
    let ways = parts(input).filter_map(|part| {
        let written = written_name(part);
        Some(match relation(written, name) {
            "decoded" | "unescaped" => 0,
            "trimmed" => 1,
            "start lost" if is_blank(&written[..written.len() - name.len()]) => 1,
            "filled" if is_behind_equals(part) => 2,
            "start lost" => 3,
            // Names of the same length may be that by chance.
            "other" if written.len() == name.len() => 4,
            _ => return None,
        })
    });
    ways.min().map_or("prefix taken on", |way| WAYS[way])
}

/// The ways in which a name gets a prefix, the surest first.
const WAYS: [&str; 5] = [
    "prefix taken on by decoding",
    "prefix taken on by trimming",
    "prefix taken on behind an equals sign",
    "prefix taken on by skipping octets",
    "prefix taken on by replacing octets",
];

fn has_prefix(name: &&[u8]) -> bool {
    Prefix::of(name).is_some()
}

/// The prefix of a name that has one, without its hyphen, in its original case.
fn prefix(name: &[u8]) -> Option<&[u8]> {
    name.split(|octet| *octet == b'-').next()
}

/// The values with a semicolon that was not encoded: the text behind it is another cookie, and was
/// read as part of this one.
pub(crate) fn separators_swallowed(input: &ParseCookie, got: &[Pair]) -> Vec<Difference> {
    let has = |token: &[u8]| {
        let has = |line: &[u8]| line.windows(token.len()).any(|it| it.eq_ignore_ascii_case(token));
        input.cookie.iter().any(|line| has(line.as_slice()))
    };
    if has(b"%3b") || has(b"\\073") {
        return Vec::new();
    }
    got.iter()
        .filter(|(_, value)| value.as_slice().contains(&b';'))
        .map(|(_, value)| {
            let (kind, want) = ("swallows what follows", "a value that ends at the separator");
            let want = want.to_owned();
            Difference::of_property("value", kind, Level::Should, want, shown(value))
        })
        .collect()
}

fn parts(input: &ParseCookie) -> impl Iterator<Item = &[u8]> {
    input.cookie.iter().flat_map(|line| line.as_slice().split(|octet| *octet == b';'))
}

/// The name in a part of the field, without blanks around it. A part without "=" counts as a name,
/// because many servers read it so and user agents expect that.
fn written_name(part: &[u8]) -> &[u8] {
    without_blanks(split_pair(part).map_or(part, |(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(line: &[u8]) -> ParseCookie {
        ParseCookie { cookie: vec![line.into()] }
    }

    fn pair(name: &str, value: &str) -> Pair {
        (name.into(), value.into())
    }

    #[test]
    fn a_prefix_is_taken_on_by_decoding_and_cutting_but_not_by_writing() {
        let got = [pair("__Host-a", "1")];
        for (line, way) in [
            (&b"=__Host-a=1"[..], "prefix taken on behind an equals sign"),
            (b"%5f_Host-a=1", "prefix taken on by decoding"),
            (b"\xa0__Host-a=1", "prefix taken on by trimming"),
            (b"\xc2\xad__Host-a=1", "prefix taken on by skipping octets"),
            (b"..Host-a=1", "prefix taken on by replacing octets"),
            (b"=; ..Host-a=1", "prefix taken on by replacing octets"),
            (b"b=2, __Host-a=1", "prefix taken on"),
        ] {
            let found = prefixes_acquired(&field(line), &got);
            assert_eq!(found.iter().map(|one| one.kind).collect::<Vec<_>>(), [way]);
        }
        for line in [&b"__Host-a=1"[..], b"b=2;\t__Host-a =1", b"__Host-a", b"__Host-\xe9=1"] {
            assert_eq!(prefixes_acquired(&field(line), &got), [], "{}", line.escape_ascii());
        }
        assert_eq!(prefixes_acquired(&field(b"%61=1"), &[pair("a", "1")]), []);
        let twice = [pair("__Host-a", "1"), pair("__Host-a", "2")];
        assert_eq!(prefixes_acquired(&field(b"%5f_Host-a=1; __Host-a=2"), &twice).len(), 1);
        assert_eq!(prefixes_acquired(&field(b"__Host-a=1; __Host-a=2"), &twice), []);
    }

    #[test]
    fn a_semicolon_in_a_value_was_swallowed_unless_it_was_encoded() {
        let got = [pair("a", "b; c=d")];
        assert_eq!(separators_swallowed(&field(b"a=\"b; c=d\""), &got).len(), 1);
        assert_eq!(separators_swallowed(&field(b"a=b%3B c=d"), &got), []);
        assert_eq!(separators_swallowed(&field(b"a=\"b\\073 c=d\""), &got), []);
        assert_eq!(separators_swallowed(&field(b"a=b"), &[pair("a", "b")]), []);
    }
}
