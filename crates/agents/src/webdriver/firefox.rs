//! Firefox, behind geckodriver.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use super::programs::Programs;
use super::session::{CommandError, Session};

/// What geckodriver is started with.
pub(super) fn serve(command: &mut Command, port: u16) {
    command
        .args(["--host", "127.0.0.1", "--port", &port.to_string(), "--log", "error"])
        // Only scripts of the browser itself can empty the cookie store.
        .arg("--allow-system-access")
        // Without it a release ignores the preference `services.settings.server`.
        .env("MOZ_REMOTE_SETTINGS_DEVTOOLS", "1");
}

/// What a session is asked for: the browser behind the proxy, with this profile.
pub(super) fn capabilities(programs: &Programs, proxy: SocketAddr, profile: &Path) -> Value {
    let mut preferences: Map<String, Value> =
        PREFERENCES.iter().map(|&(name, value)| (name.to_owned(), value.into())).collect();
    for scheme in ["http", "ssl"] {
        let name = |member| format!("network.proxy.{scheme}{member}");
        preferences.insert(name(""), proxy.ip().to_string().into());
        preferences.insert(name("_port"), proxy.port().into());
    }
    for (name, text) in TEXTS {
        preferences.insert(name.to_owned(), text.into());
    }
    for (name, number) in NUMBERS {
        preferences.insert(name.to_owned(), number.into());
    }
    json!({
        "acceptInsecureCerts": true,
        "moz:firefoxOptions": {
            "binary": programs.browser,
            "args": ["-headless", "-no-remote", "-profile", profile],
            "prefs": preferences,
        },
    })
}

/// Empties the cookie store.
pub(super) fn clear(session: &Session) -> Result<(), CommandError> {
    let context = |name| session.post("moz/context", &json!({ "context": name }));
    context("chrome")?;
    let script = json!({ "script": "Services.cookies.removeAll();", "args": [] });
    let cleared = session.post("execute/sync", &script);
    context("content")?;
    cleared.map(|_| ())
}

/// Switches with which the browser makes no request of its own.
const PREFERENCES: [(&str, bool); 24] = [
    ("app.normandy.enabled", false),
    ("app.update.enabled", false),
    ("browser.newtabpage.enabled", false),
    ("browser.region.update.enabled", false),
    ("browser.safebrowsing.downloads.remote.enabled", false),
    ("browser.safebrowsing.malware.enabled", false),
    ("browser.safebrowsing.phishing.enabled", false),
    ("datareporting.policy.dataSubmissionEnabled", false),
    // With these, `http` becomes `https`.
    ("dom.security.https_first", false),
    ("dom.security.https_first_schemeless", false),
    ("dom.security.https_only_mode", false),
    ("extensions.getAddons.cache.enabled", false),
    ("extensions.update.enabled", false),
    ("geo.enabled", false),
    ("media.gmp-manager.updateEnabled", false),
    ("network.captive-portal-service.enabled", false),
    ("network.connectivity-service.enabled", false),
    ("network.dns.disablePrefetch", true),
    ("network.lna.enabled", false),
    ("network.prefetch-next", false),
    // Hosts on the loopback interface are origins like all others.
    ("network.proxy.allow_hijacking_localhost", true),
    ("browser.chrome.site_icons", false),
    ("toolkit.telemetry.enabled", false),
    ("privacy.trackingprotection.enabled", false),
];

const TEXTS: [(&str, &str); 2] = [
    ("network.proxy.no_proxies_on", ""),
    ("services.settings.server", "data:,#remote-settings-dummy/v1"),
];

const NUMBERS: [(&str, i64); 6] = [
    ("browser.startup.page", 0),
    // Cookies of third parties are neither blocked nor kept apart, which no cookie specification
    // asks for.
    ("network.cookie.cookieBehavior", 0),
    ("network.http.speculative-parallel-limit", 0),
    ("network.proxy.type", 1),
    ("network.trr.mode", 5),
    ("security.OCSP.enabled", 0),
];
