//! The end of a request: what it did to its session takes effect, all at once.

use std::sync::Arc;

use crate::clock::{UnixMillis, millis};
use crate::error::SessionError;
use crate::id::{IdHash, SessionId};
use crate::record::{Record, State};
use crate::session::{Intent, Request, Session};
use crate::sessions::{Candidates, Found, Live, MAX_TRIES, Shared};
use crate::settings::{FailedResponse, Overlap};
use crate::store::{Rotated, Rotation, Updated};
use crate::values::{Changes, Values};

/// What a response must carry on account of the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// The value of a Set-Cookie field to add.
    pub set_cookie: Option<Vec<u8>>,
    /// Does the response depend on the session? Then it needs `Vary: Cookie`.
    pub varies: bool,
    /// Is it for this client only? Then no cache should keep it: `Cache-Control: no-store`.
    pub is_private: bool,
}

impl Session {
    /// Puts into effect what the request did, and says what its response must carry. `failed`:
    /// is it a server error (5xx)?
    ///
    /// A request that wrote nothing prolongs the session it used.
    ///
    /// # Errors
    /// [`SessionError::Ended`] and [`SessionError::Conflict`] when another request was faster;
    /// then the response must not be sent, for it claims what did not happen, and no cookie must
    /// be set. Else [`SessionError::TooLarge`], [`SessionError::Store`],
    /// [`SessionError::Random`].
    pub async fn finish(&self, failed: bool) -> Result<Effect, SessionError> {
        let mut request = self.close();
        if !request.is_used {
            return Ok(Effect::default());
        }
        let drops = self.shared.settings.failed_response == FailedResponse::DropWrites;
        if failed && drops && request.intent != Intent::Logout {
            request.intent = Intent::Keep;
            request.changes = Changes::default();
        }
        let set_cookie = self.shared.apply(&request).await?;
        let is_private = set_cookie.is_some() || request.user().is_some();
        Ok(Effect { set_cookie, varies: true, is_private })
    }
}

impl Shared {
    /// The Set-Cookie field that the client must get, if any.
    async fn apply(&self, request: &Request) -> Result<Option<Vec<u8>>, SessionError> {
        // A request whose load failed knows nothing and can do nothing.
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
                    // Logged out or logged in meanwhile: there is nothing left to take over.
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

    /// Writes the changes to whatever is stored by now, if the settings want that.
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

    /// Resets the idle clock.
    async fn touch(&self, live: &Live, now: UnixMillis) -> Result<Option<Vec<u8>>, SessionError> {
        let expires = self.expiry(live.record.started, now);
        if expires - live.record.expires < millis(self.settings.touch_after) {
            return Ok(None);
        }
        // A session that ended or changed meanwhile needs no longer life from this request.
        match self.store.touch(&live.id, live.version, expires, now).await? {
            Updated::Done(_) => {
                self.reissue(live.client_id, &Record { expires, ..live.record.clone() }, now)
            }
            Updated::Gone | Updated::Conflict => Ok(None),
        }
    }

    /// Has the identifier reached the renewal timeout? A request that came by a renewed one
    /// leaves that to the next.
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

    /// Moves a session to a new identifier; `None` when there is no session any more.
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
            // By way of the version, so that a session that moves on meanwhile is followed.
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

    /// What an identifier that no longer names a session has for a while.
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

    /// The cookie of a session that was prolonged: one that is persistent must be, too.
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

/// Why a session gets another identifier.
enum Replacement {
    /// Its user proved who they are.
    Login(Arc<str>),
    /// The application asked for it.
    Rotate,
    /// The identifier was old.
    Renew,
}
