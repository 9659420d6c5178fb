//! Signals: whatever a target does, a signal ends the command and all that it started within two
//! seconds, reports of what was measured are there and say that they are incomplete, and a command that
//! is killed takes its children along. And `fuzz --seconds` ends in time.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::mark::Mark;
use crate::options::Options;
use crate::program::{Ran, Running};
use crate::report::{Report, Trial};

/// How long everything may take to end, on a machine that is not busy with anything else.
const LIMIT: Duration = Duration::from_secs(2);
/// So many times as long as the program takes to start may be added: on an idle machine a fifth of a
/// second, and on a busy one the time in which nothing of it gets a processor.
const STARTS: u32 = 20;
/// How long starting may take.
const STARTUP: Duration = Duration::from_secs(20);

const SIGNALS: [(&str, Signal); 4] =
    [("INT", Signal::INT), ("TERM", Signal::TERM), ("HUP", Signal::HUP), ("KILL", Signal::KILL)];

/// Commands that run a shim, with `--` and the shim behind.
const COMMANDS: [(&str, &[&str]); 7] = [
    ("run", &["run", "--only", "set-cookie.pair.000*", "--format", FORMATS]),
    ("bless", &["bless", "--baseline", "baseline.toml"]),
    ("fuzz", &["fuzz", "--seconds", "60", "--out", "findings"]),
    ("try", &["try", "a=b"]),
    ("explain", &["explain", "set-cookie.pair.0001"]),
    ("bench", &["bench"]),
    ("shim-check", &["shim", "check"]),
];

const FORMATS: &str = "json=run.json,events=run.ndjson,html=run.html";

/// What shims do; `hostile` says how.
const SHIMS: [&str; 9] =
    ["silent", "slow", "hangs", "deaf", "stops", "daemons", "abandons", "forks", "floods"];

const APPLICATIONS: [&str; 3] = ["never-answers", "never-answers-with-daemons", "never-listens"];

/// How many trials there are for each one of a sample.
const STRIDE: usize = 29;

/// Runs the trials.
pub(super) fn run(options: &Options) -> Report {
    if !Path::new("/proc/self/cmdline").exists() {
        let why = "what is left alive cannot be seen without /proc".to_owned();
        return Report::default().leaving_out([why]);
    }
    if let Err(error) = stop_ignoring() {
        return Report::default().leaving_out([format!("signals cannot be handled: {error}")]);
    }
    let mut trials = Vec::new();
    for (name, signal) in SIGNALS {
        for (command, words) in COMMANDS {
            trials.extend(SHIMS.map(|shim| Trial {
                name: format!("{command}/{shim}/{name}"),
                run: Box::new(move || Situation::new(options)?.interrupt(words, shim, signal)),
            }));
        }
        trials.extend(APPLICATIONS.map(|application| Trial {
            name: format!("probe/{application}/{name}"),
            run: Box::new(move || Situation::new(options)?.interrupt_probe(application, signal)),
        }));
    }
    trials.extend(SIGNALS.map(|(name, signal)| Trial {
        name: format!("run/stalled-reader/{name}"),
        run: Box::new(move || Situation::new(options)?.interrupt_stalled(signal)),
    }));
    trials.extend(SHIMS.map(|shim| Trial {
        name: format!("fuzz-seconds/{shim}"),
        run: Box::new(move || Situation::new(options)?.time_out(shim)),
    }));
    Report::of(options, STRIDE, trials)
}

/// Has children start without ignored signals. A shell starts what runs in the background with SIGINT
/// ignored, `nohup` with SIGHUP, and a program leaves such a signal ignored, as this one is meant to.
/// A child gets the default of a signal that this process handles, and the handler does nothing.
fn stop_ignoring() -> io::Result<()> {
    let status = fs::read_to_string("/proc/self/status")?;
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    for (_, signal) in SIGNALS {
        if ignored >> (signal.as_raw() - 1) & 1 == 1 {
            signal_hook::flag::register(signal.as_raw(), Arc::default())?;
        }
    }
    Ok(())
}

/// A folder, and a mark on everything that is started in it.
struct Situation<'a> {
    options: &'a Options,
    folder: tempfile::TempDir,
    mark: Mark,
    limit: Duration,
}

impl<'a> Situation<'a> {
    fn new(options: &'a Options) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let start = Instant::now();
        Ran::of(Command::new(&options.program).arg("--version"), STARTUP)
            .map_err(|error| error.to_string())?
            .expect_code(&[0])?;
        let limit = LIMIT + start.elapsed() * STARTS;
        Ok(Self { options, folder, mark: Mark::new(), limit })
    }

    /// A signal, once the shim runs and something is asked of it.
    fn interrupt(&self, words: &[&str], shim: &str, signal: Signal) -> Result<(), String> {
        let ran = self.send(&mut self.command(words, shim), signal)?;
        if words[0] == "run" {
            self.expect_reports(&ran)?;
        }
        Ok(())
    }

