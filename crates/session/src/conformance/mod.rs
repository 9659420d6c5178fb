//! The suite that every store must pass, to be run in the store's own tests.
//!
//! Rules ST-01 to ST-15 are checked one by one, each on an empty store; ST-16 runs random traces on
//! the store and on a [`Model`], and compares the results.
//!
//! ```
//! use cookiespec_session::{MemoryStore, Store, conformance::StoreConformance};
//! use std::sync::Arc;
//!
//! let memory = async || Arc::new(MemoryStore::new()) as Arc<dyn Store>;
//! StoreConformance::new("memory", memory).traces(20).run();
//! ```

mod context;
mod model;
mod overlap;
mod rules;
mod trace;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Runtime;

pub use self::context::Time;
use self::context::{CheckResult, Context, expect, record, value};
pub use self::model::Model;
pub use self::trace::{Operation, Trace, run as run_trace, trace};
use crate::cookies::Cookies;
use crate::id::{IdHash, SessionId};
use crate::random::OsRandom;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::store::{Created, Store, StoreError};

/// The suite for one store.
pub struct StoreConformance {
    name: String,
    fresh: Box<dyn Fn() -> BoxFuture<Arc<dyn Store>>>,
    time: Time,
    traces: u32,
    known: Vec<(&'static str, &'static str)>,
    dump: Option<Hook<(), Vec<u8>>>,
    corrupt: Option<Hook<IdHash, ()>>,
}

type BoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;
type Hook<A, T> = Box<dyn Fn(Arc<dyn Store>, A) -> BoxFuture<T>>;

impl StoreConformance {
    /// The suite for the stores that `fresh` makes. Each must be empty.
    pub fn new<F>(name: &str, fresh: F) -> Self
    where
        F: AsyncFn() -> Arc<dyn Store> + Clone + 'static,
    {
        let fresh = move || -> BoxFuture<Arc<dyn Store>> {
            let fresh = fresh.clone();
            Box::pin(async move { fresh().await })
        };
        Self {
            name: name.to_owned(),
            fresh: Box::new(fresh),
            time: Time::Manual,
            traces: 200,
            known: Vec::new(),
            dump: None,
            corrupt: None,
        }
    }

    /// For a store that reads the system clock: the suite waits instead of advancing a clock.
    pub fn in_real_time(mut self) -> Self {
        self.time = Time::Real;
        self
    }

    /// Number of random traces to run for ST-16; 200 by default.
    pub fn traces(mut self, traces: u32) -> Self {
        self.traces = traces;
        self
    }

    /// A rule this store is known to break, and why. The run fails if the rule passes, so that the
    /// list stays correct.
    pub fn known(mut self, rule: &'static str, reason: &'static str) -> Self {
        self.known.push((rule, reason));
        self
    }

    /// Reads everything the store keeps, for ST-13.
    pub fn dump<F>(mut self, dump: F) -> Self
    where
        F: AsyncFn(Arc<dyn Store>) -> Vec<u8> + Clone + 'static,
    {
        self.dump = Some(Box::new(move |store, ()| {
            let dump = dump.clone();
            Box::pin(async move { dump(store).await })
        }));
        self
    }

    /// Damages a record, for ST-15.
    pub fn corrupt<F>(mut self, corrupt: F) -> Self
    where
        F: AsyncFn(Arc<dyn Store>, IdHash) + Clone + 'static,
    {
        self.corrupt = Some(Box::new(move |store, id| {
            let corrupt = corrupt.clone();
            Box::pin(async move { corrupt(store, id).await })
        }));
        self
    }

