//! Checks which targets run on this machine, and what has to be installed for the others.
//!
//! Every target whose needs are met is started and has to pass the handshake, which also gives its
//! version.

use std::fmt::{self, Display};
use std::io;
use std::num::NonZeroUsize;
use std::thread;

use cookiespec_process::threads;
use cookiespec_report::layout::{command, hanging, list};
use cookiespec_report::{Escaped, KEPT_TEXT, Style, Unavailable, shortened};
use serde::Serialize;

use crate::protocol_client::{Limits, ProtocolClient};
use crate::shims::{EcosystemShims, Shims};
use crate::target::{BROWSERS, Target, is_agent};

/// What runs, what is missing, and the command that installs it.
#[derive(Clone, Debug, Serialize)]
pub struct DoctorReport {
    /// The ecosystems, those inside the executable first.
    pub ecosystems: Vec<Ecosystem>,
    /// The one command that installs what is missing; `None` where nothing is.
    pub fix: Option<String>,
}

/// An ecosystem on this machine.
#[derive(Clone, Debug, Serialize)]
pub struct Ecosystem {
    /// Its name, such as `python`.
    pub name: String,
    /// The version its runtime reports; `None` where it is missing, and for user agents, which are a
    /// group of their own whatever they run on.
    pub runtime: Option<String>,
    /// Its targets.
    pub targets: Vec<TargetCheck>,
}

/// A target, and whether it runs.
#[derive(Clone, Debug, Serialize)]
pub struct TargetCheck {
    /// Its name.
    pub name: String,
    /// Whether it runs.
    #[serde(flatten)]
    pub status: Status,
}

/// Whether a target runs.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Status {
    /// It runs.
    Runs {
        /// The version of the implementation under test, as it reports it.
        version: String,
    },
    /// Something it needs is not installed.
    Missing {
        /// What is missing, and what installs it.
        why: String,
        /// The argument of `shims/setup` that installs it, such as `python`.
        setup: String,
    },
    /// Its needs are met, but the handshake fails.
    Broken {
        /// What went wrong.
        why: String,
        /// The line of what it wrote to stderr that tells most, if it wrote anything.
        #[serde(skip_serializing_if = "Option::is_none")]
        stderr: Option<String>,
    },
}

/// Looks for every shim, and starts every target whose needs are met. `built_in` are the targets
/// inside the executable, `executable` its name and version, and `browsers` those that it can drive,
/// each with the argument of `shims/setup` that installs it.
///
/// # Errors
/// The system has no process to look with, so that it is not known what there is.
pub fn check(
    shims: &Shims,
    executable: &str,
    built_in: Vec<Target>,
    browsers: Vec<(Result<Target, Unavailable>, &str)>,
) -> io::Result<DoctorReport> {
    let inside = EcosystemShims {
        ecosystem: "built in".to_owned(),
        runtime: Some(executable.to_owned()),
        shims: built_in.into_iter().map(Ok).collect(),
    };
    let mut all = vec![inside];
    all.extend(shims.by_ecosystem(|_| true)?);
    let mut setups: Vec<_> =
        all.iter().flat_map(|one| vec![one.ecosystem.clone(); one.shims.len()]).collect();
    if !browsers.is_empty() {
        let (shims, parts): (Vec<_>, Vec<_>) = browsers.into_iter().unzip();
        setups.extend(parts.into_iter().map(str::to_owned));
        all.push(EcosystemShims { ecosystem: BROWSERS.to_owned(), runtime: None, shims });
    }

    let shims: Vec<_> = all.iter().flat_map(|one| &one.shims).zip(&setups).collect();
    let mut checks = check_all(&shims).into_iter();
    let mut ecosystems: Vec<_> = all
        .iter()
        .map(|one| Ecosystem {
            name: one.ecosystem.clone(),
            runtime: one.runtime.clone(),
            targets: checks.by_ref().take(one.shims.len()).collect(),
        })
        .collect();
    let fix = fix(&ecosystems);
    separate_agents(&mut ecosystems);
    Ok(DoctorReport { ecosystems, fix })
}

/// Makes a group of the HTTP clients of all ecosystems; browsers are one already.
fn separate_agents(ecosystems: &mut Vec<Ecosystem>) {
    let agents: Vec<_> = ecosystems
        .iter_mut()
        .filter(|one| one.name != BROWSERS)
        .flat_map(|one| one.targets.extract_if(.., |target| is_agent(&target.name)))
        .collect();
    if !agents.is_empty() {
        ecosystems.push(Ecosystem { name: "clients".to_owned(), runtime: None, targets: agents });
    }
}

/// Each of the shims, in their order; as many at once as there are processors.
fn check_all(shims: &[(&Result<Target, Unavailable>, &String)]) -> Vec<TargetCheck> {
    let processors = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    threads::map(shims, processors, |(shim, setup)| TargetCheck::of(shim, setup))
}

