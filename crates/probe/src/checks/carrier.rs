//! Where the identifier is accepted from: SM-011 to SM-016.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cookiespec_wire::Request;

use crate::browser::{Browser, cookie_string};
use crate::error::ProbeError;
use crate::template::percent_encoded;
use crate::test_context::{MARK, TestContext};
use crate::verdict::{Abort, CheckResult, ensure, not_applicable, pass, shown_user};

pub(super) fn id_is_accepted_from_cookies_only(context: &TestContext) -> CheckResult {
    let browser = context.logged_in(0)?;
    for (place, request) in elsewhere(context, &browser) {
        let user = whoami_by(context, request)?;
        ensure(user.is_none(), || {
            format!("a valid identifier {place}, without a cookie, is logged in")
        })?;
    }
    pass(
        "a valid identifier is accepted neither in a query, path, form or JSON nor in another field",
    )
}

/// Requests for who-am-i that carry the identifier outside of a cookie.
fn elsewhere(context: &TestContext, browser: &Browser) -> Vec<(String, Request)> {
    let path = &context.descriptor().whoami.path;
    let separator = if path.contains('?') { '&' } else { '?' };
    let mut requests = Vec::new();
    for (name, value) in context.session(browser) {
        let value = String::from_utf8_lossy(&value).into_owned();
        let name = String::from_utf8_lossy(&name).into_owned();
        let encoded = percent_encoded(&value);
        let mut names = vec![name.clone()];
        let bare = name.trim_start_matches("__Host-").trim_start_matches("__Secure-");
        names.extend(
            [bare, "session", "sid", "sessionid", "session_id", "token"].map(str::to_owned),
        );
        names.dedup();
        for name in names {
            let target = format!("{path}{separator}{}={encoded}", percent_encoded(&name));
            let query = Request::new("GET", &target);
            requests.push((format!("in the query as \"{name}\""), query));
            let mut form = Request::new("POST", path);
            form.field("Content-Type", "application/x-www-form-urlencoded");
            form.body = format!("{}={encoded}", percent_encoded(&name)).into_bytes();
            requests.push((format!("in a form as \"{name}\""), form));
        }
        let (bare_path, query) = path.split_once('?').map_or((&**path, ""), |it| it);
        let target = format!("{bare_path};{name}={encoded}?{query}");
        let parameter = Request::new("GET", target.trim_end_matches('?'));
        requests.push(("as a parameter of the path".to_owned(), parameter));
        let mut json = Request::new("POST", path);
        json.field("Content-Type", "application/json");
        json.body =
            serde_json::json!({ &name: &value, "session": &value }).to_string().into_bytes();
        requests.push(("in JSON".to_owned(), json));
        let basic = BASE64_STANDARD.encode(format!("{name}:{value}"));
        for (field, text) in [
            ("Authorization", format!("Bearer {value}")),
            ("Authorization", format!("Basic {basic}")),
            ("X-Session", value.clone()),
            ("X-Session-Id", value.clone()),
            ("X-Auth-Token", value.clone()),
        ] {
            let mut request = Request::new("GET", path);
            request.field(field, text);
            requests.push((format!("in the field {field}"), request));
        }
    }
    requests
}

fn whoami_by(context: &TestContext, request: Request) -> Result<Option<String>, ProbeError> {
    let reply = context.replay_client("").navigate(request)?;
    Ok(context.descriptor().whoami.find(&reply.text()))
}

pub(super) fn id_is_in_no_url_and_no_body(context: &TestContext) -> CheckResult {
    let mut browser = context.browser();
    let mut replies = vec![browser.login(context.account(0))?];
    let ids = context.session(&browser);
    replies.push(browser.get(&context.descriptor().whoami.path)?);
    if context.descriptor().state.is_some() {
        replies.push(browser.write(MARK, "1")?);
    }
    for (name, id) in ids.iter().filter(|(_, id)| id.len() >= DISTINCTIVE) {
        let name = name.escape_ascii();
        let is_in = |octets: &[u8]| octets.windows(id.len()).any(|part| part == id);
        for hop in replies.iter().flat_map(|reply| &reply.hops) {
            let target = hop.target.escape_debug();
            ensure(!is_in(hop.target.as_bytes()), || format!("{name} is in the URL {target}"))?;
            let mut fields = hop.response.fields.iter();
            let field = fields
                .find(|(known, value)| !known.eq_ignore_ascii_case("set-cookie") && is_in(value));
            ensure(field.is_none(), || {
                let field = field.map_or("", |(known, _)| known);
                format!("{name} is in the field {field} of the response to {target}")
            })?;
            ensure(!is_in(&hop.response.body), || {
                format!("{name} is in the content of the response to {target}")
            })?;
        }
    }
    pass("the identifier is in no URL, no content and no field but Set-Cookie")
}

