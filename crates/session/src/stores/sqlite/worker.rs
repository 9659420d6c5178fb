//! A thread that owns a connection, because SQLite blocks, and takes one call after the other.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::database::{Database, Kind};
use crate::store::StoreError;

/// The calling side of the thread, which ends once this is dropped and the last call is done.
pub(super) struct Worker {
    jobs: mpsc::Sender<Job>,
    kind: Kind,
    time: Duration,
}

/// One call, as the thread runs it.
type Job = Box<dyn FnOnce(&mut Database) + Send>;

impl Worker {
    /// Opens the file, and starts the thread for calls of this kind, each of which has this time.
    pub(super) fn start(path: &Path, kind: Kind, time: Duration) -> Result<Self, StoreError> {
        let mut database = Database::open(path, time)?;
        let (jobs, queue) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("cookiespec-session".to_owned())
            .spawn(move || {
                for job in queue {
                    job(&mut database);
                }
            })
            .map_err(|error| StoreError::Unavailable(error.into()))?;
        Ok(Self { jobs, kind, time })
    }

    /// Runs a call on the thread and waits for its result. The time begins now: a call that waits
    /// for others too long is refused when its turn comes, and those before it have ended by then.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let (kind, deadline) = (self.kind, Instant::now() + self.time);
        let job: Job = Box::new(move |database| {
            // It fails if the caller no longer waits.
            let _ = reply.send(database.run(kind, deadline, work));
        });
        self.jobs.send(job).map_err(|_| thread_ended())?;
        answer.await.map_err(|_| thread_ended())?
    }
}

fn thread_ended() -> StoreError {
    StoreError::Unavailable("the thread of the embedded store ended; open the store again".into())
}
