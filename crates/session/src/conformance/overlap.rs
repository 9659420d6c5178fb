//! The rules about concurrent calls: ST-07, ST-09, ST-11.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::context::{CheckResult, Context, expect, id, record, value};
use crate::clock::UnixMillis;
use crate::record::{Record, State};
use crate::store::{Created, Rotated, Rotation, Store, Stored, Updated};

pub(crate) async fn rotate_is_one_step(context: Context) -> CheckResult {
    let (store, now) = (&context.store, context.time.watch().now());
    let session = record(Some("alice"), b"1", now + 60_000);
    expect("create", store.create(&id(0), &session, now).await, Created::Done(1))?;
    let watches = Arc::new(AtomicBool::new(false));
    let observer = tokio::spawn(observe(store.clone(), now, watches.clone()));
    while !watches.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    for nth in 0..ROTATIONS {
        let (from, to) = (id(nth), id(nth + 1));
        let rotation = Rotation { from: &from, version: 1, to: &to, record: &session, leave: None };
        expect("rotate", store.rotate(&rotation, now).await, Rotated::Done(1))?;
        tokio::task::yield_now().await;
    }
    value("the observer", observer.await)??;

    let (from, to) = (id(ROTATIONS), id(ROTATIONS + 1));
    let left = Record { user: None, state: State::Ended, ..session.clone() };
    let leave = Some(&left);
    let rotation = Rotation { from: &from, version: 1, to: &to, record: &session, leave };
    expect("rotate", store.rotate(&rotation, now).await, Rotated::Done(1))?;
    let want = Some(Stored { record: left.clone(), version: 2 });
    expect("load of what was left", store.load(&from, now).await, want)?;
    expect("late update", store.update(&from, 1, &session, now).await, Updated::Conflict)?;
    expect("late touch", store.touch(&from, 1, now + 90_000, now).await, Updated::Conflict)?;
    expect("by_user", store.by_user("alice", now).await, vec![to])
}

/// Follows the session while it moves up from identifier to identifier. If it is not under an
/// identifier, it has moved on, so that a search upwards cannot miss it.
async fn observe(store: Arc<dyn Store>, now: UnixMillis, watches: Arc<AtomicBool>) -> CheckResult {
    let is_there =
        async |nth| value("load", store.load(&id(nth), now).await.map(|at| at.is_some()));
    let mut low = 0;
    watches.store(true, Ordering::SeqCst);
    while low < ROTATIONS {
        while !is_there(low).await? {
            if low == ROTATIONS {
                return Err("at some moment no identifier named the session".to_owned());
            }
            low += 1;
        }
        // The order matters: once the next exists, this one must be gone.
        if is_there(low + 1).await? && is_there(low).await? {
            return Err("at some moment two identifiers named the session".to_owned());
        }
        tokio::task::yield_now().await;
    }
    Ok(())
}

pub(crate) async fn no_update_is_lost(context: Context) -> CheckResult {
    let (store, now) = (&context.store, context.time.watch().now());
    let zero = record(None, &0_u64.to_be_bytes(), now + 60_000);
    expect("create", store.create(&id(1), &zero, now).await, Created::Done(1))?;
    expect("update", store.update(&id(1), 1, &zero, now).await, Updated::Done(2))?;
    expect("stale update", store.update(&id(1), 1, &zero, now).await, Updated::Conflict)?;
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        writers.push(tokio::spawn(increment(store.clone(), now)));
    }
    for writer in writers {
        value("a writer", writer.await)??;
    }
    let total = WRITERS * INCREMENTS;
    let want = record(None, &total.to_be_bytes(), now + 60_000);
    let want = Stored { record: want, version: 2 + total };
    expect("load of the sum", store.load(&id(1), now).await, Some(want))
}

/// Adds one by compare-and-swap, [`INCREMENTS`] times.
async fn increment(store: Arc<dyn Store>, now: UnixMillis) -> CheckResult {
    let mut left = INCREMENTS;
    while left > 0 {
        let Some(stored) = value("load", store.load(&id(1), now).await)? else {
            return Err("the record is gone".to_owned());
        };
        let State::Live(data) = &stored.record.state else {
            return Err("the record is no live session".to_owned());
        };
        let octets: [u8; 8] = (&**data).try_into().map_err(|_| "the data changed".to_owned())?;
        let next = (u64::from_be_bytes(octets) + 1).to_be_bytes();
        let next = Record { state: State::Live(next[..].into()), ..stored.record };
        match value("update", store.update(&id(1), stored.version, &next, now).await)? {
            Updated::Done(_) => left -= 1,
            Updated::Conflict => tokio::task::yield_now().await,
            Updated::Gone => return Err("the record is gone".to_owned()),
        }
    }
    Ok(())
}

pub(crate) async fn purge_removes_the_expired_alone(context: Context) -> CheckResult {
    let (store, watch) = (&context.store, context.time.watch());
    let now = watch.now();
    for nth in 0..200 {
        let ttl = if nth % 2 == 0 { 500 } else { 60_000 };
        let session = record(Some("alice"), b"1", now + ttl);
        expect("create", store.create(&id(nth), &session, now).await, Created::Done(1))?;
    }
    watch.wait(500 + watch.margin()).await;
    let now = watch.now();
    let writer = {
        let store = store.clone();
        tokio::spawn(async move {
            for nth in 200..400 {
                let session = record(Some("alice"), b"1", now + 60_000);
                expect("create", store.create(&id(nth), &session, now).await, Created::Done(1))?;
            }
            Ok::<(), String>(())
        })
    };
    let purged = value("purge", store.purge(now).await)?;
    value("a writer", writer.await)??;
    expect("purge again", store.purge(now).await, 0)?;
    if purged != 100 {
        return Err(format!("purge removed {purged} records, 100 had expired"));
    }
    for nth in 0..400 {
        let is_there = value("load", store.load(&id(nth), now).await)?.is_some();
        if is_there != (nth >= 200 || nth % 2 == 1) {
            return Err(format!("after the purge, is record {nth} there? {is_there}"));
        }
    }
    Ok(())
}

const ROTATIONS: u64 = 300;
const WRITERS: u64 = 8;
const INCREMENTS: u64 = 25;
