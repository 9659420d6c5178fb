//! `set_cookie` and `delete_cookie`: the cookies of a response.

use std::fmt;

use cookiespec_engine::prefix::Prefix;
use cookiespec_engine::server::{GrammarError, Part};
use cookiespec_engine::{Profile, SameSite, SetCookie};

/// Begins a cookie: a name, a value, and no attribute.
///
/// Without [`max_age`](ResponseCookie::max_age) and [`expires`](ResponseCookie::expires) it is an
/// *in-memory* cookie, gone when the browser closes; with one of them it is *persistent*, kept on
/// disk until then.
///
/// ```
/// use cookiespec_session::set_cookie;
/// let cookie = set_cookie("colour", "green").max_age(60).path("/").http_only();
/// assert_eq!(cookie.to_octets().unwrap(), b"colour=green; Max-Age=60; Path=/; HttpOnly");
/// let error = set_cookie("colour", "sea green").to_octets().unwrap_err();
/// assert_eq!(error.at(), Some((3, b' ')));
/// ```
pub fn set_cookie<'a, N, V>(name: &'a N, value: &'a V) -> ResponseCookie<'a>
where
    N: AsRef<[u8]> + ?Sized,
    V: AsRef<[u8]> + ?Sized,
{
    ResponseCookie {
        cookie: SetCookie::new(name.as_ref(), value.as_ref()),
        profile: Profile::Rfc6265bis,
    }
}

/// Begins the removal of a cookie: an empty value that expired in 1970.
///
/// A user agent removes the cookie with the same name, domain and path, so that those it was set
/// with must be given again. The attributes that a `__Secure-` or `__Host-` name requires are
/// already set, because a removal without them is ignored like any other such cookie.
///
/// ```
/// use cookiespec_session::delete_cookie;
/// let removal = delete_cookie("__Host-id").to_octets().unwrap();
/// let want = b"__Host-id=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure";
/// assert_eq!(removal, want);
/// ```
pub fn delete_cookie<N: AsRef<[u8]> + ?Sized>(name: &N) -> ResponseCookie<'_> {
    let mut removal = set_cookie(name, "").expires(0);
    let prefix = Prefix::of(name.as_ref());
    removal.cookie.secure = prefix.is_some();
    if prefix == Some(Prefix::Host) {
        removal.cookie.path = Some(b"/");
    }
    removal
}

/// A cookie for a response; begun by [`set_cookie`] and [`delete_cookie`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a cookie is set by putting its octets into a Set-Cookie field"]
pub struct ResponseCookie<'a> {
    cookie: SetCookie<'a>,
    profile: Profile,
}

impl<'a> ResponseCookie<'a> {
    /// Max-Age in seconds, or `None` for an in-memory cookie. Wins over Expires.
    pub fn max_age(mut self, seconds: impl Into<Option<i64>>) -> Self {
        self.cookie.max_age = seconds.into();
        self
    }

    /// Expires in Unix seconds, or `None` for an in-memory cookie.
    pub fn expires(mut self, unix_seconds: impl Into<Option<i64>>) -> Self {
        self.cookie.expires = unix_seconds.into();
        self
    }

    /// Path: the cookie is sent with requests below it.
    pub fn path<P: AsRef<[u8]> + ?Sized>(mut self, path: &'a P) -> Self {
        self.cookie.path = Some(path.as_ref());
        self
    }

    /// Domain: the cookie is sent to this host and every host below it, rather than only to the host
    /// that set it.
    pub fn domain<D: AsRef<[u8]> + ?Sized>(mut self, domain: &'a D) -> Self {
        self.cookie.domain = Some(domain.as_ref());
        self
    }

    /// Secure: the cookie is sent over secure connections only.
    pub fn secure(mut self) -> Self {
        self.cookie.secure = true;
        self
    }

    /// HttpOnly: the cookie is hidden from scripts.
    pub fn http_only(mut self) -> Self {
        self.cookie.http_only = true;
        self
    }

    /// SameSite; `Default` writes no attribute.
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.cookie.same_site = same_site;
        self
    }

    /// Partitioned: the cookie is kept separately for each top-level site. Neither RFC 6265 nor
    /// 6265bis defines it.
    pub fn partitioned(mut self) -> Self {
        self.cookie.partitioned = true;
        self
    }

    /// The specification to follow; 6265bis by default.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The removal of this cookie, with every attribute that a user agent compares.
    ///
    /// ```
    /// use cookiespec_session::set_cookie;
    /// let removal = set_cookie("a", "1").max_age(60).path("/app").domain("site.example").removal();
    /// let want = b"a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Domain=site.example; Path=/app";
    /// assert_eq!(removal.to_octets().unwrap(), want);
    /// ```
    pub fn removal(self) -> Self {
        let cookie = SetCookie { value: b"", max_age: None, expires: Some(0), ..self.cookie };
        Self { cookie, ..self }
    }

    /// The value of the Set-Cookie field.
    ///
    /// # Errors
    /// [`CookieError`] if section 4.1.1 forbids it, or if every user agent would ignore the cookie.
    /// Nothing is repaired.
    pub fn to_octets(self) -> Result<Vec<u8>, CookieError> {
        self.cookie.to_octets(self.profile).map_err(|error| {
            let octets = match error.part {
                Part::Name => self.cookie.name,
                Part::Value => self.cookie.value,
                Part::Domain => self.cookie.domain.unwrap_or_default(),
                Part::Path => self.cookie.path.unwrap_or_default(),
                _ => b"",
            };
            let octet = error.at.and_then(|at| octets.get(at).copied());
            CookieError { name: self.cookie.name.to_vec(), error, octet }
        })
    }
}

