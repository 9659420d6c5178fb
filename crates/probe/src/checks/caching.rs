//! Caching and CSRF: SM-101 to SM-107.

use cookiespec_wire::{Request, Response};

use crate::browser::Browser;
use crate::descriptor::request::RequestTemplate;
use crate::error::ProbeError;
use crate::template::{Place, Values, percent_encoded};
use crate::test_context::{MARK, TestContext};
use crate::verdict::{CheckResult, ensure, not_applicable, pass};

pub(super) fn set_cookie_responses_are_not_shared(context: &TestContext) -> CheckResult {
    let mut replies = context.visit(context.site())?;
    let mut user = context.logged_in(0)?;
    // A page that does not use the session may still refresh its cookie.
    for page in
        [&context.descriptor().public, &context.descriptor().stateless].into_iter().flatten()
    {
        replies.push(user.get(&page.path)?);
    }
    let mut count = 0;
    for hop in replies.iter().flat_map(|reply| &reply.hops) {
        let sets = |line: &[u8]| {
            let name = line.split(|&octet| octet == b'=').next().unwrap_or_default();
            context.session_info().names.contains(name.trim_ascii())
        };
        if !hop.response.all("set-cookie").any(sets) {
            continue;
        }
        count += 1;
        ensure(is_private(&hop.response), || {
            format!(
                "the response to {} sets the session cookie, with {}",
                hop.target,
                cache_fields(&hop.response)
            )
        })?;
    }
    pass(format!("{count} responses set the cookie, and caches may share none of them"))
}

pub(super) fn session_responses_vary_on_cookie(context: &TestContext) -> CheckResult {
    let path = &context.descriptor().whoami.path;
    for (who, mut browser) in [("nobody", context.browser()), ("a user", context.logged_in(0)?)] {
        for response in browser.get(path)?.responses() {
            ensure(is_private(response), || {
                format!("the response of who-am-i to {who} has {}", cache_fields(response))
            })?;
        }
    }
    pass("who-am-i varies on Cookie, or is private")
}

/// Whether caches must not send the response to other users (RFC 9111 sections 4.1 and 5.2.2).
fn is_private(response: &Response) -> bool {
    let has = |name: &str, words: &[&str]| {
        let list = response.list(name);
        list.split(',')
            .any(|item| words.contains(&item.trim().split('=').next().unwrap_or_default()))
    };
    has("vary", &["cookie", "*"]) || has("cache-control", &["no-store", "private"])
}

/// The fields that caches observe.
fn cache_fields(response: &Response) -> String {
    let field = |name: &str| match response.list(name) {
        list if list.is_empty() => format!("no {name}"),
        list => format!("{name}: {list}"),
    };
    format!("{} and {}", field("Vary"), field("Cache-Control"))
}

pub(super) fn user_pages_are_no_store(context: &TestContext) -> CheckResult {
    let reply = context.logged_in(0)?.get(&context.descriptor().whoami.path)?;
    let is_stored = !reply.last().list("cache-control").contains("no-store");
    ensure(!is_stored, || {
        format!("the response of who-am-i to a user has {}", cache_fields(reply.last()))
    })?;
    pass("the response of who-am-i to a user is no-store")
}

/// Sends what a browser sends for a page of another site when SameSite does not prevent it.
pub(super) fn cross_site_requests_are_refused(context: &TestContext) -> CheckResult {
    let Some(state) = &context.descriptor().state else {
        return not_applicable("the descriptor would need `state`");
    };
    let mut browser = context.logged_in(0)?;
    browser.write(MARK, "own")?;
    if browser.read(MARK)?.as_deref() != Some("own") {
        return not_applicable("`state.get` does not return what `state.set` has stored");
    }
    let saved = browser.cookie_field();
    let request = state.set.fill(&context.entry(MARK, "foreign"), None);
    let mut accepted = Vec::new();
    for (variant, request) in cross_site_variants(&request) {
        context.replay_client(&saved[..]).navigate(request)?;
        if context.replay_client(&saved[..]).read(MARK)?.as_deref() == Some("foreign") {
            accepted.push(variant);
            context.replay_client(&saved[..]).write(MARK, "own")?;
        }
    }
    cross_site_verdict(&accepted, "a write")
}

pub(super) fn cross_site_logins_are_refused(context: &TestContext) -> CheckResult {
    let request = context.descriptor().login.fill(&context.account(0).values(), None);
    let mut accepted = Vec::new();
    for (variant, request) in cross_site_variants(&request) {
        let mut browser = context.browser();
        browser.navigate(request)?;
        if browser.whoami()?.is_some() {
            accepted.push(variant);
        }
    }
    cross_site_verdict(&accepted, "a login")
}

