//! The store kit on stores of other projects: what it finds is what is known of them.
//!
//! An adapter translates and repairs nothing: where the other store has no such call, it makes
//! the calls that the other project itself makes. Both stores read the clock of the machine.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use actix_session::storage::{RedisSessionStore, SessionKey, SessionStore as ActixSessionStore};
use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cookiespec_session::kit::Kit;
use cookiespec_session::{
    Created, IdHash, Record, Rotated, Rotation, Store, StoreError, Stored, UnixMillis, Updated,
    Version,
};
use cookiespec_test_support::RedisServer;
use time::{Duration, OffsetDateTime};
use tower_sessions_core::SessionStore as TowerSessionStore;
use tower_sessions_core::session;
use tower_sessions_memory_store::MemoryStore as TowerMemoryStore;

#[test]
fn tower_sessions_memory_store() {
    let fresh = async || Arc::new(Tower(TowerMemoryStore::default())) as Arc<dyn Store>;
    Kit::new("tower-sessions-memory-store 0.15.0", fresh)
        .in_real_time()
        .known("ST-02", "save creates: a late request revives a session that was deleted")
        .known("ST-03", "save creates: an expired session can be saved again")
        .known("ST-07", "a new identifier is a delete and, later, a create; nothing stays behind")
        .known("ST-08", "a session that is gone gets a new identifier all the same")
        .known("ST-09", "there are no versions: the last of overlapping saves wins")
        .known("ST-10", "there are no versions, and no call that moves the expiry alone")
        .known("ST-11", "this store has no call that removes what has expired")
        .known("ST-12", "there is no way to find the sessions of a user")
        .known("ST-14", "there are no versions, so that there is no conflict to tell of")
        .run();
}

#[test]
fn actix_session_redis_store() {
    let Some(server) = RedisServer::start() else { return };
    let url = server.url();
    let fresh = async move || {
        let store = RedisSessionStore::new(url.clone()).await.unwrap();
        Arc::new(Actix { store, keys: Mutex::default() }) as Arc<dyn Store>
    };
    Kit::new("actix-session 0.11.0, Redis", fresh)
        .in_real_time()
        .known("ST-01", "the store makes identifiers itself: a collision cannot be put to it")
        .known("ST-02", "an update of a session that is gone creates one under another identifier")
        .known("ST-03", "an expired session is prolonged and updated as if it were there")
        .known("ST-05", "lifetimes are whole seconds; one below a second is an error")
        .known("ST-07", "a new identifier is a delete and a save; nothing stays behind")
        .known("ST-08", "a session that is gone gets a new identifier all the same")
        .known("ST-09", "there are no versions: the last of overlapping updates wins")
        .known("ST-10", "there are no versions, and the expiry cannot be read")
        .known("ST-11", "expiry is left to Redis: there is no call to remove what has expired")
        .known("ST-12", "there is no way to find the sessions of a user")
        .known("ST-14", "there are no versions, so that there is no conflict to tell of")
        .run();
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string().into())
}

fn no_such_call<T>() -> Result<T, StoreError> {
    Err(failed("the store has no such call"))
}

/// A store of tower-sessions.
struct Tower<S>(S);

fn tower_id(id: &IdHash) -> session::Id {
    session::Id(i128::from_be_bytes(id.as_octets()[16..].try_into().unwrap()))
}

fn tower_record(id: &IdHash, record: &Record, version: Version) -> session::Record {
    let nanos = i128::from(record.expires) * 1_000_000;
    session::Record {
        id: tower_id(id),
        data: HashMap::from([
            ("record".to_owned(), BASE64_STANDARD.encode(record.to_octets()).into()),
            ("version".to_owned(), version.into()),
        ]),
        expiry_date: OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap(),
    }
}

fn from_tower(record: &session::Record) -> Option<Stored> {
    let octets = BASE64_STANDARD.decode(record.data.get("record")?.as_str()?).ok()?;
    let expires = record.expiry_date.unix_timestamp_nanos() / 1_000_000;
    let record_of = Record::from_octets(&octets, expires.try_into().ok()?).ok()?;
    Some(Stored { record: record_of, version: record.data.get("version")?.as_u64()? })
}

