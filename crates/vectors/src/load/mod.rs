//! Loading one vector file. Everything that is wrong with it is reported, not just the first.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde_json::Value;

use crate::case::{self, Case};
use crate::catalogue::Catalogue;
use crate::check::{Strictness, check};
use crate::json;
use crate::message::{MAX_LINE, Request};
use crate::problem::{Field, LoadError, LoadErrors, Problem};
use crate::rules;
use crate::schema;

/// A vector file is at most this long, in octets.
pub const MAX_FILE: usize = 16 << 20;

/// A vector file before it is read.
#[derive(Debug)]
pub struct Source<'a> {
    /// What to call it in errors.
    pub name: &'a str,
    /// The area it is for: its name without `.json`.
    pub area: &'a str,
    /// Its content.
    pub text: &'a [u8],
}

/// A vector file that was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What the area is about.
    pub about: String,
    /// The cases that are sound.
    pub cases: Vec<Case>,
}

/// Reads a file. Cases that are sound are returned even where others are not.
pub fn load(source: &Source<'_>, catalogue: &Catalogue, errors: &mut Vec<LoadError>) -> Loaded {
    let mut problems = Vec::new();
    let (about, values) = frame(source, &mut problems);
    report(source, None, problems, errors);

    let mut cases = Vec::new();
    let mut names = BTreeSet::new();
    for (index, value) in values.into_iter().enumerate() {
        let mut problems = Vec::new();
        let name = match value.get("id").and_then(Value::as_str) {
            Some(id) => id.to_owned(),
            None => format!("cases[{index}]"),
        };
        if !names.insert(name.clone()) {
            problems.push(Problem::new(
                &Field::Root("id"),
                "another case of this file has the same id",
                "take the next free number; ids are never used again",
            ));
        }
        if let Some(case) = read_case(value, source.area, catalogue, &mut problems) {
            cases.push(case);
        }
        report(source, Some(name), problems, errors);
    }
    Loaded { about, cases }
}

fn report(
    source: &Source<'_>,
    case: Option<String>,
    problems: Vec<Problem>,
    errors: &mut Vec<LoadError>,
) {
    errors.extend(problems.into_iter().map(|problem| LoadError {
        file: source.name.to_owned(),
        case: case.clone(),
        problem,
    }));
}

/// The member `about` of a file, and its cases as JSON. Checks everything but the cases.
fn frame(source: &Source<'_>, problems: &mut Vec<Problem>) -> (String, Vec<Value>) {
    let root = Field::Root("");
    if source.text.len() > MAX_FILE {
        let what = format!("the file has {} octets", source.text.len());
        problems.push(Problem::new(&root, what, format!("split it; {MAX_FILE} are allowed")));
        return Default::default();
    }
    let mut file = match json::parse(source.text) {
        Ok(file) => file,
        Err(error) => {
            problems.push(Problem::new(&root, error.to_string(), "correct the JSON there"));
            return Default::default();
        }
    };
    let cases = match file.get_mut("cases") {
        Some(Value::Array(cases)) => std::mem::take(cases),
        _ => Vec::new(),
    };
    check(&schema::FILE, Strictness::Strict, &file, &root, problems);
    if let Some(area) = file.get("area").and_then(Value::as_str)
        && area != source.area
    {
        problems.push(Problem::new(
            &Field::Root("area"),
            format!("the file is named after the area {:?}", source.area),
            "give both the same name",
        ));
    }
    if cases.is_empty() && problems.is_empty() {
        problems.push(Problem::new(&Field::Root("cases"), "there is no case", "add one"));
    }
    let about = file.get("about").and_then(Value::as_str).unwrap_or_default().to_owned();
    (about, cases)
}

/// Reads a case; `None` where there is a problem with it.
fn read_case(
    mut value: Value,
    area: &str,
    catalogue: &Catalogue,
    problems: &mut Vec<Problem>,
) -> Option<Case> {
    case::expand_shorthand(&mut value, problems);
    check(&schema::CASE, Strictness::Strict, &value, &Field::Root(""), problems);
    rules::check(&value, area, catalogue, problems);
    if !problems.is_empty() {
        return None;
    }
    let (id, data) = case::read(value)
        .map_err(|error| {
            problems.push(Problem::new(
                &Field::Root(""),
                error.to_string(),
                "compare with docs/vectors.md",
            ));
        })
        .ok()?;
    let length = serde_json::to_string(&Request::new(u64::MAX, &data.operation))
        .map_or(usize::MAX, |line| line.len());
    if length > MAX_LINE {
        problems.push(Problem::new(
            &Field::Root(""),
            format!("the message to the shim has {length} octets"),
            format!("make the case smaller; {MAX_LINE} are allowed"),
        ));
        return None;
    }
    Some(Case::new(id, data))
}

/// The vector files of a directory, in the order of their names. Other files are passed over, and so
/// is `schema.json`.
///
/// # Errors
/// The directory cannot be read.
pub fn vector_files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| {
        file.extension().is_some_and(|it| it == "json")
            && file.file_stem().is_some_and(|it| it != "schema")
    });
    files.sort_unstable();
    Ok(files)
}

/// Reads a file up to one octet more than [`MAX_FILE`], which is enough to see that it is too long.
///
/// # Errors
/// The file cannot be read.
pub fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    io::Read::read_to_end(
        &mut io::Read::take(fs::File::open(path)?, MAX_FILE as u64 + 1),
        &mut text,
    )?;
    Ok(text)
}

impl Case {
    /// Reads what [`to_json`](Self::to_json) wrote. `source` names it in errors.
    ///
    /// # Errors
    /// Everything that is wrong with it, as for a case in a vector file.
    pub fn from_json(source: &str, value: Value) -> Result<Self, LoadErrors> {
        let id = value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let area = id.rsplit_once('.').map_or("", |(area, _)| area);
        let area = if area.chars().all(is_plain) { area } else { "" };
        let mut problems = Vec::new();
        let case = read_case(value, area, Catalogue::embedded(), &mut problems);
        case.ok_or_else(|| {
            let error = |problem| LoadError {
                file: source.to_owned(),
                case: (!id.is_empty()).then(|| id.clone()),
                problem,
            };
            LoadErrors(problems.into_iter().map(error).collect())
        })
    }
}

#[cfg(test)]
mod tests;
