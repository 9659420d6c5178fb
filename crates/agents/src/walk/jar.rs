//! A program of a cookie store as a walk.
//!
//! What a store receives becomes the Set-Cookie field lines of a response, and what it would send is
//! the Cookie field lines of a request. A response redirects to the next request where the agent
//! follows redirects, so that a whole case may be one navigation.

use std::time::Duration;

use cookiespec_vectors::operation::{Api, Context, JarProgram, Step};
use cookiespec_vectors::{Octets, OperationResult, ability, unsupported};
use serde_json::{Map, Value};

use super::circumstances;
use super::legs::{Hop, Leg, Means, Page, Visit, Walk};
use super::location::Location;
use crate::agent::AgentFacts;

/// Whether time passes on a walk where the program says so.
///
/// A walk without pauses says as much as one with them, and sooner, if it observes what the reference
/// engine does. If it does not, the pauses may be what is missing: an agent may count in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// No time does.
    WithoutPauses,
    /// It does.
    WithPauses,
}

impl Walk {
    /// The walk of a program for an agent, at the time `now` in Unix seconds.
    ///
    /// # Errors
    /// Unsupported: the ability that the agent, or any walk, lacks.
    pub fn of(
        program: &JarProgram,
        facts: &AgentFacts,
        now: i64,
        pace: Pace,
    ) -> OperationResult<Self> {
        if let Some(need) = ability::implied_by(program).into_iter().find(|it| !facts.can(it)) {
            return unsupported(need);
        }
        if facts.public_suffixes {
            circumstances::has_real_suffixes(program)?;
        }
        let date = circumstances::date_of_walk(program, facts.clock, now)?;
        let mut legs = Legs::new(program, facts, pace);
        for step in &program.steps {
            legs.add(step)?;
        }
        Ok(Self { legs: legs.done, date })
    }

    /// Whether time passes in a program, and a walk without it observed something that the reference
    /// engine does not, whatever the profile.
    pub fn needs_pauses(program: &JarProgram, observations: &Map<String, Value>) -> bool {
        program.steps.iter().any(|step| matches!(step, Step::Advance { secs: 1.. }))
            && !circumstances::is_expected(program, observations)
    }
}

/// The legs of a walk while it is laid out.
struct Legs<'a> {
    facts: &'a AgentFacts,
    pace: Pace,
    /// Whether the result may depend on which site a request comes from.
    minds_sites: bool,
    done: Vec<Leg>,
}

impl<'a> Legs<'a> {
    fn new(program: &JarProgram, facts: &'a AgentFacts, pace: Pace) -> Self {
        let minds_sites = program.steps.iter().any(minds_sites);
        Self { facts, pace, minds_sites, done: Vec::new() }
    }

    fn add(&mut self, step: &Step) -> OperationResult<()> {
        match step {
            Step::Receive { uri, set_cookie, context } => {
                if set_cookie
                    .iter()
                    .any(|line| line.as_slice().iter().any(|it| b"\r\n".contains(it)))
                {
                    return unsupported("http: a field value with CR or LF");
                }
                let mut hop = self.hop(uri, context)?;
                let lines = set_cookie.iter().map(|line| line.as_slice().to_vec());
                hop.response.fields.extend(lines.map(|line| ("Set-Cookie".to_owned(), line)));
                self.request(hop, context)
            }
            Step::Send { at, uri, context } => {
                let hop = Hop { observed: Some(at.clone()), ..self.hop(uri, context)? };
                self.request(hop, context)
            }
            Step::ScriptSet { uri, value, context } => {
                let Ok(value) = str::from_utf8(value.as_slice()) else {
                    return unsupported("http: a script with octets that are not UTF-8");
                };
                self.document(uri, context, Page::Assign(value.to_owned()))
            }
            Step::ScriptGet { at, uri, context } => {
                self.document(uri, context, Page::Read(at.clone()))
            }
            Step::Restart => {
                self.done.push(Leg::Restart);
                Ok(())
            }
            Step::Advance { secs } => {
                if let (Pace::WithPauses, Ok(secs)) = (self.pace, u64::try_from(*secs)) {
                    self.done.push(Leg::Pause(Duration::from_secs(secs)));
                }
                Ok(())
            }
            Step::Dump { .. } => unsupported(ability::DUMP),
            Step::Configure { .. } => unsupported(ability::CONFIGURE),
        }
    }

    fn hop(&self, uri: &Octets, context: &Context) -> OperationResult<Hop> {
        if context.api == Api::Script {
            return unsupported("http: a request that is none of HTTP");
        }
        Ok(Hop { method: Some(context.method.clone()), ..Hop::get(Location::of(uri)?) })
    }

