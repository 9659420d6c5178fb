//! Shims that misbehave. Each is right about every set-cookie-string that is a name and a value,
//! until the name is `fault`; some do not get so far.

use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, fs, process, thread};

use serde_json::{Map, Value, json};

use crate::hostile_shim::{self, PLACES, TEXTS};

/// The kinds of bad shims, and what each does.
pub const KINDS: &[(&str, &str)] = &[
    ("crash", "dies of the fault"),
    ("hang", "does not answer the fault"),
    ("hang-once", "does not answer the fault until the file named by the next argument exists"),
    ("spin", "computes for ever instead of answering the fault"),
    ("noise", "writes a remark to stdout before it answers the fault"),
    ("late-noise", "writes a remark to stdout after it answered the fault"),
    ("wrong-id", "answers the fault under another id"),
    ("repeated-id", "answers the fault twice"),
    ("truncated-line", "writes half of its answer to the fault"),
    ("huge-line", "writes a line of 2 MiB in answer to the fault"),
    ("no-result", "answers the fault with neither ok nor unsupported nor error"),
    ("slow-start", "never says hello"),
    ("exits-at-once", "exits before it says hello"),
    ("agrees", "says ok to anything"),
    ("lossy-octets", "takes octets above 7F for question marks"),
    ("orphans", "leaves two children behind, one of them in a process group of its own"),
    ("orphans-crash", "leaves the same children behind and dies of the fault"),
    ("crash-always", "dies of everything"),
    ("crash-once", "dies of the fault until the file named by the next argument exists"),
    ("crash-in-batch", "allows no window but batches, and dies of the fault"),
    ("refuses-batch", "allows no window, and refuses the batches it offers"),
    (
        "varies",
        "is right about the fault every other time; the next argument is a file to count in",
    ),
    ("slow", "takes 200 ms for each answer and gives those to one read together"),
    ("works", "computes for 100 ms before it says hello and before each answer"),
    ("errs", "answers everything with the same error, which it writes to stderr, too"),
    ("loud", "writes a mebibyte to stderr with each answer"),
    ("markup", "has a name and answers full of markup and terminal codes"),
    ("flood", "answers each request with a mebibyte of what the next argument says"),
    (
        "turncoat",
        "dies of the fault, and has another name once the file in the next argument exists",
    ),
];

/// How long a shim computes that works, in processor time.
const WORK: Duration = Duration::from_millis(100);

/// Runs a bad shim: its kind, and the argument of the kind.
pub fn misbehave(words: &[String]) -> ExitCode {
    let kind = words.first().map_or("", String::as_str);
    match kind {
        "sleep" => loop {
            thread::park();
        },
        "slow-start" => loop {
            thread::park();
        },
        "exits-at-once" => ExitCode::SUCCESS,
        "hostile" => match (words.get(1), words.get(2)) {
            (Some(place), Some(text)) => ended(hostile_shim::serve(place, text)),
            _ => {
                eprintln!("hostile PLACE TEXT, where a place is one of {}", PLACES.join(" "));
                for (text, what) in TEXTS {
                    eprintln!("  {text:<16} {what}");
                }
                ExitCode::from(2)
            }
        },
        _ if KINDS.iter().any(|(known, _)| *known == kind) => {
            let argument = words.get(1).cloned().unwrap_or_default();
            ended((Shim { kind: kind.to_owned(), argument }).serve())
        }
        _ => {
            eprintln!("There are these bad shims:");
            for (kind, what) in KINDS {
                eprintln!("  {kind:<16} {what}");
            }
            ExitCode::from(2)
        }
    }
}

