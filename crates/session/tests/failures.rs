//! Stores that fail: a file that is locked, removed or replaced, and a server that is gone, silent
//! or endless. Nothing waits for longer than the deadline, and nothing is acknowledged and lost.

use std::convert::Infallible;
use std::fs;
use std::future::Future;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_session::{
    Created, EmbeddedStore, IdHash, Record, RedisStore, Session, SessionLayer, Sessions, Settings,
    State, Store, StoreError, Updated,
};
use cookiespec_test_support::RedisServer;
use http::{Request, Response, StatusCode};
use rusqlite::Connection;
use tower_layer::Layer;
use tower_service::Service;

const DEADLINE: Duration = Duration::from_secs(1);
/// Far more than a deadline, for machines that are busy; far less than many deadlines in a row.
const PATIENCE: Duration = Duration::from_secs(10);

fn id(nth: u8) -> IdHash {
    IdHash::from_octets([nth; 32])
}

fn record() -> Record {
    let state = State::Live([][..].into());
    Record { user: None, started: 0, issued: 0, expires: 100, state }
}

#[track_caller]
fn assert_unavailable<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
}

/// A file whose write lock another connection holds.
fn locked(path: &Path) -> Connection {
    let other = Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

#[tokio::test]
async fn a_locked_file_delays_writes_up_to_the_deadline_and_reads_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions.sqlite");
    let store = Arc::new(EmbeddedStore::open_with_deadline(&path, DEADLINE).unwrap());
    assert_eq!(store.create(&id(0), &record(), 0).await.unwrap(), Created::Done(1));
    let other = locked(&path);
    let begun = Instant::now();
    let writes: Vec<_> = (1..=64)
        .map(|nth| {
            let store = store.clone();
            tokio::spawn(async move { store.create(&id(nth), &record(), 0).await })
        })
        .collect();
    for _ in 0..10 {
        assert!(store.load(&id(0), 1).await.unwrap().is_some());
    }
    assert!(writes.iter().all(|write| !write.is_finished()), "reads waited for writes");
    for write in writes {
        assert_unavailable(write.await.unwrap());
    }
    let took = begun.elapsed();
    assert!(took >= DEADLINE && took < PATIENCE, "{took:?}: the deadlines run side by side");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(store.touch(&id(0), 1, 200, 1).await.unwrap(), Updated::Done(1));
}

/// A page that stores something in its session, and one without a session.
#[derive(Clone)]
struct Pages;

impl Service<Request<()>> for Pages {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<String>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        Box::pin(async move {
            if request.uri() == "/session" {
                let session = request.extensions().get::<Session>().unwrap();
                session.set("seen", &true).await.unwrap();
            }
            Ok(Response::new("page".to_owned()))
        })
    }
}

#[tokio::test]
async fn pages_without_a_session_do_not_notice_a_store_that_fails() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions.sqlite");
    let store = Arc::new(EmbeddedStore::open_with_deadline(&path, DEADLINE).unwrap());
    let pages = SessionLayer::new(Sessions::new(store, Settings::default()).unwrap()).layer(Pages);
    let get = async |uri: &str| {
        let request = Request::builder().uri(uri).body(()).unwrap();
        pages.clone().call(request).await.unwrap()
    };
    let other = locked(&path);
    let (begun, mut plain) = (Instant::now(), 0);
    let session_page = tokio::spawn({
        let (mut pages, request) = (pages.clone(), Request::builder().uri("/session").body(()));
        async move { pages.call(request.unwrap()).await.unwrap() }
    });
    // On the only thread of this runtime.
    while !session_page.is_finished() {
        assert_eq!(get("/").await.status(), StatusCode::OK);
        plain += 1;
        tokio::task::yield_now().await;
    }
    assert!(plain > 10, "{plain} pages in {:?}", begun.elapsed());
    assert!(begun.elapsed() < PATIENCE);
    let response = session_page.await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(response.body(), "", "nothing is said to have been stored");
    assert!(!response.headers().contains_key("set-cookie"));
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(get("/session").await.status(), StatusCode::OK);
}

