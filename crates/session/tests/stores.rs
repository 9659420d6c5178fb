//! Every store of this crate passes the conformance suite, and all of them return the same results
//! for random traces.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use cookiespec_session::conformance::{Model, StoreConformance, run_trace, trace};
use cookiespec_session::{
    Created, EmbeddedStore, IdHash, MemoryStore, Record, RedisStore, State, Store, StoreError,
    Updated,
};
use cookiespec_test_support::RedisServer;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tempfile::TempDir;

#[test]
fn the_model_passes_its_own_kit() {
    StoreConformance::new("model", async || Arc::new(Model::default()) as Arc<dyn Store>)
        .known("ST-12", "it scans all sessions: the model is simple, not fast")
        .run();
}

#[test]
fn memory_passes_the_kit() {
    let latest = Arc::new(Mutex::new(Arc::new(MemoryStore::new())));
    let dumped = latest.clone();
    let fresh = async move || {
        let store = Arc::new(MemoryStore::new());
        *latest.lock().unwrap() = store.clone();
        store as Arc<dyn Store>
    };
    StoreConformance::new("memory", fresh)
        .dump(async move |_| format!("{:?}", dumped.lock().unwrap()).into_bytes())
        .run();
}

/// Stores in files of a temporary folder.
struct Files {
    folder: TempDir,
    made: Mutex<usize>,
}

impl Files {
    fn new() -> Arc<Self> {
        Arc::new(Self { folder: tempfile::tempdir().unwrap(), made: Mutex::new(0) })
    }

    fn fresh(&self) -> Arc<dyn Store> {
        *self.made.lock().unwrap() += 1;
        Arc::new(EmbeddedStore::open(self.latest()).unwrap())
    }

    fn latest(&self) -> PathBuf {
        self.folder.path().join(format!("{}.sqlite", self.made.lock().unwrap()))
    }
}

#[test]
fn the_embedded_store_passes_the_kit() {
    let files = Files::new();
    let (fresh, dumped, damaged) = (files.clone(), files.clone(), files.clone());
    StoreConformance::new("embedded", async move || fresh.fresh())
        .dump(async move |_| {
            let path = dumped.latest();
            let log = std::fs::read(path.with_extension("sqlite-wal")).unwrap();
            [std::fs::read(path).unwrap(), log].concat()
        })
        .corrupt(async move |_, id| {
            let other = rusqlite::Connection::open(damaged.latest()).unwrap();
            let sql = "UPDATE session SET record = x'0102' WHERE id = ?1";
            assert_eq!(other.execute(sql, [&id.as_octets()[..]]).unwrap(), 1);
        })
        .traces(60)
        .run();
}

