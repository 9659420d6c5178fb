//! The suite: every case, from this crate or from a directory.

use std::collections::BTreeMap;
use std::path::Path;

use cookiespec_corpus::{File, VECTORS};

use crate::case::Case;
use crate::catalogue::Catalogue;
use crate::embedded;
use crate::load::{Source, load, read_bounded, vector_files};
use crate::problem::{Field, LoadError, LoadErrors, Problem};

/// Cases that were loaded and checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suite {
    cases: Vec<Case>,
    /// The member `about` of each file, by area.
    about: BTreeMap<String, String>,
}

impl Suite {
    /// The suite of this repository. A test has checked its files; a case is parsed when its data is
    /// first read, see [`Case`].
    ///
    /// # Errors
    /// Everything that is wrong with the files, if one of them is not JSON of the right form. That
    /// happens only in a checkout with an unfinished edit.
    pub fn embedded() -> Result<Self, LoadErrors> {
        if let (Some(cases), Some(about)) = (embedded::cases(), embedded::abouts()) {
            return Ok(Self { cases, about });
        }
        let mut loading = Loading::default();
        for File { area, text } in VECTORS {
            loading.load(&format!("corpus/vectors/{area}.json"), area, text.as_bytes());
        }
        loading.finish()
    }

    /// The suite in a directory of `<area>.json` files. Other files are passed over, and so is
    /// `schema.json`.
    ///
    /// # Errors
    /// Everything that is wrong with the files; that the directory cannot be read; that there is
    /// no file of vectors in it.
    pub fn from_dir(path: impl AsRef<Path>) -> Result<Self, LoadErrors> {
        let path = path.as_ref();
        let mut loading = Loading::default();
        match vector_files(path) {
            Err(error) => loading.refuse(path, error.to_string(), "name a directory of vectors"),
            Ok(files) if files.is_empty() => {
                loading.refuse(path, "there is no vector file in it", "add <area>.json");
            }
            Ok(files) => files.iter().for_each(|file| loading.load_file(file)),
        }
        loading.finish()
    }

    /// The part of the suite a caller is interested in.
    ///
    /// ```
    /// let suite = cookiespec_vectors::Suite::embedded().unwrap();
    /// let paths = suite.select(|case| case.area().starts_with("path."));
    /// assert!(paths.cases().iter().all(|case| case.kind() != "jar"));
    /// ```
    #[must_use]
    pub fn select(mut self, keep: impl FnMut(&Case) -> bool) -> Self {
        self.cases.retain(keep);
        self
    }

    /// A suite of one area, from the text of its file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_json(area: &str, text: &[u8]) -> Result<Self, LoadErrors> {
        let mut loading = Loading::default();
        loading.load(&format!("{area}.json"), area, text);
        loading.finish()
    }

    /// Every case, in the order of the ids.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// The case with this id.
    pub fn find(&self, id: &str) -> Option<&Case> {
        self.cases.binary_search_by(|case| (*case.id).cmp(id)).ok().map(|at| &self.cases[at])
    }

    /// What an area is about, as its file describes it; empty if there is no such file.
    pub fn about(&self, area: &str) -> &str {
        self.about.get(area).map_or("", String::as_str)
    }
}

/// A suite of cases that were taken from others.
impl FromIterator<Case> for Suite {
    fn from_iter<I: IntoIterator<Item = Case>>(cases: I) -> Self {
        let mut cases = cases.into_iter().collect::<Vec<_>>();
        cases.sort_by(|a, b| a.id.cmp(&b.id));
        Self { cases, about: BTreeMap::new() }
    }
}

/// The cases loaded so far, and what is wrong with the files.
#[derive(Default)]
struct Loading {
    cases: Vec<Case>,
    about: BTreeMap<String, String>,
    errors: Vec<LoadError>,
}

impl Loading {
    fn load_file(&mut self, path: &Path) {
        let Some(area) = path.file_stem().and_then(|stem| stem.to_str()) else {
            return self.refuse(path, "the name is not UTF-8", "name it after an area");
        };
        match read_bounded(path) {
            Ok(text) => self.load(&path.display().to_string(), area, &text),
            Err(error) => self.refuse(path, error.to_string(), "make it readable"),
        }
    }

    fn load(&mut self, name: &str, area: &str, text: &[u8]) {
        let source = Source { name, area, text };
        let loaded = load(&source, Catalogue::embedded(), &mut self.errors);
        self.cases.extend(loaded.cases);
        self.about.insert(area.to_owned(), loaded.about);
    }

