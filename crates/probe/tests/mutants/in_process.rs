//! The application, served by threads of the test, with a clock that a request can advance.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cookiespec_probe::host::Host;
use cookiespec_probe::{Descriptor, Options, ProbeError, ProbeRun};
use cookiespec_session::{Clock, ManualClock, MemoryStore, Settings, Store, SystemClock};
use tokio::runtime::{Builder, Runtime};

use cookiespec_reference_app::app::{self, Parts};
use cookiespec_reference_app::mutant::Mutant;

/// Probes the application with the descriptor that is committed for it.
pub(crate) fn probe(mutant: Option<Mutant>) -> ProbeRun {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let text = DESCRIPTOR.replace("{port}", &port.to_string());
    let mut descriptor = Descriptor::read(&text, Path::new("")).unwrap();
    descriptor.second = None;
    if mutant.is_some() {
        // The check that needs it takes a second, and only records.
        descriptor.hold = None;
    }
    let absolute = Duration::from_secs(descriptor.policy.absolute.unwrap());
    let store = Arc::<MemoryStore>::default();
    let host = InProcess { mutant, port, absolute, store, waiting: Some(listener), running: None };
    let mut options = Options::default();
    options.sample.count = LOGINS;
    // Pending requests find every defect each time; bursts find it only by chance.
    options.bursts.count = if mutant.is_none() { BURSTS } else { 0 };
    cookiespec_probe::probe(descriptor, &options, Some(Box::new(host)), &|_| {}).unwrap()
}

struct InProcess {
    mutant: Option<Mutant>,
    port: u16,
    absolute: Duration,
    store: Arc<MemoryStore>,
    /// The listener of the first start, which keeps the port.
    waiting: Option<TcpListener>,
    running: Option<Runtime>,
}

impl Host for InProcess {
    fn start(&mut self, idle: u64) -> Result<(), ProbeError> {
        let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        let listener = self.waiting.take().unwrap_or_else(bind);
        listener.set_nonblocking(true).unwrap();
        let clock = Arc::new(ManualClock::at(SystemClock.now()));
        let idle = Duration::from_secs(idle);
        let router = app::router(Parts {
            store: self.store.clone() as Arc<dyn Store>,
            clock: clock.clone(),
            settings: Settings { idle, absolute: self.absolute, ..Settings::default() },
            mutant: self.mutant,
            clock_control: Some(clock),
        });
        let router = router.unwrap();
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
        self.running = Some(runtime);
        Ok(())
    }

    fn stop(&mut self) {
        if let Some(runtime) = self.running.take() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
    }

    fn ended(&mut self) -> Option<String> {
        None
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        self.stop();
    }
}

impl std::fmt::Debug for InProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InProcess").field("mutant", &self.mutant).finish_non_exhaustive()
    }
}

const DESCRIPTOR: &str = include_str!("../../../../zoo/reference_app.toml");
/// Enough to distinguish random identifiers from others.
const LOGINS: usize = 200;
/// The application without a mutant has nothing to find.
const BURSTS: usize = 3;
