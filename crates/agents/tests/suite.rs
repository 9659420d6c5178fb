//! The walks of the whole suite, and the reference engine as a user agent that goes them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use cookiespec_agents::walk::{Pace, Walk};
use cookiespec_agents::{Adapter, Agent, AgentError, AgentFacts, Navigation, WalkOrigins};
use cookiespec_vectors::operation::{Context, JarConfig, JarProgram};
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{
    Answer, Case, Implementation, ImplementationInfo, Jar, Octets, Operation, Profile, Suite, ask,
};
use cookiespec_wire::Scheme;
use cookiespec_wire::server::{HttpVersion, Received, Responder};

fn unix_now() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    now.as_secs().try_into().unwrap()
}

/// The jar cases of the suite and their programs.
fn programs(suite: &Suite) -> impl Iterator<Item = (&Case, JarProgram)> {
    suite.cases().iter().filter_map(|case| match case.operation() {
        Operation::Jar(program) => Some((case, program.clone())),
        _ => None,
    })
}

/// How many jar cases can be walked with these facts, and what the others need.
fn counts(facts: &AgentFacts) -> (usize, BTreeMap<String, usize>) {
    let suite = Suite::embedded().unwrap();
    let (mut walked, mut needs) = (0, BTreeMap::<String, usize>::new());
    for (case, program) in programs(&suite) {
        match Walk::of(&program, facts, unix_now(), Pace::WithoutPauses) {
            Ok(walk) => {
                let labels = program.steps.iter().filter_map(|step| step.label());
                let observed = walk.hops().filter_map(|hop| hop.observed.as_deref());
                if !facts.scripts {
                    assert!(labels.eq(observed), "{}", case.id);
                }
                walked += 1;
            }
            Err(cookiespec_vectors::Refusal::Unsupported { need }) => {
                *needs.entry(need).or_default() += 1;
            }
            Err(error) => panic!("{}: {error:?}", case.id),
        }
    }
    (walked, needs)
}

#[test]
fn every_jar_case_is_walked_or_names_what_it_needs() {
    let client = AgentFacts { redirects: 20, restart: true, ..AgentFacts::default() };
    let browser = AgentFacts { scripts: true, cross_site: true, ..client.clone() };
    for (name, facts) in [("client", client), ("browser", browser)] {
        let (walked, needs) = counts(&facts);
        let others: usize = needs.values().sum();
        println!("{name}: {walked} jar cases walked, {others} not: {needs:?}");
        assert!(walked > others, "{name}");
    }
}

/// The reference engine as a user agent: its requests are handed to the origins without a network.
struct Engine {
    about: ImplementationInfo,
    facts: AgentFacts,
    profile: Profile,
    jar: Box<dyn Jar>,
    origins: Arc<WalkOrigins>,
}

impl Engine {
    fn new(profile: Profile, origins: &Arc<WalkOrigins>) -> Self {
        Self {
            about: Reference::new(profile).about(),
            facts: AgentFacts { redirects: 5, restart: true, ..AgentFacts::default() },
            profile,
            jar: Reference::new(profile).jar(unix_now(), &JarConfig::default()).unwrap(),
            origins: Arc::clone(origins),
        }
    }
}

impl Agent for Engine {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn facts(&self) -> &AgentFacts {
        &self.facts
    }

    fn navigate(&mut self, navigation: &Navigation) -> Result<(), AgentError> {
        let mut uri = navigation.uri.clone();
        for _ in 0..=navigation.follow {
            let context = Context { method: navigation.method.clone(), ..Context::default() };
            let cookie = self.jar.send(&uri.as_str().into(), &context).unwrap().header;
            let reply = self.origins.respond(&received(&navigation.method, &uri, cookie));
            let set_cookie = reply.fields.iter().filter(|(name, _)| name == "Set-Cookie");
            let set_cookie: Vec<_> = set_cookie.map(|(_, line)| Octets::from(line)).collect();
            self.jar.receive(&uri.as_str().into(), &set_cookie, &context).unwrap();
            let location = reply.fields.iter().find(|(name, _)| name == "Location");
            let Some((_, location)) = location else { return Ok(()) };
            uri = String::from_utf8(location.clone()).unwrap();
        }
        Ok(())
    }

    fn clear(&mut self) -> Result<(), AgentError> {
        self.jar = Reference::new(self.profile).jar(unix_now(), &JarConfig::default()).unwrap();
        Ok(())
    }

