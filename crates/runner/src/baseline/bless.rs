//! Writes the results of a target to its baseline.

use std::collections::BTreeMap;
use std::path::Path;

use cookiespec_report::{Outcome, ProfileResult, TargetReport, is_printable};
use cookiespec_vectors::{
    Answer, Case, Handshake, ImplementationInfo, Judgement, Level, Profile, Suite, Verdict,
};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Value};

use super::commented_array::{CommentedArray, CommentedEntry};
use super::{Baseline, BaselineError, Entry, RECORDED};

/// The text of a baseline, and how it differs from the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blessed {
    /// The file, in TOML.
    pub text: String,
    /// How many entries stayed as they were.
    pub kept: usize,
    /// How many are new.
    pub added: usize,
    /// How many got another verdict, answer or revision.
    pub changed: usize,
    /// How many were removed, because nothing is missed there any more.
    pub removed: usize,
    /// Whether the file lists which recommendations are missed. One that was written before there
    /// were such entries gets them when it is blessed with all cases and profiles: with fewer,
    /// whatever was not run would look as if it had been met.
    pub records_should: bool,
}

/// Brings a baseline up to date with a target's results on `cases`. Comments and members that people
/// added to the text before stay, and so do entries about cases, profiles and versions that were not
/// run. `profiles` are those that this run brings up to date, here or with other results of the same
/// target. `is_for_version` says whether a new baseline is for the version that was run only.
///
/// # Errors
/// The text before is no baseline.
pub fn bless(
    file: &Path,
    before: Option<&str>,
    results: &TargetReport,
    cases: &[&Case],
    suite: &Suite,
    profiles: &[Profile],
    is_for_version: bool,
) -> Result<Blessed, BaselineError> {
    let handshake = results.handshake.as_ref();
    let version = handshake.map_or("", |handshake| &*handshake.implementation.version);
    let about = handshake.map(Handshake::about).unwrap_or_default();
    let fresh = fresh(&results.name, is_for_version);
    let text = before.unwrap_or(&fresh);
    let old = Baseline::parse(file, text)?;
    let mut document: DocumentMut = text.parse().unwrap_or_default();
    set(&mut document, "version", text_value(version));
    set(&mut document, "can", words(&about.can));
    set(&mut document, "blind", words(&about.blind));
    set(&mut document, "seen", seen(suite));

    let is_complete = cases.len() == suite.cases().len()
        && Profile::ALL
            .iter()
            .all(|&profile| old.entries_for(profile).is_none() || profiles.contains(&profile));
    if old.levels.is_none() && (before.is_none() || is_complete) {
        insert_levels(&mut document);
    }
    let records_should =
        old.records(Level::Should) || (old.levels.is_none() && document.contains_key("levels"));

    let mut blessed =
        Blessed { text: String::new(), kept: 0, added: 0, changed: 0, removed: 0, records_should };
    for result in &results.results {
        let mut update = Update {
            about: &about,
            version,
            old: old.entries_for(result.profile).unwrap_or_default(),
            blessed: &mut blessed,
        };
        let array = document.get(result.profile.name()).and_then(Item::as_array);
        let entries = update.entries(array, results, result, cases, suite);
        set(&mut document, result.profile.name(), Value::Array(entries.into_array()));
    }
    blessed.text = document.to_string();
    Ok(blessed)
}

/// What a baseline starts from.
fn fresh(target: &str, is_for_version: bool) -> String {
    let mut document = DocumentMut::new();
    document.insert("target", Item::Value(text_value(target)));
    document.insert("version", "".into());
    if is_for_version {
        document.insert("when", "version".into());
    }
    let head = "# What is known to be wrong with this target: written by `cookiespec bless`, edited by hand.\n\
                # docs/verdicts.md explains the members.\n";
    format!("{head}{document}")
}

/// Sets a member and keeps the comments around it.
fn set(document: &mut DocumentMut, name: &str, mut value: Value) {
    match document.get_mut(name) {
        Some(item) => {
            if let Some(before) = item.as_value() {
                *value.decor_mut() = before.decor().clone();
            }
            *item = Item::Value(value);
        }
        None => {
            document.insert(name, Item::Value(value));
        }
    }
}

/// Adds the levels that the file lists from now on, above the entries.
fn insert_levels(document: &mut DocumentMut) {
    let levels: Array = RECORDED.iter().map(|level| level.name()).collect();
    document.insert("levels", levels.into());
    let is_profile = |name: &str| Profile::ALL.iter().any(|profile| profile.name() == name);
    document.sort_values_by(|one, _, other, _| is_profile(one).cmp(&is_profile(other)));
}

fn words(words: &[String]) -> Value {
    words.iter().map(|word| text_value(word)).collect::<Array>().into()
}

/// A string from a target, with an escape for every character that is not printable: the file is
/// for people.
fn text_value(text: &str) -> Value {
    if text.chars().all(is_printable) {
        return text.into();
    }
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if is_printable(character) => quoted.push(character),
            _ => quoted.push_str(&format!("\\U{:08X}", u32::from(character))),
        }
    }
    quoted.push('"');
    // What is written with escapes stays so.
    quoted.parse().unwrap_or_else(|_| text.into())
}

/// The highest number of each area.
fn seen(suite: &Suite) -> Value {
    let mut seen: BTreeMap<&str, i64> = BTreeMap::new();
    for case in suite.cases() {
        let number = case.id.rsplit_once('.').and_then(|(_, number)| number.parse().ok());
        let highest = seen.entry(case.area()).or_default();
        *highest = number.unwrap_or(0).max(*highest);
    }
    let mut table = InlineTable::new();
    for (area, number) in seen {
        table.insert(area, number.into());
    }
    table.into()
}

