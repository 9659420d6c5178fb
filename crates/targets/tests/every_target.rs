//! Every target answers a simple request for each operation it declares, and only for those.

use cookiespec_vectors::implementation::{Implementation, Jar, OperationResult, Refusal};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{
    Api, Context, ExchangeProgram, FormatSetCookie, JarConfig, Operation, ParseCookie,
    ParseSetCookie, Suffixes,
};

const ABILITIES: [&str; 5] = ["restart", "dump", "secure", "public-suffix", "configure"];

fn for_each(mut check: impl FnMut(&str, &mut dyn Implementation)) {
    for entry in cookiespec_targets::all() {
        check(entry.name, (entry.make)().as_mut());
    }
}

fn can(target: &dyn Implementation, what: &str) -> bool {
    target.about().can.iter().any(|can| can == what)
}

fn is_unsupported<T>(outcome: &OperationResult<T>, expected: &str) -> bool {
    matches!(outcome, Err(Refusal::Unsupported { need }) if need == expected)
}

fn fresh(target: &mut dyn Implementation, config: &JarConfig) -> Box<dyn Jar> {
    target.jar(1_767_571_200, config).unwrap()
}

fn header(jar: &mut dyn Jar, uri: &str) -> Option<Octets> {
    jar.send(&uri.into(), &Context::default()).unwrap().header
}

#[test]
fn the_list_is_sorted_and_without_repetition() {
    let names: Vec<_> = cookiespec_targets::all().iter().map(|entry| entry.name).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
}

#[test]
fn the_description_names_a_version_and_nothing_unknown() {
    for_each(|name, target| {
        let about = target.about();
        assert!(about.version.split('.').count() >= 3, "{name}: version {:?}", about.version);
        assert!(!about.notes.is_empty(), "{name}");
        for can in &about.can {
            let known = Operation::NAMES.iter().chain(&ABILITIES);
            assert!(known.into_iter().any(|known| known == can), "{name}: {can}");
        }
    });
}

#[test]
fn what_is_not_declared_is_unsupported() {
    for_each(|name, target| {
        let text = Octets::from("/");
        let answers = [
            target.parse_set_cookie(&ParseSetCookie::default()).err(),
            target.parse_cookie(&ParseCookie::default()).err(),
            target.parse_date(&text).err(),
            target.match_domain(&text, &text).err(),
            target.match_path(&text, &text).err(),
            target.default_path(&text).err(),
            target.format_set_cookie(&FormatSetCookie::default()).err(),
            target.jar(0, &JarConfig::default()).err(),
            target.run_exchange(&ExchangeProgram::default()).err(),
        ];
        for (operation, answer) in Operation::NAMES.into_iter().zip(answers) {
            let unsupported = answer == Some(Refusal::Unsupported { need: operation.to_owned() });
            assert_eq!(can(target, operation), !unsupported, "{name}: {operation}");
        }
    });
}

#[test]
fn set_cookie_is_parsed() {
    for_each(|name, target| {
        if !can(target, "parse.set-cookie") {
            return;
        }
        let set_cookie = "sid=31d4; Domain=a.example; Path=/p; Max-Age=60; Secure; HttpOnly; \
                          SameSite=Lax; Partitioned; Expires=Wed, 21 Oct 2015 07:28:00 GMT";
        let request = ParseSetCookie { set_cookie: set_cookie.into(), ..Default::default() };
        let cookie = target.parse_set_cookie(&request).unwrap().unwrap();
        assert_eq!((cookie.name, cookie.value), ("sid".into(), "31d4".into()), "{name}");
        assert_eq!((cookie.domain, cookie.path), (Some("a.example".into()), Some("/p".into())));
        assert_eq!((cookie.max_age, cookie.expires), (Some(60), Some(1_445_412_480)), "{name}");
        assert_eq!((cookie.secure, cookie.http_only), (Some(true), Some(true)), "{name}");
        assert_eq!((cookie.same_site, cookie.partitioned), (Some("Lax".into()), Some(true)));
    });
}

#[test]
fn a_cookie_header_is_split() {
    for_each(|name, target| {
        if !can(target, "parse.cookie") {
            return;
        }
        let request = ParseCookie { cookie: vec!["SID=31d4; lang=en".into(), "x=1".into()] };
        let mut pairs = target.parse_cookie(&request).unwrap();
        pairs.sort();
        let expected = [("SID", "31d4"), ("lang", "en"), ("x", "1")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.into(), value.into())), "{name}");
    });
}

#[test]
fn set_cookie_is_written() {
    for_each(|name, target| {
        if !can(target, "format.set-cookie") {
            return;
        }
        let request = FormatSetCookie {
            name: "sid".into(),
            value: "31d4".into(),
            max_age: Some(60),
            expires: Some(1_445_412_480),
            domain: Some("a.example".into()),
            path: Some("/p".into()),
            secure: Some(true),
            http_only: Some(true),
            same_site: Some("Lax".into()),
            partitioned: None,
        };
        let written = target.format_set_cookie(&request).unwrap().unwrap();
        let mut parts: Vec<_> = written.to_str().unwrap().split("; ").collect();
        assert_eq!(parts.remove(0), "sid=31d4", "{name}");
        parts.sort_unstable();
        let expected = [
            "Domain=a.example",
            "Expires=Wed, 21 Oct 2015 07:28:00 GMT",
            "HttpOnly",
            "Max-Age=60",
            "Path=/p",
            "SameSite=Lax",
            "Secure",
        ];
        assert_eq!(parts, expected, "{name}");
    });
}

