//! A writer that is killed at any moment loses nothing it has acknowledged, and leaves a file
//! that reads without a flaw.
//!
//! The test starts itself again as the writer. The writer says the number of each cookie once its
//! save has returned; the test kills it after a random number of those, and after a random bit of
//! further work. The seed is printed and can be set: `COOKIESPEC_SEED=7 cargo test --test kill`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::{env, path::Path};

use cookiespec_engine::persist::{CookieFile, Format};
use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile, Request, Uri};
use libtest_mimic::{Arguments, Failed, Trial};

const KILLS: usize = 200;
const WRITER: &str = "COOKIESPEC_KILL_TEST_WRITER";

#[expect(clippy::disallowed_methods, reason = "the environment makes the process the writer")]
fn main() {
    match env::var_os(WRITER) {
        Some(file) => write_for_ever(Path::new(&file)),
        None => {
            let trials = [Format::JsonLines, Format::Netscape].map(|format| {
                Trial::test(format!("killed_{KILLS}_times_{format:?}"), move || kill(format))
            });
            libtest_mimic::run(&Arguments::from_args(), trials.into()).exit()
        }
    }
}

fn browser() -> CookieStore<NoPublicSuffixes> {
    CookieStore::new(Policy::new(Profile::Rfc6265bis), NoPublicSuffixes)
}

fn cookie_file(path: &Path) -> CookieFile {
    let netscape = path.extension().is_some_and(|extension| extension == "txt");
    CookieFile::new(path, if netscape { Format::Netscape } else { Format::JsonLines })
}

/// Adds cookies to what the file holds, one save each, and acknowledges each.
fn write_for_ever(path: &Path) {
    let file = cookie_file(path);
    let mut store = browser();
    file.load(&mut store, 0).expect("the file that the last writer left is readable");
    let request = Request::new(Uri::parse(b"https://site.example/").unwrap());
    for nth in store.cookies(0).len().. {
        let line = format!("cookie{nth}={}; Max-Age=900", "x".repeat(nth % 97));
        store.receive(line.as_bytes(), &request, 0, &mut ()).unwrap();
        file.save(&store, 0).unwrap();
        println!("{nth}");
        std::io::stdout().flush().unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "a seed in the environment repeats a failure")]
fn kill(format: Format) -> Result<(), Failed> {
    let seed = env::var("COOKIESPEC_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    println!("seed {seed}");
    let mut random = Random(seed);
    let folder = tempfile::tempdir()?;
    let ending = if format == Format::Netscape { "txt" } else { "jsonl" };
    let path = folder.path().join(format!("cookies.{ending}"));
    for nth_kill in 0..KILLS {
        let acknowledged = run_and_kill(&path, &mut random)?;
        let mut store = browser();
        let loaded = cookie_file(&path).load(&mut store, 0)?;
        if !loaded.problems.is_empty() {
            return Err(format!("kill {nth_kill}: the file is torn: {:?}", loaded.problems).into());
        }
        let left = std::fs::read_dir(folder.path())?.count();
        if left != 2 {
            return Err(
                format!("kill {nth_kill}: {left} files beside each other, not 2: drafts").into()
            );
        }
        // Every acknowledged cookie, and at most the one whose acknowledgement was cut off.
        let stored = store.cookies(0).len();
        if stored < acknowledged || stored > acknowledged + 1 {
            return Err(format!(
                "kill {nth_kill}: {acknowledged} cookies were acknowledged, {stored} are there"
            )
            .into());
        }
        for (nth, cookie) in store.cookies(0).iter().enumerate() {
            let whole = cookie.name() == format!("cookie{nth}").as_bytes()
                && cookie.value().len() == nth % 97;
            if !whole {
                return Err(format!("kill {nth_kill}: {cookie:?} is not cookie {nth}").into());
            }
        }
    }
    Ok(())
}

/// Starts a writer, kills it, and returns how many cookies are acknowledged in all.
fn run_and_kill(path: &Path, random: &mut Random) -> Result<usize, Failed> {
    let mut writer =
        Command::new(env::current_exe()?).env(WRITER, path).stdout(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(writer.stdout.take().ok_or("no stdout")?).lines();
    let mut last = None;
    for _ in 0..random.below(4) + 1 {
        last = lines.next().transpose()?.or(last);
    }
    for _ in 0..random.below(200_000) {
        std::hint::spin_loop();
    }
    writer.kill()?;
    // What it had still said before the signal arrived counts as well.
    last = lines.map_while(Result::ok).last().or(last);
    writer.wait()?;
    let last = last.ok_or("the writer acknowledged nothing")?;
    Ok(last.parse::<usize>()? + 1)
}

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}
