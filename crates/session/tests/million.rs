//! A million sessions in memory: how much memory they take, and how much slower a load becomes.
//!
//! ```sh
//! cargo test --release -p cookiespec-session --test million -- --ignored --nocapture
//! ```

use std::sync::Arc;
use std::time::{Duration, Instant};

use cookiespec_session::{Cookies, MemoryStore, Sessions, Settings};

const SESSIONS: usize = 1_000_000;

#[tokio::test]
#[ignore = "slow and large; docs/sessions.md has the command"]
async fn a_million_sessions_fit_into_600_megabytes_and_stay_fast() {
    let sessions = Sessions::new(Arc::new(MemoryStore::new()), Settings::default()).unwrap();
    let before = resident_kilobytes();
    let mut some = Vec::new();
    let mut early = Duration::ZERO;
    for nth in 0..SESSIONS {
        let session = sessions.begin(&Cookies::default());
        session.login(format!("user {nth}")).await.unwrap();
        session.set("basket", &[nth, nth + 1]).await.unwrap();
        session.set("colour", "green").await.unwrap();
        let line = session.finish(false).await.unwrap().set_cookie.unwrap();
        if nth % 1_000 == 0 {
            some.push(line.split(|&octet| octet == b';').next().unwrap().to_vec());
        }
        if nth == SESSIONS / 100 {
            early = load_each(&sessions, &some).await;
        }
    }
    let used = (resident_kilobytes() - before) / 1_024;
    let late = load_each(&sessions, &some).await;
    println!("{SESSIONS} sessions, each of a user of its own: {used} MiB");
    println!("one load: {early:?} among {}, {late:?} among {SESSIONS}", SESSIONS / 100);
    assert!(used * 1_048_576 <= 600_000_000, "{used} MiB");
    // The processor's caches hold ten thousand sessions, but not a million.
    assert!(late < 5 * early, "{late:?} against {early:?}");
}

/// The time of one load, in the fastest of 50 rounds.
async fn load_each(sessions: &Sessions, cookies: &[Vec<u8>]) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..50 {
        let begun = Instant::now();
        for cookie in cookies {
            let session = sessions.begin(&Cookies::of([cookie.as_slice()]));
            let colour = session.get::<String>("colour").await.unwrap();
            assert_eq!(colour.as_deref(), Some("green"));
            session.finish(false).await.unwrap();
        }
        least = least.min(begun.elapsed() / u32::try_from(cookies.len()).unwrap());
    }
    least
}

fn resident_kilobytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}
