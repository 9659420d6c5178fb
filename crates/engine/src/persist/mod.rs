//! The persistent tier: cookies with an expiry, on disk, until they expire.
//!
//! In-memory cookies live in a [`CookieStore`] and are gone with it; persistent ones are written
//! here and read back when the user agent starts again. Files are replaced in one step (written
//! beside, synced, renamed), so a reader or a crash sees the old file or the new one and nothing
//! in between. Two processes take turns through an advisory lock on `<file>.lock`. A new file is
//! readable by its owner only, and nothing is written through a link that somebody has placed. What
//! a process leaves beside the file when it is killed, `<file>.<16 hexadecimal digits>.new`, is
//! removed by the next [`CookieFile::load`] or [`CookieFile::update`]. A file has
//! [`CookieFile::MAX_OCTETS`] at most: what is longer is neither read nor written.
//!
//! ```
//! use cookiespec_engine::persist::{CookieFile, Format};
//! use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile, Request, Uri};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let file = CookieFile::new(folder.path().join("cookies.jsonl"), Format::JsonLines);
//! let browser = || CookieStore::new(Policy::new(Profile::Rfc6265bis), NoPublicSuffixes);
//! let request = Request::new(Uri::parse(b"https://site.example/")?);
//!
//! let mut store = browser();
//! store.receive(b"in-memory=1", &request, 0, &mut ())?;
//! store.receive(b"persistent=1; Max-Age=60", &request, 0, &mut ())?;
//! file.save(&store, 0)?;
//! drop(store); // the browser closes
//!
//! let mut store = browser();
//! file.load(&mut store, 30)?;
//! assert_eq!(store.cookie_string(&request, 30, &mut ()).as_deref(), Some(&b"persistent=1"[..]));
//! # Ok(())
//! # }
//! ```

mod json_lines;
mod netscape;

use std::borrow::ToOwned;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;
use std::{fmt, io};

use cookiespec_atomic_file::{Access, Lock, replace};

use crate::public_suffix::PublicSuffixes;
use crate::store::{CookieStore, SavedCookie};

/// The form of a cookie file. Both are lines of text, one cookie each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line with every field of the cookie; octets are the code points
    /// U+0000..U+00FF.
    JsonLines,
    /// Netscape's `cookies.txt`, which curl, wget and browsers' tools read. It has no creation
    /// and last-access times and no SameSite.
    Netscape,
}

/// A file of persistent cookies.
#[derive(Clone, Debug)]
pub struct CookieFile {
    path: PathBuf,
    format: Format,
}

/// What a load found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Cookies put into the store.
    pub restored: usize,
    /// Cookies that had expired; they are gone from the file, too.
    pub expired: usize,
    /// Lines that hold no cookie, the first hundred of them. They stay in the file until the next
    /// save.
    pub problems: Vec<Problem>,
    /// How many more lines hold no cookie.
    pub further_problems: usize,
}

/// What a save wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Cookies written.
    pub written: usize,
    /// Names of persistent cookies that the format cannot hold, such as one with a line feed in
    /// `cookies.txt`.
    pub left_out: Vec<Vec<u8>>,
}

/// A line of a cookie file that is no cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it, in 200 characters at most. What it quotes of the line is not escaped.
    pub reason: String,
}

