//! The suite for programs that are not written in Rust: plain JSON without shorthand, and a
//! manifest to check a download by.

use cookiespec_vectors::canonical::{canonical, sha256};
use cookiespec_vectors::{Case, Suite};
use serde_json::{Value, json};

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// The files of an export: `<area>.json` for every area, `cases.ndjson` with one case per line,
/// and `manifest.json` with the version of the suite and the SHA-256 digest of every other file.
///
/// The area files are vector files: they load as the suite they were written from.
pub fn export(suite: &Suite) -> Vec<File> {
    let mut files = suite
        .cases()
        .chunk_by(|a, b| a.area() == b.area())
        .filter_map(|cases| Some(area(suite, cases.first()?.area(), cases)))
        .collect::<Vec<_>>();
    let lines = suite.cases().iter().map(|case| canonical(&case.to_json()) + "\n");
    files.push(File { name: "cases.ndjson".to_owned(), text: lines.collect() });
    let manifest = manifest(suite, &files);
    files.push(File { name: "manifest.json".to_owned(), text: format!("{manifest:#}\n") });
    files
}

fn area(suite: &Suite, area: &str, cases: &[Case]) -> File {
    let lines = cases.iter().map(|case| canonical(&case.to_json())).collect::<Vec<_>>();
    let (name, about) = (json!(area), json!(suite.about(area)));
    let text =
        format!("{{\"area\":{name},\"about\":{about},\"cases\":[\n{}\n]}}\n", lines.join(",\n"));
    File { name: format!("{area}.json"), text }
}

fn manifest(suite: &Suite, files: &[File]) -> Value {
    let files = files.iter().map(|File { name, text }| {
        json!({ "name": name, "octets": text.len(), "sha256": sha256(text.as_bytes()) })
    });
    json!({
        "suite": "cookiespec",
        "version": env!("CARGO_PKG_VERSION"),
        "cases": suite.cases().len(),
        "files": files.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use cookiespec_vectors::Catalogue;
    use cookiespec_vectors::load::{Source, load};

    use super::*;

    #[test]
    fn what_is_exported_loads_as_the_same_suite() {
        let suite = Suite::embedded().unwrap();
        let files = export(&suite);
        let mut errors = Vec::new();
        let mut cases = Vec::new();
        for File { name, text } in files.iter().filter(|it| it.name != "manifest.json") {
            let Some(area) = name.strip_suffix(".json") else { continue };
            let loaded = load(
                &Source { name, area, text: text.as_bytes() },
                Catalogue::embedded(),
                &mut errors,
            );
            assert_eq!(loaded.about, suite.about(area));
            cases.extend(loaded.cases);
        }
        assert_eq!(errors, []);
        assert!(cases == suite.cases());
        let lines = &files.iter().find(|it| it.name == "cases.ndjson").unwrap().text;
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        assert!(lines.eq(suite.cases().iter().map(Case::to_json)));
    }

    #[test]
    fn the_manifest_names_every_other_file() {
        let files = export(&Suite::embedded().unwrap());
        let (manifest, others) = files.split_last().unwrap();
        let manifest: Value = serde_json::from_str(&manifest.text).unwrap();
        let listed = manifest["files"].as_array().unwrap();
        assert_eq!(listed.len(), others.len());
        for (listed, file) in listed.iter().zip(others) {
            assert_eq!(listed["name"], *file.name);
            assert_eq!(listed["sha256"], sha256(file.text.as_bytes()));
        }
    }
}
