//! The sessions of one application.

use std::fmt;
use std::sync::Arc;

use crate::clock::{Clock, SystemClock, UnixMillis, millis};
use crate::cookies::Cookies;
use crate::error::SessionError;
use crate::id::{IdHash, SessionId};
use crate::random::{NoRandom, OsRandom, Random};
use crate::record::{Record, State};
use crate::session::Session;
use crate::settings::Settings;
use crate::store::{Created, Store, StoreError, Version};
use crate::values::{Changes, Values};

/// The sessions of one application: a store, and the choices of [`Settings`].
///
/// There is no HTTP in here: [`Sessions::begin`] takes the cookies of a request,
/// [`Session::finish`](crate::Session::finish) says what the response must carry.
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
/// let effect = session.finish(false).await.unwrap();
/// let set_cookie = String::from_utf8(effect.set_cookie.unwrap()).unwrap();
///
/// let pair = set_cookie.split(';').next().unwrap();
/// let session = sessions.begin(&Cookies::of([pair.as_bytes()]));
/// assert_eq!(session.user().await.unwrap().as_deref(), Some("alice"));
/// # });
/// ```
#[derive(Clone)]
pub struct Sessions(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    on_corrupt: Arc<dyn Fn(&IdHash) + Send + Sync>,
}

impl Sessions {
    /// Sessions with the clock and the randomness of the machine.
    ///
    /// # Errors
    /// [`SessionError::Cookie`] when the settings ask for a cookie that cannot be set.
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

    /// With another clock.
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        self.with(|shared| shared.clock = clock)
    }

    /// With another source of randomness. Identifiers are no better than it.
    pub fn with_random(self, random: Arc<dyn Random>) -> Self {
        self.with(|shared| shared.random = random)
    }

    /// Tells of every record that is there and cannot be read. It counts as absent.
    pub fn reporting_corrupt(self, report: impl Fn(&IdHash) + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.on_corrupt = Arc::new(report))
    }

    fn with(self, change: impl FnOnce(&mut Shared)) -> Self {
        let Shared { store, settings, clock, random, on_corrupt } = &*self.0;
        let mut shared = Shared {
            store: store.clone(),
            settings: settings.clone(),
            clock: clock.clone(),
            random: random.clone(),
            on_corrupt: on_corrupt.clone(),
        };
        change(&mut shared);
        Self(Arc::new(shared))
    }

    /// The session of a request. Nothing is loaded before it is asked for, and nothing is created
    /// before something is written.
    ///
    /// An identifier this application never issued names no session and is never adopted.
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

    /// The sessions a user has, by their hashes.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store cannot answer.
    pub async fn of_user(&self, user: &str) -> Result<Vec<IdHash>, SessionError> {
        Ok(self.0.store.by_user(user, self.0.clock.now()).await?)
    }

    /// Ends every session of a user, but for one that is to be kept: "log out everywhere". How
    /// many.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store cannot answer.
    pub async fn end_all(&self, user: &str, keep: Option<&IdHash>) -> Result<usize, SessionError> {
        Ok(self.0.store.delete_by_user(user, keep, self.0.clock.now()).await?)
    }

    /// Removes what has expired from the store; how many records. To be called now and then:
    /// expired sessions are dead without it, but take up room.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store cannot answer.
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

/// The identifiers that a request came with. They need no allocation: nearly always it is one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Candidates([Option<SessionId>; MAX_CANDIDATES]);

/// More cookies of the session's name are not looked at: each costs a question to the store.
const MAX_CANDIDATES: usize = 4;

impl Candidates {
    /// Adds one that is new, if there is room.
    fn add(&mut self, id: SessionId) {
        if self.iter().all(|known| known != id)
            && let Some(free) = self.0.iter_mut().find(|place| place.is_none())
        {
            *free = Some(id);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = SessionId> {
        self.0.into_iter().flatten()
    }
}

/// What the identifiers of a request lead to.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// No session.
    Nothing,
    /// A session that was replaced or logged out a moment ago.
    Ended,
    /// A session.
    Live(Live),
}

/// A session as it was loaded.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    /// The identifier the client has, unless that one leads on to another.
    pub(crate) client_id: Option<SessionId>,
    pub(crate) id: IdHash,
    pub(crate) version: Version,
    pub(crate) record: Record,
    pub(crate) values: Values,
}

impl Shared {
    /// The first of the identifiers that leads to a session.
    pub(crate) async fn find(&self, candidates: &Candidates) -> Result<Found, StoreError> {
        let mut found = Found::Nothing;
        for client_id in candidates.iter() {
            let id = client_id.hash();
            match self.follow(id).await? {
                Found::Live(live) => {
                    let client_id = (live.id == id).then_some(client_id);
                    return Ok(Found::Live(Live { client_id, ..live }));
                }
                Found::Ended => found = Found::Ended,
                Found::Nothing => {}
            }
        }
        Ok(found)
    }

    /// What an identifier leads to, renewed ones included.
    pub(crate) async fn follow(&self, mut id: IdHash) -> Result<Found, StoreError> {
        for _ in 0..MAX_MOVES {
            let stored = match self.store.load(&id, self.clock.now()).await {
                Ok(Some(stored)) => stored,
                Ok(None) => return Ok(Found::Nothing),
                Err(StoreError::Corrupt) => {
                    (self.on_corrupt)(&id);
                    return Ok(Found::Nothing);
                }
                Err(error) => return Err(error),
            };
            match &stored.record.state {
                State::Ended => return Ok(Found::Ended),
                State::Moved(to) => id = *to,
                State::Live(data) => {
                    let Ok(values) = Values::from_octets(data.clone()) else {
                        (self.on_corrupt)(&id);
                        return Ok(Found::Nothing);
                    };
                    let (version, record) = (stored.version, stored.record);
                    return Ok(Found::Live(Live { client_id: None, id, version, record, values }));
                }
            }
        }
        Ok(Found::Nothing)
    }

    /// Stores a record under a new identifier.
    pub(crate) async fn create(&self, record: &Record) -> Result<SessionId, SessionError> {
        for _ in 0..MAX_TRIES {
            let id = SessionId::random(&*self.random)?;
            match self.store.create(&id.hash(), record, self.clock.now()).await? {
                Created::Done(_) => return Ok(id),
                Created::Taken => {}
            }
        }
        Err(NoRandom.into())
    }

    /// The first instant at which a session that began at `started` and is used `now` is no more.
    pub(crate) fn expiry(&self, started: UnixMillis, now: UnixMillis) -> UnixMillis {
        let idle = now.saturating_add(millis(self.settings.idle));
        idle.min(started.saturating_add(millis(self.settings.absolute)))
    }

    /// The data of a session after the changes.
    pub(crate) fn data(&self, values: &Values, changes: &Changes) -> Result<State, SessionError> {
        let values = values.with(changes);
        let data = values.octets();
        let limit = self.settings.max_data_octets;
        if data.len() > limit {
            return Err(SessionError::TooLarge { octets: data.len(), limit });
        }
        Ok(State::Live(data.clone()))
    }
}

/// Identifiers renewed within one grace period of each other.
const MAX_MOVES: usize = 8;
/// A new identifier that is taken means a source of randomness that repeats itself, and a version
/// that changes so often in a row means a store that does not work.
pub(crate) const MAX_TRIES: usize = 64;