    /// Runs every rule and prints the outcomes.
    ///
    /// # Panics
    /// If a rule fails that is not known to fail, or passes although it is.
    pub fn run(self) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .enable_all()
            .build()
            .expect("a runtime can be built");
        let mut unexpected = Vec::new();
        for (rule, check) in RULES {
            let outcome = Outcome::of(runtime.block_on(async {
                let store = (self.fresh)().await;
                check(Context { store, time: self.time.clone() }).await
            }));
            self.report(rule, &outcome, &mut unexpected);
        }
        self.report("ST-13", &runtime.block_on(self.ids_are_hashed()), &mut unexpected);
        self.report("ST-15", &runtime.block_on(self.corrupt_is_absent()), &mut unexpected);
        self.report("ST-16", &self.traces_agree(&runtime), &mut unexpected);
        assert!(unexpected.is_empty(), "{}:\n{}", self.name, unexpected.join("\n"));
    }

    fn report(&self, rule: &str, outcome: &Outcome, unexpected: &mut Vec<String>) {
        let known = self.known.iter().find(|(known, _)| *known == rule);
        println!("{}: {rule} {outcome}", self.name);
        match (outcome, known) {
            (Outcome::Fail(why), None) => unexpected.push(format!("{rule} {why}")),
            (Outcome::Fail(_), Some((_, reason))) => println!("    known: {reason}"),
            (Outcome::Pass, Some((_, reason))) => {
                unexpected.push(format!("{rule} passes, although it is known to fail: {reason}"));
            }
            (Outcome::Pass, None) | (Outcome::Skip(_), _) => {}
        }
    }

    /// ST-13: the contents of the store do not allow taking over a session.
    async fn ids_are_hashed(&self) -> Outcome {
        let Some(dump) = &self.dump else {
            return Outcome::Skip("no `dump` reads what the store keeps");
        };
        let store = (self.fresh)().await;
        let now = self.time.watch().now();
        let session = record(Some("a name to be found"), b"1", now + 60_000);
        let secret = SessionId::random(&OsRandom).expect("the system has random octets");
        let created = store.create(&secret.hash(), &session, now).await;
        if let Err(why) = expect("create", created, Created::Done(1)) {
            return Outcome::Fail(why);
        }
        let kept = dump(store, ()).await;
        let holds = |octets: &[u8]| kept.windows(octets.len()).any(|part| part == octets);
        if !holds(b"a name to be found") {
            Outcome::Fail("the dump does not show what was stored".to_owned())
        } else if holds(secret.to_text().as_bytes()) {
            Outcome::Fail("the store keeps the identifier as the client has it".to_owned())
        } else {
            Outcome::Pass
        }
    }

    /// ST-15: a damaged record counts as absent and is reported.
    async fn corrupt_is_absent(&self) -> Outcome {
        let Some(corrupt) = &self.corrupt else {
            return Outcome::Skip("no `corrupt` damages a record");
        };
        let store = (self.fresh)().await;
        let result = async {
            let is_reported = Arc::new(AtomicBool::new(false));
            let reported = is_reported.clone();
            let sessions = value("sessions", Sessions::new(store.clone(), Settings::default()))?
                .reporting_corrupt(move |_| reported.store(true, Ordering::SeqCst));
            let session = sessions.begin(&Cookies::default());
            value("login", session.login("alice").await)?;
            let changes = value("finish", session.finish(false).await)?;
            let line = changes.set_cookie.unwrap_or_default();
            let pair = line.split(|&octet| octet == b';').next().unwrap_or_default();
            let begin = || sessions.begin(&Cookies::of([pair]));
            let id = value("load", begin().id_hash().await)?.ok_or("no session was created")?;
            corrupt(store.clone(), id).await;
            match store.load(&id, self.time.watch().now()).await {
                Err(StoreError::Corrupt) | Ok(None) => {}
                other => return Err(format!("load of a damaged record: {other:?}")),
            }
            expect("user", begin().user().await, None)?;
            if is_reported.load(Ordering::SeqCst) {
                Ok(())
            } else {
                Err("a damaged record is not reported".to_owned())
            }
        };
        Outcome::of(result.await)
    }

    fn traces_agree(&self, runtime: &Runtime) -> Outcome {
        if matches!(self.time, Time::Real) {
            return Outcome::Skip(
                "traces advance the clock, which this store reads from the system",
            );
        }
        let fresh = || runtime.block_on((self.fresh)());
        Outcome::of(trace::agree_with_model(runtime, &fresh, self.traces))
    }
}

impl fmt::Debug for StoreConformance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreConformance").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Outcome of checking one rule.
enum Outcome {
    Pass,
    Fail(String),
    Skip(&'static str),
}

impl Outcome {
    fn of(result: CheckResult) -> Self {
        match result {
            Ok(()) => Self::Pass,
            Err(why) => Self::Fail(why),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass => f.write_str("pass"),
            Self::Fail(why) => write!(f, "FAIL {why}"),
            Self::Skip(why) => write!(f, "skipped: {why}"),
        }
    }
}

/// The check of one rule.
type Check = fn(Context) -> BoxFuture<CheckResult>;

/// The rules that need nothing but the store.
const RULES: [(&str, Check); 13] = [
    ("ST-01", |context| Box::pin(rules::create_never_overwrites(context))),
    ("ST-02", |context| Box::pin(rules::update_never_creates(context))),
    ("ST-03", |context| Box::pin(rules::expired_is_absent(context))),
    ("ST-04", |context| Box::pin(rules::delete_is_idempotent(context))),
    ("ST-05", |context| Box::pin(rules::expiry_is_exact(context))),
    ("ST-06", |context| Box::pin(rules::round_trip_is_exact(context))),
    ("ST-07", |context| Box::pin(overlap::rotate_is_one_step(context))),
    ("ST-08", |context| Box::pin(rules::rotate_needs_a_record(context))),
    ("ST-09", |context| Box::pin(overlap::no_update_is_lost(context))),
    ("ST-10", |context| Box::pin(rules::touch_changes_the_expiry_alone(context))),
    ("ST-11", |context| Box::pin(overlap::purge_removes_the_expired_alone(context))),
    ("ST-12", |context| Box::pin(rules::sessions_are_found_by_user(context))),
    ("ST-14", |context| Box::pin(rules::absence_and_conflict_are_answers(context))),
];
