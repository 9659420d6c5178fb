//! WebKitGTK's MiniBrowser, behind WebKitWebDriver.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::process::Command;

use serde_json::{Value, json};

use super::programs::Programs;
use super::session::{CommandError, Session};
use crate::pages;

/// What WebKitWebDriver is started with.
pub(super) fn serve(command: &mut Command, port: u16) {
    command
        .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
        // It draws in software.
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env("GDK_BACKEND", "x11")
        // Neither a desktop's settings nor its portals.
        .env("GSETTINGS_BACKEND", "memory")
        .env("GTK_USE_PORTAL", "0")
        .env("NO_AT_BRIDGE", "1");
}

/// What a session is asked for: the browser behind the proxy. It has no profile: under automation
/// its cookie store is in memory and is gone with the session.
pub(super) fn capabilities(programs: &Programs, proxy: SocketAddr) -> Value {
    json!({
        "acceptInsecureCerts": true,
        "browserName": "MiniBrowser",
        "webkitgtk:browserOptions": {
            "binary": programs.browser,
            // With the capability `proxy` every https page hangs.
            "args": ["--automation", format!("--proxy=http://{proxy}"), "--cookies-policy=always"],
        },
    })
}

/// Deletes every cookie that is sent to one of these hosts, if it is known which have some. Returns
/// whether none is left.
///
/// No command empties the store, and the one that deletes the cookies of a page does nothing for IPv6
/// addresses. A new session has an empty store, but takes as long as ten pages.
pub(super) fn clear(
    session: &Session,
    hosts: Option<&BTreeSet<String>>,
) -> Result<bool, CommandError> {
    let Some(hosts) = hosts else { return Ok(false) };
    for host in hosts {
        session.navigate(&format!("http://{host}{}", pages::NONE))?;
        if !session.delete_cookies()? {
            return Ok(false);
        }
    }
    Ok(true)
}
