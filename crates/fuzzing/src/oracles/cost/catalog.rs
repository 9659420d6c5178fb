//! The catalogue of templates: prefixes, units and suffixes that have been expensive for some
//! parser.

use cookiespec_vectors::ImplementationInfo;
use cookiespec_vectors::operation::{
    Context, DefaultPath, FormatSetCookie, JarProgram, MatchDomain, MatchPath, Operation,
    ParseCookie, ParseDate, ParseSetCookie, Step,
};

use super::template::{Grows, Template};
use crate::capabilities::{Capabilities, supports};
use crate::generators::closed_world::NOW;
use crate::generators::tokens;

/// Every template whose operation is supported and whose hosts are hosts.
pub(super) fn all(capabilities: &Capabilities) -> Vec<Template> {
    let bases = bases();
    let can =
        Operation::NAMES.iter().filter(|name| capabilities.can(name)).map(|&name| name.to_owned());
    let about = ImplementationInfo { can: can.collect(), ..ImplementationInfo::default() };
    let mut templates = Vec::new();
    for (base, index, prefixes) in bases {
        if !supports(&about, &base) {
            continue;
        }
        let template = |grows, prefix: &[u8], unit: &[u8], suffix: &[u8]| Template {
            base: base.clone(),
            grows,
            prefix: prefix.to_vec(),
            unit: unit.to_vec(),
            suffix: suffix.to_vec(),
        };
        for prefix in prefixes {
            for suffix in SUFFIXES {
                templates.extend(
                    units().map(|unit| template(Grows::Field(index), prefix, unit, suffix)),
                );
            }
            templates.extend(
                NUMBERED.iter().map(|unit| template(Grows::Numbered(index), prefix, unit, b"")),
            );
        }
    }
    let jar = jar(&[]);
    if supports(&about, &jar) {
        templates.extend(LINES.iter().map(|&unit| Template {
            base: jar.clone(),
            grows: Grows::Lines,
            prefix: Vec::new(),
            unit: unit.to_vec(),
            suffix: Vec::new(),
        }));
    }
    templates.retain(Template::has_hosts);
    templates
}

/// The sort key of a template: the few with numbers first, then those without a suffix, then those
/// with the more promising suffixes.
pub(super) fn rank(template: &Template) -> usize {
    match template.grows {
        Grows::Lines | Grows::Numbered(_) => 0,
        Grows::Field(_) => {
            1 + SUFFIXES.iter().take_while(|suffix| **suffix != template.suffix).count()
        }
    }
}

/// An operation, the index of the octet string that grows, and its prefixes.
type Base = (Operation, usize, Vec<&'static [u8]>);

fn bases() -> Vec<Base> {
    let set_cookie: Vec<&[u8]> = vec![
        b"",
        b"a=",
        b"a=\"",
        b"a=b; ",
        b"a=b; Path=/",
        b"a=b; Domain=",
        b"a=b; Expires=",
        b"a=b; Expires=1 Jan 2030",
        b"a=b; Max-Age=",
    ];
    let cookie: Vec<&[u8]> = vec![b"", b"a=", b"a=\"", b"a=b; "];
    let format = |name: &str, value: &str| {
        Operation::FormatSetCookie(FormatSetCookie {
            name: name.into(),
            value: value.into(),
            ..FormatSetCookie::default()
        })
    };
    let (host, path) = ("site.example", "/");
    vec![
        (Operation::ParseSetCookie(ParseSetCookie::default()), 0, set_cookie.clone()),
        (Operation::ParseCookie(ParseCookie { cookie: vec!["".into()] }), 0, cookie),
        (Operation::ParseDate(ParseDate::default()), 0, vec![b"", b"1 Jan 2030 "]),
        (
            Operation::MatchDomain(MatchDomain { host: host.into(), domain: host.into() }),
            0,
            vec![b"", b"a."],
        ),
        (
            Operation::MatchDomain(MatchDomain { host: host.into(), domain: host.into() }),
            1,
            vec![b""],
        ),
        (
            Operation::MatchPath(MatchPath { path: path.into(), cookie_path: path.into() }),
            0,
            vec![b"/"],
        ),
        (
            Operation::DefaultPath(DefaultPath { uri: "https://site.example/".into() }),
            0,
            vec![b"https://site.example/"],
        ),
        (format("a", ""), 1, vec![b""]),
        (format("", "v"), 0, vec![b"a"]),
        (jar(&[""]), 1, set_cookie),
    ]
}

/// A program that sets cookies and sends one request.
fn jar(lines: &[&str]) -> Operation {
    let uri = "https://www.site.example/a/b";
    Operation::Jar(JarProgram {
        now: NOW,
        steps: vec![
            Step::Receive {
                uri: uri.into(),
                set_cookie: lines.iter().map(|&line| line.into()).collect(),
                context: Context::default(),
            },
            Step::Send { at: "1".to_owned(), uri: uri.into(), context: Context::default() },
        ],
        ..JarProgram::default()
    })
}

fn units() -> impl Iterator<Item = &'static [u8]> {
    let longer: [&[u8]; 17] = [
        b"a",
        b"a=b; ",
        b"a=b;",
        b"; ",
        b"a=",
        b"a;",
        b" a",
        b"\" ",
        b"a\"",
        b"\\\"",
        b"a.",
        b"/a",
        b"a,",
        b"=\"",
        b"a=\"b; ",
        b"1:",
        b"; Path=/a",
    ];
    longer.into_iter().chain(tokens::all().iter().copied().filter(|token| token.len() <= 2))
}

/// Units whose repetitions all differ.
const NUMBERED: &[&[u8]] = &[b"n#=v; ", b"n#; "];
/// Suffixes that may make a parser backtrack, the more promising ones first.
const SUFFIXES: &[&[u8]] = &[b"", b"x", b"\x01", b"\"", b"=", b" "];
/// Cookies that differ in name, path, domain, or nothing.
const LINES: &[&[u8]] = &[
    b"n#=v",
    b"n=v#",
    b"n=v; Path=/a/#",
    b"n=v#; Path=/a/b/#; Max-Age=100",
    b"n#=v; Domain=site.example",
    b"n#=; Max-Age=0",
    b"n=v; Domain=#.example",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_known_by_its_operation() {
        let capabilities = Capabilities::all();
        let templates = all(&capabilities);
        assert!(templates.len() > 1000);
        for template in templates {
            let Template { prefix, unit, suffix, .. } = &template;
            let operation = template.operation(12);
            let again = Template::of(&operation, prefix, unit, suffix);
            assert_eq!(again.operation(12), operation, "{template:?}");
            assert_eq!(again.operation(20), template.operation(20), "{template:?}");
        }
    }
}
