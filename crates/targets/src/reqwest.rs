//! `reqwest::cookie::Jar`, the store behind `ClientBuilder::cookie_store(true)`.

use cookiespec_vectors::implementation::{
    Implementation, ImplementationInfo, Jar, OperationResult,
};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{Context, JarConfig, Sent};
use reqwest::cookie::CookieStore;

use crate::http_text::{field_value, only_same_site_http, url};
use crate::published::{Published, version};

const PUBLISHED: Published = Published {
    package: "reqwest",
    version: version!("reqwest"),
    can: &["jar", "secure"],
    blind: &["order"],
    claims: None,
    notes: "Over cookie_store, without a public suffix list. It reads the system clock, so cases \
            that need one of their own are unsupported. The order in the Cookie field is that of a \
            hash map and differs from run to run. Control characters never reach it: the http \
            crate has no such field values.",
};

/// The `Jar` of `reqwest`.
pub(crate) struct Reqwest;

impl Implementation for Reqwest {
    fn about(&self) -> ImplementationInfo {
        PUBLISHED.about()
    }

    fn jar(&mut self, _now: i64, _config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        Ok(Box::new(ReqwestJar::default()))
    }
}

#[derive(Default)]
struct ReqwestJar(reqwest::cookie::Jar);

impl Jar for ReqwestJar {
    fn receive(
        &mut self,
        uri: &Octets,
        set_cookie: &[Octets],
        context: &Context,
    ) -> OperationResult<()> {
        only_same_site_http(context)?;
        let url = url(uri)?;
        let values = set_cookie.iter().map(field_value).collect::<OperationResult<Vec<_>>>()?;
        self.0.set_cookies(&mut values.iter(), &url);
        Ok(())
    }

    fn send(&mut self, uri: &Octets, context: &Context) -> OperationResult<Sent> {
        only_same_site_http(context)?;
        let header = self.0.cookies(&url(uri)?).map(|value| value.as_bytes().into());
        Ok(Sent { header, cookies: None })
    }
}
