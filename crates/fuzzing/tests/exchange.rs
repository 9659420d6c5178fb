//! What the fuzzer finds in exchanges: user agents with one fault each, on the reference engine.

use std::collections::BTreeMap;

use cookiespec_engine::Profile;
use cookiespec_fuzzing::{
    Causes, Finding, FindingDisplay, Fuzzer, InProcess, Settings, Subject, replay,
};
use cookiespec_report::case;
use cookiespec_vectors::operation::{Arrived, ExchangeProgram, ExchangeStep, Hop, Navigate};
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{
    Case, Implementation, ImplementationInfo, Level, Octets, OperationResult, Severity, ability,
};
use url::Url;

/// The reference engine's user agent with a fault: in what it reads of a set-cookie-string, which
/// is nothing if there is no string left, or in what arrives.
#[derive(Clone, Copy)]
struct Faulty {
    profile: Profile,
    read: fn(&str, &Url) -> Option<String>,
    send: fn(&ExchangeProgram, &mut BTreeMap<String, Arrived>),
}

impl Faulty {
    fn sound(profile: Profile) -> Self {
        Self { profile, read: |line, _| Some(line.to_owned()), send: |_, _| {} }
    }

    fn reading(read: fn(&str, &Url) -> Option<String>) -> Self {
        Self { read, ..Self::sound(Profile::Rfc6265bis) }
    }

    fn sending(send: fn(&ExchangeProgram, &mut BTreeMap<String, Arrived>)) -> Self {
        Self { send, ..Self::sound(Profile::Rfc6265bis) }
    }

    fn subject(self) -> Subject {
        Subject {
            name: "agent".to_owned(),
            command: None,
            profile: self.profile,
            executors: vec![Box::new(InProcess::new(Box::new(self)))],
            models: Vec::new(),
        }
    }

    /// The findings of this number of cases.
    fn findings(self, cases: usize) -> Vec<Finding> {
        let settings = Settings { seed: 1, ..Settings::default() };
        let mut fuzzer = Fuzzer::new(vec![self.subject()], settings, None).unwrap();
        while fuzzer.cases() < cases as u64 {
            fuzzer.round(cases, &mut |_| {}).unwrap();
        }
        assert!(fuzzer.malformed().is_empty());
        fuzzer.findings().into_iter().cloned().collect()
    }
}

impl Implementation for Faulty {
    fn about(&self) -> ImplementationInfo {
        let can = ["exchange", ability::CALLER_COOKIES, ability::RESTART, ability::SAVE];
        let can = can.into_iter().chain([ability::CLONE]).map(str::to_owned).collect();
        ImplementationInfo { can, ..ImplementationInfo::default() }
    }

    fn run_exchange(
        &mut self,
        program: &ExchangeProgram,
    ) -> OperationResult<BTreeMap<String, Arrived>> {
        let mut read = program.clone();
        for step in &mut read.steps {
            let ExchangeStep::Navigate(navigate) = step else { continue };
            let uris: Vec<_> = navigate.requests().map(|(uri, _)| url(uri)).collect();
            for (hop, uri) in navigate.hops.iter_mut().zip(uris) {
                let lines = std::mem::take(&mut hop.fields).into_iter();
                let lines = lines.filter_map(|(name, value)| {
                    let value = match name == "Set-Cookie".into() {
                        true => (self.read)(value.to_str()?, &uri)?.into(),
                        false => value,
                    };
                    Some((name, value))
                });
                hop.fields = lines.collect();
            }
        }
        let mut arrived = Reference::new(self.profile).run_exchange(&read)?;
        (self.send)(program, &mut arrived);
        Ok(arrived)
    }
}

fn url(uri: &Octets) -> Url {
    uri.to_str().unwrap().parse().unwrap()
}

fn has(line: &str, attribute: &str) -> bool {
    line.contains(&format!("; {attribute}"))
}

/// A set-cookie-string without the attributes of a name.
fn without(line: &str, attribute: &str) -> String {
    let parts = line.split("; ").filter(|part| !part.starts_with(attribute));
    parts.collect::<Vec<_>>().join("; ")
}

