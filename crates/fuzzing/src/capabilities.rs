//! Which operations and abilities the subjects of a run support.

use std::collections::BTreeSet;

use cookiespec_vectors::operation::{Operation, Step};
use cookiespec_vectors::{ImplementationInfo, Profile, ability};

use crate::random::Random;

/// The union of what the subjects of a run support.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capabilities {
    operations: Vec<&'static str>,
    abilities: BTreeSet<String>,
}

impl Capabilities {
    /// The operations and abilities that at least one implementation declares, as far as its profile
    /// says what is right: RFC 6265 says nothing of requests from other sites.
    pub(crate) fn of<'a>(
        implementations: impl IntoIterator<Item = (&'a ImplementationInfo, Profile)>,
    ) -> Self {
        let decided = |(about, profile): (&'a ImplementationInfo, Profile)| {
            let is_decided = move |can: &&String| {
                profile == Profile::Rfc6265bis || can.as_str() != ability::SAME_SITE
            };
            about.can.iter().filter(is_decided).cloned()
        };
        let can: BTreeSet<String> = implementations.into_iter().flat_map(decided).collect();
        let known = |operation: &&'static str| can.contains(*operation);
        Self { operations: Operation::NAMES.into_iter().filter(known).collect(), abilities: can }
    }

    /// Everything that can be declared.
    #[cfg(test)]
    pub(crate) fn all() -> Self {
        let can = Operation::NAMES.iter().chain(ability::ALL).map(|&word| word.to_owned());
        let about = ImplementationInfo { can: can.collect(), ..ImplementationInfo::default() };
        Self::of([(&about, Profile::Rfc6265bis)])
    }

    /// Whether no operation is supported at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// The name of a random supported operation. Operations with more room for mistakes have a
    /// higher weight.
    pub(crate) fn operation(&self, random: &mut Random) -> &'static str {
        let weight = |operation: &&'static str| match *operation {
            "jar" | "exchange" => 40,
            "parse.set-cookie" | "format.set-cookie" => 25,
            "parse.cookie" | "parse.date" => 20,
            _ => 5,
        };
        let weights: Vec<_> = self.operations.iter().map(weight).collect();
        self.operations[random.weighted(&weights)]
    }

    /// Whether at least one subject has this ability.
    pub(crate) fn can(&self, ability: &str) -> bool {
        self.abilities.contains(ability)
    }
}

/// Whether an implementation declares everything that an operation needs, so that its answer can be
/// compared.
pub(crate) fn supports(about: &ImplementationInfo, operation: &Operation) -> bool {
    lacks(about, operation).is_none()
}

/// The first operation or ability that an operation needs and an implementation does not declare.
pub(crate) fn lacks(about: &ImplementationInfo, operation: &Operation) -> Option<&'static str> {
    let cannot = |ability: &&str| about.can.iter().all(|can| can != ability);
    let mut needs = vec![operation.name()];
    match operation {
        Operation::Jar(program) => {
            needs.extend(ability::implied_by(program));
            if depends_on_scheme(&program.steps) {
                needs.push(ability::SECURE);
            }
        }
        Operation::Exchange(program) => needs.extend(ability::implied_by_exchange(program)),
        _ => {}
    }
    needs.into_iter().find(cannot)
}

/// Whether the result depends on which connections are secure.
fn depends_on_scheme(steps: &[Step]) -> bool {
    let is_http =
        |uri: &[u8]| uri.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"http:"));
    let needs_security = |line: &[u8]| {
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
            set_cookie.iter().any(|line| needs_security(line.as_slice()))
        }
        Step::ScriptSet { value, .. } => needs_security(value.as_slice()),
        _ => false,
    })
}
