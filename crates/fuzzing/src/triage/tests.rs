//! What a finding says about its cause, with implementations whose fault is known: the reference
//! engine, with the set-cookie-strings altered before it reads them.

use cookiespec_vectors::operation::{
    Context, FormatSetCookie, JarConfig, ParseCookie, ParseSetCookie, ParsedCookie, Sent,
    StoredCookie,
};
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{
    Implementation, ImplementationInfo, Jar, Octets, Operation, OperationResult, Profile, Severity,
    Suite,
};
use serde_json::{Value, json};

use super::classification::classify;
use super::*;
use crate::finding::SpecReference;
use crate::finding::causes::{Causes, CausesDisplay};
use crate::finding::display::FindingDisplay;
use crate::model::Model;
use crate::oracles::syntax::follows_grammar;
use crate::promote::promote;
use crate::subject::in_process::InProcess;

/// The reference engine with a fault in front of it.
#[derive(Clone, Copy)]
struct Altered(fn(&[u8]) -> Vec<u8>);

const PROFILE: Profile = Profile::Rfc6265bis;

impl Implementation for Altered {
    fn about(&self) -> ImplementationInfo {
        Reference::new(PROFILE).about()
    }

    fn parse_set_cookie(
        &mut self,
        input: &ParseSetCookie,
    ) -> OperationResult<Option<ParsedCookie>> {
        let set_cookie = (self.0)(input.set_cookie.as_slice()).into();
        Reference::new(PROFILE).parse_set_cookie(&ParseSetCookie { set_cookie, ..input.clone() })
    }

    fn parse_cookie(&mut self, input: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        let lines = input.cookie.iter().map(|line| (self.0)(line.as_slice()).into());
        Reference::new(PROFILE).parse_cookie(&ParseCookie { cookie: lines.collect() })
    }

    fn format_set_cookie(&mut self, input: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        let written = Reference::new(PROFILE).format_set_cookie(input)?;
        Ok(written.map(|line| (self.0)(line.as_slice()).into()))
    }

    fn jar(&mut self, now: i64, config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        Ok(Box::new(AlteredJar(self.0, Reference::new(PROFILE).jar(now, config)?)))
    }
}

struct AlteredJar(fn(&[u8]) -> Vec<u8>, Box<dyn Jar>);

impl Jar for AlteredJar {
    fn receive(
        &mut self,
        uri: &Octets,
        set_cookie: &[Octets],
        context: &Context,
    ) -> OperationResult<()> {
        let lines: Vec<_> =
            set_cookie.iter().map(|line| (self.0)(line.as_slice()).into()).collect();
        self.1.receive(uri, &lines, context)
    }

    fn send(&mut self, uri: &Octets, context: &Context) -> OperationResult<Sent> {
        self.1.send(uri, context)
    }
}

/// A store that keeps cookies and sends none.
struct Mute;

impl Implementation for Mute {
    fn about(&self) -> ImplementationInfo {
        Reference::new(PROFILE).about()
    }

    fn jar(&mut self, now: i64, config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        Ok(Box::new(MuteJar(Reference::new(PROFILE).jar(now, config)?)))
    }
}

struct MuteJar(Box<dyn Jar>);

impl Jar for MuteJar {
    fn receive(
        &mut self,
        uri: &Octets,
        set_cookie: &[Octets],
        context: &Context,
    ) -> OperationResult<()> {
        self.0.receive(uri, set_cookie, context)
    }

    fn send(&mut self, _uri: &Octets, _context: &Context) -> OperationResult<Sent> {
        Ok(Sent::default())
    }

    fn dump(&mut self) -> OperationResult<Vec<StoredCookie>> {
        self.0.dump()
    }
}

fn model(name: &str, alter: fn(&[u8]) -> Vec<u8>) -> Model {
    Model {
        name: name.to_owned(),
        behaviour: format!("It does what {name} does."),
        rule: Some(SpecReference::at(PROFILE, ("5.2", "6"), ("5.6", "6"), "a rule")),
        case: String::new(),
        implementation: Box::new(Altered(alter)),
    }
}