/// Every request, its place in its navigation, and what arrived with it.
fn each_request(
    program: &ExchangeProgram,
    arrived: &mut BTreeMap<String, Arrived>,
    mut change: impl FnMut(&Navigate, usize, &Octets, &Hop, &mut Arrived),
) {
    for navigate in program.navigations() {
        for (at, (uri, hop)) in navigate.requests().enumerate() {
            if let Some(arrived) = hop.at.as_ref().and_then(|label| arrived.get_mut(label)) {
                change(navigate, at, uri, hop, arrived);
            }
        }
    }
}

/// Adds a cookie to the Cookie field.
fn add(arrived: &mut Arrived, cookie: &[u8]) {
    let line = arrived.cookie.pop().unwrap_or_default();
    let separator: &[u8] = if line.as_slice().is_empty() { b"" } else { b"; " };
    arrived.cookie.push([line.as_slice(), separator, cookie].concat().into());
}

fn given(navigate: &Navigate, name: &str) -> Vec<Octets> {
    let fields = navigate.fields.iter().filter(|(field, _)| *field == name.into());
    fields.map(|(_, value)| value.clone()).collect()
}

/// The findings of an agent. All are about this field, or about one of the others.
#[track_caller]
fn found(agent: Faulty, field: &str, others: &[&str]) -> Vec<Finding> {
    let findings = agent.findings(CASES);
    for finding in &findings {
        let is_expected = finding.field == field || others.contains(&&*finding.field);
        let display = FindingDisplay { finding, file: None, is_brief: false };
        assert!(is_expected && !finding.flaky, "{display}");
    }
    findings
}

/// The finding with the shortest input of those with this field and difference.
#[track_caller]
fn shortest(findings: Vec<Finding>, field: &str, difference: &str) -> Finding {
    let all: Vec<_> = findings.iter().map(Finding::statement).collect();
    let is_it = |one: &Finding| one.field == field && one.difference == difference;
    let of_class = findings.into_iter().filter(is_it);
    let shortest = of_class.min_by_key(|finding| input(finding).join("").len());
    shortest.unwrap_or_else(|| panic!("only {all:?}"))
}

/// The same of an agent with findings about this field alone.
#[track_caller]
fn example(agent: Faulty, field: &str, difference: &str) -> Finding {
    shortest(found(agent, field, &[]), field, difference)
}

/// The input of a finding in words, without what tells values apart.
fn input(finding: &Finding) -> Vec<String> {
    let lines = case::inputs(&Case::unjudged("", finding.operation.clone()));
    let words = |line: &String| line.split_whitespace().collect::<Vec<_>>().join(" ");
    lines.iter().map(|line| without_numbers(&words(line))).collect()
}

/// A text in which the letters and the number behind "s", "c" and "t" are left out of values.
fn without_numbers(text: &str) -> String {
    let is_value = |octets: &[u8]| {
        let is_letter = |octet: &u8| octet.is_ascii_lowercase() && !b"aeiou".contains(octet);
        b"sct".contains(&octets[0])
            && octets[1..4].iter().all(is_letter)
            && octets[4..].iter().all(u8::is_ascii_digit)
    };
    let mut shown = text.as_bytes().to_vec();
    while let Some(at) = shown.windows(6).position(is_value) {
        drop(shown.drain(at + 1..at + 6));
    }
    String::from_utf8(shown).unwrap()
}

#[test]
fn a_sound_agent_shows_nothing() {
    for profile in Profile::ALL {
        let findings = Faulty::sound(profile).findings(2000);
        let all: Vec<_> = findings.iter().map(|it| (it.statement(), &it.got)).collect();
        assert!(all.is_empty(), "{profile}: {all:?}");
    }
}

