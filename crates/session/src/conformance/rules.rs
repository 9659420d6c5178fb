//! The rules that one call after the other checks: ST-01 to ST-06, ST-08, ST-10, ST-12, ST-14.

use std::time::{Duration, Instant};

use super::context::{CheckResult, Context, expect, id, record, value};
use crate::record::{Record, State};
use crate::store::{Created, Rotated, Rotation, Stored, Updated};

pub(crate) async fn create_never_overwrites(context: Context) -> CheckResult {
    let (store, now) = (&context.store, context.time.watch().now());
    let (first, second) = (record(None, b"1", now + 60_000), record(None, b"2", now + 60_000));
    expect("create", store.create(&id(1), &first, now).await, Created::Done(1))?;
    expect("create again", store.create(&id(1), &second, now).await, Created::Taken)?;
    let want = Some(Stored { record: first, version: 1 });
    expect("load afterwards", store.load(&id(1), now).await, want)
}

pub(crate) async fn update_never_creates(context: Context) -> CheckResult {
    let (store, now) = (&context.store, context.time.watch().now());
    let session = record(None, b"1", now + 60_000);
    expect("update of none", store.update(&id(1), 1, &session, now).await, Updated::Gone)?;
    expect("load of none", store.load(&id(1), now).await, None)?;
    expect("create", store.create(&id(2), &session, now).await, Created::Done(1))?;
    expect("delete", store.delete(&id(2), now).await, true)?;
    expect("late update", store.update(&id(2), 1, &session, now).await, Updated::Gone)?;
    expect("load afterwards", store.load(&id(2), now).await, None)
}

pub(crate) async fn expired_is_absent(context: Context) -> CheckResult {
    let (store, watch) = (&context.store, context.time.watch());
    let session = record(Some("alice"), b"1", watch.now() + 1_000);
    expect("create", store.create(&id(1), &session, watch.now()).await, Created::Done(1))?;
    watch.wait(1_000 + watch.margin()).await;
    let now = watch.now();
    expect("load", store.load(&id(1), now).await, None)?;
    let next = record(None, b"2", now + 60_000);
    expect("touch", store.touch(&id(1), 1, now + 60_000, now).await, Updated::Gone)?;
    expect("update", store.update(&id(1), 1, &next, now).await, Updated::Gone)?;
    let rotation = Rotation { from: &id(1), version: 1, to: &id(2), record: &next, leave: None };
    expect("rotate", store.rotate(&rotation, now).await, Rotated::Gone)?;
    expect("load", store.load(&id(2), now).await, None)?;
    expect("by_user", store.by_user("alice", now).await, vec![])?;
    expect("create", store.create(&id(1), &next, now).await, Created::Done(1))?;
    expect("by_user", store.by_user("alice", now).await, vec![])
}

pub(crate) async fn delete_is_idempotent(context: Context) -> CheckResult {
    let (store, now) = (&context.store, context.time.watch().now());
    let session = record(None, b"1", now + 60_000);
    expect("delete of none", store.delete(&id(1), now).await, false)?;
    expect("create", store.create(&id(1), &session, now).await, Created::Done(1))?;
    expect("delete", store.delete(&id(1), now).await, true)?;
    expect("delete again", store.delete(&id(1), now).await, false)
}

pub(crate) async fn expiry_is_exact(context: Context) -> CheckResult {
    let store = &context.store;
    for ttl in [700_u32, 1_500] {
        let watch = context.time.watch();
        let (id, expires) = (id(u64::from(ttl)), watch.now() + i64::from(ttl));
        let session = record(None, b"1", expires);
        expect("create", store.create(&id, &session, watch.now()).await, Created::Done(1))?;
        watch.wait(u64::from(ttl) - watch.margin()).await;
        let before = value("load", store.load(&id, watch.now()).await)?;
        if before.is_none() {
            return Err(format!("a record with {ttl} ms to live expired early"));
        }
        watch.wait(2 * watch.margin() - 1).await;
        expect("load once it has expired", store.load(&id, watch.now()).await, None)?;
    }
    Ok(())
}

pub(crate) async fn rotate_needs_a_record(context: Context) -> CheckResult {
    let (store, now) = (&context.store, context.time.watch().now());
    let session = record(Some("alice"), b"1", now + 60_000);
    let leave = Some(&session);
    let rotation = Rotation { from: &id(1), version: 1, to: &id(2), record: &session, leave };
    expect("rotate of none", store.rotate(&rotation, now).await, Rotated::Gone)?;
    expect("load of the old", store.load(&id(1), now).await, None)?;
    expect("load of the new", store.load(&id(2), now).await, None)?;
    expect("by_user", store.by_user("alice", now).await, vec![])
}

pub(crate) async fn touch_changes_the_expiry_alone(context: Context) -> CheckResult {
    let (store, now) = (&context.store, context.time.watch().now());
    let mut session = record(Some("alice"), b"1", now + 60_000);
    expect("touch of none", store.touch(&id(1), 1, now + 90_000, now).await, Updated::Gone)?;
    expect("load of none", store.load(&id(1), now).await, None)?;
    expect("create", store.create(&id(1), &session, now).await, Created::Done(1))?;
    expect("touch", store.touch(&id(1), 1, now + 90_000, now).await, Updated::Done(1))?;
    session.expires = now + 90_000;
    let want = Stored { record: session.clone(), version: 1 };
    expect("load", store.load(&id(1), now).await, Some(want))?;
    expect("update", store.update(&id(1), 1, &session, now).await, Updated::Done(2))?;
    expect("late touch", store.touch(&id(1), 1, now + 1, now).await, Updated::Conflict)?;
    let want = Stored { record: session, version: 2 };
    expect("load", store.load(&id(1), now).await, Some(want))
}

