//! What carries the identifier: SM-011 to SM-016.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cookiespec_wire::Request;

use crate::bench::{Bench, MARK};
use crate::browser::{Browser, cookie_string};
use crate::check::{Check, Level, Need, a4, a5, cs, own, rfc, wstg};
use crate::template::percent_encoded;
use crate::trouble::Trouble;
use crate::verdict::{Checked, ensure, not_applicable, pass};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-011",
        title: "the id is accepted only from the Cookie header",
        sources: &[cs(), a4("3.1.1", 1), a5("14.2.1", 1), wstg("04")],
        needs: &[],
        run: id_counts_in_cookies_alone,
    },
    Check {
        id: "SM-012",
        title: "the id never appears in a URL, Location or body",
        sources: &[a5("3.3.4", 2), a5("14.2.1", 1)],
        needs: &[],
        run: id_is_in_no_url_and_no_body,
    },
    Check {
        id: "SM-013",
        title: "the cookie name is matched case-sensitively",
        sources: &[rfc("4.1.1", Level::Shall)],
        needs: &[],
        run: name_is_case_sensitive,
    },
    Check {
        id: "SM-014",
        title: "two cookies of the session's name never give a mixture or a 5xx; which one wins is recorded",
        sources: &[rfc("4.2.2", Level::Should), cs()],
        needs: &[],
        run: two_cookies_make_no_mixture,
    },
    Check {
        id: "SM-015",
        title: "when several cookies make the session, each is verified and they are bound together",
        sources: &[cs()],
        needs: &[Need::SecondAccount],
        run: several_cookies_are_bound,
    },
    Check {
        id: "SM-016",
        title: "an unknown cookie beside the session cookie changes nothing",
        sources: &[own()],
        needs: &[],
        run: other_cookies_change_nothing,
    },
];

fn id_counts_in_cookies_alone(bench: &Bench) -> Checked {
    let browser = bench.logged_in(0)?;
    for (place, request) in elsewhere(bench, &browser) {
        let user = whoami_by(bench, request)?;
        ensure(user.is_none(), || {
            format!("a live identifier {place}, without any cookie, is logged in")
        })?;
    }
    pass("a live identifier counts neither in a query, path, form or JSON nor in another field")
}

/// Requests for who-am-i that carry the identifier anywhere but in a cookie.
fn elsewhere(bench: &Bench, browser: &Browser) -> Vec<(String, Request)> {
    let path = &bench.descriptor().whoami.path;
    let joint = if path.contains('?') { '&' } else { '?' };
    let mut requests = Vec::new();
    for (name, value) in bench.session(browser) {
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
            let target = format!("{path}{joint}{}={encoded}", percent_encoded(&name));
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

fn whoami_by(bench: &Bench, request: Request) -> Result<Option<String>, Trouble> {
    let reply = bench.saved("").navigate(request)?;
    Ok(bench.descriptor().whoami.find(&reply.text()))
}

fn id_is_in_no_url_and_no_body(bench: &Bench) -> Checked {
    let mut browser = bench.browser();
    let mut replies = vec![browser.login(bench.account(0))?];
    let ids = bench.session(&browser);
    replies.push(browser.get(&bench.descriptor().whoami.path)?);
    if bench.descriptor().state.is_some() {
        replies.push(browser.write(MARK, "1")?);
    }
    for (name, id) in ids.iter().filter(|(_, id)| id.len() >= TELLING) {
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
                format!("{name} is in the field {field} of the answer to {target}")
            })?;
            ensure(!is_in(&hop.response.body), || {
                format!("{name} is in the content of the answer to {target}")
            })?;
        }
    }
    pass("the identifier is in no URL, no content and no field but Set-Cookie")
}

fn name_is_case_sensitive(bench: &Bench) -> Checked {
    let pairs = bench.session(&bench.logged_in(0)?);
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
        let user = bench.saved(field.clone()).whoami()?;
        ensure(user.is_none(), || format!("Cookie: {} is logged in", field.escape_ascii()))?;
    }
    pass("a cookie whose name has other letters does not count")
}