#[test]
fn a_file_of_another_format_is_refused() {
    let files = Files::new();
    let path = files.latest();
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 7").unwrap();
    let error = EmbeddedStore::open(&path).unwrap_err();
    assert!(error.to_string().contains("has format 7"), "{error}");
    std::fs::write(&path, "no database, but long enough to look like a file of some kind").unwrap();
    assert!(matches!(EmbeddedStore::open(&path), Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_store_that_lost_its_table_is_unavailable() {
    let files = Files::new();
    let store = files.fresh();
    let other = rusqlite::Connection::open(files.latest()).unwrap();
    other.execute_batch("DROP TABLE session").unwrap();
    let id = IdHash::from_octets([1; 32]);
    assert!(matches!(store.load(&id, 0).await, Err(StoreError::Unavailable(_))));
}

/// While another connection holds the write lock, a write waits, but not on a worker of the runtime:
/// other tasks run, and the write is done once the lock is free.
async fn a_locked_file_stalls_no_worker() {
    let files = Files::new();
    let store = files.fresh();
    let other = rusqlite::Connection::open(files.latest()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let create = tokio::spawn(async move {
        let state = State::Live([][..].into());
        let record = Record { user: None, started: 0, issued: 0, expires: 2, state };
        let id = IdHash::from_octets([1; 32]);
        let created = store.create(&id, &record, 0).await.unwrap();
        (created, store.touch(&id, 1, 3, 1).await.unwrap())
    });
    for _ in 0..1_000 {
        tokio::spawn(async {}).await.unwrap();
    }
    assert!(!create.is_finished(), "the write did not wait for the lock");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(create.await.unwrap(), (Created::Done(1), Updated::Done(1)));
}

#[tokio::test]
async fn a_locked_file_does_not_stall_a_current_thread_runtime() {
    a_locked_file_stalls_no_worker().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_locked_file_does_not_stall_a_multi_thread_runtime() {
    tokio::spawn(a_locked_file_stalls_no_worker()).await.unwrap();
}

/// Stores on one server, each with its own prefix.
struct Prefixes {
    url: String,
    made: Mutex<usize>,
}

impl Prefixes {
    fn on(server: &RedisServer) -> Arc<Self> {
        Arc::new(Self { url: server.url(), made: Mutex::new(0) })
    }

    async fn fresh(&self) -> Arc<dyn Store> {
        let prefix = {
            let mut made = self.made.lock().unwrap();
            *made += 1;
            format!("test {made}")
        };
        Arc::new(RedisStore::connect_with_prefix(&self.url, &prefix).await.unwrap())
    }

    fn key(&self, id: &IdHash) -> Vec<u8> {
        let prefix = format!("{{test {}}}:s:", self.made.lock().unwrap());
        [prefix.as_bytes(), id.as_octets()].concat()
    }

    async fn connection(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.url.as_str()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }
}

/// Every key of a server and its contents.
async fn dump(connection: &mut redis::aio::MultiplexedConnection) -> Vec<u8> {
    let keys: Vec<Vec<u8>> = redis::cmd("KEYS").arg("*").query_async(connection).await.unwrap();
    let mut octets = keys.concat();
    for key in keys {
        let kind: String = redis::cmd("TYPE").arg(&key).query_async(connection).await.unwrap();
        if kind == "hash" {
            let fields: Vec<Vec<u8>> =
                redis::cmd("HGETALL").arg(&key).query_async(connection).await.unwrap();
            octets.extend(fields.concat());
        }
    }
    octets
}

#[test]
fn redis_passes_the_kit() {
    let Some(server) = RedisServer::start() else { return };
    let prefixes = Prefixes::on(&server);
    let (fresh, dumped, damaged) = (prefixes.clone(), prefixes.clone(), prefixes.clone());
    StoreConformance::new("redis", async move || fresh.fresh().await)
        .dump(async move |_| dump(&mut dumped.connection().await).await)
        .corrupt(async move |_, id| {
            let mut connection = damaged.connection().await;
            let mut command = redis::cmd("HSET");
            command.arg(damaged.key(&id)).arg("r").arg("damaged");
            let fields: i64 = command.query_async(&mut connection).await.unwrap();
            assert_eq!(fields, 0, "a field was there before");
        })
        .traces(60)
        .run();
}

#[tokio::test]
async fn a_server_that_is_gone_is_unavailable() {
    let Some(server) = RedisServer::start() else { return };
    let store = Prefixes::on(&server).fresh().await;
    let id = IdHash::from_octets([1; 32]);
    assert!(store.load(&id, 0).await.unwrap().is_none());
    drop(server);
    assert!(matches!(store.load(&id, 0).await, Err(StoreError::Unavailable(_))));
    assert!(RedisStore::connect("http://127.0.0.1/").await.is_err());
}

#[tokio::test]
async fn one_trace_has_one_result_on_all_stores() {
    let server = RedisServer::start();
    let prefixes = server.as_ref().map(Prefixes::on);
    let files = Files::new();
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for _ in 0..40 {
        let trace = trace().new_tree(&mut runner).unwrap().current();
        let mut stores = vec![Arc::new(MemoryStore::new()) as Arc<dyn Store>, files.fresh()];
        if let Some(prefixes) = &prefixes {
            stores.push(prefixes.fresh().await);
        }
        if let Err(difference) = run_trace(&trace, &stores).await {
            panic!("{difference}\nin {trace:?}");
        }
    }
}