fn ended(result: io::Result<()>) -> ExitCode {
    if result.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Shim {
    kind: String,
    argument: String,
}

impl Shim {
    fn serve(&self) -> io::Result<()> {
        if self.kind.starts_with("orphans") {
            self.leave_children()?;
        }
        let mut stdin = io::stdin().lock();
        loop {
            let lines = self.read(&mut stdin)?;
            let mut answers = Vec::new();
            for line in &lines {
                let request: Value = serde_json::from_str(line)?;
                if request["op"] == "bye" {
                    return Ok(());
                }
                answers.extend(self.answer(&request)?);
            }
            if lines.is_empty() {
                return Ok(());
            }
            io::stdout().write_all(&answers)?;
            io::stdout().flush()?;
        }
    }

    /// One line; or, where answers come together, all lines that are there.
    fn read(&self, stdin: &mut impl BufRead) -> io::Result<Vec<String>> {
        let mut text = Vec::new();
        if self.kind == "slow" {
            while !text.ends_with(b"\n") {
                let block = stdin.fill_buf()?.to_vec();
                stdin.consume(block.len());
                text.extend_from_slice(&block);
                if block.is_empty() {
                    break;
                }
            }
        } else {
            stdin.read_until(b'\n', &mut text)?;
        }
        Ok(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect())
    }

    /// The answer to one request, as it is written to stdout.
    fn answer(&self, request: &Value) -> io::Result<Vec<u8>> {
        let (id, input) = (&request["id"], &request["in"]);
        let ok = |value: Value| json!({"id": id, "ok": value});
        let reply = match request["op"].as_str() {
            Some("hello") => ok(self.hello()?),
            _ if self.kind == "agrees" => ok(input.clone()),
            Some("echo") if self.kind == "lossy-octets" => {
                let data = input["data"].as_str().unwrap_or_default();
                ok(json!({"data": data.replace(|octet| octet > '\u{7f}', "?")}))
            }
            Some("echo") => ok(input.clone()),
            Some("batch") if self.kind == "refuses-batch" => json!({"id": id, "error": "no"}),
            Some("batch") => {
                let mut results = Vec::new();
                for request in input["cases"].as_array().into_iter().flatten() {
                    results.push(serde_json::from_slice::<Value>(&self.answer(request)?)?);
                }
                ok(json!({ "results": results }))
            }
            Some("parse.set-cookie") => return self.parse(id, &input["set_cookie"]),
            other => json!({"id": id, "unsupported": {"need": other}}),
        };
        Ok(line(&reply))
    }

    fn hello(&self) -> io::Result<Value> {
        if self.kind == "works" {
            compute(WORK)?;
        }
        let window = if self.kind.ends_with("batch") { 1 } else { 64 };
        let name = match &*self.kind {
            "markup" => "<script>alert(1)</script>",
            "turncoat" if Path::new(&self.argument).exists() => "another",
            kind => kind,
        };
        Ok(json!({
            "protocol": 1, "shim": "bad/1", "window": window, "batch": 64,
            "impl": {"name": name, "version": "\u{1b}[31m1"}, "can": ["parse.set-cookie"]
        }))
    }

    fn parse(&self, id: &Value, set_cookie: &Value) -> io::Result<Vec<u8>> {
        let text = set_cookie.as_str().unwrap_or_default();
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let right = line(&json!({"id": id, "ok": {"cookie": {"name": name, "value": value}}}));
        Ok(match &*self.kind {
            "crash-always" => process::abort(),
            "errs" => {
                eprintln!("Traceback\nno module \u{1b}named parser");
                line(&json!({"id": id, "error": "no module \u{1b}named parser"}))
            }
            "loud" => {
                eprintln!("{}", "x".repeat(1 << 20));
                right
            }
            "flood" => line(&json!({"id": id, "ok": flood(&self.argument)})),
            "slow" => {
                thread::sleep(Duration::from_millis(200));
                right
            }
            _ if name != "fault" => right,
            "crash" | "crash-in-batch" | "orphans-crash" => {
                eprintln!("about to \u{1b}[31mcrash");
                process::abort()
            }
            "turncoat" => {
                fs::write(&self.argument, "")?;
                process::abort()
            }
            "crash-once" if !Path::new(&self.argument).exists() => {
                fs::write(&self.argument, "")?;
                process::abort()
            }
            "varies" if Path::new(&self.argument).exists() => {
                fs::remove_file(&self.argument)?;
                line(&json!({"id": id, "ok": {"cookie": null}}))
            }
            "varies" => {
                fs::write(&self.argument, "")?;
                right
            }
            "hang-once" if Path::new(&self.argument).exists() => right,
            "hang" | "hang-once" => {
                if self.kind == "hang-once" {
                    fs::write(&self.argument, "")?;
                }
                loop {
                    thread::park();
                }
            }
            "spin" => loop {
                std::hint::spin_loop();
            },
            "works" => {
                compute(WORK)?;
                right
            }
            "noise" => [b"debug: \x1b[2J\n", &right[..]].concat(),
            "late-noise" => [&right[..], b"debug: \x1b[2J\n"].concat(),
            "wrong-id" => line(&json!({"id": 999_999, "ok": {"cookie": null}})),
            "repeated-id" => [&right[..], &right].concat(),
            "truncated-line" => [&right[..right.len() / 2], b"\n"].concat(),
            "huge-line" => line(&Value::String("x".repeat(2 << 20))),
            "no-result" => line(&json!({ "id": id })),
            "markup" => {
                let cookie = json!({"name": "<script>alert(2)</script>", "value": ""});
                line(&json!({"id": id, "ok": {"cookie": cookie}}))
            }
            _ => right,
        })
    }

    /// Starts two children that do nothing for ever, and hold on to stdout.
    fn leave_children(&self) -> io::Result<()> {
        let words: Vec<_> = env::args_os()
            .skip(1)
            .map(|word| if word == *self.kind { OsString::from("sleep") } else { word })
            .collect();
        let this = env::current_exe()?;
        Command::new(&this).args(&words).spawn()?;
        Command::new(&this).args(&words).process_group(0).spawn()?;
        Ok(())
    }
}

/// Nearly a mebibyte of JSON: of letters, of empty lists, of control characters, of members, or an
/// answer that is right apart from a member of that size.
fn flood(what: &str) -> Value {
    match what {
        "lists" => Value::Array(vec![json!([]); 340_000]),
        "controls" => json!({"cookie": {"name": "a", "value": "\u{1b}".repeat(170_000)}}),
        "members" => (0..80_000).map(|at| (at.to_string(), json!(0))).collect::<Map<_, _>>().into(),
        "depth" => (0..100).fold(json!("x".repeat(1_000_000)), |inner, _| json!([inner])),
        "addition" => json!({"cookie": null, "more": "x".repeat(1_000_000)}),
        _ => json!({"cookie": {"name": "a", "value": "x".repeat(1_000_000)}}),
    }
}

/// Uses so much processor time.
fn compute(time: Duration) -> io::Result<()> {
    let used = || -> io::Result<Duration> {
        let schedstat = fs::read_to_string("/proc/thread-self/schedstat")?;
        let nanoseconds = schedstat.split(' ').next().and_then(|number| number.parse().ok());
        nanoseconds.map(Duration::from_nanos).ok_or_else(|| io::ErrorKind::InvalidData.into())
    };
    let end = used()? + time;
    while used()? < end {
        std::hint::spin_loop();
    }
    Ok(())
}

fn line(reply: &Value) -> Vec<u8> {
    format!("{reply}\n").into_bytes()
}
