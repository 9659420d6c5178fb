//! Browsers, driven through the W3C WebDriver protocol.
//!
//! Each browser has a server of its own that speaks this protocol: chromedriver, geckodriver,
//! WebKitWebDriver. A [`BrowserAgent`] starts the server as a contained child process, opens one
//! session with a private profile behind the origins' proxy, and navigates. Everything it does has
//! a deadline, and every failure a user can mend is one sentence that says how.

mod agent;
mod browser;
mod chromium;
mod display;
mod error;
mod firefox;
mod programs;
mod server;
mod session;
mod webkit;

pub use self::agent::BrowserAgent;
pub use self::browser::Browser;
pub use self::error::BrowserError;
pub use self::programs::Programs;
