//! The conformance suite on stores of other projects: it finds their known defects and no others.
//!
//! The adapters repair nothing: where the other store lacks a call, they make the calls that the
//! other project itself makes. Both stores read the system clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use actix_session::storage::{RedisSessionStore, SessionKey, SessionStore as ActixSessionStore};
use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cookiespec_session::conformance::StoreConformance;
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
    let fresh = async || Arc::new(Adapter(Tower(TowerMemoryStore::default()))) as Arc<dyn Store>;
    StoreConformance::new("tower-sessions-memory-store 0.15.0", fresh)
        .in_real_time()
        .known("ST-02", "save creates: a late request revives a session that was deleted")
        .known("ST-03", "save creates: an expired session can be saved again")
        .known("ST-07", "a new identifier is a delete and, later, a create; nothing stays behind")
        .known("ST-08", "a session that is gone gets a new identifier all the same")
        .known("ST-09", "there are no versions: the last of overlapping saves wins")
        .known("ST-10", "there are no versions, and no call that moves the expiry alone")
        .known("ST-11", "this store has no call that removes what has expired")
        .known("ST-12", "there is no way to find the sessions of a user")
        .known("ST-14", "there are no versions, so that there is no conflict to report")
        .run();
}

#[test]
fn actix_session_redis_store() {
    let Some(server) = RedisServer::start() else { return };
    let url = server.url();
    let fresh = async move || {
        let store = RedisSessionStore::new(url.clone()).await.unwrap();
        Arc::new(Adapter(Actix { store, keys: Mutex::default() })) as Arc<dyn Store>
    };
    StoreConformance::new("actix-session 0.11.0, Redis", fresh)
        .in_real_time()
        .known("ST-01", "the store makes identifiers itself, so that none can collide")
        .known("ST-02", "an update of a session that is gone creates one under another identifier")
        .known("ST-03", "an expired session is prolonged and updated as if it were live")
        .known("ST-05", "lifetimes are whole seconds; one below a second is an error")
        .known("ST-07", "a new identifier is a delete and a save; nothing stays behind")
        .known("ST-08", "a session that is gone gets a new identifier all the same")
        .known("ST-09", "there are no versions: the last of overlapping updates wins")
        .known("ST-10", "there are no versions, and the expiry cannot be read")
        .known("ST-11", "expiry is left to Redis: there is no call to remove what has expired")
        .known("ST-12", "there is no way to find the sessions of a user")
        .known("ST-14", "there are no versions, so that there is no conflict to report")
        .run();
}

/// A store of another project, as far as its calls go.
#[async_trait]
trait ForeignStore: Send + Sync + 'static {
    /// Stores a new session. Returns whether it has this identifier.
    async fn create(
        &self,
        id: &IdHash,
        stored: &Stored,
        now: UnixMillis,
    ) -> Result<bool, StoreError>;

    async fn load(&self, id: &IdHash) -> Result<Option<Stored>, StoreError>;

    /// Overwrites a session. Returns whether the identifier was ever used.
    async fn save(&self, id: &IdHash, stored: &Stored, now: UnixMillis)
    -> Result<bool, StoreError>;

    /// Changes the expiry. Returns whether there was a session.
    async fn prolong(
        &self,
        id: &IdHash,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<bool, StoreError>;

    async fn delete(&self, id: &IdHash) -> Result<(), StoreError>;
}

/// The calls of a foreign store as a [`Store`].
struct Adapter<F>(F);

#[async_trait]
impl<F: ForeignStore> Store for Adapter<F> {
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Created, StoreError> {
        let stored = Stored { record: record.clone(), version: 1 };
        let created = self.0.create(id, &stored, now).await?;
        Ok(if created { Created::Done(1) } else { Created::Taken })
    }

    async fn load(&self, id: &IdHash, _: UnixMillis) -> Result<Option<Stored>, StoreError> {
        self.0.load(id).await
    }

    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let stored = Stored { record: record.clone(), version: version + 1 };
        let saved = self.0.save(id, &stored, now).await?;
        Ok(if saved { Updated::Done(version + 1) } else { Updated::Gone })
    }

    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let prolonged = self.0.prolong(id, expires, now).await?;
        Ok(if prolonged { Updated::Done(version) } else { Updated::Gone })
    }

    async fn rotate(
        &self,
        rotation: &Rotation<'_>,
        now: UnixMillis,
    ) -> Result<Rotated, StoreError> {
        self.0.delete(rotation.from).await?;
        // The other projects create the new session at the end of the response.
        tokio::task::yield_now().await;
        let _ = self.create(rotation.to, rotation.record, now).await?;
        Ok(Rotated::Done(1))
    }

    async fn delete(&self, id: &IdHash, _: UnixMillis) -> Result<bool, StoreError> {
        let was_live = self.0.load(id).await?.is_some();
        self.0.delete(id).await?;
        Ok(was_live)
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

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string().into())
}

