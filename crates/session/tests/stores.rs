//! Every store of the house passes the kit, and random traces cannot tell them apart.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use cookiespec_session::kit::{Kit, Model};
use cookiespec_session::{EmbeddedStore, MemoryStore, Store, StoreError};
use tempfile::TempDir;

#[test]
fn the_model_passes_its_own_kit() {
    Kit::new("model", async || Arc::new(Model::default()) as Arc<dyn Store>)
        .known("ST-12", "looks through every session: the model is to be simple, not fast")
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
    Kit::new("memory", fresh)
        .dump(async move |_| format!("{:?}", dumped.lock().unwrap()).into_bytes())
        .run();
}

/// Files in a folder that goes when the test ends.
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
    Kit::new("embedded", async move || fresh.fresh())
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
    let id = cookiespec_session::IdHash::from_octets([1; 32]);
    assert!(matches!(store.load(&id, 0).await, Err(StoreError::Unavailable(_))));
}
