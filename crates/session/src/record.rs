//! The record that a store keeps for one session identifier.

use std::sync::Arc;

use thiserror::Error;

use crate::clock::UnixMillis;
use crate::id::IdHash;

/// The record of one session identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Who is logged in. Stores find records by it.
    pub user: Option<Arc<str>>,
    /// When the session began or its user last logged in; the absolute timeout counts from here.
    pub started: UnixMillis,
    /// When the identifier was made; the renewal timeout counts from here.
    pub issued: UnixMillis,
    /// The first instant at which the record has expired.
    pub expires: UnixMillis,
    /// What the identifier stands for.
    pub state: State,
}

/// What an identifier stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A session with this data.
    Live(Arc<[u8]>),
    /// A renewed identifier, which leads to its successor for the grace period.
    Moved(IdHash),
    /// An identifier that was logged out or replaced, and leads nowhere.
    Ended,
}

impl Record {
    /// Whether the record has not expired at this instant.
    pub const fn is_live(&self, now: UnixMillis) -> bool {
        now < self.expires
    }

    /// Encodes everything except `expires`, which stores keep separately because it also changes
    /// without the rest.
    pub fn to_octets(&self) -> Vec<u8> {
        let (tag, tail): (u8, &[u8]) = match &self.state {
            State::Live(data) => (LIVE, data),
            State::Moved(to) => (MOVED, to.as_octets()),
            State::Ended => (ENDED, b""),
        };
        let user = self.user.as_deref().unwrap_or_default().as_bytes();
        let mut octets = Vec::with_capacity(HEAD_OCTETS + user.len() + tail.len());
        octets.extend([FORMAT, tag, u8::from(self.user.is_some())]);
        octets.extend(self.started.to_be_bytes());
        octets.extend(self.issued.to_be_bytes());
        octets.extend((user.len() as u64).to_be_bytes());
        octets.extend(user);
        octets.extend(tail);
        octets
    }

    /// Decodes what [`Record::to_octets`] wrote.
    ///
    /// # Errors
    /// [`Corrupt`] if the octets are not such a record.
    pub fn from_octets(octets: &[u8], expires: UnixMillis) -> Result<Self, Corrupt> {
        Self::read(octets, expires).ok_or(Corrupt)
    }

    fn read(octets: &[u8], expires: UnixMillis) -> Option<Self> {
        let (&[format, tag, has_user], rest) = octets.split_first_chunk()?;
        let (started, rest) = rest.split_first_chunk()?;
        let (issued, rest) = rest.split_first_chunk()?;
        let (user_octets, rest) = rest.split_first_chunk()?;
        let user_octets = usize::try_from(u64::from_be_bytes(*user_octets)).ok()?;
        let (user, tail) = rest.split_at_checked(user_octets)?;
        let state = match tag {
            LIVE => State::Live(tail.into()),
            MOVED => State::Moved(IdHash::from_octets(tail.try_into().ok()?)),
            ENDED if tail.is_empty() => State::Ended,
            _ => return None,
        };
        let user = match has_user {
            0 if user.is_empty() => None,
            1 => Some(std::str::from_utf8(user).ok()?.into()),
            _ => return None,
        };
        let (started, issued) = (i64::from_be_bytes(*started), i64::from_be_bytes(*issued));
        (format == FORMAT).then_some(Self { user, started, issued, expires, state })
    }
}

/// A record or its data cannot be read: it is damaged, or something else wrote it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a session record cannot be read: it is damaged, or of another format")]
pub struct Corrupt;

const FORMAT: u8 = 1;
const LIVE: u8 = 0;
const MOVED: u8 = 1;
const ENDED: u8 = 2;
const HEAD_OCTETS: usize = 3 + 8 + 8 + 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_back_and_nothing_else_is() {
        let to = IdHash::from_octets([7; 32]);
        let states = [State::Live([][..].into()), State::Live([1, 2][..].into()), State::Ended];
        for state in states.into_iter().chain([State::Moved(to)]) {
            for user in [None, Some(""), Some("alice")] {
                let user = user.map(Into::into);
                let state = state.clone();
                let record = Record { user, started: -1, issued: 5, expires: i64::MAX, state };
                let octets = record.to_octets();
                assert_eq!(Record::from_octets(&octets, i64::MAX).as_ref(), Ok(&record));
                for end in 0..octets.len() {
                    let cut = Record::from_octets(&octets[..end], i64::MAX);
                    assert!(cut != Ok(record.clone()));
                }
            }
        }
        assert_eq!(Record::from_octets(b"", 0), Err(Corrupt));
        assert_eq!(Record::from_octets(&[0xFF; 64], 0), Err(Corrupt));
    }
}