/// A cookie that cannot be set, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieError {
    name: Vec<u8>,
    error: GrammarError,
    octet: Option<u8>,
}

impl CookieError {
    /// The part that is invalid.
    pub const fn part(&self) -> Part {
        self.error.part
    }

    /// Offset and value of the first invalid octet of the part, if the error is about one octet.
    pub fn at(&self) -> Option<(usize, u8)> {
        Some((self.error.at?, self.octet?))
    }
}

impl fmt::Display for CookieError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cookie \"{}\": {}", self.name.escape_ascii(), self.error)?;
        match self.octet {
            Some(octet) => write!(f, ", which is 0x{octet:02X}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CookieError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

#[cfg(test)]
mod tests {
    use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Request, Uri};

    use super::*;

    #[test]
    fn max_age_none_is_an_in_memory_cookie() {
        let cookie = set_cookie("a", "1");
        assert_eq!(cookie.max_age(None).to_octets().unwrap(), b"a=1");
        assert_eq!(cookie.max_age(60).max_age(None).to_octets().unwrap(), b"a=1");
        assert_eq!(cookie.max_age(60).to_octets().unwrap(), b"a=1; Max-Age=60");
    }

    #[test]
    fn every_attribute_is_written() {
        let cookie = set_cookie("__Secure-n", "v")
            .expires(784_111_777)
            .max_age(60)
            .domain("site.example")
            .path("/a")
            .secure()
            .http_only()
            .same_site(SameSite::None)
            .partitioned();
        let want: &[u8] = b"__Secure-n=v; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Max-Age=60; \
            Domain=site.example; Path=/a; Secure; HttpOnly; SameSite=None; Partitioned";
        assert_eq!(cookie.to_octets().unwrap(), want);
    }

    #[test]
    fn the_error_names_the_octet() {
        let message = |cookie: ResponseCookie<'_>| cookie.to_octets().unwrap_err().to_string();
        assert_eq!(
            message(set_cookie("a\r\n", "1")),
            "cookie \"a\\r\\n\": the cookie-name is not a token (octet 1), which is 0x0D"
        );
        let path = message(set_cookie("a", "1").path("/x; Secure"));
        assert!(path.ends_with("(octet 2), which is 0x3B"), "{path}");
        let prefix = set_cookie("__Host-a", "1").secure().to_octets().unwrap_err();
        assert_eq!((prefix.part(), prefix.at()), (Part::Prefix, None));
        let long = set_cookie("a", &[b'x'; 4096]).to_octets().unwrap_err();
        assert_eq!((long.part(), long.at()), (Part::Value, Some((4095, b'x'))));
    }

    /// Sets and removes in a user agent's cookie store.
    fn is_removed(cookie: ResponseCookie<'_>, removal: ResponseCookie<'_>) -> bool {
        let request = Request::new(Uri::parse(b"https://www.site.example/app/page").unwrap());
        let policy = Policy::new(Profile::Rfc6265bis);
        let mut store = CookieStore::new(policy, NoPublicSuffixes);
        store.receive(&cookie.to_octets().unwrap(), &request, 0, &mut ()).unwrap();
        assert_eq!(store.cookies(0).len(), 1);
        // The store shows whether the user agent accepted the removal.
        let _ = store.receive(&removal.to_octets().unwrap(), &request, 1, &mut ());
        store.cookies(1).is_empty()
    }

    #[test]
    fn a_removal_removes() {
        for cookie in [
            set_cookie("a", "1"),
            set_cookie("a", "1").max_age(60).path("/app"),
            set_cookie("a", "1").domain("site.example"),
            set_cookie("__Secure-a", "1").secure().path("/app").domain("site.example"),
            set_cookie("__Host-a", "1").secure().path("/").same_site(SameSite::Strict),
        ] {
            assert!(is_removed(cookie, cookie.removal()), "{cookie:?}");
        }
        let host = set_cookie("__host-a", "1").secure().path("/");
        assert!(is_removed(host, delete_cookie("__host-a")), "prefixes match in any case");
        let secure = set_cookie("__Secure-a", "1").secure().path("/app");
        assert!(is_removed(secure, delete_cookie("__Secure-a").path("/app")));
        assert!(!is_removed(secure, delete_cookie("__Secure-a").path("/")), "another cookie");
    }

    #[test]
    fn a_removal_is_grammatical_in_both_profiles() {
        for profile in Profile::ALL {
            assert!(delete_cookie("a").path("/").profile(profile).to_octets().is_ok());
        }
    }
}
