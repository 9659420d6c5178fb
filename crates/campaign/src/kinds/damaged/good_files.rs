//! The files that are damaged, as they are before that.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::kinds::{JSON_LINES, KINDS, NETSCAPE};
use crate::bounds::Bounds;
use crate::cookie_file;
use crate::fixtures::{self, FAULT};
use crate::options::Options;

/// The files of a folder, by their names.
pub(super) type Files = HashMap<&'static str, Vec<u8>>;

/// One of each kind of file, as the program writes it.
///
/// # Errors
/// What cannot be made.
pub(super) fn good_files(options: &Options) -> Result<Files, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, octets: &[u8]| {
        let file = path(name);
        let parent = file.parent().unwrap_or(folder.path());
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&file, octets))
            .map_err(|error| error.to_string())
    };
    write("vectors/fault.json", FAULT.as_bytes())?;
    write("app.toml", APP.as_bytes())?;
    write("probe.json", PROBE_REPORT.as_bytes())?;
    for name in [JSON_LINES, NETSCAPE] {
        write(name, &cookie_file::example(cookie_file::format_of(Path::new(name))))?;
    }
    for (name, text) in SHIMS.into_iter().chain(SUITE) {
        write(name, text.as_bytes())?;
    }
    write(SHIM, format!("exec '{}' shim cookie\n", options.program.display()).as_bytes())?;

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
    for copy in ["finding.json", "found/findings/one.json"] {
        fs::copy(finding, path(copy)).map_err(|error| error.to_string())?;
    }
    fs::copy(path("run.ndjson"), path("good.ndjson")).map_err(|it| it.to_string())?;
    // Whether there is a corpus depends on what was found.
    if !path("found/corpus.jsonl").exists() {
        write("found/corpus.jsonl", b"{\"op\":\"parse.date\",\"in\":{\"date\":\"x\"}}\n")?;
    }
    let names = KINDS.iter().map(|kind| kind.file).chain(["good.ndjson", SHIM]);
    names
        .chain(SHIMS.into_iter().chain(SUITE).map(|(name, _)| name))
        .map(|name| {
            let octets = fs::read(path(name)).map_err(|error| format!("{name}: {error}"))?;
            Ok((name, octets))
        })
        .collect()
}

/// A suite of another project.
const SUITE: [(&str, &str); 2] = [
    (
        "suite/http-state.jsonl",
        r#"{"id":"http-state/0001","request_url":"http://home.example.org:8888/cookie-parser?0001","set_cookie":["foo=bar"],"sent_url":"http://home.example.org:8888/cookie-parser-result?0001","expected_cookie_header":"foo=bar","status":"active"}
{"id":"http-state/0002","request_url":"http://home.example.org:8888/cookie-parser?0002","set_cookie":["a=1; Path=/x","b=2"],"sent_url":"http://home.example.org:8888/cookie-parser-result?0002","expected_cookie_header":"b=2","status":"active"}
"#,
    ),
    (
        "suite/http-state-dates.jsonl",
        r#"{"id":"http-state-dates/1","test":"Fri, 07 Aug 2007 08:04:19 GMT","expected":"Tue, 07 Aug 2007 08:04:19 GMT","status":"active"}
"#,
    ),
];

/// An ecosystem with one target, which runs.
const SHIMS: [(&str, &str); 4] = [
    (
        "shims/here/targets.toml",
        r#"# The targets of a campaign.

version = ["sh", "version.sh"]
packages = ["sh", "packages.sh"]
build = [{ product = "product", sources = ["version.sh"] }]
get = "there is no shell on the PATH; install one"

[[target]]
name = "here:cookie"
command = ["sh", "shim.sh"]
package = "parcel"
"#,
    ),
    ("shims/here/version.sh", "echo 'Shell 5'\n"),
    ("shims/here/packages.sh", "echo 'parcel 7'\n"),
    ("shims/here/product", ""),
];
const SHIM: &str = "shims/here/shim.sh";

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
