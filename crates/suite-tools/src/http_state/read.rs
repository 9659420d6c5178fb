//! Reading the suite: as its working group keeps it, or as lines of JSON.

use std::path::{Path, PathBuf};
use std::{fmt, fs};

use cookiespec_vectors::{Octets, input_file};
use serde_json::Value;

/// The exchanges and dates of the suite.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) exchanges: Vec<Exchange>,
    pub(super) dates: Vec<WrittenDate>,
}

/// A response, and the request that follows it.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) id: String,
    pub(super) now: i64,
    pub(super) request_url: Octets,
    pub(super) set_cookie: Vec<Octets>,
    pub(super) sent_url: Octets,
    /// Empty if no Cookie field is sent.
    pub(super) cookie: Octets,
}

/// A cookie-date, and the same as an IMF-fixdate; `None` if it is no date.
#[derive(Debug)]
pub(super) struct WrittenDate {
    pub(super) id: String,
    pub(super) date: Octets,
    pub(super) expected: Option<Octets>,
}

/// Why the suite cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    path: PathBuf,
    what: String,
    fix: &'static str,
}

impl ImportError {
    fn new(path: &Path, what: impl Into<String>, fix: &'static str) -> Self {
        Self { path: path.to_owned(), what: what.into(), fix }
    }
}

/// Shown as `FILE: what is wrong; what to do`, with everything escaped.
impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.to_string_lossy();
        write!(f, "{}: {}; {}", path.escape_debug(), self.what.escape_debug(), self.fix)
    }
}

impl std::error::Error for ImportError {}

/// The moment the suite was written for, 2011-04-01T00:00:00Z: its cookies of 2007 are expired,
/// those of 2019 are not.
const NOW: i64 = 1_301_616_000;
/// The longest file that is read, in octets. Those of the suite have a hundredth of this.
const MAX_OCTETS: u64 = 4 << 20;
/// Where its server runs.
const ORIGIN: &str = "http://home.example.org:8888";

/// Everything of the suite that lies in a folder.
pub(super) fn read(folder: &Path) -> Result<Rows, ImportError> {
    let mut rows = Rows::default();
    let parser = folder.join("parser");
    if parser.is_dir() {
        rows.exchanges = exchanges(&parser)?;
        for name in ["examples", "bsd-examples"] {
            rows.dates.extend(dates(&folder.join(format!("dates/{name}.json")), name)?);
        }
        return Ok(rows);
    }
    let lines = folder.join("http-state.jsonl");
    if lines.is_file() {
        rows.exchanges = json_lines(&lines)?
            .iter()
            .map(|row| exchange(row, &lines))
            .collect::<Result<_, _>>()?;
        let lines = folder.join("http-state-dates.jsonl");
        rows.dates = json_lines(&lines)?
            .iter()
            .map(|row| written_date(row, &lines, text(row, "id", &lines)?))
            .collect::<Result<_, _>>()?;
        return Ok(rows);
    }
    let what = "there is neither a folder \"parser\" nor a file \"http-state.jsonl\" in it";
    Err(ImportError::new(folder, what, "name the folder tests/data of a checkout of http-state"))
}

/// Each `NAME-test` has the fields of a response, `NAME-expected` the Cookie field that follows.
fn exchanges(folder: &Path) -> Result<Vec<Exchange>, ImportError> {
    let mut names = entries(folder)?
        .into_iter()
        .filter_map(|path| Some(path.file_name()?.to_str()?.strip_suffix("-test")?.to_owned()))
        .filter(|name| !name.starts_with("disabled-"))
        .collect::<Vec<_>>();
    names.sort_unstable();
    names.iter().map(|name| files(folder, name)).collect()
}

fn files(folder: &Path, name: &str) -> Result<Exchange, ImportError> {
    let response = octets(&folder.join(format!("{name}-test")))?;
    let expected = octets(&folder.join(format!("{name}-expected")))?;
    let location = fields(&response, b"Location: ").next();
    let sent_url = match location {
        None => format!("{ORIGIN}/cookie-parser-result?{name}").into_bytes(),
        Some(path) if path.starts_with(b"/") => [ORIGIN.as_bytes(), path].concat(),
        Some(url) => url.to_vec(),
    };
    Ok(Exchange {
        id: format!("http-state/{name}"),
        now: NOW,
        request_url: format!("{ORIGIN}/cookie-parser?{name}").into_bytes().into(),
        set_cookie: fields(&response, b"Set-Cookie: ").map(Octets::from).collect(),
        sent_url: sent_url.into(),
        cookie: fields(&expected, b"Cookie: ").next().unwrap_or_default().into(),
    })
}

/// The values of the fields with a name, in order.
fn fields<'a>(message: &'a [u8], name: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    message.split(|&octet| octet == b'\n').filter_map(move |line| line.strip_prefix(name))
}

fn dates(path: &Path, name: &str) -> Result<Vec<WrittenDate>, ImportError> {
    let rows: Value = serde_json::from_slice(&octets(path)?)
        .map_err(|error| ImportError::new(path, error.to_string(), "restore the file"))?;
    let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
    rows.iter()
        .enumerate()
        .map(|(at, row)| written_date(row, path, &format!("http-state-dates/{name}/{}", at + 1)))
        .collect()
}

fn written_date(row: &Value, path: &Path, id: &str) -> Result<WrittenDate, ImportError> {
    Ok(WrittenDate {
        id: id.to_owned(),
        date: text(row, "test", path)?.into(),
        expected: row["expected"].as_str().map(Octets::from),
    })
}

fn exchange(row: &Value, path: &Path) -> Result<Exchange, ImportError> {
    let lines = row.get("set_cookie_raw").or_else(|| row.get("set_cookie"));
    let lines = lines.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    Ok(Exchange {
        id: text(row, "id", path)?.to_owned(),
        now: NOW,
        request_url: text(row, "request_url", path)?.into(),
        set_cookie: lines.iter().filter_map(Value::as_str).map(Octets::from).collect(),
        sent_url: text(row, "sent_url", path)?.into(),
        cookie: text(row, "expected_cookie_header", path)?.into(),
    })
}

/// The rows of a file of JSON lines that the suite does not disable.
fn json_lines(path: &Path) -> Result<Vec<Value>, ImportError> {
    let text = octets(path)?;
    let mut rows = Vec::new();
    for (at, line) in text.split(|&octet| octet == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        let row: Value = serde_json::from_slice(line).map_err(|error| {
            ImportError::new(path, format!("line {}: {error}", at + 1), "restore the file")
        })?;
        if row["status"].as_str().is_none_or(|status| status == "active") {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn text<'a>(row: &'a Value, member: &str, path: &Path) -> Result<&'a str, ImportError> {
    row[member].as_str().ok_or_else(|| {
        ImportError::new(path, format!("no text {member:?} in {row}"), "restore the file")
    })
}

fn octets(path: &Path) -> Result<Vec<u8>, ImportError> {
    input_file::read(path, MAX_OCTETS)
        .map_err(|error| ImportError::new(path, error.to_string(), "restore the file"))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, ImportError> {
    fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|it| it.path())).collect())
        .map_err(|error| ImportError::new(folder, error.to_string(), "make it readable"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_too_long_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("http-state.jsonl");
        fs::File::create(&file).unwrap().set_len(MAX_OCTETS + 1).unwrap();
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("it has more than 4194304 octets"), "{error}");
    }
}
