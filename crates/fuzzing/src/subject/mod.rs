//! What is fuzzed: a target, and the executors that run inputs on it.

pub(crate) mod executor;
pub(crate) mod in_process;
pub(crate) mod shim;

use std::fmt;
use std::num::NonZeroUsize;
use std::time::Instant;

use cookiespec_process::threads;
use cookiespec_report::Outcome;
use cookiespec_vectors::{ImplementationInfo, Operation, Profile};

use self::executor::Executor;
use crate::capabilities::supports;
use crate::model::Model;

/// A target under test.
pub struct Subject {
    /// The selector of the target on the command line.
    pub name: String,
    /// The command that starts it, if it is not in the list of targets.
    pub command: Option<Vec<String>>,
    /// The profile that its answers are compared with.
    pub profile: Profile,
    /// Executors of this target, which share the inputs. At least one.
    pub executors: Vec<Box<dyn Executor + Send>>,
    /// The models that explain its divergences, for this profile. Without one that answers like the
    /// target, a finding cites a rule only where the input alone proves that it is broken.
    pub models: Vec<Model>,
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject")
            .field("name", &self.name)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

impl Subject {
    pub(crate) fn about(&self) -> &ImplementationInfo {
        self.executors[0].about()
    }

    pub(crate) fn end_at(&mut self, moment: Instant) {
        self.executors.iter_mut().for_each(|executor| executor.end_at(moment));
    }

    /// The executor for what must not run in parallel: measurements and single inputs.
    pub(crate) fn first_executor(&mut self) -> &mut dyn Executor {
        &mut *self.executors[0]
    }

    /// Executes the operations that the target supports, divided among its executors. Gives one
    /// element per operation; `None` for those that it does not support.
    pub(crate) fn execute_supported<'a>(
        &mut self,
        operations: impl IntoIterator<Item = &'a Operation>,
    ) -> Vec<Option<Outcome>> {
        let about = self.about();
        let supported: Vec<_> = operations
            .into_iter()
            .map(|operation| supports(about, operation).then_some(operation))
            .collect();
        let to_execute: Vec<_> = supported.iter().copied().flatten().collect();
        let mut outcomes = self.execute(&to_execute).into_iter();
        supported.into_iter().map(|one| one.and_then(|_| outcomes.next())).collect()
    }

    fn execute(&mut self, operations: &[&Operation]) -> Vec<Outcome> {
        let share = operations.len().div_ceil(self.executors.len()).max(1);
        let shares = self.executors.iter_mut().zip(operations.chunks(share));
        threads::map(shares, NonZeroUsize::MAX, |(executor, operations)| {
            executor.execute(operations)
        })
        .concat()
    }
}
