//! A job of a run: one target, the profiles it is judged under, and its report.

use std::time::Duration;

use cookiespec_report::TargetReport;
use cookiespec_vectors::{Case, Fingerprint, Handshake, ImplementationInfo, Profile};

use crate::run::Transcript;
use crate::target::Target;

/// A target and the profiles to judge it under.
#[derive(Clone, Debug)]
pub struct Job {
    /// What to run.
    pub target: Target,
    /// Empty for the profile that the target claims, or 6265bis where it claims none.
    pub profiles: Vec<Profile>,
}

impl Job {
    /// The profiles to judge the target under, given its claim.
    pub(crate) fn profiles(&self, about: &ImplementationInfo) -> Vec<Profile> {
        if !self.profiles.is_empty() {
            return self.profiles.clone();
        }
        vec![self.profile(about)]
    }

    /// The one profile to judge the target under where there can only be one.
    pub(crate) fn profile(&self, about: &ImplementationInfo) -> Profile {
        let claimed = || about.claims.as_ref().and_then(|name| name.parse().ok());
        self.profiles.first().copied().or_else(claimed).unwrap_or(Profile::Rfc6265bis)
    }

    /// The judged results of this job.
    pub(crate) fn report(
        &self,
        transcript: Transcript,
        cases: &[&Case],
        took: Duration,
    ) -> TargetReport {
        let Transcript { handshake, outcomes, error } = transcript;
        let about = handshake.as_ref().map(Handshake::about).unwrap_or_default();
        let profiles = self.profiles(&about);
        let name = self.target.reported_name(&about).to_owned();
        TargetReport {
            // The reference engine is run once for each profile.
            label: match profiles.first() {
                Some(profile) if self.target.is_per_profile() => format!("{name} {profile}"),
                _ => name.clone(),
            },
            name,
            ecosystem: self.target.ecosystem.clone(),
            selector: self.target.selector(),
            handshake,
            error,
            outcomes,
            results: Vec::new(),
            fingerprint: Fingerprint::default(),
            took,
        }
        .judged(&profiles, cases)
    }
}
