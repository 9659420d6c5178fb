//! Baselines: a known failure does not fail a run, and every change does.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{Ran, cookiespec};
use tempfile::TempDir;

/// The target: a crate with a few failures, the same every time.
const TARGET: [&str; 4] = ["cookie", "--profile", "rfc6265", "--today=2026-01-31"];

struct Folder(TempDir);

impl Folder {
    /// A folder with the baseline of the target.
    fn blessed() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let ran = folder.bless(&[]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stdout.contains(": cookie: 0 kept · "), "{}", ran.stdout);
        folder
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("cookie.toml")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    fn bless(&self, words: &[&str]) -> Ran {
        cookiespec(&[&["bless", "--baseline", self.path()], &TARGET[..3], words].concat())
    }

    fn run(&self) -> Ran {
        self.run_with(&[])
    }

    fn run_with(&self, words: &[&str]) -> Ran {
        cookiespec(&[&["run", "--baseline", self.path()], &TARGET[..], words].concat())
    }

    /// Makes the baseline one that was written before there were entries for `should`.
    fn age(&self) -> &Self {
        let text = self.text();
        let is_new = |line: &&str| line.starts_with("levels = ") || line.contains("is = \"weak\"");
        let old: Vec<_> = text.lines().filter(|line| !is_new(line)).collect();
        fs::write(self.file(), old.join("\n") + "\n").unwrap();
        self
    }

    /// The line of the first entry about a `should`.
    fn weak(&self) -> String {
        self.entries().into_iter().find(|entry| entry.contains("is = \"weak\"")).unwrap()
    }

    /// Changes the baseline.
    fn edit(&self, from: &str, to: &str) -> &Self {
        let text = self.text();
        assert!(text.contains(from), "no {from} in {text}");
        fs::write(self.file(), text.replacen(from, to, 1)).unwrap();
        self
    }

    /// Runs, and expects this to be found and nothing else.
    fn finds(&self, sum: &str, finding: &str) {
        let ran = self.run();
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let mut lines = ran.stderr.lines();
        let first = lines.next().unwrap();
        assert!(first.ends_with(sum), "{first}");
        let found: Vec<_> = lines.collect();
        assert!(found[0].contains(finding), "{found:?}");
        let [_, advice] = found[..] else { panic!("more was found: {found:?}") };
        assert!(advice.starts_with("To accept what is so now: cookiespec bless"), "{advice}");
    }

    /// The lines of the entries.
    fn entries(&self) -> Vec<String> {
        let text = self.text();
        text.lines().filter(|line| line.contains("{ case = ")).map(str::to_owned).collect()
    }

    /// Two lines one after the other, both about a failure.
    fn failures(&self) -> [String; 2] {
        let entries = self.entries();
        let fails = |line: &String| line.contains("is = \"fail\"");
        let pair = entries.windows(2).find(|pair| pair.iter().all(fails));
        pair.unwrap().to_vec().try_into().unwrap()
    }
}

/// The id of an entry's case.
fn case_of(entry: &str) -> String {
    entry.split('"').nth(1).unwrap().to_owned()
}

#[test]
fn what_is_known_does_not_fail_and_is_not_told() {
    let folder = Folder::blessed();
    let ran = folder.run();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(!ran.stdout.contains("FAIL"), "{}", ran.stdout);
    let known = folder.entries().len();
    assert!(known > 3, "{}", folder.text());
    assert!(ran.stderr.ends_with(&format!(": cookie: {known} expected\n")), "{}", ran.stderr);
    // Blessed again, nothing changes.
    let text = folder.text();
    let ran = folder.bless(&[]);
    assert!(ran.stdout.ends_with(&format!("{known} kept · 0 added · 0 changed · 0 removed\n")));
    assert_eq!(folder.text(), text);
}

