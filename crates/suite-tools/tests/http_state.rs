//! The suite of the IETF's http-state working group, run on the reference engine.
//!
//! The suite is not part of this project. Where `COOKIESPEC_FOREIGN_DATA` names a folder with
//! `http-state.jsonl`, `http-state-dates.jsonl` and `http-state-bis-delta.jsonl`, it is run;
//! elsewhere the trials are ignored, and their name says what is missing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use cookiespec_suite_tools::http_state::{CORRUPT, cross_check};
use cookiespec_vectors::Profile;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

const FOLDER: &str = "COOKIESPEC_FOREIGN_DATA";

/// A trial's name and what it does with the folder.
type FolderTest = (&'static str, fn(&Path) -> Result<(), Failed>);

fn main() {
    let folder = env::var_os(FOLDER).map(PathBuf::from);
    let trials: [FolderTest; 2] = [
        ("rfc6265_passes_every_active_case", rfc6265_passes_every_active_case),
        ("rfc6265bis_differs_where_a_rule_says_so", rfc6265bis_differs_where_a_rule_says_so),
    ];
    let trials = trials.map(|(name, test)| {
        let missing = if folder.is_some() { "" } else { "needs_COOKIESPEC_FOREIGN_DATA::" };
        let folder = folder.clone();
        Trial::test(format!("{missing}http_state::{name}"), move || {
            test(folder.as_deref().ok_or("COOKIESPEC_FOREIGN_DATA is not set")?)
        })
        .with_ignored_flag(!missing.is_empty())
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit();
}

fn rfc6265_passes_every_active_case(folder: &Path) -> Result<(), Failed> {
    let check = cross_check(folder, Profile::Rfc6265)?;
    println!("{check}");
    let wrong = check.disagreements.iter().any(|it| it.id != CORRUPT);
    if check.compared > 0 && !wrong { Ok(()) } else { Err(check.to_string().into()) }
}

/// Each difference is listed with the rule that makes it, and no listed one is missing.
fn rfc6265bis_differs_where_a_rule_says_so(folder: &Path) -> Result<(), Failed> {
    let listed = fs::read_to_string(folder.join("http-state-bis-delta.jsonl"))?;
    let mut explained = BTreeMap::new();
    for line in listed.lines() {
        let row: Value = serde_json::from_str(line)?;
        let member = |name: &str| row[name].as_str().unwrap_or_default().escape_debug().to_string();
        // What the suite itself leaves out is not compared.
        if ["disabled-", "optional-"].iter().any(|left_out| member("id").contains(left_out)) {
            continue;
        }
        explained.insert(member("id"), format!("\"{}\"", member("expected_6265bis")));
    }
    let check = cross_check(folder, Profile::Rfc6265bis)?;
    println!("{check}");
    let differing =
        check.disagreements.iter().map(|it| (it.id.clone(), it.engine.clone())).collect();
    if explained == differing { Ok(()) } else { Err(check.to_string().into()) }
}
