//! A computer with a disk, on which a browser is opened and closed.

use cookiespec_engine::persist::{CookieFile, Format};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::server::Server;

pub(super) struct Computer<'a, S> {
    pub(super) server: &'a S,
    disk: CookieFile,
    _folder: TempDir,
}

impl<'a, S: Server> Computer<'a, S> {
    pub(super) fn new(server: &'a S) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let disk = CookieFile::new(folder.path().join("cookies"), Format::JsonLines);
        Self { server, disk, _folder: folder }
    }

    pub(super) fn open(&self) -> Browser<'a, S> {
        let mut browser = Browser::new(self.server);
        self.disk.load(&mut browser.memory, self.server.now()).unwrap();
        browser
    }

    pub(super) fn close(&self, browser: Browser<'_, S>) {
        self.disk.save(&browser.memory, self.server.now()).unwrap();
    }

    pub(super) fn is_on_disk(&self, text: &str) -> bool {
        std::fs::read_to_string(self.disk.path()).unwrap_or_default().contains(text)
    }
}