impl TargetCheck {
    fn of(shim: &Result<Target, Unavailable>, setup: &str) -> Self {
        match shim {
            Err(Unavailable { name, why, .. }) => Self {
                name: name.clone(),
                status: Status::Missing { why: why.clone(), setup: setup.to_owned() },
            },
            Ok(target) => Self {
                name: target.name.clone(),
                status: match ProtocolClient::open(target, &[], Limits::default().of(target)) {
                    Ok(client) => {
                        Status::Runs { version: client.handshake.implementation.version.clone() }
                    }
                    Err(failure) => {
                        let stderr = telling_line(&failure.stderr);
                        Status::Broken { why: failure.what, stderr }
                    }
                },
            },
        }
    }
}

/// Of what a shim wrote to stderr, the first line that names an error, or else the first one. Runtimes
/// put their own source lines or the calls before it.
fn telling_line(stderr: &str) -> Option<String> {
    let names_error = |line: &&str| line.contains("rror");
    let mut lines = stderr.lines().filter(|line| !line.trim().is_empty());
    let line = lines.clone().find(names_error).or_else(|| lines.next())?;
    Some(shortened(line.trim().to_owned(), KEPT_TEXT))
}

/// The command that installs what is missing, and no more than that.
fn fix(ecosystems: &[Ecosystem]) -> Option<String> {
    let mut setups: Vec<&str> = Vec::new();
    for target in ecosystems.iter().flat_map(|one| &one.targets) {
        if let Status::Missing { setup, .. } = &target.status
            && !setups.contains(&&**setup)
        {
            setups.push(setup);
        }
    }
    if setups.is_empty() { None } else { Some(format!("shims/setup {}", setups.join(" "))) }
}

/// A report as text: one paragraph for each ecosystem, then the command that installs the rest.
#[derive(Clone, Copy, Debug)]
pub struct DoctorText<'a> {
    /// What is shown.
    pub report: &'a DoctorReport,
    /// The width of the terminal in columns.
    pub width: usize,
    /// Its colours.
    pub style: Style,
}

impl Display for DoctorText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ecosystem in &self.report.ecosystems {
            self.ecosystem(f, ecosystem)?;
        }
        match &self.report.fix {
            None => writeln!(f, "Nothing is missing."),
            Some(fix) => {
                let fix = self.style.bold(fix).to_string();
                write_lines(f, &command("To install what is missing: ", &fix, INDENT, self.width))
            }
        }
    }
}

impl DoctorText<'_> {
    fn ecosystem(&self, f: &mut fmt::Formatter<'_>, ecosystem: &Ecosystem) -> fmt::Result {
        let Ecosystem { name, runtime, targets } = ecosystem;
        let runs = targets.iter().filter(|one| matches!(one.status, Status::Runs { .. })).count();
        let head = self.style.bold(format!("{name}: {runs} of {}", targets.len()));
        match runtime {
            Some(version) => {
                let version = Escaped(version).to_string();
                write_lines(f, &hanging(&format!("{head}  "), &version, INDENT, self.width))?;
            }
            None => writeln!(f, "{head}")?,
        }

        let short = |one: &TargetCheck| match one.name.split_once(':') {
            Some((_, library)) => library.to_owned(),
            None => one.name.clone(),
        };
        let running = targets.iter().filter_map(|one| match &one.status {
            Status::Runs { version } => Some(format!("{} {}", short(one), Escaped(version))),
            _ => None,
        });
        self.list(f, "  ", &running.collect::<Vec<_>>())?;

        let missing: Vec<_> = targets
            .iter()
            .filter_map(|one| match &one.status {
                Status::Missing { why, .. } => Some((short(one), why)),
                _ => None,
            })
            .collect();
        let names: Vec<_> = missing.iter().map(|(name, _)| name.clone()).collect();
        self.list(f, "  missing: ", &names)?;
        // One reason for all of them is the runtime's; one for each says no more than their names.
        if let Some((_, why)) = missing.first()
            && missing.iter().all(|(_, other)| other == why)
        {
            self.text(f, "  ", why)?;
        }
        for one in targets {
            if let Status::Broken { why, stderr } = &one.status {
                self.text(f, &format!("  {} is broken: ", short(one)), why)?;
                if let Some(line) = stderr {
                    self.text(f, "  stderr: ", line)?;
                }
            }
        }
        writeln!(f)
    }

    /// A title and items, indented; nothing if there are no items.
    fn list(&self, f: &mut fmt::Formatter<'_>, title: &str, items: &[String]) -> fmt::Result {
        let lines = list(title, items, INDENT, self.width);
        if items.is_empty() { Ok(()) } else { write_lines(f, &lines) }
    }

    /// A title and a text, indented.
    fn text(&self, f: &mut fmt::Formatter<'_>, title: &str, text: &str) -> fmt::Result {
        write_lines(f, &hanging(title, &Escaped(text).to_string(), INDENT, self.width))
    }
}

