//! The reference engine as a user agent: what it sends, redirect by redirect.

use cookiespec_vectors::operation::{ExchangeProgram, Operation};
use cookiespec_vectors::reference::{Reference, explain_in_detail};
use cookiespec_vectors::{Answer, Implementation, Profile, Refusal, ask};
use serde_json::{Value, json};

fn exchange(steps: &Value) -> Operation {
    let program: ExchangeProgram = serde_json::from_value(json!({ "steps": steps })).unwrap();
    Operation::Exchange(program)
}

/// What is observed, which is the same under both profiles.
#[track_caller]
fn observed(steps: &Value) -> Value {
    let [one, other] =
        Profile::ALL.map(|profile| ask(&mut Reference::new(profile), &exchange(steps)));
    assert_eq!(one, other);
    let Answer::Ok(mut value) = one else { panic!("{one:?}") };
    value["obs"].take()
}

fn redirect(status: u16, location: &str) -> Value {
    json!({"status": status, "fields": [["Location", location]]})
}

/// A member of what arrives after redirects with 302 through these URIs, with these fields of the caller.
#[track_caller]
fn after_redirects(member: &str, fields: &Value, uris: &[&str]) -> Value {
    let mut hops: Vec<Value> = Vec::new();
    for (index, uri) in uris.iter().enumerate() {
        let mut hop = match uris.get(index + 1) {
            Some(next) => redirect(302, next),
            None => json!({"at": "last"}),
        };
        hop["uri"] = json!(uri);
        hops.push(hop);
    }
    let navigate = json!({"do": "navigate", "uri": uris[0], "fields": fields, "hops": hops});
    observed(&json!([navigate]))["last"][member].take()
}

#[test]
fn what_the_caller_gave_goes_no_further_than_its_origin() {
    let fields = json!([["cookie", "sid=s1"], ["AUTHORIZATION", "Basic YTpi"]]);
    let start = "https://a.example/1";
    for (uris, is_kept) in [
        (&[start][..], true),
        (&[start, "https://a.example/2"], true),
        (&[start, "https://A.EXAMPLE:443/2"], true),
        (&[start, "https://a.example:8443/"], false),
        (&[start, "http://a.example/"], false),
        (&["http://a.example/", "https://a.example/"], false),
        (&[start, "https://b.example/"], false),
        (&[start, "https://www.a.example/"], false),
        (&["https://www.a.example/", "https://a.example/"], false),
        (&[start, "https://a.example./"], false),
        (&[start, "https://xa.example/"], false),
        (&[start, "https://b.example/", start], false),
        (&[start, "https://a.example/2", "https://b.example/", "https://b.example/2"], false),
    ] {
        for (member, value) in [("cookie", "sid=s1"), ("authorization", "Basic YTpi")] {
            let kept = if is_kept { json!([value]) } else { json!([]) };
            assert_eq!(after_redirects(member, &fields, uris), kept, "{member} {uris:?}");
        }
    }
}

#[test]
fn cookies_of_the_caller_are_like_a_field_of_it() {
    let hops = json!([
        {"at": "a", "status": 302, "fields": [["Location", "/2"], ["Set-Cookie", "jar=1"]]},
        {"at": "b", "uri": "http://a.example/2", "status": 302, "fields": [["Location", "//b.example"]]},
        {"at": "c", "uri": "http://b.example/"}
    ]);
    let program = json!([
        {"do": "navigate", "uri": "http://a.example/1", "cookies": [["x", "1"], ["y", "2"]],
         "fields": [["Cookie", "z=3"], ["Cookie", ""]], "hops": hops},
        {"do": "navigate", "uri": "http://a.example/", "hops": [{"at": "d"}]}
    ]);
    let observed = observed(&program);
    assert_eq!(observed["a"]["cookie"], json!(["z=3; x=1; y=2"]));
    assert_eq!(observed["b"]["cookie"], json!(["z=3; x=1; y=2; jar=1"]), "one field");
    assert_eq!(observed["c"]["cookie"], json!([]));
    assert_eq!(observed["d"]["cookie"], json!(["jar=1"]), "none of the caller's is stored");
}

#[test]
fn a_redirect_changes_the_method_as_its_status_says() {
    for (status, method, after) in [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (301, "PUT", "PUT"),
        (303, "PUT", "GET"),
        (303, "HEAD", "HEAD"),
        (302, "HEAD", "HEAD"),
    ] {
        let mut last = redirect(status, "http://a.example/2");
        last["method"] = json!(method);
        let program = json!([{
            "do": "navigate", "uri": "http://a.example/", "method": method,
            "hops": [last, {"at": "x", "uri": "http://a.example/2"}]
        }]);
        assert_eq!(observed(&program)["x"]["method"], after, "{status} {method}");
    }
}

#[test]
fn cookies_are_taken_from_every_response_but_interim_ones() {
    for status in [200, 204, 302, 304, 401, 404, 500, 599] {
        let set = json!([["set-cookie", "a=1"], ["Set-Cookie", " \tb=2;\r\n Path=/x"]]);
        let program = json!([
            {"do": "navigate", "uri": "http://a.example/", "hops": [{
                "status": status, "fields": set,
                "interim": [{"status": 103, "fields": [["Set-Cookie", "early=1"]]}],
                "trailers": [["Set-Cookie", "late=1"]]
            }]},
            {"do": "navigate", "uri": "http://a.example/", "hops": [{"at": "root"}]},
            {"do": "navigate", "uri": "http://a.example/x", "hops": [{"at": "x"}]}
        ]);
        let observed = observed(&program);
        assert_eq!(observed["root"]["cookie"], json!(["a=1"]), "{status}");
        assert_eq!(observed["x"]["cookie"], json!(["b=2; a=1"]), "{status}");
    }
}

