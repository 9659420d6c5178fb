//! A program behind the shim protocol, or a web application, that does not want to end: `hostile KIND
//! MARK PROGRAM` or `hostile KIND MARK PORT`. The mark is there to be found in a list of processes.

use std::error::Error;
use std::io::{self, BufRead, Write};
use std::net::TcpListener;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, getpid, kill_process, setsid};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let [kind, mark, about] = &words[..] else { return ExitCode::from(2) };
    match misbehave(kind, mark, about) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hostile: {error}");
            ExitCode::FAILURE
        }
    }
}

fn misbehave(kind: &str, mark: &str, about: &str) -> Result<(), Box<dyn Error>> {
    match kind {
        // What others of these start.
        "stays" => stay(),
        "leaves-group" => {
            setsid()?;
            stay()
        }
        // Shims.
        "silent" => stay(),
        "slow" => relay(about, 0, || thread::sleep(Duration::from_secs(1))),
        "hangs" => relay(about, SHAKEN_HANDS, || stay()),
        "deaf" => {
            for signal in [SIGHUP, SIGINT, SIGTERM] {
                signal_hook::flag::register(signal, Arc::default())?;
            }
            relay(about, SHAKEN_HANDS, || stay())
        }
        "stops" => relay(about, SHAKEN_HANDS, || {
            // Only itself, so the program that it relays to goes on.
            let _ = kill_process(getpid(), Signal::STOP);
        }),
        "daemons" => {
            start("leaves-group", mark)?;
            start("stays", mark)?;
            relay(about, SHAKEN_HANDS, || stay())
        }
        "abandons" => {
            start("leaves-group", mark)?;
            relay(about, SHAKEN_HANDS, || std::process::exit(0))
        }
        "forks" => relay(about, SHAKEN_HANDS, || {
            for _ in 0..FORKS {
                let _ = start("leaves-group", mark);
                thread::sleep(Duration::from_millis(5));
            }
            stay();
        }),
        "floods" => relay(about, SHAKEN_HANDS, || {
            while io::stderr().write_all(&[b'x'; 4096]).is_ok() {}
            stay();
        }),
        // Applications.
        "never-answers" | "never-answers-with-daemons" => {
            if kind.ends_with("daemons") {
                start("leaves-group", mark)?;
            }
            let listener = TcpListener::bind(("127.0.0.1", about.parse()?))?;
            let _kept: Vec<_> = listener.incoming().collect();
            Ok(())
        }
        "never-listens" => stay(),
        _ => Err(format!("there is no kind \"{kind}\"").into()),
    }
}

/// How many lines a harness sends before the first case: hello, an echo and an unknown operation.
const SHAKEN_HANDS: usize = 3;
const FORKS: usize = 100;

/// Stays for ever, whatever is on stdin.
fn stay() -> ! {
    loop {
        thread::park();
    }
}

fn start(kind: &str, mark: &str) -> io::Result<Pid> {
    let mut command = Command::new(std::env::current_exe()?);
    Ok(Pid::from_child(&command.args([kind, mark, "-"]).spawn()?))
}

/// Passes lines to the shim of the reference engine and back, and does something before each that comes
/// after so many.
fn relay(program: &str, undisturbed: usize, disturb: impl Fn()) -> Result<(), Box<dyn Error>> {
    let mut inner =
        Command::new(program).args(["shim", "reference"]).stdin(Stdio::piped()).spawn()?;
    let Some(pipe) = &mut inner.stdin else { return Err("there is no pipe".into()) };
    for (nth, line) in io::stdin().lock().split(b'\n').enumerate() {
        if nth >= undisturbed {
            disturb();
        }
        pipe.write_all(&[&line?[..], b"\n"].concat())?;
    }
    Ok(())
}
