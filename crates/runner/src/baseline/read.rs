//! Reads a baseline. Every error names the line it is about.

use std::collections::BTreeMap;
use std::path::Path;

use cookiespec_vectors::{ImplementationInfo, Level, Profile, Verdict, input_file};
use toml_edit::{Document, InlineTable, Item, Value};

use super::{Baseline, BaselineError, Entry, RECORDED, is_exact, matcher};

/// The members of an entry.
const MEMBERS: [&str; 8] = ["case", "rev", "is", "saw", "why", "issue", "until", "when"];
/// The members of a file, apart from the profiles.
const FILE_MEMBERS: [&str; 7] = ["target", "version", "when", "can", "blind", "seen", "levels"];
/// The only value of the member `when` of a file.
const WHEN: &str = "version";

impl Baseline {
    /// The longest file that is read, in octets; entries for the whole suite under both profiles have a
    /// fifth of that.
    pub const MAX_OCTETS: u64 = 1 << 20;

    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is no baseline.
    pub fn read(file: &Path) -> Result<Self, BaselineError> {
        let text =
            input_file::read_text(file, Self::MAX_OCTETS).map_err(|error| BaselineError {
                file: file.to_owned(),
                line: None,
                entry: None,
                what: error.to_string(),
                fix: "write it with `cookiespec bless`".to_owned(),
            })?;
        Self::parse(file, &text)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// It is no baseline.
    pub fn parse(file: &Path, text: &str) -> Result<Self, BaselineError> {
        let line_ends = text
            .bytes()
            .enumerate()
            .filter(|(_, octet)| *octet == b'\n')
            .map(|(at, _)| at)
            .collect();
        let reader = Reader { file, line_ends };
        let document = Document::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            reader.error(Some(at), None, error.message().trim(), "correct the TOML")
        })?;
        reader.baseline(&document)
    }
}

struct Reader<'a> {
    file: &'a Path,
    /// Where the lines of the text end.
    line_ends: Vec<usize>,
}

