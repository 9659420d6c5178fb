//! The choices on the command line: profiles, cases and targets.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cookiespec_agents::rust;
use cookiespec_agents::webdriver::Browser;
use cookiespec_report::Unavailable;
use cookiespec_runner::doctor::{self, DoctorReport};
use cookiespec_runner::{BROWSERS, Job, Shims, Target, is_agent, self_test};
use cookiespec_vectors::{Case, Citation, Level, Profile, Suite};
use globset::{Glob, GlobMatcher};

use crate::usage::{UsageError, unknown};

/// The name of the reference engine among the targets.
pub(crate) const REFERENCE: &str = "reference";

/// Reads the name of a profile.
pub(crate) fn profile() -> impl TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::name)).try_map(|name| name.parse())
}

/// Where the cases come from.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SuiteChoice {
    /// The vectors in this directory instead of those in the binary
    #[arg(long, value_name = "DIR")]
    vectors: Option<PathBuf>,
}

impl SuiteChoice {
    /// The suite to choose from.
    ///
    /// # Errors
    /// Everything that is wrong with the vector files.
    pub(crate) fn suite(&self) -> Result<Suite> {
        match &self.vectors {
            None => Suite::embedded().context("the vectors in the binary"),
            Some(directory) => {
                Suite::from_dir(directory).map_err(|errors| UsageError(errors.to_string()).into())
            }
        }
    }
}

/// Which cases are run. Several values of an option, or several with commas between them, are
/// alternatives; different options must all hold.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct CaseChoice {
    #[command(flatten)]
    suite: SuiteChoice,
    /// Only the cases whose id matches, such as 'jar.*' or set-cookie.pair.0007
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// Only the cases of this area and those below it, such as jar or jar.path
    #[arg(long, value_name = "AREA", value_delimiter = ',')]
    area: Vec<String>,
    /// Only the cases that cite this section or one inside it, such as 5.2 or rfc6265bis:5.7
    #[arg(long, value_name = "SECTION", value_delimiter = ',')]
    section: Vec<String>,
    /// Only the cases with a check of this level: must, should, may, observe
    #[arg(long, value_name = "LEVEL", value_parser = level(), value_delimiter = ',')]
    level: Vec<Level>,
    /// Without the cases whose id matches, such as 'date.*'
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
}

fn level() -> impl TypedValueParser<Value = Level> {
    let named = |name: String| Level::ALL.into_iter().find(|level| level.name() == name);
    PossibleValuesParser::new(Level::ALL.map(Level::name))
        .try_map(move |name| named(name).ok_or("there is no such level"))
}

impl CaseChoice {
    /// Whether nothing is chosen, which means everything.
    pub(crate) const fn is_everything(&self) -> bool {
        self.only.is_empty()
            && self.area.is_empty()
            && self.section.is_empty()
            && self.level.is_empty()
            && self.exclude.is_empty()
    }

    /// The levels that cases are chosen by; none for all.
    pub(crate) fn levels(&self) -> &[Level] {
        &self.level
    }

    /// The suite to choose from.
    ///
    /// # Errors
    /// As for [`SuiteChoice::suite`].
    pub(crate) fn suite(&self) -> Result<Suite> {
        self.suite.suite()
    }

    /// The chosen cases of the suite. There is at least one.
    ///
    /// # Errors
    /// A glob is not valid, one of the choices matches nothing, or nothing is left.
    pub(crate) fn cases<'a>(&self, suite: &'a Suite) -> Result<Vec<&'a Case>> {
        let mut cases: Vec<_> = suite.cases().iter().collect();
        let wanted = patterns(&self.only);
        let (only, exclude) = (globs(&wanted)?, globs(&patterns(&self.exclude))?);
        choose(&mut cases, "--only", &wanted, |case, index| only[index].is_match(&case.id))?;
        choose(&mut cases, "--area", &self.area, |case, index| {
            is_inside(case.area(), &self.area[index])
        })?;
        choose(&mut cases, "--section", &self.section, |case, index| {
            case.spec.iter().any(|citation| cites(citation, &self.section[index]))
        })?;
        let levels: Vec<_> = self.level.iter().map(|level| level.name()).collect();
        choose(&mut cases, "--level", &levels, |case, index| {
            case.expect.iter().any(|expectation| expectation.level == self.level[index])
        })?;
        cases.retain(|case| !exclude.iter().any(|glob| glob.is_match(&case.id)));
        if cases.is_empty() {
            let what = "--exclude leaves no case; see `cookiespec list --cases`";
            return Err(UsageError(what.to_owned()).into());
        }
        Ok(cases)
    }
}

