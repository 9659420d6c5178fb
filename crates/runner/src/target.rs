//! What can be run: a program that speaks the shim protocol on stdin and stdout.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use cookiespec_vectors::{ImplementationInfo, Profile};

use crate::build::Build;

/// A program that serves one cookie implementation over the shim protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The name it is chosen and reported by.
    pub name: String,
    /// Where it comes from: `built in`, `python`, `node` …, or `command`.
    pub ecosystem: String,
    program: OsString,
    arguments: Vec<OsString>,
    directory: Option<PathBuf>,
    per_profile: bool,
    builds: Vec<Build>,
}

impl Target {
    /// A shim inside the `cookiespec` executable itself.
    pub fn built_in(executable: &Path, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ecosystem: "built in".to_owned(),
            program: executable.into(),
            arguments: vec!["shim".into(), name.into()],
            directory: None,
            per_profile: false,
            builds: Vec::new(),
        }
    }

    /// The reference engine, which takes the profile to follow as an argument.
    pub fn reference(executable: &Path) -> Self {
        Self { per_profile: true, ..Self::built_in(executable, "reference") }
    }

    /// A user agent, by the shim of its client: the harness stands between, which answers what the
    /// agent requests. See [`is_agent`].
    pub fn walked(executable: &Path, shim: &Self) -> Self {
        Self { ecosystem: shim.ecosystem.clone(), ..Self::built_in(executable, &shim.name) }
    }

    /// A browser, which the harness in the executable drives. See [`is_agent`].
    pub fn browser(executable: &Path, name: &str) -> Self {
        Self { ecosystem: BROWSERS.to_owned(), ..Self::built_in(executable, name) }
    }

    /// A program and its arguments, as they were typed. It is named after the program, until it has
    /// said its own name; see [`Target::reported_name`].
    pub fn command(program: &OsStr, arguments: &[OsString]) -> Self {
        let name = Path::new(program).file_name().unwrap_or(program).to_string_lossy();
        Self {
            name: name.into_owned(),
            ecosystem: "command".to_owned(),
            program: program.to_owned(),
            arguments: arguments.to_vec(),
            directory: None,
            per_profile: false,
            builds: Vec::new(),
        }
    }

    /// A program of an ecosystem's folder: run in that folder, its arguments relative to it.
    pub fn in_folder(
        name: &str,
        ecosystem: &str,
        folder: &Path,
        program: PathBuf,
        arguments: &[String],
    ) -> Self {
        Self {
            name: name.to_owned(),
            ecosystem: ecosystem.to_owned(),
            program: program.into(),
            arguments: arguments.iter().map(OsString::from).collect(),
            directory: Some(folder.to_owned()),
            per_profile: false,
            builds: Vec::new(),
        }
    }

    /// The same, made by `shims/setup`.
    #[must_use]
    pub(crate) fn with_builds(self, builds: Vec<Build>) -> Self {
        Self { builds, ..self }
    }

    /// The name it is reported by once it has answered to `hello`: that of a command is what it says
    /// of itself there, because any program may be started by `python3` or `java`.
    pub fn reported_name<'a>(&'a self, about: &'a ImplementationInfo) -> &'a str {
        if self.ecosystem == "command" && !about.name.is_empty() { &about.name } else { &self.name }
    }

    /// Whether it is a browser.
    pub(crate) fn is_browser(&self) -> bool {
        self.ecosystem == BROWSERS
    }

    /// Why what it runs has to be made again, and how, if that is known.
    pub(crate) fn build_defect(&self) -> Option<String> {
        self.builds.iter().find_map(Build::defect)
    }

    /// Whether it behaves differently under each profile, and so runs once for each.
    pub fn is_per_profile(&self) -> bool {
        self.per_profile
    }

    /// What stands on the command line of `cookiespec run` to choose this target.
    pub fn selector(&self) -> String {
        if self.ecosystem != "command" {
            return self.name.clone();
        }
        let words = std::iter::once(&self.program).chain(&self.arguments);
        let words: Vec<_> = words.map(|word| quoted(&word.to_string_lossy())).collect();
        format!("-- {}", words.join(" "))
    }

    /// The program and its arguments, of a target that has no name on the command line.
    pub fn command_words(&self) -> Option<Vec<String>> {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        let words = words.map(|word| word.to_string_lossy().into_owned());
        (self.ecosystem == "command").then(|| words.collect())
    }

    /// The program, to be shown.
    pub fn program(&self) -> String {
        self.program.to_string_lossy().escape_debug().to_string()
    }

    /// The command that starts it, to be judged under `profiles`.
    pub fn to_command(&self, profiles: &[Profile]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        if let (true, Some(profile)) = (self.per_profile, profiles.first()) {
            command.arg("--profile").arg(profile.name());
        }
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        command
    }
}

/// The ecosystem of browsers: the word that `shims/setup` takes.
pub const BROWSERS: &str = "browsers";

/// Whether a name is that of a user agent: a program that is known by the requests it sends, because
/// it has no cookie store that can be asked.
pub fn is_agent(name: &str) -> bool {
    name.starts_with("client:") || name.starts_with("browser:")
}

/// A word as a POSIX shell reads it. No argument of a program has a NUL.
fn quoted(word: &str) -> String {
    shlex::try_quote(word).unwrap_or_default().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_reported_by_its_own_name() {
        let command = Target::command("python3".as_ref(), &["shim.py".into()]);
        let about = |name: &str| ImplementationInfo { name: name.to_owned(), ..Default::default() };
        assert_eq!(command.reported_name(&about("my-jar")), "my-jar");
        assert_eq!(command.reported_name(&about("")), "python3");
        let built_in = Target::built_in("cookiespec".as_ref(), "cookie_store+psl");
        assert_eq!(built_in.reported_name(&about("cookie_store")), "cookie_store+psl");
    }

    #[test]
    fn a_command_is_selected_as_it_was_typed() {
        let target = Target::command("./my shim".as_ref(), &["--it's".into(), "-v".into()]);
        assert_eq!(target.name, "my shim");
        assert_eq!(target.selector(), r#"-- './my shim' "--it's" -v"#);
    }
}