#[test]
fn a_cookie_field_of_the_caller_that_a_redirect_keeps_is_found() {
    let agent = Faulty::sending(|program, arrived| {
        each_request(program, arrived, |navigate, at, _, _, arrived| {
            for value in given(navigate, "Cookie").iter().filter(|_| at > 0) {
                let line = arrived.cookie.first().cloned().unwrap_or_default();
                let is_there = line.as_slice().starts_with(value.as_slice());
                if !is_there {
                    add(arrived, value.as_slice());
                }
            }
        });
    });
    let field = "Cookie field of the caller";
    let findings = found(agent, field, &[]);
    assert_eq!(Causes::of(&findings).iter().len(), 5, "one for each relation of origins");
    for (difference, severity) in [
        ("sent to another site", Severity::High),
        ("sent over http", Severity::High),
        ("sent over https", Severity::Medium),
        ("sent to another host of the site", Severity::Medium),
        ("sent to another port", Severity::Medium),
    ] {
        let finding = shortest(findings.clone(), field, difference);
        assert_eq!((finding.level, finding.impact().severity()), (Level::Should, severity));
        assert_eq!(finding.rule.as_ref().unwrap().to_string(), "rfc9110 section 15.4 step 3");
    }
    let finding = shortest(findings, field, "sent to another site");
    assert_eq!(
        input(&finding),
        [
            r#"navigate GET "https://b.test/""#,
            r#"with Cookie "b=c""#,
            r#"request "https://b.test/""#,
            "302",
            r#"Location "https://a.test/""#,
            r#"request "https://a.test/" → 7"#,
            "200",
        ]
    );
    assert_eq!(
        without_numbers(&finding.got),
        "\"b=c\", given by the caller for https://b.test:443, arrives at https://a.test:443 \
         behind a 302 of https://b.test:443"
    );
}

#[test]
fn a_finding_file_is_replayed() {
    let agent = Faulty::sending(|program, arrived| {
        each_request(program, arrived, |navigate, _, _, _, arrived| {
            arrived.authorization = given(navigate, "Authorization");
        });
    });
    let field = "Authorization field of the caller";
    let finding = example(agent, field, "sent to another site");
    assert_eq!(
        input(&finding),
        [
            r#"navigate GET "https://a.test/""#,
            r#"with Authorization "Bearer t""#,
            r#"request "https://a.test/""#,
            "302",
            r#"Location "https://b.test/""#,
            r#"request "https://b.test/" → 7"#,
            "200",
        ]
    );
    let file = serde_json::to_string(&finding).unwrap();
    let read: Finding = serde_json::from_str(&file).unwrap();
    assert_eq!((&read, read.cookiespec_finding), (&finding, 2));
    let again = replay(&read, &mut agent.subject()).unwrap();
    assert_eq!((again.id, again.got), (finding.id, finding.got));
    assert_eq!(replay(&read, &mut Faulty::sound(Profile::Rfc6265bis).subject()), None);
}