pub(super) fn name_is_case_sensitive(context: &TestContext) -> CheckResult {
    let pairs = context.session(&context.logged_in(0)?);
    let flipped = |name: &[u8]| -> Vec<u8> {
        let flip = |octet: &u8| octet ^ (u8::from(octet.is_ascii_alphabetic()) << 5);
        name.iter().map(flip).collect()
    };
    let changes = [
        &|name: &[u8]| name.to_ascii_lowercase(),
        &|name: &[u8]| name.to_ascii_uppercase(),
        &flipped,
    ] as [&dyn Fn(&[u8]) -> Vec<u8>; 3];
    for change in changes {
        let changed: Vec<_> =
            pairs.iter().map(|(name, value)| (change(name), value.clone())).collect();
        if changed == pairs {
            continue;
        }
        let field = cookie_string(&changed);
        let user = context.replay_client(field.clone()).whoami()?;
        ensure(user.is_none(), || format!("Cookie: {} is logged in", field.escape_ascii()))?;
    }
    pass("a cookie whose name differs in case is not accepted")
}

/// The cookies of one user with those of another user, or with invalid ones, in both orders.
pub(super) fn duplicate_names_are_not_mixed(context: &TestContext) -> CheckResult {
    let mut alice = context.logged_in(0)?;
    let mut other = context.logged_in(1)?;
    let mut bad = context.session(&other);
    for (_, value) in &mut bad {
        value.iter_mut().for_each(|octet| *octet = b'B');
    }
    if context.descriptor().state.is_some() {
        alice.write(MARK, "of the first")?;
        other.write(MARK, "of the other")?;
    }
    let [alice, other] = [&alice, &other].map(|browser| cookie_string(&context.session(browser)));
    let bad = cookie_string(&bad);
    let mut winners = Vec::new();
    for (one, two) in [(&alice, &bad), (&bad, &alice), (&alice, &other), (&other, &alice)] {
        let joined = [&one[..], b"; ", two].concat();
        for lines in [vec![joined], vec![one.clone(), two.clone()]] {
            let shown: Vec<_> = lines.iter().map(|it| it.escape_ascii().to_string()).collect();
            let shown = shown.join("\" and \"");
            let mut client = context.replay_client_on(context.site(), lines);
            let reply = client.get(&context.descriptor().whoami.path)?;
            ensure(reply.status() < 500, || {
                format!("who-am-i with \"{shown}\" is answered with status {}", reply.status())
            })?;
            let user = context.descriptor().whoami.find(&reply.text());
            ensure_one_session(context, &mut client, user.as_deref(), &shown)?;
            winners.push(user);
        }
    }
    let who = |user: &Option<String>| user.clone().unwrap_or_else(|| "nobody".to_owned());
    let first = [&winners[0], &winners[2]].map(who);
    pass(format!(
        "no mixture; a valid cookie before an invalid one: {}; after it: {}",
        first[0], first[1]
    ))
}

/// Fails if user and data belong to different sessions.
fn ensure_one_session(
    context: &TestContext,
    client: &mut Browser,
    user: Option<&str>,
    shown: &str,
) -> Result<(), Abort> {
    if context.descriptor().state.is_none() || context.descriptor().accounts.len() < 2 {
        return Ok(());
    }
    let mark = client.read(MARK)?;
    let owner = match mark.as_deref() {
        Some("of the first") => Some(context.identity(0)),
        Some("of the other") => Some(context.identity(1)),
        _ => None,
    };
    ensure(user == owner, || {
        let (user, owner) = (shown_user(user), shown_user(owner));
        format!("with \"{shown}\" the user is {user} and the data is that of {owner}")
    })
}

pub(super) fn several_cookies_are_bound(context: &TestContext) -> CheckResult {
    if context.session_info().names.len() < 2 {
        return not_applicable("the session has only one cookie");
    }
    let [alice, bob] =
        [context.logged_in(0)?, context.logged_in(1)?].map(|it| context.session(&it));
    for at in 0..alice.len().min(bob.len()) {
        let mut spliced = alice.clone();
        spliced[at] = bob[at].clone();
        let user = context.replay_client(cookie_string(&spliced)).whoami()?;
        ensure(user.is_none(), || {
            let name = spliced[at].0.escape_ascii();
            let user = shown_user(user.as_deref());
            format!("with {name} of another user the session is that of {user}")
        })?;
    }
    pass("a cookie of another user's session is not accepted in place of one's own")
}

pub(super) fn unknown_cookies_change_nothing(context: &TestContext) -> CheckResult {
    let saved = cookie_string(&context.session(&context.logged_in(0)?));
    let long = [b"n=".to_vec(), vec![b'x'; 4_000]].concat();
    let extras: [&[u8]; 6] =
        [b"a=b", b"a=\"1", b"a=\"b c\"", b"id", b"a=b=c; d=; e={\"f\":1}", &long];
    for extra in extras {
        for parts in [[extra, &saved], [&saved, extra]] {
            let field = parts.join(&b"; "[..]);
            let user = context.replay_client(field).whoami()?;
            ensure(user.as_deref() == Some(context.identity(0)), || {
                let extra = extra[..extra.len().min(20)].escape_ascii();
                let user = shown_user(user.as_deref());
                format!("with the additional cookie {extra} the session is that of {user}")
            })?;
        }
    }
    pass("the session is the same with other cookies, unusual and long ones included")
}

/// The length from which values do not occur by chance.
const DISTINCTIVE: usize = 8;
