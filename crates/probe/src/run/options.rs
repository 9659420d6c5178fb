//! The options of a probe.

use std::time::Duration;

use cookiespec_wire::Bounds;

use crate::budget::Allowance;
use crate::checks::table::{Entry, TABLE};
use crate::error::SetupError;
use crate::profile::Profile;
use crate::test_context::{Bursts, SampleSize};

/// How an application is probed.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Hosts without loopback addresses that may be probed.
    pub allowed_hosts: Vec<String>,
    /// The most requests per second; defaults to an [`Allowance`] that depends on the address.
    pub rate: Option<u32>,
    /// The most requests in total; defaults to an [`Allowance`] that depends on the address.
    pub total: Option<u64>,
    /// The most time; defaults to an [`Allowance`] that depends on the address.
    pub time: Option<Duration>,
    /// The most octets of all requests and responses together; defaults to an [`Allowance`] that
    /// depends on the address.
    pub octets: Option<u64>,
    /// The limits of one response.
    pub bounds: Bounds,
    /// How many identifiers are collected.
    pub sample: SampleSize,
    /// How often bursts of requests are tried.
    pub bursts: Bursts,
    /// The profile whose limits a session has to observe.
    pub profile: Profile,
    /// The identifiers of the checks to run; empty for all.
    pub only: Vec<String>,
}

impl Options {
    /// The checks to run.
    ///
    /// # Errors
    /// [`SetupError::Usage`] if there is no check with an identifier in `only`.
    pub fn selected(&self) -> Result<Vec<&'static Entry>, SetupError> {
        let is_known = |id: &String| TABLE.iter().any(|entry| entry.check.id == id);
        if let Some(id) = self.only.iter().find(|id| !is_known(id)) {
            let id = id.escape_debug();
            let what = format!("there is no check \"{id}\"; the checks are SM-001 to SM-107");
            return Err(SetupError::Usage(what));
        }
        let is_selected = |entry: &&Entry| {
            self.only.is_empty() || self.only.iter().any(|id| id == entry.check.id)
        };
        Ok(TABLE.iter().filter(is_selected).collect())
    }

    /// The request budget: the options, or the default for the address.
    pub(super) fn allowance(&self, default: Allowance) -> Allowance {
        Allowance {
            total: self.total.unwrap_or(default.total),
            per_second: self.rate.unwrap_or(default.per_second),
            time: self.time.unwrap_or(default.time),
            octets: self.octets.unwrap_or(default.octets),
        }
    }
}
