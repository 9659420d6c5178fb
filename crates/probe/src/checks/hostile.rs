//! Integrity and hostile input: SM-077 to SM-086.

use super::pending;
use crate::check::{Check, Level, Need, a4, a5, cs, cve, dj, own, rfc, wstg};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-077",
        title: "each single-character change is refused",
        sources: &[wstg("01"), a5("9.1.1", 1)],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-078",
        title: "spellings accepted as equal (quotes, blanks, %-escapes, padding) are recorded",
        sources: &[own()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-079",
        title: "hostile values (empty, controls, NUL, 8-bit, quotes, SQL, path traversal, 8 kB, ...) give no 5xx and no login",
        sources: &[cs()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-080",
        title: "same on a request that writes the session",
        sources: &[cs()],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-081",
        title: "an oversize Cookie header gives 4xx, not 5xx, and the next request works",
        sources: &[own()],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-082",
        title: "signature or encryption cannot be stripped, downgraded or swapped (unsigned form, none algorithm, other key, older format)",
        sources: &[a4("3.5.3", 2), a5("9.1.2", 1), cve("2026-39324")],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-083",
        title: "a signed value does not verify under another cookie name or salt",
        sources: &[cve("2026-6873")],
        needs: &[],
        run: pending,
    },
    Check {
        id: "SM-084",
        title: "replay of an older self-contained cookie is recorded (no freshness)",
        sources: &[rfc("8.3", Level::Shall), dj()],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-085",
        title: "state too large for the carrier is refused with an error, never lost in silence",
        sources: &[a5("3.3.5", 3)],
        needs: &[Need::State],
        run: pending,
    },
    Check {
        id: "SM-086",
        title: "any text or number stored is read back equal",
        sources: &[own()],
        needs: &[Need::State],
        run: pending,
    },
];
