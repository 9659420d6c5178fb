//! Eight threads work on a store until their process is killed. Afterwards no acknowledged write may
//! be lost, nothing deleted may be back, and no thread may find another's records.
//!
//! The test starts itself again as the process to be killed, which prints each step before it takes
//! it, and `done` after it. Seed and length can be set:
//! `COOKIESPEC_SEED=7 COOKIESPEC_KILL_OPERATIONS=100000 cargo test -p cookiespec-session --test kill`

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use std::{env, thread};

use cookiespec_session::{
    Created, EmbeddedStore, FIRST_VERSION, IdHash, Record, RedisStore, Rotated, Rotation, State,
    Store, Stored, Updated,
};
use cookiespec_test_support::RedisServer;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::{Builder, Runtime};

const THREADS: u64 = 8;
const SLOTS: usize = 16;
const NOW: i64 = 1_700_000_000_000;
const STORE: &str = "COOKIESPEC_KILL_TEST_STORE";

fn main() {
    if let Ok(store) = env::var(STORE) {
        return work_until_killed(&store);
    }
    let embedded = Trial::test("embedded", || {
        let folder = tempfile::tempdir()?;
        kill(&folder.path().join("sessions.sqlite").display().to_string())
    });
    let redis = Trial::test("redis", || match RedisServer::start() {
        Some(server) => kill(&server.url()),
        None => Ok(()),
    });
    libtest_mimic::run(&Arguments::from_args(), vec![embedded, redis]).exit();
}

fn setting(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// The deadlines of calls have a test of their own; here the disk may be as slow as it likes.
const PATIENCE: Duration = Duration::from_secs(60);

async fn open(store: &str) -> Arc<dyn Store> {
    if store.starts_with("redis:") {
        Arc::new(RedisStore::connect(store).await.unwrap())
    } else {
        Arc::new(EmbeddedStore::open_with_deadline(store, PATIENCE).unwrap())
    }
}

/// A step of one thread on one of its identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Create {
        id: u64,
        value: u64,
    },
    Update {
        id: u64,
        value: u64,
    },
    Rotate {
        from: u64,
        to: u64,
        leave: bool,
        value: u64,
    },
    Delete {
        id: u64,
    },
    /// Adds one to the record that all threads share.
    Count,
}

/// The records of one thread, by the number of the identifier; `None` for one that ended.
type Records = BTreeMap<u64, Option<u64>>;

impl Step {
    fn apply(self, records: &mut Records) {
        match self {
            Self::Create { id, value } | Self::Update { id, value } => {
                records.insert(id, Some(value));
            }
            Self::Rotate { from, to, leave, value } => {
                records.insert(to, Some(value));
                if leave {
                    records.insert(from, None);
                } else {
                    records.remove(&from);
                }
            }
            Self::Delete { id } => drop(records.remove(&id)),
            Self::Count => {}
        }
    }

    fn write(self) -> String {
        match self {
            Self::Create { id, value } => format!("create {id} {value}"),
            Self::Update { id, value } => format!("update {id} {value}"),
            Self::Rotate { from, to, leave, value } => {
                format!("rotate {from} {to} {} {value}", u8::from(leave))
            }
            Self::Delete { id } => format!("delete {id}"),
            Self::Count => "count".to_owned(),
        }
    }

    fn read(words: &[&str]) -> Option<Self> {
        let number = |at: usize| words.get(at)?.parse().ok();
        Some(match *words.first()? {
            "create" => Self::Create { id: number(1)?, value: number(2)? },
            "update" => Self::Update { id: number(1)?, value: number(2)? },
            "rotate" => Self::Rotate {
                from: number(1)?,
                to: number(2)?,
                leave: number(3)? == 1,
                value: number(4)?,
            },
            "delete" => Self::Delete { id: number(1)? },
            "count" => Self::Count,
            _ => return None,
        })
    }
}

