//! What the texts leave to the user agent.

use crate::host::HostRule;
use crate::profile::Profile;

/// 400 days in seconds: the RECOMMENDED cookie age limit of 6265bis section 5.5.
pub const AGE_LIMIT: i64 = 400 * 24 * 60 * 60;

/// The choices of one user agent.
///
/// ```
/// use cookiespec_engine::{Policy, Profile};
/// let policy = Policy { secure_localhost: true, ..Policy::new(Profile::Rfc6265bis) };
/// assert_eq!(policy.age_limit, Some(34_560_000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The text that is followed.
    pub profile: Profile,
    /// How strictly host names are read.
    pub host_rule: HostRule,
    /// Is a connection to localhost secure whatever its scheme?
    pub secure_localhost: bool,
    /// Lax-allowing-unsafe (6265bis section 5.6.7.2): the age in seconds up to which a cookie
    /// without SameSite goes with a cross-site top-level request of any method. `None`: never.
    pub lax_allowing_unsafe: Option<i64>,
    /// The cookie age limit in seconds (6265bis section 5.5). `None`: no limit.
    pub age_limit: Option<i64>,
    /// How many cookies are kept.
    pub limits: Limits,
    /// Which cookies the user accepts.
    pub acceptance: Acceptance,
}

impl Policy {
    /// The defaults of a profile: lenient hosts, https only, no Lax-allowing-unsafe, the
    /// RECOMMENDED age limit where the profile has one, no bound on the number of cookies.
    pub const fn new(profile: Profile) -> Self {
        Self {
            profile,
            host_rule: HostRule::Lenient,
            secure_localhost: false,
            lax_allowing_unsafe: None,
            age_limit: match profile {
                Profile::Rfc6265 => None,
                Profile::Rfc6265bis => Some(AGE_LIMIT),
            },
            limits: Limits { per_domain: None, total: None },
            acceptance: Acceptance::All,
        }
    }
}

/// Bounds on the number of stored cookies (section 5.3 / 5.7, "remove excess cookies").
///
/// Section 6.1 asks for at least 50 cookies per domain and 3,000 in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Cookies that share a domain field. `None`: no bound.
    pub per_domain: Option<usize>,
    /// Cookies in all. `None`: no bound.
    pub total: Option<usize>,
}

/// The user's choice (section 7.2 / 7.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Acceptance {
    /// Every cookie the rules let in.
    #[default]
    All,
    /// Every cookie, but as if none had an expiry: all are gone when the session ends.
    SessionOnly,
    /// None is stored and none is sent.
    Disabled,
}
