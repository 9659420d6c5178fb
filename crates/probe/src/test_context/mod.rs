//! What checks work with: browsers, accounts, and control over the application.

pub mod control;
pub mod ids;
pub mod overlap;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use self::ids::Ids;
use crate::browser::navigation::Reply;
use crate::browser::{Browser, Pairs};
use crate::descriptor::{Account, Descriptor};
use crate::error::ProbeError;
use crate::host::Host;
use crate::profile::Profile;
use crate::session::SessionInfo;
use crate::site::{Shared, Site};
use crate::template::Values;

/// The application under test.
///
/// A check uses the application only through clients made here, so that every request is counted,
/// limited and recorded. Several threads can use a context at once.
#[derive(Debug)]
pub struct TestContext {
    pub(crate) descriptor: Arc<Descriptor>,
    pub(crate) site: Arc<Site>,
    /// The application over https, if the descriptor declares how it is reached.
    pub(crate) https: Option<Arc<Site>>,
    /// Another instance on the same store.
    pub(crate) second: Option<Arc<Site>>,
    pub(crate) host: Option<Mutex<Box<dyn Host>>>,
    pub(crate) second_host: Option<Mutex<Box<dyn Host>>>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) session_info: SessionInfo,
    pub(crate) sample: SampleSize,
    pub(crate) bursts: Bursts,
    pub(crate) profile: Profile,
    /// The identifiers that the first check with [`TestContext::ids`] collected.
    pub(crate) ids: Mutex<Option<Ids>>,
    /// `{scratch}`, removed after the hosts have stopped: fields are dropped in order.
    pub(crate) scratch: Option<TempDir>,
}

/// How many identifiers are collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleSize {
    /// The most identifiers.
    pub count: usize,
    /// The most time. An application with a slow password hash gives fewer identifiers.
    pub time: Duration,
}

impl Default for SampleSize {
    /// A thousand identifiers, or eight seconds.
    fn default() -> Self {
        Self { count: 1_000, time: Duration::from_secs(8) }
    }
}

/// How often bursts of requests are tried: whether two requests overlap is a matter of chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bursts {
    /// The most bursts of one check.
    pub count: usize,
    /// The time after which no other burst is started.
    pub time: Duration,
}

impl Default for Bursts {
    /// Twelve bursts, or five seconds.
    fn default() -> Self {
        Self { count: 12, time: Duration::from_secs(5) }
    }
}