fn id(thread: u64, nth: u64) -> IdHash {
    let mut octets = [0; 32];
    octets[..8].copy_from_slice(&thread.to_be_bytes());
    octets[24..].copy_from_slice(&nth.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    IdHash::from_octets(octets)
}

fn shared() -> IdHash {
    id(u64::MAX, 0)
}

fn user(thread: u64) -> String {
    format!("user {thread}")
}

fn record(thread: u64, value: u64) -> Record {
    let state = State::Live(value.to_be_bytes()[..].into());
    let user = Some(user(thread).into());
    Record { user, started: NOW, issued: NOW, expires: NOW + 1_000_000, state }
}

fn ended() -> Record {
    Record { user: None, state: State::Ended, ..record(0, 0) }
}

fn value(stored: &Stored) -> Option<u64> {
    match &stored.record.state {
        State::Live(data) => Some(u64::from_be_bytes((&**data).try_into().unwrap())),
        State::Ended => None,
        State::Moved(_) => panic!("no thread wrote {stored:?}"),
    }
}

/// The process to be killed.
fn work_until_killed(store: &str) {
    let seed = setting("COOKIESPEC_SEED", 1);
    let runtime = runtime();
    let shared_store = runtime.block_on(async {
        let store = open(store).await;
        let zero = Record { user: None, ..record(0, 0) };
        assert_eq!(store.create(&shared(), &zero, NOW).await.unwrap(), Created::Done(1));
        store
    });
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let shared_store = shared_store.clone();
            scope.spawn(move || {
                let runtime = self::runtime();
                runtime.block_on(async {
                    // A connection is bound to its runtime; a file has one store for all threads.
                    let store =
                        if store.starts_with("redis:") { open(store).await } else { shared_store };
                    Worker { thread, store, random: Random(seed * 100 + thread), next: 0 }
                        .work()
                        .await;
                });
            });
        }
    });
}

struct Worker {
    thread: u64,
    store: Arc<dyn Store>,
    random: Random,
    next: u64,
}

impl Worker {
    async fn work(mut self) {
        let mut slots: [Option<(u64, u64)>; SLOTS] = [None; SLOTS];
        let mut dead = Vec::new();
        for sequence in 0.. {
            let slot = self.random.below(SLOTS);
            let step = self.choose(slots[slot], sequence);
            self.print(&step.write());
            slots[slot] = self.act(step, slots[slot], &mut dead).await;
            self.print("done");
            let any = slots[self.random.below(SLOTS)];
            self.check(any, &dead).await;
        }
    }

    fn choose(&mut self, slot: Option<(u64, u64)>, value: u64) -> Step {
        let choice = self.random.below(8);
        match slot {
            _ if choice == 0 => Step::Count,
            None => Step::Create { id: self.fresh(), value },
            Some((id, _)) if choice < 4 => Step::Update { id, value },
            Some((from, _)) if choice < 6 => {
                Step::Rotate { from, to: self.fresh(), leave: choice == 4, value }
            }
            Some((id, _)) => Step::Delete { id },
        }
    }

    /// Takes the step. Returns the new contents of the slot: an identifier and its version.
    async fn act(
        &self,
        step: Step,
        slot: Option<(u64, u64)>,
        dead: &mut Vec<u64>,
    ) -> Option<(u64, u64)> {
        let (store, thread) = (&self.store, self.thread);
        let version = slot.map_or(FIRST_VERSION, |(_, version)| version);
        match step {
            Step::Create { id: nth, value } => {
                let created = store.create(&id(thread, nth), &record(thread, value), NOW).await;
                assert_eq!(created.unwrap(), Created::Done(1));
                Some((nth, 1))
            }
            Step::Update { id: nth, value } => {
                let record = record(thread, value);
                let updated = store.update(&id(thread, nth), version, &record, NOW).await;
                assert_eq!(updated.unwrap(), Updated::Done(version + 1));
                Some((nth, version + 1))
            }
            Step::Rotate { from, to, leave, value } => {
                let (record, ended) = (record(thread, value), ended());
                let rotation = Rotation {
                    from: &id(thread, from),
                    version,
                    to: &id(thread, to),
                    record: &record,
                    leave: leave.then_some(&ended),
                };
                assert_eq!(store.rotate(&rotation, NOW).await.unwrap(), Rotated::Done(1));
                dead.push(from);
                Some((to, 1))
            }
            Step::Delete { id: nth } => {
                assert!(store.delete(&id(thread, nth), NOW).await.unwrap());
                dead.push(nth);
                None
            }
            Step::Count => {
                self.count().await;
                slot
            }
        }
    }

    async fn count(&self) {
        loop {
            let stored = self.store.load(&shared(), NOW).await.unwrap().unwrap();
            let next = value(&stored).unwrap() + 1;
            let next = Record { user: None, ..record(0, next) };
            let updated = self.store.update(&shared(), stored.version, &next, NOW).await.unwrap();
            match updated {
                Updated::Done(_) => return,
                Updated::Conflict => {}
                Updated::Gone => panic!("the shared record is gone"),
            }
        }
    }

