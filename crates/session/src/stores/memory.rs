//! Sessions in memory: the fastest store, whose contents end with the process.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::clock::UnixMillis;
use crate::id::IdHash;
use crate::record::Record;
use crate::store::{
    Created, FIRST_VERSION, Rotated, Rotation, Store, StoreError, Stored, Updated, Version,
};

/// A store in memory, divided into shards with a lock each.
///
/// A shard of sessions is locked before a shard of the index of users, and of two shards of sessions
/// the lower one first, so that no two calls deadlock.
#[derive(Debug)]
pub struct MemoryStore {
    sessions: [Mutex<Shard>; SHARDS],
    users: [Mutex<Users>; SHARDS],
    hasher: RandomState,
}

type Shard = HashMap<IdHash, Stored, BuildHasherDefault<Hashed>>;
type Users = HashMap<Arc<str>, Vec<IdHash>>;

/// Takes eight octets of what is a hash already. No client can choose colliding identifiers,
/// because only identifiers that the server made at random are stored.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, octets: &[u8]) {
        self.0 = octets.first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The locks of one or two shards.
struct Locked<'a> {
    low: usize,
    first: MutexGuard<'a, Shard>,
    second: Option<MutexGuard<'a, Shard>>,
}

impl Locked<'_> {
    /// One of the locked shards.
    fn shard(&mut self, shard: usize) -> &mut Shard {
        match &mut self.second {
            Some(second) if shard != self.low => second,
            _ => &mut self.first,
        }
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self {
            sessions: std::array::from_fn(|_| Mutex::default()),
            users: std::array::from_fn(|_| Mutex::default()),
            hasher: RandomState::new(),
        }
    }

    fn shard(&self, id: &IdHash) -> usize {
        // The octets are a hash already.
        usize::from(id.as_octets()[31]) % SHARDS
    }

    fn lock(&self, shard: usize) -> MutexGuard<'_, Shard> {
        lock(&self.sessions[shard])
    }

    fn lock_both(&self, one: usize, other: usize) -> Locked<'_> {
        let (low, high) = (one.min(other), one.max(other));
        let first = self.lock(low);
        Locked { low, first, second: (low != high).then(|| self.lock(high)) }
    }

    fn indexed(&self, user: &str) -> Vec<IdHash> {
        self.lock_users(user).get(user).cloned().unwrap_or_default()
    }

    fn lock_users(&self, user: &str) -> MutexGuard<'_, Users> {
        let hash = self.hasher.hash_one(user);
        lock(&self.users[usize::try_from(hash % SHARDS as u64).unwrap_or(0)])
    }

    /// Stores a record and updates the index of users.
    fn put(&self, sessions: &mut Shard, id: &IdHash, record: &Record, version: Version) {
        let old = sessions.insert(*id, Stored { record: record.clone(), version });
        self.index(id, old.and_then(|old| old.record.user), record.user.clone());
    }

    /// Removes a record and updates the index of users. Returns whether it was live.
    fn take(&self, sessions: &mut Shard, id: &IdHash, now: UnixMillis) -> bool {
        sessions.remove(id).is_some_and(|old| {
            let was_live = old.record.is_live(now);
            self.index(id, old.record.user, None);
            was_live
        })
    }

    /// The caller holds the lock of the identifier's shard.
    fn index(&self, id: &IdHash, old: Option<Arc<str>>, new: Option<Arc<str>>) {
        if old == new {
            return;
        }
        if let Some(user) = old
            && let Entry::Occupied(mut entry) = self.lock_users(&user).entry(user.clone())
        {
            entry.get_mut().retain(|indexed| indexed != id);
            if entry.get().is_empty() {
                entry.remove();
            }
        }
        if let Some(user) = new {
            // Most users have one session.
            let none = || Vec::with_capacity(1);
            self.lock_users(&user).entry(user.clone()).or_insert_with(none).push(*id);
        }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Created, StoreError> {
        let mut shard = self.lock(self.shard(id));
        if live(&shard, id, now).is_some() {
            return Ok(Created::Taken);
        }
        self.put(&mut shard, id, record, FIRST_VERSION);
        Ok(Created::Done(FIRST_VERSION))
    }

    async fn load(&self, id: &IdHash, now: UnixMillis) -> Result<Option<Stored>, StoreError> {
        Ok(live(&self.lock(self.shard(id)), id, now).cloned())
    }

    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let mut shard = self.lock(self.shard(id));
        if let Err(refused) = at_version(&mut shard, id, version, now) {
            return Ok(refused);
        }
        self.put(&mut shard, id, record, version + 1);
        Ok(Updated::Done(version + 1))
    }

    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        Ok(match at_version(&mut self.lock(self.shard(id)), id, version, now) {
            Ok(stored) => {
                stored.record.expires = expires;
                Updated::Done(version)
            }
            Err(refused) => refused,
        })
    }

    async fn rotate(
        &self,
        rotation: &Rotation<'_>,
        now: UnixMillis,
    ) -> Result<Rotated, StoreError> {
        let Rotation { from, version, to, record, leave } = *rotation;
        let mut locked = self.lock_both(self.shard(from), self.shard(to));
        match live(locked.shard(self.shard(from)), from, now) {
            None => return Ok(Rotated::Gone),
            Some(stored) if stored.version != version => return Ok(Rotated::Conflict),
            Some(_) => {}
        }
        if live(locked.shard(self.shard(to)), to, now).is_some() {
            return Ok(Rotated::Taken);
        }
        self.put(locked.shard(self.shard(to)), to, record, FIRST_VERSION);
        let from_shard = locked.shard(self.shard(from));
        match leave {
            Some(left) => self.put(from_shard, from, left, version + 1),
            None => drop(self.take(from_shard, from, now)),
        }
        Ok(Rotated::Done(FIRST_VERSION))
    }

    async fn delete(&self, id: &IdHash, now: UnixMillis) -> Result<bool, StoreError> {
        Ok(self.take(&mut self.lock(self.shard(id)), id, now))
    }

    async fn by_user(&self, user: &str, now: UnixMillis) -> Result<Vec<IdHash>, StoreError> {
        let mut ids = self.indexed(user);
        ids.retain(|id| {
            live(&self.lock(self.shard(id)), id, now)
                .is_some_and(|stored| stored.record.user.as_deref() == Some(user))
        });
        ids.sort_unstable();
        Ok(ids)
    }

    async fn delete_by_user(
        &self,
        user: &str,
        keep: Option<&IdHash>,
        now: UnixMillis,
    ) -> Result<usize, StoreError> {
        let mut deleted = 0;
        // A session that moves to another identifier meanwhile is found in the next round.
        loop {
            let mut ids = self.indexed(user);
            ids.retain(|id| Some(id) != keep);
            if ids.is_empty() {
                return Ok(deleted);
            }
            for id in ids {
                let mut sessions = self.lock(self.shard(&id));
                if sessions.get(&id).is_some_and(|at| at.record.user.as_deref() == Some(user)) {
                    deleted += usize::from(self.take(&mut sessions, &id, now));
                }
            }
        }
    }

    async fn purge(&self, now: UnixMillis) -> Result<usize, StoreError> {
        let mut purged = 0;
        for shard in 0..SHARDS {
            let mut sessions = self.lock(shard);
            let expired = |(_, stored): &(&IdHash, &Stored)| !stored.record.is_live(now);
            let ids: Vec<IdHash> = sessions.iter().filter(expired).map(|(id, _)| *id).collect();
            purged += ids.len();
            for id in ids {
                self.take(&mut sessions, &id, now);
            }
        }
        Ok(purged)
    }
}

/// The live record of an identifier if it has this version; else [`Updated::Gone`] or
/// [`Updated::Conflict`].
fn at_version<'a>(
    shard: &'a mut Shard,
    id: &IdHash,
    version: Version,
    now: UnixMillis,
) -> Result<&'a mut Stored, Updated> {
    match shard.get_mut(id) {
        Some(stored) if stored.record.is_live(now) => {
            if stored.version == version {
                Ok(stored)
            } else {
                Err(Updated::Conflict)
            }
        }
        _ => Err(Updated::Gone),
    }
}

fn live<'a>(shard: &'a Shard, id: &IdHash, now: UnixMillis) -> Option<&'a Stored> {
    shard.get(id).filter(|stored| stored.record.is_live(now))
}

/// Ignores poisoning: no call leaves a shard half changed when it panics.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

const SHARDS: usize = 64;
