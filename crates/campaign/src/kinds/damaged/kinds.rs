//! The kinds of files that are damaged, and what reads them.

/// A kind of file: its name in the folder, how often it is damaged, and the command that reads it.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) file: &'static str,
    pub(super) count: usize,
    pub(super) reader: Reader,
    pub(super) command: &'static [&'static str],
}

/// The program that reads a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The program that is tried.
    Cookiespec,
    /// The same, with the shims in the folder.
    WithShims,
    /// A user agent that keeps its cookies in a file, by the engine.
    CookieFile,
}

/// The kind of a cookie file in JSON lines.
pub(super) const JSON_LINES: &str = "cookies.jsonl";
/// The kind of a cookie file as Netscape had it.
pub(super) const NETSCAPE: &str = "cookies.txt";

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "vectors, lint",
        file: "vectors/fault.json",
        count: 500,
        reader: Reader::Cookiespec,
        command: &["vectors", "lint", "--vectors", "vectors"],
    },
    Kind {
        name: "vectors, list",
        file: "vectors/fault.json",
        count: 300,
        reader: Reader::Cookiespec,
        command: &["list", "--cases", "--vectors", "vectors"],
    },
    Kind {
        name: "ids.lock",
        file: "vectors/ids.lock",
        count: 300,
        reader: Reader::Cookiespec,
        command: &["vectors", "lint", "--bless", "--vectors", "vectors"],
    },
    Kind {
        name: "ids.lock, new",
        file: "vectors/ids.lock",
        count: 100,
        reader: Reader::Cookiespec,
        command: &["vectors", "new", "fault", "parse.date", "--vectors", "vectors"],
    },
    Kind {
        name: "events, report",
        file: "run.ndjson",
        count: 600,
        reader: Reader::Cookiespec,
        command: &["report", "run.ndjson", "--format", "text,html=x.html,markdown=x.md"],
    },
    Kind {
        name: "events, compare",
        file: "run.ndjson",
        count: 200,
        reader: Reader::Cookiespec,
        command: &["compare", "good.ndjson", "run.ndjson"],
    },
    Kind {
        name: "baseline",
        file: "known.toml",
        count: 500,
        reader: Reader::Cookiespec,
        command: &["run", "cookie", "--vectors", "vectors", "--baseline", "known.toml"],
    },
    Kind {
        name: "baseline, bless",
        file: "known.toml",
        count: 100,
        reader: Reader::Cookiespec,
        command: &["bless", "cookie", "--vectors", "vectors", "--baseline", "known.toml"],
    },
    Kind {
        name: "descriptor",
        file: "app.toml",
        count: 500,
        reader: Reader::Cookiespec,
        command: &["probe", "app.toml", "--no-start", "--timeout", "0.2", "--max-time", "2"],
    },
    Kind {
        name: "probe report",
        file: "probe.json",
        count: 200,
        reader: Reader::Cookiespec,
        command: &["probe", "app.toml", "--baseline", "probe.json", "--max-time", "2"],
    },
    Kind {
        name: "probe report, replay",
        file: "probe.json",
        count: 100,
        reader: Reader::Cookiespec,
        command: &["probe", "app.toml", "--replay", "probe.json", "--max-time", "2"],
    },
    Kind {
        name: "finding, replay",
        file: "finding.json",
        count: 300,
        reader: Reader::Cookiespec,
        command: &["fuzz", "--replay", "finding.json"],
    },
    Kind {
        name: "finding, replay on a target",
        file: "finding.json",
        count: 150,
        reader: Reader::Cookiespec,
        command: &["fuzz", "--replay", "finding.json", "cookie"],
    },
    Kind {
        name: "finding, promote",
        file: "finding.json",
        count: 200,
        reader: Reader::Cookiespec,
        command: &["fuzz", "promote", "finding.json", "--area", "jar.path"],
    },
    Kind {
        name: "finding, merge",
        file: "found/findings/one.json",
        count: 100,
        reader: Reader::Cookiespec,
        command: &["fuzz", "merge", "--out", "merged", "found"],
    },
    Kind {
        name: "finding of a run",
        file: "found/findings/one.json",
        count: 50,
        reader: Reader::Cookiespec,
        command: &["fuzz", "cookie", "--cases", "1", "--no-measuring", "--out", "found"],
    },
    Kind {
        name: "progress of a run",
        file: "found/progress/1-0.json",
        count: 40,
        reader: Reader::Cookiespec,
        command: &["fuzz", "cookie", "--cases", "1", "--no-measuring", "--out", "found"],
    },
    Kind {
        name: "corpus of a run",
        file: "found/corpus.jsonl",
        count: 60,
        reader: Reader::Cookiespec,
        command: &["fuzz", "merge", "--out", "merged", "found"],
    },
    Kind {
        name: "foreign suite",
        file: "suite/http-state.jsonl",
        count: 100,
        reader: Reader::Cookiespec,
        command: &["vectors", "cross-check", "--import", "suite"],
    },
    Kind {
        name: "targets.toml, list",
        file: "shims/here/targets.toml",
        count: 100,
        reader: Reader::WithShims,
        command: &["list", "--targets"],
    },
    Kind {
        name: "targets.toml, run",
        file: "shims/here/targets.toml",
        count: 150,
        reader: Reader::WithShims,
        command: &["run", "here:cookie", "--vectors", "vectors"],
    },
    Kind {
        name: "cookies.jsonl, load",
        file: JSON_LINES,
        count: 150,
        reader: Reader::CookieFile,
        command: &["load", JSON_LINES],
    },
    Kind {
        name: "cookies.jsonl, update",
        file: JSON_LINES,
        count: 100,
        reader: Reader::CookieFile,
        command: &["update", JSON_LINES],
    },
    Kind {
        name: "cookies.txt, load",
        file: NETSCAPE,
        count: 150,
        reader: Reader::CookieFile,
        command: &["load", NETSCAPE],
    },
    Kind {
        name: "cookies.txt, update",
        file: NETSCAPE,
        count: 100,
        reader: Reader::CookieFile,
        command: &["update", NETSCAPE],
    },
];