    fn refuse(&mut self, path: &Path, what: impl Into<String>, fix: &str) {
        let problem = Problem::new(&Field::Root(""), what, fix);
        self.errors.push(LoadError { file: path.display().to_string(), case: None, problem });
    }

    fn finish(mut self) -> Result<Suite, LoadErrors> {
        if !self.errors.is_empty() {
            return Err(LoadErrors(self.errors));
        }
        self.cases.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Suite { cases: self.cases, about: self.about })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use serde_json::{Value, json};

    use super::*;
    use crate::test_case::case;
    use crate::verdict::Level;
    use crate::{Profile, judge};

    fn directory() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/vectors")
    }

    #[test]
    fn the_list_is_the_directory() {
        let found = vector_files(&directory()).unwrap();
        let found = found.iter().map(|file| file.file_stem().unwrap().to_str().unwrap());
        assert_eq!(
            VECTORS.iter().map(|file| file.area).collect::<Vec<_>>(),
            found.collect::<Vec<_>>()
        );
    }

    #[test]
    fn the_embedded_suite_is_sound_and_is_what_the_directory_holds() {
        let embedded = Suite::embedded().unwrap_or_else(|errors| panic!("{errors}"));
        let read = Suite::from_dir(directory()).unwrap_or_else(|errors| panic!("{errors}"));
        for (embedded, read) in embedded.cases().iter().zip(read.cases()) {
            assert_eq!(embedded, read);
        }
        assert!(embedded == read);
        assert!(embedded.cases().is_sorted_by(|a, b| a.id < b.id));
        let areas = embedded.cases().iter().map(Case::area).collect::<BTreeSet<_>>();
        assert_eq!(areas.len(), VECTORS.len());
        for case in embedded.cases() {
            assert_eq!(embedded.find(&case.id), Some(case));
        }
        assert_eq!(embedded.find("no.such.0001"), None);
    }

    /// A runner that starts a process per case, such as cargo-nextest, loads the suite in each.
    #[test]
    fn a_case_of_the_embedded_suite_is_parsed_when_it_is_needed() {
        let parsed = |suite: &Suite| suite.cases().iter().filter(|it| it.is_parsed()).count();
        let suite = Suite::embedded().unwrap();
        assert_eq!(suite.about("date").split(' ').next(), Some("The"));
        assert_eq!(parsed(&suite), 0);
        let paths = suite.clone().select(|case| case.area() == "path.match");
        assert_eq!(parsed(&paths), 0);
        assert_eq!(suite.find("date.0001").unwrap().kind(), "parse.date");
        assert_eq!(parsed(&suite), 1);
    }

    /// The loader is content with one place for a `must` that is for every profile; the suite of
    /// this repository is not.
    #[test]
    fn every_must_of_the_embedded_suite_has_a_place_in_each_specification() {
        for case in Suite::embedded().unwrap().cases() {
            for expectation in case.expect.iter().filter(|it| it.level == Level::Must) {
                for profile in &expectation.profiles {
                    assert!(
                        case.spec.iter().any(|citation| citation.doc == profile.name()),
                        "{}: a must for {profile} without a place in it",
                        case.id
                    );
                }
            }
        }
    }

    #[test]
    fn a_directory_without_vectors_is_an_error() {
        let missing = Suite::from_dir(directory().join("no-such")).unwrap_err();
        assert!(missing.to_string().contains("name a directory of vectors"), "{missing}");
        let empty = Suite::from_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap_err();
        assert!(empty.to_string().contains("there is no vector file in it"), "{empty}");
    }

    #[test]
    fn telling_cases_demand_something_else_of_each_profile() {
        let parse = |expect: Value| {
            case(json!({"kind": "parse.date", "in": {"date": ""}, "expect": expect}))
        };
        let check = |profile: &str, level: &str, unix: Value| json!({"for": [profile], "level": level, "is": {"unix": unix}});
        let old = check("rfc6265", "must", json!(1));
        assert!(
            parse(json!([old, check("rfc6265bis", "should", json!(2))])).distinguishes_profiles()
        );
        assert!(
            !parse(json!([old, check("rfc6265bis", "should", json!(1))])).distinguishes_profiles()
        );
        assert!(
            !parse(json!([old, check("rfc6265bis", "observe", json!(2))])).distinguishes_profiles()
        );
        assert!(!parse(json!([old])).distinguishes_profiles());
        let judgement = judge::Judgement::uniform(
            &parse(json!([old])),
            Profile::Rfc6265,
            crate::Verdict::Crash,
            "signal 11",
        );
        assert_eq!(judgement.checks[0].verdict, crate::Verdict::Crash);
    }
}
