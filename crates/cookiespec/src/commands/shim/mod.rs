//! `shim`: a target inside this executable behind the shim protocol, and tools for authors of shims.

mod check;
mod new;

use std::io::{self, BufReader, BufWriter};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use cookiespec_agents::webdriver::{Browser, BrowserAgent};
use cookiespec_agents::{Adapter, ClientAgent, rust};
use cookiespec_report::Exit;
use cookiespec_runner::is_agent;
use cookiespec_runner::self_test::{self, SelfTest};
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{Implementation, Profile, shim};

use crate::selection::{self, REFERENCE, Targets};
use crate::usage::{UsageError, unknown};

/// Speak the shim protocol for a target inside this executable; or write or check a shim
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  \
    cookiespec shim reference --profile rfc6265\n  \
    cookiespec shim new python my-shim\n  \
    cookiespec shim check python3 my-shim/shim.py\n  \
    echo '{\"id\":1,\"op\":\"parse.date\",\"in\":{\"date\":\"now\"}}' | cookiespec shim reference"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    task: Option<Task>,
    /// The reference engine, one of the Rust crates, or a client or browser that is taken through walks
    #[arg(required = true)]
    name: Option<String>,
    /// The profile that the reference engine follows [default: rfc6265bis]
    #[arg(long, value_parser = selection::profile())]
    profile: Option<Profile>,
}

/// How long a browser may take to load a page.
const PAGE_TIME: Duration = Duration::from_secs(30);

#[derive(Debug, Subcommand)]
enum Task {
    New(new::Arguments),
    Check(check::Arguments),
}

impl Arguments {
    /// Whether it starts a shim, or a user agent as one.
    pub(crate) fn starts_programs(&self) -> bool {
        matches!(self.task, Some(Task::Check(_))) || self.name.as_deref().is_some_and(is_agent)
    }
}

/// Answers requests until the end of stdin; or writes or checks a shim.
pub(crate) fn shim(arguments: &Arguments) -> Result<Exit> {
    match (&arguments.task, &arguments.name) {
        (Some(Task::New(arguments)), _) => new::write(arguments),
        (Some(Task::Check(arguments)), _) => check::check(arguments),
        (None, Some(name)) => serve(name, arguments.profile),
        (None, None) => Ok(Exit::Usage),
    }
}

fn serve(name: &str, profile: Option<Profile>) -> Result<Exit> {
    let mut implementation = implementation(name, profile)?;
    let name = format!("rust-{name}/1");
    let stdin = BufReader::with_capacity(64 << 10, io::stdin());
    shim::serve(&mut *implementation, &name, stdin, BufWriter::new(io::stdout().lock()))?;
    Ok(Exit::Clean)
}

/// A user agent with origins that it is taken through.
fn agent(name: &str) -> Result<Adapter> {
    let client = rust::all().iter().find(|client| client.name == name);
    let adapter = if let Some(browser) = Browser::named(name) {
        Adapter::start(|origins| {
            Ok(Box::new(BrowserAgent::start(browser, origins.address(), PAGE_TIME)?))
        })
    } else if let Some(client) = client {
        Adapter::start(client.start)
    } else {
        let shim = Targets::locate()?.client(name)?;
        Adapter::start(|origins| Ok(Box::new(ClientAgent::start(&shim, origins)?)))
    };
    adapter.with_context(|| format!("cannot start {name}"))
}

fn implementation(name: &str, profile: Option<Profile>) -> Result<Box<dyn Implementation>> {
    if name == REFERENCE {
        return Ok(Box::new(Reference::new(profile.unwrap_or(Profile::Rfc6265bis))));
    }
    if name == self_test::NAME {
        return Ok(Box::new(SelfTest));
    }
    if is_agent(name) {
        return Ok(Box::new(agent(name)?));
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
