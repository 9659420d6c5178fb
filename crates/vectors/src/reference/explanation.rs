//! The steps of the engine for people: each with the cookie and the attribute it is about, and for
//! every stored cookie why it is sent or not.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cookiespec_engine::{
    CookieStore, Event, Limits, ParsedSetCookie, Policy, Profile, Request, SavedCookie, Step, Uri,
    set_cookie,
};

use super::details::{ExplainedStep, Gone, Receipt, Retrieval, is_same};
use super::implementation::{
    Reference, ReferenceJar, engine_context, explain, parse_uri, script_context, suffixes,
};
use super::user_agent;
use crate::dispatch::ask;
use crate::implementation::{Implementation, ImplementationInfo, Jar, OperationResult};
use crate::message::Answer;
use crate::octets::Octets;
use crate::operation::{
    Arrived, Context, ExchangeProgram, JarConfig, Operation, ParseSetCookie, ParsedCookie, Sent,
    StoredCookie,
};

/// How many cookies of other hosts are listed for one request.
const MOST_ELSEWHERE: usize = 20;

/// The steps of the engine for one set-cookie-string or one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The string, or the URI of the request.
    pub subject: Octets,
    /// The steps taken, in order.
    pub steps: Vec<ExplainedStep>,
}

/// The engine's answer to an operation, and the steps it took with what they are about. Slower than
/// [`explain`]: every stored cookie is looked at again for every request.
pub fn explain_in_detail(profile: Profile, operation: &Operation) -> (Answer, Vec<Explanation>) {
    match operation {
        Operation::ParseSetCookie(_) | Operation::Jar(_) | Operation::Exchange(_) => {
            let explanations = Explanations::default();
            let mut engine = Explained { profile, explanations: Rc::clone(&explanations) };
            let answer = ask(&mut engine, operation);
            (answer, explanations.take())
        }
        // No other operation takes steps.
        _ => (explain(profile, operation).0, Vec::new()),
    }
}

type Explanations = Rc<RefCell<Vec<Explanation>>>;

/// The engine under a profile, with its explanations.
struct Explained {
    profile: Profile,
    explanations: Explanations,
}

impl Implementation for Explained {
    fn about(&self) -> ImplementationInfo {
        Reference::new(self.profile).about()
    }

    fn parse_set_cookie(
        &mut self,
        input: &ParseSetCookie,
    ) -> OperationResult<Option<ParsedCookie>> {
        let (profile, line) = (self.profile, input.set_cookie.as_slice());
        let mut events = Vec::new();
        let parsed = set_cookie::parse_traced(line, profile, &mut events).ok();
        let uri = input.uri.as_ref().and_then(|uri| Uri::parse(uri.as_slice()).ok());
        let receipt = Receipt {
            profile,
            policy: &Policy::new(profile),
            line,
            parsed,
            request: uri.map(Request::new),
            now: input.now,
            before: &[],
            after: &[],
        };
        let steps = receipt.steps(&events);
        self.explanations
            .borrow_mut()
            .push(Explanation { subject: input.set_cookie.clone(), steps });
        Reference::new(profile).parse_set_cookie(input)
    }

    fn jar(&mut self, now: i64, config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        Ok(Box::new(ExplainedJar {
            profile: self.profile,
            jar: ReferenceJar::new(self.profile, now, config),
            gone: Vec::new(),
            explanations: Rc::clone(&self.explanations),
        }))
    }

    fn run_exchange(
        &mut self,
        program: &ExchangeProgram,
    ) -> OperationResult<BTreeMap<String, Arrived>> {
        user_agent::run(self, program)
    }
}

/// A cookie store of the engine, and what became of the cookies that left it.
struct ExplainedJar {
    profile: Profile,
    jar: ReferenceJar,
    gone: Vec<(SavedCookie, Gone)>,
    explanations: Explanations,
}

impl ExplainedJar {
    /// Every cookie in the store.
    fn stored(&self) -> Vec<SavedCookie> {
        self.jar.store.cookies(self.jar.now).into_iter().map(SavedCookie::from).collect()
    }

    /// The cookies that receiving this one may concern: those of its name, and all where one of them
    /// may have to go.
    fn concerned(&self, parsed: Option<&ParsedSetCookie<'_>>) -> Vec<SavedCookie> {
        let Some(parsed) = parsed else { return Vec::new() };
        let Limits { per_domain, total } = self.jar.store.policy().limits;
        let is_limited = per_domain.is_some() || total.is_some();
        let cookies = self.jar.store.cookies(self.jar.now).into_iter();
        let concerned = cookies.filter(|cookie| is_limited || cookie.name() == parsed.name);
        concerned.map(SavedCookie::from).collect()
    }