impl Loaded {
    fn add_problem(&mut self, line: usize, reason: &str) {
        if self.problems.len() == MAX_PROBLEMS {
            self.further_problems += 1;
            return;
        }
        let reason = reason.chars().take(MAX_REASON).collect();
        self.problems.push(Problem { line, reason });
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// What one line of a cookie file is.
enum Line {
    /// Blank, or a comment.
    Nothing,
    Cookie(SavedCookie),
    Bad(String),
}

impl CookieFile {
    /// The most octets that a cookie file may have: twice what 3,000 cookies of 4,096 octets take at
    /// most in [`Format::JsonLines`], if none of them is a control character.
    pub const MAX_OCTETS: u64 = 64 << 20;

    /// A file at this path; it need not exist yet.
    pub fn new(path: impl Into<PathBuf>, format: Format) -> Self {
        Self { path: path.into(), format }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the cookies into the store. Those expired at `now` (Unix seconds) are not restored,
    /// and their lines are removed from the file. A line that is no cookie is reported and costs
    /// no other cookie. A file that does not exist is an empty one.
    ///
    /// # Errors
    /// The file cannot be read, has more than [`Self::MAX_OCTETS`]
    /// ([`io::ErrorKind::FileTooLarge`]), or cannot be rewritten without its expired cookies.
    pub fn load<S: PublicSuffixes>(
        &self,
        store: &mut CookieStore<S>,
        now: i64,
    ) -> io::Result<Loaded> {
        let lock = Lock::acquire(&self.path)?;
        self.load_locked(&lock, store, now)
    }

    /// Writes every persistent cookie of the store in place of what the file holds. When this
    /// returns, they are on the disk.
    ///
    /// # Errors
    /// The file cannot be written, or would have more than [`Self::MAX_OCTETS`]
    /// ([`io::ErrorKind::FileTooLarge`]); the old one is intact.
    pub fn save<S: PublicSuffixes>(&self, store: &CookieStore<S>, now: i64) -> io::Result<Saved> {
        let _lock = Lock::acquire(&self.path)?;
        self.save_locked(store, now)
    }

    /// Reads the file into the store, lets `change` work on it, and writes it back, without any
    /// other process in between. This is how two processes share a file and lose nothing.
    ///
    /// # Errors
    /// As for [`CookieFile::load`] and [`CookieFile::save`].
    pub fn update<S: PublicSuffixes, T>(
        &self,
        store: &mut CookieStore<S>,
        now: i64,
        change: impl FnOnce(&mut CookieStore<S>) -> T,
    ) -> io::Result<(T, Saved)> {
        let lock = Lock::acquire(&self.path)?;
        self.load_locked(&lock, store, now)?;
        let result = change(store);
        Ok((result, self.save_locked(store, now)?))
    }

    fn load_locked<S: PublicSuffixes>(
        &self,
        lock: &Lock,
        store: &mut CookieStore<S>,
        now: i64,
    ) -> io::Result<Loaded> {
        lock.remove_drafts()?;
        let text = match self.read() {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let (loaded, kept) = self.format.restore(&text, store, now);
        if loaded.expired > 0 {
            replace(&self.path, &kept, Access::Owner)?;
        }
        Ok(loaded)
    }

    fn save_locked<S: PublicSuffixes>(
        &self,
        store: &CookieStore<S>,
        now: i64,
    ) -> io::Result<Saved> {
        let (text, saved) = self.format.text_of(store, now);
        check_length(&text)?;
        replace(&self.path, &text, Access::Owner)?;
        Ok(saved)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        File::open(&self.path)?.take(Self::MAX_OCTETS + 1).read_to_end(&mut text)?;
        check_length(&text)?;
        Ok(text)
    }
}

/// That a text is no longer than a cookie file may be: whoever writes one can read it again.
fn check_length(text: &[u8]) -> io::Result<()> {
    if text.len() as u64 <= CookieFile::MAX_OCTETS {
        return Ok(());
    }
    let most = CookieFile::MAX_OCTETS;
    let what = std::format!("it has more than {most} octets, which is the most of a cookie file");
    Err(io::Error::new(io::ErrorKind::FileTooLarge, what))
}

impl Format {
    /// Reads the cookies of a text into the store, as [`CookieFile::load`] does with a file's.
    /// Returns what it found, and the text without the lines of expired cookies.
    pub fn restore<S: PublicSuffixes>(
        self,
        text: &[u8],
        store: &mut CookieStore<S>,
        now: i64,
    ) -> (Loaded, Vec<u8>) {
        let mut loaded = Loaded::default();
        let mut kept = Vec::with_capacity(text.len());
        for (nth, octets) in text.split_inclusive(|&octet| octet == b'\n').enumerate() {
            let line = octets.strip_suffix(b"\n").unwrap_or(octets);
            let problem = match self.parse(line, now) {
                Line::Nothing => None,
                Line::Bad(reason) => Some(reason),
                Line::Cookie(cookie) if cookie.expiry.is_some_and(|expiry| expiry <= now) => {
                    loaded.expired += 1;
                    continue;
                }
                Line::Cookie(cookie) => match store.restore(&cookie) {
                    Ok(()) => {
                        loaded.restored += 1;
                        None
                    }
                    Err(error) => Some(std::format!("{error}")),
                },
            };
            if let Some(reason) = problem {
                loaded.add_problem(nth + 1, &reason);
            }
            kept.extend_from_slice(octets);
        }
        (loaded, kept)
    }

    /// Every persistent cookie of the store as the text that [`CookieFile::save`] writes, and what
    /// there was to write.
    pub fn text_of<S: PublicSuffixes>(self, store: &CookieStore<S>, now: i64) -> (Vec<u8>, Saved) {
        let mut saved = Saved::default();
        let mut text = self.header().as_bytes().to_owned();
        for cookie in store.cookies(now).into_iter().filter(|cookie| cookie.expiry().is_some()) {
            match self.write(&SavedCookie::from(cookie)) {
                Some(line) => {
                    text.extend_from_slice(&line);
                    text.push(b'\n');
                    saved.written += 1;
                }
                None => saved.left_out.push(cookie.name().to_owned()),
            }
        }
        (text, saved)
    }

    const fn header(self) -> &'static str {
        match self {
            Self::JsonLines => "",
            Self::Netscape => netscape::HEADER,
        }
    }

    fn parse(self, line: &[u8], now: i64) -> Line {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match self {
            Self::JsonLines => json_lines::parse(line),
            Self::Netscape => netscape::parse(line, now),
        }
    }

    /// One line without its end; `None` where the format cannot hold the cookie.
    fn write(self, cookie: &SavedCookie) -> Option<Vec<u8>> {
        match self {
            Self::JsonLines => json_lines::write(cookie),
            Self::Netscape => netscape::write(cookie),
        }
    }
}

/// How many problems of one file are named: it may have millions of lines.
const MAX_PROBLEMS: usize = 100;
/// How long the reason of one may be, in characters: a line has any length, and a reason may quote it.
const MAX_REASON: usize = 200;
