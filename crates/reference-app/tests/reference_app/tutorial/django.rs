//! The tutorial's application on Django, `zoo/tutorial/app.py`, as a process whose clock stands still
//! until a test advances it.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use axum::http::Method;
use axum::http::header::{HeaderMap, HeaderName, HeaderValue};
use cookiespec_wire::{Bounds, Client, Request, Scheme, Trust};
use tempfile::TempDir;

use crate::server::{Reply, Server, form_text};

pub(super) struct Django {
    process: Child,
    uri: String,
    client: Client,
    now: AtomicI64,
    _folder: TempDir,
}

impl Django {
    /// Starts the application.
    ///
    /// # Errors
    /// What is not installed, and what installs it.
    pub(super) fn start() -> Result<Self, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = root.join("shims/python/.venv/bin/python");
        if !has_django(&python) {
            return Err("Django is not installed; run shims/setup python".to_owned());
        }
        let port = free_port().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(python);
        command.arg(root.join("zoo/tutorial/app.py")).args(["--port", &port.to_string()]);
        command.env("STATE_DIR", folder.path()).stdin(Stdio::null());
        let process = command.spawn().unwrap();
        let bounds = Bounds { keep_alive: false, ..Bounds::default() };
        let host = Ipv4Addr::LOCALHOST.to_string();
        let client = Client::new(Scheme::Http, &host, port, &Trust::System, bounds).unwrap();
        let uri = format!("http://{host}:{port}/");
        let now = AtomicI64::new(1_700_000_000);
        let mut django = Self { process, uri, client, now, _folder: folder };
        django.wait_until_it_answers();
        Ok(django)
    }

    fn wait_until_it_answers(&mut self) {
        let began = Instant::now();
        while self.client.send(&Request::new("GET", "/colour")).is_err() {
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none(), "Django ended by itself: {ended:?}");
            assert!(began.elapsed() < READY, "Django does not answer");
            sleep(Duration::from_millis(50));
        }
    }
}

const READY: Duration = Duration::from_secs(60);

impl Drop for Django {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server for Django {
    fn uri(&self) -> &str {
        &self.uri
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
        cookie: Option<&[u8]>,
    ) -> Reply {
        let mut request = Request::new(method.as_str(), path);
        if !form.is_empty() {
            request.field("Content-Type", "application/x-www-form-urlencoded");
            request.body = form_text(form).into_bytes();
        }
        if let Some(cookie) = cookie {
            request.field("Cookie", cookie);
        }
        let response = self.client.send(&request).unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in &response.fields {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_bytes(value).unwrap());
        }
        let body = String::from_utf8(response.body).unwrap();
        Reply { status: response.status, headers, body }
    }

    fn now(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    async fn wait(&self, seconds: u64) {
        let form = [("seconds", &*seconds.to_string())];
        let moved = self.request(Method::POST, "/clock", &form, None).await;
        assert_eq!(moved.status, 204, "{}", moved.body);
        self.now.fetch_add(seconds.try_into().unwrap(), Ordering::SeqCst);
    }
}

fn has_django(python: &Path) -> bool {
    let mut command = Command::new(python);
    command.args(["-c", "import django, time_machine, waitress"]).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