#[async_trait]
impl<S: TowerSessionStore> Store for Tower<S> {
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        _: UnixMillis,
    ) -> Result<Created, StoreError> {
        let mut record = tower_record(id, record, 1);
        self.0.create(&mut record).await.map_err(failed)?;
        if record.id == tower_id(id) {
            return Ok(Created::Done(1));
        }
        // It took another identifier by itself.
        self.0.delete(&record.id).await.map_err(failed)?;
        Ok(Created::Taken)
    }

    async fn load(&self, id: &IdHash, _: UnixMillis) -> Result<Option<Stored>, StoreError> {
        let record = self.0.load(&tower_id(id)).await.map_err(failed)?;
        record.map(|record| from_tower(&record).ok_or(StoreError::Corrupt)).transpose()
    }

    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        _: UnixMillis,
    ) -> Result<Updated, StoreError> {
        self.0.save(&tower_record(id, record, version + 1)).await.map_err(failed)?;
        Ok(Updated::Done(version + 1))
    }

    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let Some(stored) = self.load(id, now).await? else { return Ok(Updated::Gone) };
        let record = Record { expires, ..stored.record };
        self.0.save(&tower_record(id, &record, version)).await.map_err(failed)?;
        Ok(Updated::Done(version))
    }

    async fn rotate(&self, rotation: &Rotation<'_>, _: UnixMillis) -> Result<Rotated, StoreError> {
        self.0.delete(&tower_id(rotation.from)).await.map_err(failed)?;
        // The other project does this at the end of the response.
        tokio::task::yield_now().await;
        let mut record = tower_record(rotation.to, rotation.record, 1);
        self.0.create(&mut record).await.map_err(failed)?;
        Ok(Rotated::Done(1))
    }

    async fn delete(&self, id: &IdHash, now: UnixMillis) -> Result<bool, StoreError> {
        let was_there = self.load(id, now).await?.is_some();
        self.0.delete(&tower_id(id)).await.map_err(failed)?;
        Ok(was_there)
    }

    async fn by_user(&self, _: &str, _: UnixMillis) -> Result<Vec<IdHash>, StoreError> {
        no_such_call()
    }

    async fn delete_by_user(
        &self,
        _: &str,
        _: Option<&IdHash>,
        _: UnixMillis,
    ) -> Result<usize, StoreError> {
        no_such_call()
    }

    async fn purge(&self, _: UnixMillis) -> Result<usize, StoreError> {
        no_such_call()
    }
}

/// The Redis store of actix-session, which makes its identifiers itself.
struct Actix {
    store: RedisSessionStore,
    keys: Mutex<HashMap<IdHash, String>>,
}

impl Actix {
    fn key(&self, id: &IdHash) -> Option<SessionKey> {
        self.keys.lock().unwrap().get(id).cloned().map(|key| SessionKey::try_from(key).unwrap())
    }

    fn remember(&self, id: &IdHash, key: &SessionKey) {
        self.keys.lock().unwrap().insert(*id, key.as_ref().to_owned());
    }
}

fn actix_state(record: &Record, version: Version) -> HashMap<String, String> {
    HashMap::from([
        ("record".to_owned(), BASE64_STANDARD.encode(record.to_octets())),
        ("expires".to_owned(), record.expires.to_string()),
        ("version".to_owned(), version.to_string()),
    ])
}

fn from_actix(state: &HashMap<String, String>) -> Option<Stored> {
    let octets = BASE64_STANDARD.decode(state.get("record")?).ok()?;
    let record = Record::from_octets(&octets, state.get("expires")?.parse().ok()?).ok()?;
    Some(Stored { record, version: state.get("version")?.parse().ok()? })
}

#[async_trait]
impl Store for Actix {
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Created, StoreError> {
        let ttl = Duration::milliseconds(record.expires - now);
        let key = self.store.save(actix_state(record, 1), &ttl).await.map_err(failed)?;
        self.remember(id, &key);
        Ok(Created::Done(1))
    }

    async fn load(&self, id: &IdHash, _: UnixMillis) -> Result<Option<Stored>, StoreError> {
        let Some(key) = self.key(id) else { return Ok(None) };
        let state = self.store.load(&key).await.map_err(failed)?;
        state.map(|state| from_actix(&state).ok_or(StoreError::Corrupt)).transpose()
    }

    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let Some(key) = self.key(id) else { return Ok(Updated::Gone) };
        let ttl = Duration::milliseconds(record.expires - now);
        let state = actix_state(record, version + 1);
        let key = self.store.update(key, state, &ttl).await.map_err(failed)?;
        self.remember(id, &key);
        Ok(Updated::Done(version + 1))
    }

    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let Some(key) = self.key(id) else { return Ok(Updated::Gone) };
        let ttl = Duration::milliseconds(expires - now);
        self.store.update_ttl(&key, &ttl).await.map_err(failed)?;
        Ok(Updated::Done(version))
    }

    async fn rotate(
        &self,
        rotation: &Rotation<'_>,
        now: UnixMillis,
    ) -> Result<Rotated, StoreError> {
        if let Some(key) = self.key(rotation.from) {
            self.store.delete(&key).await.map_err(failed)?;
        }
        let _ = self.create(rotation.to, rotation.record, now).await?;
        Ok(Rotated::Done(1))
    }

    async fn delete(&self, id: &IdHash, now: UnixMillis) -> Result<bool, StoreError> {
        let was_there = self.load(id, now).await?.is_some();
        if let Some(key) = self.key(id) {
            self.store.delete(&key).await.map_err(failed)?;
        }
        Ok(was_there)
    }

    async fn by_user(&self, _: &str, _: UnixMillis) -> Result<Vec<IdHash>, StoreError> {
        no_such_call()
    }

    async fn delete_by_user(
        &self,
        _: &str,
        _: Option<&IdHash>,
        _: UnixMillis,
    ) -> Result<usize, StoreError> {
        no_such_call()
    }

    async fn purge(&self, _: UnixMillis) -> Result<usize, StoreError> {
        no_such_call()
    }
}
