//! The interface of a session store.

use async_trait::async_trait;
use thiserror::Error;

use crate::clock::UnixMillis;
use crate::id::IdHash;
use crate::record::{Corrupt, Record};

/// A store of sessions.
///
/// There is no method that writes a record whether or not it exists, because every such method
/// revives a session that was deleted in the meantime. A record is created once, changed only by
/// callers that have its current version, and gone for good once it is deleted.
///
/// Each method is atomic: it takes effect completely or not at all, whatever runs concurrently. An
/// expired record counts as absent in all of them, purged or not. Every store should pass the
/// suite in `conformance` (feature `conformance`).
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Stores a record under an identifier that has none.
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Created, StoreError>;

    /// The record of an identifier.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if it exists but cannot be read.
    async fn load(&self, id: &IdHash, now: UnixMillis) -> Result<Option<Stored>, StoreError>;

    /// Replaces the record if it still has this version.
    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError>;

    /// Changes the expiry, and nothing else, if the record still has this version. The version
    /// stays the same.
    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError>;

    /// Moves a session to another identifier in one step: at no moment do both identifiers name it,
    /// or neither.
    async fn rotate(&self, rotation: &Rotation<'_>, now: UnixMillis)
    -> Result<Rotated, StoreError>;

    /// Removes a record. Returns whether there was a live one.
    async fn delete(&self, id: &IdHash, now: UnixMillis) -> Result<bool, StoreError>;

    /// The identifiers of this user's records, in ascending order. The sessions of other users are
    /// not looked at.
    async fn by_user(&self, user: &str, now: UnixMillis) -> Result<Vec<IdHash>, StoreError>;

    /// Removes every record of this user except `keep`. Returns how many live ones there were.
    async fn delete_by_user(
        &self,
        user: &str,
        keep: Option<&IdHash>,
        now: UnixMillis,
    ) -> Result<usize, StoreError>;

    /// Removes every expired record, and no other. Returns how many.
    async fn purge(&self, now: UnixMillis) -> Result<usize, StoreError>;
}

/// A change of identifiers.
#[derive(Clone, Copy, Debug)]
pub struct Rotation<'a> {
    /// The identifier that has the record now.
    pub from: &'a IdHash,
    /// The version it must still have.
    pub version: Version,
    /// The identifier that gets the record.
    pub to: &'a IdHash,
    /// The record after the change.
    pub record: &'a Record,
    /// The record of the old identifier after the change, which marks it as moved or ended; `None`
    /// for no record. Its version is `version` + 1, so that no late update applies
    /// to it.
    pub leave: Option<&'a Record>,
}

/// The version of a record: starts at 1 and grows by one with each change.
pub type Version = u64;

/// The version of a record that was just created.
pub const FIRST_VERSION: Version = 1;

/// A record and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The record.
    pub record: Record,
    /// Its version.
    pub version: Version,
}

/// Outcome of [`Store::create`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the identifier may have been taken"]
pub enum Created {
    /// The record is stored, with this version.
    Done(Version),
    /// The identifier has a record already, which is unchanged. Try another identifier.
    Taken,
}

/// Outcome of [`Store::update`] or [`Store::touch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the record may be gone"]
pub enum Updated {
    /// The record is stored, with this version.
    Done(Version),
    /// There is no such record. Nothing was stored.
    Gone,
    /// The record has another version. Nothing was stored.
    Conflict,
}

/// Outcome of [`Store::rotate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the record may be gone"]
pub enum Rotated {
    /// The record has the new identifier, with this version.
    Done(Version),
    /// The old identifier has no record. Nothing was stored.
    Gone,
    /// The record has another version. Nothing was stored.
    Conflict,
    /// The new identifier has a record already. Nothing was stored; try another identifier.
    Taken,
}

/// The store failed. (That a record is absent or has changed is a result, not an error.)
#[derive(Debug, Error)]
pub enum StoreError {
    /// A record exists but cannot be read.
    #[error("{Corrupt}")]
    Corrupt,
    /// The store cannot be reached or refuses to work. The call may or may not have taken effect.
    #[error("the session store is unavailable: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<Corrupt> for StoreError {
    fn from(Corrupt: Corrupt) -> Self {
        Self::Corrupt
    }
}
