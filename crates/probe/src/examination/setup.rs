//! From a descriptor to a bench.

use std::fmt;
use std::sync::{Arc, Mutex};

use cookiespec_wire::Trust;
use tempfile::TempDir;

use super::Options;
use super::refusal::{Refusal, admit};
use crate::bench::Bench;
use crate::bench::clock::{USUAL_IDLE, ready_path, start};
use crate::budget::{Allowance, Budget};
use crate::descriptor::{Descriptor, DescriptorError};
use crate::discovery::discover;
use crate::host::{CommandHost, Host, free_port};
use crate::origin::{NoOrigin, Origin};
use crate::site::{Shared, Site};
use crate::template::Values;
use crate::trouble::{Trouble, TroubleKind};

/// Why no check could be made.
#[derive(Debug)]
pub enum ProbeError {
    /// The command cannot be done as it was given.
    Usage(String),
    /// The descriptor cannot be used.
    Descriptor(DescriptorError),
    /// The application may not be probed.
    Refused(Refusal),
    /// The application cannot be examined.
    Trouble(Trouble),
}

impl ProbeError {
    /// Whether the mistake is in the command or in the descriptor, and not in the application.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Usage(_) | Self::Descriptor(_) | Self::Refused(_) => true,
            Self::Trouble(trouble) => trouble.kind == TroubleKind::Descriptor,
        }
    }
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(what) => f.write_str(what),
            Self::Descriptor(error) => error.fmt(f),
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Trouble(trouble) => trouble.fmt(f),
        }
    }
}

impl std::error::Error for ProbeError {}

impl From<Trouble> for ProbeError {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// Starts the application where the descriptor says how, and finds out what makes its sessions.
pub(super) fn bench(
    mut descriptor: Descriptor,
    options: &Options,
    host: Option<Box<dyn Host>>,
) -> Result<(Bench, Allowance), ProbeError> {
    let ports = [free_port()?, free_port()?];
    fill_ports(&mut descriptor, ports);
    let scratch = scratch_folder()?;
    let values = Values::default().with("scratch", scratch.path().to_string_lossy());
    let host = host.or_else(|| {
        let process = descriptor.process.as_ref()?;
        let values = with_ports(values.clone(), ports);
        let host = CommandHost::new(&process.start, process, &descriptor.folder, values);
        Some(Box::new(host) as Box<dyn Host>)
    });
    let second_host = second_host(&descriptor, values);
    let mut bench = unstarted(descriptor, options, host)?;
    bench.second_host = second_host;
    bench.scratch = Some(scratch);
    let allowance = bench.shared.budget.allowance();
    start_all(&bench)?;
    bench.found = discover(&bench.site, &bench.descriptor)?;
    Ok((bench, allowance))
}

fn fill_ports(descriptor: &mut Descriptor, [port, port2]: [u16; 2]) {
    let fill = |origin: &mut String| {
        *origin =
            origin.replace("{port}", &port.to_string()).replace("{port2}", &port2.to_string());
    };
    fill(&mut descriptor.origin);
    descriptor.https.iter_mut().filter_map(|https| https.origin.as_mut()).for_each(fill);
    descriptor.second.iter_mut().filter_map(|second| second.origin.as_mut()).for_each(fill);
}

fn unstarted(
    descriptor: Descriptor,
    options: &Options,
    host: Option<Box<dyn Host>>,
) -> Result<Bench, ProbeError> {
    let origin = origin("origin", &descriptor.origin)?;
    let usual = admit(&origin, &options.allowed_hosts, options.bounds)?;
    let shared = Arc::new(Shared::new(Budget::new(options.allowance(usual))));
    let make = |origin: Origin, trust: &Trust, fields: Vec<(String, String)>| {
        admit(&origin, &options.allowed_hosts, options.bounds)?;
        let site = Site::new(origin, trust, options.bounds, Arc::clone(&shared))?;
        Ok::<_, ProbeError>(Arc::new(site.behind_proxy(fields)))
    };
    let trust = match descriptor.https.as_ref().and_then(|https| https.ca.as_ref()) {
        Some(file) => Trust::File(descriptor.folder.join(file)),
        None => Trust::System,
    };
    let site = make(origin.clone(), &trust, Vec::new())?;
    let https = match &descriptor.https {
        None if site.is_https() => Some(Arc::clone(&site)),
        None => None,
        Some(https) => {
            let fields = https.headers.clone().into_iter().collect();
            let there =
                https.origin.as_ref().map_or(Ok(origin), |it| self::origin("https.origin", it));
            Some(make(there?, &trust, fields)?)
        }
    };
    let second = descriptor.second.as_ref().and_then(|second| second.origin.as_ref());
    let second = second.map(|it| make(self::origin("second.origin", it)?, &trust, Vec::new()));
    Ok(Bench {
        second: second.transpose()?,
        second_host: None,
        descriptor: Arc::new(descriptor),
        site,
        https,
        host: host.map(Mutex::new),
        shared,
        found: crate::discovery::Found::default(),
        size: options.sample,
        bursts: options.bursts,
        profile: options.profile,
        ids: Mutex::default(),
        scratch: None,
    })
}

fn second_host(descriptor: &Descriptor, values: Values) -> Option<Mutex<Box<dyn Host>>> {
    let command = descriptor.second.as_ref()?.start.as_ref().filter(|words| !words.is_empty())?;
    let process = descriptor.process.as_ref()?;
    let port = |origin: &str| Origin::parse(origin).map_or(0, |origin| origin.port);
    let second = descriptor.second.as_ref().and_then(|second| second.origin.as_deref());
    let values = with_ports(values, [port(&descriptor.origin), second.map_or(0, port)]);
    Some(Mutex::new(Box::new(CommandHost::new(command, process, &descriptor.folder, values))))
}

fn with_ports(values: Values, [port, port2]: [u16; 2]) -> Values {
    values.with("port", port.to_string()).with("port2", port2.to_string())
}

fn scratch_folder() -> Result<TempDir, Trouble> {
    tempfile::tempdir().map_err(|error| Trouble {
        request: "making a folder for {scratch}".to_owned(),
        got: error.to_string(),
        advice: "let TMPDIR name a folder that can be written to".to_owned(),
        kind: TroubleKind::NoAnswer,
    })
}

fn start_all(bench: &Bench) -> Result<(), Trouble> {
    let Bench { descriptor, site, second, host, second_host, .. } = bench;
    let ready = ready_path(descriptor.process.as_ref(), &descriptor.whoami.path);
    let idle = descriptor.policy.idle.unwrap_or(USUAL_IDLE);
    let hosts = [(host, Some(site)), (second_host, second.as_ref())];
    for (host, site) in hosts {
        if let (Some(host), Some(site)) = (host, site) {
            start(&mut **Bench::lock(host), site, ready, idle)?;
        }
    }
    Ok(())
}

fn origin(key: &str, text: &str) -> Result<Origin, ProbeError> {
    Origin::parse(text).map_err(|error: NoOrigin| {
        ProbeError::Descriptor(DescriptorError(format!("`{key}`: {error}")))
    })
}
