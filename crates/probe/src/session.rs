//! Finds the cookies that identify the session: those without which nobody is logged in.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::browser::Browser;
use crate::descriptor::Descriptor;
use crate::error::ProbeError;
use crate::site::Site;

/// What is determined about the sessions of an application before any check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionInfo {
    /// The names of the session cookies: without one of them, who-am-i names nobody.
    pub names: BTreeSet<Vec<u8>>,
    /// The name of each account in who-am-i.
    pub identities: Vec<String>,
    /// Whether who-am-i names a user to clients without cookies after a login. Session cookies
    /// cannot be found then.
    pub is_shared: bool,
}

impl SessionInfo {
    /// The names of the session cookies as text.
    pub fn shown(&self) -> String {
        let names = self.names.iter().map(|name| name.escape_ascii().to_string());
        names.collect::<Vec<_>>().join(" + ")
    }
}

/// Logs in with the accounts, and removes cookies one by one to find those of the session.
///
/// # Errors
/// [`ProbeError`] if who-am-i does not name the user, or no cookie makes a difference.
pub(crate) fn identify_session(
    site: &Arc<Site>,
    descriptor: &Arc<Descriptor>,
) -> Result<SessionInfo, ProbeError> {
    let browser = || Browser::new(Arc::clone(site), Arc::clone(descriptor));
    let shown = format!("GET {}{}", site.origin(), descriptor.whoami.path);
    if let Some(user) = browser().whoami()? {
        return Err(ProbeError::descriptor(
            shown,
            format!("a client without cookies is \"{user}\""),
            "correct `whoami.capture`: it must match only if a user is logged in",
        ));
    }
    let mut info = SessionInfo::default();
    let mut first = None;
    // Checks use at most two accounts.
    for account in descriptor.accounts.iter().take(2) {
        let mut browser = browser();
        let reply = browser.login(account)?;
        let identity = browser.whoami()?.ok_or_else(|| {
            no_login(site, descriptor, &account.user, reply.status(), browser.jar().len())
        })?;
        if identity.len() > LONGEST_IDENTITY {
            return Err(ProbeError::descriptor(
                shown,
                format!("who-am-i names a user of {} octets", identity.len()),
                "correct `whoami.capture`: group 1 has to be the name alone",
            ));
        }
        info.identities.push(identity);
        first.get_or_insert(browser);
    }
    info.is_shared = browser().whoami()?.is_some();
    if info.is_shared {
        return Ok(info);
    }
    if let [one, other] = &info.identities[..]
        && one == other
    {
        return Err(ProbeError::descriptor(
            shown,
            format!("both accounts are \"{one}\""),
            "correct `whoami.capture`: group 1 has to distinguish users",
        ));
    }
    if let Some(browser) = first {
        info.names = session_cookies(&browser)?;
    }
    if info.names.is_empty() {
        return Err(ProbeError::descriptor(
            shown,
            "no single cookie is needed to be logged in".to_owned(),
            "if a second cookie such as remember-me also logs in, do not request it in `login`: the \
             probe has to find the cookies of the session",
        ));
    }
    Ok(info)
}

fn session_cookies(browser: &Browser) -> Result<BTreeSet<Vec<u8>>, ProbeError> {
    let mut names = BTreeSet::new();
    for cookie in browser.jar() {
        let mut without = browser.duplicate();
        without.remove_cookie(&cookie.name);
        if without.whoami()?.is_none() {
            names.insert(cookie.name);
        }
    }
    Ok(names)
}

fn no_login(
    site: &Site,
    descriptor: &Descriptor,
    user: &str,
    status: u16,
    cookies: usize,
) -> ProbeError {
    let login = &descriptor.login;
    ProbeError::descriptor(
        format!("{} {}{}", login.method, site.origin(), login.path),
        format!(
            "status {status}, {cookies} cookies accepted, and then GET {} does not match \
             `whoami.capture`: \"{user}\" is not logged in",
            descriptor.whoami.path
        ),
        "check the names of the form fields, the password, whether `csrf` is needed, and \
         `whoami.capture`",
    )
}

/// The longest name of a user in who-am-i, in octets.
const LONGEST_IDENTITY: usize = 1_000;
