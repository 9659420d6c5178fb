//! Every explained step names the cookie, the attribute or the condition that decided.

use cookiespec_vectors::operation::{JarProgram, Operation};
use cookiespec_vectors::reference::{explain, explain_in_detail};
use cookiespec_vectors::{Profile, Suite};
use serde_json::{Value, json};

/// The details of the steps of a program, each with its place.
fn details(profile: Profile, steps: Value) -> Vec<String> {
    let program = json!({ "now": 1_767_571_200, "steps": steps });
    let program: JarProgram = serde_json::from_value(program).unwrap();
    let (_, explanations) = explain_in_detail(profile, &Operation::Jar(program));
    let steps = explanations.into_iter().flat_map(|explanation| explanation.steps);
    let place = |place: Option<_>| {
        place.map_or_else(String::new, |place: cookiespec_engine::trace::Reference| {
            place.to_string()
        })
    };
    steps.map(|step| format!("{} ({})", step.detail, place(step.place))).collect()
}

fn receive(uri: &str, line: &str) -> Value {
    json!({ "do": "receive", "uri": uri, "set_cookie": [line] })
}

fn send(uri: &str) -> Value {
    json!({ "do": "send", "at": "sent", "uri": uri })
}

/// Whether a step of the program under 6265bis has exactly this detail.
#[track_caller]
fn assert_explained(steps: Value, wanted: &str) {
    let found = details(Profile::Rfc6265bis, steps);
    assert!(found.iter().any(|detail| detail == wanted), "{wanted}\n{found:#?}");
}

const SITE: &str = "https://site.example/";

#[test]
fn an_attribute_is_named_with_its_value() {
    for (line, wanted) in [
        ("a=b; max-age=0", "max-age=0 (section 5.6.2 step 8)"),
        ("a=b; Max-Age=1x", "Max-Age=1x (section 5.6.2 step 3)"),
        ("a=b; Colour=red", "Colour=red (section 5.6 step 7)"),
        (
            "a=b; Expires=Wed, 01 Jul 2026 00:00:00 GMT",
            "\"Expires=Wed, 01 Jul 2026 00:00:00 GMT\" (section 5.6.1 step 6)",
        ),
        (
            "a=b; Expires=1-jul-26 0:0:0",
            "\"Expires=1-jul-26 0:0:0\", which is Wed, 01 Jul 2026 00:00:00 GMT (section 5.6.1 step 6)",
        ),
        ("a=b; Path=x", "Path=x, and / is the default-path of / (section 5.6.4 step 1)"),
        ("a=\u{1b}", "octet 0x1b at offset 2 (section 5.6 step 1)"),
        (
            "a=b; Max-Age=60",
            "a has Max-Age=60, until Mon, 05 Jan 2026 00:01:00 GMT (section 5.7 step 6)",
        ),
    ] {
        assert_explained(json!([receive(SITE, line)]), wanted);
    }
}

#[test]
fn the_default_path_is_shown() {
    assert_explained(
        json!([receive("https://site.example/a/b?c", "a=b")]),
        "a has path /a, the default-path of /a/b (section 5.7 step 11)",
    );
    assert_explained(
        json!([receive("https://site.example/a/b", "a=b")]),
        "a=b, domain site.example, host-only, path /a (section 5.7 step 24)",
    );
    assert_explained(json!([receive(SITE, "a=b; Path=/x")]), "a has path /x (section 5.7 step 11)");
}