/// The only finding for the worst divergence of an altered engine.
fn finding(alter: fn(&[u8]) -> Vec<u8>, models: Vec<Model>, operation: Value) -> Finding {
    let mut findings = findings(alter, models, operation);
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings.remove(0)
}

/// The findings for the worst divergence of an altered engine.
fn findings(alter: fn(&[u8]) -> Vec<u8>, models: Vec<Model>, operation: Value) -> Vec<Finding> {
    findings_of(Box::new(Altered(alter)), models, operation)
}

/// The findings for the worst divergence of an implementation.
fn findings_of(
    implementation: Box<dyn Implementation + Send>,
    models: Vec<Model>,
    operation: Value,
) -> Vec<Finding> {
    let operation: Operation = serde_json::from_value(operation).unwrap();
    let subject = Subject {
        name: "altered".to_owned(),
        command: None,
        profile: PROFILE,
        executors: vec![Box::new(InProcess::new(implementation))],
        models,
    };
    let mut subjects = vec![subject];
    let outcome = subjects[0].execute_supported([&operation]).remove(0).unwrap();
    let expected = Expected::of(PROFILE, &operation);
    let divergences =
        classify(PROFILE, subjects[0].about(), &operation, &expected, &outcome).unwrap();
    let mut triage = Triage::new(&mut subjects, Origin { seed: 1, case: 0 });
    let found = triage.findings(0, &operation, &divergences[0]);
    found.into_iter().map(|(finding, _)| finding).collect()
}

fn jar(steps: Value) -> Value {
    json!({ "op": "jar", "in": { "now": 1_767_571_200, "steps": steps } })
}

fn receive(line: &str) -> Value {
    json!({ "do": "receive", "uri": "https://site.example/", "set_cookie": [line] })
}

fn send(label: &str) -> Value {
    json!({ "do": "send", "at": label, "uri": "https://site.example/" })
}

fn parse(line: &str) -> Value {
    json!({ "op": "parse.set-cookie", "in": { "set_cookie": line } })
}

fn replaced(line: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(line).replace(from, to).into_bytes()
}

fn steps(finding: &Finding) -> usize {
    let Operation::Jar(program) = &finding.operation else { panic!() };
    program.steps.len()
}

fn place(finding: &Finding) -> Option<String> {
    finding.rule.as_ref().map(ToString::to_string)
}

/// A year in front of the day is taken for 1990.
fn misreads_year_first(line: &[u8]) -> Vec<u8> {
    replaced(line, "Expires=0:0:0 2090", "Expires=0:0:0 1990")
}

#[test]
fn neither_other_cookies_nor_later_steps_are_the_cause() {
    let found = finding(
        misreads_year_first,
        Vec::new(),
        jar(json!([
            receive("other=1; Secure; Max-Age=x"),
            receive("a=b; Expires=0:0:0 2090 aug 2"),
            receive("c=d; Domain=foreign.example"),
            send("1"),
            receive("e=f; Domain=other.example"),
            send("2"),
        ])),
    );
    assert_eq!(found.statement(), "header: cookie left out");
    assert_eq!(place(&found).as_deref(), Some("rfc6265bis section 5.1.1"));
    assert_eq!(steps(&found), 2, "{:?}", found.operation);
    assert_eq!(found.trace.len(), 2);
}

#[test]
fn what_the_engine_ignores_by_a_step_is_kept_against_that_step() {
    let without_domain = |line: &[u8]| replaced(line, "; Domain=foreign.example", "");
    let program =
        json!([receive("x=y"), receive("a=b; Domain=foreign.example"), send("1"), send("2")]);
    let found = finding(without_domain, Vec::new(), jar(program));
    assert_eq!(found.statement(), "header: cookie too many");
    assert_eq!(place(&found).as_deref(), Some("rfc6265bis section 5.7 step 10"));
    assert_eq!(steps(&found), 2);
}

