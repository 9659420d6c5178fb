//! What can be wrong with a request of an exchange.

use cookiespec_vectors::Level;

/// A kind of fault. Its name is the field of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A cookie without Domain at another host.
    HostOnly,
    /// A cookie with Domain at a host that does not domain-match it.
    Domain,
    /// A cookie whose Domain the host that set it does not domain-match.
    ForeignDomain,
    /// A Secure cookie over http.
    Secure,
    /// A cookie at a path that does not path-match its own.
    Path,
    /// A cookie that was expired when it came.
    Expired,
    /// A cookie that a later response deleted.
    Deleted,
    /// A cookie in the place of which a later response set another one.
    Replaced,
    /// A session cookie after the end of the session.
    SessionOver,
    /// A cookie of the caller's Cookie field at another origin.
    CallerField,
    /// A cookie that the caller gave by the client's option, at another origin.
    CallerCookie,
    /// A cookie that the caller gave for an earlier request.
    CallerKept,
    /// The caller's Authorization field at another origin.
    CallerAuthorization,
    /// A Cookie field without a cookie.
    Empty,
    /// More than one Cookie field line.
    Several,
    /// A stored cookie that does not arrive.
    Lost,
}

impl Fault {
    pub(crate) const ALL: [Self; 16] = [
        Self::HostOnly,
        Self::Domain,
        Self::ForeignDomain,
        Self::Secure,
        Self::Path,
        Self::Expired,
        Self::Deleted,
        Self::Replaced,
        Self::SessionOver,
        Self::CallerField,
        Self::CallerCookie,
        Self::CallerKept,
        Self::CallerAuthorization,
        Self::Empty,
        Self::Several,
        Self::Lost,
    ];

    /// The fault with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }

    /// What it is about. It is part of finding ids.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::HostOnly => "host-only cookie",
            Self::Domain => "cookie with Domain",
            Self::ForeignDomain => "cookie with the Domain of another host",
            Self::Secure => "Secure cookie",
            Self::Path => "cookie of another path",
            Self::Expired => "expired cookie",
            Self::Deleted => "deleted cookie",
            Self::Replaced => "replaced cookie",
            Self::SessionOver => "cookie of the last session",
            Self::CallerField => "Cookie field of the caller",
            Self::CallerCookie => "cookie of the caller",
            Self::CallerKept => "cookie of the caller for an earlier request",
            Self::CallerAuthorization => "Authorization field of the caller",
            Self::Empty => "Cookie field",
            Self::Several => "Cookie field lines",
            Self::Lost => "stored cookie",
        }
    }

    /// How binding the specifications are. RFC 9110 section 15.4 asks to consider what a redirect
    /// leaves of the caller's fields, and no text on cookies knows of a caller.
    pub(crate) const fn level(self) -> Level {
        match self {
            Self::CallerField
            | Self::CallerCookie
            | Self::CallerKept
            | Self::CallerAuthorization => Level::Should,
            _ => Level::Must,
        }
    }

    /// What is expected instead.
    pub(crate) const fn expected(self) -> &'static str {
        match self {
            Self::HostOnly => "sent to the host that set it alone",
            Self::Domain => "sent to the Domain and the hosts below it alone",
            Self::ForeignDomain => "ignored, as the host that set it is not below that Domain",
            Self::Secure => "sent over secure connections alone",
            Self::Path => "sent to its path and what is below it alone",
            Self::Expired => "ignored, as it was expired",
            Self::Deleted => "not sent after it was deleted",
            Self::Replaced => "not sent after another one took its place",
            Self::SessionOver => "not sent after the end of its session",
            Self::CallerField | Self::CallerCookie | Self::CallerAuthorization => {
                "left out at another origin than the one it was given for"
            }
            Self::CallerKept => "sent with the request it was given for alone",
            Self::Empty => "no field without a cookie",
            Self::Several => "one field line",
            Self::Lost => "sent",
        }
    }
}
