//! Where the identifier is accepted from and sent to: SM-011 to SM-016.

use axum::http::Method;
use axum::http::header::{AUTHORIZATION, HeaderValue};

use crate::site::{Site, request};
use crate::{CheckResult, checks, ensure};
use cookiespec_reference_app::mutant::Mutant;

checks! {
    "SM-011" the_id_counts_in_a_cookie_alone,
    "SM-012" the_id_is_in_no_url_and_no_body,
    "SM-013" the_name_is_case_sensitive,
    "SM-014" two_cookies_make_no_mixture,
    "SM-016" other_cookies_change_nothing,
}

async fn the_id_counts_in_a_cookie_alone(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let id = site.logged_in("alice").await.id();
    for path in [format!("/whoami?session={id}"), format!("/whoami?__Host-session={id}")] {
        let reply = site.get(&path, b"").await;
        ensure(reply.user().is_none(), "an identifier in the query is accepted")?;
    }
    let mut bearer = request(Method::GET, "/whoami", &[], None);
    bearer
        .headers_mut()
        .insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {id}")).unwrap());
    bearer.headers_mut().insert("x-session", HeaderValue::from_str(&id).unwrap());
    let reply = site.answer(bearer).await;
    ensure(reply.user().is_none(), "an identifier in another header field is accepted")
}

async fn the_id_is_in_no_url_and_no_body(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    let login = browser.login("alice").await;
    let id = browser.id();
    for reply in [login, browser.get("/whoami").await, browser.write("a", "1").await] {
        ensure(!reply.body.contains(&id), "the identifier is in a body")?;
        ensure(!reply.header("location").contains(&id), "the identifier is in a Location")?;
    }
    Ok(())
}

async fn the_name_is_case_sensitive(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let saved = String::from_utf8(site.logged_in("alice").await.saved()).unwrap();
    let (name, rest) = saved.split_once('=').unwrap();
    for name in [name.to_ascii_lowercase(), name.to_ascii_uppercase()] {
        if !saved.starts_with(&name) {
            let reply = site.get("/whoami", format!("{name}={rest}").as_bytes()).await;
            ensure(reply.user().is_none(), "the name counts in another case")?;
        }
    }
    Ok(())
}

async fn two_cookies_make_no_mixture(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut alice = site.logged_in("alice").await;
    alice.write("mark", "of alice").await;
    let saved = String::from_utf8(alice.saved()).unwrap();
    let name = saved.split('=').next().unwrap();
    let bad = format!("{name}={}", "B".repeat(32));
    for field in [format!("{saved}; {bad}"), format!("{bad}; {saved}")] {
        let whoami = site.get("/whoami", field.as_bytes()).await;
        let state = site.get("/state?key=mark", field.as_bytes()).await;
        ensure(whoami.status < 500 && state.status < 500, "two cookies are a server error")?;
        let same = whoami.user().is_some() == state.value().is_some();
        ensure(same, "the user is of one session and the state of another")?;
    }
    Ok(())
}

async fn other_cookies_change_nothing(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let saved = site.logged_in("alice").await.saved();
    let long = [b"n=".to_vec(), vec![b'x'; 8_000]].concat();
    for noise in [&b"a=\"1"[..], b"; ;=;", b"\x01=\x7f", b"sessionid=1; id", &long] {
        // Control characters cannot be sent in a field; everything else can.
        let noise: Vec<u8> =
            noise.iter().copied().filter(|octet| !octet.is_ascii_control()).collect();
        for field in [[&noise, &b"; "[..], &saved].concat(), [&saved, &b"; "[..], &noise].concat()]
        {
            let user = site.get("/whoami", &field).await.user();
            ensure(user.as_deref() == Some("alice"), "a cookie beside it hides the session")?;
        }
    }
    Ok(())
}
