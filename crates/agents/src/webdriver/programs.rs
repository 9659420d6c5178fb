//! Where the programs of a browser are on this machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::browser::Browser;
use super::error::BrowserError;

/// Where the programs of a browser are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    /// The browser.
    pub browser: PathBuf,
    /// The program that speaks WebDriver for it.
    pub server: PathBuf,
    /// What shows its window, where it has to have one.
    pub(super) display: Option<Display>,
}

/// What shows a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Display {
    /// Xvfb, at this path: nobody sees it.
    Virtual(PathBuf),
    /// The display that the environment names.
    OfUser,
}

impl Browser {
    /// Its programs on this machine.
    ///
    /// # Errors
    /// [`BrowserError::NoBrowser`], [`BrowserError::NoServer`] or [`BrowserError::NoDisplay`].
    pub fn find(self) -> Result<Programs, BrowserError> {
        let browser = self.browser().ok_or(BrowserError::NoBrowser { browser: self })?;
        let server = self
            .server()
            .ok_or(BrowserError::NoServer { browser: self, server: self.server_name() })?;
        let display = match self {
            // Its window cannot be left out.
            Self::WebKit => Some(Display::find().ok_or(BrowserError::NoDisplay { browser: self })?),
            _ => None,
        };
        Ok(Programs { browser, server, display })
    }

    fn browser(self) -> Option<PathBuf> {
        let names: &[&str] = match self {
            Self::Chromium => {
                &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
            }
            Self::ChromiumHeadlessShell => &["chromium-headless-shell", "chrome-headless-shell"],
            Self::Firefox => &["firefox-esr", "firefox"],
            Self::WebKit => return mini_browser(),
        };
        names.iter().find_map(|name| on_path(name))
    }

    fn server(self) -> Option<PathBuf> {
        let built =
            Path::new(cookiespec_shims::FOLDER).join("browsers/.geckodriver/bin/geckodriver");
        match self {
            Self::Firefox if built.is_file() => Some(built),
            _ => on_path(self.server_name()),
        }
    }
}

impl Display {
    fn find() -> Option<Self> {
        let names_one = |variable| env::var_os(variable).is_some_and(|name| !name.is_empty());
        match on_path("Xvfb") {
            Some(program) => Some(Self::Virtual(program)),
            None => {
                ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(names_one).then_some(Self::OfUser)
            }
        }
    }
}

/// The first program with this name on the PATH.
fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name).with_extension(env::consts::EXE_EXTENSION))
        .find(|path| path.is_file())
}

/// The MiniBrowser of WebKitGTK, which distributions put beside the library: in
/// `<lib>/webkit2gtk-4.1`, the name having the version of the interface.
fn mini_browser() -> Option<PathBuf> {
    let subfolders = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten();
        let mut folders: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        folders.sort();
        folders
    };
    let roots = ["/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/local/libexec"].map(Path::new);
    let below = roots.iter().flat_map(|root| subfolders(root));
    roots
        .iter()
        .map(|root| root.to_path_buf())
        .chain(below)
        .flat_map(|folder| {
            ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"]
                .map(|interface| folder.join(interface).join("MiniBrowser"))
        })
        .find(|path| path.is_file())
}
