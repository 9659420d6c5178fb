//! Files that are damaged: each is read or refused with a sentence, and none is made worse.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use crate::bounds::Bounds;
use crate::fixtures::{self, FAULT};
use crate::options::Options;
use crate::report::{Report, Trial};

/// Of a sample, one of so many trials is run.
const STRIDE: usize = 331;

/// A kind of file: its name in the folder, how often it is damaged, and the command that reads it.
struct Kind {
    name: &'static str,
    file: &'static str,
    count: usize,
    command: &'static [&'static str],
}

const KINDS: &[Kind] = &[
    Kind {
        name: "vectors, lint",
        file: "vectors/fault.json",
        count: 500,
        command: &["vectors", "lint", "--vectors", "vectors"],
    },
    Kind {
        name: "vectors, list",
        file: "vectors/fault.json",
        count: 300,
        command: &["list", "--cases", "--vectors", "vectors"],
    },
    Kind {
        name: "ids.lock",
        file: "vectors/ids.lock",
        count: 300,
        command: &["vectors", "lint", "--bless", "--vectors", "vectors"],
    },
    Kind {
        name: "ids.lock, new",
        file: "vectors/ids.lock",
        count: 100,
        command: &["vectors", "new", "fault", "parse.date", "--vectors", "vectors"],
    },
    Kind {
        name: "events, report",
        file: "run.ndjson",
        count: 600,
        command: &["report", "run.ndjson", "--format", "text,html=x.html,markdown=x.md"],
    },
    Kind {
        name: "events, compare",
        file: "run.ndjson",
        count: 200,
        command: &["compare", "good.ndjson", "run.ndjson"],
    },
    Kind {
        name: "baseline",
        file: "known.toml",
        count: 500,
        command: &["run", "cookie", "--vectors", "vectors", "--baseline", "known.toml"],
    },
    Kind {
        name: "baseline, bless",
        file: "known.toml",
        count: 100,
        command: &["bless", "cookie", "--vectors", "vectors", "--baseline", "known.toml"],
    },
    Kind {
        name: "descriptor",
        file: "app.toml",
        count: 500,
        command: &["probe", "app.toml", "--no-start", "--timeout", "0.2", "--max-time", "2"],
    },
    Kind {
        name: "probe report",
        file: "probe.json",
        count: 200,
        command: &["probe", "app.toml", "--baseline", "probe.json", "--max-time", "2"],
    },
    Kind {
        name: "finding, replay",
        file: "finding.json",
        count: 300,
        command: &["fuzz", "--replay", "finding.json"],
    },
    Kind {
        name: "finding, promote",
        file: "finding.json",
        count: 200,
        command: &["fuzz", "promote", "finding.json", "--area", "jar.path"],
    },
    Kind {
        name: "progress of a run",
        file: "found/progress/1-0.json",
        count: 40,
        command: &["fuzz", "cookie", "--cases", "1", "--no-measuring", "--out", "found"],
    },
    Kind {
        name: "corpus of a run",
        file: "found/corpus.jsonl",
        count: 60,
        command: &["fuzz", "merge", "--out", "merged", "found"],
    },
];

/// Runs the trials.
pub(super) fn run(options: &Options) -> Report {
    let good = match good_files(options) {
        Ok(good) => good,
        Err(what) => return Report::default().leaving_out([format!("no files to damage: {what}")]),
    };
    let good = &good;
    let mut trials = Vec::new();
    for kind in KINDS {
        for nth in 0..kind.count {
            trials.push(Trial {
                name: format!("{} {nth}: {}", kind.name, DAMAGES[nth % DAMAGES.len()].0),
                run: Box::new(move || damaged(options, good, kind, Some(nth))),
            });
        }
        trials.push(Trial {
            name: format!("{}: 300 MB of junk", kind.name),
            run: Box::new(move || damaged(options, good, kind, None)),
        });
    }
    Report::of(options, STRIDE, trials)
}

/// The files of a folder, by their names.
type Files = HashMap<&'static str, Vec<u8>>;

