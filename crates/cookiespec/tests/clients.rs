//! HTTP clients on walks, beside the cookie stores that they are made of.

mod support;

use std::collections::BTreeMap;

use serde_json::Value;
use support::cookiespec;

/// What two targets sent in the cases that both can run, by case and label; `None` where one of them
/// cannot run here.
fn sent(targets: [&str; 2]) -> Option<[BTreeMap<(String, String), Value>; 2]> {
    let list = cookiespec(&["list", "--targets"]).stdout;
    for target in targets {
        let line = list.lines().find(|line| line.split(' ').next() == Some(target)).unwrap();
        if line.contains("cannot run here") {
            println!("skipped: {line}");
            return None;
        }
    }
    let ran = cookiespec(&[&["run", "--only", "jar.*", "--format", "json"], &targets[..]].concat());
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.stderr);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["targets"][1]["name"], targets[1]);
    Some([0, 1].map(|index| headers(&document["targets"][index]["sheets"][0]["cases"])))
}

fn headers(cases: &Value) -> BTreeMap<(String, String), Value> {
    let mut headers = BTreeMap::new();
    for case in cases.as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        for (label, observation) in case["ok"]["obs"].as_object().into_iter().flatten() {
            if let Some(header) = observation.get("header") {
                headers.insert((id.to_owned(), label.clone()), header.clone());
            }
        }
    }
    headers
}

/// Cases of more requests than a navigation has, or with pauses between them: the program curl keeps
/// its cookies in a file between navigations, which has them in another order.
const SEVERAL_NAVIGATIONS: [&str; 3] = ["jar.limits.0023", "jar.order.0002", "jar.order.0007"];

/// Makes sure that a client sends on walks what its cookie store says that it would send.
fn agrees(store: &str, client: &str, least: usize) {
    let Some([alone, walked]) = sent([store, client]) else { return };
    let both: Vec<_> = walked.iter().filter(|(key, _)| alone.contains_key(key)).collect();
    assert!(both.len() >= least, "{client}: only {} observations", both.len());
    for (key, header) in both {
        if client == "client:curl" && SEVERAL_NAVIGATIONS.contains(&&*key.0) {
            continue;
        }
        assert_eq!(header, &alone[key], "{client}, {key:?}");
    }
}

#[test]
fn curl_and_libcurl_send_the_same() {
    agrees("c:libcurl", "client:libcurl", 200);
    agrees("client:libcurl", "client:curl", 200);
}

#[test]
fn tough_cookie_decides_what_the_clients_around_it_send() {
    agrees("node:fetch-cookie", "client:fetch-cookie", 200);
}
