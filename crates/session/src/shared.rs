//! What all requests of one application share: store, settings, clock and randomness, and how an
//! identifier leads to a session.

use std::sync::Arc;

use crate::clock::{Clock, UnixMillis, millis};
use crate::error::SessionError;
use crate::id::{IdHash, SessionId};
use crate::random::{Random, RandomError};
use crate::record::{Record, State};
use crate::settings::Settings;
use crate::store::{Created, Store, StoreError, Version};
use crate::values::{Changes, Values};

/// What all requests of one application share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) on_corrupt: Arc<dyn Fn(&IdHash) + Send + Sync>,
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

    /// Looks up an identifier, and follows renewed ones to their successors.
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
        Err(RandomError.into())
    }

    /// The expiry of a session that began at `started` and is used `now`.
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

/// The identifiers that a request came with; nearly always one, hence no allocation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Candidates([Option<SessionId>; MAX_CANDIDATES]);

impl Candidates {
    /// Adds an identifier unless it is there already or there are [`MAX_CANDIDATES`].
    pub(crate) fn add(&mut self, id: SessionId) {
        if self.iter().all(|known| known != id)
            && let Some(free) = self.0.iter_mut().find(|slot| slot.is_none())
        {
            *free = Some(id);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = SessionId> {
        self.0.into_iter().flatten()
    }
}

/// Result of looking up the identifiers of a request.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// No session.
    Nothing,
    /// A session that was replaced or logged out within the grace period.
    Ended,
    /// A session.
    Live(Live),
}

/// A loaded session.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    /// The identifier the client has; `None` if that one was renewed and leads to another.
    pub(crate) client_id: Option<SessionId>,
    pub(crate) id: IdHash,
    pub(crate) version: Version,
    pub(crate) record: Record,
    pub(crate) values: Values,
}

/// Limit of cookies with the session's name that are looked up; each costs a call of the store.
const MAX_CANDIDATES: usize = 4;
/// Limit of renewed identifiers to follow, all of them renewed within one grace period.
const MAX_MOVES: usize = 8;
/// Limit of attempts in a row. A new identifier that is taken means a source of randomness that
/// repeats itself, and a version that changes this often means a store that does not work.
pub(crate) const MAX_TRIES: usize = 64;