#[test]
fn a_cookie_without_name_and_value_is_ignored_by_the_store() {
    let names_the_nameless = |line: &[u8]| if line == b"=" { b"a=".to_vec() } else { line.into() };
    let found = finding(names_the_nameless, Vec::new(), parse("="));
    assert_eq!(found.statement(), "cookie: accepted");
    assert_eq!(place(&found).as_deref(), Some("rfc6265bis section 5.7 step 2"));
}

#[test]
fn what_is_ignored_is_not_rewritten() {
    let takes_control_behind_blank = |line: &[u8]| replaced(line, " \u{1}", "");
    let found = finding(takes_control_behind_blank, Vec::new(), parse("a= \u{1}"));
    assert_eq!(place(&found).as_deref(), Some("rfc6265bis section 5.6 step 1"));
}

#[test]
fn without_confirmation_no_rule_is_cited() {
    let loses_odd_names = |line: &[u8]| if line.contains(&b'~') { Vec::new() } else { line.into() };
    let never = model("never", |line| line.to_vec());
    let program = json!([receive("other=1; Domain=foreign.example"), receive("~=b"), send("1")]);
    let found = finding(loses_odd_names, vec![never], jar(program));
    assert_eq!((place(&found), &found.like), (None, &None));
    let shown = FindingDisplay { finding: &found, file: None, is_brief: true }.to_string();
    assert!(shown.contains("\n  spec   no rule confirmed\n"), "{shown}");
    assert_eq!(promote(&found, "jar.pair")["spec"][0]["sec"], "WHICH SECTION");
}

#[test]
fn the_model_is_named_that_answers_like_the_target_on_variations() {
    let unquotes = |line: &[u8]| replaced(line, "\"", "");
    let models = vec![
        model("cuts-at-quote", |line| line.split(|octet| *octet == b'"').next().unwrap().to_vec()),
        model("loses-second-octet", |line| {
            line.iter().enumerate().filter(|(at, _)| *at != 2).map(|(_, octet)| *octet).collect()
        }),
        model("unquotes", unquotes),
    ];
    let found = finding(unquotes, models, parse("abc=\"; Path=/"));
    let like = found.like.as_ref().unwrap();
    assert_eq!((&like.model[..], like.agreed), ("unquotes", like.of));
    assert!(like.of > 10, "{like:?}");
    assert_eq!(place(&found).as_deref(), Some("rfc6265bis section 5.6 step 6"));
}

#[test]
fn an_attribute_that_does_not_count_is_confirmed_by_leaving_it_out() {
    let reads_junk = |line: &[u8]| replaced(line, "Expires=soon", "Secure");
    let found = finding(reads_junk, Vec::new(), parse("a=b; Expires=soon; Path=/"));
    assert_eq!(found.statement(), "secure: set");
    assert_eq!(place(&found).as_deref(), Some("rfc6265bis section 5.6.1 step 2"));
}

#[test]
fn an_attribute_without_a_value_is_rewritten_as_well() {
    let refuses_empty_domain =
        |line: &[u8]| if line.ends_with(b"Domain") { Vec::new() } else { line.to_vec() };
    let found = finding(refuses_empty_domain, Vec::new(), parse("a=b; Domain"));
    assert_eq!(found.statement(), "cookie: refused");
    assert_eq!(place(&found), None);
}

