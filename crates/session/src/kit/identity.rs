//! What goes in comes out, and nothing else does: ST-06, ST-13, ST-14, ST-15.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::outcome::{Outcome, answer, expect};
use super::{Checked, Kit, Subject, id, record};
use crate::cookies::Cookies;
use crate::id::SessionId;
use crate::random::OsRandom;
use crate::record::{Record, State};
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::store::{Created, Rotated, Rotation, StoreError, Stored, Updated};

pub(crate) async fn round_trip_is_exact(subject: Subject) -> Checked {
    let (store, now) = (&subject.store, subject.time.watch().now());
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

pub(crate) async fn absence_and_conflict_are_answers(subject: Subject) -> Checked {
    let (store, now) = (&subject.store, subject.time.watch().now());
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

impl Kit {
    /// ST-13: whoever reads the store cannot take over a session.
    pub(crate) async fn ids_are_hashed(&self) -> Outcome {
        let Some(dump) = &self.dump else {
            return Outcome::Skip("nothing says how to read all that the store keeps");
        };
        let store = (self.fresh)().await;
        let now = self.time.watch().now();
        let session = record(Some("a name to be found"), b"1", now + 60_000);
        let secret = SessionId::random(&OsRandom).expect("the machine has random octets");
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

    /// ST-15: a damaged record counts as absent, is reported, and breaks nothing.
    pub(crate) async fn corrupt_is_absent(&self) -> Outcome {
        let Some(corrupt) = &self.corrupt else {
            return Outcome::Skip("nothing says how to damage a record");
        };
        let store = (self.fresh)().await;
        let checked = async {
            let is_reported = Arc::new(AtomicBool::new(false));
            let reported = is_reported.clone();
            let sessions = answer("sessions", Sessions::new(store.clone(), Settings::default()))?
                .reporting_corrupt(move |_| reported.store(true, Ordering::SeqCst));
            let session = sessions.begin(&Cookies::default());
            answer("login", session.login("alice").await)?;
            let effect = answer("finish", session.finish(false).await)?;
            let line = effect.set_cookie.unwrap_or_default();
            let pair = line.split(|&octet| octet == b';').next().unwrap_or_default();
            let begin = || sessions.begin(&Cookies::of([pair]));
            let id = answer("load", begin().id_hash().await)?.ok_or("no session was created")?;
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
        Outcome::of(checked.await)
    }
}