#[test]
fn every_change_has_its_name() {
    let folder = Folder::blessed();
    let known = folder.entries().len();
    let [first, _] = folder.failures();
    let case = case_of(&first);
    let sum = |outcome: &str| format!("{} expected · 1 {outcome}", known - 1);
    let with = |from: &str, to: &str| {
        let folder = Folder::blessed();
        folder.edit(&first, &first.replacen(from, to, 1));
        folder
    };

    with(&first, "")
        .finds(&sum("unexpected"), &format!(": unexpected: {case} under rfc6265: it is "));
    with("rev = 1", "rev = 0").finds(&sum("moved"), "its revision is 1");
    let saw = first.split("saw = \"").nth(1).unwrap().split('"').next().unwrap();
    with(saw, "000000000000").finds(&sum("changed"), &format!("with another answer ({saw} for 0"));
    with("is = \"fail\"", "is = \"crash\"").finds(&sum("changed"), "it was crash and is fail");
    with(" }", ", until = \"2026-01-30\" }").finds(&sum("expired"), "accepted until 2026-01-30");
    with(" }", ", until = 2026-01-30 }").finds(&sum("expired"), "accepted until 2026-01-30");
    with(" }", ", when = \"0.0.*\" }").finds(&sum("unexpected"), &case);

    let more = |entry: &str| {
        let folder = Folder::blessed();
        folder.edit(&first, &format!("{entry},\n{first}"));
        folder
    };
    let all = |outcome: &str| format!("{known} expected · 1 {outcome}");
    let passing = r#"{ case = "cookie-header.0001", is = "fail" }"#;
    more(passing).finds(&all("fixed"), "cookie-header.0001 under rfc6265: it was fail and is pass");
    more(r#"{ case = "cookie-header.9999", is = "fail" }"#)
        .finds(&all("stale"), "no case has this id");
    more(r#"{ case = "no-area.*", is = "fail" }"#).finds(&all("stale"), "no-area.*");
    more(r#"{ case = "cookie-header.000[1]", is = "fail" }"#).finds(&all("fixed"), "none of these");

    // An area that was not there: everything that fails in it is new.
    let folder = with(&first, "");
    let (area, _) = case.rsplit_once('.').unwrap();
    let text = folder.text();
    let seen = text.split_once("seen = {").unwrap().1;
    let numbered = seen.split([',', '}']).find(|one| one.contains(area)).unwrap().trim();
    let forgotten = format!("{} = 0", numbered.split_once(" = ").unwrap().0);
    folder.edit(numbered, &forgotten).finds(&sum("new"), "newer than the baseline");
}

#[test]
fn a_should_that_got_worse_fails_the_gate() {
    let folder = Folder::blessed();
    let known = folder.entries().len();
    let weak = folder.weak();
    let case = case_of(&weak);
    assert!(folder.text().contains("levels = [\"must\", \"should\"]\nrfc6265 = ["));
    assert!(!folder.run().stdout.contains("\nweak "), "what is known is not listed");
    folder.edit(&format!("{weak}\n"), "");
    let sum = format!("{} expected · 1 unexpected", known - 1);
    folder.finds(&sum, &format!(": unexpected: {case} under rfc6265: it is weak"));

    // Reports show it as what failed the run.
    let folder_path = folder.path().to_owned();
    let [junit, events] = ["junit", "events"].map(|kind| format!("{folder_path}/run.{kind}"));
    let format = format!("text,junit={junit},events={events}");
    let ran = folder.run_with(&["--format", &format]);
    assert!(ran.stdout.starts_with(&format!("WEAK {case}  ")), "{}", ran.stdout);
    assert!(ran.stdout.contains("  want   ") && ran.stdout.contains("  again  "), "{}", ran.stdout);
    assert!(fs::read_to_string(&junit).unwrap().contains("<failure type=\"weak\""));
    let again = cookiespec(&["report", &events]);
    let listed = |text: &str| text.split("\ncookie under ").next().unwrap().to_owned();
    assert_eq!(listed(&again.stdout), listed(&ran.stdout));

    // The levels that are looked at.
    let must = folder.run_with(&["--level", "must"]);
    assert_eq!(must.code, Some(0), "{must:?}");
    let should = folder.run_with(&["--level", "should"]);
    assert_eq!(should.code, Some(1), "{should:?}");
    let both = folder.run_with(&["--level", "must,should"]);
    assert_eq!(both.code, Some(1), "{both:?}");
    let failure = folder.failures()[0].clone();
    folder.edit(&format!("{failure}\n"), "");
    let must = folder.run_with(&["--level", "must"]);
    assert!(must.stderr.contains(&format!("unexpected: {} ", case_of(&failure))), "{must:?}");
    assert!(!must.stderr.contains(&case), "{must:?}");
}

#[test]
fn a_should_changes_in_every_direction() {
    let known = Folder::blessed().entries().len();
    let weak = Folder::blessed().weak();
    let case = case_of(&weak);
    let with = |from: &str, to: &str| {
        let folder = Folder::blessed();
        folder.edit(&weak, &weak.replacen(from, to, 1));
        folder
    };
    let sum = |outcome: &str| format!("{} expected · 1 {outcome}", known - 1);
    let saw = weak.split("saw = \"").nth(1).unwrap().split('"').next().unwrap();
    with(saw, "000000000000").finds(&sum("changed"), "it still is weak, with another answer");
    with("is = \"weak\"", "is = \"fail\"").finds(&sum("changed"), "it was fail and is weak");
    let folder = Folder::blessed();
    folder.edit(&weak, &format!("{{ case = \"cookie-header.0001\", is = \"weak\" }},\n{weak}"));
    folder.finds(
        &format!("{known} expected · 1 fixed"),
        "cookie-header.0001 under rfc6265: it was weak and is pass",
    );
    // What fails is not covered by a pattern of what is weak.
    let folder = Folder::blessed();
    let [failure, _] = folder.failures();
    let failing = case_of(&failure);
    let pattern = format!("{{ case = \"{failing}*\", is = \"weak\" }},");
    folder.edit(&failure, &pattern);
    folder.finds(&sum("changed"), &format!("{failing} under rfc6265: it was weak and is fail"));
    // A pattern covers what is weak.
    let folder = Folder::blessed();
    let area = case.rsplit_once('.').unwrap().0;
    folder.edit(&weak, &format!("{{ case = \"{area}.*\", is = \"weak\", why = \"all\" }},"));
    let ran = folder.run();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        folder
            .bless(&[])
            .stdout
            .ends_with(&format!("{known} kept · 0 added · 0 changed · 0 removed\n"))
    );
}

#[test]
fn a_baseline_from_before_says_nothing_about_should() {
    let folder = Folder::blessed();
    let (new, weak) = (folder.text(), folder.text().matches("is = \"weak\"").count());
    folder.age();
    let known = folder.entries().len();
    let ran = folder.run();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let note =
        format!("{known} expected · {weak} weak not compared, as the baseline lists no `should`\n");
    assert!(ran.stderr.ends_with(&note), "{}", ran.stderr);
    assert_eq!(folder.run_with(&["--level", "must"]).code, Some(0));
    let asked = folder.run_with(&["--level", "should"]);
    assert_eq!((asked.code, &*asked.stdout), (Some(2), ""), "{asked:?}");
    assert!(
        asked.stderr.contains("does not list which `should` is missed; run `cookiespec bless`")
    );

    // A part of the suite leaves it as it is; all of it adds what is missed.
    let part = folder.bless(&["--area", "format"]);
    assert!(part.stdout.contains(" · 0 added · 0 changed · 0 removed\n"), "{part:?}");
    assert!(part.stderr.contains("bless it with all cases and profiles"), "{}", part.stderr);
    let all = folder.bless(&[]);
    assert!(
        all.stdout.ends_with(&format!("{known} kept · {weak} added · 0 changed · 0 removed\n"))
    );
    assert_eq!(folder.text(), new);

    // The reference engine is run once for each profile.
    let reference = |words: &[&str]| {
        let words = [&[words[0], "reference", "--baseline", folder.path()], &words[1..]].concat();
        cookiespec(&words)
    };
    let file = folder.0.path().join("reference.toml");
    reference(&["bless", "--profile", "rfc6265,rfc6265bis", "--repeat", "1"]);
    let old = fs::read_to_string(&file).unwrap().replace("levels = [\"must\", \"should\"]\n", "");
    fs::write(&file, old).unwrap();
    let one = reference(&["bless", "--profile", "rfc6265", "--repeat", "1"]);
    assert!(one.stderr.contains("with all cases and profiles"), "{one:?}");
    let both = reference(&["bless", "--profile", "rfc6265,rfc6265bis", "--repeat", "1"]);
    assert_eq!(both.stderr, "");
    assert!(fs::read_to_string(&file).unwrap().contains("levels = [\"must\", \"should\"]\n"));

    // By choice it stays without them.
    folder.age().edit("rfc6265 = [", "levels = [\"must\"] # on purpose\nrfc6265 = [");
    assert_eq!(folder.run().code, Some(0));
    let ran = folder.bless(&[]);
    assert!(ran.stdout.contains(" · 0 added · 0 changed · 0 removed\n"), "{}", ran.stdout);
    assert!(folder.text().contains("levels = [\"must\"] # on purpose\n"), "{}", folder.text());
}

#[test]
fn what_is_accepted_until_a_day_or_for_a_version_is_expected() {
    let folder = Folder::blessed();
    let [first, _] = folder.failures();
    let text = folder.text();
    let version = text.lines().find_map(|line| line.strip_prefix("version = ")).unwrap();
    let more = format!(", until = \"2026-01-31\", when = {version} }}");
    folder.edit(&first, &first.replacen(" }", &more, 1));
    assert_eq!(folder.run().code, Some(0));
    // Another version: told, and of no consequence.
    folder.edit(&format!("version = {version}"), "version = \"0.0.1\"\nwhen = \"version\"");
    folder.edit("is = \"fail\"", "is = \"hang\"");
    let ran = folder.run();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stderr.contains("it is for version 0.0.1 only and this is "), "{}", ran.stderr);
    assert!(ran.stderr.contains(": changed: "), "{}", ran.stderr);
}

#[test]
fn an_ability_that_is_lost_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let words = ["cookie_store", "--profile", "rfc6265", "--area", "date", "--baseline", path];
    assert_eq!(cookiespec(&[&["bless"], &words[..]].concat()).code, Some(0));
    assert_eq!(cookiespec(&[&["run"], &words[..]].concat()).code, Some(0));
    let file = folder.path().join("cookie_store.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("can = [", "can = [\"parse.date\", ", 1)).unwrap();
    let ran = cookiespec(&[&["run"], &words[..]].concat());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let lost =
        "it was run on the target before, and is unsupported now: the target lacks parse.date";
    assert!(ran.stderr.contains(lost), "{}", ran.stderr);
}

#[test]
fn what_people_wrote_survives() {
    let folder = Folder::blessed();
    let entries = folder.entries();
    let [first, second] = folder.failures();
    let wrong = second.replacen("is = \"fail\"", "is = \"error\"", 1);
    let kept = first.replacen(" },", ", why = \"on purpose\", issue = \"#7\" }, # as agreed", 1);
    folder.edit("version = ", "# Which one.\nversion = ");
    folder.edit(
        &format!("{first}\n{second}\n"),
        &format!(
            "    # About the first.\n{kept}\n    # ImplementationInfo one that is fixed.\n    \
             {{ case = \"cookie-header.0001\", is = \"fail\" }}, # gone\n    # About the second.\n{wrong}\n"
        ),
    );
    let ran = folder.bless(&[]);
    let sum = format!("{} kept · 0 added · 1 changed · 1 removed\n", entries.len() - 1);
    assert!(ran.stdout.ends_with(&sum), "{}", ran.stdout);
    let text = folder.text();
    assert!(text.contains("# Which one.\nversion = "), "{text}");
    let block = format!("    # About the first.\n{kept}\n    # About the second.\n{second}\n");
    assert!(text.contains(&block), "{text}");
    assert!(!text.contains("fixed") && !text.contains("gone"), "{text}");
    assert_eq!(folder.run().code, Some(0));

    // A part of the suite changes nothing about the rest, and what is missing comes back in place.
    folder.edit(&format!("{second}\n"), "");
    let ran = folder.bless(&["--only", &case_of(&first)]);
    assert!(ran.stdout.ends_with(" · 0 added · 0 changed · 0 removed\n"), "{}", ran.stdout);
    folder.bless(&[]);
    assert_eq!(folder.failures()[1], second);
}

#[test]
fn a_pattern_covers_what_it_matches() {
    let folder = Folder::blessed();
    let text = folder.text();
    let others: Vec<_> = text.lines().filter(|line| !line.contains("is = \"fail\"")).collect();
    let pattern = "rfc6265 = [\n    { case = \"*\", is = \"fail\", why = \"all of it\" },";
    fs::write(folder.file(), others.join("\n").replace("rfc6265 = [", pattern)).unwrap();
    let known = folder.entries().len();
    let ran = folder.run();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let ran = folder.bless(&[]);
    let sum = format!("{known} kept · 0 added · 0 changed · 0 removed\n");
    assert!(ran.stdout.ends_with(&sum), "{}", ran.stdout);
}

#[test]
fn a_malformed_baseline_is_an_error_of_use() {
    let folder = Folder::blessed();
    folder.edit("is = \"fail\"", "is = \"failed\"");
    let ran = folder.run();
    assert_eq!((ran.code, &*ran.stdout), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains("`is` is \"failed\"; write one of "), "{}", ran.stderr);
    // Nor is it written over.
    assert_eq!(folder.bless(&[]).code, Some(2));
    // A profile that it says nothing about.
    folder.edit("is = \"failed\"", "is = \"fail\"");
    let ran =
        cookiespec(&["run", "cookie", "--profile", "rfc6265bis", "--baseline", folder.path()]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("says nothing about this profile; run `cookiespec bless"));
}

#[test]
fn a_baseline_that_is_not_there_is_an_error_of_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let ran = cookiespec(&["run", "reference", "--baseline", path]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("write it with `cookiespec bless`"), "{}", ran.stderr);
    let file = Path::new(path).join("x.toml");
    fs::write(&file, "").unwrap();
    let two = ["run", "reference", "cookie", "--baseline", file.to_str().unwrap()];
    assert!(cookiespec(&two).stderr.contains("name a directory"));
}