#[test]
fn what_an_interface_cannot_express_is_unsupported() {
    for_each(|name, target| {
        let request = |same_site: &str, max_age| FormatSetCookie {
            name: "sid".into(),
            same_site: Some(same_site.into()),
            max_age: Some(max_age),
            ..Default::default()
        };
        if can(target, "format.set-cookie") {
            let answer = target.format_set_cookie(&request("Sometimes", 1));
            assert!(is_unsupported(&answer, "same_site"), "{name}: {answer:?}");
            let negative = target.format_set_cookie(&request("Lax", -1));
            assert_eq!(is_unsupported(&negative, "max_age"), name == "cookie-monster", "{name}");
        }
        if can(target, "parse.cookie") {
            let request = ParseCookie { cookie: vec![b"a=\x00".as_slice().into()] };
            let through_http = matches!(name, "actix-web" | "axum-extra" | "headers");
            let answer = target.parse_cookie(&request);
            assert_eq!(is_unsupported(&answer, "octets"), through_http, "{name}: {answer:?}");
        }
    });
}

#[test]
fn a_cookie_is_received_and_sent_where_it_belongs() {
    for_each(|name, target| {
        if !can(target, "jar") {
            return;
        }
        let mut jar = fresh(target, &JarConfig::default());
        let lines = ["sid=31d4; Path=/p; Secure".into()];
        jar.receive(&"https://a.example/".into(), &lines, &Context::default()).unwrap();
        assert_eq!(header(&mut *jar, "https://a.example/p/q"), Some("sid=31d4".into()), "{name}");
        assert_eq!(header(&mut *jar, "https://a.example/"), None, "{name}");
        // ureq stores a copy of the cookie that has lost its Secure.
        assert_eq!(header(&mut *jar, "http://a.example/p").is_some(), name == "ureq", "{name}");
        assert_eq!(header(&mut *jar, "https://b.example/p"), None, "{name}");
    });
}

#[test]
fn jars_answer_for_their_abilities_only() {
    for_each(|name, target| {
        if !can(target, "jar") {
            return;
        }
        let mut jar = fresh(target, &JarConfig::default());
        assert!(is_unsupported(&jar.advance(1), "clock"), "{name}");
        assert_eq!(!is_unsupported(&jar.restart(), "restart"), can(target, "restart"), "{name}");
        assert_eq!(!is_unsupported(&jar.dump(), "dump"), can(target, "dump"), "{name}");
        let configured = jar.configure(&JarConfig::default());
        assert_eq!(!is_unsupported(&configured, "configure"), can(target, "configure"), "{name}");

        let uri = Octets::from("http://a.example/");
        let script = Context { api: Api::Script, ..Default::default() };
        let cross_site = Context { same_site: false, ..Default::default() };
        assert!(is_unsupported(&jar.send(&uri, &script), "script"), "{name}");
        assert!(is_unsupported(&jar.receive(&uri, &[], &cross_site), "same-site"), "{name}");
        let no_uri = jar.send(&"/relative".into(), &Context::default());
        assert!(is_unsupported(&no_uri, "uri"), "{name}");
    });
}

#[test]
fn a_restart_ends_the_session() {
    for_each(|name, target| {
        if !can(target, "restart") || !can(target, "dump") {
            return;
        }
        let mut jar = fresh(target, &JarConfig::default());
        let uri = Octets::from("http://a.example/");
        let lines = ["session=1".into(), "keep=1; Domain=a.example; Max-Age=3600".into()];
        jar.receive(&uri, &lines, &Context::default()).unwrap();
        assert_eq!(jar.dump().unwrap().len(), 2, "{name}");
        jar.restart().unwrap();
        assert_eq!(header(&mut *jar, "http://a.example/"), Some("keep=1".into()), "{name}");
        let kept = jar.dump().unwrap().remove(0);
        assert_eq!((kept.name, kept.domain), ("keep".into(), Some("a.example".into())), "{name}");
        assert_eq!((kept.host_only, kept.expires.is_some()), (Some(false), true), "{name}");
    });
}

#[test]
fn public_suffixes_are_those_of_the_configuration() {
    for_each(|name, target| {
        if !can(target, "jar") {
            return;
        }
        let rules = |rules: &[&str]| JarConfig {
            public_suffixes: Suffixes::Rules(rules.iter().map(|&rule| rule.to_owned()).collect()),
            ..Default::default()
        };
        let uri = Octets::from("http://a.co.uk/");
        let lines = ["wide=1; Domain=co.uk".into()];
        let stored = |jar: &mut dyn Jar| {
            jar.receive(&uri, &lines, &Context::default()).unwrap();
            header(jar, "http://b.co.uk/").is_some()
        };
        let has_suffixes = can(target, "public-suffix");
        let mut jar = fresh(target, &rules(&["uk", "co.uk"]));
        assert_eq!(stored(&mut *jar), !has_suffixes, "{name}");
        assert!(stored(&mut *fresh(target, &rules(&[]))), "{name}");
        assert!(stored(&mut *fresh(target, &JarConfig::default())), "{name}");
        if has_suffixes {
            jar.restart().unwrap();
            assert!(!stored(&mut *jar), "{name}: the list is gone after a restart");
            jar.configure(&rules(&["uk"])).unwrap();
            assert!(stored(&mut *jar), "{name}");
        }
    });
}
