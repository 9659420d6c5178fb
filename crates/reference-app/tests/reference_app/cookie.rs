//! The attributes of the cookie: SM-017 to SM-031.

use cookiespec_engine::server::check_set_cookie_string;
use cookiespec_engine::set_cookie::parse;
use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile, Request, Uri};

use crate::server::Reply;
use crate::site::{ABSOLUTE, Site};
use crate::{CheckResult, checks, ensure};
use cookiespec_reference_app::mutant::Mutant;

checks! {
    "SM-017" it_is_secure,
    "SM-018" it_is_http_only,
    "SM-019" its_same_site_is_lax_or_strict,
    "SM-020" same_site_none_is_secure,
    "SM-021" its_name_has_the_host_prefix,
    "SM-022" every_prefix_keeps_its_promise,
    "SM-023" it_has_no_domain,
    "SM-024" its_path_is_the_root,
    "SM-025" it_lives_in_memory,
    "SM-026" it_ends_with_the_session,
    "SM-027" it_lasts_400_days_at_most,
    "SM-028" both_lifetimes_agree,
    "SM-029" it_is_set_once_a_response,
    "SM-030" every_field_is_grammatical,
    "SM-031" its_attributes_never_change,
}

/// A visit with everything that sets a cookie: a write, a login, a step up and a logout.
async fn visit(mutant: Option<Mutant>) -> Vec<Reply> {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    let mut replies = vec![browser.write("a", "1").await, browser.login("alice").await];
    replies.push(browser.post("/step-up", &[]).await);
    replies.push(browser.post("/logout", &[]).await);
    replies
}

/// The Set-Cookie fields that give an identifier.
async fn issued(mutant: Option<Mutant>) -> Vec<String> {
    let lines: Vec<String> = visit(mutant).await.iter().flat_map(Reply::set_cookies).collect();
    let lines: Vec<String> = lines
        .into_iter()
        .filter(|line| line.contains("session") && !line.contains("=; Expires"))
        .collect();
    assert!(!lines.is_empty(), "no session cookie is ever set");
    lines
}

fn has(line: &str, attribute: &str) -> bool {
    line.split("; ").skip(1).any(|part| part.starts_with(attribute))
}

async fn it_is_secure(mutant: Option<Mutant>) -> CheckResult {
    let all = issued(mutant).await.iter().all(|line| has(line, "Secure"));
    ensure(all, "the cookie is set without Secure")
}

async fn it_is_http_only(mutant: Option<Mutant>) -> CheckResult {
    let all = issued(mutant).await.iter().all(|line| has(line, "HttpOnly"));
    ensure(all, "the cookie is set without HttpOnly")
}

async fn its_same_site_is_lax_or_strict(mutant: Option<Mutant>) -> CheckResult {
    let stays = |line: &String| has(line, "SameSite=Lax") || has(line, "SameSite=Strict");
    ensure(issued(mutant).await.iter().all(stays), "SameSite is not Lax or Strict")
}

async fn same_site_none_is_secure(mutant: Option<Mutant>) -> CheckResult {
    let kept = |line: &String| !has(line, "SameSite=None") || has(line, "Secure");
    ensure(issued(mutant).await.iter().all(kept), "SameSite=None without Secure")
}

async fn its_name_has_the_host_prefix(mutant: Option<Mutant>) -> CheckResult {
    let all = issued(mutant).await.iter().all(|line| line.starts_with("__Host-"));
    ensure(all, "the name does not start with __Host-")
}

/// A browser drops a cookie that breaks the promise of its name, a removal included.
async fn every_prefix_keeps_its_promise(mutant: Option<Mutant>) -> CheckResult {
    let request = Request::new(Uri::parse(b"https://app.example/").unwrap());
    for line in visit(mutant).await.iter().flat_map(Reply::set_cookies) {
        let mut store = CookieStore::new(Policy::new(Profile::Rfc6265bis), NoPublicSuffixes);
        let received = store.receive(line.as_bytes(), &request, 0, &mut ());
        ensure(received.is_ok(), &format!("a browser drops {line}"))?;
    }
    Ok(())
}

async fn it_has_no_domain(mutant: Option<Mutant>) -> CheckResult {
    let any = issued(mutant).await.iter().any(|line| has(line, "Domain"));
    ensure(!any, "the cookie has a Domain")
}

async fn its_path_is_the_root(mutant: Option<Mutant>) -> CheckResult {
    let all = issued(mutant).await.iter().all(|line| line.split("; ").any(|at| at == "Path=/"));
    ensure(all, "the Path is not that of the application")
}

fn max_age(line: &str) -> Option<i64> {
    parse(line.as_bytes(), Profile::Rfc6265bis).ok()?.max_age
}

async fn it_lives_in_memory(mutant: Option<Mutant>) -> CheckResult {
    let lines = issued(mutant).await;
    let persistent = |line: &String| has(line, "Max-Age") || has(line, "Expires");
    ensure(!lines.iter().any(persistent), "the cookie survives the browser")
}

async fn it_ends_with_the_session(mutant: Option<Mutant>) -> CheckResult {
    let longest = issued(mutant).await.iter().filter_map(|line| max_age(line)).max();
    let limit = i64::try_from(ABSOLUTE).unwrap();
    ensure(longest.is_none_or(|age| age <= limit), "the cookie outlives the session")
}

async fn it_lasts_400_days_at_most(mutant: Option<Mutant>) -> CheckResult {
    let longest = issued(mutant).await.iter().filter_map(|line| max_age(line)).max();
    ensure(longest.is_none_or(|age| age <= 400 * 86_400), "the cookie lasts over 400 days")
}

async fn both_lifetimes_agree(mutant: Option<Mutant>) -> CheckResult {
    let both = issued(mutant).await;
    let any = both.iter().any(|line| has(line, "Max-Age") && has(line, "Expires"));
    ensure(!any, "the cookie has both Max-Age and Expires, which may differ")
}

async fn it_is_set_once_a_response(mutant: Option<Mutant>) -> CheckResult {
    for reply in visit(mutant).await {
        let lines = reply.set_cookies();
        let mut names: Vec<&str> = lines.iter().filter_map(|line| line.split('=').next()).collect();
        names.sort_unstable();
        let sent = names.len();
        names.dedup();
        ensure(names.len() == sent, "one response sets one name twice")?;
    }
    Ok(())
}

async fn every_field_is_grammatical(mutant: Option<Mutant>) -> CheckResult {
    for line in visit(mutant).await.iter().flat_map(Reply::set_cookies) {
        if let Err(error) = check_set_cookie_string(line.as_bytes(), Profile::Rfc6265bis) {
            return Err(format!("{line}: {error}"));
        }
    }
    Ok(())
}

async fn its_attributes_never_change(mutant: Option<Mutant>) -> CheckResult {
    let lines = issued(mutant).await;
    let attributes = |line: &String| line.split_once("; ").map(|at| at.1.to_owned());
    let first = attributes(&lines[0]);
    let all = lines.iter().all(|line| attributes(line) == first);
    ensure(all, "the attributes differ from one time to the next")
}
