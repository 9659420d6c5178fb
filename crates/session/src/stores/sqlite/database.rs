//! One connection to the file, with a deadline for each call, and a look at whether the file is
//! still the one that was opened.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use crate::store::StoreError;

/// A connection to the file. It is opened again once the file has been removed or replaced.
pub(super) struct Database {
    path: PathBuf,
    open: Option<Open>,
}

struct Open {
    connection: Connection,
    files: Files,
}

/// Whether a call changes the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Write,
}

impl Database {
    /// Opens the file, and creates it if there is none.
    pub(super) fn open(path: &Path, time: Duration) -> Result<Self, StoreError> {
        let path = std::path::absolute(path).map_err(unavailable)?;
        let mut database = Self { path, open: None };
        database.connection(time)?;
        Ok(database)
    }

    /// Runs `work` on the connection. SQLite waits for locks until the deadline.
    ///
    /// What was written to a file that has been removed or replaced meanwhile is lost, and
    /// therefore an error.
    pub(super) fn run<T>(
        &mut self,
        kind: Kind,
        deadline: Instant,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(StoreError::Unavailable("other calls took all of its time".into()));
        }
        let outcome = work(self.connection(left)?);
        if kind == Kind::Write && !self.is_current() {
            self.open = None;
            let why = "the file of the sessions was removed or replaced";
            return Err(StoreError::Unavailable(why.into()));
        }
        outcome
    }

    /// The connection to the file that is there now, waiting for locks for at most this time.
    fn connection(&mut self, time: Duration) -> Result<&mut Connection, StoreError> {
        if !self.is_current() {
            self.open = None;
        }
        let open = match self.open.take() {
            Some(open) => {
                open.connection.busy_timeout(time)?;
                open
            }
            None => Open::new(&self.path, time)?,
        };
        Ok(&mut self.open.insert(open).connection)
    }

    fn is_current(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.files.are_those_at(&self.path))
    }
}

impl Open {
    /// Opens the file and checks its format.
    fn new(path: &Path, time: Duration) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(time)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let format: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match format {
            EMPTY => connection.execute_batch(SCHEMA)?,
            FORMAT => connection.execute_batch(SETTINGS)?,
            _ => {
                let why = format!("the file has format {format}, this is for format {FORMAT}");
                return Err(StoreError::Unavailable(why.into()));
            }
        }
        let files = Files::of(&connection, path);
        Ok(Self { connection, files })
    }
}

/// Which files a connection has open: the database, and the write-ahead log beside it.
struct Files {
    database: Option<Identity>,
    log: Option<Identity>,
    log_path: PathBuf,
}

impl Files {
    fn of(connection: &Connection, path: &Path) -> Self {
        // SQLite keeps the log beside the file that a link leads to.
        let mut log_path = OsString::from(connection.path().unwrap_or_default());
        log_path.push("-wal");
        let log_path = PathBuf::from(log_path);
        Self { database: identity(path), log: identity(&log_path), log_path }
    }

    fn are_those_at(&self, path: &Path) -> bool {
        let has_log = self.log.is_none() || identity(&self.log_path) == self.log;
        self.database.is_some() && identity(path) == self.database && has_log
    }
}

/// What distinguishes a file from another that has its name later: device and inode.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// Elsewhere a file that is open cannot be removed.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    Some(())
}

fn unavailable(error: std::io::Error) -> StoreError {
    StoreError::Unavailable(error.into())
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unavailable(error.into())
    }
}

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS session (
        id BLOB PRIMARY KEY,
        version INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        user TEXT,
        record BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS session_by_expiry ON session (expires);
    CREATE INDEX IF NOT EXISTS session_by_user ON session (user) WHERE user IS NOT NULL;
    PRAGMA user_version = 1;
    COMMIT;
";
/// What is not kept in the file.
const SETTINGS: &str = "PRAGMA synchronous = NORMAL;";
const EMPTY: i64 = 0;
const FORMAT: i64 = 1;
/// Prepared statements to keep.
const STATEMENTS: usize = 16;

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;

    const TIME: Duration = Duration::from_secs(5);

    #[test]
    fn a_write_to_a_file_that_is_removed_before_it_is_acknowledged_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.sqlite");
        let mut database = Database::open(&path, TIME).unwrap();
        let deadline = Instant::now() + TIME;
        let write = |connection: &mut Connection| {
            let sql = "INSERT INTO session VALUES (x'01', 1, 1, NULL, x'')";
            Ok(connection.execute(sql, [])?)
        };
        let error = database.run(Kind::Write, deadline, |connection| {
            let rows = write(connection)?;
            fs::remove_file(&path).unwrap();
            Ok(rows)
        });
        assert!(error.unwrap_err().to_string().contains("removed or replaced"));
        assert_eq!(database.run(Kind::Write, deadline, write).unwrap(), 1, "in the new file");
        let count = |connection: &mut Connection| {
            Ok(connection
                .query_row("SELECT count(*) FROM session", [], |row| row.get::<_, i64>(0))?)
        };
        let mut other = Database::open(&path, TIME).unwrap();
        assert_eq!(other.run(Kind::Read, deadline, count).unwrap(), 1);
    }

    #[test]
    fn a_call_whose_time_is_over_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = Database::open(&folder.path().join("sessions.sqlite"), TIME).unwrap();
        let outcome = database
            .run(Kind::Read, Instant::now(), |_| -> Result<(), _> { panic!("it was made") });
        assert!(matches!(outcome, Err(StoreError::Unavailable(_))));
    }
}
