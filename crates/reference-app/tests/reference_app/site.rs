//! The application on a clock that tests advance.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST};
use axum::http::{HeaderValue, Method, Request};
use cookiespec_session::{
    Clock, Created, IdHash, ManualClock, MemoryStore, Record, Rotated, Rotation, Settings, Store,
    StoreError, Stored, UnixMillis, Updated, Version,
};
use tokio::sync::Notify;
use tower_service::Service;

use crate::browser::Browser;
use crate::server::{Reply, Server, form_text};
use cookiespec_reference_app::app::{self, Parts};
use cookiespec_reference_app::mutant::Mutant;

pub(crate) const HOST_NAME: &str = "app.example";
pub(crate) const IDLE: u64 = 600;
pub(crate) const ABSOLUTE: u64 = 3_600;

/// The application.
pub(crate) struct Site {
    router: Router,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<TestStore>,
}

impl Site {
    pub(crate) fn new(mutant: Option<Mutant>) -> Self {
        let settings = Settings {
            idle: Duration::from_secs(IDLE),
            absolute: Duration::from_secs(ABSOLUTE),
            ..Settings::default()
        };
        Self::with(mutant, settings)
    }

    pub(crate) fn with(mutant: Option<Mutant>, settings: Settings) -> Self {
        Self::on(Arc::default(), mutant, settings)
    }

    /// One instance of several that share a store.
    pub(crate) fn on(store: Arc<TestStore>, mutant: Option<Mutant>, settings: Settings) -> Self {
        let clock = Arc::new(ManualClock::at(1_700_000_000_000));
        let parts = Parts {
            store: store.clone(),
            clock: clock.clone(),
            settings,
            mutant,
            clock_control: None,
        };
        Self { router: app::router(parts).unwrap(), clock, store }
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// A browser that is logged in.
    pub(crate) async fn logged_in(&self, user: &str) -> Browser<'_> {
        let mut browser = self.browser();
        browser.login(user).await;
        browser
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now() / 1_000
    }

    /// One request with this Cookie field, which no browser need be able to send.
    pub(crate) async fn get(&self, path: &str, cookie: &[u8]) -> Reply {
        self.answer(request(Method::GET, path, &[], Some(cookie))).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)], cookie: &[u8]) -> Reply {
        self.answer(request(Method::POST, path, form, Some(cookie))).await
    }

    pub(crate) async fn answer(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().call(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Reply {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// A request that is held after it has loaded its session, until `meanwhile` is done.
    pub(crate) async fn overlap(
        &self,
        path: &str,
        form: &[(&str, &str)],
        cookie: Vec<u8>,
        meanwhile: impl AsyncFnOnce(),
    ) -> Reply {
        self.store.hold.store(true, Ordering::SeqCst);
        let held = self.post(path, form, &cookie);
        let other = async {
            self.store.reached.notified().await;
            meanwhile().await;
            self.store.release.notify_one();
        };
        let (reply, ()) = tokio::join!(held, other);
        reply
    }
}

impl Server for Site {
    fn uri(&self) -> &str {
        "https://app.example/"
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
        cookie: Option<&[u8]>,
    ) -> Reply {
        self.answer(request(method, path, form, cookie)).await
    }

    fn now(&self) -> i64 {
        Self::now(self)
    }

    async fn wait(&self, seconds: u64) {
        Self::wait(self, seconds);
    }
}

pub(crate) fn request(
    method: Method,
    path: &str,
    form: &[(&str, &str)],
    cookie: Option<&[u8]>,
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(HOST, HOST_NAME);
    if !form.is_empty() {
        request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if let Some(cookie) = cookie.filter(|cookie| !cookie.is_empty()) {
        request = request.header(COOKIE, HeaderValue::from_bytes(cookie).unwrap());
    }
    request.body(Body::from(form_text(form))).unwrap()
}

/// A store in memory that can fail, and that can hold a request after it has loaded its session.
#[derive(Default)]
pub(crate) struct TestStore {
    pub(crate) inner: MemoryStore,
    pub(crate) is_down: AtomicBool,
    hold: AtomicBool,
    reached: Notify,
    release: Notify,
}

impl TestStore {
    fn up(&self) -> Result<&MemoryStore, StoreError> {
        if self.is_down.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("out of order".into()));
        }
        Ok(&self.inner)
    }
}

#[async_trait]
impl Store for TestStore {
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Created, StoreError> {
        self.up()?.create(id, record, now).await
    }

    async fn load(&self, id: &IdHash, now: UnixMillis) -> Result<Option<Stored>, StoreError> {
        let stored = self.up()?.load(id, now).await;
        if self.hold.swap(false, Ordering::SeqCst) {
            self.reached.notify_one();
            self.release.notified().await;
        }
        stored
    }

    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        self.up()?.update(id, version, record, now).await
    }

    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        self.up()?.touch(id, version, expires, now).await
    }

    async fn rotate(
        &self,
        rotation: &Rotation<'_>,
        now: UnixMillis,
    ) -> Result<Rotated, StoreError> {
        self.up()?.rotate(rotation, now).await
    }

    async fn delete(&self, id: &IdHash, now: UnixMillis) -> Result<bool, StoreError> {
        self.up()?.delete(id, now).await
    }

    async fn by_user(&self, user: &str, now: UnixMillis) -> Result<Vec<IdHash>, StoreError> {
        self.up()?.by_user(user, now).await
    }

    async fn delete_by_user(
        &self,
        user: &str,
        keep: Option<&IdHash>,
        now: UnixMillis,
    ) -> Result<usize, StoreError> {
        self.up()?.delete_by_user(user, keep, now).await
    }

    async fn purge(&self, now: UnixMillis) -> Result<usize, StoreError> {
        self.up()?.purge(now).await
    }
}
