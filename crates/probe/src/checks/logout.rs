//! Logout and revocation: SM-052 to SM-064.

use super::pending;
use crate::check::{Check, Level, Need, a4, a5, cs, nist, own, rfc, wstg};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-052",
        title: "logout kills the session on the server: the saved cookie no longer logs in",
        sources: &[a4("3.3.1", 1), a5("7.4.1", 1), wstg("06"), cs(), nist("5.1", Level::Shall)],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-053",
        title: "this also holds for self-contained (signed or sealed) cookies",
        sources: &[a5("7.4.1", 1)],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-054",
        title: "logout deletes the cookie with the same name, Path and Domain",
        sources: &[cs(), nist("5.1.1", Level::Should), rfc("3.1", Level::Shall)],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-055",
        title: "after logout the same jar is anonymous",
        sources: &[wstg("06")],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-056",
        title: "cookies bound to the session (remember-me, CSRF-in-session) also stop working",
        sources: &[wstg("06")],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-057",
        title: "logout is not done by a safe method",
        sources: &[a5("3.5.3", 1)],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-058",
        title: "logout twice, without a session, or with an unknown id is not a 5xx",
        sources: &[own()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-059",
        title: "logout of one session leaves the user's others (or kills them, as declared)",
        sources: &[a5("7.1.2", 2)],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-060",
        title: "\"log out everywhere\" ends all of them at once",
        sources: &[a4("3.3.4", 2), a5("7.5.2", 2), a5("7.4.5", 2)],
        needs: &[Need::LogoutAll],
        run: pending,
    },
    Check {
        id: "SM-061",
        title: "after a password change the other sessions can be, and then are, ended",
        sources: &[a4("3.3.3", 2), a5("7.4.3", 2)],
        needs: &[Need::ChangePassword],
        run: pending,
    },
    Check {
        id: "SM-062",
        title: "disabling or deleting the account ends its sessions",
        sources: &[a5("7.4.2", 1)],
        needs: &[Need::DisableUser],
        run: pending,
    },
    Check {
        id: "SM-063",
        title: "Clear-Site-Data on logout is recorded",
        sources: &[a5("14.3.1", 1), cs()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-064",
        title: "logout survives a restart: a revoked cookie stays dead",
        sources: &[a5("7.4.1", 1), own()],
        needs: &[Need::Process],
        run: pending,
    },
];
