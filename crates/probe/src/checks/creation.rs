//! Creation: SM-032 to SM-038.

use super::pending;
use crate::check::{Check, Need, a5, cs, dj, own, wstg};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-032",
        title: "a page that does not use the session sets no session cookie",
        sources: &[dj(), own()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-033",
        title: "an anonymous read, a 404, HEAD or OPTIONS creates no session",
        sources: &[own()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-034",
        title: "a session appears only after a user action",
        sources: &[a5("7.6.2", 2)],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-035",
        title: "a client without cookies that repeats reads does not grow the store without bound",
        sources: &[own()],
        needs: &[Need::Second],
        run: pending,
    },
    Check {
        id: "SM-036",
        title: "a well-formed id that the server never issued is not adopted (strict mode)",
        sources: &[cs(), wstg("03")],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-037",
        title: "an id that was destroyed or has expired is not adopted again",
        sources: &[cs(), own()],
        needs: &[Need::State, Need::Process],
        run: pending,
    },
    Check {
        id: "SM-038",
        title: "what happens to an unknown id's cookie (kept, replaced, deleted) is recorded",
        sources: &[own()],
        needs: &[],
        run: pending,
    },
];
