//! Scarcity: where there are not enough file descriptors, threads and processes, memory or room for a
//! file, a command says so, exits with 3 (or 2, if it notices before it begins) and leaves nothing half
//! written. It never panics and never waits for what does not come.
//!
//! The limits are set with `prlimit`. One on processes does not bind the superuser, for whom `setpriv`
//! runs the command as nobody. Rust ends a process that gets no memory with a sentence and SIGABRT, which
//! cannot be changed without unsafe code, so that is let pass where memory is scarce.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::getuid;

use crate::folder::Contents;
use crate::options::Options;
use crate::program::Ran;
use crate::report::{Report, Trial};

const LIMIT: Duration = Duration::from_secs(60);
/// The user that has nothing.
const NOBODY: &str = "65534";
/// How many trials there are for each one of a sample.
const STRIDE: usize = 31;

/// A command, with the files that it writes.
const COMMANDS: [(&str, &[&str]); 9] = [
    ("run", &["run", "cookie", "--only", "set-cookie.pair.*", "--format", REPORTS]),
    ("bless", &["bless", "cookie", "--baseline", "baselines", "--area", "set-cookie.pair"]),
    ("try", &["try", "a=b", "--targets", "cookie,biscotti"]),
    ("explain", &["explain", "set-cookie.pair.0001", "--target", "cookie"]),
    ("fuzz", &["fuzz", "cookie", "--cases", "30", "--no-measuring", "--out", "found"]),
    ("bench", &["bench", "cookie", "--samples", "1", "--sample", "0.01"]),
    ("list", &["list", "--targets"]),
    ("shim-new", &["shim", "new", "python", "folder"]),
    ("shim-check", &["shim", "check", "cat"]),
];
const REPORTS: &str = "json=a.json,html=b.html,events=c.ndjson";

/// What is scarce: the option of `prlimit`, and how much there is of it.
const SCARCE: [(&str, &[u64]); 4] = [
    // Three are open from the start; the loader needs one to find the C library.
    ("nofile", &[4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28, 32]),
    ("nproc", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16]),
    ("fsize", &[0, 1, 100, 1_000, 4_096, 16_384, 65_536, 262_144]),
    ("as", &[32 << 20, 48 << 20, 64 << 20, 96 << 20, 128 << 20, 192 << 20, 256 << 20]),
];

/// Runs the trials.
pub(super) fn run(options: &Options) -> Report {
    let mut trials = Vec::new();
    let mut left_out = Vec::new();
    for (resource, amounts) in SCARCE {
        let bounded = match Bounded::new(options, resource) {
            Ok(bounded) => bounded,
            Err(why) => {
                left_out.push(format!("{resource}: {why}"));
                continue;
            }
        };
        for &amount in amounts {
            trials.extend(COMMANDS.iter().map(|&(name, words)| Trial {
                name: format!("{name}/{resource}/{amount}"),
                run: Box::new(move || bounded.run(words, amount)),
            }));
        }
    }
    Report::of(options, STRIDE, trials).leaving_out(left_out)
}

/// Runs the program with little of a resource.
#[derive(Clone, Copy)]
struct Bounded<'a> {
    options: &'a Options,
    resource: &'static str,
    is_nobody: bool,
}

impl<'a> Bounded<'a> {
    fn new(options: &'a Options, resource: &'static str) -> Result<Self, String> {
        let is_nobody = resource == "nproc" && getuid().is_root();
        if resource == "nproc" && !is_nobody {
            return Err("it would count all processes of this user".to_owned());
        }
        let bounded = Self { options, resource, is_nobody };
        let plenty = if matches!(resource, "nofile" | "nproc") { 256 } else { 512 << 20 };
        let ran = Ran::of(bounded.command(plenty).arg("--version"), LIMIT);
        match ran {
            Ok(ran) if ran.code() == Some(0) => Ok(bounded),
            Ok(ran) => Err(format!("the limit cannot be set: {}", ran.complaint().trim())),
            Err(error) => Err(format!("prlimit or setpriv cannot be run: {error}")),
        }
    }

    fn command(&self, amount: u64) -> Command {
        let mut command = match self.is_nobody {
            true => Command::new("setpriv"),
            false => Command::new("prlimit"),
        };
        if self.is_nobody {
            command.args(["--reuid", NOBODY, "--clear-groups", "prlimit"]);
        }
        command.arg(format!("--{}={amount}", self.resource)).arg(&self.options.program);
        command
    }

    fn run(&self, words: &[&str], amount: u64) -> Result<(), String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let open = fs::Permissions::from_mode(0o777);
        fs::set_permissions(folder.path(), open).map_err(|error| error.to_string())?;
        let mut command = self.command(amount);
        let ran = Ran::of(command.args(words).current_dir(folder.path()), LIMIT)
            .map_err(|error| error.to_string())?;
        if !self.is_out_of_memory(&ran) && self.is_loaded(amount)? {
            ran.expect_code(&[0, 1, 2, 3])?;
            // What it writes goes to files here, which the limit concerns as well.
            let is_mute = self.resource == "fsize" && amount < 1_000;
            let has_said_why = is_mute || !ran.stderr.is_empty() || !ran.stdout.is_empty();
            if matches!(ran.code(), Some(2 | 3)) && !has_said_why {
                return Err("it does not say what is missing".to_owned());
            }
        }
        expect_whole_files(folder.path())
    }

    /// Whether the system can load the program at all, or ends it before it can do anything.
    fn is_loaded(&self, amount: u64) -> Result<bool, String> {
        let ran = Ran::of(self.command(amount).arg("--version"), LIMIT);
        ran.map(|ran| matches!(ran.code(), Some(0..=3))).map_err(|error| error.to_string())
    }

    fn is_out_of_memory(&self, ran: &Ran) -> bool {
        self.resource == "as" && ran.complaint().contains("memory allocation of")
    }
}

/// That each file is whole by the mark that its format has at the end, and that there is no draft.
fn expect_whole_files(folder: &Path) -> Result<(), String> {
    let contents = Contents::of(folder).map_err(|error| error.to_string())?;
    for (name, octets) in contents.files() {
        let text = String::from_utf8_lossy(octets);
        let is_whole = match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("json") => text.trim_end().ends_with('}'),
            Some("jsonl") => text.is_empty() || text.ends_with("}\n"),
            Some("ndjson") => {
                text.lines().last().is_some_and(|it| it.contains("\"event\":\"end\""))
            }
            Some("html") => text.trim_end().ends_with("</html>"),
            Some("toml" | "md" | "py") => text.ends_with('\n'),
            _ => false,
        };
        if !is_whole {
            return Err(format!("{name} is not whole: {} octets", octets.len()));
        }
    }
    Ok(())
}
