//! Durability and distribution: SM-096 to SM-100.

use super::pending;
use crate::check::{Check, Need, a5, own};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-096",
        title: "a session survives a restart, or the descriptor says it does not",
        sources: &[own()],
        needs: &[Need::Process],
        run: pending,
    },
    Check {
        id: "SM-097",
        title: "login on instance 1 is seen on instance 2",
        sources: &[own()],
        needs: &[Need::Second],
        run: pending,
    },
    Check {
        id: "SM-098",
        title: "logout on instance 1 is effective at once on instance 2 (caches included)",
        sources: &[a5("7.4.1", 1)],
        needs: &[Need::Second],
        run: pending,
    },
    Check {
        id: "SM-099",
        title: "while the store is down nobody becomes logged in and no live session is overwritten by an empty one",
        sources: &[own()],
        needs: &[Need::Second],
        run: pending,
    },
    Check {
        id: "SM-100",
        title: "whether a session write in a 5xx response is kept is recorded",
        sources: &[own()],
        needs: &[Need::State],
        run: pending,
    },
];
