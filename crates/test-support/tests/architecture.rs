//! What ARCHITECTURE.md promises about the structure, held against the manifests and the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

const PREFIX: &str = "cookiespec-";

#[test]
fn crates_import_what_the_architecture_says() {
    let found: BTreeMap<_, _> =
        members().iter().map(|folder| (name(folder), imports(folder))).collect();
    assert_eq!(found, promised(), "left: the manifests, right: ARCHITECTURE.md");
}

#[test]
fn crates_import_downward_only() {
    assert_eq!(circles(&promised()), [[""; 0]; 0], "crates that import each other");
}

#[test]
fn no_two_files_import_each_other() {
    let mut found = Vec::new();
    for member in members() {
        let arrows = arrows(&member);
        let circles = circles(&arrows).into_iter().map(|circle| circle.join(", "));
        found.extend(circles.map(|circle| format!("{}: {circle}", name(&member))));
    }
    assert!(found.is_empty(), "files that import each other:\n{}", found.join("\n"));
}

#[test]
fn no_crate_reaches_outside_its_folder() {
    let mut outside = Vec::new();
    for member in members() {
        for (path, text) in sources(&member) {
            let depth = path.strip_prefix(&member).unwrap().components().count() - 1;
            for (number, line) in text.lines().enumerate() {
                let ups = line.matches("../").count();
                let is_outside = line.contains("include_") && ups > depth
                    || line.contains("CARGO_MANIFEST_DIR") && ups > 0
                    || line.trim_start().starts_with("#[path");
                if is_outside {
                    outside.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
                }
            }
        }
    }
    assert!(outside.is_empty(), "{}", outside.join("\n"));
}

/// `cargo run` in the workspace, the first command of the README, is for one program.
#[test]
fn cargo_runs_the_command_line() {
    let default = |folder: &PathBuf| {
        let manifest: Table = read(&folder.join("Cargo.toml")).parse().unwrap();
        Some(manifest["package"].get("default-run")?.as_str().unwrap().to_owned())
    };
    assert_eq!(members().iter().filter_map(default).collect::<Vec<_>>(), ["cookiespec"]);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

/// The folders of the workspace members that are part of the architecture.
fn members() -> Vec<PathBuf> {
    let crates = fs::read_dir(root().join("crates")).unwrap();
    let mut folders: Vec<_> = crates.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("Cargo.toml").is_file());
    folders.extend([root().join("corpus"), root().join("shims")]);
    folders.sort();
    folders
}

/// The crates of this workspace that a member depends on, development dependencies left out.
fn imports(folder: &Path) -> BTreeSet<String> {
    let manifest: Table = read(&folder.join("Cargo.toml")).parse().unwrap();
    let dependencies = ["dependencies", "build-dependencies"].map(|table| manifest.get(table));
    let tables = dependencies.into_iter().flatten().filter_map(Value::as_table);
    let names = tables.flat_map(Table::keys);
    let program = |name: &&String| *name == PREFIX.trim_end_matches('-');
    let short = |name: &String| {
        name.strip_prefix(PREFIX).or(Some(&**name).filter(|_| program(&name))).map(str::to_owned)
    };
    names.filter_map(short).collect()
}

/// The table "Who may import whom" of ARCHITECTURE.md: a crate, and what it imports.
fn promised() -> BTreeMap<String, BTreeSet<String>> {
    let text = read(&root().join("ARCHITECTURE.md"));
    let (_, section) = text.split_once("## Who may import whom").expect("the section is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    let code = |cell: &str| -> Vec<String> {
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.split('|').collect();
        (code(cells[1]).remove(0), code(cells[2]).into_iter().collect())
    })
    .collect()
}

/// The source files of a member, each with its text up to its unit tests.
fn sources(member: &Path) -> Vec<(PathBuf, String)> {
    let mut folders = vec![member.join("src")];
    if !folders[0].is_dir() {
        let lib = member.join("lib.rs");
        return vec![(lib.clone(), read(&lib))];
    }
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
                let text = read(&path);
                let end = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
                sources.push((path, text[..end].to_owned()));
            }
        }
    }
    sources
}

/// The imports between the files of a member, by their module paths. A re-export is none: a
/// `mod.rs` may hand on what the files of its folder offer.
fn arrows(member: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let sources = sources(member);
    let modules: BTreeSet<_> = sources.iter().map(|(path, _)| module(path, member)).collect();
    let mut arrows = BTreeMap::new();
    for (path, text) in &sources {
        let from = module(path, member);
        let targets = used(text).into_iter().filter_map(|path| target(&path, &from, &modules));
        let others = targets.filter(|to| *to != from).map(|to| shown(&to)).collect();
        arrows.insert(shown(&from), others);
    }
    arrows
}

fn shown(module: &[String]) -> String {
    if module.is_empty() { "the root".to_owned() } else { module.join("::") }
}

/// The module path of a source file, such as `["checks", "login"]`; empty for the root.
fn module(source: &Path, member: &Path) -> Vec<String> {
    let inside = source.strip_prefix(member.join("src")).unwrap_or(Path::new("lib.rs"));
    let words = inside.with_extension("");
    let mut path: Vec<_> = words.iter().map(|it| it.to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|last| ["mod", "lib", "main"].contains(&&**last)) {
        path.pop();
    }
    path
}

/// The paths that the private `use` declarations of a file name, groups taken apart.
fn used(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("\nuse ") {
        rest = &rest[at + "\nuse ".len()..];
        let declaration = rest.split(';').next().unwrap_or_default();
        expand("", &declaration.replace('\n', " "), &mut paths);
    }
    paths
}

fn expand(prefix: &str, text: &str, paths: &mut Vec<String>) {
    let Some((head, group)) = text.split_once('{') else {
        let path = text.trim().split(" as ").next().unwrap_or_default();
        if !path.is_empty() {
            paths.push(format!("{prefix}{path}"));
        }
        return;
    };
    let prefix = format!("{prefix}{}", head.trim());
    let group = &group[..group.rfind('}').unwrap_or(group.len())];
    let mut depth = 0;
    let parts = group.split(|character| {
        depth += match character {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        character == ',' && depth == 0
    });
    parts.for_each(|part| expand(&prefix, part, paths));
}

/// The module of this crate that a path leads into.
fn target(path: &str, from: &[String], modules: &BTreeSet<Vec<String>>) -> Option<Vec<String>> {
    let mut words = path.split("::").peekable();
    let mut place = match *words.peek()? {
        "crate" => Vec::new(),
        "self" | "super" => from.to_vec(),
        _ => return None,
    };
    words.next_if(|word| *word == "crate" || *word == "self");
    while words.next_if_eq(&"super").is_some() {
        place.pop();
    }
    for word in words {
        place.push(word.to_owned());
        if !modules.contains(&place) {
            place.pop();
            break;
        }
    }
    Some(place)
}

/// The groups of nodes that reach each other.
fn circles(arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<&str>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|from| (&**from, reached(arrows, from))).collect();
    let mut circles = BTreeSet::new();
    for (from, theirs) in &reached {
        let circle: Vec<_> =
            theirs.iter().copied().filter(|to| reached[to].contains(from)).collect();
        if !circle.is_empty() {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

fn reached<'a>(arrows: &'a BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<_> = arrows[from].iter().map(String::as_str).collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(arrows.get(next).into_iter().flatten().map(String::as_str));
        }
    }
    reached
}
