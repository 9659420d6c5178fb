//! Whom the probe does not touch.

use std::fmt;

use crate::origin::Origin;
use crate::site::Site;
use crate::trouble::Trouble;

/// An application that may not be probed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.0.escape_debug();
        write!(
            f,
            "{host} is not this machine: a probe sends thousands of requests, many of them \
             hostile. If you may do that there, say --allow-host {host}"
        )
    }
}

impl std::error::Error for Refusal {}

/// What the application is allowed to bear.
pub(super) enum Permission {
    Refused(Refusal),
    Loopback,
    Elsewhere,
}

/// May this be probed?
pub(super) fn permission(site: &Site, allowed: &[String]) -> Result<Permission, Trouble> {
    let Origin { host, .. } = site.origin();
    if site.is_loopback()? {
        return Ok(Permission::Loopback);
    }
    let is_allowed = allowed.iter().any(|name| name.eq_ignore_ascii_case(host));
    Ok(if is_allowed { Permission::Elsewhere } else { Permission::Refused(Refusal(host.clone())) })
}
