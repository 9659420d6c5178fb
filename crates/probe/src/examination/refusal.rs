//! Whom the probe does not touch.

use std::fmt;
use std::sync::Arc;

use cookiespec_wire::{Bounds, Trust};

use super::setup::ProbeError;
use crate::budget::{Allowance, Budget};
use crate::origin::Origin;
use crate::site::{Shared, Site};

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

/// What an application at this origin has to bear, if it may be probed at all: one on this machine,
/// or one whose host is allowed by name.
///
/// # Errors
/// [`ProbeError::Refused`]; also where the host has no address.
pub(crate) fn admit(
    origin: &Origin,
    allowed: &[String],
    bounds: Bounds,
) -> Result<Allowance, ProbeError> {
    // How much may be asked of whom is only known once the address is.
    let nobody = Arc::new(Shared::new(Budget::new(Allowance::ELSEWHERE)));
    let site = Site::new(origin.clone(), &Trust::System, bounds, nobody)?;
    if site.is_loopback()? {
        return Ok(Allowance::LOOPBACK);
    }
    let is_allowed = allowed.iter().any(|name| name.eq_ignore_ascii_case(&origin.host));
    match is_allowed {
        true => Ok(Allowance::ELSEWHERE),
        false => Err(ProbeError::Refused(Refusal(origin.host.clone()))),
    }
}
