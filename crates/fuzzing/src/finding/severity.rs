//! How much harm a finding may do, and so the order in which findings are read.

use cookiespec_vectors::Severity;

use super::Finding;
use super::identity::{Class, Kind};
use crate::oracles::difference::LOST_TO_NEIGHBOURS;

/// What a finding comes down to, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Something is written, sent or read that nobody asked for.
    Injection,
    /// A cookie goes where it must not.
    Leak,
    /// Secure or HttpOnly is lost.
    ProtectionLost,
    /// The process dies or does not answer.
    NoAnswer,
    /// The cost of an input, or the memory, grows too fast.
    Cost,
    /// A valid input fails.
    Failure,
    /// A cookie is kept that should not be, or another one than was set.
    WrongCookie,
    /// A cookie is lost.
    LostCookie,
    /// Cookies and their fields are right, but not how they are written.
    Cosmetic,
}

impl Impact {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Injection => "injection",
            Self::Leak => "leak",
            Self::ProtectionLost => "protection lost",
            Self::NoAnswer => "no answer",
            Self::Cost => "cost",
            Self::Failure => "failure",
            Self::WrongCookie => "wrong cookie",
            Self::LostCookie => "lost cookie",
            Self::Cosmetic => "cosmetic",
        }
    }

    /// How severe it is.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Injection | Self::Leak | Self::ProtectionLost | Self::NoAnswer => Severity::High,
            Self::Cost | Self::Failure | Self::WrongCookie | Self::LostCookie => Severity::Medium,
            Self::Cosmetic => Severity::Low,
        }
    }
}

impl Finding {
    /// What it comes down to.
    pub fn impact(&self) -> Impact {
        self.class().impact()
    }
}

impl Class {
    /// What a divergence of this class comes down to.
    pub(crate) fn impact(&self) -> Impact {
        match self.kind {
            Kind::Crash | Kind::Hang => Impact::NoAnswer,
            Kind::Cost | Kind::Memory => Impact::Cost,
            Kind::Error => Impact::Failure,
            Kind::Property => of_property(&self.difference),
            Kind::Divergence | Kind::Disagreement => {
                of_divergence(self.operation, &self.field, &self.difference)
            }
        }
    }
}

fn of_property(difference: &str) -> Impact {
    match difference {
        LOST_TO_NEIGHBOURS => Impact::LostCookie,
        "swallows what follows" | "smuggled in" => Impact::WrongCookie,
        _ if difference.contains("sent") && difference != "line break sent"
            || difference.contains("over http") =>
        {
            Impact::Leak
        }
        _ => Impact::Injection,
    }
}

fn of_divergence(operation: &str, field: &str, difference: &str) -> Impact {
    let is_flag = field.ends_with("secure") || field.ends_with("http_only") || field == "httponly";
    match (operation, difference) {
        (_, "not set" | "not written") if is_flag => Impact::ProtectionLost,
        (
            "format.set-cookie",
            "refused" | "written against the grammar" | "written and not refused",
        ) => Impact::Cosmetic,
        (_, "order" | "separators" | "empty field") | ("parse.cookie", "changed") => {
            Impact::Cosmetic
        }
        (_, "refused" | "lost" | "cookie left out" | "too narrow") => Impact::LostCookie,
        _ => Impact::WrongCookie,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_do_harm_comes_first() {
        for (kind, expected) in [
            ("line break written", Impact::Injection),
            ("line break sent", Impact::Injection),
            ("attribute injected", Impact::Injection),
            ("prefix taken on by decoding", Impact::Injection),
            ("sent to a foreign host", Impact::Leak),
            ("__Secure- cookie over http", Impact::Leak),
            ("lost to its neighbours", Impact::LostCookie),
        ] {
            assert_eq!(of_property(kind), expected, "{kind}");
        }
        let flag = of_divergence("parse.set-cookie", "http_only", "not set");
        assert_eq!(flag.severity(), Severity::High);
        let kept = of_divergence("jar", "header", "cookie too many");
        let lost = of_divergence("jar", "header", "cookie left out");
        let order = of_divergence("jar", "header", "order");
        assert!(flag < kept && kept < lost && lost < order);
    }
}