    /// Adds a request that comes about as the context says.
    fn request(&mut self, hop: Hop, context: &Context) -> OperationResult<()> {
        // Only browsers know of pages; to others, every request is like one a user asked for. What a
        // user asks a browser for is a GET.
        let is_asked_for = context.same_site && context.top_level && context.method == "GET";
        if self.facts.cross_site && !is_asked_for {
            let means = match (context.top_level, &*context.method) {
                (true, "GET") => Means::Link,
                (true, "POST") => Means::Form,
                (true, _) => return unsupported("http: a link or form with this method"),
                (false, "GET") => Means::Image,
                (false, _) => Means::Fetch,
            };
            let page = context.top_level.then_some(Page::End);
            let hop = Hop { page, ..hop };
            let page = from_page(means, &hop, context);
            self.done.push(Leg::Visit(Visit::to(page).then(hop)));
        } else if let Some(visit) = self.extensible(&hop) {
            visit.redirect(hop);
        } else {
            self.done.push(Leg::Visit(Visit::to(hop)));
        }
        Ok(())
    }

    /// The last navigation, if it can be redirected to this hop.
    fn extensible(&mut self, hop: &Hop) -> Option<&mut Visit> {
        let most = self.facts.redirects.min(MOST_REDIRECTS);
        let Some(Leg::Visit(visit)) = self.done.last_mut() else { return None };
        let last = visit.hops.last()?;
        let is_followed =
            visit.navigation.follow < most && visit.hops.iter().all(|hop| hop.page.is_none());
        let keeps_method = [last, hop].iter().all(|hop| hop.method.as_deref() == Some("GET"));
        let keeps_site = !self.minds_sites || last.location.is_same_host(&hop.location);
        (is_followed && keeps_method && keeps_site).then_some(visit)
    }

    /// Adds a page at a URI. Whatever its script does is of that site, so it ends its navigation.
    fn document(&mut self, uri: &Octets, context: &Context, page: Page) -> OperationResult<()> {
        let hop = Hop { page: Some(page), ..Hop::get(Location::of(uri)?) };
        match (context.same_site, context.top_level) {
            (true, true) => self.done.push(Leg::Visit(Visit::to(hop))),
            (_, false) => {
                let frame = from_page(Means::Frame, &hop, context);
                self.done.push(Leg::Visit(Visit::to(frame).then(hop)));
            }
            // Whoever opened it, a top-level document is the site that its scripts belong to.
            (false, true) => return unsupported("http: a cross-site script at the top level"),
        }
        Ok(())
    }
}

/// The page that makes the request of a hop, on the same site or another one.
fn from_page(means: Means, hop: &Hop, context: &Context) -> Hop {
    let location = match context.same_site {
        true => hop.location.with_target(PAGE),
        false => hop.location.with_host(OTHER_SITE).with_target(PAGE),
    };
    Hop { page: Some(Page::Request(means)), ..Hop::get(location) }
}

/// Whether the result of a step may depend on which site a request comes from.
fn minds_sites(step: &Step) -> bool {
    let names_it = |line: &Octets| {
        line.as_slice().windows(8).any(|window| window.eq_ignore_ascii_case(b"samesite"))
    };
    match step {
        Step::Receive { set_cookie, context, .. } => {
            !context.same_site || set_cookie.iter().any(names_it)
        }
        Step::Send { context, .. } => !context.same_site,
        Step::ScriptSet { value, context, .. } => !context.same_site || names_it(value),
        _ => false,
    }
}

/// Browsers follow twenty redirects; two are kept back for what they do by themselves.
const MOST_REDIRECTS: usize = 17;

/// The path of pages that are not part of the case.
const PAGE: &str = "/cookiespec-page";

