//! The lock file of a suite: every id that was ever given, the revision and the meaning it stands
//! for. It is how ids stay for ever, and how a changed case is noticed.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use cookiespec_vectors::{Case, Suite};

/// The ids of a suite. Written as one line per id: the id, its revision and the
/// [digest](Case::digest) of the case. Lines that begin with "#" are for readers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock(BTreeMap<String, Locked>);

/// What is known of an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The revision.
    pub rev: u32,
    /// The digest of the case at that revision.
    pub digest: String,
}

/// How a case stands to the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As it was locked.
    Locked,
    /// New, or at a higher revision: to be [blessed](Lock::bless).
    Unlocked,
    /// It means something else, but its revision is the same.
    Changed,
    /// Its revision is lower than the one that was locked.
    Lowered,
}

impl Lock {
    /// The name of the file, next to the vector files.
    pub const FILE: &str = "ids.lock";

    /// The longest file that is read, in octets: about 200,000 ids.
    pub const MAX_OCTETS: u64 = 16 << 20;

    /// Takes up the cases that are new or have a higher revision. No id is ever removed, and a case
    /// that [changed](Standing::Changed) or was [lowered](Standing::Lowered) is left alone: its
    /// author has to raise its revision.
    pub fn bless(&mut self, suite: &Suite) {
        for case in suite.cases() {
            if self.standing(case) == Standing::Unlocked {
                let locked = Locked { rev: case.rev, digest: case.digest() };
                self.0.insert(case.id.clone(), locked);
            }
        }
    }

    /// What is known of an id.
    pub fn find(&self, id: &str) -> Option<&Locked> {
        self.0.get(id)
    }

    /// Every id, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// How a case stands to the lock.
    pub fn standing(&self, case: &Case) -> Standing {
        match self.find(&case.id) {
            None => Standing::Unlocked,
            Some(locked) if case.rev > locked.rev => Standing::Unlocked,
            Some(locked) if case.rev < locked.rev => Standing::Lowered,
            Some(locked) if case.digest() != locked.digest => Standing::Changed,
            Some(_) => Standing::Locked,
        }
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "# Every id that was ever given, its revision, and the digest of what the case means.\n\
             # Written by `cookiespec vectors lint --bless`, which only adds ids and raises revisions.\n",
        )?;
        self.0.iter().try_for_each(|(id, it)| writeln!(f, "{id} {} {}", it.rev, it.digest))
    }
}

impl FromStr for Lock {
    type Err = LockError;

    fn from_str(text: &str) -> Result<Self, LockError> {
        let mut lock = Self::default();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let fault = |what| LockError { line: index + 1, what };
            let [id, rev, digest] = line.split(' ').collect::<Vec<_>>()[..] else {
                return Err(fault("this is not an id, a revision and a digest"));
            };
            let Ok(rev) = rev.parse() else {
                return Err(fault("the revision is not a number"));
            };
            let is_digest = |text: &str| text.bytes().all(|octet| octet.is_ascii_hexdigit());
            if id.is_empty() || digest.is_empty() || !is_digest(digest) {
                return Err(fault("this is not an id, a revision and a digest"));
            }
            let locked = Locked { rev, digest: digest.to_owned() };
            if lock.0.insert(id.to_owned(), locked).is_some() {
                return Err(fault("the id is there twice"));
            }
        }
        Ok(lock)
    }
}

/// A lock file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}; take the file from the last commit", self.line, self.what)
    }
}

impl std::error::Error for LockError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_case::case;

    fn suite(rev: u32, unix: i64) -> Suite {
        let expect = json!([{"for": ["*"], "level": "must", "is": {"unix": unix}}]);
        let given = json!({"kind": "parse.date", "in": {"date": ""}, "rev": rev, "expect": expect});
        [case(given)].into_iter().collect()
    }

    fn standing(lock: &Lock, rev: u32, unix: i64) -> Standing {
        lock.standing(&suite(rev, unix).cases()[0])
    }

    #[test]
    fn a_case_is_locked_at_its_revision() {
        let mut lock = Lock::default();
        assert_eq!(standing(&lock, 2, 1), Standing::Unlocked);
        lock.bless(&suite(2, 1));
        assert_eq!(standing(&lock, 2, 1), Standing::Locked);
        assert_eq!(standing(&lock, 2, 7), Standing::Changed);
        assert_eq!(standing(&lock, 1, 1), Standing::Lowered);
        assert_eq!(standing(&lock, 3, 7), Standing::Unlocked);
    }

    #[test]
    fn blessing_only_adds_and_raises() {
        let mut lock = "gone.0001 1 00".parse::<Lock>().unwrap();
        lock.bless(&suite(2, 1));
        let before = lock.clone();
        lock.bless(&suite(2, 7));
        lock.bless(&suite(1, 7));
        assert_eq!(lock, before);
        lock.bless(&suite(3, 7));
        assert_eq!(lock.find("test.0001").unwrap().rev, 3);
        assert_eq!(lock.ids().collect::<Vec<_>>(), ["gone.0001", "test.0001"]);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut lock = Lock::default();
        lock.bless(&suite(2, 1));
        assert_eq!(lock.to_string().parse(), Ok(lock));
        for (text, says) in [
            ("a.0001 1", "line 1: this is not an id"),
            ("a.0001 1 junk", "line 1: this is not an id"),
            (" 1 00", "line 1: this is not an id"),
            ("#\na.0001 x 00", "line 2: the revision"),
            ("a.0001 1 00\na.0001 1 00", "line 2: the id is there twice"),
        ] {
            let error = text.parse::<Lock>().unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
    }
}
