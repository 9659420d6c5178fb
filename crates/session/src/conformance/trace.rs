//! Random traces, run on a store and on the model: ST-16.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tokio::runtime::Runtime;

use super::context::{CheckResult, id};
use super::model::Model;
use crate::clock::UnixMillis;
use crate::id::IdHash;
use crate::record::{Record, State};
use crate::store::{Created, Rotated, Rotation, Store, Stored, Updated};

/// One call. Identifiers and users are few, so that calls interact.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "they are the methods of `Store`")]
pub enum Operation {
    Create { id: u64, record: Draft },
    Load { id: u64 },
    Update { id: u64, behind: u64, record: Draft },
    Touch { id: u64, behind: u64, ttl: i64 },
    Rotate { from: u64, to: u64, behind: u64, record: Draft, leave: Option<Draft> },
    Delete { id: u64 },
    ByUser { user: usize },
    DeleteByUser { user: usize, keep: Option<u64> },
    Purge,
    Wait { millis: i64 },
}

/// A record whose expiry depends on when it is written.
#[derive(Clone, Debug)]
pub struct Draft {
    user: Option<usize>,
    data: Vec<u8>,
    ttl: i64,
    kind: u8,
}

/// A sequence of calls.
pub type Trace = Vec<Operation>;

/// The result of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Created(Created),
    Loaded(Option<Stored>),
    Updated(Updated),
    Rotated(Rotated),
    Deleted(bool),
    Ids(Vec<IdHash>),
    Count(usize),
    Waited,
    Failed(String),
}

/// Traces of up to 60 calls.
pub fn trace() -> impl Strategy<Value = Trace> {
    proptest::collection::vec(operation(), 1..60)
}

fn operation() -> impl Strategy<Value = Operation> {
    let ids = || 0..6_u64;
    let behind = || prop_oneof![4 => Just(0_u64), 1 => Just(1)];
    let ttl = || prop_oneof![1 => -5..5_i64, 6 => 5..5_000_i64];
    prop_oneof![
        4 => (ids(), draft()).prop_map(|(id, record)| Operation::Create { id, record }),
        4 => ids().prop_map(|id| Operation::Load { id }),
        4 => (ids(), behind(), draft())
            .prop_map(|(id, behind, record)| Operation::Update { id, behind, record }),
        2 => (ids(), behind(), ttl())
            .prop_map(|(id, behind, ttl)| Operation::Touch { id, behind, ttl }),
        3 => (ids(), ids(), behind(), draft(), proptest::option::of(draft())).prop_map(
            |(from, to, behind, record, leave)| Operation::Rotate { from, to, behind, record, leave }
        ),
        2 => ids().prop_map(|id| Operation::Delete { id }),
        2 => (0..USERS.len()).prop_map(|user| Operation::ByUser { user }),
        1 => (0..USERS.len(), proptest::option::of(ids()))
            .prop_map(|(user, keep)| Operation::DeleteByUser { user, keep }),
        1 => Just(Operation::Purge),
        3 => (0..3_000_i64).prop_map(|millis| Operation::Wait { millis }),
    ]
}

fn draft() -> impl Strategy<Value = Draft> {
    let user = proptest::option::of(0..USERS.len());
    let data = proptest::collection::vec(any::<u8>(), 0..20);
    let ttl = prop_oneof![1 => -5..5_i64, 9 => 5..5_000_i64];
    (user, data, ttl, 0..8_u8).prop_map(|(user, data, ttl, kind)| Draft { user, data, ttl, kind })
}

impl Draft {
    fn at(&self, now: UnixMillis) -> Record {
        let state = match self.kind {
            0 => State::Ended,
            1 => State::Moved(id(u64::from(self.kind))),
            _ => State::Live(self.data.clone().into()),
        };
        let user = self.user.map(|user| USERS[user].into());
        Record { user, started: now - 1, issued: now, expires: now + self.ttl, state }
    }
}

impl Operation {
    /// Makes the call. `version` returns the current version of an identifier.
    async fn call(
        &self,
        store: &dyn Store,
        now: UnixMillis,
        version: impl Fn(&IdHash) -> u64,
    ) -> Answer {
        let answer = match self {
            Self::Create { id: nth, record } => {
                store.create(&id(*nth), &record.at(now), now).await.map(Answer::Created)
            }
            Self::Load { id: nth } => store.load(&id(*nth), now).await.map(Answer::Loaded),
            Self::Update { id: nth, behind, record } => {
                let (id, record) = (id(*nth), record.at(now));
                let version = version(&id).saturating_sub(*behind);
                store.update(&id, version, &record, now).await.map(Answer::Updated)
            }
            Self::Touch { id: nth, behind, ttl } => {
                let id = id(*nth);
                let version = version(&id).saturating_sub(*behind);
                store.touch(&id, version, now + ttl, now).await.map(Answer::Updated)
            }
            Self::Rotate { from, to, behind, record, leave } => {
                let (from, to) = (id(*from), id(*to));
                let leave = leave.as_ref().map(|left| left.at(now));
                let rotation = Rotation {
                    from: &from,
                    version: version(&from).saturating_sub(*behind),
                    to: &to,
                    record: &record.at(now),
                    leave: leave.as_ref(),
                };
                store.rotate(&rotation, now).await.map(Answer::Rotated)
            }
            Self::Delete { id: nth } => store.delete(&id(*nth), now).await.map(Answer::Deleted),
            Self::ByUser { user } => store.by_user(USERS[*user], now).await.map(Answer::Ids),
            Self::DeleteByUser { user, keep } => {
                let keep = keep.map(id);
                let deleted = store.delete_by_user(USERS[*user], keep.as_ref(), now);
                deleted.await.map(Answer::Count)
            }
            Self::Purge => store.purge(now).await.map(Answer::Count),
            Self::Wait { .. } => Ok(Answer::Waited),
        };
        answer.unwrap_or_else(|error| Answer::Failed(error.to_string()))
    }
}

/// Runs a trace on the model and on each of the stores.
///
/// # Errors
/// The first call whose result differs from the model's.
pub async fn run(trace: &Trace, stores: &[Arc<dyn Store>]) -> CheckResult {
    let model = Model::default();
    let mut now = 1_700_000_000_000;
    for (nth, operation) in trace.iter().enumerate() {
        if let Operation::Wait { millis } = operation {
            now += millis;
        }
        let versions: Vec<(IdHash, u64)> =
            (0..6).map(id).map(|id| (id, model.version(&id).unwrap_or(1))).collect();
        let version = |wanted: &IdHash| {
            versions.iter().find(|(id, _)| id == wanted).map_or(1, |(_, version)| *version)
        };
        let want = operation.call(&model, now, version).await;
        for (which, store) in stores.iter().enumerate() {
            let got = operation.call(&**store, now, version).await;
            if got != want {
                return Err(format!(
                    "call {nth}, {operation:?}, store {which}: got {got:?}, want {want:?}"
                ));
            }
        }
    }
    Ok(())
}

/// Runs random traces on empty stores, and shrinks one that fails.
pub(crate) fn agree_with_model(
    runtime: &Runtime,
    fresh: &dyn Fn() -> Arc<dyn Store>,
    traces: u32,
) -> CheckResult {
    let config = Config { cases: traces, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&trace(), |trace| {
        let store = fresh();
        runtime.block_on(run(&trace, &[store])).map_err(TestCaseError::fail)
    });
    result.map_err(|error| error.to_string())
}

const USERS: [&str; 3] = ["alice", "bob", ""];
