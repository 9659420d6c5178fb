//! The suite on each of the three parsers: one trial per case, as `cargo test` shows it.

use std::process::ExitCode;

use cookiespec_vectors::operation::{ParseSetCookie, ParsedCookie};
use cookiespec_vectors::trials::Trials;
use cookiespec_vectors::{Implementation, ImplementationInfo, Octets, OperationResult, Profile};

type Pair = (Octets, Octets);

struct Parser {
    name: &'static str,
    parse: fn(&[u8]) -> Option<Pair>,
}

/// The parsers return `&str`, `String` and `Vec<u8>`; `into` makes octets of each.
const PARSERS: [Parser; 3] = [
    Parser {
        name: "borrowed",
        parse: |line| {
            let (name, value) = three_parsers::borrowed(std::str::from_utf8(line).ok()?)?;
            Some((name.into(), value.into()))
        },
    },
    Parser {
        name: "owned",
        parse: |line| {
            let (name, value) = three_parsers::owned(std::str::from_utf8(line).ok()?)?;
            Some((name.into(), value.into()))
        },
    },
    Parser {
        name: "octets",
        parse: |line| three_parsers::octets(line).map(|(name, value)| (name.into(), value.into())),
    },
];

impl Implementation for Parser {
    fn about(&self) -> ImplementationInfo {
        ImplementationInfo {
            name: self.name.into(),
            can: vec!["parse.set-cookie".into()],
            // What the parsers do not return, the suite does not judge.
            blind: ["domain", "path", "expires", "max_age", "secure", "http_only", "same_site"]
                .map(String::from)
                .to_vec(),
            ..ImplementationInfo::default()
        }
    }

    fn parse_set_cookie(
        &mut self,
        input: &ParseSetCookie,
    ) -> OperationResult<Option<ParsedCookie>> {
        let pair = (self.parse)(input.set_cookie.as_slice());
        Ok(pair.map(|(name, value)| ParsedCookie { name, value, ..ParsedCookie::default() }))
    }
}

fn main() -> ExitCode {
    let codes = PARSERS.map(|parser| {
        let Parser { name, parse } = parser;
        Trials::new(Profile::Rfc6265bis, move || Parser { name, parse })
            .known("set-cookie.lifetime.0027", "a small parser for text, which is not complete")
            .known("set-cookie.pair.0027", "a small parser for text, which is not complete")
            .known("set-cookie.pair.0028", "a small parser for text, which is not complete")
            .known("set-cookie.pair.0043", "a small parser for text, which is not complete")
            .known("set-cookie.pair.0069", "a small parser for text, which is not complete")
            .known("set-cookie.pair.0070", "a small parser for text, which is not complete")
            .known("set-cookie.pair.0071", "a small parser for text, which is not complete")
            .known("set-cookie.pair.0079", "a small parser for text, which is not complete")
            .run()
    });
    codes.into_iter().find(|code| *code != ExitCode::SUCCESS).unwrap_or(ExitCode::SUCCESS)
}
