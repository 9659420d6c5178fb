//! Abilities: what a target must be able to do besides the operation itself.
//!
//! A target lists its abilities in `can`; a case lists what it depends on in `needs`. A case whose
//! needs are not all met is `unsupported`, never failed.

use crate::operation::{
    Acceptance, Api, Context, ExchangeProgram, ExchangeStep, JarConfig, JarProgram, Step,
};

/// The caller can give cookies for one request by an option of its own: `cookies` of `navigate`.
pub const CALLER_COOKIES: &str = "caller-cookies";
/// The target's clock can be moved: `advance`.
pub const CLOCK: &str = "clock";
/// A client, or its store, can be copied: `clone`.
pub const CLONE: &str = "clone";
/// The configuration can change while the store is in use: `configure`.
pub const CONFIGURE: &str = "configure";
/// The store can be listed: `dump`.
pub const DUMP: &str = "dump";
/// Names that occur twice are reported twice. Every target has it that is not blind to it.
pub const DUPLICATES: &str = "duplicates";
/// Requests are made in HTTP/2 where the origin offers it.
pub const HTTP2: &str = "http2";
/// The age up to which Lax-allowing-unsafe applies can be set.
pub const LAX_ALLOWING_UNSAFE: &str = "lax-allowing-unsafe";
/// The number of cookies per domain and in all can be set.
pub const LIMITS: &str = "limits";
/// Pairs are reported in an order that means something. Every target has it that is not blind to
/// it.
pub const ORDER: &str = "order";
/// The user's choice of which cookies to accept can be set.
pub const POLICY: &str = "policy";
/// The public suffixes can be set.
pub const PUBLIC_SUFFIX: &str = "public-suffix";
/// The session can end: `restart`.
pub const RESTART: &str = "restart";
/// The store can be written to a file and read back: `save`, `load`.
pub const SAVE: &str = "save";
/// There is a non-HTTP API: `script-set`, `script-get` and the `script` context.
pub const SCRIPT: &str = "script";
/// The target distinguishes secure connections from others.
pub const SECURE: &str = "secure";
/// Whether plain http to localhost is secure can be set.
pub const SECURE_LOCALHOST: &str = "secure-localhost";
/// A request can be marked as cross-site.
pub const SAME_SITE: &str = "same-site";
/// The literal text on hosts with odd labels can be chosen.
pub const STRICT_HOSTS: &str = "strict-hosts";
/// The field lines after the content of a response are read.
pub const TRAILERS: &str = "trailers";

/// Every ability, in alphabetical order.
pub const ALL: &[&str] = &[
    CALLER_COOKIES,
    CLOCK,
    CLONE,
    CONFIGURE,
    DUMP,
    DUPLICATES,
    HTTP2,
    LAX_ALLOWING_UNSAFE,
    LIMITS,
    ORDER,
    POLICY,
    PUBLIC_SUFFIX,
    RESTART,
    SAME_SITE,
    SAVE,
    SCRIPT,
    SECURE,
    SECURE_LOCALHOST,
    STRICT_HOSTS,
    TRAILERS,
];

/// Abilities that every target has unless its `blind` names them.
pub const UNLESS_BLIND: &[&str] = &[DUPLICATES, ORDER];

/// The abilities that a jar program needs because of its steps and settings, in the order they are
/// met, without repetition.
///
/// A setting that is the default of every target implies no ability. Neither does a list of public
/// suffixes, which most cases give only to be exact: a case whose result depends on the list has
/// the ability in its `needs`.
pub fn implied_by(program: &JarProgram) -> Vec<&'static str> {
    let mut implied = Vec::new();
    let mut note = |ability| {
        if !implied.contains(&ability) {
            implied.push(ability);
        }
    };
    implied_by_config(&program.config, &mut note);
    for step in &program.steps {
        match step {
            Step::Receive { context, .. } | Step::Send { context, .. } => {
                implied_by_context(context, &mut note);
            }
            Step::Advance { .. } => note(CLOCK),
            Step::Restart => note(RESTART),
            Step::ScriptSet { context, .. } | Step::ScriptGet { context, .. } => {
                note(SCRIPT);
                implied_by_context(context, &mut note);
            }
            Step::Dump { .. } => note(DUMP),
            Step::Configure { config } => {
                note(CONFIGURE);
                implied_by_config(config, &mut note);
            }
        }
    }
    implied
}

/// The abilities that an exchange program needs because of its steps, in the order they are met,
/// without repetition.
pub fn implied_by_exchange(program: &ExchangeProgram) -> Vec<&'static str> {
    let mut implied = Vec::new();
    for step in &program.steps {
        let ability = match step {
            ExchangeStep::Navigate(navigate) if navigate.cookies.is_empty() => continue,
            ExchangeStep::Navigate(_) => CALLER_COOKIES,
            ExchangeStep::Restart => RESTART,
            ExchangeStep::Save | ExchangeStep::Load => SAVE,
            ExchangeStep::Clone => CLONE,
        };
        if !implied.contains(&ability) {
            implied.push(ability);
        }
    }
    implied
}

fn implied_by_context(context: &Context, note: &mut impl FnMut(&'static str)) {
    if !context.same_site {
        note(SAME_SITE);
    }
    if context.api == Api::Script {
        note(SCRIPT);
    }
}

fn implied_by_config(config: &JarConfig, note: &mut impl FnMut(&'static str)) {
    if config.secure_localhost == Some(true) {
        note(SECURE_LOCALHOST);
    }
    if config.max_per_domain.is_some() || config.max_total.is_some() {
        note(LIMITS);
    }
    if config.lax_allowing_unsafe.is_some_and(|age| age != 0) {
        note(LAX_ALLOWING_UNSAFE);
    }
    if config.strict_hosts == Some(true) {
        note(STRICT_HOSTS);
    }
    if config.cookies.is_some_and(|cookies| cookies != Acceptance::All) {
        note(POLICY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_without_repetition() {
        assert!(ALL.is_sorted_by(|a, b| a < b));
        assert!(UNLESS_BLIND.iter().all(|ability| ALL.contains(ability)));
    }

    #[test]
    fn steps_and_settings_imply_abilities_once() {
        let program: JarProgram = serde_json::from_value(serde_json::json!({
            "now": 0,
            "config": {"cookies": "none", "max_total": 3, "secure_localhost": false},
            "steps": [
                {"do": "advance", "secs": 1}, {"do": "advance", "secs": 1},
                {"do": "send", "at": "a", "uri": "http://a.example/", "context": {"same_site": false}},
                {"do": "configure", "config": {"cookies": "all"}}, {"do": "dump", "at": "b"}
            ]
        }))
        .unwrap();
        assert_eq!(implied_by(&program), [LIMITS, POLICY, CLOCK, SAME_SITE, CONFIGURE, DUMP]);
    }

    #[test]
    fn steps_of_exchanges_imply_abilities_once() {
        let program: ExchangeProgram = serde_json::from_value(serde_json::json!({"steps": [
            {"do": "navigate", "uri": "http://a.example/", "hops": [{}]},
            {"do": "save"}, {"do": "load"}, {"do": "clone"}, {"do": "clone"}, {"do": "restart"},
            {"do": "navigate", "uri": "http://a.example/", "cookies": [["a", "b"]], "hops": [{}]}
        ]}))
        .unwrap();
        assert_eq!(implied_by_exchange(&program), [SAVE, CLONE, RESTART, CALLER_COOKIES]);
    }
}
