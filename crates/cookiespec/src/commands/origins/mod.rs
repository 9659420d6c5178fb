//! `cookiespec origins`: the origins of the suite, for a person with a browser or an unknown client.

mod echo;
mod session;
mod site;
#[cfg(test)]
mod tests;
mod visitor;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use cookiespec_agents::WalkOrigins;
use cookiespec_report::{Escaped, Exit};
use cookiespec_vectors::{Profile, Suite};
use cookiespec_wire::server::{Options, Origins, Responder};
use signal_hook::consts::{SIGINT, SIGTERM};

use self::session::Session;
use self::site::{HOST, Site};
use crate::output;
use crate::selection;

/// Serve every origin to a browser or a client of your own, until Ctrl-C
///
/// The proxy that it prints answers for every host, through TLS as well; nothing leaves this machine.
/// A browser that uses it runs the cases of the suite from a start page, which shows the verdicts.
/// Any other URI answers with what was received, and sets the cookies that its query asks for:
/// http://a.test/?set-cookie=a%3D1
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec origins\n  \
    cookiespec origins --port 8377 --profile rfc6265\n\n\
    Exit codes: 0 ended by Ctrl-C, 3 the port cannot be listened on.")]
pub(crate) struct Arguments {
    /// The port on 127.0.0.1 [default: one that is free]
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// The profile by which the cases are judged
    #[arg(long, value_name = "PROFILE", value_parser = selection::profile(), default_value = "rfc6265bis")]
    profile: Profile,
}

/// Serves until a signal.
pub(crate) fn origins(arguments: &Arguments) -> Result<Exit> {
    let ended = end_by_signal()?;
    let suite = Suite::embedded()?;
    let (start, starts) = mpsc::channel();
    let walk = Arc::new(WalkOrigins::new());
    let site = Arc::new(Site::new(Arc::clone(&walk), start, PATIENCE));
    // HTTP/1.1 has octets for every field value of the suite, HTTP/2 has not.
    let options = Options { port: arguments.port, http2: false, ..Options::default() };
    let responder: Arc<dyn Responder> = site.clone();
    let origins = Origins::start(options, responder)?;
    output::print(&instructions(&origins.address().to_string(), origins.ca_file()))?;

    while !ended.load(Ordering::Relaxed) {
        match starts.recv_timeout(LOOK) {
            Ok(browser) => {
                output::print(&format!("Started by {}\n", Escaped(&browser)))?;
                let session = Session::new(&site, &walk, arguments.profile);
                let summary = session.run(&suite, &ended);
                output::print(&format!("{summary}\n"))?;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    origins.stop();
    Ok(Exit::Clean)
}

/// A flag that SIGINT and SIGTERM raise. The second one ends the program at once.
fn end_by_signal() -> Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&flag))?;
        signal_hook::flag::register(signal, Arc::clone(&flag))?;
    }
    Ok(flag)
}

/// What a person needs to send a client here.
fn instructions(address: &str, authority: &Path) -> String {
    let (host, port) = address.split_once(':').unwrap_or((address, ""));
    let authority = authority.display();
    format!(
        "Proxy       {address}, for http and https\n\
         Authority   {authority}, which signs all certificates and is removed at the end\n\
         Start page  http://{HOST}/\n\n\
         Chromium    chromium --user-data-dir=$(mktemp -d) --proxy-server=http://{address} \
         '--proxy-bypass-list=<-loopback>' --ignore-certificate-errors \
         --disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable http://{HOST}/\n\
         Firefox     in a new profile: proxy {host}, port {port}, also for HTTPS; in about:config \
         network.proxy.allow_hijacking_localhost = true and dom.security.https_first = false; \
         import the authority\n\
         curl        curl --proxy http://{address} --noproxy '' --cacert {authority} --cookie '' \
         'https://a.test/?set-cookie=a%3D1' http://a.test/\n\n\
         Ctrl-C ends it.\n\n"
    )
}

/// How long a browser may take for the pages that empty its store.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often it is looked whether a signal has come.
const LOOK: Duration = Duration::from_millis(200);
