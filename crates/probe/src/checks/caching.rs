//! Caching and CSRF: SM-101 to SM-107.

use super::pending;
use crate::check::{Check, Level, Need, a4, a5, cs, cve, dj, nist, own, wstg};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-101",
        title: "a response that sets or refreshes the session cookie has Vary: Cookie, or no-store/private",
        sources: &[cs(), wstg("04"), cve("2026-35192"), cve("2026-48588")],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-102",
        title: "a response that depends on the session varies on Cookie or is private",
        sources: &[dj(), own()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-103",
        title: "pages for logged-in users are no-store",
        sources: &[a5("14.3.2", 2), a4("3.3.1", 1), cs()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-104",
        title: "a cross-site unsafe request without token is refused (beyond SameSite)",
        sources: &[a5("3.5.1", 1), nist("5.1", Level::Shall), wstg("05")],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-105",
        title: "the CSRF token is bound to the session and changes at login",
        sources: &[own(), dj()],
        needs: &[Need::SecondAccount],
        run: pending,
    },
    Check {
        id: "SM-106",
        title: "the login request itself is protected (login CSRF)",
        sources: &[cs(), own()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-107",
        title: "safe methods change no session state",
        sources: &[a5("3.5.3", 1)],
        needs: &[Need::State],
        run: pending,
    },
];
