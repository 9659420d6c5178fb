//! The sessions of one user: ST-12.

use std::time::{Duration, Instant};

use super::outcome::{answer, expect};
use super::{Checked, Subject, id, record};
use crate::store::{Created, Updated};

pub(crate) async fn sessions_are_found_by_user(subject: Subject) -> Checked {
    let (store, now) = (&subject.store, subject.time.watch().now());
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

    let alone = fastest(&subject).await?;
    for nth in 0..OTHERS {
        let created = store.create(&id(1_000 + nth), &of("crowd"), now).await;
        expect("create", created, Created::Done(1))?;
    }
    let crowded = fastest(&subject).await?;
    if crowded > 10 * alone + Duration::from_micros(20) {
        return Err(format!(
            "by_user takes {crowded:?} among {OTHERS} sessions of others, {alone:?} without"
        ));
    }
    Ok(())
}

/// The least of many measurements: what else the machine does only adds to them.
async fn fastest(subject: &Subject) -> Result<Duration, String> {
    let now = subject.time.watch().now();
    let mut fastest = Duration::MAX;
    for _ in 0..50 {
        let before = Instant::now();
        answer("by_user", subject.store.by_user("bob", now).await)?;
        fastest = fastest.min(before.elapsed());
    }
    Ok(fastest)
}

const OTHERS: u64 = 3_000;
