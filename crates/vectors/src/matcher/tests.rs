//! What matches, and what is shown of what does not.

use serde_json::json;

use super::*;

fn find(want: Value, got: Value, blind: &[&str]) -> Finding {
    let matcher = Matcher { blind, unset_is_false: false };
    matcher.find(&want, Some(&got), &Field::Root(""))
}

fn matches(want: Value, got: Value) -> bool {
    find(want, got, &[]) == Finding::Match
}

fn path_of(finding: Finding) -> String {
    match finding {
        Finding::Match => "match".to_owned(),
        Finding::Blind(field) => format!("blind {field}"),
        Finding::Mismatch(Mismatch { path, want, got }) => format!("{path}: {want} / {got}"),
    }
}

#[test]
fn objects_match_as_a_subset_and_the_rest_exactly() {
    assert!(matches(json!({"a": {"b": 1}}), json!({"a": {"b": 1, "c": 2}, "d": 3})));
    assert!(matches(json!({"a": 1}), json!({"a": 1.0})));
    assert!(!matches(json!(["a"]), json!(["a", "b"])));
    assert!(!matches(json!("1"), json!(1)));
    assert!(!matches(json!({}), json!(null)));
    let finding = find(json!({"a": [{"b": "\u{e9}"}]}), json!({"a": [{"b": "\u{1b}"}]}), &[]);
    assert_eq!(path_of(finding), r#"a[0].b: "\xe9" / "\x1b""#);
}

#[test]
fn the_first_mismatch_is_the_one_that_is_shown() {
    let finding = find(json!({"a": 1, "b": 2}), json!({"a": 2, "b": 1}), &[]);
    assert_eq!(path_of(finding), "a: 1 / 2");
}

#[test]
fn nothing_null_and_absent_are_one() {
    for want in [json!({"a": null}), json!({"a": {"$absent": true}})] {
        assert!(matches(want.clone(), json!({})));
        assert!(matches(want.clone(), json!({"a": null})));
        assert!(!matches(want.clone(), json!({"a": ""})));
        assert!(!matches(want, json!({"a": false})));
    }
    assert!(!matches(json!({"a": false}), json!({})));
    assert_eq!(path_of(find(json!({"a": 1}), json!({}), &[])), "a: 1 / nothing");
}

#[test]
fn in_a_parsed_cookie_an_unset_flag_may_be_false() {
    let matcher = Matcher { blind: &[], unset_is_false: true };
    for want in [json!(null), json!(false), json!({"$absent": true})] {
        for got in [None, Some(json!(null)), Some(json!(false))] {
            let finding = matcher.find(&want, got.as_ref(), &Field::Root("f"));
            assert_eq!(finding, Finding::Match, "{want} {got:?}");
        }
        let finding = matcher.find(&want, Some(&json!(true)), &Field::Root("f"));
        assert!(matches!(finding, Finding::Mismatch(_)));
    }
}

#[test]
fn any_and_ne() {
    let any = json!({"$any": [null, "a"]});
    assert!(matches(any.clone(), json!("a")) && matches(any.clone(), json!(null)));
    assert_eq!(path_of(find(any, json!("b"), &[])), r#": {"$any": [null, "a"]} / "b""#);
    assert!(matches(json!({"$ne": "a"}), json!("b")));
    assert!(!matches(json!({"$ne": {"a": 1}}), json!({"a": 1, "b": 2})));
    assert!(matches(json!({"$ne": {"$any": [1, 2]}}), json!(3)));
}

#[test]
fn contained_octets_may_be_anywhere() {
    assert!(matches(json!({"$contains": "\n"}), json!("a\r\nb")));
    assert!(!matches(json!({"$contains": "\n"}), json!("a\rb")));
    assert!(!matches(json!({"$contains": ""}), json!(null)));
    assert!(matches(json!({"$ne": {"$contains": "a"}}), json!(null)));
    assert!(!matches(json!({"$contains": "1"}), json!(1)));
}

#[test]
fn cookies_are_a_multiset_of_pairs() {
    let want = json!({"$cookies": [["a", "1"], ["a", "1"], ["", "x=y"], ["", "z"]]});
    assert!(matches(want.clone(), json!("x=y; a=1; z; a=1")));
    assert!(!matches(want.clone(), json!("x=y; a=1; z")));
    assert!(!matches(want.clone(), json!("x=y;a=1; z; a=1")));
    assert!(!matches(want, json!("x=y; a=1; =z; a=1")));
    assert!(matches(json!({"$cookies": []}), json!(null)));
    assert!(!matches(json!({"$cookies": []}), json!("")));
}

#[test]
fn an_unordered_list_pairs_off_even_where_patterns_overlap() {
    let broad_first = json!({"$unordered": [{"n": "a"}, {"n": "a", "v": 1}]});
    assert!(matches(broad_first.clone(), json!([{"n": "a", "v": 1}, {"n": "a", "v": 2}])));
    assert!(!matches(broad_first.clone(), json!([{"n": "a", "v": 2}, {"n": "a", "v": 2}])));
    assert!(!matches(broad_first, json!([{"n": "a", "v": 1}])));
}

#[test]
fn what_cannot_be_seen_is_neither_right_nor_wrong() {
    let want = json!({"cookie": {"name": "a", "same_site": "Lax"}});
    let blind = ["same_site"];
    let same = json!({"cookie": {"name": "a"}});
    assert_eq!(path_of(find(want.clone(), same, &blind)), "blind cookie.same_site");
    let other = json!({"cookie": {"name": "b"}});
    assert_eq!(path_of(find(want.clone(), other.clone(), &blind)), r#"cookie.name: "a" / "b""#);
    assert!(matches!(
        find(json!({"$ne": {"same_site": "Lax"}}), json!({}), &blind),
        Finding::Blind(_)
    ));
    assert_eq!(find(json!({"$any": [want, other.clone()]}), other, &blind), Finding::Match);
}

#[test]
fn a_target_blind_to_order_or_duplicates_is_judged_on_the_pairs() {
    let pairs = json!({"pairs": [["a", "1"], ["b", "2"]]});
    let other_way = json!({"pairs": [["b", "2"], ["a", "1"]]});
    assert_eq!(find(pairs.clone(), other_way.clone(), &["order"]), Finding::Match);
    assert!(matches!(find(pairs, other_way, &[]), Finding::Mismatch(_)));
    let twice = json!({"pairs": [["a", "1"], ["a", "2"]]});
    let once = json!({"pairs": [["a", "2"]]});
    assert_eq!(path_of(find(twice, once, &["duplicates"])), "blind pairs (duplicates)");
}

/// Matches a set-cookie-string.
fn find_parts(operand: Value, line: Value) -> Finding {
    let matcher = Matcher { blind: &[], unset_is_false: false };
    matcher.find(&json!({ "$set-cookie": operand }), Some(&line), &Field::Root("set_cookie"))
}

fn parts_match(operand: Value, line: &str) -> bool {
    find_parts(operand, line.into()) == Finding::Match
}

#[test]
fn only_what_is_named_matters() {
    let line = "n=v=w; Path=/;max-age = 3600 ;SECURE";
    assert!(parts_match(json!({}), line));
    assert!(parts_match(json!({"name": "n", "value": "v=w"}), line));
    assert!(parts_match(
        json!({"attributes": {"Max-Age": "3600", "Secure": "", "path": "/"}}),
        line
    ));
    assert!(parts_match(
        json!({"attributes": {"Domain": null, "HttpOnly": {"$absent": true}}}),
        line
    ));
    assert!(!parts_match(json!({"attributes": {"Path": null}}), line));
    assert!(!parts_match(json!({"attributes": {"Max-Age": "360"}}), line));
    assert!(!parts_match(json!({"name": "N"}), line));
    assert!(!parts_match(json!({"value": "v"}), line));
}

#[test]
fn a_pair_without_equals_is_a_value() {
    assert!(parts_match(json!({"name": "", "value": "v"}), "v; a=b"));
    assert!(parts_match(json!({"name": "", "value": "v"}), "=v"));
    assert!(parts_match(json!({"name": "", "attributes": {"b": "v"}}), "a;b=v"));
    assert!(parts_match(json!({"name": "", "value": ""}), ""));
}

#[test]
fn only_blanks_are_trimmed() {
    assert!(parts_match(json!({"name": "n", "value": "v w"}), " n\t= v w\t"));
    assert!(parts_match(json!({"value": "v\r\n"}), "n=v\r\n"));
    assert!(parts_match(json!({"value": "v\u{a0}"}), "n=v\u{a0}; Path=/"));
}

#[test]
fn of_an_attribute_that_is_there_twice_either_may_match() {
    let line = "n=v; Path=/a; path=/b";
    assert!(parts_match(json!({"attributes": {"Path": "/a"}}), line));
    assert!(parts_match(json!({"attributes": {"Path": "/b"}}), line));
    assert!(parts_match(json!({"attributes": {"Path": ["/a", "/b"]}}), line));
    assert!(!parts_match(json!({"attributes": {"Path": ["/b"]}}), line));
    assert!(!parts_match(json!({"attributes": {"Path": null}}), line));
    assert!(parts_match(json!({"attributes": {"Path": ["/"], "Domain": []}}), "n=v; Path=/"));
}

#[test]
fn patterns_nest() {
    let none_without_secure =
        json!({"attributes": {"SameSite": {"$any": ["None", "none"]}, "Secure": null}});
    assert!(parts_match(none_without_secure.clone(), "n=v; samesite=none"));
    assert!(!parts_match(none_without_secure, "n=v; samesite=none; secure"));
    let other_path = json!({"attributes": {"Path": {"$ne": "/"}}});
    assert!(parts_match(other_path.clone(), "n=v"));
    assert!(parts_match(other_path.clone(), "n=v; Path=/a"));
    assert!(!parts_match(other_path, "n=v; Path=/"));
}

#[test]
fn a_mismatch_names_the_part() {
    let shown = |operand: Value, line: Value| match find_parts(operand, line) {
        Finding::Mismatch(Mismatch { path, want, got }) => format!("{path}: {want} / {got}"),
        other => format!("{other:?}"),
    };
    let max_age = json!({"name": "n", "attributes": {"Max-Age": "3600"}});
    assert_eq!(
        shown(max_age.clone(), json!("n=v; max-age=\"3600\"")),
        r#"set_cookie.attributes.Max-Age: "3600" / "\"3600\"""#
    );
    assert_eq!(
        shown(max_age.clone(), json!("n=v")),
        r#"set_cookie.attributes.Max-Age: "3600" / nothing"#
    );
    assert_eq!(shown(max_age.clone(), json!("m=v")), r#"set_cookie.name: "n" / "m""#);
    assert!(shown(max_age, Value::Null).ends_with(" / null"));
}
