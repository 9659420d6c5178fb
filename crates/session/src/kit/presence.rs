//! Who is there and who is not: ST-01 to ST-05, ST-08, ST-10.

use super::outcome::{answer, expect};
use super::{Checked, Subject, id, record};
use crate::store::{Created, Rotated, Rotation, Stored, Updated};

pub(crate) async fn create_never_overwrites(subject: Subject) -> Checked {
    let (store, now) = (&subject.store, subject.time.watch().now());
    let (first, second) = (record(None, b"1", now + 60_000), record(None, b"2", now + 60_000));
    expect("create", store.create(&id(1), &first, now).await, Created::Done(1))?;
    expect("create again", store.create(&id(1), &second, now).await, Created::Taken)?;
    let want = Some(Stored { record: first, version: 1 });
    expect("load afterwards", store.load(&id(1), now).await, want)
}

pub(crate) async fn update_never_creates(subject: Subject) -> Checked {
    let (store, now) = (&subject.store, subject.time.watch().now());
    let session = record(None, b"1", now + 60_000);
    expect("update of none", store.update(&id(1), 1, &session, now).await, Updated::Gone)?;
    expect("load of none", store.load(&id(1), now).await, None)?;
    expect("create", store.create(&id(2), &session, now).await, Created::Done(1))?;
    expect("delete", store.delete(&id(2), now).await, true)?;
    expect("late update", store.update(&id(2), 1, &session, now).await, Updated::Gone)?;
    expect("load afterwards", store.load(&id(2), now).await, None)
}

pub(crate) async fn expired_is_absent(subject: Subject) -> Checked {
    let (store, watch) = (&subject.store, subject.time.watch());
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

pub(crate) async fn delete_is_idempotent(subject: Subject) -> Checked {
    let (store, now) = (&subject.store, subject.time.watch().now());
    let session = record(None, b"1", now + 60_000);
    expect("delete of none", store.delete(&id(1), now).await, false)?;
    expect("create", store.create(&id(1), &session, now).await, Created::Done(1))?;
    expect("delete", store.delete(&id(1), now).await, true)?;
    expect("delete again", store.delete(&id(1), now).await, false)
}

pub(crate) async fn expiry_is_exact(subject: Subject) -> Checked {
    let store = &subject.store;
    for ttl in [700_u32, 1_500] {
        let watch = subject.time.watch();
        let (id, expires) = (id(u64::from(ttl)), watch.now() + i64::from(ttl));
        let session = record(None, b"1", expires);
        expect("create", store.create(&id, &session, watch.now()).await, Created::Done(1))?;
        watch.wait(u64::from(ttl) - watch.margin()).await;
        let before = answer("load", store.load(&id, watch.now()).await)?;
        if before.is_none() {
            return Err(format!("a record made for {ttl} ms is gone before"));
        }
        watch.wait(2 * watch.margin() - 1).await;
        expect("load once it has expired", store.load(&id, watch.now()).await, None)?;
    }
    Ok(())
}

pub(crate) async fn rotate_needs_a_record(subject: Subject) -> Checked {
    let (store, now) = (&subject.store, subject.time.watch().now());
    let session = record(Some("alice"), b"1", now + 60_000);
    let leave = Some(&session);
    let rotation = Rotation { from: &id(1), version: 1, to: &id(2), record: &session, leave };
    expect("rotate of none", store.rotate(&rotation, now).await, Rotated::Gone)?;
    expect("load of the old", store.load(&id(1), now).await, None)?;
    expect("load of the new", store.load(&id(2), now).await, None)?;
    expect("by_user", store.by_user("alice", now).await, vec![])
}

pub(crate) async fn touch_changes_the_expiry_alone(subject: Subject) -> Checked {
    let (store, now) = (&subject.store, subject.time.watch().now());
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
