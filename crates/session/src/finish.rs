//! The end of a request: its changes to the session are stored, all at once.

use std::sync::Arc;

use crate::clock::{UnixMillis, millis};
use crate::error::SessionError;
use crate::id::{IdHash, SessionId};
use crate::record::{Record, State};
use crate::session::{Intent, Request, Session};
use crate::settings::{FailedResponse, Overlap};
use crate::shared::{Candidates, Found, Live, MAX_TRIES, Shared};
use crate::store::{Rotated, Rotation, Updated};
use crate::values::{Changes, Values};

/// What the session adds to the response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseChanges {
    /// The value of a Set-Cookie field to add.
    pub set_cookie: Option<Vec<u8>>,
    /// Whether the response depends on the session. If so, it needs `Vary: Cookie`.
    pub varies: bool,
    /// Whether it is for this client only. If so, no cache should keep it:
    /// `Cache-Control: no-store`.
    pub is_private: bool,
}

impl Session {
    /// Stores what the request changed, and returns what its response must carry. `failed`: whether
    /// the response is a server error (5xx).
    ///
    /// A request that wrote nothing prolongs the session it used.
    ///
    /// # Errors
    /// [`SessionError::Ended`] and [`SessionError::Conflict`] if another request was faster. The
    /// response must then not be sent, because it reports a change that was not made, and no cookie
    /// must be set. Otherwise [`SessionError::TooLarge`], [`SessionError::Store`],
    /// [`SessionError::Random`].
    pub async fn finish(&self, failed: bool) -> Result<ResponseChanges, SessionError> {
        let mut request = self.close();
        if !request.is_used {
            return Ok(ResponseChanges::default());
        }
        let drops = self.shared.settings.failed_response == FailedResponse::DropWrites;
        if failed && drops && request.intent != Intent::Logout {
            request.intent = Intent::Keep;
            request.changes = Changes::default();
        }
        let set_cookie = self.shared.apply(&request).await?;
        let is_private = set_cookie.is_some() || request.user().is_some();
        Ok(ResponseChanges { set_cookie, varies: true, is_private })
    }
}

impl Shared {
    /// Stores the changes; returns the Set-Cookie field for the client, if any.
    async fn apply(&self, request: &Request) -> Result<Option<Vec<u8>>, SessionError> {
        // If the load failed, there is nothing to change.
        let Some(found) = &request.found else { return Ok(None) };
        let changes = &request.changes;
        let now = self.clock.now();
        match (&request.intent, found) {
            (Intent::Logout, _) => {
                self.end(&request.candidates).await?;
                if !changes.keys.is_empty() {
                    return self.begin_anew(None, changes).await.map(Some);
                }
                Ok(if request.has_cookie { Some(self.settings.cookie.remove()?) } else { None })
            }
            (Intent::Login(user), Found::Live(live)) => {
                let login = Replacement::Login(user.clone());
                match self.replace(live.clone(), changes, &login).await? {
                    Some(set_cookie) => Ok(Some(set_cookie)),
                    // Logged out or logged in meanwhile: no session is left to take over.
                    None => self.begin_anew(Some(user.clone()), changes).await.map(Some),
                }
            }
            (Intent::Login(user), _) => {
                self.begin_anew(Some(user.clone()), changes).await.map(Some)
            }
            (Intent::Rotate, Found::Live(live)) => {
                self.replace_or_ended(live, changes, &Replacement::Rotate).await.map(Some)
            }
            (_, Found::Live(live)) if self.is_due(live, now) => {
                self.replace_or_ended(live, changes, &Replacement::Renew).await.map(Some)
            }
            (_, Found::Live(live)) if changes.is_empty() => self.touch(live, now).await,
            (_, Found::Live(live)) => self.save(live.clone(), changes).await,
            (_, Found::Nothing | Found::Ended) if changes.keys.is_empty() => Ok(None),
            (_, Found::Nothing) => self.begin_anew(None, changes).await.map(Some),
            // A late write to a session that was replaced. A new session would take the place of
            // the replacement in the client.
            (_, Found::Ended) => Err(SessionError::Ended),
        }
    }

    async fn begin_anew(
        &self,
        user: Option<Arc<str>>,
        changes: &Changes,
    ) -> Result<Vec<u8>, SessionError> {
        let now = self.clock.now();
        let state = self.data(&Values::default(), changes)?;
        let expires = self.expiry(now, now);
        let record = Record { user, started: now, issued: now, expires, state };
        let id = self.create(&record).await?;
        self.issue(id, &record, now)
    }

    /// Applies the changes to the current record, unless the settings ask for compare-and-swap and
    /// it has changed.
    async fn save(
        &self,
        mut live: Live,
        changes: &Changes,
    ) -> Result<Option<Vec<u8>>, SessionError> {
        for _ in 0..MAX_TRIES {
            let now = self.clock.now();
            let state = self.data(&live.values, changes)?;
            let expires = self.expiry(live.record.started, now);
            let record = Record { expires, state, ..live.record };
            match self.store.update(&live.id, live.version, &record, now).await? {
                Updated::Done(_) => return self.reissue(live.client_id, &record, now),
                Updated::Gone => return Err(SessionError::Ended),
                Updated::Conflict => {}
            }
            if self.settings.overlap == Overlap::CompareAndSwap {
                // An identifier that was replaced has another version, too.
                return Err(match self.follow(live.id).await? {
                    Found::Live(newer) if newer.id == live.id => SessionError::Conflict,
                    _ => SessionError::Ended,
                });
            }
            live = self.reload(live.id, live.client_id).await?;
        }
        Err(SessionError::Conflict)
    }

