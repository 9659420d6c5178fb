//! Caching and CSRF: SM-101 to SM-107.

mod foreign;

use cookiespec_wire::{Request, Response};

use crate::bench::{Bench, MARK};
use crate::browser::Browser;
use crate::check::{Check, Level, Need, a4, a5, cs, cve, dj, nist, own, wstg};
use crate::descriptor::RequestTemplate;
use crate::template::{Place, Values, percent_encoded};
use crate::trouble::Trouble;
use crate::verdict::{Checked, ensure, not_applicable, pass};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-101",
        title: "a response that sets or refreshes the session cookie has Vary: Cookie, or no-store/private",
        sources: &[cs(), wstg("04"), cve("2026-35192"), cve("2026-48588")],
        needs: &[],
        run: cookies_come_with_a_word_to_caches,
    },
    Check {
        id: "SM-102",
        title: "a response that depends on the session varies on Cookie or is private",
        sources: &[dj(), own()],
        needs: &[],
        run: answers_that_depend_on_the_session_say_so,
    },
    Check {
        id: "SM-103",
        title: "pages for logged-in users are no-store",
        sources: &[a5("14.3.2", 2), a4("3.3.1", 1), cs()],
        needs: &[],
        run: pages_of_users_are_not_stored,
    },
    Check {
        id: "SM-104",
        title: "a cross-site unsafe request without token is refused (beyond SameSite)",
        sources: &[a5("3.5.1", 1), nist("5.1", Level::Shall), wstg("05")],
        needs: &[Need::State],
        run: foreign_requests_are_refused,
    },
    Check {
        id: "SM-105",
        title: "the CSRF token is bound to the session and changes at login",
        sources: &[own(), dj()],
        needs: &[Need::SecondAccount, Need::Csrf, Need::State],
        run: tokens_are_bound_to_the_session,
    },
    Check {
        id: "SM-106",
        title: "the login request itself is protected (login CSRF)",
        sources: &[cs(), own()],
        needs: &[],
        run: foreign_logins_are_refused,
    },
    Check {
        id: "SM-107",
        title: "safe methods change no session state",
        sources: &[a5("3.5.3", 1)],
        needs: &[Need::State],
        run: safe_methods_change_nothing,
    },
];

fn cookies_come_with_a_word_to_caches(bench: &Bench) -> Checked {
    let mut replies = bench.visit(bench.site())?;
    let mut user = bench.logged_in(0)?;
    // A page that does not use the session may refresh its cookie all the same.
    for page in [&bench.descriptor().public, &bench.descriptor().stateless].into_iter().flatten() {
        replies.push(user.get(&page.path)?);
    }
    let mut count = 0;
    for hop in replies.iter().flat_map(|reply| &reply.hops) {
        let sets = |line: &[u8]| {
            let name = line.split(|&octet| octet == b'=').next().unwrap_or_default();
            bench.found().names.contains(name.trim_ascii())
        };
        if !hop.response.all("set-cookie").any(sets) {
            continue;
        }
        count += 1;
        ensure(is_kept_apart(&hop.response), || {
            format!(
                "the answer to {} sets the session cookie, with {}",
                hop.target,
                said(&hop.response)
            )
        })?;
    }
    pass(format!("{count} answers set the cookie, and none may be kept for others"))
}

fn answers_that_depend_on_the_session_say_so(bench: &Bench) -> Checked {
    let path = &bench.descriptor().whoami.path;
    for (who, mut browser) in [("nobody", bench.browser()), ("a user", bench.logged_in(0)?)] {
        for response in browser.get(path)?.responses() {
            ensure(is_kept_apart(response), || {
                format!("the answer of who-am-i to {who} comes with {}", said(response))
            })?;
        }
    }
    pass("who-am-i varies on Cookie, or is private")
}

/// May no cache hand the response out to others (RFC 9111 section 4.1 and 5.2.2)?
fn is_kept_apart(response: &Response) -> bool {
    let has = |name: &str, words: &[&str]| {
        let list = response.list(name);
        list.split(',')
            .any(|item| words.contains(&item.trim().split('=').next().unwrap_or_default()))
    };
    has("vary", &["cookie", "*"]) || has("cache-control", &["no-store", "private"])
}