fn write_lines(f: &mut fmt::Formatter<'_>, lines: &[String]) -> fmt::Result {
    lines.iter().try_for_each(|line| writeln!(f, "{line}"))
}

const INDENT: usize = 2;

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use cookiespec_report::layout::display_width;

    use super::*;

    /// A shim that passes the handshake, as a shell script.
    const SHIM: &str = r#"
        while read -r line; do
            printf '%s\n' "$line" | sed \
                -e 's/^{"id":\([0-9]*\),"op":"hello".*/{"id":\1,"ok":{"protocol":1,"shim":"s\/1","impl":{"name":"good","version":"1.2","language":"sh","source":""},"can":[]}}/;t' \
                -e 's/^{"id":\([0-9]*\),"op":"echo","in":\(.*\)}$/{"id":\1,"ok":\2}/;t' \
                -e 's/^{"id":\([0-9]*\),"op":"\([^"]*\)".*/{"id":\1,"unsupported":{"need":"\2"}}/'
        done
    "#;

    const HERE: &str = r#"
        interpreter = ["sh"]
        version = ["version.sh"]
        packages = ["packages.sh"]
        get = "get a shell"
        build = [{ product = ".made", sources = ["source"] }]
        target = [
            { name = "here:good", command = ["good.sh"] },
            { name = "here:bad", command = ["bad.sh"] },
            { name = "here:parcel", command = ["good.sh"], package = "parcel" },
            { name = "here:gone", command = ["good.sh"], package = "gone" },
            { name = "here:away", command = ["good.sh"], package = "away" },
            { name = "client:caller", command = ["good.sh"] },
        ]
    "#;

    const NOWHERE: &str = r#"
        version = ["no-such-program-anywhere"]
        get = "nothing is on the PATH; install something"
        target = [
            { name = "nowhere:a", command = [".bin/a"] },
            { name = "nowhere:b", command = [".bin/b"] },
        ]
    "#;

    fn report() -> DoctorReport {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("here/targets.toml", HERE),
            ("here/version.sh", "echo Shell 5"),
            ("here/packages.sh", "echo parcel 7"),
            ("here/good.sh", SHIM),
            ("here/bad.sh", "echo 'in line 1' >&2; printf '  Error: no \\033\\n' >&2; exit 3"),
            ("here/source", ""),
            ("nowhere/targets.toml", NOWHERE),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        check(&Shims::open(folder.path()).unwrap(), "cookiespec 1", Vec::new(), Vec::new()).unwrap()
    }

    #[test]
    fn what_is_there_what_is_missing_and_what_mends_it() {
        let report = report();
        let text = DoctorText { report: &report, width: 50, style: Style::default() };
        assert_eq!(
            text.to_string(),
            "\
built in: 0 of 0  cookiespec 1

here: 2 of 5  Shell 5
  good 1.2, parcel 1.2
  missing: gone, away
  bad is broken: the handshake failed: it ended
  with exit status: 3; .made is not there: run
  `shims/setup here`
  stderr: Error: no \\u{1b}

nowhere: 0 of 2
  missing: a, b
  nothing is on the PATH; install something, then
  run `shims/setup nowhere`

clients: 1 of 1
  caller 1.2

To install what is missing: shims/setup here \\
  nowhere
"
        );
    }

    #[test]
    fn every_line_fits_the_terminal() {
        let mut report = report();
        let targets = &mut report.ecosystems[1].targets;
        targets.extend(["日本語クッキー", "🍪🍪🍪", "plain"].into_iter().flat_map(|name| {
            let runs = Status::Runs { version: "1.2 日本".to_owned() };
            let broken = Status::Broken {
                why: format!("{name} ended with {}", "🍪 ".repeat(40)),
                stderr: Some("🍪 ".repeat(40)),
            };
            [runs, broken].map(|state| TargetCheck { name: format!("here:{name}"), status: state })
        }));
        for width in [40, 60, 80, 120] {
            let sheet = DoctorText { report: &report, width, style: Style { colour: true } };
            for line in sheet.to_string().lines() {
                assert!(display_width(line) <= width, "{width}: {line:?}");
            }
        }
    }

    #[test]
    fn programs_are_told_the_same() {
        let json = serde_json::to_value(report()).unwrap();
        assert_eq!(json["fix"], "shims/setup here nowhere");
        assert_eq!(json["ecosystems"][1]["runtime"], "Shell 5");
        assert_eq!(json["ecosystems"][2]["runtime"], serde_json::Value::Null);
        let targets = &json["ecosystems"][1]["targets"];
        let good = serde_json::json!({ "name": "here:good", "state": "runs", "version": "1.2" });
        assert_eq!(targets[0], good);
        assert_eq!(targets[1]["state"], "broken");
        assert_eq!(targets[1]["stderr"], "Error: no \u{1b}");
        assert_eq!(targets[3]["state"], "missing");
        assert_eq!(targets[3]["setup"], "here");
        assert_eq!(targets[3]["why"], "gone is not installed; run `shims/setup here`");
    }
}
