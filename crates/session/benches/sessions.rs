//! The cost of a session per request, by store, beside tower-sessions' memory store.
//!
//! ```sh
//! cargo bench -p cookiespec-session --bench sessions
//! ```
//!
//! `load` is a request that reads one value, `save` one that writes one, from the Cookie field to
//! the end of the response. The answers are asserted before anything is measured.

use std::hint::black_box;
use std::sync::Arc;

use cookiespec_session::{
    Cookies, EmbeddedStore, MemoryStore, RedisStore, Sessions, Settings, Store,
};
use cookiespec_test_support::RedisServer;
use criterion::{Criterion, criterion_group, criterion_main};
use time::{Duration, OffsetDateTime};
use tokio::runtime::{Builder, Runtime};
use tower_sessions_core::Session as TowerSession;
use tower_sessions_memory_store::MemoryStore as TowerMemoryStore;

criterion_group!(benches, memory, tower_memory, embedded, redis);
criterion_main!(benches);

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Logs in and stores a number. Returns the Cookie field of the next request.
async fn begin(sessions: &Sessions) -> Vec<u8> {
    let session = sessions.begin(&Cookies::default());
    session.login("alice").await.unwrap();
    session.set("visits", &1).await.unwrap();
    let line = session.finish(false).await.unwrap().set_cookie.unwrap();
    line.split(|&octet| octet == b';').next().unwrap().to_vec()
}

async fn load(sessions: &Sessions, cookie: &[u8]) -> Option<u64> {
    let session = sessions.begin(&Cookies::of([cookie]));
    let visits = session.get("visits").await.unwrap();
    session.finish(false).await.unwrap();
    visits
}

async fn save(sessions: &Sessions, cookie: &[u8], visits: u64) {
    let session = sessions.begin(&Cookies::of([cookie]));
    session.set("visits", &visits).await.unwrap();
    session.finish(false).await.unwrap();
}

fn measure(criterion: &mut Criterion, name: &str, runtime: &Runtime, store: Arc<dyn Store>) {
    let sessions = Sessions::new(store, Settings::default()).unwrap();
    let cookie = runtime.block_on(begin(&sessions));
    runtime.block_on(async {
        save(&sessions, &cookie, 7).await;
        assert_eq!(load(&sessions, &cookie).await, Some(7));
    });
    let mut group = criterion.benchmark_group(name);
    group.bench_function("load", |bencher| {
        bencher.iter(|| runtime.block_on(load(&sessions, black_box(&cookie))));
    });
    group.bench_function("save", |bencher| {
        bencher.iter(|| runtime.block_on(save(&sessions, black_box(&cookie), 8)));
    });
    group.finish();
}

fn memory(criterion: &mut Criterion) {
    measure(criterion, "memory", &runtime(), Arc::new(MemoryStore::new()));
}

fn embedded(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(folder.path().join("sessions.sqlite")).unwrap();
    measure(criterion, "embedded", &runtime(), Arc::new(store));
}

fn redis(criterion: &mut Criterion) {
    let Some(server) = RedisServer::start() else { return };
    let runtime = runtime();
    let store = runtime.block_on(RedisStore::connect(&server.url())).unwrap();
    measure(criterion, "redis (round trip)", &runtime, Arc::new(store.clone()));
    let sessions = Sessions::new(Arc::new(store), Settings::default()).unwrap();
    let cookie = runtime.block_on(begin(&sessions));
    let mut group = criterion.benchmark_group("redis (client CPU of 64 at a time)");
    group.bench_function("load", |bencher| {
        bencher.iter_custom(|rounds| {
            let before = cpu_time();
            for _ in 0..rounds.div_ceil(64) {
                runtime.block_on(async {
                    let mut requests = tokio::task::JoinSet::new();
                    for _ in 0..64 {
                        let (sessions, cookie) = (sessions.clone(), cookie.clone());
                        requests.spawn(async move { load(&sessions, &cookie).await });
                    }
                    while requests.join_next().await.is_some() {}
                });
            }
            cpu_time() - before
        });
    });
    group.finish();
}

/// The CPU time of this process, in user and kernel mode.
fn cpu_time() -> std::time::Duration {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos = stat.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0);
    std::time::Duration::from_nanos(nanos)
}

fn tower_memory(criterion: &mut Criterion) {
    let runtime = runtime();
    let store = Arc::new(TowerMemoryStore::default());
    let expiry =
        tower_sessions_core::Expiry::AtDateTime(OffsetDateTime::now_utc() + Duration::HOUR);
    let id = runtime.block_on(async {
        let session = TowerSession::new(None, store.clone(), Some(expiry));
        session.insert("visits", 7_u64).await.unwrap();
        session.save().await.unwrap();
        session.id().unwrap()
    });
    let load = async |id: &str| {
        let session = TowerSession::new(Some(id.parse().unwrap()), store.clone(), Some(expiry));
        session.get::<u64>("visits").await.unwrap()
    };
    let id = id.to_string();
    assert_eq!(runtime.block_on(load(&id)), Some(7));
    let mut group = criterion.benchmark_group("tower-sessions memory");
    group.bench_function("load", |bencher| {
        bencher.iter(|| runtime.block_on(load(black_box(&id))));
    });
    group.bench_function("save", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                let id = black_box(&id).parse().unwrap();
                let session = TowerSession::new(Some(id), store.clone(), Some(expiry));
                session.insert("visits", 8_u64).await.unwrap();
                session.save().await.unwrap();
            });
        });
    });
    group.finish();
}
