//! Files: whichever step of writing one fails, alone or with all that come after it, and wherever the
//! process is killed meanwhile, each file has its old or its new contents, and no draft is left that
//! could be removed.
//!
//! The steps are made to fail inside of `cookiespec-atomic-file`, which everything is written with.

use std::process::Command;
use std::time::Duration;

use crate::folder::Contents;
use crate::options::Options;
use crate::program::Ran;
use crate::report::{Report, Trial};

const FAULT: &str = "COOKIESPEC_FILE_FAULT";
const LIMIT: Duration = Duration::from_secs(60);
/// What the program exits with where it is killed.
const KILLED: i32 = 99;
/// How many trials there are for each one of a sample.
const STRIDE: usize = 37;

/// Something that writes files.
struct Writing {
    name: &'static str,
    /// What is run before, so that there are old files.
    before: &'static [&'static [&'static str]],
    words: &'static [&'static str],
}

const REPORTS: &str =
    "json=a.json,html=b.html,junit=c.xml,events=d.ndjson,markdown=e.md,badge=f.svg";
const WRITINGS: [Writing; 7] = [
    Writing {
        name: "reports",
        before: &[],
        words: &["run", "cookie", "--only", "set-cookie.pair.0001", "--format", REPORTS],
    },
    Writing {
        name: "reports-again",
        before: &[&["run", "cookie", "--only", "set-cookie.pair.0002", "--format", REPORTS]],
        words: &["run", "cookie", "--only", "set-cookie.pair.0001", "--format", REPORTS],
    },
    Writing {
        name: "bless",
        before: &[],
        words: &["bless", "cookie", "--baseline", "baselines", "--area", "set-cookie.pair"],
    },
    Writing {
        name: "bless-again",
        before: &[&[
            "bless",
            "cookie",
            "--baseline",
            "baselines",
            "--only",
            "set-cookie.pair.000*",
        ]],
        words: &["bless", "cookie", "--baseline", "baselines", "--area", "set-cookie.pair"],
    },
    Writing {
        name: "vectors-new",
        before: &[&["shim", "new", "python", "folder"]],
        words: &["vectors", "new", "date", "parse.date", "--vectors", "folder/vectors"],
    },
    Writing { name: "shim-new", before: &[], words: &["shim", "new", "python", "folder"] },
    Writing {
        name: "findings",
        before: &[],
        words: &["fuzz", "basic-cookies", "--cases", "60", "--no-measuring", "--out", "found"],
    },
];

/// Runs the trials.
pub(super) fn run(options: &Options) -> Report {
    let mut trials = Vec::new();
    let mut left_out = Vec::new();
    for writing in &WRITINGS {
        let undisturbed = match Undisturbed::of(options, writing) {
            Ok(undisturbed) => undisturbed,
            Err(why) => {
                let run = Box::new(move || Err(why.clone()));
                trials.push(Trial { name: format!("{}/undisturbed", writing.name), run });
                continue;
            }
        };
        if undisturbed.steps == 0 {
            left_out.push(format!("{}: this program's steps cannot be made to fail", writing.name));
            continue;
        }
        for at in 0..undisturbed.steps {
            for how in ["once", "from", "kill"] {
                let undisturbed = undisturbed.clone();
                trials.push(Trial {
                    name: format!("{}/{how}/{at}", writing.name),
                    run: Box::new(move || undisturbed.disturb(options, writing, how, at)),
                });
            }
        }
    }
    Report::of_independent(options, STRIDE, trials).leaving_out(left_out)
}

/// What happens where nothing fails.
#[derive(Clone)]
struct Undisturbed {
    old: Contents,
    new: Contents,
    code: Option<i32>,
    steps: usize,
}

impl Undisturbed {
    fn of(options: &Options, writing: &Writing) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(text)?;
        let run = |words: &[&str], fault: &str| {
            let mut command = Command::new(&options.program);
            command.args(words).current_dir(folder.path()).env(FAULT, fault);
            let ran = Ran::of(&mut command, LIMIT).map_err(text)?;
            ran.expect_code(&[0, 1])?;
            Ok::<_, String>(ran)
        };
        for words in writing.before {
            run(words, "")?;
        }
        let old = Contents::of(folder.path()).map_err(text)?;
        let ran = run(writing.words, "show")?;
        let new = Contents::of(folder.path()).map_err(text)?;
        if old == new {
            return Err("it writes nothing".to_owned());
        }
        let steps = ran.complaint().lines().filter(|line| line.starts_with("file step ")).count();
        Ok(Self { old, new, code: ran.code(), steps })
    }

    fn disturb(
        &self,
        options: &Options,
        writing: &Writing,
        how: &str,
        at: usize,
    ) -> Result<(), String> {
        let folder = tempfile::tempdir().map_err(text)?;
        self.old.write_to(folder.path()).map_err(text)?;
        let mut command = Command::new(&options.program);
        command.args(writing.words).current_dir(folder.path());
        command.env(FAULT, format!("{how}:{at}"));
        let ran = Ran::of(&mut command, LIMIT).map_err(text)?;
        let found = Contents::of(folder.path()).map_err(text)?;
        if how == "kill" {
            ran.expect_code(&[KILLED])?;
            return found.expect_either(&self.old, &self.new, true);
        }
        ran.expect_code(&[0, 1, 2, 3])?;
        // A draft cannot be removed where removing fails as well.
        let is_removal = ran.complaint().contains("Remove") || how == "from";
        found.expect_either(&self.old, &self.new, is_removal)?;
        if ran.code() == self.code {
            // What did not matter was not to be said.
            return found.expect_either(&self.new, &self.new, is_removal);
        }
        match ran.complaint().contains("no space is left") {
            true => Ok(()),
            false => Err(format!("it does not say why: {}", ran.complaint())),
        }
    }
}

fn text(error: std::io::Error) -> String {
    error.to_string()
}
