//! The application on a clock that can be moved, and browsers that visit it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, HeaderMap, SET_COOKIE};
use axum::http::{HeaderValue, Method, Request};
use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile, Uri, cookie_header};
use cookiespec_session::{
    Clock, Created, IdHash, ManualClock, MemoryStore, Record, Rotated, Rotation, Settings, Store,
    StoreError, Stored, UnixMillis, Updated, Version,
};
use tokio::sync::Notify;
use tower_service::Service;

use crate::app::{self, Parts};
use crate::mutant::Mutant;

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
        let parts =
            Parts { store: store.clone(), clock: clock.clone(), settings, mutant, knob: None };
        Self { router: app::router(parts).unwrap(), clock, store }
    }

    /// A browser that has never been here.
    pub(crate) fn browser(&self) -> Browser<'_> {
        let memory = CookieStore::new(Policy::new(Profile::Rfc6265bis), NoPublicSuffixes);
        Browser { site: self, memory }
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

    /// One request with this Cookie field, as no browser sends it.
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

    /// A request that has loaded its session and gets no further before the test lets it. What
    /// `meanwhile` does happens in between.
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

pub(crate) fn request(
    method: Method,
    path: &str,
    form: &[(&str, &str)],
    cookie: Option<&[u8]>,
) -> Request<Body> {
    let body = form.iter().map(|(key, value)| format!("{}={}", escape(key), escape(value)));
    let body = body.collect::<Vec<_>>().join("&");
    let mut request = Request::builder().method(method).uri(path).header(HOST, HOST_NAME);
    if !form.is_empty() {
        request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if let Some(cookie) = cookie.filter(|cookie| !cookie.is_empty()) {
        request = request.header(COOKIE, HeaderValue::from_bytes(cookie).unwrap());
    }
    request.body(Body::from(body)).unwrap()
}

fn escape(text: &str) -> String {
    text.bytes().map(|octet| format!("%{octet:02X}")).collect()
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn set_cookies(&self) -> Vec<String> {
        let lines = self.headers.get_all(SET_COOKIE).iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn user(&self) -> Option<String> {
        self.member("user")
    }

    pub(crate) fn value(&self) -> Option<String> {
        self.member("value")
    }

    fn member(&self, name: &str) -> Option<String> {
        let body: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        body[name].as_str().map(str::to_owned)
    }

    pub(crate) fn header(&self, name: &str) -> String {
        let fields = self.headers.get_all(name).iter().map(|field| field.to_str().unwrap());
        fields.collect::<Vec<_>>().join(", ")
    }
}

/// A browser: the reference engine and no more.
pub(crate) struct Browser<'a> {
    pub(crate) site: &'a Site,
    pub(crate) memory: CookieStore<NoPublicSuffixes>,
}

impl Browser<'_> {
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
    ) -> Reply {
        let cookie = self.cookie_field();
        let reply = self.site.answer(request(method, path, form, cookie.as_deref())).await;
        self.receive(&reply);
        reply
    }

    pub(crate) fn receive(&mut self, reply: &Reply) {
        let context = context();
        for line in reply.headers.get_all(SET_COOKIE) {
            // What becomes of each is seen in the store.
            let _ = self.memory.receive(line.as_bytes(), &context, self.site.now(), &mut ());
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.send(Method::GET, path, &[]).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Reply {
        self.send(Method::POST, path, form).await
    }

    pub(crate) async fn login(&mut self, user: &str) -> Reply {
        let password = if user == "alice" { "wonderland" } else { "builder" };
        self.post("/login", &[("user", user), ("password", password)]).await
    }

    pub(crate) async fn user(&mut self) -> Option<String> {
        self.get("/whoami").await.user()
    }

    pub(crate) async fn write(&mut self, key: &str, value: &str) -> Reply {
        self.post("/state", &[("key", key), ("value", value)]).await
    }

    pub(crate) async fn read(&mut self, key: &str) -> Option<String> {
        self.get(&format!("/state?key={key}")).await.value()
    }

    /// What it would send: all its cookies.
    pub(crate) fn cookie_field(&mut self) -> Option<Vec<u8>> {
        self.memory.cookie_string(&context(), self.site.now(), &mut ())
    }

    /// The same, to be kept and used again elsewhere.
    pub(crate) fn saved(&mut self) -> Vec<u8> {
        self.cookie_field().unwrap_or_default()
    }

    /// The value of its session cookie.
    pub(crate) fn id(&mut self) -> String {
        let saved = self.saved();
        let pair = cookie_header::pairs(&saved).find(|pair| pair.name.ends_with(b"session"));
        let pair = pair.or_else(|| cookie_header::pairs(&saved).next());
        String::from_utf8(pair.map(|pair| pair.value.to_vec()).unwrap_or_default()).unwrap()
    }
}

fn context() -> cookiespec_engine::Request<'static> {
    cookiespec_engine::Request::new(Uri::parse(b"https://app.example/").unwrap())
}

/// A store in memory that can be out of order, and that can hold a request after it has loaded
/// its session.
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
