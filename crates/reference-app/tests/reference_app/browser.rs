//! A browser that is the reference engine.

use axum::http::Method;
use axum::http::header::SET_COOKIE;
use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile, Uri, cookie_header};

use crate::server::{Reply, Server};
use crate::site::Site;

/// A browser that visits one server.
pub(crate) struct Browser<'a, S = Site> {
    pub(crate) server: &'a S,
    pub(crate) memory: CookieStore<NoPublicSuffixes>,
}

impl<'a, S: Server> Browser<'a, S> {
    /// A browser without cookies.
    pub(crate) fn new(server: &'a S) -> Self {
        let memory = CookieStore::new(Policy::new(Profile::Rfc6265bis), NoPublicSuffixes);
        Self { server, memory }
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
    ) -> Reply {
        let cookie = self.cookie_field();
        let reply = self.server.request(method, path, form, cookie.as_deref()).await;
        self.receive(&reply);
        reply
    }

    pub(crate) fn receive(&mut self, reply: &Reply) {
        let server = self.server;
        let context = context(server);
        for line in reply.headers.get_all(SET_COOKIE) {
            // The store shows which were accepted.
            let _ = self.memory.receive(line.as_bytes(), &context, self.server.now(), &mut ());
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

    /// The Cookie field it would send.
    pub(crate) fn cookie_field(&mut self) -> Option<Vec<u8>> {
        self.memory.cookie_string(&context(self.server), self.server.now(), &mut ())
    }

    /// The same, empty if there is none, for another client to send.
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

fn context<S: Server>(server: &S) -> cookiespec_engine::Request<'_> {
    cookiespec_engine::Request::new(Uri::parse(server.uri().as_bytes()).unwrap())
}
