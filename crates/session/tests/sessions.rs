//! The guarantees of sessions, without HTTP: one test for each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cookiespec_session::{
    Cookies, FailedResponse, ManualClock, MemoryStore, Overlap, ResponseChanges, Session,
    SessionError, SessionId, Sessions, Settings, State, Store,
};

/// An application with a clock that can be moved.
struct App {
    sessions: Sessions,
    store: Arc<MemoryStore>,
    clock: Arc<ManualClock>,
}

impl App {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        let (store, clock) = (Arc::new(MemoryStore::new()), Arc::new(ManualClock::at(1_000_000)));
        let sessions = Sessions::new(store.clone(), settings).unwrap().with_clock(clock.clone());
        Self { sessions, store, clock }
    }

    fn begin(&self, cookie: &str) -> Session {
        self.sessions.begin(&Cookies::of([cookie.as_bytes()]))
    }

    /// One request that logs in; the Cookie field the client sends afterwards.
    async fn login(&self, cookie: &str, user: &str) -> String {
        let session = self.begin(cookie);
        session.login(user).await.unwrap();
        pair(&session.finish(false).await.unwrap())
    }

    /// One request that writes.
    async fn write(
        &self,
        cookie: &str,
        key: &str,
        value: i64,
    ) -> Result<ResponseChanges, SessionError> {
        let session = self.begin(cookie);
        session.set(key, &value).await?;
        session.finish(false).await
    }

    async fn read(&self, cookie: &str, key: &str) -> Option<i64> {
        let session = self.begin(cookie);
        let value = session.get(key).await.unwrap();
        session.finish(false).await.unwrap();
        value
    }

    async fn user(&self, cookie: &str) -> Option<String> {
        let session = self.begin(cookie);
        let user = session.user().await.unwrap();
        session.finish(false).await.unwrap();
        user.map(|user| user.to_string())
    }

    fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// The cookie-pair of a Set-Cookie field.