/// The patterns of lists with commas between them. A comma in braces belongs to its pattern.
fn patterns(lists: &[String]) -> Vec<String> {
    let split = |list: &String| {
        let mut depth = 0_usize;
        let is_end = |character| {
            match character {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            character == ',' && depth == 0
        };
        list.split(is_end).map(str::to_owned).collect::<Vec<_>>()
    };
    lists.iter().flat_map(split).collect()
}

fn globs(patterns: &[String]) -> Result<Vec<GlobMatcher>, UsageError> {
    let compiled = patterns.iter().map(|pattern| Ok(Glob::new(pattern)?.compile_matcher()));
    let compiled = compiled.collect::<Result<_, globset::Error>>();
    compiled.map_err(|error| UsageError(error.to_string()))
}

/// Keeps the cases that match one of the values of an option, if there are any.
///
/// # Errors
/// A value that matches none of the cases.
fn choose(
    cases: &mut Vec<&Case>,
    option: &str,
    values: &[impl AsRef<str>],
    matches: impl Fn(&Case, usize) -> bool,
) -> Result<()> {
    for (index, value) in values.iter().enumerate() {
        if !cases.iter().any(|case| matches(case, index)) {
            let value = value.as_ref().escape_debug();
            let list = "see `cookiespec list --cases`";
            let what = format!("no case matches {option} \"{value}\"; {list}");
            return Err(UsageError(what).into());
        }
    }
    if !values.is_empty() {
        cases.retain(|case| (0..values.len()).any(|index| matches(case, index)));
    }
    Ok(())
}

/// Whether a dotted name is `outer`, or below it.
fn is_inside(name: &str, outer: &str) -> bool {
    name.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether the citation is of a section, written `5.2` or `rfc6265:5.2`.
fn cites(citation: &Citation, section: &str) -> bool {
    match section.split_once(':') {
        Some((doc, section)) => citation.doc == doc && is_inside(&citation.sec, section),
        None => is_inside(&citation.sec, section),
    }
}

/// The case with this id.
///
/// # Errors
/// A usage error: there is none.
pub(crate) fn find_case<'a>(suite: &'a Suite, id: &str) -> Result<&'a Case, UsageError> {
    suite.find(id).ok_or_else(|| {
        let known = suite.cases().iter().map(|case| &*case.id);
        unknown("case", id, known, "cookiespec list --cases")
    })
}

/// Every target there is: those inside this executable, and the shims.
#[derive(Debug)]
pub(crate) struct Targets {
    executable: PathBuf,
    self_test: Target,
    /// Kept until the run is over: its temporary folder goes with it.
    shims: Shims,
}

impl Targets {
    /// Finds the targets, without trying whether they run.
    ///
    /// # Errors
    /// The executable or the folder of shims cannot be found.
    pub(crate) fn locate() -> Result<Self> {
        let executable = env::current_exe().context("cannot find the executable of cookiespec")?;
        let shims = Shims::locate().context("cannot find the shims")?;
        let self_test = Target::built_in(&executable, self_test::NAME);
        Ok(Self { executable, self_test, shims })
    }

    /// The target of the self-test. It cannot be chosen.
    pub(crate) const fn self_test(&self) -> &Target {
        &self.self_test
    }

