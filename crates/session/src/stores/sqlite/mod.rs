//! Sessions in a file: SQLite with a write-ahead log.
//!
//! Every acknowledged write survives the death of the process, because it has reached the operating
//! system by then. A machine that loses power may lose the last moments; the file itself stays
//! intact. Several processes on one machine can share a file.
//!
//! SQLite blocks: for some ten microseconds per call, for as long as the disk takes when the log is
//! written back (every thousand pages), and for as long as another process holds the write lock. Two
//! connections therefore have a thread each, one for reads and one for writes, so that a write that
//! waits for the lock delays no read. A call waits for its answer without blocking the executor, and
//! works on any of them. It has a deadline, counted from when it was made.

mod database;
mod worker;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql, TransactionBehavior, params};

use self::database::Kind;
use self::worker::Worker;
use crate::clock::UnixMillis;
use crate::id::IdHash;
use crate::record::Record;
use crate::store::{
    Created, FIRST_VERSION, Rotated, Rotation, Store, StoreError, Stored, Updated, Version,
};

/// A store in a file.
///
/// A call that was started takes effect even if its future is dropped before the answer. The
/// file is closed once the store is dropped and the last call is done.
///
/// If the file is removed or replaced, a write that went to the old one is an error, and the next
/// call opens what is there then, or creates it: all sessions of the old file are gone.
pub struct EmbeddedStore {
    reads: Worker,
    writes: Worker,
}

impl EmbeddedStore {
    /// How long a call may wait for other calls and for a lock that another process holds.
    pub const DEADLINE: Duration = Duration::from_secs(2);

    /// Opens the store in this file, and creates the file if there is none. This blocks;
    /// [`open_store`](crate::open_store) does not.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the file cannot be opened or has another format.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with_deadline(path, Self::DEADLINE)
    }

    /// As [`EmbeddedStore::open`], with another time for each call. A call that has not taken
    /// effect by then is [`StoreError::Unavailable`].
    ///
    /// # Errors
    /// As [`EmbeddedStore::open`].
    pub fn open_with_deadline(path: impl AsRef<Path>, time: Duration) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let writes = Worker::start(path, Kind::Write, time)?;
        let reads = Worker::start(path, Kind::Read, time)?;
        Ok(Self { reads, writes })
    }
}

#[async_trait]
impl Store for EmbeddedStore {
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Created, StoreError> {
        let (id, record) = (*id, record.clone());
        self.writes
            .call(move |connection| {
                let rows = insert(connection, &id, &record, FIRST_VERSION, now)?;
                Ok(if rows == 1 { Created::Done(FIRST_VERSION) } else { Created::Taken })
            })
            .await
    }

    async fn load(&self, id: &IdHash, now: UnixMillis) -> Result<Option<Stored>, StoreError> {
        let id = *id;
        self.reads.call(move |connection| select(connection, &id, now)).await
    }

    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let (id, record) = (*id, record.clone());
        self.writes
            .call(move |connection| {
                let mut update = connection.prepare_cached(
                    "UPDATE session SET version = version + 1, expires = ?4, user = ?5, record = ?6
                 WHERE id = ?1 AND version = ?2 AND expires > ?3",
                )?;
                let octets = record.to_octets();
                let parameters =
                    params![id, signed(version), now, record.expires, record.user, octets];
                match update.execute(parameters)? {
                    1 => Ok(Updated::Done(version + 1)),
                    _ => refusal(connection, &id, now),
                }
            })
            .await
    }

    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let id = *id;
        self.writes
            .call(move |connection| {
                let mut update = connection.prepare_cached(
                    "UPDATE session SET expires = ?4
                 WHERE id = ?1 AND version = ?2 AND expires > ?3",
                )?;
                match update.execute(params![id, signed(version), now, expires])? {
                    1 => Ok(Updated::Done(version)),
                    _ => refusal(connection, &id, now),
                }
            })
            .await
    }

    async fn rotate(
        &self,
        rotation: &Rotation<'_>,
        now: UnixMillis,
    ) -> Result<Rotated, StoreError> {
        let Rotation { from, version, to, record, leave } = *rotation;
        let (from, to, record, leave) = (*from, *to, record.clone(), leave.cloned());
        self.writes
            .call(move |connection| {
                let rotation = Rotation {
                    from: &from,
                    version,
                    to: &to,
                    record: &record,
                    leave: leave.as_ref(),
                };
                rotate(connection, &rotation, now)
            })
            .await
    }

    async fn delete(&self, id: &IdHash, now: UnixMillis) -> Result<bool, StoreError> {
        let id = *id;
        self.writes
            .call(move |connection| {
                let mut delete = connection
                    .prepare_cached("DELETE FROM session WHERE id = ?1 RETURNING expires > ?2")?;
                let was_live = delete.query_row(params![id, now], |row| row.get(0)).optional()?;
                Ok(was_live.unwrap_or(false))
            })
            .await
    }

    async fn by_user(&self, user: &str, now: UnixMillis) -> Result<Vec<IdHash>, StoreError> {
        let user = user.to_owned();
        self.reads
            .call(move |connection| {
                let mut select = connection.prepare_cached(
                    "SELECT id FROM session WHERE user = ?1 AND expires > ?2 ORDER BY id",
                )?;
                let ids = select.query_map(params![user, now], |row| row.get(0))?;
                Ok(ids.collect::<Result<_, _>>()?)
            })
            .await
    }

    async fn delete_by_user(
        &self,
        user: &str,
        keep: Option<&IdHash>,
        now: UnixMillis,
    ) -> Result<usize, StoreError> {
        let (user, keep) = (user.to_owned(), keep.copied());
        self.writes
            .call(move |connection| {
                let mut delete = connection.prepare_cached(
                    "DELETE FROM session WHERE user = ?1 AND id IS NOT ?2 RETURNING expires > ?3",
                )?;
                let rows =
                    delete.query_map(params![user, keep, now], |row| row.get::<_, bool>(0))?;
                let mut deleted = 0;
                for was_live in rows {
                    deleted += usize::from(was_live?);
                }
                Ok(deleted)
            })
            .await
    }

    async fn purge(&self, now: UnixMillis) -> Result<usize, StoreError> {
        let mut purged = 0;
        // One job for some records at a time, so that requests are served in between.
        loop {
            let batch = self.writes.call(move |connection| {
                let mut delete = connection.prepare_cached(
                    "DELETE FROM session WHERE id IN
                     (SELECT id FROM session WHERE expires <= ?1 LIMIT ?2)",
                )?;
                Ok(delete.execute(params![now, PURGED_AT_ONCE])?)
            });
            let rows = batch.await?;
            purged += rows;
            if rows < usize::from(PURGED_AT_ONCE) {
                return Ok(purged);
            }
        }
    }
}

