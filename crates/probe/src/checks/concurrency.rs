//! Concurrency: SM-087 to SM-095.

use super::pending;
use crate::check::{Check, Need, a5, cve, dj, own, wstg};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-087",
        title: "two logins of one user are two independent sessions, up to the declared number",
        sources: &[a5("7.1.2", 2), wstg("11")],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-088",
        title: "under parallel load no response shows another user",
        sources: &[own()],
        needs: &[Need::SecondAccount],
        run: pending,
    },
    Check {
        id: "SM-089",
        title: "two overlapping writes of different keys both survive",
        sources: &[own()],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-090",
        title: "a request that overlaps logout revives nothing: neither the old id nor a new one is logged in",
        sources: &[a5("7.4.1", 1), cve("2025-46336"), dj()],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-091",
        title: "a request that overlaps login does not revive the old id",
        sources: &[a5("7.2.4", 1)],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-092",
        title: "a request that overlaps login does not undo the login",
        sources: &[own()],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-093",
        title: "the overlapping request ends in a declared 2xx-4xx, not a 5xx",
        sources: &[own()],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-094",
        title: "parallel logins from one anonymous id end in valid sessions, none shared",
        sources: &[own()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-095",
        title: "parallel requests of one session are not serialised for longer than declared (lock)",
        sources: &[own()],
        needs: &[],
        run: pending,
    },
];