    /// The names of all targets.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let built_in = cookiespec_targets::all().iter().map(|entry| entry.name);
        let clients = rust::all().iter().map(|client| client.name);
        let browsers = Browser::ALL.into_iter().map(|browser| browser.name());
        let inside = std::iter::once(REFERENCE).chain(built_in);
        inside.chain(self.shims.names()).chain(clients).chain(browsers)
    }

    /// The targets that can run here, the reference engine first and user agents last, and those
    /// that cannot.
    ///
    /// # Errors
    /// The system has no process to look with.
    pub(crate) fn find(
        &self,
        is_chosen: impl Fn(&str) -> bool,
    ) -> Result<(Vec<Target>, Vec<Unavailable>)> {
        let mut targets = self.built_in();
        targets.retain(|target| is_chosen(&target.name));
        let browsers = self.browsers(&is_chosen);
        let mut found = self.shims.find(is_chosen).context(UNKNOWN)?;
        targets.extend(found.targets.into_iter().map(|target| match is_agent(&target.name) {
            true => Target::walked(&self.executable, &target),
            false => target,
        }));
        for browser in browsers {
            match browser {
                Ok(target) => targets.push(target),
                Err(absent) => found.absent.push(absent),
            }
        }
        // The order of all others stays.
        targets.sort_by_key(|target| is_agent(&target.name));
        Ok((targets, found.absent))
    }

    /// The chosen browsers, or what is missing on this machine to drive them.
    fn browsers(&self, is_chosen: impl Fn(&str) -> bool) -> Vec<Result<Target, Unavailable>> {
        let chosen = Browser::ALL.into_iter().filter(|browser| is_chosen(browser.name()));
        chosen
            .map(|browser| match browser.find() {
                Ok(_) => Ok(Target::browser(&self.executable, browser.name())),
                Err(missing) => Err(Unavailable {
                    name: browser.name().to_owned(),
                    ecosystem: BROWSERS.to_owned(),
                    why: missing.to_string(),
                }),
            })
            .collect()
    }

    /// The shim of a client in another language, which the harness takes through walks.
    ///
    /// # Errors
    /// There is no such client, or it cannot run here; the system has no process to look with.
    pub(crate) fn client(&self, name: &str) -> Result<Target> {
        let found = self.shims.find(|known| known == name && is_agent(known)).context(UNKNOWN)?;
        match (found.targets.into_iter().next(), found.absent.first()) {
            (Some(target), _) => Ok(target),
            (None, Some(absent)) => Err(cannot_run(absent).into()),
            (None, None) => {
                let known = self.names().filter(|name| is_agent(name));
                Err(unknown("client", name, known, "cookiespec list --targets").into())
            }
        }
    }

    /// Starts all of them.
    ///
    /// # Errors
    /// The system has no process to look with.
    pub(crate) fn check(&self) -> Result<DoctorReport> {
        let this = concat!("cookiespec ", env!("CARGO_PKG_VERSION"));
        let browsers = self.browsers(|_| true).into_iter();
        let browsers = browsers.zip(Browser::ALL.map(Browser::setup)).collect();
        doctor::check(&self.shims, this, self.built_in(), browsers).context(UNKNOWN)
    }

    /// The targets inside this executable.
    fn built_in(&self) -> Vec<Target> {
        let crates = cookiespec_targets::all().iter();
        let names = crates.map(|entry| entry.name);
        let names = names.chain(rust::all().iter().map(|client| client.name));
        let built_in = names.map(|name| Target::built_in(&self.executable, name));
        std::iter::once(Target::reference(&self.executable)).chain(built_in).collect()
    }
}

const UNKNOWN: &str = "cannot find out what is installed";

/// Which targets are run.
#[derive(Clone, Debug, Args)]
pub(crate) struct TargetChoice {
    /// The targets, by name
    #[arg(value_name = "TARGET", conflicts_with = "all")]
    names: Vec<String>,
    /// Every target that can run here
    #[arg(long)]
    all: bool,
    /// With --all, HTTP clients and browsers too
    #[arg(long, requires = "all")]
    wire: bool,
    /// A program that speaks the shim protocol, and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl TargetChoice {
    /// Targets by their names, or every target that can run here; and the program of a command
    /// line, if there is one.
    pub(crate) fn of(names: &[String], all: bool, command: &[OsString]) -> Self {
        Self { names: names.to_vec(), all, wire: false, command: command.to_vec() }
    }

