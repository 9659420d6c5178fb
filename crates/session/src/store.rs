//! What a store of sessions must do.

use std::fmt;

use async_trait::async_trait;

use crate::clock::UnixMillis;
use crate::id::IdHash;
use crate::record::{Corrupt, Record};

/// A store of sessions.
///
/// There is no method that writes a record whether or not it exists, for every such method
/// revives a session that was deleted in the meantime. A record is created once, changed only by
/// who knows its present version, and gone for good once it is deleted.
///
/// Each method is atomic: it happens at once or not at all, whatever else runs. An expired record
/// counts as absent in all of them, purged or not. Every store should pass the `kit`.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Puts a record under an identifier that has none.
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Created, StoreError>;

    /// The record of an identifier.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when there is one and it cannot be read.
    async fn load(&self, id: &IdHash, now: UnixMillis) -> Result<Option<Stored>, StoreError>;

    /// Replaces the record if it still has this version.
    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError>;

    /// Moves the expiry, and nothing else, if the record still has this version. The version
    /// stays what it is.
    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError>;

    /// Moves a session to another identifier in one step: there is no moment at which both
    /// identifiers name it, and none at which neither does.
    async fn rotate(&self, rotation: &Rotation<'_>, now: UnixMillis)
    -> Result<Rotated, StoreError>;

    /// Removes a record. Was there one?
    async fn delete(&self, id: &IdHash, now: UnixMillis) -> Result<bool, StoreError>;

    /// The identifiers whose record is of this user, in ascending order. Does not look at the
    /// sessions of others.
    async fn by_user(&self, user: &str, now: UnixMillis) -> Result<Vec<IdHash>, StoreError>;

    /// Removes every record of this user, but for one that is to be kept; how many.
    async fn delete_by_user(
        &self,
        user: &str,
        keep: Option<&IdHash>,
        now: UnixMillis,
    ) -> Result<usize, StoreError>;

    /// Removes every expired record, and no other; how many.
    async fn purge(&self, now: UnixMillis) -> Result<usize, StoreError>;
}

/// A change of identifiers.
#[derive(Clone, Copy, Debug)]
pub struct Rotation<'a> {
    /// The identifier that has the record.
    pub from: &'a IdHash,
    /// The version it must still have.
    pub version: Version,
    /// The identifier that gets it.
    pub to: &'a IdHash,
    /// The record from now on.
    pub record: &'a Record,
    /// What the old identifier has from now on: no record, or one that says what became of it.
    /// Its version is the next after `version`, so that no late update fits it.
    pub leave: Option<&'a Record>,
}

/// The version of a record: it grows by one with each change, starting from 1.
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

/// What [`Store::create`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the identifier may have been taken"]
pub enum Created {
    /// The record is stored, with this version.
    Done(Version),
    /// The identifier has a record already, which is as it was. Try another identifier.
    Taken,
}

/// What [`Store::update`] or [`Store::touch`] did.
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

/// What [`Store::rotate`] did.
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

/// The store could not answer. (That a record is absent or has changed is an answer.)
#[derive(Debug)]
pub enum StoreError {
    /// A record is there and cannot be read.
    Corrupt,
    /// The store cannot be reached or refuses to work. What was asked may or may not have
    /// happened.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Corrupt => Corrupt.fmt(f),
            Self::Unavailable(cause) => write!(f, "the session store is unavailable: {cause}"),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Corrupt => None,
            Self::Unavailable(cause) => Some(cause.as_ref()),
        }
    }
}

impl From<Corrupt> for StoreError {
    fn from(Corrupt: Corrupt) -> Self {
        Self::Corrupt
    }
}