/// Removes the file as `rm sessions.sqlite*` does, or only its log.
fn remove(path: &Path, endings: &[&str]) {
    for ending in endings {
        let file = format!("{}{ending}", path.display());
        fs::remove_file(file).unwrap();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_was_removed_is_noticed_and_made_again() {
    for endings in [&["", "-wal", "-shm"][..], &[""], &["-wal"]] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.sqlite");
        let store = EmbeddedStore::open(&path).unwrap();
        assert_eq!(store.create(&id(1), &record(), 0).await.unwrap(), Created::Done(1));
        remove(&path, endings);
        // Whatever is acknowledged is in the file that has the name now.
        match store.create(&id(2), &record(), 0).await {
            Ok(created) => assert_eq!(created, Created::Done(1)),
            Err(StoreError::Unavailable(_)) => continue,
            Err(error) => panic!("{error}"),
        }
        let other = EmbeddedStore::open(&path).unwrap();
        assert!(other.load(&id(2), 1).await.unwrap().is_some(), "{endings:?}");
        assert!(store.load(&id(2), 1).await.unwrap().is_some(), "{endings:?}");
        if endings.contains(&"") {
            assert_eq!(store.load(&id(1), 1).await.unwrap(), None, "{endings:?}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_was_replaced_is_read_and_a_missing_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("live").join("sessions.sqlite");
    let backup = folder.path().join("backup.sqlite");
    let other = EmbeddedStore::open(&backup).unwrap();
    assert_eq!(other.create(&id(7), &record(), 0).await.unwrap(), Created::Done(1));
    drop(other);
    // The threads of that store close the file in their own time; this waits for them.
    let log = folder.path().join("backup.sqlite-wal");
    let begun = Instant::now();
    while log.exists() && begun.elapsed() < PATIENCE {
        thread::yield_now();
    }

    fs::create_dir(path.parent().unwrap()).unwrap();
    let store = EmbeddedStore::open(&path).unwrap();
    assert_eq!(store.load(&id(7), 1).await.unwrap(), None);
    remove(&path, &["", "-wal", "-shm"]);
    fs::rename(&backup, &path).unwrap();
    assert!(store.load(&id(7), 1).await.unwrap().is_some());
    assert_eq!(store.create(&id(7), &record(), 1).await.unwrap(), Created::Taken);

    fs::remove_dir_all(path.parent().unwrap()).unwrap();
    assert_unavailable(store.load(&id(7), 1).await);
    assert_unavailable(store.create(&id(8), &record(), 1).await);
    fs::create_dir(path.parent().unwrap()).unwrap();
    assert_eq!(store.create(&id(8), &record(), 1).await.unwrap(), Created::Done(1));
}

/// A server that does this with its first connection, after the client has introduced itself. It
/// says how many octets it could send, and again once the client has closed the connection.
fn fake_redis(reply: &'static [u8], repeated: &'static [u8]) -> (String, mpsc::Receiver<usize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("redis://{}/0", listener.local_addr().unwrap());
    let (sender, sent) = mpsc::channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut octets = Vec::new();
        let mut block = [0; 4 << 10];
        // CLIENT SETINFO, twice.
        while octets.windows(7).filter(|seven| seven == b"SETINFO").count() < 2 {
            let count = stream.read(&mut block).unwrap();
            octets.extend_from_slice(&block[..count]);
        }
        stream.write_all(b"+OK\r\n+OK\r\n").unwrap();
        let _ = stream.read(&mut block);
        let mut count = reply.len();
        let _ = stream.write_all(reply);
        while !repeated.is_empty() && stream.write_all(repeated).is_ok() {
            count += repeated.len();
        }
        sender.send(count).unwrap();
        // A silent server keeps the connection.
        while stream.read(&mut block).is_ok_and(|count| count > 0) {}
        let _ = sender.send(count);
    });
    (url, sent)
}

#[tokio::test]
async fn a_reply_without_end_is_cut_off() {
    let nested: &[u8] = b"*1\r\n".repeat(16 << 10).leak();
    let replies: [(&[u8], &[u8]); 3] =
        [(b"+", &[b'x'; 64 << 10]), (b"*3\r\n$8000000\r\n", &[b'x'; 64 << 10]), (b"", nested)];
    for (reply, repeated) in replies {
        let (url, sent) = fake_redis(reply, repeated);
        let store = RedisStore::connect(&url).await.unwrap();
        let begun = Instant::now();
        assert_unavailable(store.load(&id(1), 0).await);
        assert!(begun.elapsed() < PATIENCE);
        let sent = tokio::task::spawn_blocking(move || sent.recv_timeout(PATIENCE));
        let sent = sent.await.unwrap().expect("the client does not read on");
        // What is read, and what the buffers of the two sockets hold.
        assert!(sent < 32 << 20, "{sent}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_unavailable_within_a_second() {
    let (url, closed) = fake_redis(b"", b"");
    let store = RedisStore::connect(&url).await.unwrap();
    let begun = Instant::now();
    assert_unavailable(store.load(&id(1), 0).await);
    let took = begun.elapsed();
    assert!(took >= RedisStore::DEADLINE && took < PATIENCE, "{took:?}");
    let closed = tokio::task::spawn_blocking(move || {
        closed.recv_timeout(PATIENCE).and_then(|_| closed.recv_timeout(PATIENCE))
    });
    assert!(closed.await.unwrap().is_ok(), "the connection is kept");

    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("redis://{}/0", silent.local_addr().unwrap());
    let begun = Instant::now();
    assert_unavailable(RedisStore::connect(&url).await);
    assert!(begun.elapsed() < PATIENCE);
    assert!(RedisStore::DEADLINE < Duration::from_secs(1));
}

#[tokio::test]
async fn a_server_that_is_gone_is_unavailable_at_once_however_many_ask() {
    let Some(server) = RedisServer::start() else { return };
    let store = RedisStore::connect(&server.url()).await.unwrap();
    assert_eq!(store.create(&id(1), &record(), 0).await.unwrap(), Created::Done(1));
    drop(server);
    let begun = Instant::now();
    let calls: Vec<_> = (0..64)
        .map(|nth| {
            let store = store.clone();
            tokio::spawn(async move { store.load(&id(nth), 0).await })
        })
        .collect();
    for call in calls {
        assert_unavailable(call.await.unwrap());
    }
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_lost_connection_is_made_again() {
    let Some(server) = RedisServer::start() else { return };
    let store = RedisStore::connect(&server.url()).await.unwrap();
    assert_eq!(store.create(&id(1), &record(), 0).await.unwrap(), Created::Done(1));
    let client = redis::Client::open(server.url()).unwrap();
    let mut other = client.get_multiplexed_async_connection().await.unwrap();
    let mut kill = redis::cmd("CLIENT");
    kill.arg("KILL").arg("TYPE").arg("normal").arg("SKIPME").arg("yes");
    let killed: i64 = kill.query_async(&mut other).await.unwrap();
    assert_eq!(killed, 1);
    // The first call may find out that the connection is lost.
    let _ = store.load(&id(1), 0).await;
    assert!(store.load(&id(1), 0).await.unwrap().is_some());
}