#[test]
fn cookies_of_a_redirect_are_there_for_the_next_request() {
    let set = |line: &str, location: &str| json!([["Set-Cookie", line], ["Location", location]]);
    let program = json!([{"do": "navigate", "uri": "https://a.example/", "hops": [
        {"status": 302, "fields": set("s=1; Secure", "http://a.example/")},
        {"at": "plain", "uri": "http://a.example/", "status": 302,
         "fields": set("d=1; Domain=a.example", "https://www.a.example/")},
        {"at": "below", "uri": "https://www.a.example/", "status": 302,
         "fields": set("d=; Domain=a.example; Max-Age=0", "https://a.example/")},
        {"at": "back", "uri": "https://a.example/"}
    ]}]);
    let observed = observed(&program);
    assert_eq!(observed["plain"]["cookie"], json!([]));
    assert_eq!(observed["below"]["cookie"], json!(["d=1"]));
    assert_eq!(observed["back"]["cookie"], json!(["s=1"]));
}

/// The steps, and then what is sent to the host that set a session cookie and a persistent one.
#[track_caller]
fn kept_after(steps: &[Value]) -> Value {
    let set = json!([["Set-Cookie", "s=1; Secure"], ["Set-Cookie", "p=2; Max-Age=86400"]]);
    let uri = "https://a.example/";
    let mut program = vec![json!({"do": "navigate", "uri": uri, "hops": [{"fields": set}]})];
    program.extend_from_slice(steps);
    program.push(json!({"do": "navigate", "uri": uri, "hops": [{"at": "x"}]}));
    program.push(json!({"do": "navigate", "uri": "http://a.a.example/", "hops": [{"at": "y"}]}));
    let observed = observed(&json!(program));
    assert_eq!(observed["y"]["cookie"], json!([]));
    observed["x"]["cookie"].clone()
}

#[test]
fn a_store_is_saved_loaded_and_copied() {
    let step = |name: &str| json!({ "do": name });
    let later = json!({"do": "navigate", "uri": "https://a.example/", "hops": [
        {"fields": [["Set-Cookie", "later=3; Max-Age=86400"]]}
    ]});
    assert_eq!(kept_after(&[]), json!(["s=1; p=2"]));
    assert_eq!(kept_after(&[step("restart")]), json!(["p=2"]));
    assert_eq!(kept_after(&[step("clone"), later.clone()]), json!(["s=1; p=2; later=3"]));
    assert_eq!(kept_after(&[step("save"), later.clone()]), json!(["s=1; p=2; later=3"]));
    let loaded = kept_after(&[step("save"), later.clone(), step("load"), later, step("load")]);
    assert_eq!(loaded, json!(["p=2"]));
}

#[test]
fn another_request_than_is_expected_is_named() {
    for (hops, need) in [
        (
            json!([redirect(302, "/2"), {"uri": "http://a.example/3"}]),
            r#"http: GET http://a.example/2 was requested instead of GET "http://a.example/3""#,
        ),
        (
            json!([{"method": "POST"}]),
            r#"http: GET http://a.example/ was requested instead of POST "http://a.example/""#,
        ),
        (
            json!([{"status": 304, "fields": [["Location", "/2"]]}, {"uri": "http://a.example/2"}]),
            r#"http: "http://a.example/2" was not requested"#,
        ),
        (
            json!([redirect(302, "ftp://b.example/"), {"uri": "ftp://b.example/"}]),
            r#"http: the location "ftp://b.example/""#,
        ),
        (json!([{"fields": [["Set-Cookie", "a=1\nb: 2"]]}]), "http: a field value with CR or LF"),
    ] {
        let steps = json!([{"do": "navigate", "uri": "http://a.example/", "hops": hops}]);
        let Operation::Exchange(program) = exchange(&steps) else { panic!() };
        let refusal = Reference::new(Profile::Rfc6265).run_exchange(&program).unwrap_err();
        assert_eq!(refusal, Refusal::Unsupported { need: need.to_owned() });
    }
}

#[test]
fn a_location_is_resolved_and_user_information_is_no_authorization() {
    for (location, target) in [
        ("?q", "http://a.example/x/y?q"),
        ("../z#f", "http://a.example/z"),
        ("HTTP://u:p@B.Example:80/", "http://b.example/"),
    ] {
        let steps = json!([{"do": "navigate", "uri": "http://a.example/x/y", "hops": [
            redirect(307, location), {"at": "x", "uri": target}
        ]}]);
        assert_eq!(observed(&steps)["x"]["authorization"], json!([]), "{location}");
    }
}

#[test]
fn the_steps_of_the_store_are_explained() {
    let steps = json!([{"do": "navigate", "uri": "http://a.example/", "hops": [
        {"fields": [["Set-Cookie", "a=1; Max-Age=0"]]}
    ]}]);
    let (answer, explanations) = explain_in_detail(Profile::Rfc6265bis, &exchange(&steps));
    assert_eq!(answer, ask(&mut Reference::new(Profile::Rfc6265bis), &exchange(&steps)));
    let subjects: Vec<_> = explanations.iter().map(|it| it.subject.to_isomorphic()).collect();
    assert_eq!(subjects, ["http://a.example/", "a=1; Max-Age=0"]);
}
