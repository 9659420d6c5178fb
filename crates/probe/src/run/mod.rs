//! A run of the probe: the application is started and reached, its session cookies are found, and
//! the selected checks are run on it.

pub mod options;
pub(crate) mod setup;

use std::time::{Duration, Instant};

use cookiespec_report::shortened;

use self::options::Options;
use crate::budget::Allowance;
use crate::check::Check;
use crate::checks::table::Entry;
use crate::descriptor::Descriptor;
use crate::error::{ErrorKind, ProbeError, SetupError};
use crate::evidence::{NAME, NOTE};
use crate::host::Host;
use crate::site::over;
use crate::test_context::TestContext;
use crate::transcript::Exchange;
use crate::verdict::{Abort, CheckResult, Verdict};

/// The results of a run.
#[derive(Debug)]
pub struct ProbeRun {
    /// The name of the application.
    pub name: String,
    /// The origin of the application.
    pub origin: String,
    /// The names of the session cookies as text.
    pub cookies: String,
    /// One report for each check that was run.
    pub results: Vec<CheckReport>,
    /// The selected checks that were not run, because the run ended early; the last of `results`
    /// says why. Nothing is known about what they check.
    pub not_run: Vec<&'static Check>,
    /// The number of requests sent.
    pub requests: u64,
    /// The request budget.
    pub allowance: Allowance,
    /// The duration of the run.
    pub took: Duration,
}

/// The result of one check, and the requests that led to it.
#[derive(Debug)]
pub struct CheckReport {
    /// The check.
    pub check: &'static Check,
    /// The verdict, or why the check could not be completed.
    pub outcome: Result<Verdict, ProbeError>,
    /// The first and the last exchanges between probe and application.
    pub transcript: Vec<Exchange>,
    /// The number of exchanges left out between them.
    pub omitted: usize,
    /// The number of requests of the check.
    pub requests: u64,
}

impl CheckReport {
    /// The word for the outcome in reports; `BROKEN` if the check could not be completed.
    pub fn name(&self) -> &'static str {
        self.outcome.as_ref().map_or("BROKEN", Verdict::name)
    }

    /// Whether the statement does not hold.
    pub fn is_failure(&self) -> bool {
        matches!(self.outcome, Ok(Verdict::Fail(_)))
    }

    /// What was observed, or why the check could not be completed.
    pub fn note(&self) -> String {
        match &self.outcome {
            Ok(verdict) => verdict.note().to_owned(),
            Err(error) => error.to_string(),
        }
    }
}

/// Probes an application. `host`, if there is one, starts and stops it instead of the command in
/// the descriptor. `progress` is called with the report of each check.
///
/// # Errors
/// [`SetupError`] if no check could be run.
pub fn probe(
    descriptor: Descriptor,
    options: &Options,
    host: Option<Box<dyn Host>>,
    progress: &dyn Fn(&CheckReport),
) -> Result<ProbeRun, SetupError> {
    let start = Instant::now();
    let selected = options.selected()?;
    let context = setup::test_context(descriptor, options, host).map_err(SetupError::shortened)?;
    let mut results = Vec::with_capacity(selected.len());
    let mut selected = selected.into_iter();
    for entry in selected.by_ref() {
        let report = run_check(entry, &context);
        progress(&report);
        let goes_on = match &report.outcome {
            Ok(_) => true,
            Err(error) if error.kind == ErrorKind::Budget => false,
            // After a check that could not be completed, the application must still respond.
            Err(_) => context.browser().whoami().is_ok(),
        };
        results.push(report);
        if !goes_on {
            break;
        }
    }
    Ok(ProbeRun {
        name: shortened(context.descriptor.title().to_owned(), NAME),
        origin: shortened(context.site.origin().to_string(), NAME),
        cookies: shortened(context.session_info.shown(), NOTE),
        results,
        not_run: selected.map(|entry| &entry.check).collect(),
        requests: context.shared.budget.spent(),
        allowance: context.shared.budget.allowance(),
        took: start.elapsed(),
    })
}

fn run_check(entry: &'static Entry, context: &TestContext) -> CheckReport {
    context.shared.start_check();
    let before = context.shared.budget.spent();
    let outcome = match decide(entry, context) {
        Ok(verdict) | Err(Abort::Decided(verdict)) => Ok(verdict),
        Err(Abort::Error(error)) => Err(error),
    };
    // A check that made something of a request that was refused has observed nothing.
    let outcome = match context.shared.budget.exhausted() {
        Some(limit) => Err(over(format!("completing {}", entry.check.id), limit)),
        None => outcome,
    };
    let outcome = outcome.map(Verdict::shortened).map_err(ProbeError::shortened);
    let requests = context.shared.budget.spent() - before;
    let (transcript, omitted) = context.shared.transcript().take();
    CheckReport { check: &entry.check, outcome, transcript, omitted, requests }
}

fn decide(entry: &Entry, context: &TestContext) -> CheckResult {
    let check = &entry.check;
    if context.session_info.is_shared && check.id != ISOLATION {
        let note = "who-am-i has the same response for every client, so that sessions cannot be \
                    distinguished";
        return Ok(Verdict::NotApplicable(note.to_owned()));
    }
    match check.needs.iter().find(|need| !need.is_met(&context.descriptor)) {
        Some(need) => {
            Ok(Verdict::NotApplicable(format!("the descriptor would need {}", need.key())))
        }
        None => (entry.run)(context),
    }
}

/// The check that decides whether one user can see another. It is run even if who-am-i does not
/// depend on the session.
const ISOLATION: &str = "SM-088";
