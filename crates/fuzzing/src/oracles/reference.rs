//! The expected answer: what the reference engine answers, by which steps, and which other answers
//! the specifications allow.

use cookiespec_engine::{Profile, Step};
use cookiespec_vectors::operation::{JarConfig, JarProgram, Operation, Step as JarStep, Suffixes};
use cookiespec_vectors::reference::{Traced, explain};
use cookiespec_vectors::{Answer, ImplementationInfo, Octets, ability};
use serde_json::Value;

use super::site;

/// The answer of the reference engine and its trace.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expected {
    /// The `ok` value; `null` if the engine rejected the input.
    pub(crate) value: Value,
    /// The steps taken, by set-cookie-string and request.
    pub(crate) trace: Vec<Traced>,
    /// Whether the engine accepted the input; otherwise no subject is compared with it.
    pub(crate) is_answered: bool,
}

/// The steps of the engine for one set-cookie-string, or for one request.
#[derive(Clone, Debug)]
pub(crate) struct Located<'a> {
    /// The set-cookie-string; `None` for a request.
    pub(crate) line: Option<Octets>,
    pub(crate) traced: &'a Traced,
}

impl Expected {
    /// Runs the engine on an operation.
    pub(crate) fn of(profile: Profile, operation: &Operation) -> Self {
        let (answer, trace) = explain(profile, operation);
        match answer {
            Answer::Ok(value) => Self { value, trace, is_answered: true },
            _ => Self { value: Value::Null, trace, is_answered: false },
        }
    }

    /// Whether the engine took this step anywhere.
    pub(crate) fn took(&self, step: Step) -> bool {
        self.steps().any(|taken| taken == step)
    }

    /// Every step taken, in order.
    pub(crate) fn steps(&self) -> impl DoubleEndedIterator<Item = Step> {
        self.trace.iter().flat_map(|traced| traced.events.iter().map(|event| event.step))
    }

    /// The traces of a jar program, up to and including the observation with this label.
    pub(crate) fn located(&self, program: &JarProgram, until: Option<&str>) -> Vec<Located<'_>> {
        let mut traces = self.trace.iter();
        let mut located = Vec::new();
        let mut add = |line: Option<&Octets>| {
            located.extend(traces.next().map(|traced| Located { line: line.cloned(), traced }));
        };
        for step in &program.steps {
            match step {
                JarStep::Receive { set_cookie, .. } => {
                    set_cookie.iter().for_each(|line| add(Some(line)));
                }
                JarStep::ScriptSet { value, .. } => add(Some(value)),
                JarStep::Send { .. } | JarStep::ScriptGet { .. } => add(None),
                _ => {}
            }
            if until.is_some() && step.label() == until {
                break;
            }
        }
        located
    }

    /// Whether the last Path attribute stands for the default-path.
    pub(crate) fn has_default_path(&self) -> bool {
        let mut steps = self.steps().rev().skip_while(|step| *step != Step::PathAppended);
        steps.next();
        steps.next() == Some(Step::PathDefault)
    }

    /// The observation with this label, for a jar program.
    pub(crate) fn observation(&self, label: &str) -> Option<&Value> {
        self.value.get("obs")?.get(label)
    }
}

/// Variants of a program whose answers are as valid as its own for an implementation: each decides
/// differently what the specifications leave to the user agent, or moves the clock by a second, as
/// the exact instant of expiry is not defined.
pub(crate) fn variants(
    profile: Profile,
    program: &JarProgram,
    about: &ImplementationInfo,
) -> Vec<JarProgram> {
    let can = |ability: &str| about.can.iter().any(|can| can == ability);
    let mut variants = Vec::new();
    let mut add = |change: &dyn Fn(&mut JarProgram)| {
        let mut variant = program.clone();
        change(&mut variant);
        if variant != *program {
            variants.push(variant);
        }
    };
    for shift in [-1, 1] {
        add(&|variant| {
            for step in &mut variant.steps {
                if let JarStep::Advance { secs } = step {
                    *secs = secs.saturating_add(shift).max(0);
                }
            }
        });
    }
    // The rejection of public suffixes is optional, and lists differ.
    let cannot = !can(ability::PUBLIC_SUFFIX);
    if cannot || configs(&mut program.clone()).any(|config| config.public_suffixes.is_own()) {
        let rules =
            |rules: &[&str]| Suffixes::Rules(rules.iter().map(|&rule| rule.to_owned()).collect());
        let few = rules(site::UNDISPUTED);
        for suffixes in [Suffixes::NoRejection, Suffixes::Own, rules(&[]), few] {
            add(&|variant| {
                for config in configs(variant) {
                    if cannot || config.public_suffixes.is_own() {
                        config.public_suffixes = suffixes.clone();
                    }
                }
            });
        }
    }
    // Which connections are secure is for the user agent to say where it is not configured.
    if !can(ability::SECURE_LOCALHOST) || program.config.secure_localhost.is_none() {
        for other in [true, false] {
            add(&|variant| variant.config.secure_localhost = Some(other));
        }
    }
    // Only 6265bis has a text by which odd hosts cannot be canonicalised.
    if profile == Profile::Rfc6265bis && !can(ability::STRICT_HOSTS) {
        add(&|variant| variant.config.strict_hosts = Some(true));
    }
    if !can(ability::LAX_ALLOWING_UNSAFE) {
        add(&|variant| variant.config.lax_allowing_unsafe = Some(120));
    }
    variants
}

/// Every configuration of the store during a program.
fn configs(program: &mut JarProgram) -> impl Iterator<Item = &mut JarConfig> {
    let later = program.steps.iter_mut().filter_map(|step| match step {
        JarStep::Configure { config } => Some(config),
        _ => None,
    });
    std::iter::once(&mut program.config).chain(later)
}
