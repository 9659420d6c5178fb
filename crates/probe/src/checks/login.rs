//! Login, rotation, fixation: SM-039 to SM-051.

use super::pending;
use crate::check::{Check, Level, Need, a4, a5, cs, dj, nist, own, wstg};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-039",
        title: "login issues a new id",
        sources: &[a4("3.2.1", 1), a5("7.2.4", 1), cs(), wstg("03"), nist("5.1", Level::Shall)],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-040",
        title: "the pre-login id is not logged in afterwards",
        sources: &[wstg("03"), cs()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-041",
        title: "the pre-login id is dead: its data is gone too",
        sources: &[a5("7.2.4", 1), cs()],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-042",
        title: "a made-up id planted before login is not logged in afterwards",
        sources: &[wstg("03"), cs()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-043",
        title: "logging in again as the same user rotates",
        sources: &[a5("7.2.4", 1)],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-044",
        title: "logging in as another user rotates",
        sources: &[a5("7.2.4", 1), cs()],
        needs: &[Need::SecondAccount],
        run: pending,
    },
    Check {
        id: "SM-045",
        title: "logging in as another user drops the first user's session data",
        sources: &[cs(), dj(), own()],
        needs: &[Need::SecondAccount, Need::State],
        run: pending,
    },
    Check {
        id: "SM-046",
        title: "any other privilege change rotates",
        sources: &[cs()],
        needs: &[Need::StepUp],
        run: pending,
    },
    Check {
        id: "SM-047",
        title: "a failed login gives no identity and leaks none",
        sources: &[own(), wstg("01")],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-048",
        title: "a half-finished flow (reset mail asked, second factor pending) is not a login",
        sources: &[a4("3.7.1", 1), wstg("08")],
        needs: &[Need::StepUp],
        run: pending,
    },
    Check {
        id: "SM-049",
        title: "forced-cookie test: all pre-login cookies without prefix together do not give the victim's account",
        sources: &[wstg("03")],
        needs: &[Need::SecondAccount],
        run: pending,
    },
    Check {
        id: "SM-050",
        title: "whether anonymous data survives login is recorded",
        sources: &[own()],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-051",
        title: "after https login no request or cookie falls back to http",
        sources: &[nist("5.1", Level::Shall), wstg("04")],
        needs: &[Need::Https],
        run: pending,
    },
];