/// The update of the entries of one profile.
struct Update<'a> {
    about: &'a ImplementationInfo,
    version: &'a str,
    old: &'a [Entry],
    blessed: &'a mut Blessed,
}

impl Update<'_> {
    /// The entries of the profile, up to date.
    fn entries(
        &mut self,
        array: Option<&Array>,
        results: &TargetReport,
        result: &ProfileResult,
        cases: &[&Case],
        suite: &Suite,
    ) -> CommentedArray {
        let mut updated = CommentedArray::of(array.unwrap_or(&Array::new()));
        let judged: BTreeMap<&str, (&Case, &Outcome, &Judgement)> = cases
            .iter()
            .zip(&results.outcomes)
            .zip(&result.judgements)
            .map(|((case, outcome), judgement)| (&*case.id, (*case, outcome, judgement)))
            .collect();
        let mut old = self.old.iter();
        updated.entries.retain_mut(|it| {
            old.next().is_none_or(|entry| self.stays(entry, &mut it.entry, &judged, suite))
        });
        for (id, (case, outcome, judgement)) in &judged {
            let is_covered = |entry: &&Entry| {
                entry.applies_to(self.version)
                    && entry.covers(id)
                    && (entry.is_exact() || entry.is == judgement.verdict)
            };
            if !self.is_worth_an_entry(case, outcome, judgement)
                || self.old.iter().any(|it| is_covered(&it))
            {
                continue;
            }
            let mut entry = InlineTable::new();
            entry.insert("case", (*id).into());
            self.describe(&mut entry, case, outcome, judgement);
            let follows = |it: &CommentedEntry| {
                it.entry.get("case").and_then(Value::as_str).is_some_and(|case| case > *id)
            };
            let at = updated.entries.iter().position(follows).unwrap_or(updated.entries.len());
            updated.entries.insert(at, CommentedEntry::new(entry));
            self.blessed.added += 1;
        }
        updated
    }

    /// Brings an entry up to date, and says whether it stays.
    fn stays(
        &mut self,
        entry: &Entry,
        table: &mut InlineTable,
        judged: &BTreeMap<&str, (&Case, &Outcome, &Judgement)>,
        suite: &Suite,
    ) -> bool {
        let is_known = suite.cases().iter().any(|case| entry.covers(&case.id));
        let mut covered = judged.values().filter(|(case, ..)| entry.covers(&case.id)).peekable();
        // There is nothing new about a case that was not run; and a flaky one may have passed.
        let is_left_alone = !entry.applies_to(self.version)
            || covered.peek().is_none()
            || entry.is == Verdict::Flaky;
        let stays = is_known
            && (is_left_alone
                || covered.any(|(case, outcome, judgement)| {
                    judgement.verdict == entry.is
                        || (entry.is_exact() && self.is_worth_an_entry(case, outcome, judgement))
                }));
        let before = table.to_string();
        if stays
            && !is_left_alone
            && let Some((case, outcome, judgement)) = judged.get(&*entry.case)
        {
            self.describe(table, case, outcome, judgement);
        }
        match stays {
            true if before == table.to_string() => self.blessed.kept += 1,
            true => self.blessed.changed += 1,
            false => self.blessed.removed += 1,
        }
        stays
    }

    /// A failure is; so is a recommendation that is missed, and a case that was run on the target and
    /// is unsupported although `can` and `blind` do not say so.
    fn is_worth_an_entry(&self, case: &Case, outcome: &Outcome, judgement: &Judgement) -> bool {
        let was_run = || case.missing(self.about).is_none();
        match judgement.verdict {
            Verdict::Unsupported => {
                matches!(outcome, Outcome::Answer(Answer::Unsupported { .. })) && was_run()
            }
            Verdict::Weak => self.blessed.records_should,
            verdict => verdict.is_failure(),
        }
    }

    fn describe(
        &self,
        entry: &mut InlineTable,
        case: &Case,
        outcome: &Outcome,
        judgement: &Judgement,
    ) {
        set_member(entry, "rev", i64::from(case.rev).into());
        set_member(entry, "is", judgement.verdict.name().into());
        match outcome.digest(case, self.about) {
            Some(digest) => set_member(entry, "saw", digest.to_string().into()),
            None => drop(entry.remove("saw")),
        }
    }
}

/// Sets a member of an entry, in place where there is one that is not the same.
fn set_member(entry: &mut InlineTable, name: &str, mut value: Value) {
    match entry.get_mut(name) {
        Some(before) => {
            let is_same = before.as_str().is_some_and(|text| value.as_str() == Some(text))
                || before.as_integer().is_some_and(|number| value.as_integer() == Some(number));
            if !is_same {
                *value.decor_mut() = before.decor().clone();
                *before = value;
            }
        }
        None => {
            entry.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_of_a_target_is_in_a_baseline() {
        let hostile: String =
            (0..=0xa0).map(char::from).chain("\u{202e}\u{feff}é\u{2028}".chars()).collect();
        let mut document = DocumentMut::new();
        set(&mut document, "version", text_value(&hostile));
        set(&mut document, "can", words(std::slice::from_ref(&hostile)));
        let text = document.to_string();
        assert!(text.chars().all(|it| it == '\n' || is_printable(it)), "{text:?}");
        let read: DocumentMut = text.parse().unwrap();
        assert_eq!(read["version"].as_str(), Some(&*hostile));
        assert_eq!(read["can"][0].as_str(), Some(&*hostile));
    }
}