    /// Receives one set-cookie-string, and explains it.
    fn receive_one(
        &mut self,
        uri: &Octets,
        line: &Octets,
        context: cookiespec_engine::Context,
    ) -> OperationResult<()> {
        let parsed = set_cookie::parse(line.as_slice(), self.profile).ok();
        let before = self.concerned(parsed.as_ref());
        let events = self.jar.receive_one(uri, line, context)?;
        let after = self.concerned(parsed.as_ref());
        let receipt = Receipt {
            profile: self.profile,
            policy: self.jar.store.policy(),
            line: line.as_slice(),
            parsed,
            request: Some(Request { uri: parse_uri(uri)?, context }),
            now: Some(self.jar.now),
            before: &before,
            after: &after,
        };
        let steps = receipt.steps(&events);
        self.gone.retain(|(cookie, _)| !after.iter().any(|other| is_same(cookie, other)));
        self.push(line, steps);
        Ok(())
    }

    /// Gives what a request would carry, and explains it.
    fn send_one(
        &mut self,
        uri: &Octets,
        context: cookiespec_engine::Context,
    ) -> OperationResult<Sent> {
        let stored = self.stored();
        let (sent, events) = self.jar.send_one(uri, context)?;
        let request = Request { uri: parse_uri(uri)?, context };
        let steps = self.retrieval(&request, &stored, &events);
        self.push(uri, steps);
        Ok(sent)
    }

    /// What is done with each cookie of the store, and where those are that left it.
    fn retrieval(
        &self,
        request: &Request<'_>,
        stored: &[SavedCookie],
        events: &[Event],
    ) -> Vec<ExplainedStep> {
        let policy = self.jar.store.policy();
        let retrieval = Retrieval { profile: self.profile, policy, request };
        if let [Event { step, .. }] = events
            && matches!(step, Step::CookiesDisabled | Step::RetrievalHostNotCanonical)
        {
            return vec![retrieval.refused(*step)];
        }
        let (mut steps, mut elsewhere) = (Vec::new(), 0);
        for cookie in stored {
            let events = self.events(request, cookie);
            if events.is_empty() {
                elsewhere += 1;
                if elsewhere <= MOST_ELSEWHERE {
                    steps.push(retrieval.elsewhere(cookie));
                }
            }
            steps.extend(events.iter().map(|event| retrieval.visited(event.step, cookie)));
        }
        if elsewhere > MOST_ELSEWHERE {
            steps.push(retrieval.more_elsewhere(elsewhere - MOST_ELSEWHERE));
        }
        steps.extend(self.gone.iter().map(|(cookie, gone)| retrieval.gone(cookie, *gone)));
        steps
    }

    /// What the engine does with this cookie alone. It looks only at cookies whose domain fits.
    fn events(&self, request: &Request<'_>, cookie: &SavedCookie) -> Vec<Event> {
        let mut store = CookieStore::new(*self.jar.store.policy(), suffixes(&self.jar.config));
        let mut events = Vec::new();
        if store.restore(cookie).is_ok() {
            store.retrieve(request, self.jar.now, &mut events);
        }
        events
    }

    /// Runs what may remove cookies, and keeps those it removes.
    fn removing(
        &mut self,
        why: Gone,
        change: impl FnOnce(&mut ReferenceJar) -> OperationResult<()>,
    ) -> OperationResult<()> {
        let before = self.stored();
        change(&mut self.jar)?;
        let after = self.stored();
        let removed = before.into_iter().filter(|old| !after.iter().any(|new| is_same(old, new)));
        self.gone.extend(removed.map(|cookie| (cookie, why)));
        Ok(())
    }

    fn push(&self, subject: &Octets, steps: Vec<ExplainedStep>) {
        let subject = subject.clone();
        self.explanations.borrow_mut().push(Explanation { subject, steps });
    }
}

impl Jar for ExplainedJar {
    fn receive(
        &mut self,
        uri: &Octets,
        set_cookie: &[Octets],
        context: &Context,
    ) -> OperationResult<()> {
        let context = engine_context(context);
        set_cookie.iter().try_for_each(|line| self.receive_one(uri, line, context))
    }

    fn send(&mut self, uri: &Octets, context: &Context) -> OperationResult<Sent> {
        self.send_one(uri, engine_context(context))
    }

    fn advance(&mut self, secs: i64) -> OperationResult<()> {
        self.removing(Gone::Expired, |jar| jar.advance(secs))
    }

    fn restart(&mut self) -> OperationResult<()> {
        self.removing(Gone::SessionOver, Jar::restart)
    }

    fn copy(&self) -> OperationResult<Box<dyn Jar>> {
        Ok(Box::new(Self {
            profile: self.profile,
            jar: self.jar.copied()?,
            gone: self.gone.clone(),
            explanations: Rc::clone(&self.explanations),
        }))
    }

    fn script_set(
        &mut self,
        uri: &Octets,
        value: &Octets,
        context: &Context,
    ) -> OperationResult<()> {
        self.receive_one(uri, value, script_context(context))
    }

    fn script_get(&mut self, uri: &Octets, context: &Context) -> OperationResult<Octets> {
        let sent = self.send_one(uri, script_context(context))?;
        Ok(sent.header.unwrap_or_default())
    }

    fn dump(&mut self) -> OperationResult<Vec<StoredCookie>> {
        self.jar.dump()
    }

    fn configure(&mut self, config: &JarConfig) -> OperationResult<()> {
        self.jar.configure(config)
    }
}
