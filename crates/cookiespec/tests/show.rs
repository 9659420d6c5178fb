//! The output of `cookiespec show` and of a failing gate, as snapshots.

mod support;

use support::cookiespec;

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("cookiespec__{name}"), text));
}

#[test]
fn cases_are_explained() {
    for id in [
        "cookie-header.0001",
        "date.0001",
        "domain.match.0001",
        "format.0001",
        "jar.lifetime.0001",
        "jar.prefix.0001",
        "jar.same-site.0001",
        "path.match.0001",
        "set-cookie.pair.0001",
        "set-cookie.size.0001",
    ] {
        let ran = cookiespec(&["show", id]);
        assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{id}");
        snapshot(&format!("show-{id}"), &ran.stdout);
    }
}

#[test]
fn failures_are_told_with_all_that_is_needed() {
    let ran =
        cookiespec(&["run", "cookie", "--profile", "rfc6265bis", "--only", "set-cookie.pair.000*"]);
    assert_eq!((ran.code, &*ran.stderr), (Some(1), ""));
    snapshot("run-cookie", &ran.stdout);
}

#[test]
fn people_read_words_and_programs_values() {
    let run = |target: &str, case: &str, format: &str| {
        let words = ["run", target, "--profile", "rfc6265bis", "--only", case, "--format", format];
        cookiespec(&words).stdout
    };
    for (target, case, words, values) in [
        (
            "cookie_store",
            "jar.secure.0010",
            "  at     the observation \"over https\", header\n",
            "\"at\": \"over https\"",
        ),
        (
            "cookie",
            "format.0035",
            "  want   anything but a set-cookie-string whose name contains \",\"\n",
            r#""want": "{\"$ne\": {\"$set-cookie\": {\"name\": {\"$contains\": \",\"}}}}""#,
        ),
    ] {
        let text = run(target, case, "text");
        assert!(text.contains(words), "{text}");
        let json = run(target, case, "json");
        assert!(json.contains(values), "{json}");
    }
}
