//! The identifier: SM-001 to SM-010.

use std::collections::HashSet;

use base64::Engine;
use base64::prelude::{BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};

use crate::site::Site;
use crate::{CheckResult, checks, ensure};
use cookiespec_reference_app::mutant::Mutant;

checks! {
    "SM-001" many_sessions_have_many_ids,
    "SM-002" an_id_has_128_bits,
    "SM-003" an_id_has_64_bits,
    "SM-004" no_part_is_static_or_counts,
    "SM-006" nothing_tells_who_the_user_is,
    "SM-007" the_name_is_no_frameworks_default,
    "SM-008" the_value_is_made_of_cookie_octets,
    "SM-009" the_cookie_stays_small,
    "SM-010" each_login_makes_a_token,
}

async fn ids(mutant: Option<Mutant>, count: usize) -> Vec<String> {
    let site = Site::new(mutant);
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(site.logged_in("alice").await.id());
    }
    ids
}

async fn many_sessions_have_many_ids(mutant: Option<Mutant>) -> CheckResult {
    let ids = ids(mutant, 300).await;
    let different: HashSet<_> = ids.iter().collect();
    ensure(different.len() == ids.len(), "two sessions have one identifier")
}

/// An upper bound of the entropy: positions that vary, times the bits of their alphabet.
fn bits(ids: &[String]) -> f64 {
    let position =
        |at: usize| ids.iter().map(|id| id.as_bytes().get(at)).collect::<HashSet<_>>().len() > 1;
    let varying = (0..ids[0].len()).filter(|at| position(*at)).count();
    let alphabet: HashSet<u8> = ids.iter().flat_map(|id| id.bytes()).collect();
    varying as f64 * (alphabet.len() as f64).log2()
}

async fn an_id_has_128_bits(mutant: Option<Mutant>) -> CheckResult {
    ensure(bits(&ids(mutant, 100).await) >= 128.0, "fewer than 128 bits")
}

async fn an_id_has_64_bits(mutant: Option<Mutant>) -> CheckResult {
    ensure(bits(&ids(mutant, 100).await) >= 64.0, "fewer than 64 bits")
}

/// Octets of consecutive ids vary at every position, and ids increase as often as they decrease.
async fn no_part_is_static_or_counts(mutant: Option<Mutant>) -> CheckResult {
    let ids = ids(mutant, 300).await;
    let ups = ids.windows(2).filter(|pair| pair[0] < pair[1]).count();
    let is_static = |at: usize| {
        let mut octets = ids.iter().map(|id| id.as_bytes()[at]);
        let first = octets.next();
        octets.all(|octet| Some(octet) == first)
    };
    ensure((90..210).contains(&ups), "identifiers made later are larger")?;
    ensure(!(0..ids[0].len()).any(is_static), "a part of the identifier is always the same")
}

async fn nothing_tells_who_the_user_is(mutant: Option<Mutant>) -> CheckResult {
    let saved = Site::new(mutant).logged_in("alice").await.saved();
    let text = String::from_utf8(saved).unwrap();
    for part in text.split(['=', ';', ' ']) {
        let decoded = [BASE64_URL_SAFE.decode(part), BASE64_URL_SAFE_NO_PAD.decode(part)];
        let has_name = decoded.into_iter().flatten().any(|octets| octets == b"alice");
        ensure(!has_name && !part.contains("alice"), "a cookie holds the user's name")?;
    }
    Ok(())
}

async fn the_name_is_no_frameworks_default(mutant: Option<Mutant>) -> CheckResult {
    let saved = Site::new(mutant).logged_in("alice").await.saved();
    let known = ["sessionid", "PHPSESSID", "JSESSIONID", "connect.sid", "id", "session_id"];
    let default = known.iter().any(|name| saved.starts_with(format!("{name}=").as_bytes()));
    ensure(!default, "the name is that of a well-known framework")
}

async fn the_value_is_made_of_cookie_octets(mutant: Option<Mutant>) -> CheckResult {
    let id = Site::new(mutant).logged_in("alice").await.id();
    let legal = |octet: u8| octet.is_ascii_graphic() && !b"\",;\\".contains(&octet);
    ensure(!id.is_empty() && id.bytes().all(legal), "the value is not made of cookie-octets")
}

async fn the_cookie_stays_small(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let mut browser = site.logged_in("alice").await;
    browser.write("large", &"x".repeat(20_000)).await;
    ensure(browser.saved().len() <= 4_096, "the cookie grows with the session")
}

async fn each_login_makes_a_token(mutant: Option<Mutant>) -> CheckResult {
    let site = Site::new(mutant);
    let (one, other) = (site.logged_in("alice").await.id(), site.logged_in("alice").await.id());
    ensure(one != other, "two logins of one user give the same token")
}
