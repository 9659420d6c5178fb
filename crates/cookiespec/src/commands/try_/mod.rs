//! `try`: the answers of targets to one Set-Cookie field, beside those of the engine.

mod query;
mod render;

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;
use cookiespec_engine::Uri;
use cookiespec_report::{Exit, Outcome};
use cookiespec_runner::Transcript;
use cookiespec_vectors::{ImplementationInfo, Octets, Profile, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::query::{Engine, Interface, Query};
use self::render::Rendering;
use crate::execution::{self, ViewOptions};
use crate::format::Format;
use crate::output;
use crate::selection::{self, TargetChoice, Targets};

/// Try one Set-Cookie header on every target, beside the engine's answers for each specification
///
/// Each target parses the header. One that has no parser but a cookie store receives it, and the
/// answer is what it would send back to the same URI. Targets with the same answer are grouped.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec try 'a=b; Max-Age=0'\n  \
    cookiespec try '__Host-a=b; Path=/' --all\n  \
    cookiespec try 'sid=1; Domain=co.uk' --uri https://shop.co.uk/ --targets reqwest,cookie_store\n  \
    cookiespec try 'a=b; Expires=Wed, 01 Jul 2026 00:00:00 GMT' --now 2026-06-30\n  \
    cookiespec try 'a=\\x00\\xff' --profile rfc6265bis --format json\n  \
    cookiespec try 'a=b; Secure' --uri http://localhost:3000/ --secure-localhost\n  \
    cookiespec try 'a=b; Max-Age=0' -- ./my-shim\n\n\
    Exit codes: 0 tried, whatever the answers; 2 usage; 3 the harness or a shim broke.")]
pub(crate) struct Arguments {
    /// The set-cookie-string; an octet may be written \xNN, a backslash \\
    #[arg(value_name = "SET-COOKIE", value_parser = octets)]
    set_cookie: Octets,
    /// The URI of the request that the header answers
    #[arg(long, default_value = "https://www.example.com/", value_parser = absolute_uri)]
    uri: Octets,
    /// The time it arrives: Unix seconds, or a date such as 2026-01-05 or 2026-01-05T12:00:00Z
    /// [default: the time of this machine]
    ///
    /// Targets without an adjustable clock read that of the machine, whatever is said here.
    #[arg(long, value_name = "SECS|DATE", value_parser = instant, allow_negative_numbers = true)]
    now: Option<i64>,
    /// Take plain http to localhost and to loopback addresses as secure, as browsers do
    #[arg(long)]
    secure_localhost: bool,
    /// These targets, by name [default: those inside this executable]
    #[arg(long, value_name = "TARGET", value_delimiter = ',', conflicts_with = "all")]
    targets: Vec<String>,
    /// Every target that can run here
    #[arg(long)]
    all: bool,
    /// With --all, HTTP clients and browsers too
    #[arg(long, requires = "all")]
    wire: bool,
    /// A program that speaks the shim protocol, and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
    #[command(flatten)]
    view: ViewOptions,
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

/// Reads an absolute URI: without a scheme and a host there is no request that could be answered.
fn absolute_uri(text: &str) -> Result<Octets, String> {
    let uri = octets(text)?;
    match Uri::parse(uri.as_slice()) {
        Ok(_) => Ok(uri),
        Err(error) => {
            Err(format!("{error}; write a scheme and a host, such as https://www.example.com/"))
        }
    }
}

/// Reads a time: Unix seconds, or a date, with a time and an offset or at midnight UTC.
fn instant(text: &str) -> Result<i64, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let midnight = |date: Date| date.to_zoned(TimeZone::UTC).map(|time| time.timestamp());
    let time = text.parse().or_else(|_| text.parse().and_then(midnight));
    time.map(Timestamp::as_second).map_err(|_: jiff::Error| {
        "write Unix seconds, a date such as 2026-01-05, or a time such as 2026-01-05T12:00:00Z"
            .to_owned()
    })
}

fn hexadecimal(high: u8, low: u8) -> Result<u8, String> {
    let digit = |octet| char::from(octet).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let octet = digit(high).zip(digit(low)).map(|(high, low)| high * 16 + low);
    octet.ok_or_else(|| "after \\x, write two hexadecimal digits".to_owned())
}

/// Runs the header on the targets and prints their answers.
pub(crate) fn try_(arguments: &Arguments) -> Result<Exit> {
    let targets = Targets::locate()?;
    let (chosen, absent) = choice(arguments).choose(&targets)?;
    // The engine has columns of its own.
    let chosen = chosen.into_iter().filter(|target| target.name != selection::REFERENCE);
    let jobs: Vec<_> =
        chosen.flat_map(|target| selection::jobs(target, &[Profile::Rfc6265bis])).collect();

    let clock = Timestamp::now().as_second();
    let now = arguments.now.unwrap_or(clock);
    let Arguments { set_cookie, uri, secure_localhost, .. } = arguments;
    let query = Query::new(set_cookie, uri, now, *secure_localhost);
    let profiles = arguments.view.profiles();
    let engines: Vec<_> = profiles.iter().map(|profile| query.engine(*profile)).collect();
    let cases = query.cases();
    let plan = arguments.view.options.plan(&targets, &jobs, &cases);
    let transcripts = execution::run_for_answers(&plan)?;
    let ran = jobs.iter().map(|job| &job.target);
    let groups = query.groups(&profiles, clock, ran.zip(&transcripts));
    let rendering = Rendering {
        query: &query,
        engines: &engines,
        with_secure_localhost: with_secure_localhost(arguments, now, &engines),
        groups: &groups,
        absent: &absent,
        targets: transcripts.len(),
        is_chosen: is_chosen(arguments),
    };
    output::print(&match arguments.view.format {
        Format::Text => rendering.text(output::width().min(80)),
        Format::Json => rendering.json(),
    })?;
    Ok(if transcripts.iter().any(is_broken) { Exit::Broken } else { Exit::Clean })
}

/// Whether targets were chosen.
fn is_chosen(arguments: &Arguments) -> bool {
    arguments.all || !arguments.targets.is_empty() || !arguments.command.is_empty()
}

/// The chosen targets; those inside this executable where none is chosen.
fn choice(arguments: &Arguments) -> TargetChoice {
    let Arguments { targets, all, wire, command, .. } = arguments;
    if is_chosen(arguments) {
        return TargetChoice::of(targets, *all, command).with_wire(*wire);
    }
    let built_in = cookiespec_targets::all().iter().map(|entry| entry.name.to_owned());
    TargetChoice::of(&built_in.collect::<Vec<_>>(), false, &[])
}

/// What the engine does under the newest profile where plain http to localhost is secure, in words,
/// if that is another answer.
fn with_secure_localhost(arguments: &Arguments, now: i64, engines: &[Engine]) -> Option<String> {
    let Arguments { set_cookie, uri, secure_localhost, .. } = arguments;
    let engine = engines.last().filter(|_| !secure_localhost)?;
    let trusting = Query::new(set_cookie, uri, now, true);
    let words = |query: &Query, engine: &Engine| {
        let answer = engine.answer(Interface::Store);
        query.words(Interface::Store, &ImplementationInfo::default(), answer)
    };
    let with = words(&trusting, &trusting.engine(engine.profile));
    (with != words(&trusting, engine)).then_some(with)
}

/// Whether the harness or the shim broke.
fn is_broken(transcript: &Transcript) -> bool {
    let is_broken = |outcome: &Outcome| match outcome {
        Outcome::Failure(failure) => failure.verdict == Verdict::Broken,
        _ => false,
    };
    transcript.error.is_some() || transcript.outcomes.iter().any(is_broken)
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