#[test]
fn quotes_that_the_grammar_allows_break_no_rule() {
    let quotes = |line: &[u8]| replaced(line, "a=", "a=\"\"");
    let operation = json!({ "op": "format.set-cookie", "in": { "name": "a", "value": "" } });
    let found = finding(quotes, Vec::new(), operation);
    assert_eq!(found.statement(), r#"the value changed from "" to "\"\"" (filled)"#);
    assert_eq!(place(&found), None);
    let operation = json!({ "op": "format.set-cookie", "in": { "name": "a", "value": "" } });
    let breaks = |line: &[u8]| replaced(line, "a=", "a=\"");
    let found = finding(breaks, Vec::new(), operation);
    assert_eq!(place(&found).as_deref(), Some("rfc6265bis section 4.1.1"));
}

#[test]
fn what_is_too_long_for_user_agents_follows_the_grammar() {
    let path = format!("/{}", "p".repeat(1024));
    let line = format!("a=b; Path={path}");
    assert!(follows_grammar(line.as_bytes(), PROFILE));
    assert!(!follows_grammar(b"a=b; Path=/\x01", PROFILE));
}

#[test]
fn a_line_break_that_is_written_is_high() {
    let writes = |line: &[u8]| [line, b"; Path=/\r\n"].concat();
    let operation =
        json!({ "op": "format.set-cookie", "in": { "name": "a", "value": "b", "path": "/" } });
    let found = finding(writes, Vec::new(), operation);
    assert_eq!(found.difference, "line break written");
    assert_eq!(found.impact().severity(), Severity::High);
    assert_eq!(promote(&found, "format")["severity"], "high");
    assert_eq!(place(&found).as_deref(), Some("rfc6265bis section 4.1.1"));
}

#[test]
fn findings_of_one_cause_are_listed_once() {
    let unquotes = |line: &[u8]| replaced(line, "\"", "");
    let in_store = jar(json!([receive("a=\"b\""), send("1")]));
    let insecure = |line: &[u8]| replaced(line, "; Secure", "");
    let findings = [
        finding(unquotes, vec![model("unquotes", unquotes)], parse("a=\"b\"; Path=/")),
        finding(unquotes, vec![model("unquotes", unquotes)], in_store),
        finding(insecure, Vec::new(), parse("a=b; Secure")),
    ];
    let causes = Causes::of(&findings);
    let shown = CausesDisplay { causes: &causes, files: None }.to_string();
    assert!(shown.starts_with("2 causes: 1 high, 1 medium; 3 findings\n\n1. high: "), "{shown}");
    assert!(shown.contains("\n2. medium: wrong cookie, 2 findings\n"), "{shown}");
    assert_eq!(shown.matches("  also   ").count(), 1, "{shown}");
}

#[test]
fn a_pair_that_is_lost_alone_is_not_lost_to_its_neighbours() {
    let field = json!({ "op": "parse.cookie", "in": { "cookie": ["a; x=1"] } });
    let finding_of = |alter| finding(alter, Vec::new(), field.clone());
    let always = finding_of(|line| replaced(line, "x=1", ""));
    assert_eq!((always.kind, &always.difference[..]), (Kind::Divergence, "lost"));
    let Operation::ParseCookie(input) = &always.operation else { panic!() };
    assert_eq!(input.cookie.len(), 1);
    assert!(!input.cookie[0].as_slice().contains(&b';'), "{}", input.cookie[0]);
    let behind = finding_of(|line| replaced(line, "; x=1", ""));
    assert_eq!((behind.kind, &behind.difference[..]), (Kind::Property, LOST_TO_NEIGHBOURS));
}

#[test]
fn a_cookie_that_was_deleted_is_called_so() {
    let never_deletes = |line: &[u8]| replaced(line, "; Max-Age=0", "");
    let program = json!([receive("a=b"), receive("a=b; Max-Age=0"), send("1")]);
    let found = finding(never_deletes, Vec::new(), jar(program));
    assert_eq!(found.statement(), "header: deleted cookie sent");
    assert_eq!(steps(&found), 2);
    let without_domain = |line: &[u8]| replaced(line, "; Domain=foreign.example", "");
    let program =
        json!([receive("a=b; Max-Age=0"), receive("a=c; Domain=foreign.example"), send("1")]);
    let found = finding(without_domain, Vec::new(), jar(program));
    assert_eq!(found.statement(), "header: cookie too many");
}

/// A date is read only with a weekday and with two digits in each number of its time.
fn reads_strict_dates(line: &[u8]) -> Vec<u8> {
    let is_strict = line.windows(4).any(|part| part == b"Thu,")
        && line.windows(8).any(|part| part == b"00:00:00");
    if is_strict { line.to_vec() } else { replaced(line, "Expires", "X") }
}

#[test]
fn a_fault_that_is_not_alone_is_no_cause() {
    let needs_two_digits = |line: &[u8]| replaced(line, "Expires=6 Jan 2000 0:0:0", "X");
    let two_digits = || vec![model("two-digits", needs_two_digits)];
    let operation = || parse("a=; Expires=6 Jan 2000 0:0:0");
    let both = finding(reads_strict_dates, two_digits(), operation());
    assert_eq!(both.statement(), "expires: lost");
    assert_eq!(both.like, None);
    assert_eq!(place(&both).as_deref(), Some("rfc6265bis section 5.1.1"));
    let needs_weekday = |line: &[u8]| {
        if line.windows(4).any(|part| part == b"Thu,") {
            line.to_vec()
        } else {
            replaced(line, "Expires", "X")
        }
    };
    let one = finding(needs_weekday, two_digits(), operation());
    assert_eq!(one.like, None);
    assert_eq!(place(&one).as_deref(), Some("rfc6265bis section 5.1.1 step 2"));
}

#[test]
fn an_input_with_two_faults_is_two_findings() {
    // A date is read whose year has one digit, and one is not read that has a "~".
    let misreads = |line: &[u8]| {
        let misread = |part: &[u8]| match part {
            [.., b' ', b'0'] => [part, b"1"].concat(),
            _ if part.contains(&b'~') => Vec::new(),
            _ => part.to_vec(),
        };
        line.split(|octet| *octet == b';').map(misread).collect::<Vec<_>>().join(&b';')
    };
    let line = "a=; Expires=Jan 7 0:0:0 0; Expires=Jan~8 0:0:0 2002";
    let findings = findings(misreads, Vec::new(), parse(line));
    let statements: Vec<_> = findings.iter().map(Finding::statement).collect();
    assert_eq!(statements, ["expires: lost", "expires: found"]);
    let places: Vec<_> = findings.iter().map(place).collect();
    let expected = ["rfc6265bis section 5.1.1 step 1", "rfc6265bis section 5.6.1 step 2"];
    assert_eq!(places, expected.map(|place| Some(place.to_owned())));
}

#[test]
fn the_general_model_is_preferred() {
    let loses_quoted = |line: &[u8]| if line.contains(&b'"') { Vec::new() } else { line.to_vec() };
    let loses_quoted_a = |line: &[u8]| {
        if line.starts_with(b"a") && line.contains(&b'"') { Vec::new() } else { line.to_vec() }
    };
    let case = Suite::embedded().unwrap().cases().iter().find_map(|case| {
        let Operation::ParseSetCookie(input) = case.operation() else { return None };
        let line = input.set_cookie.as_slice();
        (line.contains(&b'"') && !line.starts_with(b"a")).then(|| case.id.clone())
    });
    let general = Model { case: case.unwrap(), ..model("loses-quoted", loses_quoted) };
    let models = vec![model("loses-quoted-a", loses_quoted_a), general];
    let found = finding(loses_quoted, models, parse("a=\"; Path=/"));
    assert_eq!(found.like.as_ref().map(|like| &*like.model), Some("loses-quoted"));
}

#[test]
fn a_domain_that_is_no_suffix_of_the_host_is_not_blamed_on_public_suffixes() {
    let without_domain = |line: &[u8]| replaced(line, "; Domain=elsewhere", "");
    let program = json!([receive("a=b; Domain=elsewhere"), send("1")]);
    let found = finding(without_domain, Vec::new(), jar(program));
    assert_eq!(place(&found).as_deref(), Some("rfc6265bis section 5.7 step 10"));
}

#[test]
fn a_cookie_that_is_stored_and_not_sent_is_not_one_that_is_refused() {
    let refuses = |line: &[u8]| if line.starts_with(b"a") { Vec::new() } else { line.to_vec() };
    let program = || jar(json!([receive("a=b"), send("1")]));
    let refused = finding(refuses, vec![model("refuses", refuses)], program());
    assert_eq!(refused.statement(), "header: cookie left out");
    assert_eq!(refused.like.map(|like| like.model).as_deref(), Some("refuses"));
    let unsent = findings_of(Box::new(Mute), vec![model("refuses", refuses)], program());
    assert_eq!(unsent[0].statement(), "header: cookie left out");
    assert_eq!(unsent[0].like, None);
}