#[test]
fn every_condition_of_a_prefix_that_is_not_met_is_named() {
    for (line, wanted) in [
        ("__Host-a=b; Secure", "__Host-a: Path=/ is missing"),
        ("__Host-a=b; Path=/", "__Host-a: Secure is missing"),
        ("__Host-a=b; Secure; Path=/a", "__Host-a: the path is /a and not /"),
        (
            "__Host-a=b; Secure; Path=/; Domain=site.example",
            "__Host-a: Domain=site.example is there",
        ),
        (
            "__Host-a=b; Domain=site.example",
            "__Host-a: Secure is missing, Domain=site.example is there, Path=/ is missing",
        ),
    ] {
        assert_explained(json!([receive(SITE, line)]), &format!("{wanted} (section 5.7 step 21)"));
    }
    assert_explained(
        json!([receive(SITE, "__Secure-a=b")]),
        "__Secure-a: Secure is missing (section 5.7 step 20)",
    );
}

#[test]
fn a_port_in_domain_does_not_domain_match() {
    let steps = json!([receive("http://localhost:3000/", "a=b; Domain=localhost:3000")]);
    let wanted = "a: localhost does not domain-match localhost:3000";
    assert_explained(steps.clone(), &format!("{wanted} (section 5.7 step 10)"));
    let old = details(Profile::Rfc6265, steps);
    assert!(old.contains(&format!("{wanted} (section 5.3 step 6)")), "{old:#?}");
}

#[test]
fn a_cookie_that_is_not_sent_says_why() {
    let cross_site = json!({ "same_site": false });
    let post = json!({ "same_site": false, "method": "POST" });
    let from =
        |context: &Value| json!({ "do": "send", "at": "sent", "uri": SITE, "context": context });
    let other = |uri: &str| send(uri);
    for (line, next, wanted) in [
        (
            "a=b",
            vec![other("https://www.site.example/")],
            "a: host-only for site.example, and the request-host is www.site.example",
        ),
        (
            "a=b; Domain=site.example",
            vec![other("https://other.example/")],
            "a: other.example does not domain-match site.example",
        ),
        ("a=b; Path=/a", vec![send(SITE)], "a: path /a does not path-match /"),
        ("a=b; Secure", vec![other("http://site.example/")], "a: Secure and the request is http"),
        ("a=b; SameSite=Strict", vec![from(&cross_site)], "a: SameSite=Strict and cross-site"),
        ("a=b", vec![from(&post)], "a: no SameSite and a cross-site request with an unsafe method"),
        (
            "a=b; HttpOnly",
            vec![json!({ "do": "script-get", "at": "read", "uri": SITE })],
            "a: HttpOnly and a non-HTTP API",
        ),
    ] {
        let steps: Vec<_> = std::iter::once(receive(SITE, line)).chain(next).collect();
        assert_explained(json!(steps), &format!("{wanted} (section 5.8.3 step 3)"));
    }
    for (line, next, wanted) in [
        (
            "a=b; Max-Age=60",
            json!({ "do": "advance", "secs": 61 }),
            "a: expired at Mon, 05 Jan 2026 00:01:00 GMT",
        ),
        ("a=b", json!({ "do": "restart" }), "a: not persistent, and the session is over"),
    ] {
        assert_explained(
            json!([receive(SITE, line), next, send(SITE)]),
            &format!("{wanted} (section 5.7)"),
        );
    }
}

#[test]
fn what_is_explained_is_what_the_engine_answers() {
    let suite = Suite::embedded().unwrap();
    for case in suite.cases() {
        for profile in Profile::ALL {
            let (answer, traces) = explain(profile, case.operation());
            let (again, explanations) = explain_in_detail(profile, case.operation());
            assert_eq!(again, answer, "{} under {profile}", case.id);
            let subjects = explanations.iter().map(|explanation| &explanation.subject);
            assert!(subjects.eq(traces.iter().map(|traced| &traced.subject)), "{}", case.id);
            // Every step of the engine is among those explained, for strings in its order.
            for (traced, explanation) in traces.iter().zip(&explanations) {
                let texts: Vec<_> = explanation.steps.iter().map(|step| step.text).collect();
                for event in &traced.events {
                    let text = event.step.text();
                    assert!(texts.contains(&text), "{} under {profile}: {text}", case.id);
                }
            }
        }
    }
}