fn no_such_call<T>() -> Result<T, StoreError> {
    Err(failed("the store has no such call"))
}

/// A store of tower-sessions.
struct Tower<S>(S);

#[async_trait]
impl<S: TowerSessionStore> ForeignStore for Tower<S> {
    async fn create(
        &self,
        id: &IdHash,
        stored: &Stored,
        _: UnixMillis,
    ) -> Result<bool, StoreError> {
        let mut record = tower_record(id, stored);
        self.0.create(&mut record).await.map_err(failed)?;
        if record.id == tower_id(id) {
            return Ok(true);
        }
        // The store chose another identifier.
        self.0.delete(&record.id).await.map_err(failed)?;
        Ok(false)
    }

    async fn load(&self, id: &IdHash) -> Result<Option<Stored>, StoreError> {
        let record = self.0.load(&tower_id(id)).await.map_err(failed)?;
        record.map(|record| from_tower(&record).ok_or(StoreError::Corrupt)).transpose()
    }

    async fn save(&self, id: &IdHash, stored: &Stored, _: UnixMillis) -> Result<bool, StoreError> {
        self.0.save(&tower_record(id, stored)).await.map_err(failed)?;
        Ok(true)
    }

    async fn prolong(
        &self,
        id: &IdHash,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        let Some(mut stored) = self.load(id).await? else { return Ok(false) };
        stored.record.expires = expires;
        self.save(id, &stored, now).await
    }

    async fn delete(&self, id: &IdHash) -> Result<(), StoreError> {
        self.0.delete(&tower_id(id)).await.map_err(failed)
    }
}

fn tower_id(id: &IdHash) -> session::Id {
    session::Id(i128::from_be_bytes(id.as_octets()[16..].try_into().unwrap()))
}

fn tower_record(id: &IdHash, stored: &Stored) -> session::Record {
    let nanos = i128::from(stored.record.expires) * 1_000_000;
    session::Record {
        id: tower_id(id),
        data: HashMap::from([
            ("record".to_owned(), BASE64_STANDARD.encode(stored.record.to_octets()).into()),
            ("version".to_owned(), stored.version.into()),
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

#[async_trait]
impl ForeignStore for Actix {
    async fn create(
        &self,
        id: &IdHash,
        stored: &Stored,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        let ttl = Duration::milliseconds(stored.record.expires - now);
        let key = self.store.save(actix_state(stored), &ttl).await.map_err(failed)?;
        self.remember(id, &key);
        Ok(true)
    }

    async fn load(&self, id: &IdHash) -> Result<Option<Stored>, StoreError> {
        let Some(key) = self.key(id) else { return Ok(None) };
        let state = self.store.load(&key).await.map_err(failed)?;
        state.map(|state| from_actix(&state).ok_or(StoreError::Corrupt)).transpose()
    }

    async fn save(
        &self,
        id: &IdHash,
        stored: &Stored,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        let Some(key) = self.key(id) else { return Ok(false) };
        let ttl = Duration::milliseconds(stored.record.expires - now);
        let key = self.store.update(key, actix_state(stored), &ttl).await.map_err(failed)?;
        self.remember(id, &key);
        Ok(true)
    }

    async fn prolong(
        &self,
        id: &IdHash,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        let Some(key) = self.key(id) else { return Ok(false) };
        self.store
            .update_ttl(&key, &Duration::milliseconds(expires - now))
            .await
            .map_err(failed)?;
        Ok(true)
    }

    async fn delete(&self, id: &IdHash) -> Result<(), StoreError> {
        let Some(key) = self.key(id) else { return Ok(()) };
        self.store.delete(&key).await.map_err(failed)
    }
}

fn actix_state(stored: &Stored) -> HashMap<String, String> {
    HashMap::from([
        ("record".to_owned(), BASE64_STANDARD.encode(stored.record.to_octets())),
        ("expires".to_owned(), stored.record.expires.to_string()),
        ("version".to_owned(), stored.version.to_string()),
    ])
}

fn from_actix(state: &HashMap<String, String>) -> Option<Stored> {
    let octets = BASE64_STANDARD.decode(state.get("record")?).ok()?;
    let record = Record::from_octets(&octets, state.get("expires")?.parse().ok()?).ok()?;
    Some(Stored { record, version: state.get("version")?.parse().ok()? })
}
