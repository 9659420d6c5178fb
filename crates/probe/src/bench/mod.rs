//! What a check works with: browsers, accounts, and the knobs of the application.

pub(crate) mod clock;
mod ids;
mod overlap;
mod store;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

pub use self::ids::{Ids, SampleSize};
pub use self::overlap::{Bursts, Late, VALUE, WRITES, at_once, burst_key, is_refused};
use crate::browser::{Browser, Pairs, Reply};
use crate::descriptor::{Account, Descriptor};
use crate::discovery::Found;
use crate::host::Host;
use crate::profile::Profile;
use crate::site::{Shared, Site};
use crate::template::Values;
use crate::trouble::Trouble;

/// The application on the bench.
///
/// Everything a check does goes through browsers made here, so that it is counted, bounded and
/// recorded. A bench can be used by several threads at once.
#[derive(Debug)]
pub struct Bench {
    pub(crate) descriptor: Arc<Descriptor>,
    pub(crate) site: Arc<Site>,
    /// The application over https, where the descriptor says how it is reached.
    pub(crate) https: Option<Arc<Site>>,
    /// Another instance on the same store.
    pub(crate) second: Option<Arc<Site>>,
    pub(crate) host: Option<Mutex<Box<dyn Host>>>,
    pub(crate) second_host: Option<Mutex<Box<dyn Host>>>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) found: Found,
    pub(crate) size: SampleSize,
    pub(crate) bursts: Bursts,
    pub(crate) profile: Profile,
    pub(crate) ids: Mutex<Option<Ids>>,
    /// `{scratch}`, removed after the hosts have stopped: fields are dropped in order.
    pub(crate) scratch: Option<TempDir>,
}

impl Bench {
    /// A browser that has never been at the application.
    pub fn browser(&self) -> Browser {
        self.browser_on(&self.site)
    }

    /// A browser that reaches the application over this origin.
    pub fn browser_on(&self, site: &Arc<Site>) -> Browser {
        Browser::new(Arc::clone(site), Arc::clone(&self.descriptor))
    }

    /// A client that sends this Cookie field with every request and keeps nothing: what somebody
    /// can do who has copied a browser's cookies. It does not care what a cookie's lifetime is.
    pub fn saved(&self, field: impl Into<Vec<u8>>) -> Browser {
        self.saved_on(&self.site, vec![field.into()])
    }

    /// The same, over this origin, with these Cookie field lines.
    pub fn saved_on(&self, site: &Arc<Site>, lines: Vec<Vec<u8>>) -> Browser {
        Browser::fixed(Arc::clone(site), Arc::clone(&self.descriptor), lines)
    }

    /// A browser that has logged in with an account: 0 or, where there is a second one, 1.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer.
    pub fn logged_in(&self, nth: usize) -> Result<Browser, Trouble> {
        let mut browser = self.browser();
        browser.login(self.account(nth))?;
        Ok(browser)
    }

    /// A browser that has a session without having logged in, and its cookies: one that has stored
    /// something, where the descriptor says how. `None` where there is no such session.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer.
    pub fn anonymous(&self) -> Result<Option<(Browser, Vec<u8>)>, Trouble> {
        let mut browser = self.browser();
        if browser.has_state() {
            browser.write(MARK, "before")?;
        } else {
            browser.whoami()?;
        }
        let has_session = !self.session(&browser).is_empty();
        let saved = browser.field();
        Ok(has_session.then_some((browser, saved)))
    }

    /// Does what sets cookies, in one browser and in order: a write, a login, a write, a change of
    /// privilege, a second login, a logout, as far as the descriptor says how.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer.
    pub fn visit(&self, site: &Arc<Site>) -> Result<Vec<Reply>, Trouble> {
        let mut browser = self.browser_on(site);
        let mut replies = Vec::new();
        let write = |browser: &mut Browser, replies: &mut Vec<Reply>| {
            if self.descriptor.state.is_some() {
                replies.push(browser.write(MARK, "visit")?);
            }
            Ok::<_, Trouble>(())
        };
        write(&mut browser, &mut replies)?;
        replies.push(browser.login(self.account(0))?);
        write(&mut browser, &mut replies)?;
        if let Some(step_up) = &self.descriptor.ops.step_up {
            replies.push(browser.send(step_up, &self.account(0).values())?);
        }
        replies.push(browser.login(self.account(0))?);
        replies.push(browser.logout()?);
        Ok(replies)
    }

    /// The cookies of a browser that make its session, as name and value, in order of name.
    pub fn session(&self, browser: &Browser) -> Pairs {
        let mut pairs: Vec<_> = browser
            .jar()
            .into_iter()
            .filter(|cookie| self.found.names.contains(&cookie.name))
            .map(|cookie| (cookie.name, cookie.value))
            .collect();
        pairs.sort();
        pairs
    }

    /// The values of the cookies that make the session of a browser, as one; empty where it has
    /// none.
    pub fn id(&self, browser: &Browser) -> Vec<u8> {
        self.session(browser).into_iter().flat_map(|(_, value)| value).collect()
    }

    /// Whose limits a session has to keep.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// What the descriptor says.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// An account of the descriptor; the first one where there is no such.
    pub fn account(&self, nth: usize) -> &Account {
        self.descriptor.accounts.get(nth).unwrap_or(&self.descriptor.accounts[0])
    }

    /// Who who-am-i says that this account is.
    pub fn identity(&self, nth: usize) -> &str {
        self.found.identities.get(nth).map_or("", |identity| identity)
    }

    /// The cookies that make the session, and who the accounts are.
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// The first origin.
    pub fn site(&self) -> &Arc<Site> {
        &self.site
    }

    /// The application over https.
    pub fn https(&self) -> Option<&Arc<Site>> {
        self.https.as_ref()
    }

    /// Another instance on the same store.
    pub fn second(&self) -> Option<&Arc<Site>> {
        self.second.as_ref()
    }

    /// Placeholders for a change of state.
    pub fn entry(&self, key: &str, value: &str) -> Values {
        Values::default().with("key", key).with("value", value)
    }

    pub(crate) fn lock(host: &Mutex<Box<dyn Host>>) -> MutexGuard<'_, Box<dyn Host>> {
        host.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key that checks write to when any will do.
pub const MARK: &str = "mark";
