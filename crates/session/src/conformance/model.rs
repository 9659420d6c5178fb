//! The model of a store, too simple to be wrong: the oracle of ST-16.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::clock::UnixMillis;
use crate::id::IdHash;
use crate::record::Record;
use crate::store::{Created, Rotated, Rotation, Store, StoreError, Stored, Updated, Version};

/// A map behind one lock, without an index. Shares no code with the stores it is compared with.
#[derive(Debug, Default)]
pub struct Model(Mutex<BTreeMap<IdHash, Stored>>);

impl Model {
    fn records(&self) -> MutexGuard<'_, BTreeMap<IdHash, Stored>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The version of an identifier's record, expired or not.
    pub(crate) fn version(&self, id: &IdHash) -> Option<Version> {
        self.records().get(id).map(|stored| stored.version)
    }

    /// Changes a live record if it has this version.
    fn change(
        &self,
        id: &IdHash,
        version: Version,
        now: UnixMillis,
        change: impl FnOnce(&mut Stored),
    ) -> Updated {
        match self.records().get_mut(id) {
            Some(stored) if now >= stored.record.expires => Updated::Gone,
            Some(stored) if stored.version != version => Updated::Conflict,
            Some(stored) => {
                change(stored);
                Updated::Done(stored.version)
            }
            None => Updated::Gone,
        }
    }
}

/// The version of a live record.
fn live(records: &BTreeMap<IdHash, Stored>, id: &IdHash, now: UnixMillis) -> Option<Version> {
    records.get(id).filter(|stored| now < stored.record.expires).map(|stored| stored.version)
}

#[async_trait]
impl Store for Model {
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Created, StoreError> {
        let mut records = self.records();
        if live(&records, id, now).is_some() {
            return Ok(Created::Taken);
        }
        records.insert(*id, Stored { record: record.clone(), version: 1 });
        Ok(Created::Done(1))
    }

    async fn load(&self, id: &IdHash, now: UnixMillis) -> Result<Option<Stored>, StoreError> {
        let records = self.records();
        Ok(live(&records, id, now).and_then(|_| records.get(id).cloned()))
    }

    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        Ok(self.change(id, version, now, |stored| {
            *stored = Stored { record: record.clone(), version: version + 1 };
        }))
    }

    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        Ok(self.change(id, version, now, |stored| stored.record.expires = expires))
    }

    async fn rotate(
        &self,
        rotation: &Rotation<'_>,
        now: UnixMillis,
    ) -> Result<Rotated, StoreError> {
        let Rotation { from, version, to, record, leave } = *rotation;
        let mut records = self.records();
        match live(&records, from, now) {
            None => return Ok(Rotated::Gone),
            Some(present) if present != version => return Ok(Rotated::Conflict),
            Some(_) if live(&records, to, now).is_some() => return Ok(Rotated::Taken),
            Some(_) => records.remove(from),
        };
        records.insert(*to, Stored { record: record.clone(), version: 1 });
        if let Some(left) = leave {
            records.insert(*from, Stored { record: left.clone(), version: version + 1 });
        }
        Ok(Rotated::Done(1))
    }

    async fn delete(&self, id: &IdHash, now: UnixMillis) -> Result<bool, StoreError> {
        let mut records = self.records();
        let was_live = live(&records, id, now).is_some();
        records.remove(id);
        Ok(was_live)
    }

    async fn by_user(&self, user: &str, now: UnixMillis) -> Result<Vec<IdHash>, StoreError> {
        let records = self.records();
        let theirs = |(_, stored): &(&IdHash, &Stored)| {
            stored.record.user.as_deref() == Some(user) && now < stored.record.expires
        };
        Ok(records.iter().filter(theirs).map(|(id, _)| *id).collect())
    }

    async fn delete_by_user(
        &self,
        user: &str,
        keep: Option<&IdHash>,
        now: UnixMillis,
    ) -> Result<usize, StoreError> {
        let mut deleted = 0;
        self.records().retain(|id, stored| {
            let goes = stored.record.user.as_deref() == Some(user) && Some(id) != keep;
            deleted += usize::from(goes && now < stored.record.expires);
            !goes
        });
        Ok(deleted)
    }

    async fn purge(&self, now: UnixMillis) -> Result<usize, StoreError> {
        let mut records = self.records();
        let before = records.len();
        records.retain(|_, stored| now < stored.record.expires);
        Ok(before - records.len())
    }
}