impl TestContext {
    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        self.browser_on(&self.site)
    }

    /// A browser without cookies that uses this origin.
    pub fn browser_on(&self, site: &Arc<Site>) -> Browser {
        Browser::new(Arc::clone(site), Arc::clone(&self.descriptor))
    }

    /// A client that sends this Cookie field with every request and stores nothing, like somebody
    /// who has copied the cookies of a browser. It ignores the lifetime of cookies.
    pub fn replay_client(&self, field: impl Into<Vec<u8>>) -> Browser {
        self.replay_client_on(&self.site, vec![field.into()])
    }

    /// A replay client that uses this origin and sends these Cookie field lines.
    pub fn replay_client_on(&self, site: &Arc<Site>, lines: Vec<Vec<u8>>) -> Browser {
        Browser::replay_client(Arc::clone(site), Arc::clone(&self.descriptor), lines)
    }

    /// A browser that has logged in with an account: 0 or, if there is a second one, 1.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response.
    pub fn logged_in(&self, nth: usize) -> Result<Browser, ProbeError> {
        let mut browser = self.browser();
        browser.login(self.account(nth))?;
        Ok(browser)
    }

    /// A browser that has a session without having logged in, and its Cookie field. It has stored a
    /// value if the descriptor declares how. `None` if there is no such session.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response.
    pub fn anonymous(&self) -> Result<Option<(Browser, Vec<u8>)>, ProbeError> {
        let mut browser = self.browser();
        if browser.has_state() {
            browser.write(MARK, "before")?;
        } else {
            browser.whoami()?;
        }
        let has_session = !self.session(&browser).is_empty();
        let field = browser.cookie_field();
        Ok(has_session.then_some((browser, field)))
    }

    /// Performs the operations that set cookies, in one browser and in order: a write, a login, a
    /// write, a change of privilege, a second login and a logout, as far as the descriptor declares
    /// them.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response.
    pub fn visit(&self, site: &Arc<Site>) -> Result<Vec<Reply>, ProbeError> {
        let mut browser = self.browser_on(site);
        let mut replies = Vec::new();
        let write = |browser: &mut Browser, replies: &mut Vec<Reply>| {
            if self.descriptor.state.is_some() {
                replies.push(browser.write(MARK, "visit")?);
            }
            Ok::<_, ProbeError>(())
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

    /// The session cookies of a browser as name and value, in order of name.
    pub fn session(&self, browser: &Browser) -> Pairs {
        let mut pairs: Vec<_> = browser
            .jar()
            .into_iter()
            .filter(|cookie| self.session_info.names.contains(&cookie.name))
            .map(|cookie| (cookie.name, cookie.value))
            .collect();
        pairs.sort();
        pairs
    }

    /// The identifier of the session: the values of its cookies, joined. Empty without a session.
    pub fn id(&self, browser: &Browser) -> Vec<u8> {
        self.session(browser).into_iter().flat_map(|(_, value)| value).collect()
    }

    /// The identifiers of as many logins as [`SampleSize`] allows, and of a minimum number in any
    /// case. They are collected once; later calls return the same.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response.
    pub fn ids(&self) -> Result<Ids, ProbeError> {
        let mut collected = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ids) = &*collected {
            let mut transcript = self.shared.transcript();
            ids.exchanges.iter().cloned().for_each(|exchange| transcript.push(exchange));
            return Ok(ids.clone());
        }
        let start = Instant::now();
        let mut values: Vec<Vec<u8>> = Vec::new();
        let mut octets = 0;
        while values.len() < self.sample.count
            && (values.len() < FEWEST_IDS
                || (start.elapsed() < self.sample.time && octets < MOST_ID_OCTETS))
        {
            let id = self.id(&self.logged_in(0)?);
            octets += id.len();
            values.push(id);
        }
        let exchanges = {
            let mut transcript = self.shared.transcript();
            let (exchanges, _) = transcript.take();
            exchanges.iter().cloned().for_each(|exchange| transcript.push(exchange));
            exchanges
        };
        let ids = Ids { values, exchanges };
        *collected = Some(ids.clone());
        Ok(ids)
    }

    /// The session cookies of a browser with values that were never issued. They have the same
    /// length, and at each position an octet that identifiers have there.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response.
    pub fn made_up(&self, browser: &Browser) -> Result<Pairs, ProbeError> {
        let ids = self.ids()?.values;
        let issued = self.session(browser);
        let mut pairs = issued.clone();
        for (at, octet) in pairs.iter_mut().flat_map(|(_, value)| value).enumerate() {
            let symbols: Vec<_> = ids.iter().filter_map(|id| id.get(at).copied()).collect();
            *octet = fastrand::choice(symbols).unwrap_or(*octet);
        }
        if pairs == issued {
            // All identifiers are the same, so that there is no pattern to follow.
            pairs.iter_mut().flat_map(|(_, value)| value).for_each(|octet| {
                *octet = u8::try_from(fastrand::alphanumeric()).unwrap_or(b'x');
            });
        }
        Ok(pairs)
    }

    /// The profile whose limits a session has to observe.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The descriptor.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// An account of the descriptor; the first one if there are not as many.
    pub fn account(&self, nth: usize) -> &Account {
        self.descriptor.accounts.get(nth).unwrap_or(&self.descriptor.accounts[0])
    }

    /// The name of this account in who-am-i.
    pub fn identity(&self, nth: usize) -> &str {
        self.session_info.identities.get(nth).map_or("", |identity| identity)
    }

    /// The names of the session cookies, and of the accounts.
    pub fn session_info(&self) -> &SessionInfo {
        &self.session_info
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

    /// The placeholders of a write to the session.
    pub fn entry(&self, key: &str, value: &str) -> Values {
        Values::default().with("key", key).with("value", value)
    }

    pub(crate) fn lock(host: &Mutex<Box<dyn Host>>) -> MutexGuard<'_, Box<dyn Host>> {
        host.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key that checks write to if any will do.
pub const MARK: &str = "mark";
/// The fewest identifiers that statistics are computed of.
const FEWEST_IDS: usize = 40;
/// The octets of identifiers after which no more than the fewest are collected.
const MOST_ID_OCTETS: usize = 8 << 20;