    fn interrupt_probe(&self, application: &str, signal: Signal) -> Result<(), String> {
        let descriptor = format!(
            "name = \"hostile\"\norigin = \"http://127.0.0.1:{{port}}\"\n\
             login = {{ method = \"POST\", path = \"/login\", form = {{ u = \"{{user}}\" }} }}\n\
             logout = {{ method = \"POST\", path = \"/logout\" }}\n\
             whoami = {{ path = \"/\", capture = '(\\w+)' }}\n\
             accounts = [{{ user = \"a\", password = \"a\" }}, {{ user = \"b\", password = \"b\" }}]\n\
             [process]\nstart = [{:?}, {application:?}, {:?}, \"{{port}}\"]\n",
            self.options.hostile(),
            self.mark.word()
        );
        let file = self.folder.path().join("app.toml");
        fs::write(&file, descriptor).map_err(|error| error.to_string())?;
        let mut command = Command::new(&self.options.program);
        command.args(["probe", "app.toml"]).current_dir(self.folder.path());
        self.send(&mut command, signal).map(drop)
    }

    /// A signal while nobody reads what the command writes to stdout.
    fn interrupt_stalled(&self, signal: Signal) -> Result<(), String> {
        let text = |error: io::Error| error.to_string();
        let mut command = Command::new(&self.options.program);
        command.args(["run", "cookie", "--format", "events"]).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(text)?;
        let Some(pipe) = &mut child.stdout else { return Err("there is no pipe".to_owned()) };
        // It has begun to write, and a pipe holds less than all of it.
        pipe.read_exact(&mut [0]).map_err(text)?;
        kill_process(Pid::from_child(&child), signal).map_err(|error| error.to_string())?;
        let deadline = Instant::now() + self.limit;
        while Instant::now() < deadline {
            if let Some(status) = child.try_wait().map_err(text)? {
                let expected = (signal != Signal::KILL).then_some(128 + signal.as_raw());
                return match status.code() == expected {
                    true => Ok(()),
                    false => Err(format!("{status}, not {expected:?}")),
                };
            }
            thread::sleep(Duration::from_millis(5));
        }
        child.kill().and_then(|()| child.wait()).map_err(text)?;
        Err("it did not end in time".to_owned())
    }

    /// The time of `fuzz --seconds` is over.
    fn time_out(&self, shim: &str) -> Result<(), String> {
        let seconds = Duration::from_secs(2);
        let mut command = self.command(&["fuzz", "--seconds", "2"], shim);
        let ran = Ran::of(&mut command, seconds + self.limit).map_err(|error| error.to_string())?;
        // 1: something was found; 3: it did not even say hello.
        ran.expect_code(&[0, 1, 3])?;
        self.expect_nothing_alive(Instant::now() + self.limit)
    }

    fn command(&self, words: &[&str], shim: &str) -> Command {
        let mut command = Command::new(&self.options.program);
        command.args(words).arg("--").arg(self.options.hostile()).args([shim, self.mark.word()]);
        command.arg(&self.options.program).current_dir(self.folder.path());
        command
    }

    /// Starts a command, sends it a signal when its child runs, and sees that everything ends.
    fn send(&self, command: &mut Command, signal: Signal) -> Result<Ran, String> {
        let text = |error: io::Error| error.to_string();
        let running = Running::start(command).map_err(text)?;
        let id = Pid::from_child(&running.child);
        let is_child = |(process, line): &(i32, String)| {
            *process != id.as_raw_nonzero().get() && line.contains("hostile")
        };
        let started = Instant::now() + STARTUP;
        if !self.mark.wait_until(started, |processes| processes.iter().any(is_child)) {
            let ran = running.finish(Instant::now()).map_err(text)?;
            return Err(format!("no child was started: {ran:?}"));
        }
        // Long enough for a handshake, and for a first case.
        thread::sleep(Duration::from_millis(300));
        let deadline = Instant::now() + self.limit;
        kill_process(id, signal).map_err(|error| error.to_string())?;
        let ran = running.finish(deadline).map_err(text)?;
        if signal != Signal::KILL {
            ran.expect_code(&[128 + signal.as_raw()])?;
        }
        self.expect_nothing_alive(deadline)?;
        Ok(ran)
    }

    fn expect_nothing_alive(&self, deadline: Instant) -> Result<(), String> {
        match self.mark.wait_until(deadline, <[_]>::is_empty) {
            true => Ok(()),
            false => Err(format!("still alive: {:?}", self.mark.processes())),
        }
    }

    /// Reports are whole or not there; where the command could write them, they are there, say that
    /// they are incomplete, and are not taken for complete ones.
    fn expect_reports(&self, ran: &Ran) -> Result<(), String> {
        let at = |name: &str| self.folder.path().join(name);
        let names = fs::read_dir(self.folder.path()).map_err(|error| error.to_string())?;
        let names: Vec<_> = names.flatten().map(|entry| entry.file_name()).collect();
        if ran.code().is_none() {
            return match names.is_empty() {
                true => Ok(()),
                false => Err(format!("killed, and left {names:?}")),
            };
        }
        if names.len() != 3 {
            return Err(format!("there should be three reports and nothing else: {names:?}"));
        }
        for name in ["run.json", "run.ndjson", "run.html"] {
            let text = fs::read_to_string(at(name)).map_err(|error| error.to_string())?;
            if !text.contains("incomplete: interrupted after ") {
                return Err(format!("{name} does not say that it is incomplete"));
            }
        }
        let report = |words: &[&str]| {
            let mut command = Command::new(&self.options.program);
            command.args(["report", "run.ndjson"]).args(words).current_dir(self.folder.path());
            Ran::of(&mut command, STARTUP).map_err(|error| error.to_string())
        };
        report(&[])?.expect_code(&[2])?;
        report(&["--allow-incomplete"])?.expect_code(&[0])
    }
}
