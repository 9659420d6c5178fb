//! The rules that are followed: a profile, and perhaps one fault.

use cookiespec_vectors::Profile;

use crate::cost::Cost;
use crate::fault::Fault;

/// A profile and at most one fault, or a cost. The algorithms are methods of it, one file for each concept,
/// and a fault is a branch at the place where the rule is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) profile: Profile,
    pub(crate) fault: Option<Fault>,
    pub(crate) cost: Option<Cost>,
}

impl Rules {
    /// Is this the fault?
    pub(crate) fn is(self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Is 6265bis followed, rather than RFC 6265?
    pub(crate) fn bis(self) -> bool {
        self.profile == Profile::Rfc6265bis
    }

    /// Of several attributes of one name the last counts, unless the fault is that the first does.
    pub(crate) fn winner<T>(self, given: &[T], first_wins: Fault) -> Option<&T> {
        if self.is(first_wins) { given.first() } else { given.last() }
    }
}
