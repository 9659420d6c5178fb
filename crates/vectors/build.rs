//! Writes down where each case of the embedded vector files is, so that a program can list the
//! suite, or run one case of it, without parsing the other thousand.
//!
//! The index is `None` if a file is not JSON of the right form. The suite is then loaded and checked
//! at run time, which reports what is wrong with which file.

use std::fmt::Write;
use std::ops::Range;
use std::path::Path;
use std::{env, fs, io};

use cookiespec_corpus::VECTORS;

#[expect(clippy::disallowed_methods, reason = "cargo passes OUT_DIR in the environment")]
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&folder).join("index.rs"), index())
}

/// A Rust expression of the type `Option<Index>`; see `src/embedded.rs`.
fn index() -> String {
    let mut abouts = String::new();
    let mut cases = Vec::new();
    for (number, file) in VECTORS.iter().enumerate() {
        let Some(found) = Scanner { text: file.text, at: 0 }.file() else {
            return "None".to_owned();
        };
        let _ = write!(abouts, "{:?}, ", found.about);
        cases.extend(found.cases.into_iter().map(|(id, place)| (id, number, place)));
    }
    cases.sort_unstable_by_key(|(id, ..)| *id);
    let mut index = format!("Some(Index {{ abouts: &[{abouts}], cases: &[\n");
    for (id, file, place) in cases {
        let _ = writeln!(index, "Entry {{ id: {id:?}, file: {file}, place: {place:?} }},");
    }
    index + "] })"
}

/// What is in a vector file, as ranges of its text.
struct Contents<'a> {
    /// The value of the member `about`.
    about: Range<usize>,
    /// The id of each case, and the case.
    cases: Vec<(&'a str, Range<usize>)>,
}

/// Passes over JSON without reading it. It takes more for JSON than the grammar allows: a test
/// compares what it finds with what a parser finds.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn file(&mut self) -> Option<Contents<'a>> {
        let (mut about, mut cases) = (None, Vec::new());
        self.elements(b'{', b'}', |file| {
            match file.name()? {
                "about" => about = Some(file.value()?),
                "cases" => file.elements(b'[', b']', |file| {
                    cases.push(file.case()?);
                    Some(())
                })?,
                _ => {
                    file.value()?;
                }
            }
            Some(())
        })?;
        Some(Contents { about: about?, cases })
    }

    fn case(&mut self) -> Option<(&'a str, Range<usize>)> {
        self.skip_blanks();
        let (start, mut id) = (self.at, None);
        self.elements(b'{', b'}', |file| {
            let is_id = file.name()? == "id";
            let value = file.value()?;
            if is_id {
                id = Some(&file.text[value.start + 1..value.end - 1]);
            }
            Some(())
        })?;
        let id = id.filter(|id| !id.contains('\\'))?;
        Some((id, start..self.at))
    }

    /// The elements of an array or the members of an object, each of which `read` consumes.
    fn elements(
        &mut self,
        open: u8,
        close: u8,
        mut read: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.take(open)?;
        if self.take(close).is_some() {
            return Some(());
        }
        loop {
            read(self)?;
            if self.take(b',').is_none() {
                return self.take(close);
            }
        }
    }

    /// The name of a member, and the colon behind it.
    fn name(&mut self) -> Option<&'a str> {
        let name = self.value()?;
        self.take(b':')?;
        self.text.get(name.start + 1..name.end - 1)
    }

    /// Any value: a string, a balanced run of brackets, or a word.
    fn value(&mut self) -> Option<Range<usize>> {
        self.skip_blanks();
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b'}' | b']' | b':' if depth == 0 => return None,
                _ if depth == 0 => self.word(),
                _ => self.at += 1,
            }
            if depth == 0 {
                return Some(start..self.at);
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        while self.peek()? != b'"' {
            self.at += if self.peek() == Some(b'\\') { 2 } else { 1 };
        }
        self.at += 1;
        Some(())
    }

    fn word(&mut self) {
        while self.peek().is_some_and(|octet| !b",:]} \t\r\n".contains(&octet)) {
            self.at += 1;
        }
    }

    fn take(&mut self, octet: u8) -> Option<()> {
        self.skip_blanks();
        (self.peek()? == octet).then(|| self.at += 1)
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|octet| b" \t\r\n".contains(&octet)) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
