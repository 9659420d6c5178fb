//! A small web application that handles its sessions correctly:
//!
//! ```sh
//! cargo run --release -p cookiespec-reference-app -- --help
//! ```
//!
//! It speaks plain HTTP on loopback, where browsers accept a Secure cookie nevertheless. A fault can
//! be switched on, to test whether a probe finds it.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use cookiespec_reference_app::app;
use cookiespec_reference_app::mutant::Mutant;
use cookiespec_reference_app::serve::{Limits, serve};
use cookiespec_session::{Clock, ManualClock, Settings, SystemClock, open_store};
use tokio::net::TcpListener;

/// A web application with correct sessions, on loopback.
#[derive(Parser)]
struct Arguments {
    /// The port to listen on; 0 is any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The file to keep sessions in; a new one by default. COOKIESPEC_REDIS_URL takes precedence
    #[arg(long)]
    file: Option<PathBuf>,
    /// The idle timeout in seconds
    #[arg(long, default_value_t = 1_800)]
    idle: u64,
    /// The absolute timeout in seconds
    #[arg(long, default_value_t = 43_200)]
    absolute: u64,
    /// Use a clock that stands still, and that POST /clock advances by `seconds`
    #[arg(long)]
    clock: bool,
    /// A fault to switch on
    #[arg(long)]
    mutant: Option<Mutant>,
    /// List the faults and the requirements they break
    #[arg(long)]
    list_mutants: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    if arguments.list_mutants {
        for mutant in Mutant::ALL {
            println!("{:29} {} [{}]", mutant.name(), mutant.what(), mutant.breaks().join(" "));
        }
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let file = arguments.file.unwrap_or_else(|| folder.path().join("sessions.sqlite"));
    let settings = Settings {
        idle: Duration::from_secs(arguments.idle),
        absolute: Duration::from_secs(arguments.absolute),
        ..Settings::default()
    };
    let clock_control = arguments.clock.then(|| Arc::new(ManualClock::at(SystemClock.now())));
    let clock: Arc<dyn Clock> = match &clock_control {
        Some(clock) => clock.clone(),
        None => Arc::new(SystemClock),
    };
    let router = app::router(app::Parts {
        store: open_store(&file).await?,
        clock,
        settings,
        mutant: arguments.mutant,
        clock_control,
    })?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await?;
    println!("http://{}", listener.local_addr()?);
    serve(listener, router, Limits::default()).await?;
    Ok(())
}
