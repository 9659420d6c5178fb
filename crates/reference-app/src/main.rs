//! A small web application that keeps its sessions as they should be kept:
//!
//! ```sh
//! cargo run --release -p cookiespec-reference-app -- --help
//! ```
//!
//! It stands on plain HTTP and on loopback, where browsers take a Secure cookie all the same. A
//! fault can be switched on, to see whether a probe finds it.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use cookiespec_reference_app::app;
use cookiespec_reference_app::mutant::Mutant;
use cookiespec_session::{Clock, ManualClock, Settings, SystemClock, open_store};
use tokio::net::TcpListener;

/// A web application with sessions as they should be, on loopback.
#[derive(Parser)]
struct Choice {
    /// The port to listen on; 0 is any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The file to keep sessions in; a new one by default. COOKIESPEC_REDIS_URL wins
    #[arg(long)]
    file: Option<PathBuf>,
    /// The idle timeout in seconds
    #[arg(long, default_value_t = 1_800)]
    idle: u64,
    /// The absolute timeout in seconds
    #[arg(long, default_value_t = 43_200)]
    absolute: u64,
    /// A clock that stands still, and that POST /clock moves on by so many `seconds`
    #[arg(long)]
    clock: bool,
    /// A fault to switch on
    #[arg(long)]
    mutant: Option<Mutant>,
    /// List the faults there are, with the requirements they break
    #[arg(long)]
    list_mutants: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let choice = Choice::parse();
    if choice.list_mutants {
        for mutant in Mutant::ALL {
            println!("{:29} {} [{}]", mutant.name(), mutant.what(), mutant.breaks().join(" "));
        }
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let file = choice.file.unwrap_or_else(|| folder.path().join("sessions.sqlite"));
    let settings = Settings {
        idle: Duration::from_secs(choice.idle),
        absolute: Duration::from_secs(choice.absolute),
        ..Settings::default()
    };
    let knob = choice.clock.then(|| Arc::new(ManualClock::at(SystemClock.now())));
    let clock: Arc<dyn Clock> = match &knob {
        Some(knob) => knob.clone(),
        None => Arc::new(SystemClock),
    };
    let router = app::router(app::Parts {
        store: open_store(&file).await?,
        clock,
        settings,
        mutant: choice.mutant,
        knob,
    })?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, choice.port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
