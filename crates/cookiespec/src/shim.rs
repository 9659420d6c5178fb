//! A target inside this executable, behind the shim protocol.

use std::io::{self, BufReader, BufWriter};

use anyhow::Result;
use clap::Args;
use cookiespec_harness::Exit;
use cookiespec_harness::canary::{self, Canary};
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{Implementation, Profile, shim};

use crate::choice::{self, REFERENCE};
use crate::usage::{UsageError, unknown};

/// Speak the shim protocol on stdin and stdout for a target inside this executable
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec shim reference --profile rfc6265\n  \
    echo '{\"id\":1,\"op\":\"parse.date\",\"in\":{\"date\":\"now\"}}' | cookiespec shim reference")]
pub(crate) struct Arguments {
    /// The reference engine, or one of the Rust crates
    name: String,
    /// The profile that the reference engine follows [default: rfc6265bis]
    #[arg(long, value_parser = choice::profile())]
    profile: Option<Profile>,
}

/// Answers requests until the end of stdin.
pub(crate) fn shim(arguments: &Arguments) -> Result<Exit> {
    let mut implementation = implementation(arguments)?;
    let name = format!("rust-{}/1", arguments.name);
    let stdin = BufReader::with_capacity(64 << 10, io::stdin());
    shim::serve(&mut *implementation, &name, stdin, BufWriter::new(io::stdout().lock()))?;
    Ok(Exit::Clean)
}

fn implementation(arguments: &Arguments) -> Result<Box<dyn Implementation>> {
    let Arguments { name, profile } = arguments;
    if name == REFERENCE {
        return Ok(Box::new(Reference::new(profile.unwrap_or(Profile::Rfc6265bis))));
    }
    if name == canary::NAME {
        return Ok(Box::new(Canary));
    }
    let targets = cookiespec_targets::all();
    match targets.iter().find(|entry| entry.name == name) {
        Some(_) if profile.is_some() => {
            let what =
                format!("--profile is for the reference engine; {name} follows what it does");
            Err(UsageError(what).into())
        }
        Some(entry) => Ok((entry.make)()),
        None => {
            let known = std::iter::once(REFERENCE).chain(targets.iter().map(|entry| entry.name));
            Err(unknown("target", name, known, "cookiespec list --targets").into())
        }
    }
}
