//! The settings of one application.

use std::time::Duration;

use crate::SameSite;
use crate::set_cookie::{CookieError, ResponseCookie, set_cookie};

/// The settings of one application. Start from [`Settings::default`], which suits most.
///
/// ```
/// use cookiespec_session::Settings;
/// use std::time::Duration;
/// let settings = Settings { idle: Duration::from_secs(900), ..Settings::default() };
/// assert_eq!(settings.cookie.name, "__Host-session");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The cookie that carries the identifier.
    pub cookie: CookieSettings,
    /// The idle timeout: a session ends if it was not used for this long.
    pub idle: Duration,
    /// The absolute timeout: a session ends this long after it began, or after its user last logged
    /// in, however much it is used.
    pub absolute: Duration,
    /// The renewal timeout: an identifier of this age is replaced in mid-session. `None`: never.
    pub renewal: Option<Duration>,
    /// How long a renewed identifier still leads to its session, and a replaced one is remembered as
    /// such, for requests that are under way.
    pub grace: Duration,
    /// By how much the expiry must be out of date before a read updates it in the store.
    pub touch_after: Duration,
    /// What happens to writes that overlap.
    pub overlap: Overlap,
    /// What happens to writes if the response is a server error.
    pub failed_response: FailedResponse,
    /// The largest size of a session's data, in octets.
    pub max_data_octets: usize,
}

impl Default for Settings {
    /// Half an hour idle, twelve hours in total, no renewal; writes are merged, and dropped if the
    /// response failed; 64 KiB of data.
    fn default() -> Self {
        Self {
            cookie: CookieSettings::default(),
            idle: Duration::from_secs(30 * 60),
            absolute: Duration::from_secs(12 * 60 * 60),
            renewal: None,
            grace: Duration::from_secs(30),
            touch_after: Duration::from_millis(500),
            overlap: Overlap::MergeByKey,
            failed_response: FailedResponse::DropWrites,
            max_data_octets: 64 * 1024,
        }
    }
}

/// What happens if two requests of one session write at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// Both writes happen, key by key; the later one wins where they share a key.
    MergeByKey,
    /// The later one, which has not seen the earlier one, is refused with
    /// [`SessionError::Conflict`](crate::SessionError::Conflict).
    CompareAndSwap,
}

/// What happens if the handler changed the session and then answered with a server error (5xx).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedResponse {
    /// Writes and logins are dropped; a logout still takes effect.
    DropWrites,
    /// Writes and logins are stored.
    KeepWrites,
}

/// The cookie that carries the identifier; it is always HttpOnly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieSettings {
    /// Its name. With the prefix `__Host-` no other host can set it.
    pub name: String,
    /// Its Path.
    pub path: String,
    /// Its Domain. `None`: the cookie is for this host only.
    pub domain: Option<String>,
    /// Secure. Without it, anyone on the network path can read the identifier.
    pub secure: bool,
    /// SameSite.
    pub same_site: SameSite,
    /// Whether it survives the browser. If so, it has a Max-Age that ends with the session, and is
    /// set again whenever the session is prolonged.
    pub persistent: bool,
}

impl Default for CookieSettings {
    fn default() -> Self {
        Self {
            name: "__Host-session".to_owned(),
            path: "/".to_owned(),
            domain: None,
            secure: true,
            same_site: SameSite::Lax,
            persistent: false,
        }
    }
}

impl CookieSettings {
    /// The Set-Cookie field value that gives the client an identifier.
    pub(crate) fn issue(&self, id: &str, max_age: i64) -> Result<Vec<u8>, CookieError> {
        self.with_value(id).max_age(self.persistent.then_some(max_age)).to_octets()
    }

    /// The Set-Cookie field value that removes it.
    pub(crate) fn remove(&self) -> Result<Vec<u8>, CookieError> {
        self.with_value("").removal().to_octets()
    }

    fn with_value<'a>(&'a self, value: &'a str) -> ResponseCookie<'a> {
        let mut cookie =
            set_cookie(&self.name, value).path(&self.path).http_only().same_site(self.same_site);
        if let Some(domain) = &self.domain {
            cookie = cookie.domain(domain);
        }
        if self.secure { cookie.secure() } else { cookie }
    }
}
