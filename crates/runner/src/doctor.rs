//! What this machine can run, and what would mend the rest.
//!
//! Every target that seems to be there is started and has to pass the handshake, so that what is
//! said about it is true, its version included.

use std::fmt::{self, Display};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use serde::Serialize;

use crate::protocol_client::{Limits, ProtocolClient};
use crate::shims::{Shims, Surroundings};
use crate::target::Target;
use cookiespec_report::{Escaped, Style, Unavailable};

/// What there is, what is missing, and what mends it.
#[derive(Clone, Debug, Serialize)]
pub struct Diagnosis {
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
    /// What its runtime says its version is; `None` where it is missing.
    pub runtime: Option<String>,
    /// Its targets.
    pub targets: Vec<Examined>,
}

/// A target, and whether it runs.
#[derive(Clone, Debug, Serialize)]
pub struct Examined {
    /// Its name.
    pub name: String,
    /// Whether it runs.
    #[serde(flatten)]
    pub state: State,
}

/// Whether a target runs.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// It runs.
    Runs {
        /// The version of the implementation under test, as it says itself.
        version: String,
    },
    /// Something it needs is not installed.
    Missing {
        /// What is missing, and what mends it.
        why: String,
    },
    /// Everything seems to be there, but the handshake fails.
    Broken {
        /// What went wrong.
        why: String,
    },
}

/// Looks for every shim, and starts every target there is. `built_in` are those inside the
/// executable, and `executable` what that is called.
pub fn examine(shims: &Shims, executable: &str, built_in: Vec<Target>) -> Diagnosis {
    let inside = Surroundings {
        ecosystem: "built in".to_owned(),
        runtime: Some(executable.to_owned()),
        shims: built_in.into_iter().map(Ok).collect(),
    };
    let mut surroundings = vec![inside];
    surroundings.extend(shims.surroundings(|_| true));

    let shims: Vec<_> = surroundings.iter().flat_map(|one| &one.shims).collect();
    let mut examined = examine_all(&shims).into_iter();
    let ecosystems: Vec<_> = surroundings
        .iter()
        .map(|one| Ecosystem {
            name: one.ecosystem.clone(),
            runtime: one.runtime.clone(),
            targets: examined.by_ref().take(one.shims.len()).collect(),
        })
        .collect();
    let fix = fix(&ecosystems);
    Diagnosis { ecosystems, fix }
}

/// Each of the shims, in their order; as many at once as there are processors.
fn examine_all(shims: &[&Result<Target, Unavailable>]) -> Vec<Examined> {
    let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let next = AtomicUsize::new(0);
    let examined = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers.min(shims.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(shim) = shims.get(index) else { return };
                    let one = Examined::of(shim);
                    examined.lock().unwrap_or_else(PoisonError::into_inner).push((index, one));
                }
            });
        }
    });
    let mut examined = examined.into_inner().unwrap_or_else(PoisonError::into_inner);
    examined.sort_by_key(|(index, _)| *index);
    examined.into_iter().map(|(_, one)| one).collect()
}

impl Examined {
    fn of(shim: &Result<Target, Unavailable>) -> Self {
        match shim {
            Err(Unavailable { name, why, .. }) => {
                Self { name: name.clone(), state: State::Missing { why: why.clone() } }
            }
            Ok(target) => Self {
                name: target.name.clone(),
                state: match ProtocolClient::open(target, &[], Limits::default()) {
                    Ok(session) => {
                        State::Runs { version: session.handshake.implementation.version.clone() }
                    }
                    Err(fault) => State::Broken { why: fault.what },
                },
            },
        }
    }
}

/// The command that installs what is missing.
fn fix(ecosystems: &[Ecosystem]) -> Option<String> {
    let is_missing = |one: &Examined| matches!(one.state, State::Missing { .. });
    let names: Vec<_> = ecosystems
        .iter()
        .filter(|ecosystem| ecosystem.targets.iter().any(is_missing))
        .map(|ecosystem| &*ecosystem.name)
        .collect();
    if names.is_empty() { None } else { Some(format!("shims/setup {}", names.join(" "))) }
}

/// A diagnosis as text: one paragraph for each ecosystem, then the remedy.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// What is shown.
    pub diagnosis: &'a Diagnosis,
    /// The width of the terminal in characters.
    pub width: usize,
    /// Its colours.
    pub style: Style,
}

impl Display for Sheet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ecosystem in &self.diagnosis.ecosystems {
            self.ecosystem(f, ecosystem)?;
        }
        match &self.diagnosis.fix {
            None => writeln!(f, "Nothing is missing."),
            Some(fix) => writeln!(f, "To install what is missing: {}", self.style.bold(fix)),
        }
    }
}

