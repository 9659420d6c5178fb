//! How much harm a finding may do, and so the order in which findings are read.

use cookiespec_vectors::Severity;

use super::Finding;
use super::identity::{Class, Kind};
use crate::oracles::difference::{
    IGNORED_AS_WRITTEN, LOST_TO_NEIGHBOURS, NOT_REFUSED, SHOWN_TO_SCRIPT, UNGRAMMATICAL,
};

/// What a finding comes down to, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Something is written, sent or read that nobody asked for.
    Injection,
    /// A cookie goes where it must not.
    Leak,
    /// Secure or HttpOnly is lost.
    ProtectionLost(Attribute),
    /// The process dies or does not answer.
    NoAnswer,
    /// The cost of an input, or the memory, grows too fast.
    Cost,
    /// A valid input fails.
    Failure,
    /// A cookie is kept that should not be, or another one than was set.
    WrongCookie,
    /// A cookie is kept without an attribute that limits it.
    AttributeLost(Attribute),
    /// A cookie is lost: it is not kept, not sent, not read, or cannot be set.
    LostCookie,
    /// Cookies and their fields are right, but not how they are written.
    Cosmetic,
}

/// An attribute of a cookie that a finding may lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// `Secure`.
    Secure,
    /// `HttpOnly`.
    HttpOnly,
    /// `SameSite`.
    SameSite,
    /// `Domain`.
    Domain,
    /// `Path`.
    Path,
    /// `Expires` or `Max-Age`.
    Lifetime,
    /// `Partitioned`.
    Partitioned,
}

impl Attribute {
    /// The attribute that a field of an answer is about.
    fn of_field(field: &str) -> Option<Self> {
        Some(match field.strip_prefix("store.").unwrap_or(field) {
            "secure" => Self::Secure,
            "http_only" | "httponly" => Self::HttpOnly,
            "same_site" | "samesite" => Self::SameSite,
            "domain" => Self::Domain,
            "path" => Self::Path,
            "expires" | "max_age" | "max-age" | "date" => Self::Lifetime,
            "partitioned" => Self::Partitioned,
            _ => return None,
        })
    }

    /// What the loss of it comes down to.
    const fn loss(self) -> Impact {
        match self {
            Self::Secure | Self::HttpOnly => Impact::ProtectionLost(self),
            _ => Impact::AttributeLost(self),
        }
    }

    /// Its loss in words.
    const fn lost(self) -> &'static str {
        match self {
            Self::Secure => "lost Secure",
            Self::HttpOnly => "lost HttpOnly",
            Self::SameSite => "lost SameSite",
            Self::Domain => "lost Domain",
            Self::Path => "lost Path",
            Self::Lifetime => "lost lifetime",
            Self::Partitioned => "lost Partitioned",
        }
    }
}

impl Impact {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Injection => "injection",
            Self::Leak => "leak",
            Self::ProtectionLost(attribute) | Self::AttributeLost(attribute) => attribute.lost(),
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
            Self::Injection | Self::Leak | Self::ProtectionLost(_) | Self::NoAnswer => {
                Severity::High
            }
            Self::Cost
            | Self::Failure
            | Self::WrongCookie
            | Self::AttributeLost(_)
            | Self::LostCookie => Severity::Medium,
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
    if let Some(attribute) = Attribute::of_field(field)
        && LOSSES.contains(&difference)
    {
        return attribute.loss();
    }
    match (operation, difference) {
        ("match.domain", "too wide") => Impact::Leak,
        (_, SHOWN_TO_SCRIPT) => Impact::ProtectionLost(Attribute::HttpOnly),
        (_, "refused" | "lost" | "cookie left out" | "too narrow" | IGNORED_AS_WRITTEN) => {
            Impact::LostCookie
        }
        (_, UNGRAMMATICAL | NOT_REFUSED)
        | ("parse.cookie", "changed")
        | (_, "order" | "separators" | "empty field") => Impact::Cosmetic,
        _ => Impact::WrongCookie,
    }
}

/// How the differences are called in which an attribute is lost.
const LOSSES: [&str; 6] =
    ["lost", "emptied", "not set", "not written", "not persistent", "not taken for a date"];

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
        let ranking = [
            ("match.domain", "match", "too wide"),
            ("parse.set-cookie", "http_only", "not set"),
            ("parse.set-cookie", "value", "cut short"),
            ("parse.set-cookie", "path", "lost"),
            ("jar", "header", "cookie left out"),
            ("jar", "header", "order"),
        ];
        let impacts = ranking.map(|(operation, field, kind)| of_divergence(operation, field, kind));
        assert!(impacts.is_sorted_by(|one, next| one < next), "{impacts:?}");
    }

    #[test]
    fn what_is_lost_is_named() {
        for (operation, field, difference, name) in [
            ("parse.set-cookie", "secure", "not set", "lost Secure"),
            ("format.set-cookie", "httponly", "not written", "lost HttpOnly"),
            ("jar", "value", SHOWN_TO_SCRIPT, "lost HttpOnly"),
            ("parse.set-cookie", "same_site", "lost", "lost SameSite"),
            ("format.set-cookie", "samesite", "not written", "lost SameSite"),
            ("parse.set-cookie", "domain", "emptied", "lost Domain"),
            ("parse.set-cookie", "path", "lost", "lost Path"),
            ("parse.set-cookie", "max_age", "lost", "lost lifetime"),
            ("parse.date", "date", "not taken for a date", "lost lifetime"),
            ("jar", "store.expires", "not persistent", "lost lifetime"),
            ("parse.set-cookie", "cookie", "refused", "lost cookie"),
            ("format.set-cookie", "set_cookie", "refused", "lost cookie"),
            ("format.set-cookie", "name", IGNORED_AS_WRITTEN, "lost cookie"),
            ("parse.cookie", "pair", "lost", "lost cookie"),
            ("parse.set-cookie", "cookie", "accepted", "wrong cookie"),
            ("parse.set-cookie", "value", "emptied", "wrong cookie"),
            ("format.set-cookie", "value", UNGRAMMATICAL, "cosmetic"),
        ] {
            let impact = of_divergence(operation, field, difference);
            assert_eq!(impact.name(), name, "{operation} {field} {difference}");
        }
    }
}