    /// The same; where every target is chosen, with HTTP clients and browsers if they are asked for.
    pub(crate) fn with_wire(self, wire: bool) -> Self {
        Self { wire, ..self }
    }

    /// Whether every target is chosen that can run here.
    pub(crate) const fn is_all(&self) -> bool {
        self.all
    }

    /// Whether no target is chosen.
    pub(crate) const fn is_empty(&self) -> bool {
        self.names.is_empty() && self.command.is_empty() && !self.all
    }

    /// The chosen target.
    ///
    /// # Errors
    /// As for [`choose`](Self::choose), and more than one is chosen.
    pub(crate) fn choose_one(&self, targets: &Targets) -> Result<Target> {
        let (mut chosen, _) = self.choose(targets)?;
        match (chosen.pop(), chosen.is_empty()) {
            (Some(target), true) => Ok(target),
            _ => Err(UsageError("name one target only".to_owned()).into()),
        }
    }

    /// The chosen targets; and, of all targets, those that cannot run here.
    ///
    /// # Errors
    /// A name is not known, a named target cannot run here, or nothing is chosen.
    pub(crate) fn choose(&self, targets: &Targets) -> Result<(Vec<Target>, Vec<Unavailable>)> {
        if self.is_empty() {
            let how = "name a target, ask for --all, or put a command after --";
            let list = "see `cookiespec list --targets`";
            return Err(UsageError(format!("nothing to run: {how}; {list}")).into());
        }
        for name in &self.names {
            if targets.names().all(|known| known != name) {
                let list = "cookiespec list --targets";
                return Err(unknown("target", name, targets.names(), list).into());
            }
        }
        let (mut chosen, absent) = targets.find(|name| self.includes(name))?;
        if let (false, Some(absent)) = (self.all, absent.first()) {
            return Err(cannot_run(absent).into());
        }
        chosen.extend(command(&self.command));
        Ok((chosen, absent))
    }

    fn includes(&self, name: &str) -> bool {
        match self.all {
            true => self.wire || !is_agent(name),
            false => self.names.iter().any(|chosen| chosen == name),
        }
    }
}

fn cannot_run(Unavailable { name, why, .. }: &Unavailable) -> UsageError {
    UsageError(format!("{name} cannot run here: {why}"))
}

/// A program and its arguments, as they stand after `--`.
pub(crate) fn command(words: &[OsString]) -> Option<Target> {
    let (program, arguments) = words.split_first()?;
    // A relative path with a folder in it is relative to the current directory, wherever the shim
    // is run.
    let program = match Path::new(program) {
        path if path.is_relative() && path.components().count() > 1 => {
            std::path::absolute(path).map_or_else(|_| program.clone(), PathBuf::into_os_string)
        }
        _ => program.clone(),
    };
    Some(Target::command(&program, arguments))
}

/// The jobs of a target under profiles: it is run once and judged under each; the reference engine,
/// which follows one profile at a time, is run once for each. Without profiles, a target is judged
/// under the one it claims.
pub(crate) fn jobs(target: Target, profiles: &[Profile]) -> Vec<Job> {
    if target.is_per_profile() && profiles.len() > 1 {
        let one = |&profile| Job { target: target.clone(), profiles: vec![profile] };
        profiles.iter().map(one).collect()
    } else {
        vec![Job { target, profiles: profiles.to_vec() }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_divide_patterns_but_not_in_braces() {
        let lists = ["jar.*,wire.*".to_owned(), "{date,path}.*,x}".to_owned()];
        assert_eq!(patterns(&lists), ["jar.*", "wire.*", "{date,path}.*", "x}"]);
    }
}
