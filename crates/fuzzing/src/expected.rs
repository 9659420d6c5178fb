//! What the reference engine answers, by which steps, and what else it could have answered.

use cookiespec_engine::{Profile, Step};
use cookiespec_vectors::operation::{JarConfig, JarProgram, Operation, Step as JarStep, Suffixes};
use cookiespec_vectors::reference::{Traced, explain};
use cookiespec_vectors::{Answer, ImplementationInfo, ability};
use serde_json::Value;

use super::site;

/// The answer of the reference engine and its account of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expected {
    /// The `ok` value; `null` where the engine refuses the input itself.
    pub(crate) value: Value,
    /// The steps taken, by set-cookie-string and request.
    pub(crate) story: Vec<Traced>,
    /// Could the engine read the input? If not, nobody is accused.
    pub(crate) is_answered: bool,
}

impl Expected {
    /// Asks the engine.
    pub(crate) fn of(profile: Profile, operation: &Operation) -> Self {
        let (answer, story) = explain(profile, operation);
        match answer {
            Answer::Ok(value) => Self { value, story, is_answered: true },
            _ => Self { value: Value::Null, story, is_answered: false },
        }
    }

    /// Was this step taken anywhere?
    pub(crate) fn took(&self, step: Step) -> bool {
        self.steps().any(|taken| taken == step)
    }

    /// Every step, in order.
    pub(crate) fn steps(&self) -> impl DoubleEndedIterator<Item = Step> {
        self.story.iter().flat_map(|traced| traced.events.iter().map(|event| event.step))
    }

    /// The observation under a label of a jar program.
    pub(crate) fn observation(&self, label: &str) -> Option<&Value> {
        self.value.get("obs")?.get(label)
    }
}

/// Programs whose answer is as good as that of this one for such a target: what the texts leave to
/// the user agent is turned the other way, and every instant is moved by a second, because the
/// exact instant of expiry is nobody's to say.
pub(crate) fn variants(program: &JarProgram, about: &ImplementationInfo) -> Vec<JarProgram> {
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
    // Whether public suffixes are rejected is optional, and every list is another one.
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
    if !can(ability::SECURE_LOCALHOST) {
        for other in [true, false] {
            add(&|variant| variant.config.secure_localhost = Some(other));
        }
    }
    if !can(ability::STRICT_HOSTS) {
        add(&|variant| variant.config.strict_hosts = Some(true));
    }
    if !can(ability::LAX_ALLOWING_UNSAFE) {
        add(&|variant| variant.config.lax_allowing_unsafe = Some(120));
    }
    variants
}

/// Every configuration that the store has in the course of a program.
fn configs(program: &mut JarProgram) -> impl Iterator<Item = &mut JarConfig> {
    let later = program.steps.iter_mut().filter_map(|step| match step {
        JarStep::Configure { config } => Some(config),
        _ => None,
    });
    std::iter::once(&mut program.config).chain(later)
}
