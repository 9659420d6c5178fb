//! Jar programs: after every step the engine's cookie store holds what the naive twin's holds, and
//! both send the same. What is sent is held to [`super::retrieval`], too, where both could be wrong.

use cookiespec_engine::{
    Api, Context, CookieStore, Limits, Policy, Profile, PublicSuffixes, Request, SameSite, Uri,
    host::HostRule, store,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::agree::retrieval;
use crate::generate::Octets;
use crate::generate::program::{Agent, Program, Step};
use crate::generate::world::{self, START, Suffixes};
use crate::twin;
use crate::twin::set_cookie::Enforcement;
use crate::twin::store::{Circumstances, Store, UserAgent};

/// Runs a program on both and compares what they hold and send after every step.
pub fn run(program: &Program) -> TestCaseResult {
    let mut both = Both::new(program);
    for (at, step) in program.steps.iter().enumerate() {
        both.take(step)
            .map_err(|error| TestCaseError::fail(format!("at step {at}, {step:?}:\n{error}")))?;
    }
    Ok(())
}

/// The engine and the twin, side by side.
struct Both {
    profile: Profile,
    engine: CookieStore<Suffixes>,
    now: i64,
    twin: Store,
}

impl PublicSuffixes for Suffixes {
    fn is_public_suffix(&self, domain: &[u8]) -> bool {
        self.contain(domain)
    }
}

impl Both {
    fn new(program: &Program) -> Self {
        let policy = policy(program.profile, &program.agent);
        Self {
            profile: program.profile,
            engine: CookieStore::new(policy, program.agent.suffixes),
            now: START,
            twin: Store::new(user_agent(&program.agent), START),
        }
    }

    fn take(&mut self, step: &Step) -> TestCaseResult {
        match step {
            Step::Receive(uri, line, context) => self.receive(*uri, line, *context, Api::Http),
            Step::ScriptSet(uri, line, context) => self.receive(*uri, line, *context, Api::NonHttp),
            Step::Send(uri, context) => self.retrieve(*uri, *context, Api::Http)?,
            Step::ScriptGet(uri, context) => self.retrieve(*uri, *context, Api::NonHttp)?,
            Step::Advance(seconds) => {
                self.now += seconds;
                self.twin.advance(*seconds);
            }
            Step::Restart => {
                self.engine.end_session(self.now);
                self.twin.end_session();
            }
            Step::Suffixes(suffixes) => {
                self.engine.set_suffixes(*suffixes);
                self.twin.user_agent.public_suffixes = function(*suffixes);
            }
        }
        let engine: Vec<Dumped> = self.engine.cookies(self.now).iter().map(from_engine).collect();
        prop_assert_eq!(&engine, &from_twin(&self.twin), "the stores differ: engine, twin");
        self.within_limits(&engine)
    }

    fn within_limits(&self, stored: &[Dumped]) -> TestCaseResult {
        let Limits { per_domain, total } = self.engine.policy().limits;
        prop_assert!(stored.len() <= total.unwrap_or(usize::MAX), "too many cookies in all");
        for cookie in stored {
            let sharing = stored.iter().filter(|other| other.domain == cookie.domain).count();
            let most = per_domain.unwrap_or(usize::MAX);
            prop_assert!(sharing <= most, "{:?} has {} cookies", cookie.domain, sharing);
        }
        Ok(())
    }

    fn receive(&mut self, uri: world::Uri, line: &Octets, context: world::Context, api: Api) {
        let text = uri.to_string();
        let request = request(&text, context, api);
        // Whether the cookie was ignored, and what for, shows in the store.
        let _ = self.engine.receive(&line.0, &request, self.now, &mut ());
        let (uri, circumstances) = for_twin(uri, context, api);
        match self.profile {
            Profile::Rfc6265 => self.twin.receive_rfc6265(&line.0, &uri, circumstances),
            Profile::Rfc6265bis => self.twin.receive_rfc6265bis(&line.0, &uri, circumstances),
        }
    }

    fn retrieve(&mut self, uri: world::Uri, context: world::Context, api: Api) -> TestCaseResult {
        let text = uri.to_string();
        let request = request(&text, context, api);
        let policy = *self.engine.policy();
        let cookie_list = self.engine.retrieve(&request, self.now, &mut ());
        retrieval::may_be_sent(&cookie_list, &policy, &request, self.now)?;
        let engine = store::serialize(&cookie_list);
        let (uri, circumstances) = for_twin(uri, context, api);
        let twin = match self.profile {
            Profile::Rfc6265 => self.twin.retrieve_rfc6265(&uri, circumstances),
            Profile::Rfc6265bis => self.twin.retrieve_rfc6265bis(&uri, circumstances),
        };
        prop_assert_eq!(Octets(engine), Octets(twin), "the cookie-strings differ: engine, twin");
        Ok(())
    }
}

fn policy(profile: Profile, agent: &Agent) -> Policy {
    let mut policy = Policy::new(profile);
    policy.secure_localhost = agent.secure_localhost;
    policy.host_rule = if agent.strict_hosts { HostRule::Strict } else { HostRule::Lenient };
    policy.lax_allowing_unsafe = agent.lax_allowing_unsafe;
    policy.limits = Limits { per_domain: agent.per_domain, total: agent.total };
    policy
}

fn user_agent(agent: &Agent) -> UserAgent {
    UserAgent {
        public_suffixes: function(agent.suffixes),
        trusted_hosts: match agent.secure_localhost {
            true => &[b"localhost", b"127.0.0.1", b"[::1]"],
            false => &[],
        },
        strict_hosts: agent.strict_hosts,
        lax_allowing_unsafe: agent.lax_allowing_unsafe,
        most_per_domain: agent.per_domain.unwrap_or(usize::MAX),
        most_in_all: agent.total.unwrap_or(usize::MAX),
    }
}

fn function(suffixes: Suffixes) -> Option<fn(&[u8]) -> bool> {
    match suffixes {
        Suffixes::Off => None,
        Suffixes::Labels => Some(|domain| Suffixes::Labels.contain(domain)),
        Suffixes::WithCoTest => Some(|domain| Suffixes::WithCoTest.contain(domain)),
        Suffixes::WithSiteTest => Some(|domain| Suffixes::WithSiteTest.contain(domain)),
    }
}

fn request(uri: &str, context: world::Context, api: Api) -> Request<'_> {
    let world::Context { same_site, top_level, safe_method } = context;
    Request {
        uri: Uri::parse(uri.as_bytes()).expect("the world has valid URIs"),
        context: Context { same_site, top_level, safe_method, api },
    }
}

