//! Programs of whole requests and responses, with the clients that are in this process.

use cookiespec_agents::{Adapter, rust};
use cookiespec_vectors::operation::{ExchangeProgram, Operation};
use cookiespec_vectors::{Answer, Implementation as _, ask};
use serde_json::{Value, json};

/// The adapter of a client of this process.
fn adapter(name: &str) -> Adapter {
    let client = rust::all().iter().find(|client| client.name == name).unwrap();
    Adapter::start(client.start).unwrap()
}

fn answer(adapter: &mut Adapter, steps: &Value) -> Answer {
    let program: ExchangeProgram = serde_json::from_value(json!({ "steps": steps })).unwrap();
    ask(adapter, &Operation::Exchange(program))
}

#[track_caller]
fn observed(adapter: &mut Adapter, steps: &Value) -> Value {
    match answer(adapter, steps) {
        Answer::Ok(mut value) => value["obs"].take(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused(adapter: &mut Adapter, hops: &Value) -> String {
    let steps = json!([{"do": "navigate", "uri": "http://a.test/", "hops": hops}]);
    match answer(adapter, &steps) {
        Answer::Unsupported { need } => need,
        other => panic!("{other:?}"),
    }
}

#[test]
fn requests_are_observed_as_they_arrive_and_responses_are_as_the_case_has_them() {
    for client in rust::all() {
        let mut adapter = adapter(client.name);
        let steps = json!([{
            "do": "navigate", "uri": "https://a.test/1", "method": "POST",
            "fields": [["Authorization", "Basic YTpi"]],
            "hops": [
                {"at": "first", "status": 303, "interim": [{"status": 103, "fields": [["X", "y"]]}],
                 "fields": [["Set-Cookie", " jar=2 ; Path=/"], ["location", "2?q#f"]]},
                {"at": "second", "uri": "https://a.test/2?q", "method": "GET", "status": 404,
                 "fields": [["Set-Cookie", "late=3"]], "body": "no", "trailers": [["T", "t"]]}
            ]
        }, {
            "do": "navigate", "uri": "https://a.test/", "method": "HEAD",
            "hops": [{"at": "third", "status": 302, "fields": [["Location", "/never"]]}]
        }, {
            "do": "navigate", "uri": "http://b.test/", "fields": [["Cookie", "given=\u{e9}"]],
            "hops": [{"at": "given"}]
        }]);
        let observed = observed(&mut adapter, &steps);
        let first = &observed["first"];
        assert_eq!(first["method"], "POST", "{}", client.name);
        assert_eq!(first["cookie"], json!([]), "{}", client.name);
        assert_eq!(first["authorization"], json!(["Basic YTpi"]), "{}", client.name);
        assert_eq!(first["version"], "1.1", "{}", client.name);
        assert_eq!(observed["given"]["cookie"], json!(["given=\u{e9}"]), "{}", client.name);
        assert_eq!(observed["second"]["cookie"], json!(["jar=2"]), "{}", client.name);
        let mut third =
            observed["third"]["cookie"][0].as_str().unwrap().split("; ").collect::<Vec<_>>();
        third.sort_unstable();
        assert_eq!(
            (&observed["third"]["method"], third),
            (&json!("HEAD"), vec!["jar=2", "late=3"])
        );
    }
}

#[test]
fn what_happened_instead_of_a_request_is_named() {
    for client in rust::all() {
        let mut adapter = adapter(client.name);
        let hop = |status: u16, location: &str| json!([{"status": status, "fields": [["Location", location]]}, {"uri": "http://a.test/2"}]);
        for (hops, need) in [
            (hop(304, "/2"), "http: http://a.test/2 was not requested"),
            (
                hop(302, "http://b.test/"),
                "http: GET http://b.test/ was requested instead of http://a.test/2",
            ),
            (
                json!([{"method": "POST"}]),
                "http: GET http://a.test/ was requested instead of POST http://a.test/",
            ),
        ] {
            assert_eq!(refused(&mut adapter, &hops), need, "{}", client.name);
        }
    }
}

#[test]
fn a_store_is_saved_and_loaded_where_the_library_can() {
    let set = json!([["Set-Cookie", "s=1"], ["Set-Cookie", "p=2; Max-Age=86400"]]);
    let navigate = |hop: Value| json!({"do": "navigate", "uri": "http://a.test/", "hops": [hop]});
    let steps = json!([
        navigate(json!({ "fields": set })), {"do": "save"},
        navigate(json!({"fields": [["Set-Cookie", "later=3; Max-Age=86400"]]})), {"do": "load"},
        navigate(json!({"at": "loaded"}))
    ]);
    let mut ureq = adapter("client:ureq");
    assert_eq!(observed(&mut ureq, &steps)["loaded"]["cookie"], json!(["p=2"]));
    let mut reqwest = adapter("client:reqwest");
    assert_eq!(answer(&mut reqwest, &steps), Answer::Unsupported { need: "save".to_owned() });
    let can = |adapter: &Adapter, ability: &str| adapter.about().can.iter().any(|it| it == ability);
    assert!(can(&ureq, "exchange") && can(&ureq, "save") && !can(&ureq, "clone"));
    assert!(can(&reqwest, "exchange") && !can(&reqwest, "save"));
}