/// One of each kind of file, as the program writes it.
fn good_files(options: &Options) -> Result<Files, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, text: &str| fs::write(path(name), text).map_err(|it| it.to_string());
    fs::create_dir(path("vectors")).map_err(|error| error.to_string())?;
    write("vectors/fault.json", FAULT)?;
    write("app.toml", APP)?;
    write("probe.json", PROBE_REPORT)?;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&options.program);
        command.current_dir(folder.path()).args(arguments);
        Bounds::default().run(&mut command).map_err(|error| error.to_string())
    };
    run(&["vectors", "lint", "--bless", "--vectors", "vectors"])?;
    let vectors = ["--vectors", "vectors"];
    run(&[&["run", "cookie", "--format", "events=run.ndjson"], &vectors[..]].concat())?;
    run(&[&["bless", "cookie", "--baseline", "known.toml"], &vectors[..]].concat())?;
    let shim = fixtures::bad_shim().ok_or("the shim is not beside this program")?;
    let shim = shim.display().to_string();
    let fuzz = ["fuzz", "--cases", "40", "--no-measuring", "--out", "found", "--"];
    run(&[&fuzz[..], &[&shim, "hostile", "cookie-value", "markup"]].concat())?;
    let findings = fs::read_dir(path("found/findings")).map_err(|it| it.to_string())?;
    let mut findings: Vec<_> = findings.flatten().map(|entry| entry.path()).collect();
    findings.sort();
    let finding = findings.first().ok_or("the fuzzer found nothing")?;
    fs::copy(finding, path("finding.json")).map_err(|it| it.to_string())?;
    fs::copy(path("run.ndjson"), path("good.ndjson")).map_err(|it| it.to_string())?;
    // Whether there is a corpus depends on what was found.
    if !path("found/corpus.jsonl").exists() {
        write("found/corpus.jsonl", "{\"op\":\"parse.date\",\"in\":{\"date\":\"x\"}}\n")?;
    }
    let names = KINDS.iter().map(|kind| kind.file).chain(["good.ndjson"]);
    names
        .map(|name| {
            let octets = fs::read(path(name)).map_err(|error| format!("{name}: {error}"))?;
            Ok((name, octets))
        })
        .collect()
}

/// Reads a file with the damage of this number; or one that is only long.
fn damaged(options: &Options, good: &Files, kind: &Kind, nth: Option<usize>) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for (name, octets) in good {
        let file = folder.path().join(name);
        let parent = file.parent().unwrap_or(folder.path());
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&file, octets))
            .map_err(|error| error.to_string())?;
    }
    let file = folder.path().join(kind.file);
    match nth {
        Some(nth) => fs::write(&file, damage(&good[kind.file], nth)),
        None => File::create(&file).and_then(|it| it.set_len(300_000_000)),
    }
    .map_err(|error| error.to_string())?;
    let before = nth.map(|_| fs::read(&file).unwrap_or_default());

    let bounds = Bounds { output: 1 << 20, ..Bounds::default() };
    let mut command = Command::new(&options.program);
    command.current_dir(folder.path()).args(kind.command);
    let ran = bounds.run(&mut command).map_err(|error| error.to_string())?;
    bounds.check(&ran)?;
    if ran.code() == Some(2) && ran.stderr.trim_ascii().is_empty() {
        return Err("it is refused without a reason".to_owned());
    }
    match before {
        None if matches!(ran.code(), Some(0)) => Err("junk was taken for a file".to_owned()),
        None => Ok(()),
        Some(before) => check_afterwards(kind, &file, &before, ran.code()),
    }
}

/// A file that was refused is as it was; a lock that was taken up has all ids that were in it.
fn check_afterwards(
    kind: &Kind,
    file: &Path,
    before: &[u8],
    code: Option<i32>,
) -> Result<(), String> {
    let after = fs::read(file).map_err(|error| error.to_string())?;
    let is_written = kind.command.contains(&"--bless") || kind.command.contains(&"bless");
    let is_run = kind.file.starts_with("found/");
    if (!is_written && !is_run || code == Some(2)) && after != before {
        return Err("a file that is only read was changed".to_owned());
    }
    if kind.file.ends_with("ids.lock") {
        let before = String::from_utf8_lossy(before).into_owned();
        let after = String::from_utf8_lossy(&after).into_owned();
        let ids = before.lines().filter(|line| !line.starts_with('#'));
        let lost = ids.filter_map(|line| line.split(' ').next()).find(|id| !after.contains(id));
        if let Some(lost) = lost {
            return Err(format!("the id {lost:?} is gone"));
        }
    }
    Ok(())
}