/// The host of pages on another site than every URI of a case.
const OTHER_SITE: &str = "other-site.cookiespec-walk.test";

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn program(steps: &[Value]) -> JarProgram {
        serde_json::from_value(json!({"now": 1_800_000_000, "steps": steps})).unwrap()
    }

    fn send(at: &str, uri: &str) -> Value {
        json!({"do": "send", "at": at, "uri": uri})
    }

    fn receive(uri: &str, line: &str) -> Value {
        json!({"do": "receive", "uri": uri, "set_cookie": [line]})
    }

    /// The numbers of hops of the navigations; 0 for a restart.
    fn lengths(steps: &[Value], facts: &AgentFacts) -> Vec<usize> {
        let walk = Walk::of(&program(steps), facts, 1_800_000_000, Pace::WithoutPauses).unwrap();
        let legs = walk.legs.iter();
        legs.map(|leg| if let Leg::Visit(visit) = leg { visit.hops.len() } else { 0 }).collect()
    }

    fn follows(redirects: usize) -> AgentFacts {
        AgentFacts { redirects, ..AgentFacts::default() }
    }

    #[test]
    fn a_program_is_one_navigation_as_far_as_redirects_are_followed() {
        let mut steps = vec![receive("http://a.test/", "a=b")];
        steps.extend((0..19).map(|index| send(&index.to_string(), "https://b.test/")));
        assert_eq!(lengths(&steps, &follows(0)), [1; 20]);
        assert_eq!(lengths(&steps, &follows(9)), [10, 10]);
        assert_eq!(lengths(&steps, &follows(99)), [18, 2]);
    }

    #[test]
    fn a_restart_another_method_and_another_site_end_a_navigation() {
        let restart = json!({"do": "restart"});
        let facts = AgentFacts { restart: true, ..follows(20) };
        let (a, b) = (send("a", "http://a.test/"), send("b", "http://b.test/"));
        assert_eq!(lengths(&[a.clone(), b.clone(), restart, a.clone()], &facts), [2, 0, 1]);
        let mut post = b.clone();
        post["context"] = json!({"method": "POST"});
        assert_eq!(lengths(&[a.clone(), post, b.clone()], &facts), [1, 1, 1]);
        let strict = receive("http://a.test/", "a=b; SAMESITE=Strict");
        assert_eq!(lengths(&[strict.clone(), a, b], &facts), [2, 1]);
        assert_eq!(lengths(&[strict, send("a", "https://a.test/")], &facts), [1, 1]);
    }

    #[test]
    fn a_cross_site_request_comes_from_a_page() {
        let facts = AgentFacts { cross_site: true, ..follows(20) };
        let uri = "https://a.test/x";
        for (context, host, means) in [
            (json!({"same_site": false}), OTHER_SITE, Means::Link),
            (json!({"same_site": false, "method": "POST"}), OTHER_SITE, Means::Form),
            (json!({"same_site": false, "top_level": false}), OTHER_SITE, Means::Image),
            (json!({"top_level": false, "method": "PUT"}), "a.test", Means::Fetch),
            (json!({"method": "POST"}), "a.test", Means::Form),
        ] {
            let mut step = send("s", uri);
            step["context"] = context;
            let program = program(&[step, send("t", uri)]);
            let walk = Walk::of(&program, &facts, 0, Pace::WithoutPauses).unwrap();
            let hops: Vec<_> = walk.hops().collect();
            assert_eq!(hops[0].page, Some(Page::Request(means)));
            assert_eq!(hops[0].location.uri, format!("https://{host}:443{PAGE}"));
            assert_eq!((hops[1].location.uri.as_str(), walk.legs.len()), (uri, 2));
        }
    }

    #[test]
    fn a_script_of_another_site_runs_in_a_frame() {
        let facts = AgentFacts { cross_site: true, scripts: true, ..follows(20) };
        let step = |top_level| {
            json!({
                "do": "script-get", "at": "s", "uri": "http://a.test/x",
                "context": {"same_site": false, "top_level": top_level}
            })
        };
        let walk = Walk::of(&program(&[step(false)]), &facts, 0, Pace::WithoutPauses).unwrap();
        let hops: Vec<_> = walk.hops().collect();
        assert_eq!(hops[0].page, Some(Page::Request(Means::Frame)));
        assert_eq!(hops[0].location.host, OTHER_SITE);
        assert_eq!(hops[1].page, Some(Page::Read("s".to_owned())));
        let at_the_top = Walk::of(&program(&[step(true)]), &facts, 0, Pace::WithoutPauses);
        assert_eq!(at_the_top, unsupported("http: a cross-site script at the top level"));
    }

    #[test]
    fn what_cannot_be_walked_is_named() {
        for (step, need) in [
            (json!({"do": "dump", "at": "d"}), "dump"),
            (json!({"do": "restart"}), "restart"),
            (json!({"do": "configure", "config": {}}), "configure"),
            (json!({"do": "script-get", "at": "s", "uri": "http://a.test/"}), "script"),
            (receive("http://a.test/", "a=b\n"), "http: a field value with CR or LF"),
            (receive("ws://a.test/", "a=b"), "http: the scheme ws"),
        ] {
            let facts = AgentFacts::default();
            let walk = Walk::of(&program(&[step]), &facts, 0, Pace::WithoutPauses);
            assert_eq!(walk, unsupported(need));
        }
    }
}