/// The live record of an identifier.
fn select(
    connection: &Connection,
    id: &IdHash,
    now: UnixMillis,
) -> Result<Option<Stored>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT version, expires, record FROM session WHERE id = ?1 AND expires > ?2",
    )?;
    let mut rows = select.query(params![id, now])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (Ok(version), Ok(expires)) = (row.get(0), row.get(1)) else {
        return Err(StoreError::Corrupt);
    };
    let octets = row.get_ref(2)?.as_blob().map_err(|_| StoreError::Corrupt)?;
    let version: i64 = version;
    Ok(Some(Stored {
        record: Record::from_octets(octets, expires)?,
        version: u64::try_from(version).map_err(|_| StoreError::Corrupt)?,
    }))
}

/// Moves a record to another identifier in one transaction.
fn rotate(
    connection: &mut Connection,
    rotation: &Rotation<'_>,
    now: UnixMillis,
) -> Result<Rotated, StoreError> {
    let Rotation { from, version, to, record, leave } = *rotation;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match live_version(&transaction, from, now)? {
        None => return Ok(Rotated::Gone),
        Some(present) if present != signed(version) => return Ok(Rotated::Conflict),
        Some(_) if live_version(&transaction, to, now)?.is_some() => return Ok(Rotated::Taken),
        Some(_) => {}
    }
    transaction.prepare_cached("DELETE FROM session WHERE id = ?1")?.execute([from])?;
    insert(&transaction, to, record, FIRST_VERSION, now)?;
    if let Some(left) = leave {
        insert(&transaction, from, left, version + 1, now)?;
    }
    transaction.commit()?;
    Ok(Rotated::Done(FIRST_VERSION))
}

/// Inserts a record unless there is a live one; returns how many rows that made.
fn insert(
    connection: &Connection,
    id: &IdHash,
    record: &Record,
    version: Version,
    now: UnixMillis,
) -> rusqlite::Result<usize> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO session (id, version, expires, user, record) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET version = ?2, expires = ?3, user = ?4, record = ?5
         WHERE expires <= ?6",
    )?;
    let octets = record.to_octets();
    insert.execute(params![id, signed(version), record.expires, record.user, octets, now])
}

/// Why an update found no row: the record is gone or has another version.
fn refusal(connection: &Connection, id: &IdHash, now: UnixMillis) -> Result<Updated, StoreError> {
    let present = live_version(connection, id, now)?;
    Ok(if present.is_some() { Updated::Conflict } else { Updated::Gone })
}

fn live_version(
    connection: &Connection,
    id: &IdHash,
    now: UnixMillis,
) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT version FROM session WHERE id = ?1 AND expires > ?2")?
        .query_row(params![id, now], |row| row.get(0))
        .optional()
}

/// The version as SQLite's signed integer; -1, which no record has, if it does not fit.
fn signed(version: Version) -> i64 {
    i64::try_from(version).unwrap_or(-1)
}

impl ToSql for IdHash {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.as_octets())))
    }
}

impl FromSql for IdHash {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let octets = value.as_blob()?.try_into().map_err(|_| FromSqlError::InvalidType)?;
        Ok(Self::from_octets(octets))
    }
}

impl fmt::Debug for EmbeddedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedStore").finish_non_exhaustive()
    }
}

const PURGED_AT_ONCE: u16 = 1_000;