impl Reader<'_> {
    fn error(
        &self,
        at: Option<usize>,
        entry: Option<&str>,
        what: &str,
        fix: &str,
    ) -> BaselineError {
        let line = at.map(|at| self.line(at));
        let (what, fix) = (what.to_owned(), fix.to_owned());
        BaselineError {
            file: self.file.to_owned(),
            line,
            entry: entry.map(str::to_owned),
            what,
            fix,
        }
    }

    /// The line of a position in the text.
    fn line(&self, at: usize) -> usize {
        self.line_ends.partition_point(|&end| end < at) + 1
    }

    fn baseline(&self, document: &Document<&str>) -> Result<Baseline, BaselineError> {
        let mut entries = BTreeMap::new();
        for (name, item) in document.iter() {
            let profile = Profile::ALL.into_iter().find(|profile| profile.name() == name);
            match profile {
                Some(profile) => {
                    entries.insert(profile.name(), self.entries(name, item)?);
                }
                None if FILE_MEMBERS.contains(&name) => {}
                None => {
                    let fix = format!(
                        "the members are {} and the profiles rfc6265 and rfc6265bis",
                        FILE_MEMBERS.join(", ")
                    );
                    return Err(self.error(
                        start(item),
                        Some(name),
                        "there is no such member",
                        &fix,
                    ));
                }
            }
        }
        let when = document.get("when").map(|item| self.text_of("when", item)).transpose()?;
        if when.as_ref().is_some_and(|when| when != WHEN) {
            let at = document.get("when").and_then(start);
            let fix = "write \"version\", or leave it out if the baseline holds for every version";
            return Err(self.error(at, Some("when"), "it is not \"version\"", fix));
        }
        let words =
            |name: &str| document.get(name).map_or(Ok(Vec::new()), |item| self.words(name, item));
        Ok(Baseline {
            file: self.file.to_owned(),
            target: self.required(document, "target")?,
            version: self.required(document, "version")?,
            is_for_version: when.is_some(),
            about: ImplementationInfo {
                can: words("can")?,
                blind: words("blind")?,
                ..ImplementationInfo::default()
            },
            seen: document.get("seen").map_or(Ok(BTreeMap::new()), |item| self.seen(item))?,
            levels: document.get("levels").map(|item| self.levels(item)).transpose()?,
            entries,
        })
    }

    fn required(&self, document: &Document<&str>, name: &str) -> Result<String, BaselineError> {
        let Some(item) = document.get(name) else {
            let fix = "write it, or the complete file with `cookiespec bless`";
            return Err(self.error(None, Some(name), "it is missing", fix));
        };
        self.text_of(name, item)
    }

    fn text_of(&self, name: &str, item: &Item) -> Result<String, BaselineError> {
        let text = item.as_str().map(str::to_owned);
        text.ok_or_else(|| {
            self.error(start(item), Some(name), "it is no string", "put it in quotes")
        })
    }

    fn words(&self, name: &str, item: &Item) -> Result<Vec<String>, BaselineError> {
        let words = item.as_array().and_then(|array| {
            array.iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        words.ok_or_else(|| {
            self.error(start(item), Some(name), "it is no list of strings", "write [\"…\", \"…\"]")
        })
    }

    fn seen(&self, item: &Item) -> Result<BTreeMap<String, u32>, BaselineError> {
        let areas = item.as_table_like().and_then(|areas| {
            let number = |item: &Item| u32::try_from(item.as_integer()?).ok();
            areas.iter().map(|(area, item)| Some((area.to_owned(), number(item)?))).collect()
        });
        areas.ok_or_else(|| {
            let fix = "write the highest number of each area, or run `cookiespec bless`";
            self.error(start(item), Some("seen"), "it is no table of numbers", fix)
        })
    }

    fn levels(&self, item: &Item) -> Result<Vec<Level>, BaselineError> {
        let words = self.words("levels", item)?;
        let levels: Option<Vec<_>> = words
            .iter()
            .map(|word| RECORDED.into_iter().find(|level| level.name() == word))
            .collect();
        // Failures are always compared.
        levels.filter(|levels| levels.contains(&Level::Must)).ok_or_else(|| {
            let what = "these are not the levels that a baseline can list";
            let fix = "write [\"must\"] or [\"must\", \"should\"]";
            self.error(start(item), Some("levels"), what, fix)
        })
    }

    fn entries(&self, profile: &str, item: &Item) -> Result<Vec<Entry>, BaselineError> {
        let fix = "write [ { case = \"…\", is = \"fail\" }, … ]";
        let no_list = |at| self.error(at, Some(profile), "it is no list of entries", fix);
        let array = item.as_array().ok_or_else(|| no_list(start(item)))?;
        let mut entries: Vec<Entry> = Vec::new();
        for value in array {
            let table = value.as_inline_table().ok_or_else(|| no_list(value_start(value)))?;
            let entry = self.entry(table)?;
            // Patterns of different verdicts may stand side by side.
            let is_double = |other: &Entry| {
                other.case == entry.case
                    && other.when == entry.when
                    && (entry.is_exact() || other.is == entry.is)
            };
            if let Some(other) = entries.iter().find(|other| is_double(other)) {
                let what = format!("the case stands in line {} already", other.line);
                let fix = "remove one of the two, or give each a `when`";
                return Err(self.error(value_start(value), Some(&entry.case), &what, fix));
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    fn entry(&self, table: &InlineTable) -> Result<Entry, BaselineError> {
        let at = table.span().map(|span| span.start);
        let name = table.get("case").and_then(Value::as_str);
        let error = |member: Option<&str>, what: &str, fix: &str| {
            let at = member.and_then(|member| value_start(table.get(member)?)).or(at);
            let what = member.map_or(what.to_owned(), |member| format!("`{member}` {what}"));
            self.error(at, name, &what, fix)
        };
        let text = |member: &str| match table.get(member) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .map(|text| Some(text.to_owned()))
                .ok_or_else(|| error(Some(member), "is no string", "put it in quotes")),
        };
        if let Some((unknown, _)) = table.iter().find(|(member, _)| !MEMBERS.contains(member)) {
            let fix = format!("the members are {}", MEMBERS.join(", "));
            return Err(error(Some(unknown), "is no member of an entry", &fix));
        }
        let Some(case) = text("case")? else {
            return Err(error(None, "the entry names no case", "add `case = \"<id or glob>\"`"));
        };
        let is = text("is")?.ok_or_else(|| error(None, "`is` is missing", "add the verdict"))?;
        let is = verdict(&is).ok_or_else(|| {
            let names: Vec<_> =
                Verdict::ALL.iter().filter(|it| may_be_listed(**it)).map(|it| it.name()).collect();
            let fix = format!("write one of {}", names.join(", "));
            error(Some("is"), &format!("is \"{is}\""), &fix)
        })?;
        let glob = |member: &str, glob: &str| {
            matcher(glob).map_err(|what| {
                error(Some(member), &format!("is no glob: {what}"), "see `cookiespec run --help`")
            })
        };
        let rev = match table.get("rev") {
            None => None,
            Some(value) => {
                Some(value.as_integer().and_then(|rev| u32::try_from(rev).ok()).ok_or_else(
                    || error(Some("rev"), "is no revision", "write a number, such as 1"),
                )?)
            }
        };
        let saw = text("saw")?;
        if !is_exact(&case) && (saw.is_some() || rev.is_some()) {
            let what = "a pattern of cases has no `saw` and no `rev`";
            return Err(error(None, what, "remove them, or write an entry for each case"));
        }
        let until =
            match table.get("until") {
                None => None,
                Some(value) => Some(date(value).ok_or_else(|| {
                    error(Some("until"), "is no date", "write it as \"2027-01-31\"")
                })?),
            };
        let when = text("when")?;
        Ok(Entry {
            line: at.map_or(1, |at| self.line(at)),
            cases: glob("case", &case)?,
            versions: when.as_deref().map(|when| glob("when", when)).transpose()?,
            case,
            rev,
            is,
            saw,
            why: text("why")?.unwrap_or_default(),
            issue: text("issue")?.unwrap_or_default(),
            until,
            when,
        })
    }
}

/// The verdict with this name, if a baseline may list it.
fn verdict(name: &str) -> Option<Verdict> {
    name.parse().ok().filter(|verdict| may_be_listed(*verdict))
}

/// A baseline lists failures, recommendations that are missed, and cases about which nothing is
/// known.
fn may_be_listed(verdict: Verdict) -> bool {
    verdict.is_failure() || matches!(verdict, Verdict::Weak | Verdict::Unsupported)
}

/// A date, as a string or as TOML's own.
fn date(value: &Value) -> Option<jiff::civil::Date> {
    match value.as_datetime() {
        Some(date) if date.time.is_none() => date.to_string().parse().ok(),
        Some(_) => None,
        None => value.as_str()?.parse().ok(),
    }
}

fn start(item: &Item) -> Option<usize> {
    item.span().map(|span| span.start)
}

fn value_start(value: &Value) -> Option<usize> {
    value.span().map(|span| span.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_baseline_is_named_with_line_and_fix() {
        let head = "target = \"reference\"\nversion = \"1\"\n";
        let message =
            |text: &str| Baseline::parse(Path::new("x.toml"), text).unwrap_err().to_string();
        let entry = |entry: &str| message(&format!("{head}rfc6265bis = [\n    {entry},\n]\n"));
        for (message, part) in [
            (message("a ="), ":1: "),
            (message("target = \"x\"\n"), ": version: it is missing; write it, or"),
            (
                message(&format!("{head}colour = 1\n")),
                ":3: colour: there is no such member; the members are target",
            ),
            (
                message(&format!("{head}when = \"1.*\"\n")),
                ":3: when: it is not \"version\"; write \"version\"",
            ),
            (message(&format!("{head}can = [1]\n")), ":3: can: it is no list of strings"),
            (
                message(&format!("{head}levels = [\"should\"]\n")),
                ":3: levels: these are not the levels that a baseline can list; write [\"must\"] or",
            ),
            (
                message(&format!("{head}levels = [\"must\", \"may\"]\n")),
                ":3: levels: these are not",
            ),
            (
                entry("{ case = \"a.*\", is = \"weak\" },\n { case = \"a.*\", is = \"weak\" }"),
                ":5: a.*: the case stands in line 4 already; remove",
            ),
            (
                message(&format!("{head}[[rfc6265bis]]\ncase = \"x\"\n")),
                "rfc6265bis: it is no list of entries; write [ {",
            ),
            (entry("{ is = \"fail\" }"), ":4: the entry names no case; add `case"),
            (entry("{ case = \"a.0001\" }"), ":4: a.0001: `is` is missing; add the verdict"),
            (
                entry("{ case = \"a.0001\", is = \"failed\" }"),
                ":4: a.0001: `is` is \"failed\"; write one of unsupported, weak, flaky",
            ),
            (entry("{ case = \"a.0001\", is = \"pass\" }"), "`is` is \"pass\"; write one of"),
            (
                entry("{ case = \"a.0001\", is = \"fail\", wy = \"\" }"),
                "`wy` is no member of an entry; the members are case, rev",
            ),
            (
                entry("{ case = \"a.0001\", is = \"fail\", until = \"soon\" }"),
                "`until` is no date; write it as \"2027-01-31\"",
            ),
            (entry("{ case = \"a.[\", is = \"fail\" }"), "`case` is no glob: "),
            (
                entry("{ case = \"a.*\", is = \"fail\", saw = \"00\" }"),
                "a pattern of cases has no `saw`",
            ),
            (
                entry(
                    "{ case = \"a.0001\", is = \"fail\" },\n { case = \"a.0001\", is = \"fail\" }",
                ),
                ":5: a.0001: the case stands in line 4 already; remove",
            ),
        ] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn a_file_without_levels_says_nothing_about_recommendations() {
        let head = "target = \"x\"\nversion = \"1\"\n";
        let read = |text: &str| Baseline::parse(Path::new("x.toml"), text).unwrap();
        let old = read(head);
        assert_eq!(old.levels, None);
        assert!(old.records(Level::Must) && !old.records(Level::Should));
        let new = read(&format!("{head}levels = [\"must\", \"should\"]\n"));
        assert!(new.records(Level::Should) && !new.records(Level::May));
    }

    #[test]
    fn patterns_of_different_verdicts_stand_side_by_side() {
        let text = "target = \"x\"\nversion = \"1\"\nrfc6265 = [\n    \
                    { case = \"a.*\", is = \"fail\" },\n    { case = \"a.*\", is = \"weak\" },\n]\n";
        let baseline = Baseline::parse(Path::new("x.toml"), text).unwrap();
        assert_eq!(baseline.entries_for(Profile::Rfc6265).unwrap().len(), 2);
    }
}
