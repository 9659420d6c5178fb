//! Chromium and its headless shell, behind chromedriver.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::programs::Programs;
use super::session::{CommandError, Session};

/// What chromedriver is started with.
pub(super) fn serve(command: &mut Command, port: u16) {
    command.arg(format!("--port={port}")).arg("--log-level=WARNING");
}

/// What a session is asked for: the browser behind the proxy, with this profile.
pub(super) fn capabilities(programs: &Programs, proxy: SocketAddr, profile: &Path) -> Value {
    let mut arguments: Vec<String> = SWITCHES.iter().map(|&switch| switch.to_owned()).collect();
    arguments.push(format!("--disable-features={}", FEATURES_OFF.join(",")));
    arguments.push(format!("--proxy-server=http://{proxy}"));
    arguments.push(format!("--user-data-dir={}", profile.display()));
    if is_root() {
        // The sandbox does not work for root.
        arguments.push("--no-sandbox".to_owned());
    }
    json!({
        "acceptInsecureCerts": true,
        "goog:chromeOptions": {
            "binary": programs.browser,
            "args": arguments,
            "prefs": {
                // The whole browser blocks cookies of third parties when it is headless, which no
                // cookie specification asks for.
                "profile.cookie_controls_mode": 0,
                // Connects to no host before a page asks for it, such as that of a search engine.
                "net.network_prediction_options": 2,
            },
        },
    })
}

/// A program in `home` that starts the browser with an empty page.
///
/// chromedriver asks for a page only where it chose the profile. In one that is given, the browser
/// opens its start page, which is somewhere on the Internet, and the headless shell opens none, so
/// that there is no session.
pub(super) fn with_empty_page(browser: &Path, home: &Path) -> io::Result<PathBuf> {
    let program = home.join("browser");
    let path = browser.display().to_string();
    let quoted = shlex::try_quote(&path).map_err(io::Error::other)?;
    fs::write(&program, format!("#!/bin/sh\nexec {quoted} \"$@\" about:blank\n"))?;
    #[cfg(unix)]
    fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(program)
}

/// Empties the cookie store.
pub(super) fn clear(session: &Session) -> Result<(), CommandError> {
    let command = json!({ "cmd": "Storage.clearCookies", "params": {} });
    session.post("goog/cdp/execute", &command).map(|_| ())
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Switches with which the browser makes no request of its own; measured over 2,000 requests.
const SWITCHES: [&str; 37] = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-field-trial-config",
    "--disable-hang-monitor",
    "--disable-ipc-flooding-protection",
    "--disable-renderer-backgrounding",
    "--disable-search-engine-choice-screen",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-service-autorun",
    "--password-store=basic",
    "--use-mock-keychain",
    // Hosts on the loopback interface are origins like all others.
    "--proxy-bypass-list=<-loopback>",
    // A port that nobody listens on, for the services that no switch turns off.
    "--component-updater=url-source=http://127.0.0.1:9/",
    "--gaia-url=http://127.0.0.1:9/",
    "--gcm-checkin-url=http://127.0.0.1:9/",
    "--google-apis-url=http://127.0.0.1:9/",
    "--google-base-url=http://127.0.0.1:9/",
    "--google-url=http://127.0.0.1:9/",
    "--lso-url=http://127.0.0.1:9/",
    "--variations-server-url=http://127.0.0.1:9/",
    "--simulate-outdated-no-au=Tue, 31 Dec 2099 23:59:59 GMT",
    "--window-size=800,600",
];

/// Features that make requests, or change those of a walk: with the first three, `http` becomes
/// `https`.
const FEATURES_OFF: [&str; 13] = [
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsFirstModeIncognito",
    "BackForwardCache",
    "CertificateTransparencyComponentUpdater",
    "DialMediaRouteProvider",
    "LocalNetworkAccessChecks",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "Translate",
];
