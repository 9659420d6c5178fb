//! `try`: one Set-Cookie field through every target, and through the engine under each profile.

mod query;
mod render;

use anyhow::Result;
use clap::Args;
use cookiespec_report::Exit;
use cookiespec_vectors::{Octets, Profile};

use self::query::{Asked, groups};
use crate::execution::{self, RunOptions};
use crate::format::Format;
use crate::output;
use crate::selection::{self, TargetChoice, Targets};

/// Try one Set-Cookie header on every target, beside what the specifications make of it
///
/// Each target parses the header. One that has no parser but a cookie store receives it and says
/// what it would send back to the same URI. Equal answers stand together.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec try 'a=b; Max-Age=0'\n  \
    cookiespec try '__Host-a=b; Path=/' --all\n  \
    cookiespec try 'sid=1; Domain=co.uk' --uri https://shop.co.uk/ --targets reqwest,cookie_store\n  \
    cookiespec try 'a=\\x00\\xff' --profile rfc6265bis --format json\n\n\
    Exit codes: 0 asked, whatever the answers; 2 usage; 3 the harness or a shim broke.")]
pub(crate) struct Arguments {
    /// The set-cookie-string; an octet may be written \xNN, a backslash \\
    #[arg(value_name = "SET-COOKIE", value_parser = octets)]
    set_cookie: Octets,
    /// The URI of the request that the header answers
    #[arg(long, default_value = "https://www.example.com/", value_parser = octets)]
    uri: Octets,
    /// The time it arrives, in Unix seconds
    #[arg(long, value_name = "SECS", default_value = "1767571200", allow_negative_numbers = true)]
    now: i64,
    /// These targets, by name [default: those inside this executable]
    #[arg(long, value_name = "TARGET", value_delimiter = ',', conflicts_with = "all")]
    targets: Vec<String>,
    /// Every target that can run here
    #[arg(long)]
    all: bool,
    /// The engine only under these profiles [default: all]
    #[arg(long, value_parser = selection::profile(), value_delimiter = ',')]
    profile: Vec<Profile>,
    /// For people, or for programs
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    options: RunOptions,
}

/// Reads octets: text in UTF-8, with `\xNN` for any octet.
fn octets(text: &str) -> Result<Octets, String> {
    let mut octets = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&octet, after)) = rest.split_first() {
        rest = after;
        if octet != b'\\' {
            octets.push(octet);
            continue;
        }
        let (octet, length) = match after {
            [b'x', high, low, ..] => (hexadecimal(*high, *low)?, 3),
            [b'\\', ..] => (b'\\', 1),
            _ => return Err("after a backslash, write xNN or another backslash".to_owned()),
        };
        octets.push(octet);
        rest = &after[length..];
    }
    Ok(octets.into())
}

fn hexadecimal(high: u8, low: u8) -> Result<u8, String> {
    let digit = |octet| char::from(octet).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let octet = digit(high).zip(digit(low)).map(|(high, low)| high * 16 + low);
    octet.ok_or_else(|| "after \\x, write two hexadecimal digits".to_owned())
}

/// Asks everybody and prints what they say.
pub(crate) fn try_(arguments: &Arguments) -> Result<Exit> {
    let targets = Targets::locate()?;
    let built_in: Vec<_> =
        cookiespec_targets::all().iter().map(|entry| entry.name.to_owned()).collect();
    let names = if arguments.targets.is_empty() { &built_in } else { &arguments.targets };
    let named = if arguments.all { &[][..] } else { names };
    let (chosen, absent) = TargetChoice::of(named, arguments.all).choose(&targets)?;
    // The engine has its own place in what is printed.
    let chosen = chosen.into_iter().filter(|target| target.name != selection::REFERENCE);
    let jobs: Vec<_> =
        chosen.flat_map(|target| selection::jobs(target, &[Profile::Rfc6265bis])).collect();

    let asked = Asked::new(&arguments.set_cookie, &arguments.uri, arguments.now);
    let cases = asked.cases();
    let results = execution::run(&arguments.options.plan(&targets, &jobs, &cases));
    let exit = results.iter().map(|one| one.exit()).max().unwrap_or(Exit::Clean);
    let profiles = selection::or_all(&arguments.profile);
    let groups = groups(&asked, &profiles, &results);
    let rendering = render::Rendering {
        asked: &asked,
        profiles: &profiles,
        groups: &groups,
        absent: &absent,
        targets: results.len(),
        asks_all: arguments.all || !arguments.targets.is_empty(),
    };
    output::print(&match arguments.format {
        Format::Text => rendering.text(output::width().clamp(60, 80)),
        Format::Json => rendering.json(),
    })?;
    Ok(if exit == Exit::Broken { Exit::Broken } else { Exit::Clean })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_text_with_escapes() {
        let read = |text| octets(text).map(Octets::into_vec);
        assert_eq!(read(r"a=\x00\xFf\\x"), Ok(b"a=\x00\xff\\x".to_vec()));
        assert_eq!(read("é"), Ok(vec![0xc3, 0xa9]));
        for broken in [r"\", r"\n", r"\x", r"\x0", r"\xg0", r"\x\x"] {
            assert!(read(broken).unwrap_err().starts_with("after "), "{broken}");
        }
    }
}
