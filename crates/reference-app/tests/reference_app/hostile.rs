//! Integrity and hostile input: SM-077 to SM-086.

use axum::http::HeaderValue;

use crate::site::Site;
use crate::{CheckResult, checks, ensure};
use cookiespec_reference_app::mutant::Mutant;

checks! {
    "SM-077" every_changed_octet_is_refused,
    "SM-079" hostile_cookies_are_no_errors_when_reading,
    "SM-080" hostile_cookies_are_no_errors_when_writing,
    "SM-081" too_many_cookies_are_refused_and_forgotten,
    "SM-085" too_much_state_is_refused,
    "SM-086" any_text_is_read_back_equal,
}

async fn every_changed_octet_is_refused(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let saved = site.logged_in("alice").await.saved();
    let start = saved.iter().position(|&octet| octet == b'=').unwrap() + 1;
    let end = saved.iter().position(|&octet| octet == b';').unwrap_or(saved.len());
    for at in start..end {
        for octet in *b"Aa0_." {
            let mut changed = saved.clone();
            changed[at] = octet;
            if changed != saved {
                let user = site.get("/whoami", &changed).await.user();
                ensure(user.is_none(), "a changed identifier is logged in")?;
            }
        }
    }
    Ok(())
}

/// Cookie fields that no browser sends, as far as HTTP can carry them.
fn hostile() -> Vec<Vec<u8>> {
    let long = "A".repeat(8_192);
    let values: Vec<Vec<u8>> = [
        "",
        "=",
        "\"",
        "\"\"",
        "\t",
        "' OR '1'='1",
        "../../etc/passwd",
        "%00%0d%0a",
        "{}",
        "null",
        "-1",
        "é",
        "\u{FFFD}",
        &long,
        &"_".repeat(32),
        &"-".repeat(31),
        &"A".repeat(33),
    ]
    .iter()
    .map(|value| value.as_bytes().to_vec())
    .chain([vec![0xFF, 0xFE], vec![0x80; 32], (0x80..=0xFF).collect()])
    .collect();
    let field = |value: &Vec<u8>| [b"__Host-session=", &value[..]].concat();
    values.iter().map(field).chain(values.iter().cloned()).collect()
}

async fn hostile_cookies_are_no_errors_when_reading(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    for cookie in hostile() {
        if HeaderValue::from_bytes(&cookie).is_err() {
            continue;
        }
        for path in ["/whoami", "/state?key=a", "/colour", "/"] {
            let reply = site.get(path, &cookie).await;
            let shown = cookie.escape_ascii().to_string();
            ensure(reply.status < 500, &format!("{path} with {shown} is a server error"))?;
            ensure(reply.user().is_none(), &format!("{shown} is logged in"))?;
        }
    }
    Ok(())
}

async fn hostile_cookies_are_no_errors_when_writing(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    for cookie in hostile() {
        let reply = site.post("/state", &[("key", "a"), ("value", "1")], &cookie).await;
        let shown = cookie.escape_ascii().to_string();
        ensure(reply.status < 500, &format!("writing with {shown} is a server error"))?;
    }
    Ok(())
}

async fn too_many_cookies_are_refused_and_forgotten(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let saved = site.logged_in("alice").await.saved();
    for kilobytes in [8, 16, 64] {
        let flood = [&saved, &b"; n="[..], &vec![b'x'; kilobytes * 1_024]].concat();
        let status = site.get("/whoami", &flood).await.status;
        ensure(status < 500, "a large Cookie field is a server error")?;
        ensure(kilobytes < 64 || status == 431, "64 KiB of cookies are not refused")?;
    }
    let user = site.get("/whoami", &saved).await.user();
    ensure(user.as_deref() == Some("alice"), "the next request fails")
}

async fn too_much_state_is_refused(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    for octets in [9_000, 70_000] {
        let value = "x".repeat(octets);
        let status = browser.write("large", &value).await.status;
        let read = browser.read("large").await;
        let kept = read.as_ref() == Some(&value);
        ensure(kept || status == 413, "state is lost without an error")?;
    }
    Ok(())
}

async fn any_text_is_read_back_equal(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.browser();
    for value in ["", " ", "\0\r\n\t", "a;b=c,\"d\\", "日本 é", "9223372036854775807", "\u{10FFFF}"]
    {
        let status = browser.write("a", value).await.status;
        ensure(status == 204, "a value is refused")?;
        ensure(browser.read("a").await.as_deref() == Some(value), "a value comes back changed")?;
    }
    Ok(())
}