fn pair(changes: &ResponseChanges) -> String {
    let line = changes.set_cookie.as_deref().expect("a cookie is set");
    String::from_utf8(line.split(|&octet| octet == b';').next().unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn nothing_is_created_before_something_is_written() {
    let app = App::new();
    let unused = app.begin("").finish(false).await.unwrap();
    assert_eq!(unused, ResponseChanges::default());
    let session = app.begin("");
    assert_eq!(session.user().await.unwrap(), None);
    session.remove("absent").await.unwrap();
    let read = app.begin("");
    assert_eq!(read.get::<i64>("n").await.unwrap(), None);
    let changes = read.finish(false).await.unwrap();
    assert_eq!(changes, ResponseChanges { set_cookie: None, varies: true, is_private: false });
    assert_eq!(app.store.purge(i64::MAX).await.unwrap(), 0);
}

#[tokio::test]
async fn an_identifier_nobody_issued_is_not_adopted() {
    let app = App::new();
    let planted = format!("__Host-session={}", "A".repeat(32));
    let changes = app.write(&planted, "n", 1).await.unwrap();
    assert_ne!(pair(&changes), planted);
    assert_eq!(app.read(&planted, "n").await, None);
    assert_eq!(app.read(&pair(&changes), "n").await, Some(1));
    assert_ne!(app.login(&planted, "alice").await, planted);
    assert_eq!(app.user(&planted).await, None);
}

#[tokio::test]
async fn login_gives_a_new_identifier_and_the_old_one_is_dead() {
    let app = App::new();
    let before = pair(&app.write("", "n", 1).await.unwrap());
    let after = app.login(&before, "alice").await;
    assert_ne!(before, after);
    assert_eq!((app.user(&before).await, app.read(&before, "n").await), (None, None));
    assert_eq!(app.user(&after).await.as_deref(), Some("alice"));
    assert_eq!(app.read(&after, "n").await, Some(1), "what the visitor had stays");
    let again = app.login(&after, "alice").await;
    assert_ne!(again, after);
    assert_eq!(app.user(&after).await, None);
    assert_eq!(app.read(&again, "n").await, Some(1));
}

#[tokio::test]
async fn another_user_gets_nothing_of_the_first() {
    let app = App::new();
    let alice = app.login("", "alice").await;
    app.write(&alice, "n", 1).await.unwrap();
    let bob = app.login(&alice, "bob").await;
    assert_eq!((app.user(&alice).await, app.read(&bob, "n").await), (None, None));
    assert_eq!(app.user(&bob).await.as_deref(), Some("bob"));
    assert!(app.sessions.of_user("alice").await.unwrap().is_empty());

    let session = app.begin(&bob);
    session.set("early", &1).await.unwrap();
    session.login("carol").await.unwrap();
    session.set("late", &2).await.unwrap();
    let carol = pair(&session.finish(false).await.unwrap());
    assert_eq!((app.read(&carol, "early").await, app.read(&carol, "late").await), (None, Some(2)));
}

#[tokio::test]
async fn logout_ends_the_session_here_and_in_the_client() {
    let app = App::new();
    let alice = app.login("", "alice").await;
    let elsewhere = app.login("", "alice").await;
    let session = app.begin(&alice);
    session.logout().await.unwrap();
    assert_eq!(session.user().await.unwrap(), None);
    let changes = session.finish(false).await.unwrap();
    let removal = String::from_utf8(changes.set_cookie.unwrap()).unwrap();
    assert!(removal.starts_with("__Host-session=; Expires=Thu, 01 Jan 1970"), "{removal}");
    assert!(removal.contains("; Secure") && removal.contains("; Path=/"), "{removal}");
    assert_eq!(app.user(&alice).await, None);
    assert_eq!(app.user(&elsewhere).await.as_deref(), Some("alice"));
    for cookie in [alice.as_str(), "", "__Host-session=nonsense"] {
        let session = app.begin(cookie);
        session.logout().await.unwrap();
        assert!(session.finish(false).await.is_ok(), "{cookie}");
    }
}

#[tokio::test]
async fn a_request_under_way_during_logout_revives_nothing() {
    for overlap in [Overlap::MergeByKey, Overlap::CompareAndSwap] {
        let app = App::with(Settings { overlap, ..Settings::default() });
        let alice = app.login("", "alice").await;
        let late = app.begin(&alice);
        late.set("n", &1).await.unwrap();
        let logout = app.begin(&alice);
        logout.logout().await.unwrap();
        logout.finish(false).await.unwrap();
        assert!(matches!(late.finish(false).await, Err(SessionError::Ended)));
        assert_eq!((app.user(&alice).await, app.read(&alice, "n").await), (None, None));
        let later = app.write(&alice, "n", 1).await;
        assert!(matches!(later, Err(SessionError::Ended)), "also one that comes afterwards");
        app.wait(31);
        let changes = app.write(&alice, "n", 1).await.unwrap();
        assert_eq!(app.user(&pair(&changes)).await, None);
    }
}

#[tokio::test]
async fn a_request_under_way_during_login_neither_revives_nor_undoes() {
    let app = App::new();
    let before = pair(&app.write("", "n", 1).await.unwrap());
    let write = app.begin(&before);
    write.set("n", &2).await.unwrap();
    let read = app.begin(&before);
    assert_eq!(read.get::<i64>("n").await.unwrap(), Some(1));
    let alice = app.login(&before, "alice").await;
    assert!(matches!(write.finish(false).await, Err(SessionError::Ended)));
    assert_eq!(read.finish(false).await.unwrap().set_cookie, None);
    assert!(matches!(app.write(&before, "n", 3).await, Err(SessionError::Ended)));
    assert_eq!(app.user(&alice).await.as_deref(), Some("alice"));
    assert_eq!(app.read(&before, "n").await, None);
}

#[tokio::test]
async fn parallel_logins_end_in_sessions_of_their_own() {
    let app = App::new();
    let before = pair(&app.write("", "n", 1).await.unwrap());
    let mut waiting = Vec::new();
    for _ in 0..8 {
        let session = app.begin(&before);
        session.login("alice").await.unwrap();
        waiting.push(session);
    }
    let mut cookies = Vec::new();
    for session in waiting {
        cookies.push(pair(&session.finish(false).await.unwrap()));
    }
    for (nth, cookie) in cookies.iter().enumerate() {
        assert_eq!(app.user(cookie).await.as_deref(), Some("alice"));
        assert!(!cookies[..nth].contains(cookie));
    }
}

#[tokio::test]
async fn overlapping_writes_are_merged_by_key() {
    let app = App::new();
    let cookie = pair(&app.write("", "a", 0).await.unwrap());
    let (one, other) = (app.begin(&cookie), app.begin(&cookie));
    one.set("a", &1).await.unwrap();
    other.set("b", &2).await.unwrap();
    one.finish(false).await.unwrap();
    other.finish(false).await.unwrap();
    assert_eq!((app.read(&cookie, "a").await, app.read(&cookie, "b").await), (Some(1), Some(2)));
}

#[tokio::test]
async fn overlapping_writes_are_refused_by_compare_and_swap() {
    let app = App::with(Settings { overlap: Overlap::CompareAndSwap, ..Settings::default() });
    let cookie = pair(&app.write("", "a", 0).await.unwrap());
    let (one, other) = (app.begin(&cookie), app.begin(&cookie));
    one.set("a", &1).await.unwrap();
    other.set("b", &2).await.unwrap();
    one.finish(false).await.unwrap();
    assert!(matches!(other.finish(false).await, Err(SessionError::Conflict)));
    assert_eq!((app.read(&cookie, "a").await, app.read(&cookie, "b").await), (Some(1), None));
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_reads_count() {
    let app = App::with(Settings { idle: Duration::from_secs(60), ..Settings::default() });
    let cookie = app.login("", "alice").await;
    for _ in 0..5 {
        app.wait(59);
        assert!(app.user(&cookie).await.is_some());
    }
    app.wait(60);
    assert_eq!(app.user(&cookie).await, None);
    assert_eq!(app.sessions.purge().await.unwrap(), 1);
}

#[tokio::test]
async fn a_session_ends_in_the_end_and_only_login_begins_it_anew() {
    let settings = Settings {
        idle: Duration::from_secs(60),
        absolute: Duration::from_secs(100),
        ..Settings::default()
    };
    let app = App::with(settings);
    let first = app.login("", "alice").await;
    app.wait(50);
    let session = app.begin(&first);
    session.rotate().await.unwrap();
    let rotated = pair(&session.finish(false).await.unwrap());
    assert_ne!(rotated, first);
    assert_eq!(app.user(&first).await, None);
    app.wait(49);
    let login = app.login(&rotated, "alice").await;
    app.wait(1);
    assert_eq!(app.user(&rotated).await, None);
    app.wait(58);
    assert!(app.user(&login).await.is_some());
    app.wait(40);
    assert!(app.user(&login).await.is_some());
    app.wait(1);
    assert_eq!(app.user(&login).await, None);
}

#[tokio::test]
async fn an_old_identifier_is_renewed_and_leads_on_for_a_moment() {
    let renewal = Some(Duration::from_secs(600));
    let app = App::with(Settings { renewal, ..Settings::default() });
    let old = app.login("", "alice").await;
    app.wait(599);
    let session = app.begin(&old);
    session.user().await.unwrap();
    assert_eq!(session.finish(false).await.unwrap().set_cookie, None);
    app.wait(1);
    let session = app.begin(&old);
    session.user().await.unwrap();
    let new = pair(&session.finish(false).await.unwrap());
    assert_ne!(new, old);
    assert_eq!(app.user(&new).await.as_deref(), Some("alice"));
    assert_eq!(app.user(&old).await.as_deref(), Some("alice"));
    let late = app.write(&old, "n", 1).await.unwrap();
    assert_eq!(late.set_cookie, None);
    assert_eq!(app.read(&new, "n").await, Some(1));
    app.wait(30);
    assert_eq!(app.user(&old).await, None);
    assert_eq!(app.user(&new).await.as_deref(), Some("alice"));
}

#[tokio::test]
async fn logout_by_a_renewed_identifier_ends_the_session() {
    let renewal = Some(Duration::from_secs(600));
    let app = App::with(Settings { renewal, ..Settings::default() });
    let old = app.login("", "alice").await;
    app.wait(600);
    let logout = app.begin(&old);
    logout.logout().await.unwrap();
    let renewing = app.begin(&old);
    renewing.user().await.unwrap();
    let new = pair(&renewing.finish(false).await.unwrap());
    logout.finish(false).await.unwrap();
    assert_eq!((app.user(&old).await, app.user(&new).await), (None, None));
}

#[tokio::test]
async fn a_failed_response_drops_writes_or_keeps_them_as_declared() {
    for (failed_response, want) in
        [(FailedResponse::DropWrites, None), (FailedResponse::KeepWrites, Some(1))]
    {
        let app = App::with(Settings { failed_response, ..Settings::default() });
        let cookie = app.login("", "alice").await;
        let session = app.begin(&cookie);
        session.set("n", &1).await.unwrap();
        session.finish(true).await.unwrap();
        assert_eq!(app.read(&cookie, "n").await, want);
        let session = app.begin(&cookie);
        session.logout().await.unwrap();
        session.finish(true).await.unwrap();
        assert_eq!(app.user(&cookie).await, None, "a logout is never dropped");
    }
}

#[tokio::test]
async fn a_persistent_cookie_ends_with_the_session_and_is_prolonged_with_it() {
    let mut settings = Settings::default();
    settings.cookie.persistent = true;
    let app = App::with(settings);
    let session = app.begin("");
    session.set("n", &1).await.unwrap();
    let changes = session.finish(false).await.unwrap();
    let line =
        |changes: &ResponseChanges| String::from_utf8(changes.set_cookie.clone().unwrap()).unwrap();
    assert!(line(&changes).contains("; Max-Age=1800;"), "{}", line(&changes));
    app.wait(600);
    let session = app.begin(&pair(&changes));
    session.get::<i64>("n").await.unwrap();
    let again = session.finish(false).await.unwrap();
    assert_eq!(line(&again), line(&changes));
}

#[tokio::test]
async fn logging_out_everywhere_ends_every_session_but_this() {
    let app = App::new();
    let mut cookies = Vec::new();
    for _ in 0..3 {
        cookies.push(app.login("", "alice").await);
    }
    let bob = app.login("", "bob").await;
    let keep = app.begin(&cookies[1]).id_hash().await.unwrap();
    assert_eq!(app.sessions.end_all("alice", keep.as_ref()).await.unwrap(), 2);
    assert!(app.user(&cookies[0]).await.is_none() && app.user(&cookies[2]).await.is_none());
    assert!(app.user(&cookies[1]).await.is_some() && app.user(&bob).await.is_some());
}

#[tokio::test]
async fn of_several_cookies_the_first_that_is_a_session_counts() {
    let app = App::new();
    let (alice, bob) = (app.login("", "alice").await, app.login("", "bob").await);
    let bad = format!("__Host-session={}", "B".repeat(32));
    assert_eq!(app.user(&format!("{bad}; {alice}; {bob}")).await.as_deref(), Some("alice"));
    assert_eq!(app.user(&format!("{bob}; x; {alice}; {bad}")).await.as_deref(), Some("bob"));
    let flood = vec![bad; 4_000].join("; ");
    assert_eq!(app.user(&format!("{flood}; {alice}")).await.as_deref(), Some("alice"));
}

#[tokio::test]
async fn too_much_data_is_an_error_and_changes_nothing() {
    let app = App::with(Settings { max_data_octets: 1_000, ..Settings::default() });
    let cookie = pair(&app.write("", "n", 1).await.unwrap());
    let session = app.begin(&cookie);
    session.set("text", &"x".repeat(2_000)).await.unwrap();
    let error = session.finish(false).await.unwrap_err();
    assert!(error.to_string().contains("1000 are allowed"), "{error}");
    assert_eq!(app.read(&cookie, "n").await, Some(1));
}

#[tokio::test]
async fn any_text_and_number_is_read_back_equal() {
    let app = App::new();
    let session = app.begin("");
    let texts = ["", "\0\r\n;,=\"\\", "日本 é", "\u{10FFFF}"];
    session.set("texts", &texts).await.unwrap();
    session.set("numbers", &[i64::MIN, 0, i64::MAX]).await.unwrap();
    session.set("large", &u64::MAX).await.unwrap();
    let cookie = pair(&session.finish(false).await.unwrap());
    let session = app.begin(&cookie);
    assert_eq!(session.get::<Vec<String>>("texts").await.unwrap().unwrap(), texts);
    let numbers = session.get::<Vec<i64>>("numbers").await.unwrap().unwrap();
    assert_eq!(numbers, [i64::MIN, 0, i64::MAX]);
    assert_eq!(session.get::<u64>("large").await.unwrap(), Some(u64::MAX));
    assert!(matches!(session.get::<u8>("texts").await, Err(SessionError::Value { .. })));
}

#[tokio::test]
async fn a_corrupt_record_counts_as_absent_and_is_reported() {
    let app = App::new();
    let cookie = app.login("", "alice").await;
    let id = app.begin(&cookie).id_hash().await.unwrap().unwrap();
    let stored = app.store.load(&id, 1_000_000).await.unwrap().unwrap();
    let mut record = stored.record;
    record.state = State::Live([0xFF; 9][..].into());
    let _ = app.store.update(&id, stored.version, &record, 1_000_000).await.unwrap();
    let reports = Arc::new(AtomicUsize::new(0));
    let counter = reports.clone();
    let sessions = app.sessions.clone().reporting_corrupt(move |corrupt| {
        assert_eq!(*corrupt, id);
        counter.fetch_add(1, Ordering::SeqCst);
    });
    let session = sessions.begin(&Cookies::of([cookie.as_bytes()]));
    assert_eq!(session.user().await.unwrap(), None);
    assert_eq!(reports.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_answered_request_has_no_session_any_more() {
    let app = App::new();
    let session = app.begin("");
    session.finish(false).await.unwrap();
    assert!(matches!(session.set("n", &1).await, Err(SessionError::Finished)));
}

#[tokio::test]
async fn a_source_that_repeats_itself_makes_no_second_session() {
    struct Constant;
    impl cookiespec_session::Random for Constant {
        fn fill(&self, octets: &mut [u8]) -> Result<(), cookiespec_session::RandomError> {
            octets.fill(7);
            Ok(())
        }
    }
    let app = App::new();
    let sessions = app.sessions.clone().with_random(Arc::new(Constant));
    let first = sessions.begin(&Cookies::default());
    first.login("alice").await.unwrap();
    let cookie = pair(&first.finish(false).await.unwrap());
    let second = sessions.begin(&Cookies::default());
    second.login("bob").await.unwrap();
    assert!(matches!(second.finish(false).await, Err(SessionError::Random(_))));
    assert_eq!(app.user(&cookie).await.as_deref(), Some("alice"));
    assert!(SessionId::parse(cookie.split('=').nth(1).unwrap().as_bytes()).is_some());
}
