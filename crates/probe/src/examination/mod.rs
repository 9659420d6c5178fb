//! A whole probe: the application is reached, its session cookie found, and every check put to it.

mod refusal;
mod setup;

use std::time::{Duration, Instant};

use cookiespec_wire::Bounds;

pub use self::refusal::Refusal;
pub(crate) use self::refusal::admit;
pub use self::setup::ProbeError;
use crate::bench::{Bench, Bursts, SampleSize};
use crate::budget::Allowance;
use crate::check::Check;
use crate::checks;
use crate::descriptor::Descriptor;
use crate::host::Host;
use crate::profile::Profile;
use crate::transcript::Exchange;
use crate::trouble::{Trouble, TroubleKind};
use crate::verdict::{Checked, Halt, Verdict};

/// How an application is probed.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Hosts that are no loopback addresses and may be probed all the same.
    pub allowed_hosts: Vec<String>,
    /// The most requests in a second; what the address bears by default.
    pub rate: Option<u32>,
    /// The most requests in all; what the address bears by default.
    pub total: Option<u64>,
    /// What one answer may take.
    pub bounds: Bounds,
    /// How many identifiers are collected.
    pub sample: SampleSize,
    /// How often overlapping requests are tried.
    pub bursts: Bursts,
    /// Whose limits a session has to keep.
    pub profile: Profile,
    /// The checks to be made; all where it is empty.
    pub only: Vec<String>,
}

/// Everything a probe came to.
#[derive(Debug)]
pub struct Examination {
    /// What the application is called.
    pub name: String,
    /// Where it was reached.
    pub origin: String,
    /// The cookies that make the session, as text.
    pub cookies: String,
    /// One result per check.
    pub results: Vec<CheckResult>,
    /// How many requests were sent.
    pub requests: u64,
    /// How many were allowed.
    pub allowance: Allowance,
    /// How long it took.
    pub took: Duration,
}

/// What came of one check.
#[derive(Debug)]
pub struct CheckResult {
    /// The check.
    pub check: &'static Check,
    /// What it says, or why it says nothing.
    pub outcome: Result<Verdict, Trouble>,
    /// What was said between probe and application: the first exchanges and the last ones.
    pub transcript: Vec<Exchange>,
    /// How many exchanges are left out in the middle of it.
    pub omitted: usize,
    /// How many requests it took.
    pub requests: u64,
}

impl CheckResult {
    /// The word in reports; `BROKEN` where the application could not be examined.
    pub fn name(&self) -> &'static str {
        self.outcome.as_ref().map_or("BROKEN", Verdict::name)
    }

    /// Whether the application does not do what the statement says.
    pub fn is_failure(&self) -> bool {
        matches!(self.outcome, Ok(Verdict::Fail(_)))
    }

    /// What was seen, or what stopped the check.
    pub fn note(&self) -> String {
        match &self.outcome {
            Ok(verdict) => verdict.note().to_owned(),
            Err(trouble) => trouble.to_string(),
        }
    }
}

/// Probes an application. `host` starts and stops it in place of the descriptor's command.
/// `progress` learns of every check that is done.
///
/// # Errors
/// [`ProbeError`] where no check could be made.
pub fn examine(
    descriptor: Descriptor,
    options: &Options,
    host: Option<Box<dyn Host>>,
    progress: &dyn Fn(&CheckResult),
) -> Result<Examination, ProbeError> {
    let start = Instant::now();
    let chosen = options.chosen()?;
    let (bench, allowance) = setup::bench(descriptor, options, host)?;
    let mut results = Vec::with_capacity(chosen.len());
    for check in chosen {
        let result = carry_out(check, &bench);
        progress(&result);
        let is_over =
            matches!(&result.outcome, Err(trouble) if trouble.kind == TroubleKind::Budget);
        results.push(result);
        if is_over || !is_alive(&bench, &results) {
            break;
        }
    }
    Ok(Examination {
        name: bench.descriptor.title().to_owned(),
        origin: bench.site.origin().to_string(),
        cookies: bench.found.shown(),
        results,
        requests: bench.shared.budget.spent(),
        allowance,
        took: start.elapsed(),
    })
}

impl Options {
    /// What the application has to bear, where it would usually bear this.
    fn allowance(&self, usual: Allowance) -> Allowance {
        Allowance {
            total: self.total.unwrap_or(usual.total),
            per_second: self.rate.unwrap_or(usual.per_second),
        }
    }

    /// The checks to be made.
    ///
    /// # Errors
    /// [`ProbeError::Usage`] where there is no such check.
    pub fn chosen(&self) -> Result<Vec<&'static Check>, ProbeError> {
        let unknown = self.only.iter().find(|id| checks::all().all(|check| check.id != **id));
        if let Some(id) = unknown {
            let shown = id.escape_debug();
            let what = format!("there is no check \"{shown}\"; checks are called SM-001 to SM-107");
            return Err(ProbeError::Usage(what));
        }
        let is_chosen =
            |check: &&Check| self.only.is_empty() || self.only.iter().any(|id| id == check.id);
        Ok(checks::all().filter(is_chosen).collect())
    }
}

fn carry_out(check: &'static Check, bench: &Bench) -> CheckResult {
    bench.shared.begin();
    let before = bench.shared.budget.spent();
    let outcome = match decide(check, bench) {
        Ok(verdict) | Err(Halt::Decided(verdict)) => Ok(verdict),
        Err(Halt::Trouble(trouble)) => Err(trouble),
    };
    let requests = bench.shared.budget.spent() - before;
    let (transcript, omitted) = bench.shared.take_transcript();
    CheckResult { check, outcome, transcript, omitted, requests }
}

fn decide(check: &Check, bench: &Bench) -> Checked {
    if bench.found.is_shared && check.id != checks::ISOLATION {
        let why = "who-am-i answers everybody the same, so that nothing else can be seen";
        return Ok(Verdict::NotApplicable(why.to_owned()));
    }
    match check.needs.iter().find(|need| !need.is_met(&bench.descriptor)) {
        Some(need) => {
            let why = format!("the descriptor would need {}", need.key());
            Ok(Verdict::NotApplicable(why))
        }
        None => (check.run)(bench),
    }
}

/// Whether it makes sense to go on: after a check that could not be made, the application has to
/// answer still.
fn is_alive(bench: &Bench, results: &[CheckResult]) -> bool {
    match results.last() {
        Some(CheckResult { outcome: Err(_), .. }) => bench.browser().whoami().is_ok(),
        _ => true,
    }
}