#[test]
fn the_baseline_of_a_command_is_called_after_what_it_says_of_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let ran_with = |words: &[&str]| {
        let options = ["--baseline", path, "--profile", "rfc6265", "--only", "set-cookie.*"];
        let command = ["--", env!("CARGO_BIN_EXE_cookiespec"), "shim", "cookie"];
        cookiespec(&[words, &options, &command].concat())
    };
    let (own, old) = (folder.path().join("cookie.toml"), folder.path().join("cookiespec.toml"));
    let ran = ran_with(&["bless"]);
    assert!(ran.code == Some(0) && own.exists() && !old.exists(), "{ran:?}");
    let ran = ran_with(&["run"]);
    assert!(ran.code == Some(0) && ran.stderr.contains("cookie.toml: cookie: "), "{ran:?}");
    // A file called after the program is from before, if it is about this target.
    fs::rename(&own, &old).unwrap();
    let about = |target: &str| {
        let text = fs::read_to_string(&old).unwrap();
        let (_, rest) = text.split_once("\ntarget = \"").unwrap();
        let name = rest.split('"').next().unwrap();
        fs::write(&old, text.replacen(&format!("\"{name}\""), &format!("\"{target}\""), 1))
            .unwrap();
    };
    for target in ["cookie", "cookiespec"] {
        about(target);
        for command in ["run", "bless"] {
            let ran = ran_with(&[command]);
            assert_eq!(ran.code, Some(0), "{ran:?}");
            let told = ran.stderr.lines().filter(|line| line.contains("cookie.toml")).count();
            assert!(told == 1 && ran.stderr.contains("rename it to"), "{ran:?}");
            assert!(!own.exists());
        }
    }
    about("another");
    let ran = ran_with(&["run"]);
    assert!(ran.code == Some(2) && ran.stderr.contains("cookie.toml"), "{ran:?}");
    assert!(ran_with(&["bless"]).code == Some(0) && own.exists());
}