    async fn reload(&self, id: IdHash, client_id: Option<SessionId>) -> Result<Live, SessionError> {
        match self.follow(id).await? {
            Found::Live(live) => {
                let client_id = client_id.filter(|_| live.id == id);
                Ok(Live { client_id, ..live })
            }
            Found::Nothing | Found::Ended => Err(SessionError::Ended),
        }
    }

    /// Restarts the idle timeout.
    async fn touch(&self, live: &Live, now: UnixMillis) -> Result<Option<Vec<u8>>, SessionError> {
        let expires = self.expiry(live.record.started, now);
        if expires - live.record.expires < millis(self.settings.touch_after) {
            return Ok(None);
        }
        // A session that ended or changed meanwhile need not be prolonged by this request.
        match self.store.touch(&live.id, live.version, expires, now).await? {
            Updated::Done(_) => {
                self.reissue(live.client_id, &Record { expires, ..live.record.clone() }, now)
            }
            Updated::Gone | Updated::Conflict => Ok(None),
        }
    }

    /// Whether the identifier has reached the renewal timeout. A request that came by a renewed one
    /// leaves the renewal to the next.
    fn is_due(&self, live: &Live, now: UnixMillis) -> bool {
        let age = now.saturating_sub(live.record.issued);
        let timeout = self.settings.renewal.map(millis);
        live.client_id.is_some() && timeout.is_some_and(|timeout| age >= timeout)
    }

    async fn replace_or_ended(
        &self,
        live: &Live,
        changes: &Changes,
        replacement: &Replacement,
    ) -> Result<Vec<u8>, SessionError> {
        let replaced = self.replace(live.clone(), changes, replacement).await?;
        replaced.ok_or(SessionError::Ended)
    }

    /// Moves a session to a new identifier; `None` if the session no longer exists.
    async fn replace(
        &self,
        mut live: Live,
        changes: &Changes,
        replacement: &Replacement,
    ) -> Result<Option<Vec<u8>>, SessionError> {
        for _ in 0..MAX_TRIES {
            let now = self.clock.now();
            let to = SessionId::random(&*self.random)?;
            let (user, started) = match replacement {
                Replacement::Login(user) => (Some(user.clone()), now),
                Replacement::Rotate | Replacement::Renew => {
                    (live.record.user.clone(), live.record.started)
                }
            };
            let state = self.data(&live.values, changes)?;
            let expires = self.expiry(started, now);
            let record = Record { user, started, issued: now, expires, state };
            let left = match replacement {
                Replacement::Renew => State::Moved(to.hash()),
                Replacement::Login(_) | Replacement::Rotate => State::Ended,
            };
            let rotation = Rotation {
                from: &live.id,
                version: live.version,
                to: &to.hash(),
                record: &record,
                leave: Some(&self.remains(left, now)),
            };
            match self.store.rotate(&rotation, now).await? {
                Rotated::Done(_) => return self.issue(to, &record, now).map(Some),
                Rotated::Gone => return Ok(None),
                Rotated::Taken => {}
                Rotated::Conflict => match self.reload(live.id, None).await {
                    Ok(newer) => live = newer,
                    Err(SessionError::Ended) => return Ok(None),
                    Err(error) => return Err(error),
                },
            }
        }
        Err(SessionError::Conflict)
    }

    /// Ends the session of each identifier.
    async fn end(&self, candidates: &Candidates) -> Result<(), SessionError> {
        for candidate in candidates.iter() {
            let mut tries = 0;
            // An update by version, so that a session that moves meanwhile is followed.
            while let Found::Live(live) = self.follow(candidate.hash()).await? {
                let now = self.clock.now();
                let ended = self.remains(State::Ended, now);
                let updated = self.store.update(&live.id, live.version, &ended, now).await?;
                if updated != Updated::Conflict {
                    break;
                }
                tries += 1;
                if tries == MAX_TRIES {
                    self.store.delete(&live.id, now).await?;
                }
            }
        }
        Ok(())
    }

    /// The record that an identifier keeps for the grace period after its session moved or ended.
    fn remains(&self, state: State, now: UnixMillis) -> Record {
        let expires = now.saturating_add(millis(self.settings.grace));
        Record { user: None, started: now, issued: now, expires, state }
    }

    fn issue(
        &self,
        id: SessionId,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Vec<u8>, SessionError> {
        let max_age = (record.expires - now) / 1_000;
        Ok(self.settings.cookie.issue(&id.to_text(), max_age)?)
    }

    /// The cookie of a prolonged session, if it is persistent and must be prolonged as well.
    fn reissue(
        &self,
        id: Option<SessionId>,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Option<Vec<u8>>, SessionError> {
        match id {
            Some(id) if self.settings.cookie.persistent => self.issue(id, record, now).map(Some),
            _ => Ok(None),
        }
    }
}

/// The reason for a new identifier.
enum Replacement {
    /// The user logged in.
    Login(Arc<str>),
    /// [`Session::rotate`] was called.
    Rotate,
    /// The identifier reached the renewal timeout.
    Renew,
}