fn for_twin(
    uri: world::Uri,
    context: world::Context,
    api: Api,
) -> (twin::store::Uri, Circumstances) {
    let world::Context { same_site, top_level, safe_method } = context;
    (
        twin::store::Uri {
            scheme: uri.scheme.into(),
            host: uri.host.into(),
            path: uri.path.into(),
        },
        Circumstances { same_site, top_level, safe_method, non_http: api == Api::NonHttp },
    )
}

/// All that can be seen of a stored cookie.
#[derive(Debug, PartialEq)]
struct Dumped {
    name: Octets,
    value: Octets,
    domain: Octets,
    path: Octets,
    /// expiry-time of a persistent cookie.
    expiry: Option<i64>,
    creation: i64,
    last_access: i64,
    host_only: bool,
    secure_only: bool,
    http_only: bool,
    same_site: SameSite,
}

fn from_engine(cookie: &cookiespec_engine::Cookie<'_>) -> Dumped {
    Dumped {
        name: Octets(cookie.name().to_vec()),
        value: Octets(cookie.value().to_vec()),
        domain: Octets(cookie.domain().to_vec()),
        path: Octets(cookie.path().to_vec()),
        expiry: cookie.expiry(),
        creation: cookie.creation(),
        last_access: cookie.last_access(),
        host_only: cookie.host_only(),
        secure_only: cookie.secure_only(),
        http_only: cookie.http_only(),
        same_site: cookie.same_site(),
    }
}

/// The twin's cookies in order of creation.
fn from_twin(store: &Store) -> Vec<Dumped> {
    let mut cookies = store.cookies.clone();
    cookies.sort_by_key(|cookie| cookie.creation_time);
    let dumped = cookies.into_iter().map(|cookie| Dumped {
        name: Octets(cookie.name),
        value: Octets(cookie.value),
        domain: Octets(cookie.domain),
        path: Octets(cookie.path),
        expiry: cookie.persistent_flag.then_some(cookie.expiry_time),
        creation: cookie.creation_time.seconds,
        last_access: cookie.last_access_time.seconds,
        host_only: cookie.host_only_flag,
        secure_only: cookie.secure_only_flag,
        http_only: cookie.http_only_flag,
        same_site: match cookie.same_site_flag {
            Enforcement::Default => SameSite::Default,
            Enforcement::None => SameSite::None,
            Enforcement::Lax => SameSite::Lax,
            Enforcement::Strict => SameSite::Strict,
        },
    });
    dumped.collect()
}
