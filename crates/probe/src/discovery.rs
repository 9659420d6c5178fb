//! Which cookies make the session: those without which nobody is logged in.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::browser::Browser;
use crate::descriptor::Descriptor;
use crate::site::Site;
use crate::trouble::Trouble;

/// What is found out about the application before any check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The names of the cookies whose removal turns who-am-i anonymous.
    pub names: BTreeSet<Vec<u8>>,
    /// Who who-am-i says that each account is.
    pub identities: Vec<String>,
    /// Who-am-i answers everybody the same, whatever cookies they send: there is nothing to find.
    pub is_shared: bool,
}

impl Found {
    /// The names as text, for people.
    pub fn shown(&self) -> String {
        let names = self.names.iter().map(|name| name.escape_ascii().to_string());
        names.collect::<Vec<_>>().join(" + ")
    }
}

/// Logs in with every account, and takes cookies away until nobody is logged in.
///
/// # Errors
/// [`Trouble`]: who-am-i does not know who is logged in, or no cookie makes a difference.
pub(crate) fn discover(site: &Arc<Site>, descriptor: &Arc<Descriptor>) -> Result<Found, Trouble> {
    let browser = || Browser::new(Arc::clone(site), Arc::clone(descriptor));
    let shown = format!("GET {}{}", site.origin(), descriptor.whoami.path);
    if let Some(somebody) = browser().whoami()? {
        return Err(Trouble::descriptor(
            shown,
            format!("a client without cookies is \"{somebody}\""),
            "correct `whoami.capture`: it must match only where somebody is logged in",
        ));
    }
    let mut found = Found::default();
    let mut first = None;
    // The descriptor says nothing about more than two.
    for account in descriptor.accounts.iter().take(2) {
        let mut browser = browser();
        let reply = browser.login(account)?;
        let identity = browser.whoami()?.ok_or_else(|| {
            no_login(site, descriptor, &account.user, reply.status(), browser.jar().len())
        })?;
        found.identities.push(identity);
        first.get_or_insert(browser);
    }
    found.is_shared = browser().whoami()?.is_some();
    if found.is_shared {
        return Ok(found);
    }
    if let [one, other] = &found.identities[..]
        && one == other
    {
        return Err(Trouble::descriptor(
            shown,
            format!("both accounts are \"{one}\""),
            "correct `whoami.capture`: group 1 has to tell users apart",
        ));
    }
    if let Some(browser) = first {
        found.names = names(&browser)?;
    }
    if found.names.is_empty() {
        return Err(Trouble::descriptor(
            shown,
            "no single cookie is needed to be logged in".to_owned(),
            "if the application logs in again by a second cookie such as remember-me, leave it \
             out in `login`; the probe has to find the cookies that make the session",
        ));
    }
    Ok(found)
}

fn names(browser: &Browser) -> Result<BTreeSet<Vec<u8>>, Trouble> {
    let mut names = BTreeSet::new();
    for cookie in browser.jar() {
        let mut without = browser.twin();
        without.forget(&cookie.name);
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
) -> Trouble {
    let login = &descriptor.login;
    Trouble::descriptor(
        format!("{} {}{}", login.method, site.origin(), login.path),
        format!(
            "status {status}, {cookies} cookies kept, and afterwards GET {} does not match \
             `whoami.capture`: \"{user}\" is not logged in",
            descriptor.whoami.path
        ),
        "check the names of the form's members, the password, whether `csrf` is needed, and \
         `whoami.capture`",
    )
}
