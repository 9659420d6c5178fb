//! `cookie_store`: the cookie store of Rust's HTTP clients, without and with public suffixes.

use cookie_store::{Cookie, CookieDomain, CookieError, CookieExpiration, CookieStore};
use cookiespec_vectors::implementation::{
    Implementation, ImplementationInfo, Jar, OperationResult, Refusal, unsupported,
};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{Context, JarConfig, Sent, StoredCookie, Suffixes};
use publicsuffix::List;

use crate::cookie::same_site;
use crate::http_text::{only_same_site_http, pair, text, url};
use crate::published::{Published, version};

const WITHOUT_LIST: Published = Published {
    package: "cookie_store",
    version: version!("cookie_store"),
    can: &["jar", "restart", "dump", "secure"],
    blind: &["order", "creation", "last_access"],
    claims: Some("rfc6265"),
    notes: "Takes text: octets that are not UTF-8 are unsupported. It reads the system clock, so \
            cases that need one of their own are unsupported. The order of what it sends is that \
            of a hash map and differs from run to run. A restart is its own JSON format, saved and \
            loaded. No public suffix list, as most clients have it.",
};

const WITH_LIST: Published = Published {
    can: &["jar", "restart", "dump", "secure", "public-suffix", "configure"],
    notes: "As cookie_store, with the public suffixes of the case's configuration. The crate \
            brings no list, so without a configuration no domain is rejected; and it does not \
            apply the implicit rule `*`.",
    ..WITHOUT_LIST
};

/// The `cookie_store` crate.
pub(crate) struct CookieStoreCrate {
    with_list: bool,
}

impl CookieStoreCrate {
    /// As an application that gives it no public suffix list.
    pub(crate) fn without_list() -> Self {
        Self { with_list: false }
    }

    /// As an application that gives it the list of the case.
    pub(crate) fn with_list() -> Self {
        Self { with_list: true }
    }
}

impl Implementation for CookieStoreCrate {
    fn about(&self) -> ImplementationInfo {
        if self.with_list { WITH_LIST.about() } else { WITHOUT_LIST.about() }
    }

    fn jar(&mut self, _now: i64, config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        let list = if self.with_list { list(&config.public_suffixes)? } else { None };
        let store = CookieStore::new_with_public_suffix(list.clone());
        Ok(Box::new(Store { store, with_list: self.with_list, list }))
    }
}

struct Store {
    store: CookieStore,
    with_list: bool,
    /// The store does not give its list back, and forgets it when it is read back.
    list: Option<List>,
}

impl Jar for Store {
    fn receive(
        &mut self,
        uri: &Octets,
        set_cookie: &[Octets],
        context: &Context,
    ) -> OperationResult<()> {
        only_same_site_http(context)?;
        let url = url(uri)?;
        for line in set_cookie {
            // An error is the documented rejection of the cookie.
            let _ = self.store.parse(text(line)?, &url);
        }
        Ok(())
    }

    fn send(&mut self, uri: &Octets, context: &Context) -> OperationResult<Sent> {
        only_same_site_http(context)?;
        let url = url(uri)?;
        let pairs: Vec<_> = self.store.get_request_values(&url).collect();
        let header: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Ok(Sent {
            header: (!pairs.is_empty()).then(|| header.join("; ").as_str().into()),
            cookies: Some(pairs.iter().map(|(name, value)| pair(name, value)).collect()),
        })
    }

    fn restart(&mut self) -> OperationResult<()> {
        let mut file = Vec::new();
        cookie_store::serde::json::save(&self.store, &mut file).map_err(Refusal::error)?;
        let store = cookie_store::serde::json::load(file.as_slice()).map_err(Refusal::error)?;
        self.store = equipped(store, self.list.clone());
        Ok(())
    }

    fn dump(&mut self) -> OperationResult<Vec<StoredCookie>> {
        Ok(self.store.iter_unexpired().map(stored).collect())
    }

    fn configure(&mut self, config: &JarConfig) -> OperationResult<()> {
        if !self.with_list {
            return unsupported("configure");
        }
        self.list = list(&config.public_suffixes)?;
        let cookies = self.store.iter_any().cloned().map(Ok::<_, CookieError>);
        let store = CookieStore::from_cookies(cookies, true).map_err(Refusal::error)?;
        self.store = equipped(store, self.list.clone());
        Ok(())
    }
}

fn equipped(store: CookieStore, list: Option<List>) -> CookieStore {
    match list {
        Some(list) => store.with_suffix_list(list),
        None => store,
    }
}

fn stored(cookie: &Cookie<'static>) -> StoredCookie {
    StoredCookie {
        name: cookie.name().into(),
        value: cookie.value().into(),
        domain: cookie.domain.as_cow().map(|domain| domain.as_ref().into()),
        host_only: Some(matches!(cookie.domain, CookieDomain::HostOnly(_))),
        path: Some(String::from(&cookie.path).as_str().into()),
        expires: match cookie.expires {
            CookieExpiration::AtUtc(time) => Some(time.unix_timestamp()),
            CookieExpiration::SessionEnd => None,
        },
        creation: None,
        last_access: None,
        secure: Some(cookie.secure().unwrap_or_default()),
        http_only: Some(cookie.http_only().unwrap_or_default()),
        same_site: same_site(cookie).or_else(|| Some("Default".into())),
    }
}

/// The rules as the crate's own type; `None` where nothing is to be rejected.
fn list(suffixes: &Suffixes) -> OperationResult<Option<List>> {
    match suffixes {
        Suffixes::Own | Suffixes::NoRejection => Ok(None),
        // The parser takes a list without rules for a mistake.
        Suffixes::Rules(rules) if rules.is_empty() => Ok(Some(List::new())),
        Suffixes::Rules(rules) => {
            let file = format!("// ===BEGIN ICANN DOMAINS===\n{}\n", rules.join("\n"));
            file.parse().map_or_else(|_| unsupported("public-suffix"), |list| Ok(Some(list)))
        }
    }
}