pub(super) fn tokens_are_bound_to_the_session(context: &TestContext) -> CheckResult {
    let (Some(csrf), Some(state)) = (&context.descriptor().csrf, &context.descriptor().state)
    else {
        return not_applicable("the descriptor would need `csrf`");
    };
    let token = |browser: &mut Browser| -> Result<Option<String>, ProbeError> {
        let reply = browser.get(&csrf.page)?;
        Ok(csrf.capture.find(&reply.text()).map(str::to_owned))
    };
    let mut alice = context.browser();
    let before = token(&mut alice)?.unwrap_or_default();
    alice.login(context.account(0))?;
    let mut bob = context.logged_in(1)?;
    let foreign = token(&mut bob)?.unwrap_or_default();
    for (what, token) in [("from before login", before), ("of another user", foreign)] {
        alice.write(MARK, "own")?;
        let values = context.entry(MARK, "forged");
        alice.navigate(state.set.fill(&values, Some((csrf, &token))))?;
        let read = alice.read(MARK)?;
        ensure(read.as_deref() != Some("forged"), || format!("a token {what} is accepted"))?;
    }
    pass("neither a token of another user nor one from before login is accepted")
}

pub(super) fn safe_methods_change_nothing(context: &TestContext) -> CheckResult {
    let descriptor = context.descriptor();
    let mut browser = context.logged_in(0)?;
    browser.write(MARK, "kept")?;
    let other = context.account(1).values().with("new_password", "cookiespec-probe");
    let values = other.with("key", MARK).with("value", "changed");
    let operations = &descriptor.ops;
    let templates = [
        Some(&descriptor.login),
        descriptor.state.as_ref().map(|state| &state.set),
        descriptor.error.as_ref(),
        operations.change_password.as_ref(),
        operations.step_up.as_ref(),
    ];
    for template in templates.into_iter().flatten().filter(|template| !template.is_safe()) {
        for method in ["GET", "HEAD"] {
            let request = as_query(template, &values, method);
            let shown = format!("{method} {}", request.target);
            browser.navigate(request)?;
            let (value, user) = (browser.read(MARK)?, browser.whoami()?);
            ensure(value.as_deref() == Some("kept"), || format!("{shown} writes to the session"))?;
            ensure(user.as_deref() == Some(context.identity(0)), || {
                format!("{shown} changes who is logged in")
            })?;
        }
    }
    pass("GET and HEAD of the declared requests change neither user nor data")
}

/// The request with its form in the query, as a link has it.
fn as_query(template: &RequestTemplate, values: &Values, method: &str) -> Request {
    let form = template.form.iter().flatten();
    let pairs = form.map(|(name, text)| {
        format!("{}={}", percent_encoded(name), percent_encoded(&values.fill(text, Place::Plain)))
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    let path = values.fill(&template.path, Place::Uri);
    let separator = if path.contains('?') { '&' } else { '?' };
    let target = if query.is_empty() { path } else { format!("{path}{separator}{query}") };
    Request::new(method, &target)
}

/// The request as different browsers send it for a page of another site.
fn cross_site_variants(request: &Request) -> impl Iterator<Item = (&'static str, Request)> {
    VARIANTS.iter().map(|(name, fields)| {
        let mut request = request.clone();
        for (field, value) in *fields {
            request.field(field, value);
        }
        (*name, request)
    })
}

/// Fails if the application accepts what current browsers send; the other variants are only noted.
fn cross_site_verdict(accepted: &[&'static str], what: &str) -> CheckResult {
    ensure(!accepted.contains(&VARIANTS[0].0), || {
        format!("{what} from another site, without a token, is accepted: {}", accepted.join(", "))
    })?;
    match accepted {
        [] => pass(format!("{what} from another site is refused with any header fields")),
        some => {
            pass(format!("{what} from another site is refused, but accepted {}", some.join(", ")))
        }
    }
}

/// A name and header fields.
type Variant = (&'static str, &'static [(&'static str, &'static str)]);

const VARIANTS: [Variant; 5] = [
    (
        "with Sec-Fetch-Site and Origin",
        &[
            ("Origin", "https://evil.example"),
            ("Referer", "https://evil.example/"),
            ("Sec-Fetch-Site", "cross-site"),
        ],
    ),
    ("with Sec-Fetch-Site: cross-site alone", &[("Sec-Fetch-Site", "cross-site")]),
    ("with Sec-Fetch-Site: same-site alone", &[("Sec-Fetch-Site", "same-site")]),
    ("with Origin alone", &[("Origin", "https://evil.example")]),
    ("with Origin: null alone", &[("Origin", "null")]),
];