/// A way to damage a text, given a number that looks random.
type Damage = (&'static str, fn(&[u8], usize) -> Vec<u8>);

const DAMAGES: &[Damage] = &[
    ("cut", |text, random| text[..random % (text.len() + 1)].to_vec()),
    ("a bit flipped", |text, random| {
        let mut text = text.to_vec();
        if let Some(octet) = pick(text.len(), random).and_then(|at| text.get_mut(at)) {
            *octet ^= 1 << (random / 7 % 8);
        }
        text
    }),
    ("a line twice", |text, random| {
        with_lines(text, random, |lines, at| lines.insert(at, lines[at]))
    }),
    ("a line gone", |text, random| {
        with_lines(text, random, |lines, at| {
            lines.remove(at);
        })
    }),
    ("two lines exchanged", |text, random| with_lines(text, random, |lines, at| lines.swap(at, 0))),
    ("control characters", |text, random| {
        inserted(text, random, "\u{1b}[2J\u{0}\u{9b}\u{202e}\n::error::x\n##vso[x]".as_bytes())
    }),
    ("octets that are not UTF-8", |text, random| inserted(text, random, b"\xff\xc0\x80")),
    ("a number that is too large", |text, random| {
        let digits: Vec<_> = (0..text.len()).filter(|&at| text[at].is_ascii_digit()).collect();
        match pick(digits.len(), random).map(|at| digits[at]) {
            Some(at) => [&text[..at], b"99999999999999999999999", &text[at..]].concat(),
            None => text.to_vec(),
        }
    }),
    ("deep nesting", |text, random| inserted(text, random, "[".repeat(100_000).as_bytes())),
    ("a long word", |text, random| inserted(text, random, "x".repeat(200_000).as_bytes())),
    ("a part of it again", |text, random| {
        let at = random % (text.len() + 1);
        [&text[..at], &text[at / 2..]].concat()
    }),
    ("another word", |text, random| {
        let words = ["true", "null", "{}", "[]", "\"\"", "-1", "1e999", "=", "'", "#"];
        inserted(text, random, words[random / 3 % words.len()].as_bytes())
    }),
];

fn damage(text: &[u8], nth: usize) -> Vec<u8> {
    // Numbers in a row, spread over all places: the multiplier of Knuth's hash.
    let random = nth.wrapping_add(1).wrapping_mul(0x9e37_79b9) >> 3;
    DAMAGES[nth % DAMAGES.len()].1(text, random)
}

fn pick(length: usize, random: usize) -> Option<usize> {
    random.checked_rem(length)
}

fn inserted(text: &[u8], random: usize, part: &[u8]) -> Vec<u8> {
    let (before, after) = text.split_at(random % (text.len() + 1));
    [before, part, after].concat()
}

fn with_lines(text: &[u8], random: usize, change: fn(&mut Vec<&[u8]>, usize)) -> Vec<u8> {
    let mut lines: Vec<_> = text.split_inclusive(|&octet| octet == b'\n').collect();
    if let Some(at) = pick(lines.len(), random) {
        change(&mut lines, at);
    }
    lines.concat()
}

/// A descriptor with most keys. Nothing answers at its origin.
const APP: &str = r#"
name = "app"
origin = "http://127.0.0.1:9"
login = { method = "POST", path = "/login", form = { user = "{user}", password = "{password}" } }
logout = { method = "POST", path = "/logout" }
whoami = { path = "/whoami", capture = '"user":\s*"([^"]+)"' }
accounts = [{ user = "alice", password = "a" }, { user = "bob", password = "b" }]
csrf = { page = "/login", capture = 'value="([^"]+)"', field = "csrf" }
public = ["/"]

[process]
start = ["./app", "{port}"]
ready = "/"

[policy]
idle = 60
absolute = 600
"#;

/// A report of the probe without checks that failed.
const PROBE_REPORT: &str = r#"{
  "format": "cookiespec-probe/1",
  "checks": [
    { "id": "SM-001", "verdict": "pass" },
    { "id": "SM-002", "verdict": "fail" }
  ],
  "end": true
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_damage_changes_the_text_and_is_the_same_each_time() {
        let text = b"{\"a\": 1}\n{\"b\": 2}\n{\"c\": 3}\n";
        for nth in 0..10 * DAMAGES.len() {
            let damaged = damage(text, nth);
            assert_eq!(damage(text, nth), damaged);
        }
        let changed = (0..1000).filter(|&nth| damage(text, nth) != text).count();
        assert!(changed > 900, "{changed}");
        assert!(DAMAGES.iter().all(|(_, damage)| damage(b"", 5).len() < 1 << 20));
    }
}