    /// Checks that a record of this thread is unchanged, and that a deleted one stays deleted.
    async fn check(&mut self, slot: Option<(u64, u64)>, dead: &[u64]) {
        if let Some((nth, version)) = slot {
            let stored = self.store.load(&id(self.thread, nth), NOW).await.unwrap().unwrap();
            assert_eq!(stored.record.user.as_deref(), Some(user(self.thread).as_str()));
            assert_eq!(stored.version, version);
        }
        if !dead.is_empty() {
            let id = id(self.thread, dead[self.random.below(dead.len())]);
            let late = self.store.update(&id, 1, &record(self.thread, 0), NOW).await.unwrap();
            assert!(matches!(late, Updated::Gone | Updated::Conflict), "revived: {late:?}");
        }
    }

    fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Prints one line per system call, so that the lines of the threads do not mix.
    fn print(&self, what: &str) {
        let line = format!("{} {what}\n", self.thread);
        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
    }
}

/// The output of the killed process.
#[derive(Default)]
struct Log {
    done: [Vec<Step>; THREADS as usize],
    begun: [Option<Step>; THREADS as usize],
    acknowledged: u64,
}

impl Log {
    fn record(&mut self, line: &str) -> Option<()> {
        let words: Vec<&str> = line.split(' ').collect();
        let thread: usize = words.first()?.parse().ok()?;
        if words.get(1) == Some(&"done") {
            let step = self.begun[thread].take()?;
            self.done[thread].push(step);
            self.acknowledged += 1;
        } else {
            self.begun[thread] = Some(Step::read(&words[1..])?);
        }
        Some(())
    }
}

fn kill(store: &str) -> Result<(), Failed> {
    let seed = setting("COOKIESPEC_SEED", 1);
    let operations = setting("COOKIESPEC_KILL_OPERATIONS", 6_000);
    println!("seed {seed}, {operations} operations");
    let mut process = Command::new(env::current_exe()?)
        .env(STORE, store)
        .env("COOKIESPEC_SEED", seed.to_string())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut log = Log::default();
    let lines = BufReader::new(process.stdout.take().ok_or("no output")?).split(b'\n');
    for line in lines {
        let line = String::from_utf8(line?)?;
        if log.record(&line).is_none() {
            // Only the last line can be incomplete.
            break;
        }
        if log.acknowledged == operations {
            process.kill()?;
        }
    }
    process.wait()?;
    if log.acknowledged < operations {
        return Err(format!("the process ended after {} operations", log.acknowledged).into());
    }
    runtime().block_on(async { verify(&*open(store).await, &log).await })
}

/// Compares the store with the acknowledged steps, with or without the steps that were under way.
async fn verify(store: &dyn Store, log: &Log) -> Result<(), Failed> {
    let mut counts = 0..=0_u64;
    for (thread, (done, begun)) in (0..).zip(log.done.iter().zip(&log.begun)) {
        let mut before = Records::new();
        let mut known = 0;
        for step in done.iter().chain(begun) {
            if let Step::Create { id, .. } | Step::Rotate { to: id, .. } = step {
                known = known.max(*id);
            }
        }
        for step in done {
            step.apply(&mut before);
        }
        let mut after = before.clone();
        if let Some(step) = begun {
            step.apply(&mut after);
        }
        let mut found = Records::new();
        let mut live = Vec::new();
        for nth in 0..=known + 1 {
            let Some(stored) = store.load(&id(thread, nth), NOW).await? else { continue };
            found.insert(nth, value(&stored));
            if stored.record.user.is_some() {
                assert_eq!(stored.record.user.as_deref(), Some(user(thread).as_str()));
                live.push(id(thread, nth));
            }
        }
        if found != before && found != after {
            return Err(format!(
                "thread {thread}: the store has {found:?}\nacknowledged: {before:?}\n\
                 and {begun:?} was under way"
            )
            .into());
        }
        live.sort_unstable();
        assert_eq!(store.by_user(&user(thread), NOW).await?, live, "of thread {thread}");
        let counted = done.iter().filter(|step| **step == Step::Count).count() as u64;
        let counting = u64::from(*begun == Some(Step::Count));
        counts = counts.start() + counted..=counts.end() + counted + counting;
    }
    let stored = store.load(&shared(), NOW).await?.ok_or("the shared record is gone")?;
    let count = value(&stored).ok_or("the shared record is not a number")?;
    if counts.contains(&count) { Ok(()) } else { Err(format!("{count} not in {counts:?}").into()) }
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap_or(0) % bound
    }
}