impl Sheet<'_> {
    fn ecosystem(&self, f: &mut fmt::Formatter<'_>, ecosystem: &Ecosystem) -> fmt::Result {
        let Ecosystem { name, runtime, targets } = ecosystem;
        let runs = targets.iter().filter(|one| matches!(one.state, State::Runs { .. })).count();
        let head = format!("{name}: {runs} of {}", targets.len());
        match runtime {
            Some(version) => writeln!(f, "{}  {}", self.style.bold(head), Escaped(version))?,
            None => writeln!(f, "{}", self.style.bold(head))?,
        }

        let short = |one: &Examined| match one.name.split_once(':') {
            Some((_, library)) => library.to_owned(),
            None => one.name.clone(),
        };
        let running = targets.iter().filter_map(|one| match &one.state {
            State::Runs { version } => Some(format!("{} {}", short(one), Escaped(version))),
            _ => None,
        });
        self.paragraph(f, "", &listed(running.collect()))?;

        let missing: Vec<_> = targets
            .iter()
            .filter_map(|one| match &one.state {
                State::Missing { why } => Some((short(one), why)),
                _ => None,
            })
            .collect();
        let names = missing.iter().map(|(name, _)| name.clone());
        self.paragraph(f, "missing: ", &listed(names.collect()))?;
        // One reason for all of them is the runtime's; one for each says no more than their names.
        if let Some((_, why)) = missing.first()
            && missing.iter().all(|(_, other)| other == why)
        {
            self.paragraph(f, "", &words(why))?;
        }
        for one in targets {
            if let State::Broken { why } = &one.state {
                self.paragraph(f, &format!("{} is broken: ", short(one)), &words(why))?;
            }
        }
        writeln!(f)
    }

    /// A title and words on lines that fit, indented; nothing where there are no words.
    fn paragraph(&self, f: &mut fmt::Formatter<'_>, title: &str, words: &[String]) -> fmt::Result {
        let mut line = format!("{INDENT}{title}");
        for (index, word) in words.iter().enumerate() {
            let length = line.chars().count() + word.chars().count();
            if index > 0 && length > self.width {
                writeln!(f, "{}", line.trim_end())?;
                line = INDENT.to_owned();
            }
            line.push_str(word);
            line.push(' ');
        }
        if words.is_empty() { Ok(()) } else { writeln!(f, "{}", line.trim_end()) }
    }
}

/// Items that are not broken up, with commas behind them.
fn listed(mut items: Vec<String>) -> Vec<String> {
    let last = items.len().saturating_sub(1);
    items.iter_mut().take(last).for_each(|item| item.push(','));
    items
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(|word| Escaped(word).to_string()).collect()
}

const INDENT: &str = "  ";

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;

    /// A shim that passes the handshake, in the language of the shell.
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
        target = [
            { name = "here:good", command = ["good.sh"] },
            { name = "here:bad", command = ["bad.sh"] },
            { name = "here:parcel", command = ["good.sh"], package = "parcel" },
            { name = "here:gone", command = ["good.sh"], package = "gone" },
            { name = "here:away", command = ["good.sh"], package = "away" },
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

    fn diagnosis() -> Diagnosis {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("here/targets.toml", HERE),
            ("here/version.sh", "echo Shell 5"),
            ("here/packages.sh", "echo parcel 7"),
            ("here/good.sh", SHIM),
            ("here/bad.sh", "exit 3"),
            ("nowhere/targets.toml", NOWHERE),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        examine(&Shims::open(folder.path()).unwrap(), "cookiespec 1", Vec::new())
    }

    #[test]
    fn what_is_there_what_is_missing_and_what_mends_it() {
        let diagnosis = diagnosis();
        let sheet = Sheet { diagnosis: &diagnosis, width: 50, style: Style::default() };
        assert_eq!(
            sheet.to_string(),
            "\
built in: 0 of 0  cookiespec 1

here: 2 of 5  Shell 5
  good 1.2, parcel 1.2
  missing: gone, away
  bad is broken: the handshake failed: it ended
  with exit status: 3

nowhere: 0 of 2
  missing: a, b
  nothing is on the PATH; install something, then
  run `shims/setup nowhere`

To install what is missing: shims/setup here nowhere
"
        );
    }

    #[test]
    fn programs_are_told_the_same() {
        let json = serde_json::to_value(diagnosis()).unwrap();
        assert_eq!(json["fix"], "shims/setup here nowhere");
        assert_eq!(json["ecosystems"][1]["runtime"], "Shell 5");
        assert_eq!(json["ecosystems"][2]["runtime"], serde_json::Value::Null);
        let targets = &json["ecosystems"][1]["targets"];
        let good = serde_json::json!({ "name": "here:good", "state": "runs", "version": "1.2" });
        assert_eq!(targets[0], good);
        assert_eq!(targets[1]["state"], "broken");
        assert_eq!(targets[3]["state"], "missing");
        assert_eq!(targets[3]["why"], "gone is not installed; run `shims/setup here`");
    }
}