fn said(response: &Response) -> String {
    let field = |name: &str| match response.list(name) {
        list if list.is_empty() => format!("no {name}"),
        list => format!("{name}: {list}"),
    };
    format!("{} and {}", field("Vary"), field("Cache-Control"))
}

fn pages_of_users_are_not_stored(bench: &Bench) -> Checked {
    let reply = bench.logged_in(0)?.get(&bench.descriptor().whoami.path)?;
    let is_stored = !reply.last().list("cache-control").contains("no-store");
    ensure(!is_stored, || {
        format!("the answer of who-am-i to a user comes with {}", said(reply.last()))
    })?;
    pass("who-am-i of a user is no-store")
}

/// What a page of another site makes a browser send, unless SameSite keeps it from doing so.
fn foreign_requests_are_refused(bench: &Bench) -> Checked {
    let Some(state) = &bench.descriptor().state else { return not_applicable("no state") };
    let mut browser = bench.logged_in(0)?;
    browser.write(MARK, "own")?;
    if browser.read(MARK)?.as_deref() != Some("own") {
        return not_applicable("`state` does not read back what it has written");
    }
    let saved = browser.field();
    let request = state.set.fill(&bench.entry(MARK, "foreign"), None);
    let mut obeyed = Vec::new();
    for (said, request) in foreign::requests(&request) {
        bench.saved(&saved[..]).navigate(request)?;
        if bench.saved(&saved[..]).read(MARK)?.as_deref() == Some("foreign") {
            obeyed.push(said);
            bench.saved(&saved[..]).write(MARK, "own")?;
        }
    }
    foreign::verdict(&obeyed, "a write")
}

fn foreign_logins_are_refused(bench: &Bench) -> Checked {
    let request = bench.descriptor().login.fill(&bench.account(0).values(), None);
    let mut obeyed = Vec::new();
    for (said, request) in foreign::requests(&request) {
        let mut browser = bench.browser();
        browser.navigate(request)?;
        if browser.whoami()?.is_some() {
            obeyed.push(said);
        }
    }
    foreign::verdict(&obeyed, "a login")
}

fn tokens_are_bound_to_the_session(bench: &Bench) -> Checked {
    let (Some(csrf), Some(state)) = (&bench.descriptor().csrf, &bench.descriptor().state) else {
        return not_applicable("no csrf");
    };
    let token = |browser: &mut Browser| -> Result<Option<String>, Trouble> {
        let reply = browser.get(&csrf.page)?;
        Ok(csrf.capture.find(&reply.text()).map(str::to_owned))
    };
    let mut alice = bench.browser();
    let before = token(&mut alice)?.unwrap_or_default();
    alice.login(bench.account(0))?;
    let mut bob = bench.logged_in(1)?;
    let foreign = token(&mut bob)?.unwrap_or_default();
    for (what, token) in [("from before login", before), ("of another user", foreign)] {
        alice.write(MARK, "own")?;
        let values = bench.entry(MARK, "forged");
        alice.navigate(state.set.fill(&values, Some((csrf, &token))))?;
        let read = alice.read(MARK)?;
        ensure(read.as_deref() != Some("forged"), || format!("a token {what} is accepted"))?;
    }
    pass("neither a token of another user nor one from before login is accepted")
}

fn safe_methods_change_nothing(bench: &Bench) -> Checked {
    let descriptor = bench.descriptor();
    let mut browser = bench.logged_in(0)?;
    browser.write(MARK, "kept")?;
    let other = bench.account(1).values().with("new_password", "cookiespec-probe");
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
            ensure(user.as_deref() == Some(bench.identity(0)), || {
                format!("{shown} changes who is logged in")
            })?;
        }
    }
    pass("GET and HEAD of the declared requests change neither user nor data")
}

/// The request as a link: its form in the query.
fn as_query(template: &RequestTemplate, values: &Values, method: &str) -> Request {
    let form = template.form.iter().flatten();
    let pairs = form.map(|(name, text)| {
        format!("{}={}", percent_encoded(name), percent_encoded(&values.fill(text, Place::Plain)))
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    let path = values.fill(&template.path, Place::Uri);
    let joint = if path.contains('?') { '&' } else { '?' };
    let target = if query.is_empty() { path } else { format!("{path}{joint}{query}") };
    Request::new(method, &target)
}
