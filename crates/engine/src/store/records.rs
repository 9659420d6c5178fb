//! The cookies of one domain: a list and, where they are many, an index of it.
//!
//! Hosts have a few cookies, and to look at each of them costs less than to keep an index. A user
//! agent without limits may be made to store any number, though, and must not slow down with it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::BuildHasher;

use hashbrown::hash_table::OccupiedEntry;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::cookie::Record;

/// The cookies of one domain.
pub(super) enum Records {
    Few(Vec<Record>),
    Many(Box<Indexed>),
}

/// A list with an index.
pub(super) struct Indexed {
    list: Vec<Record>,
    /// Where the record with a name and a path is in the list.
    places: HashTable<usize>,
    hasher: DefaultHashBuilder,
    /// No record of the list expires before this.
    earliest_expiry: i64,
}

/// More records than this get an index; half of them or less lose it.
const FEW: usize = 32;

impl Default for Records {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Records {
    /// All of them, in no particular order.
    pub(super) fn as_slice(&self) -> &[Record] {
        match self {
            Self::Few(list) => list,
            Self::Many(indexed) => &indexed.list,
        }
    }

    /// All of them, for callers that change neither identity nor expiry.
    pub(super) fn as_mut_slice(&mut self) -> &mut [Record] {
        match self {
            Self::Few(list) => list,
            Self::Many(indexed) => &mut indexed.list,
        }
    }

    /// Where the record with this name and path is that fits.
    #[inline]
    pub(super) fn position(
        &self,
        name: &[u8],
        path: &[u8],
        fits: impl Fn(&Record) -> bool,
    ) -> Option<usize> {
        let is_it = |old: &Record| old.name() == name && old.path() == path && fits(old);
        match self {
            Self::Few(list) => list.iter().position(is_it),
            Self::Many(indexed) => {
                let Indexed { list, places, hasher, .. } = &**indexed;
                let hash = hasher.hash_one((name, path));
                places.find(hash, |&place| is_it(&list[place])).copied()
            }
        }
    }

    /// Adds a record whose identity is new.
    #[inline]
    pub(super) fn push(&mut self, record: Record) {
        match self {
            Self::Few(list) => {
                make_room(list);
                list.push(record);
                if list.len() > FEW {
                    *self = Self::of(core::mem::take(list));
                }
            }
            Self::Many(indexed) => indexed.push(record),
        }
    }

    /// Removes the record at a position.
    #[inline]
    pub(super) fn remove(&mut self, position: usize) {
        match self {
            Self::Few(list) => drop(list.remove(position)),
            Self::Many(indexed) => indexed.remove(position),
        }
    }

    /// Keeps the records that pass.
    pub(super) fn retain(&mut self, keep: impl FnMut(&Record) -> bool) {
        match self {
            Self::Few(list) => list.retain(keep),
            Self::Many(indexed) => {
                indexed.list.retain(keep);
                *self = Self::of(core::mem::take(&mut indexed.list));
            }
        }
    }

    /// Removes the expired cookies; how many there were.
    #[inline]
    pub(super) fn evict_expired(&mut self, now: i64) -> usize {
        let is_due = match self {
            Self::Few(list) => list.iter().any(|record| record.is_expired(now)),
            Self::Many(indexed) => indexed.earliest_expiry <= now,
        };
        if !is_due {
            return 0;
        }
        let before = self.as_slice().len();
        self.retain(|record| !record.is_expired(now));
        before - self.as_slice().len()
    }

    fn of(list: Vec<Record>) -> Self {
        if list.len() <= FEW / 2 {
            return Self::Few(list);
        }
        let mut indexed = Indexed {
            places: HashTable::with_capacity(list.len()),
            list: Vec::new(),
            hasher: DefaultHashBuilder::default(),
            earliest_expiry: i64::MAX,
        };
        for record in list {
            indexed.push(record);
        }
        Self::Many(Box::new(indexed))
    }
}

impl Indexed {
    fn push(&mut self, record: Record) {
        let Self { list, places, hasher, earliest_expiry } = self;
        *earliest_expiry = record.expiry.min(*earliest_expiry);
        let hash = hash(hasher, &record);
        make_room(list);
        list.push(record);
        places.insert_unique(hash, list.len() - 1, |&place| self::hash(hasher, &list[place]));
    }

    /// The last record takes the place of the one that is removed.
    fn remove(&mut self, position: usize) {
        let last = self.list.len() - 1;
        self.entry(position).remove();
        if position != last {
            *self.entry(last).get_mut() = position;
        }
        drop(self.list.swap_remove(position));
    }

    fn entry(&mut self, position: usize) -> OccupiedEntry<'_, usize> {
        let hash = hash(&self.hasher, &self.list[position]);
        let found = self.places.find_entry(hash, |&place| place == position);
        found.expect("every record is in the index")
    }
}

fn hash(hasher: &DefaultHashBuilder, record: &Record) -> u64 {
    hasher.hash_one((record.name(), record.path()))
}

/// Reserves space for one more and, when full, for a quarter more than there are: hosts have
/// few cookies and stores have many hosts, so that doubling would leave much of the memory empty.
pub(super) fn make_room<T>(list: &mut Vec<T>) {
    if list.len() == list.capacity() {
        list.reserve_exact(1 + list.len() / 4);
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;

    fn name(number: usize) -> String {
        format!("n{number}")
    }

    fn filled(count: usize) -> Records {
        let mut records = Records::default();
        for number in 0..count {
            records.push(Record::named(&name(number), number as i64));
        }
        records
    }

    fn position(records: &Records, number: usize) -> Option<usize> {
        records.position(name(number).as_bytes(), b"/", |_| true)
    }

    #[test]
    fn each_is_found_however_many_there_are() {
        for count in [0, 1, FEW, FEW + 1, 10 * FEW] {
            let records = filled(count);
            assert_eq!(matches!(records, Records::Many(_)), count > FEW);
            for number in 0..count {
                let at = position(&records, number).unwrap();
                assert_eq!(records.as_slice()[at].name(), name(number).as_bytes());
            }
            assert_eq!(position(&records, count), None);
            assert_eq!(records.position(b"n0", b"/other", |_| true), None);
            assert_eq!(records.position(b"n0", b"/", |_| false), None);
        }
    }

    #[test]
    fn what_is_removed_is_gone_and_nothing_else() {
        let mut records = filled(100);
        for number in (0..100).step_by(3) {
            let at = position(&records, number).unwrap();
            records.remove(at);
        }
        for number in 0..100 {
            assert_eq!(position(&records, number).is_some(), number % 3 != 0, "{number}");
        }
    }

    #[test]
    fn what_expires_is_evicted_and_few_need_no_index() {
        let mut records = filled(100);
        assert_eq!(records.evict_expired(-1), 0);
        assert_eq!(records.evict_expired(49), 50);
        assert!(matches!(records, Records::Many(_)));
        assert_eq!((position(&records, 49), position(&records, 50).is_some()), (None, true));
        assert_eq!(records.evict_expired(49), 0);
        assert_eq!(records.evict_expired(83), 34);
        assert!(matches!(records, Records::Few(_)));
        assert_eq!((records.as_slice().len(), position(&records, 99).is_some()), (16, true));
    }
}
