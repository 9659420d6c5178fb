//! From a descriptor to a test context: sites, hosts, and the first logins.

use std::sync::{Arc, Mutex};

use cookiespec_wire::Trust;
use tempfile::TempDir;

use super::options::Options;
use crate::budget::{Allowance, Budget};
use crate::descriptor::{Descriptor, DescriptorError};
use crate::error::{ErrorKind, ProbeError, SetupError};
use crate::host::{CommandHost, DEFAULT_IDLE, Host, free_port, ready_path, start_and_wait};
use crate::origin::Origin;
use crate::session::{SessionInfo, identify_session};
use crate::site::{Admitted, Shared, Site};
use crate::template::Values;
use crate::test_context::TestContext;

/// Starts the application if the descriptor declares how, and identifies its session cookies.
pub(crate) fn test_context(
    mut descriptor: Descriptor,
    options: &Options,
    host: Option<Box<dyn Host>>,
) -> Result<TestContext, SetupError> {
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
    let mut context = unstarted(descriptor, options, host)?;
    context.second_host = second_host;
    context.scratch = Some(scratch);
    start_all(&context)?;
    context.session_info = identify_session(&context.site, &context.descriptor)?;
    Ok(context)
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
) -> Result<TestContext, SetupError> {
    let admit = |key, text: &str| Admitted::new(origin(key, text)?, &options.allowed_hosts);
    let first = admit("origin", &descriptor.origin)?;
    let https = descriptor.https.as_ref().and_then(|https| https.origin.as_ref());
    let https = https.map(|origin| admit("https.origin", origin)).transpose()?;
    let second = descriptor.second.as_ref().and_then(|second| second.origin.as_ref());
    let second = second.map(|origin| admit("second.origin", origin)).transpose()?;
    let elsewhere = [Some(&first), https.as_ref(), second.as_ref()]
        .into_iter()
        .flatten()
        .map(Admitted::allowance)
        .find(|allowance| *allowance == Allowance::ELSEWHERE);
    let allowance = options.allowance(elsewhere.unwrap_or(Allowance::LOOPBACK));
    let shared = Arc::new(Shared::new(Budget::new(allowance)));
    let make = |admitted: Admitted, trust: &Trust, fields: Vec<(String, String)>| {
        let site = Site::new(admitted, trust, options.bounds, Arc::clone(&shared))?;
        Ok::<_, SetupError>(Arc::new(site.behind_proxy(fields)))
    };
    let trust = match descriptor.https.as_ref().and_then(|https| https.ca.as_ref()) {
        Some(file) => Trust::File(descriptor.folder.join(file)),
        None => Trust::System,
    };
    let site = make(first.clone(), &trust, Vec::new())?;
    let https = match &descriptor.https {
        None if site.is_https() => Some(Arc::clone(&site)),
        None => None,
        Some(proxy) => {
            let fields = proxy.headers.clone().into_iter().collect();
            Some(make(https.unwrap_or(first), &trust, fields)?)
        }
    };
    let second = second.map(|admitted| make(admitted, &trust, Vec::new()));
    Ok(TestContext {
        second: second.transpose()?,
        second_host: None,
        descriptor: Arc::new(descriptor),
        site,
        https,
        host: host.map(Mutex::new),
        shared,
        session_info: SessionInfo::default(),
        sample: options.sample,
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

fn scratch_folder() -> Result<TempDir, ProbeError> {
    tempfile::tempdir().map_err(|error| ProbeError {
        request: "making a folder for {scratch}".to_owned(),
        got: error.to_string(),
        advice: "set TMPDIR to a folder that can be written to".to_owned(),
        kind: ErrorKind::NoResponse,
    })
}

fn start_all(context: &TestContext) -> Result<(), ProbeError> {
    let TestContext { descriptor, site, second, host, second_host, .. } = context;
    let ready = ready_path(descriptor.process.as_ref(), &descriptor.whoami.path);
    let idle = descriptor.policy.idle.unwrap_or(DEFAULT_IDLE);
    let hosts = [(host, Some(site)), (second_host, second.as_ref())];
    for (host, site) in hosts {
        if let (Some(host), Some(site)) = (host, site) {
            start_and_wait(&mut **TestContext::lock(host), site, ready, idle)?;
        }
    }
    Ok(())
}

fn origin(key: &'static str, text: &str) -> Result<Origin, DescriptorError> {
    Origin::parse(text).map_err(|error| DescriptorError::Key { key, problem: error.to_string() })
}
