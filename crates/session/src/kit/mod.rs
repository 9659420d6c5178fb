//! The store kit: what every store must do, as a suite that any store can run in its own tests.
//!
//! Rules ST-01 to ST-15 are checked one by one, each with a fresh store; ST-16 runs random traces
//! on the store and on a plain map, and wants the same answers.
//!
//! ```
//! use cookiespec_session::{MemoryStore, Store, kit::Kit};
//! use std::sync::Arc;
//!
//! let memory = async || Arc::new(MemoryStore::new()) as Arc<dyn Store>;
//! Kit::new("memory", memory).traces(20).run();
//! ```

mod by_user;
mod identity;
mod model;
mod outcome;
mod overlap;
mod presence;
mod time;
mod trace;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::runtime::Runtime;

pub use self::model::Model;
use self::outcome::Outcome;
pub use self::time::Time;
pub use self::trace::{Operation, Trace, run as run_trace, trace};
use crate::clock::UnixMillis;
use crate::id::IdHash;
use crate::record::{Record, State};
use crate::store::Store;

/// The suite for one store.
pub struct Kit {
    name: String,
    fresh: Box<dyn Fn() -> Later<Arc<dyn Store>>>,
    time: Time,
    traces: u32,
    known: Vec<(&'static str, &'static str)>,
    dump: Option<Hook<(), Vec<u8>>>,
    corrupt: Option<Hook<IdHash, ()>>,
}

type Later<T> = Pin<Box<dyn Future<Output = T>>>;
type Hook<A, T> = Box<dyn Fn(Arc<dyn Store>, A) -> Later<T>>;

impl Kit {
    /// The suite for the stores that `fresh` makes, each of them empty.
    pub fn new<F>(name: &str, fresh: F) -> Self
    where
        F: AsyncFn() -> Arc<dyn Store> + Clone + 'static,
    {
        let fresh = move || -> Later<Arc<dyn Store>> {
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

    /// For a store that reads the clock of the machine: the suite really waits.
    pub fn in_real_time(mut self) -> Self {
        self.time = Time::Real;
        self
    }

    /// How many random traces to run for ST-16.
    pub fn traces(mut self, traces: u32) -> Self {
        self.traces = traces;
        self
    }

    /// A rule this store breaks, and why. One it keeps after all fails the run, so that the list
    /// stays true.
    pub fn known(mut self, rule: &'static str, reason: &'static str) -> Self {
        self.known.push((rule, reason));
        self
    }

    /// How to read everything the store keeps, for ST-13.
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

    /// How to damage a record, for ST-15.
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
    /// When a rule fails that is not known to, or a known failure is none any more.
    pub fn run(self) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .enable_all()
            .build()
            .expect("a runtime can be built");
        let mut surprises = Vec::new();
        for (rule, check) in RULES {
            let outcome = Outcome::of(runtime.block_on(async {
                let store = (self.fresh)().await;
                check(Subject { store, time: self.time.clone() }).await
            }));
            self.judge(rule, &outcome, &mut surprises);
        }
        self.judge("ST-13", &runtime.block_on(self.ids_are_hashed()), &mut surprises);
        self.judge("ST-15", &runtime.block_on(self.corrupt_is_absent()), &mut surprises);
        self.judge("ST-16", &self.traces_agree(&runtime), &mut surprises);
        assert!(surprises.is_empty(), "{}:\n{}", self.name, surprises.join("\n"));
    }

    fn judge(&self, rule: &str, outcome: &Outcome, surprises: &mut Vec<String>) {
        let known = self.known.iter().find(|(known, _)| *known == rule);
        println!("{}: {rule} {outcome}", self.name);
        match (outcome, known) {
            (Outcome::Fail(why), None) => surprises.push(format!("{rule} {why}")),
            (Outcome::Fail(_), Some((_, reason))) => println!("    known: {reason}"),
            (Outcome::Pass, Some((_, reason))) => {
                surprises.push(format!("{rule} passes, although it is known to fail: {reason}"));
            }
            (Outcome::Pass, None) | (Outcome::Skip(_), _) => {}
        }
    }

    fn traces_agree(&self, runtime: &Runtime) -> Outcome {
        if matches!(self.time, Time::Real) {
            return Outcome::Skip("traces jump in time, which this store cannot");
        }
        let fresh = || runtime.block_on((self.fresh)());
        Outcome::of(trace::agree_with_model(runtime, &fresh, self.traces))
    }
}

impl fmt::Debug for Kit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kit").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A fresh store and the time to check it in.
pub(crate) struct Subject {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) time: Time,
}

/// `Err` says what the store did wrong.
pub(crate) type Checked = Result<(), String>;
type Check = fn(Subject) -> Later<Checked>;

/// The rules that need nothing but the store.
const RULES: [(&str, Check); 13] = [
    ("ST-01", |subject| Box::pin(presence::create_never_overwrites(subject))),
    ("ST-02", |subject| Box::pin(presence::update_never_creates(subject))),
    ("ST-03", |subject| Box::pin(presence::expired_is_absent(subject))),
    ("ST-04", |subject| Box::pin(presence::delete_is_idempotent(subject))),
    ("ST-05", |subject| Box::pin(presence::expiry_is_exact(subject))),
    ("ST-06", |subject| Box::pin(identity::round_trip_is_exact(subject))),
    ("ST-07", |subject| Box::pin(overlap::rotate_is_one_step(subject))),
    ("ST-08", |subject| Box::pin(presence::rotate_needs_a_record(subject))),
    ("ST-09", |subject| Box::pin(overlap::no_update_is_lost(subject))),
    ("ST-10", |subject| Box::pin(presence::touch_changes_the_expiry_alone(subject))),
    ("ST-11", |subject| Box::pin(overlap::purge_removes_the_expired_alone(subject))),
    ("ST-12", |subject| Box::pin(by_user::sessions_are_found_by_user(subject))),
    ("ST-14", |subject| Box::pin(identity::absence_and_conflict_are_answers(subject))),
];

/// An identifier for tests.
pub(crate) fn id(nth: u64) -> IdHash {
    let mut octets = [0; 32];
    octets[..8].copy_from_slice(&nth.to_be_bytes());
    // Spread over shards, as real hashes are.
    octets[24..].copy_from_slice(&nth.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    IdHash::from_octets(octets)
}

/// A session with this user and data.
pub(crate) fn record(user: Option<&str>, data: &[u8], expires: UnixMillis) -> Record {
    let state = State::Live(data.into());
    Record { user: user.map(Into::into), started: expires - 1, issued: expires - 2, expires, state }
}