#[test]
fn cookies_of_the_caller_that_a_redirect_keeps_are_found() {
    let agent = Faulty::sending(|program, arrived| {
        each_request(program, arrived, |navigate, at, _, _, arrived| {
            for (name, value) in navigate.cookies.iter().filter(|_| at > 0) {
                add(arrived, &[name.as_slice(), b"=", value.as_slice()].concat());
            }
        });
    });
    let finding = example(agent, "cookie of the caller", "sent to another site");
    assert_eq!(
        input(&finding)[..2],
        [r#"navigate GET "https://b.test/""#, r#"with cookie "b"="c""#]
    );
}

#[test]
fn cookies_of_the_caller_that_are_kept_for_later_are_found() {
    let agent = Faulty::sending(|program, arrived| {
        let mut kept: Vec<Octets> = Vec::new();
        for navigate in program.navigations() {
            for label in navigate.hops.iter().filter_map(|hop| hop.at.as_ref()) {
                let arrived = arrived.get_mut(label).unwrap();
                kept.iter().for_each(|cookie| add(arrived, cookie.as_slice()));
            }
            kept.extend(given(navigate, "Cookie"));
        }
    });
    let field = "cookie of the caller for an earlier request";
    let findings = found(agent, field, &[]);
    let elsewhere = shortest(findings.clone(), field, "sent to another site");
    assert_eq!(elsewhere.impact().severity(), Severity::High);
    let finding = shortest(findings, field, "sent to the same origin");
    assert_eq!(
        input(&finding),
        [
            r#"navigate GET "https://a.test/""#,
            r#"with Cookie "a=c""#,
            r#"request "https://a.test/""#,
            "200",
            r#"navigate GET "https://a.test/""#,
            r#"request "https://a.test/" → 6"#,
            "200",
        ]
    );
}

#[test]
fn cookies_at_hosts_that_they_are_not_for_are_found() {
    let agent = Faulty::reading(|line, uri| match has(line, "Domain") {
        true => Some(line.to_owned()),
        false => Some(format!("{line}; Domain={}", uri.host_str()?)),
    });
    let finding = example(agent, "host-only cookie", "sent to another host of the site");
    assert_eq!(finding.level, Level::Must);
    assert_eq!(
        input(&finding),
        [
            r#"navigate GET "https://site.example/""#,
            r#"request "https://site.example/""#,
            "302",
            r#"Set-Cookie "b=s""#,
            r#"Location "https://www.site.example/""#,
            r#"request "https://www.site.example/" → 2"#,
            "200",
        ]
    );

    let agent = Faulty::reading(|line, _| Some(without(line, "Domain=other.example")));
    let field = "cookie with the Domain of another host";
    let others = ["deleted cookie", "replaced cookie", "host-only cookie", "stored cookie"];
    shortest(found(agent, field, &others), field, "sent to the same host");
}

#[test]
fn cookies_at_hosts_that_end_like_their_domain_are_found() {
    let agent = Faulty::sending(|program, arrived| {
        let mut set: Vec<(String, String)> = Vec::new();
        each_request(program, arrived, |_, _, uri, hop, arrived| {
            let host = url(uri).host_str().unwrap().to_owned();
            for (cookie, domain) in &set {
                let start = host.strip_suffix(domain.as_str()).unwrap_or_default();
                if !start.is_empty() && !start.ends_with('.') {
                    add(arrived, cookie.as_bytes());
                }
            }
            for (_, line) in hop.fields.iter().filter(|(name, _)| *name == "Set-Cookie".into()) {
                let mut parts = line.to_str().unwrap().split("; ");
                let cookie = parts.next().unwrap().to_owned();
                let domain = parts.find_map(|part| part.strip_prefix("Domain="));
                let domain = domain.map(|it| it.trim_start_matches('.'));
                let own = domain.filter(|domain| host.ends_with(domain));
                set.extend(own.map(|domain| (cookie, domain.to_owned())));
            }
        });
    });
    let finding = example(agent, "cookie with Domain", "sent to another site");
    assert_eq!((finding.level, finding.impact().severity()), (Level::Must, Severity::High));
    assert_eq!(
        input(&finding),
        [
            r#"navigate GET "https://site.example/""#,
            r#"request "https://site.example/" → 5"#,
            "302",
            r#"Set-Cookie "a=s; Domain=site.example""#,
            r#"Location "https://evilsite.example/""#,
            r#"request "https://evilsite.example/" → 8"#,
            "200",
        ]
    );
}

#[test]
fn cookies_over_http_and_at_other_paths_are_found() {
    let agent = Faulty::reading(|line, _| Some(without(line, "Secure")));
    let finding = example(agent, "Secure cookie", "sent over http");
    assert_eq!(finding.impact().severity(), Severity::High);
    assert_eq!(
        input(&finding),
        [
            r#"navigate GET "http://a.test/""#,
            r#"request "http://a.test/""#,
            "302",
            r#"Set-Cookie "a=s; Secure""#,
            r#"Location "http://a.test/""#,
            r#"request "http://a.test/" → 3"#,
            "200",
        ]
    );

    let agent = Faulty::reading(|line, _| Some(format!("{}; Path=/", without(line, "Path"))));
    let field = "cookie of another path";
    // What has one path now is in one place.
    let others = ["replaced cookie", "stored cookie"];
    let finding = shortest(found(agent, field, &others), field, "sent to the same host");
    assert_eq!(
        input(&finding),
        [
            r#"navigate GET "https://a.test/a/""#,
            r#"request "https://a.test/a/""#,
            "302",
            r#"Location "https://a.test/""#,
            r#"Set-Cookie "b=s""#,
            r#"request "https://a.test/" → 4"#,
            "200",
        ]
    );
}

#[test]
fn cookies_that_are_gone_are_found() {
    let agent = Faulty::reading(|line, _| Some(without(line, "Max-Age=0")));
    let field = "expired cookie";
    // What is stored by mistake may protect, or take, a place.
    let others = ["replaced cookie", "stored cookie"];
    let finding = shortest(found(agent, field, &others), field, "sent to the same host");
    assert_eq!(input(&finding)[3], r#"Set-Cookie "a=s; Max-Age=0""#);

    let agent = Faulty::reading(|line, _| (!has(line, "Max-Age=0")).then(|| line.to_owned()));
    let finding = example(agent, "deleted cookie", "sent to the same host");
    assert_eq!(
        input(&finding),
        [
            r#"navigate GET "https://a.test/""#,
            r#"request "https://a.test/""#,
            "302",
            r#"Set-Cookie "a=s""#,
            r#"Location "https://a.test/""#,
            r#"Set-Cookie "a=s; Max-Age=0""#,
            r#"request "https://a.test/" → 4"#,
            "200",
        ]
    );

    // Every cookie has a name of its own.
    let agent = Faulty::reading(|line, _| {
        let value = line.split(['=', ';']).nth(1)?;
        Some(format!("{value}{line}"))
    });
    let field = "replaced cookie";
    let findings = found(agent, field, &["deleted cookie"]);
    let finding = shortest(findings, field, "sent to the same host");
    let is_set = |line: &&String| line.starts_with("Set-Cookie");
    assert_eq!(input(&finding).iter().filter(is_set).count(), 2, "{:?}", input(&finding));

    let agent = Faulty::reading(|line, _| match has(line, "Max-Age") {
        true => Some(line.to_owned()),
        false => Some(format!("{line}; Max-Age=9999")),
    });
    let finding = example(agent, "cookie of the last session", "sent to the same host");
    assert_eq!(
        input(&finding)[2..6],
        ["200", "Set-Cookie \"a=s\"", "restart", "navigate GET \"https://a.test/\""]
    );
}

#[test]
fn stored_cookies_that_do_not_arrive_are_found() {
    let agent = Faulty::sending(|program, arrived| {
        each_request(program, arrived, |_, at, _, _, arrived| {
            arrived.cookie.retain(|_| at == 0);
        });
    });
    let finding = example(agent, "stored cookie", "cookie left out");
    assert_eq!(
        input(&finding),
        [
            r#"navigate GET "https://a.test/""#,
            r#"request "https://a.test/""#,
            "302",
            r#"Set-Cookie "a=s""#,
            r#"Location "https://a.test/""#,
            r#"request "https://a.test/" → 5"#,
            "200",
        ]
    );
}

#[test]
fn empty_and_several_cookie_fields_are_found() {
    let agent = Faulty::sending(|program, arrived| {
        each_request(program, arrived, |_, _, _, _, arrived| {
            if arrived.cookie.is_empty() {
                arrived.cookie.push(Octets::default());
            }
        });
    });
    let finding = example(agent, "Cookie field", "empty field");
    assert_eq!(input(&finding).len(), 3);

    let agent = Faulty::sending(|program, arrived| {
        each_request(program, arrived, |_, _, _, _, arrived| {
            let cookies = |line: &Octets| -> Vec<Octets> {
                line.to_str().unwrap().split("; ").map(Octets::from).collect()
            };
            arrived.cookie = arrived.cookie.iter().flat_map(cookies).collect();
        });
    });
    let by_rfc6265 = Faulty { profile: Profile::Rfc6265, ..agent };
    let finding = example(by_rfc6265, "Cookie field lines", "more than one");
    assert_eq!(finding.level, Level::Must);
    assert_eq!(agent.findings(CASES).len(), 0, "6265bis does not say how many there are");
}

/// Within how many cases each fault is found.
const CASES: usize = 256;