    fn restart(&mut self) -> Result<(), AgentError> {
        self.jar.restart().unwrap();
        Ok(())
    }
}

/// A GET or another request as a client sends it, read independently of what walks make of URIs.
fn received(method: &str, uri: &str, cookie: Option<Octets>) -> Received {
    let (scheme, rest) = uri.split_once("://").unwrap();
    let secure = scheme.eq_ignore_ascii_case("https");
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let target = target.split('#').next().unwrap();
    let has_port = authority.rfind(':').is_some_and(|at| !authority[at..].contains(']'));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if has_port => (host, port.parse().ok()),
        _ => (authority, None),
    };
    Received {
        method: method.to_owned(),
        scheme: if secure { Scheme::Https } else { Scheme::Http },
        host: host.to_ascii_lowercase(),
        port: port.unwrap_or(if secure { 443 } else { 80 }),
        target: if target.starts_with('/') { target.into() } else { format!("/{target}") },
        version: HttpVersion::Http11,
        fields: cookie.into_iter().map(|it| ("Cookie".to_owned(), it.into_vec())).collect(),
        head: Vec::new(),
        body: Vec::new(),
        connection: 1,
        tls: secure,
        at: SystemTime::now(),
    }
}

/// The Cookie fields that an answer has, by their labels.
fn headers(answer: &Answer) -> BTreeMap<String, String> {
    let Answer::Ok(value) = answer else { panic!("{answer:?}") };
    let observations = value["obs"].as_object().unwrap();
    observations.iter().map(|(label, it)| (label.clone(), it["header"].to_string())).collect()
}

#[test]
fn the_reference_engine_sends_on_a_walk_what_it_sends_in_process() {
    let suite = Suite::embedded().unwrap();
    for profile in Profile::ALL {
        let origins = Arc::new(WalkOrigins::new());
        let mut adapter =
            Adapter::new(Box::new(Engine::new(profile, &origins)), Arc::clone(&origins));
        let mut walked = 0;
        for (case, program) in programs(&suite) {
            // The engine on a walk has its own list of public suffixes.
            let own = JarProgram { config: JarConfig::default(), ..program.clone() };
            let answer = ask(&mut adapter, &Operation::Jar(program));
            if matches!(answer, Answer::Unsupported { .. }) {
                continue;
            }
            let in_process = ask(&mut Reference::new(profile), &Operation::Jar(own));
            assert_eq!(headers(&answer), headers(&in_process), "{} {}", profile.name(), case.id);
            walked += 1;
        }
        assert!(walked > 300, "{walked}");
    }
}

/// The reference engine, which forgets its cookies before each request on its first walk.
struct SlowToLearn {
    engine: Engine,
    walks: usize,
}

impl Agent for SlowToLearn {
    fn about(&self) -> &ImplementationInfo {
        self.engine.about()
    }

    fn facts(&self) -> &AgentFacts {
        self.engine.facts()
    }

    fn navigate(&mut self, navigation: &Navigation) -> Result<(), AgentError> {
        if self.walks == 1 {
            self.engine.clear()?;
        }
        self.engine.navigate(navigation)
    }

    fn clear(&mut self) -> Result<(), AgentError> {
        self.walks += 1;
        self.engine.clear()
    }

    fn restart(&mut self) -> Result<(), AgentError> {
        self.engine.restart()
    }
}

#[test]
fn what_is_not_expected_is_walked_again_with_the_pauses_of_the_program() {
    let (uri, profile) = ("http://a.test/", Profile::Rfc6265bis);
    let sent = |advance: u64| {
        let origins = Arc::new(WalkOrigins::new());
        let engine = Engine { facts: AgentFacts::default(), ..Engine::new(profile, &origins) };
        let agent = SlowToLearn { engine, walks: 0 };
        let mut adapter = Adapter::new(Box::new(agent), origins);
        let program = serde_json::from_value(serde_json::json!({"now": unix_now(), "steps": [
            {"do": "receive", "uri": uri, "set_cookie": ["a=b"]},
            {"do": "advance", "secs": advance},
            {"do": "send", "at": "x", "uri": uri}
        ]}));
        let start = Instant::now();
        let headers = headers(&ask(&mut adapter, &Operation::Jar(program.unwrap())));
        (headers["x"].clone(), start.elapsed())
    };
    assert_eq!(sent(0).0, "null");
    let (header, time) = sent(1);
    assert_eq!(header, "\"a=b\"");
    assert!(time >= Duration::from_secs(1), "{time:?}");
}