/// Alice's cookies with somebody else's, or with worthless ones, in both orders.
fn two_cookies_make_no_mixture(bench: &Bench) -> Checked {
    let mut alice = bench.logged_in(0)?;
    let mut other = bench.logged_in(1)?;
    let mut bad = bench.session(&other);
    for (_, value) in &mut bad {
        value.iter_mut().for_each(|octet| *octet = b'B');
    }
    if bench.descriptor().state.is_some() {
        alice.write(MARK, "of the first")?;
        other.write(MARK, "of the other")?;
    }
    let [alice, other] = [&alice, &other].map(|browser| cookie_string(&bench.session(browser)));
    let bad = cookie_string(&bad);
    let mut winners = Vec::new();
    for (one, two) in [(&alice, &bad), (&bad, &alice), (&alice, &other), (&other, &alice)] {
        let joined = [&one[..], b"; ", two].concat();
        for lines in [vec![joined], vec![one.clone(), two.clone()]] {
            let shown: Vec<_> = lines.iter().map(|it| it.escape_ascii().to_string()).collect();
            let shown = shown.join("\" and \"");
            let mut client = bench.saved_on(bench.site(), lines);
            let reply = client.get(&bench.descriptor().whoami.path)?;
            ensure(reply.status() < 500, || {
                format!("who-am-i with \"{shown}\" is answered by status {}", reply.status())
            })?;
            let user = bench.descriptor().whoami.find(&reply.text());
            mixture(bench, &mut client, user.as_deref(), &shown)?;
            winners.push(user);
        }
    }
    let who = |user: &Option<String>| user.clone().unwrap_or_else(|| "nobody".to_owned());
    let first = [&winners[0], &winners[2]].map(who);
    pass(format!(
        "no mixture; a good cookie before a bad one: {}; after it: {}",
        first[0], first[1]
    ))
}

/// The user and the data have to be of one session.
fn mixture(
    bench: &Bench,
    client: &mut Browser,
    user: Option<&str>,
    shown: &str,
) -> Result<(), crate::verdict::Halt> {
    if bench.descriptor().state.is_none() || bench.descriptor().accounts.len() < 2 {
        return Ok(());
    }
    let mark = client.read(MARK)?;
    let owner = match mark.as_deref() {
        Some("of the first") => Some(bench.identity(0)),
        Some("of the other") => Some(bench.identity(1)),
        _ => None,
    };
    ensure(user == owner, || {
        format!("with \"{shown}\" the user is {user:?} and the data is that of {owner:?}")
    })
}

fn several_cookies_are_bound(bench: &Bench) -> Checked {
    if bench.found().names.len() < 2 {
        return not_applicable("one cookie alone makes the session");
    }
    let [alice, bob] = [bench.logged_in(0)?, bench.logged_in(1)?].map(|it| bench.session(&it));
    for at in 0..alice.len().min(bob.len()) {
        let mut spliced = alice.clone();
        spliced[at] = bob[at].clone();
        let user = bench.saved(cookie_string(&spliced)).whoami()?;
        ensure(user.is_none(), || {
            let name = spliced[at].0.escape_ascii();
            format!("with {name} of another user the session is that of {user:?}")
        })?;
    }
    pass("no cookie of another user's session takes the place of one's own")
}

fn other_cookies_change_nothing(bench: &Bench) -> Checked {
    let saved = cookie_string(&bench.session(&bench.logged_in(0)?));
    let long = [b"n=".to_vec(), vec![b'x'; 4_000]].concat();
    let noises: [&[u8]; 6] =
        [b"a=b", b"a=\"1", b"a=\"b c\"", b"id", b"a=b=c; d=; e={\"f\":1}", &long];
    for noise in noises {
        for parts in [[noise, &saved], [&saved, noise]] {
            let field = parts.join(&b"; "[..]);
            let user = bench.saved(field).whoami()?;
            ensure(user.as_deref() == Some(bench.identity(0)), || {
                let noise = noise[..noise.len().min(20)].escape_ascii();
                format!("with the cookie {noise} beside it, the session is that of {user:?}")
            })?;
        }
    }
    pass("the session is the same beside other cookies, odd and long ones")
}

/// Shorter values are found everywhere by chance.
const TELLING: usize = 8;
