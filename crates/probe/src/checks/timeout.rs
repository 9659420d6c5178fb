//! Timeouts: SM-065 to SM-076.

use super::pending;
use crate::check::{Check, Level, Need, a5, cs, dj, nist, own, wstg};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-065",
        title: "an idle session ends on the server",
        sources: &[a5("7.3.1", 2), wstg("07"), cs(), nist("5.2", Level::Shall)],
        needs: &[Need::Process],
        run: pending,
    },
    Check {
        id: "SM-066",
        title: "session activity, reads included, resets the idle clock",
        sources: &[nist("5.2", Level::Shall)],
        needs: &[Need::Process],
        run: pending,
    },
    Check {
        id: "SM-067",
        title: "writes reset the idle clock",
        sources: &[nist("5.2", Level::Shall)],
        needs: &[Need::Process],
        run: pending,
    },
    Check {
        id: "SM-068",
        title: "there is an absolute lifetime that activity cannot extend",
        sources: &[a5("7.3.2", 2), nist("5.1.1", Level::Shall), cs()],
        needs: &[Need::Process],
        run: pending,
    },
    Check {
        id: "SM-069",
        title: "rotating the id does not restart the absolute clock, re-authentication does",
        sources: &[nist("5.2", Level::Shall), own()],
        needs: &[Need::Process, Need::StepUp],
        run: pending,
    },
    Check {
        id: "SM-070",
        title: "editing or keeping the cookie never prolongs a session",
        sources: &[wstg("07"), nist("5.1.1", Level::Shall)],
        needs: &[Need::Process],
        run: pending,
    },
    Check {
        id: "SM-071",
        title: "the limits are within the declared profile (AAL1 <= 30 d; AAL2 <= 24 h and 1 h idle; AAL3 <= 12 h and 15 min idle; or the app's own)",
        sources: &[nist("2.1.3/2.2.3/2.3.3", Level::Shall), a5("7.1.1", 2)],
        needs: &[Need::Process],
        run: pending,
    },
    Check {
        id: "SM-072",
        title: "client and server agree: when the server slides, the persistent cookie is re-issued",
        sources: &[own(), nist("5.1.1", Level::Should)],
        needs: &[Need::Process],
        run: pending,
    },
    Check {
        id: "SM-073",
        title: "the end is exact to 1 s: alive at TTL-1 s, dead at TTL+1 s",
        sources: &[own()],
        needs: &[Need::Process],
        run: pending,
    },
    Check {
        id: "SM-074",
        title: "optional renewal timeout: the id changes in mid-session, the old one has a short grace and then dies",
        sources: &[cs()],
        needs: &[Need::Process],
        run: pending,
    },
    Check {
        id: "SM-075",
        title: "expired records leave the store",
        sources: &[dj(), own()],
        needs: &[Need::Second],
        run: pending,
    },
    Check {
        id: "SM-076",
        title: "a request in flight while the session expires ends in a declared status, not a 5xx",
        sources: &[own()],
        needs: &[Need::Process],
        run: pending,
    },
];
