//! The session of one request.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::SessionError;
use crate::id::IdHash;
use crate::shared::{Candidates, Found, Shared};
use crate::values::Changes;

/// The session of one request. Clones refer to the same session.
///
/// Reads see what this request wrote before. Nothing is stored before
/// [`finish`](Session::finish), which must be called when the request is answered; the `tower` layer
/// does that.
#[derive(Clone)]
pub struct Session {
    pub(crate) shared: Arc<Shared>,
    request: Arc<Mutex<Request>>,
}

/// The state of a request: what it brought, and what it wants to change.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) candidates: Candidates,
    /// Whether the client sent a cookie of the session's name, well-formed or not.
    pub(crate) has_cookie: bool,
    pub(crate) is_used: bool,
    pub(crate) found: Option<Found>,
    pub(crate) intent: Intent,
    pub(crate) changes: Changes,
    finished: bool,
}

/// What the request does to the session's identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// Keeps it.
    Keep,
    /// Replaces it.
    Rotate,
    /// Replaces it, and sets this user.
    Login(Arc<str>),
    /// Ends the session.
    Logout,
}

impl Session {
    pub(crate) fn new(shared: Arc<Shared>, candidates: Candidates, has_cookie: bool) -> Self {
        let request = Request {
            candidates,
            has_cookie,
            is_used: false,
            found: None,
            intent: Intent::Keep,
            changes: Changes::default(),
            finished: false,
        };
        Self { shared, request: Arc::new(Mutex::new(request)) }
    }

    /// Sets a value, which is stored as JSON.
    ///
    /// # Errors
    /// [`SessionError::Value`] if it cannot be written as JSON; [`SessionError::Store`],
    /// [`SessionError::Finished`].
    pub async fn set(
        &self,
        key: impl Into<String>,
        value: &(impl Serialize + ?Sized),
    ) -> Result<(), SessionError> {
        let key = key.into();
        match serde_json::to_vec(value) {
            Ok(value) => self.change(key, Some(value)).await,
            Err(cause) => Err(SessionError::Value { key, cause }),
        }
    }

    /// Removes a value.
    ///
    /// # Errors
    /// [`SessionError::Store`], [`SessionError::Finished`].
    pub async fn remove(&self, key: impl Into<String>) -> Result<(), SessionError> {
        self.change(key.into(), None).await
    }

    async fn change(&self, key: String, value: Option<Vec<u8>>) -> Result<(), SessionError> {
        self.load().await?.changes.keys.insert(key, value);
        Ok(())
    }

    /// Logs a user in, after they have authenticated. The session gets a new identifier, also when
    /// the same user logs in again, and the absolute timeout restarts. Data of an anonymous visitor
    /// or of the same user is kept; data of another user is dropped.
    ///
    /// # Errors
    /// [`SessionError::Store`], [`SessionError::Finished`].
    pub async fn login(&self, user: impl Into<Arc<str>>) -> Result<(), SessionError> {
        let user = user.into();
        let mut request = self.load().await?;
        let of_another = request.user().is_some_and(|before| before != user);
        if of_another || request.intent == Intent::Logout {
            request.changes = Changes { clear: true, ..Changes::default() };
        }
        request.intent = Intent::Login(user);
        Ok(())
    }

    /// Ends the session on the server, and removes the client's cookie.
    ///
    /// # Errors
    /// [`SessionError::Store`], [`SessionError::Finished`].
    pub async fn logout(&self) -> Result<(), SessionError> {
        let mut request = self.load().await?;
        request.changes = Changes { clear: true, ..Changes::default() };
        request.intent = Intent::Logout;
        Ok(())
    }

    /// Gives the session another identifier, as any change of privilege should. The absolute
    /// timeout is not restarted.
    ///
    /// # Errors
    /// [`SessionError::Store`], [`SessionError::Finished`].
    pub async fn rotate(&self) -> Result<(), SessionError> {
        let mut request = self.load().await?;
        if request.intent == Intent::Keep {
            request.intent = Intent::Rotate;
        }
        Ok(())
    }

    /// The value with this key, if there is one.
    ///
    /// # Errors
    /// [`SessionError::Value`] if it is not of the requested type;
    /// [`SessionError::Store`], [`SessionError::Finished`].
    pub async fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, SessionError> {
        let request = self.load().await?;
        let Some(value) = request.value(key) else { return Ok(None) };
        serde_json::from_slice(value)
            .map(Some)
            .map_err(|cause| SessionError::Value { key: key.to_owned(), cause })
    }

    /// The user who is logged in, if any.
    ///
    /// # Errors
    /// [`SessionError::Store`], [`SessionError::Finished`].
    pub async fn user(&self) -> Result<Option<Arc<str>>, SessionError> {
        Ok(self.load().await?.user())
    }

    /// The hash of the identifier this request found its session by, for
    /// [`Sessions::end_all`](crate::Sessions::end_all).
    ///
    /// # Errors
    /// [`SessionError::Store`], [`SessionError::Finished`].
    pub async fn id_hash(&self) -> Result<Option<IdHash>, SessionError> {
        match &self.load().await?.found {
            Some(Found::Live(live)) => Ok(Some(live.id)),
            _ => Ok(None),
        }
    }

    /// Loads the session unless it is loaded already.
    ///
    /// # Errors
    /// [`SessionError::Store`] if the store fails, [`SessionError::Finished`] after
    /// [`finish`](Session::finish).
    async fn load(&self) -> Result<MutexGuard<'_, Request>, SessionError> {
        let candidates = {
            let mut request = self.lock();
            if request.finished {
                return Err(SessionError::Finished);
            }
            request.is_used = true;
            if request.found.is_some() {
                return Ok(request);
            }
            request.candidates
        };
        let found = self.shared.find(&candidates).await?;
        let mut request = self.lock();
        request.found.get_or_insert(found);
        Ok(request)
    }

    /// Takes the state of the request; the session cannot be used afterwards.
    pub(crate) fn close(&self) -> Request {
        let mut request = self.lock();
        let closed = Request {
            candidates: Candidates::default(),
            has_cookie: false,
            is_used: false,
            found: None,
            intent: Intent::Keep,
            changes: Changes::default(),
            finished: true,
        };
        std::mem::replace(&mut *request, closed)
    }

    fn lock(&self) -> MutexGuard<'_, Request> {
        self.request.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Request {
    fn value(&self, key: &str) -> Option<&[u8]> {
        if let Some(changed) = self.changes.keys.get(key) {
            return changed.as_deref();
        }
        match &self.found {
            Some(Found::Live(live)) if !self.changes.clear => live.values.value(key),
            _ => None,
        }
    }

    pub(crate) fn user(&self) -> Option<Arc<str>> {
        match (&self.intent, &self.found) {
            (Intent::Login(user), _) => Some(user.clone()),
            (Intent::Keep | Intent::Rotate, Some(Found::Live(live))) => live.record.user.clone(),
            _ => None,
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}
