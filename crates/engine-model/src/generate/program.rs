//! Generated jar programs: what happens to a cookie store, step by step.

use std::fmt;

use cookiespec_engine::Profile;
use proptest::prelude::*;

use super::Octets;
use super::world::{Context, Suffixes, Uri, context, set_cookie_string, suffixes, uri};

/// A user agent and what happens to it. Its `Debug` output reads like a script.
#[derive(Clone)]
pub struct Program {
    /// The specification that the user agent follows.
    pub profile: Profile,
    /// The choices of the user agent.
    pub agent: Agent,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// The choices of a user agent.
#[derive(Clone, Debug)]
pub struct Agent {
    /// The public suffixes it rejects.
    pub suffixes: Suffixes,
    /// Whether every connection to localhost is secure.
    pub secure_localhost: bool,
    /// Whether hosts are canonicalized by the literal text of 6265bis section 5.1.2.
    pub strict_hosts: bool,
    /// The age in seconds up to which "Lax-allowing-unsafe" applies; `None`: never.
    pub lax_allowing_unsafe: Option<i64>,
    /// The limit of cookies per domain.
    pub per_domain: Option<usize>,
    /// The limit of cookies in the store.
    pub total: Option<usize>,
}

/// A step of a program.
#[derive(Clone)]
pub enum Step {
    /// A response with a Set-Cookie field arrives.
    Receive(Uri, Octets, Context),
    /// A request is made.
    Send(Uri, Context),
    /// A script assigns to `document.cookie`.
    ScriptSet(Uri, Octets, Context),
    /// A script reads `document.cookie`.
    ScriptGet(Uri, Context),
    /// So many seconds pass.
    Advance(i64),
    /// The session is over.
    Restart,
    /// A new public suffix list arrives.
    Suffixes(Suffixes),
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {:?}", self.profile, self.agent)?;
        self.steps.iter().enumerate().try_for_each(|(at, step)| writeln!(f, "{at:>3}  {step:?}"))
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Receive(uri, line, context) => {
                write!(f, "receive     {uri} <- {line:?}{context}")
            }
            Self::Send(uri, context) => write!(f, "send        {uri}{context}"),
            Self::ScriptSet(uri, line, context) => {
                write!(f, "script-set  {uri} <- {line:?}{context}")
            }
            Self::ScriptGet(uri, context) => write!(f, "script-get  {uri}{context}"),
            Self::Advance(seconds) => write!(f, "advance     {seconds} s"),
            Self::Restart => write!(f, "restart"),
            Self::Suffixes(suffixes) => write!(f, "suffixes    {suffixes:?}"),
        }
    }
}

/// A program for one profile. Shrinking drops steps and attributes first.
pub fn program(profile: Profile) -> impl Strategy<Value = Program> {
    (agent(profile), prop::collection::vec(step(), 1..24)).prop_map(move |(agent, steps)| Program {
        profile,
        agent,
        steps,
    })
}

fn agent(profile: Profile) -> impl Strategy<Value = Agent> {
    // RFC 6265 section 5.1.2 has no literal reading that refuses a host.
    let strict_hosts = if profile == Profile::Rfc6265bis { 0.2 } else { 0.0 };
    (
        suffixes(),
        prop::bool::weighted(0.3),
        prop::bool::weighted(strict_hosts),
        prop::option::weighted(0.3, prop::sample::select([0, 30, 60].as_slice())),
        prop::option::weighted(0.5, 1..4_usize),
        prop::option::weighted(0.5, 1..6_usize),
    )
        .prop_map(|choices| Agent {
            suffixes: choices.0,
            secure_localhost: choices.1,
            strict_hosts: choices.2,
            lax_allowing_unsafe: choices.3,
            per_domain: choices.4,
            total: choices.5,
        })
}

fn step() -> impl Strategy<Value = Step> {
    let received = || (uri(), set_cookie_string().prop_map(Octets), context());
    let sent = || (uri(), context());
    let seconds = prop::sample::select([1, 29, 30, 31, 60, 61, 34_560_000].as_slice());
    prop_oneof![
        12 => received().prop_map(|(uri, line, context)| Step::Receive(uri, line, context)),
        6 => sent().prop_map(|(uri, context)| Step::Send(uri, context)),
        2 => received().prop_map(|(uri, line, context)| Step::ScriptSet(uri, line, context)),
        2 => sent().prop_map(|(uri, context)| Step::ScriptGet(uri, context)),
        2 => seconds.prop_map(Step::Advance),
        1 => Just(Step::Restart),
        1 => suffixes().prop_map(Step::Suffixes),
    ]
}
