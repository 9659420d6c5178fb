//! Mutants of the store and of the random generator. The interface of stores prevents most of these
//! faults from happening by accident.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use cookiespec_session::{
    Created, IdHash, OsRandom, Random, RandomError, Record, Rotated, Rotation, State, Store,
    StoreError, Stored, UnixMillis, Updated, Version,
};

use crate::mutant::Mutant;

/// A store with one fault.
pub(crate) struct FaultyStore {
    pub(crate) inner: Arc<dyn Store>,
    pub(crate) mutant: Mutant,
}

impl FaultyStore {
    /// The record as the mutant stores it.
    fn changed(&self, record: &Record) -> Record {
        let mut record = record.clone();
        if self.mutant == Mutant::TimeoutInCookieOnly && matches!(record.state, State::Live(_)) {
            record.expires = NEVER;
        }
        record
    }

    /// Writes a record whether or not it exists, and whatever its version.
    async fn overwrite(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        if let Some(present) = self.inner.load(id, now).await? {
            return self.inner.update(id, present.version, record, now).await;
        }
        let _ = self.inner.create(id, record, now).await?;
        Ok(Updated::Done(1))
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Created, StoreError> {
        let created = self.inner.create(id, &self.changed(record), now).await?;
        if created == Created::Taken && self.mutant == Mutant::ConstantId {
            let _ = self.overwrite(id, record, now).await?;
            return Ok(Created::Done(1));
        }
        Ok(created)
    }

    async fn load(&self, id: &IdHash, now: UnixMillis) -> Result<Option<Stored>, StoreError> {
        let stored = self.inner.load(id, now).await?;
        if stored.is_none() && self.mutant == Mutant::AdoptsUnknownIds {
            let state = State::Live([][..].into());
            let expires = now + 60_000;
            let record = Record { user: None, started: now, issued: now, expires, state };
            let _ = self.inner.create(id, &record, now).await?;
            return self.inner.load(id, now).await;
        }
        Ok(stored)
    }

    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let is_live = matches!(record.state, State::Live(_));
        let mut record = self.changed(record);
        match self.mutant {
            Mutant::LogoutForgetsServer if !is_live => return Ok(Updated::Done(version + 1)),
            Mutant::BlindSave if is_live => return self.overwrite(id, &record, now).await,
            Mutant::WritesDoNotProlong if is_live => {
                if let Some(present) = self.inner.load(id, now).await? {
                    record.expires = present.record.expires;
                }
            }
            _ => {}
        }
        let updated = self.inner.update(id, version, &record, now).await?;
        if updated == Updated::Conflict && is_live && self.mutant == Mutant::LosesUpdates {
            let present = self.inner.load(id, now).await?;
            if present.is_some_and(|present| matches!(present.record.state, State::Live(_))) {
                return self.overwrite(id, &record, now).await;
            }
        }
        Ok(updated)
    }

    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        match self.mutant {
            Mutant::ReadsDoNotProlong | Mutant::TimeoutInCookieOnly => Ok(Updated::Done(version)),
            _ => self.inner.touch(id, version, expires, now).await,
        }
    }

    async fn rotate(
        &self,
        rotation: &Rotation<'_>,
        now: UnixMillis,
    ) -> Result<Rotated, StoreError> {
        let mut record = self.changed(rotation.record);
        let before = self.inner.load(rotation.from, now).await?;
        let mut left = rotation.leave.cloned();
        match self.mutant {
            Mutant::KeepsOldId => left = Some(record.clone()),
            Mutant::KeepsOldData => {
                left = before.map(|stored| Record { user: None, ..stored.record });
            }
            Mutant::RotationRestartsClock => record.started = record.issued,
            Mutant::ConstantId => {
                let _ = self.overwrite(rotation.to, &record, now).await?;
                return Ok(Rotated::Done(1));
            }
            _ => {}
        }
        let rotation = Rotation { record: &record, leave: left.as_ref(), ..*rotation };
        self.inner.rotate(&rotation, now).await
    }

    async fn delete(&self, id: &IdHash, now: UnixMillis) -> Result<bool, StoreError> {
        self.inner.delete(id, now).await
    }

    async fn by_user(&self, user: &str, now: UnixMillis) -> Result<Vec<IdHash>, StoreError> {
        self.inner.by_user(user, now).await
    }

    async fn delete_by_user(
        &self,
        user: &str,
        keep: Option<&IdHash>,
        now: UnixMillis,
    ) -> Result<usize, StoreError> {
        self.inner.delete_by_user(user, keep, now).await
    }

    async fn purge(&self, now: UnixMillis) -> Result<usize, StoreError> {
        self.inner.purge(now).await
    }
}

/// A random generator with one fault.
pub(crate) struct FaultyRandom {
    pub(crate) mutant: Mutant,
    /// The next identifier of [`Mutant::CountingIds`].
    pub(crate) count: AtomicU64,
}

impl Random for FaultyRandom {
    fn fill(&self, octets: &mut [u8]) -> Result<(), RandomError> {
        match self.mutant {
            Mutant::ConstantId => octets.fill(7),
            Mutant::CountingIds => {
                octets.fill(7);
                let count = self.count.fetch_add(1, Ordering::SeqCst);
                octets[..8].copy_from_slice(&count.to_be_bytes());
            }
            Mutant::ShortIds => {
                octets.fill(7);
                OsRandom.fill(&mut octets[..4])?;
            }
            _ => OsRandom.fill(octets)?,
        }
        Ok(())
    }
}

/// An expiry that no test reaches: the year 2096.
const NEVER: UnixMillis = 4_000_000_000_000;