pub(crate) async fn round_trip_is_exact(context: Context) -> CheckResult {
    let (store, now) = (&context.store, context.time.watch().now());
    let every_octet: Vec<u8> = (0..=255).collect();
    let large = vec![0xA5; 50_000];
    let datas = [&b""[..], &every_octet, &large];
    let users = [None, Some(""), Some("alice"), Some("a'b\"c;d\0e\r\n"), Some("日本 é")];
    let mut nth = 0;
    for user in users {
        for data in datas {
            nth += 1;
            let expires = now + 60_000 + i64::try_from(nth).unwrap_or(0);
            let session = Record { started: -now, issued: now, ..record(user, data, expires) };
            expect("create", store.create(&id(nth), &session, now).await, Created::Done(1))?;
            let want = Stored { record: session.clone(), version: 1 };
            expect("load", store.load(&id(nth), now).await, Some(want))?;
            let state = [State::Ended, State::Moved(id(99))][usize::from(nth % 2 == 0)].clone();
            let next = Record { state, expires: expires + 1, ..session };
            expect("update", store.update(&id(nth), 1, &next, now).await, Updated::Done(2))?;
            let want = Stored { record: next, version: 2 };
            expect("load", store.load(&id(nth), now).await, Some(want))?;
        }
    }
    Ok(())
}

pub(crate) async fn absence_and_conflict_are_answers(context: Context) -> CheckResult {
    let (store, now) = (&context.store, context.time.watch().now());
    let session = record(None, b"1", now + 60_000);
    for nth in [1, 2] {
        expect("create", store.create(&id(nth), &session, now).await, Created::Done(1))?;
    }
    expect("update", store.update(&id(1), 7, &session, now).await, Updated::Conflict)?;
    expect("touch", store.touch(&id(1), 7, now + 1, now).await, Updated::Conflict)?;
    let (one, two, three) = (id(1), id(2), id(3));
    let rotation = Rotation { from: &one, version: 7, to: &three, record: &session, leave: None };
    expect("rotate", store.rotate(&rotation, now).await, Rotated::Conflict)?;
    let rotation = Rotation { version: 1, to: &two, ..rotation };
    expect("rotate", store.rotate(&rotation, now).await, Rotated::Taken)?;
    for nth in [1, 2] {
        let want = Stored { record: session.clone(), version: 1 };
        expect("load", store.load(&id(nth), now).await, Some(want))?;
    }
    expect("load", store.load(&three, now).await, None)
}

pub(crate) async fn sessions_are_found_by_user(context: Context) -> CheckResult {
    let (store, now) = (&context.store, context.time.watch().now());
    let of = |user| record(Some(user), b"1", now + 60_000);
    for (nth, user) in [(1, "alice"), (2, "bob"), (3, "alice"), (4, "alice")] {
        expect("create", store.create(&id(nth), &of(user), now).await, Created::Done(1))?;
    }
    let anonymous = record(None, b"1", now + 60_000);
    expect("create", store.create(&id(5), &anonymous, now).await, Created::Done(1))?;
    expect("by_user", store.by_user("alice", now).await, vec![id(1), id(3), id(4)])?;
    expect("by_user of nobody", store.by_user("", now).await, vec![])?;
    expect("update", store.update(&id(3), 1, &of("bob"), now).await, Updated::Done(2))?;
    expect("by_user", store.by_user("alice", now).await, vec![id(1), id(4)])?;
    let keep = Some(&id(4));
    expect("delete_by_user", store.delete_by_user("alice", keep, now).await, 1)?;
    expect("by_user", store.by_user("alice", now).await, vec![id(4)])?;
    expect("by_user", store.by_user("bob", now).await, vec![id(2), id(3)])?;
    expect("delete_by_user", store.delete_by_user("alice", None, now).await, 1)?;
    expect("delete_by_user", store.delete_by_user("alice", None, now).await, 0)?;
    expect("load of another's", store.load(&id(5), now).await.map(|at| at.is_some()), true)?;

    let alone = fastest(&context).await?;
    for nth in 0..OTHERS {
        let created = store.create(&id(1_000 + nth), &of("crowd"), now).await;
        expect("create", created, Created::Done(1))?;
    }
    let crowded = fastest(&context).await?;
    if crowded > 10 * alone + Duration::from_micros(20) {
        return Err(format!(
            "by_user takes {crowded:?} among {OTHERS} sessions of others, {alone:?} without"
        ));
    }
    Ok(())
}

/// The shortest of 50 measurements, which the load of the machine affects least.
async fn fastest(context: &Context) -> Result<Duration, String> {
    let now = context.time.watch().now();
    let mut fastest = Duration::MAX;
    for _ in 0..50 {
        let before = Instant::now();
        value("by_user", context.store.by_user("bob", now).await)?;
        fastest = fastest.min(before.elapsed());
    }
    Ok(fastest)
}

/// Sessions of other users, among which `by_user` is timed again.
const OTHERS: u64 = 3_000;
