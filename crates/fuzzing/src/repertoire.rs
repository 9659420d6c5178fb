//! What the targets of a run can be asked.

use std::collections::BTreeSet;

use cookiespec_vectors::operation::{Operation, Step};
use cookiespec_vectors::{ImplementationInfo, ability};

use super::random::Random;

/// The operations and abilities of all targets of a run together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capabilities {
    operations: Vec<&'static str>,
    abilities: BTreeSet<String>,
}

impl Capabilities {
    /// What at least one of these can do.
    pub(crate) fn of<'a>(targets: impl Iterator<Item = &'a ImplementationInfo>) -> Self {
        let can: BTreeSet<String> = targets.flat_map(|about| about.can.iter().cloned()).collect();
        let known = |operation: &&'static str| can.contains(*operation);
        Self { operations: Operation::NAMES.into_iter().filter(known).collect(), abilities: can }
    }

    /// Is there anything to ask?
    pub(crate) fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// The name of an operation; those with more to go wrong more often.
    pub(crate) fn operation(&self, random: &mut Random) -> &'static str {
        let weight = |operation: &&'static str| match *operation {
            "jar" => 40,
            "parse.set-cookie" | "format.set-cookie" => 25,
            "parse.cookie" | "parse.date" => 20,
            _ => 5,
        };
        let weights: Vec<_> = self.operations.iter().map(weight).collect();
        self.operations[random.weighted(&weights)]
    }

    /// Does at least one target have this ability?
    pub(crate) fn can(&self, ability: &str) -> bool {
        self.abilities.contains(ability)
    }
}

/// Can this target be asked this, and will its answer mean something?
pub(crate) fn can_be_asked(about: &ImplementationInfo, operation: &Operation) -> bool {
    let can = |ability: &str| about.can.iter().any(|can| can == ability);
    if !can(operation.name()) {
        return false;
    }
    let Operation::Jar(program) = operation else { return true };
    ability::implied_by(program).into_iter().all(can)
        && (can(ability::SECURE) || !depends_on_scheme(&program.steps))
}

/// Does the result depend on which connections are secure?
fn depends_on_scheme(steps: &[Step]) -> bool {
    let is_http =
        |uri: &[u8]| uri.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"http:"));
    let speaks_of_secure = |line: &[u8]| {
        line.windows(6).any(|word| word.eq_ignore_ascii_case(b"secure"))
            || line.windows(6).any(|word| word.eq_ignore_ascii_case(b"__host"))
    };
    let http = steps.iter().any(|step| match step {
        Step::Receive { uri, .. } | Step::Send { uri, .. } => is_http(uri.as_slice()),
        Step::ScriptSet { uri, .. } | Step::ScriptGet { uri, .. } => is_http(uri.as_slice()),
        _ => false,
    });
    http && steps.iter().any(|step| match step {
        Step::Receive { set_cookie, .. } => {
            set_cookie.iter().any(|line| speaks_of_secure(line.as_slice()))
        }
        Step::ScriptSet { value, .. } => speaks_of_secure(value.as_slice()),
        _ => false,
    })
}
