//! The sessions of one application.

use std::fmt;
use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::cookies::Cookies;
use crate::error::SessionError;
use crate::id::{IdHash, SessionId};
use crate::random::{OsRandom, Random};
use crate::session::Session;
use crate::settings::Settings;
use crate::shared::{Candidates, Shared};
use crate::store::Store;

/// The sessions of one application: a store and [`Settings`].
///
/// It contains no HTTP: [`Sessions::begin`] takes the cookies of a request, and
/// [`Session::finish`](crate::Session::finish) returns what the response must carry.
///
/// ```
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(async {
/// use cookiespec_session::{Cookies, MemoryStore, Sessions, Settings};
/// use std::sync::Arc;
///
/// let sessions = Sessions::new(Arc::new(MemoryStore::new()), Settings::default()).unwrap();
/// let session = sessions.begin(&Cookies::default());
/// session.login("alice").await.unwrap();
/// let changes = session.finish(false).await.unwrap();
/// let set_cookie = String::from_utf8(changes.set_cookie.unwrap()).unwrap();
///
/// let pair = set_cookie.split(';').next().unwrap();
/// let session = sessions.begin(&Cookies::of([pair.as_bytes()]));
/// assert_eq!(session.user().await.unwrap().as_deref(), Some("alice"));
/// # });
/// ```
#[derive(Clone)]
pub struct Sessions(Arc<Shared>);

impl Sessions {
    /// Sessions with the clock and the random generator of the machine.
    ///
    /// # Errors
    /// [`SessionError::Cookie`] if the settings ask for a cookie that cannot be set.
    pub fn new(store: Arc<dyn Store>, settings: Settings) -> Result<Self, SessionError> {
        settings.cookie.issue("", 0)?;
        Ok(Self(Arc::new(Shared {
            store,
            settings,
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
            on_corrupt: Arc::new(|_| {}),
        })))
    }

    /// Replaces the clock.
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        self.with(|shared| shared.clock = clock)
    }

    /// Replaces the source of random octets, on which the strength of every identifier depends.
    pub fn with_random(self, random: Arc<dyn Random>) -> Self {
        self.with(|shared| shared.random = random)
    }

    /// Calls `report` for every record that exists but cannot be read. It counts as absent.
    pub fn reporting_corrupt(self, report: impl Fn(&IdHash) + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.on_corrupt = Arc::new(report))
    }

    fn with(mut self, change: impl FnOnce(&mut Shared)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// The session of a request. Nothing is loaded before it is used, and nothing is created before
    /// something is written.
    ///
    /// An identifier that this application never issued names no session and is never adopted.
    pub fn begin(&self, cookies: &Cookies<'_>) -> Session {
        let mut candidates = Candidates::default();
        let mut has_cookie = false;
        for cookie in cookies.all(&self.0.settings.cookie.name) {
            has_cookie = true;
            if let Some(id) = SessionId::parse(cookie.octets()) {
                candidates.add(id);
            }
        }
        Session::new(self.0.clone(), candidates, has_cookie)
    }

    /// The hashes of the identifiers of a user's sessions.
    ///
    /// # Errors
    /// [`SessionError::Store`] if the store fails.
    pub async fn of_user(&self, user: &str) -> Result<Vec<IdHash>, SessionError> {
        Ok(self.0.store.by_user(user, self.0.clock.now()).await?)
    }

    /// Ends every session of a user except `keep`, as for "log out everywhere". Returns how many.
    ///
    /// # Errors
    /// [`SessionError::Store`] if the store fails.
    pub async fn end_all(&self, user: &str, keep: Option<&IdHash>) -> Result<usize, SessionError> {
        Ok(self.0.store.delete_by_user(user, keep, self.0.clock.now()).await?)
    }

    /// Removes expired records from the store, and returns how many. Call it from time to time:
    /// expired sessions are dead without it, but take up space.
    ///
    /// # Errors
    /// [`SessionError::Store`] if the store fails.
    pub async fn purge(&self) -> Result<usize, SessionError> {
        Ok(self.0.store.purge(self.0.clock.now()).await?)
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}
