//! The index: every exact domain in one hash table, each of them linked to the one above it.
//!
//! A retrieval looks the request host up and follows the links, so that its cost does not depend
//! on how many cookies or domains the store holds. Where a domain is known, so are all above it;
//! those below a domain are linked as well, which is what "leave secure cookies alone" asks for.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::BuildHasher;
use core::mem;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::cookie::{Cookie, Record};
use super::records::{Records, make_room};
use crate::host::is_ip_address;
use crate::octets::find;
use crate::public_suffix::PublicSuffixes;

/// The domains of a store.
pub(super) struct Domains {
    /// The root comes first: it has no name and no cookies, and is above all others.
    all: Vec<Domain>,
    places: HashTable<Place>,
    hasher: DefaultHashBuilder,
}

/// The cookies of one domain.
#[derive(Default)]
pub(super) struct Domain {
    name: Box<[u8]>,
    pub(super) is_public_suffix: bool,
    pub(super) records: Records,
    /// The domain without the first label.
    above: Place,
    /// One of the domains with one label more; the root where there is none.
    below: Place,
    /// The next domain below the same one; the root where there is none.
    beside: Place,
}

/// Where a domain is among all. Half the size of an index, because every domain has three.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place(u32);

const ROOT: Place = Place(0);

/// Where a cookie is: in which domain, and there in which place.
#[derive(Clone, Copy)]
pub(super) struct Position {
    domain: Place,
    at: usize,
}

impl Domains {
    pub(super) fn new() -> Self {
        Self {
            all: Vec::from([Domain::default()]),
            places: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// The domain that is about to get a cookie.
    pub(super) fn entry(&mut self, name: &[u8], suffixes: &impl PublicSuffixes) -> &mut Domain {
        let place = self.place_or_add(name);
        let domain = self.at_mut(place);
        if domain.records.as_slice().is_empty() {
            domain.ask(suffixes);
        }
        domain
    }

    pub(super) fn get_mut(&mut self, name: &[u8]) -> Option<&mut Domain> {
        self.place(name).map(|place| self.at_mut(place))
    }

    /// The place of this domain or, where it is not known, of the closest one that is known above
    /// it. Nothing is above an address.
    pub(super) fn closest(&self, name: &[u8]) -> Place {
        if let Some(place) = self.place(name) {
            return place;
        }
        match name_above(name) {
            [] => ROOT,
            above => self.closest(above),
        }
    }

    /// The domain at this place, and all above it.
    pub(super) fn upward(&self, place: Place) -> impl Iterator<Item = &Domain> {
        let at = |place| (place != ROOT).then(|| self.at(place));
        core::iter::successors(at(place), move |domain| at(domain.above))
    }

    /// As [`Domains::upward`], for domains that are to be changed.
    pub(super) fn upward_mut(&mut self, mut place: Place, mut visit: impl FnMut(&mut Domain)) {
        while place != ROOT {
            let domain = self.at_mut(place);
            visit(domain);
            place = domain.above;
        }
    }

    /// Is there such a record in this domain or in one below it?
    pub(super) fn any_below(&self, name: &[u8], found: &impl Fn(&Record) -> bool) -> bool {
        self.place(name).is_some_and(|place| self.any_at_or_below(place, found))
    }

    fn any_at_or_below(&self, place: Place, found: &impl Fn(&Record) -> bool) -> bool {
        let domain = self.at(place);
        let mut below = domain.below;
        while below != ROOT {
            if self.any_at_or_below(below, found) {
                return true;
            }
            below = self.at(below).beside;
        }
        domain.records.as_slice().iter().any(found)
    }

    /// Keeps the records that pass, drops the domains that are left without any, and returns how
    /// many records are left.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&Record) -> bool) -> usize {
        let before = mem::replace(self, Self::new());
        let mut left = 0;
        for mut domain in before.all {
            domain.records.retain(|record| keep(record));
            let kept = domain.records.as_slice().len();
            if kept > 0 {
                left += kept;
                let place = self.place_or_add(&domain.name);
                let known = self.at_mut(place);
                known.records = domain.records;
                known.is_public_suffix = domain.is_public_suffix;
            }
        }
        left
    }

    /// The cookie of all that was used least recently.
    pub(super) fn least_recently_used(&self) -> Option<Position> {
        let all = (0..).zip(&self.all).flat_map(|(place, domain)| {
            let records = domain.records.as_slice().iter().enumerate();
            records.map(move |(at, record)| (Position { domain: Place(place), at }, record))
        });
        all.min_by_key(|(_, record)| record.least_recently_used()).map(|(position, _)| position)
    }

    /// The record at a position.
    pub(super) fn record(&self, Position { domain, at }: Position) -> &Record {
        &self.at(domain).records.as_slice()[at]
    }

    /// Removes the record at a position.
    pub(super) fn remove(&mut self, Position { domain, at }: Position) {
        self.at_mut(domain).records.remove(at);
    }

    /// Determines again which domains are public suffixes.
    pub(super) fn refresh_suffixes(&mut self, suffixes: &impl PublicSuffixes) {
        for domain in &mut self.all {
            if !domain.records.as_slice().is_empty() {
                domain.ask(suffixes);
            }
        }
    }

    /// Every cookie, in no particular order.
    pub(super) fn cookies(&self) -> impl Iterator<Item = Cookie<'_>> {
        self.all.iter().flat_map(Domain::cookies)
    }

    fn at(&self, place: Place) -> &Domain {
        &self.all[place.0 as usize]
    }

    fn at_mut(&mut self, place: Place) -> &mut Domain {
        &mut self.all[place.0 as usize]
    }

    fn place(&self, name: &[u8]) -> Option<Place> {
        let hash = self.hasher.hash_one(name);
        self.places.find(hash, |&place| *self.at(place).name == *name).copied()
    }

    fn place_or_add(&mut self, name: &[u8]) -> Place {
        self.place(name).unwrap_or_else(|| self.add(name))
    }

    /// Adds a domain that is not known, and those above it that are not.
    fn add(&mut self, name: &[u8]) -> Place {
        let above = match name_above(name) {
            [] => ROOT,
            above => self.place_or_add(above),
        };
        let place = u32::try_from(self.all.len()).map(Place);
        let place = place.expect("4 Gi domains, in some 300 GB of memory");
        let beside = mem::replace(&mut self.at_mut(above).below, place);
        make_room(&mut self.all);
        self.all.push(Domain {
            name: name.into(),
            is_public_suffix: false,
            records: Records::default(),
            above,
            below: ROOT,
            beside,
        });
        let hash_of = |place: &Place| self.hasher.hash_one(&*self.all[place.0 as usize].name);
        self.places.insert_unique(hash_of(&place), place, hash_of);
        place
    }
}

impl Domain {
    /// Length of the name, which tells apart the domains on one way up.
    pub(super) const fn name_len(&self) -> usize {
        self.name.len()
    }

    /// The cookies of this domain alone.
    pub(super) fn cookies(&self) -> impl Iterator<Item = Cookie<'_>> {
        self.records.as_slice().iter().map(|record| Cookie { domain: &self.name, record })
    }

    /// Determines whether this is a public suffix.
    fn ask(&mut self, suffixes: &impl PublicSuffixes) {
        self.is_public_suffix = !is_ip_address(&self.name) && suffixes.is_public_suffix(&self.name);
    }
}

/// The domain above this one; empty where that is the root. Nothing else is above an address.
fn name_above(name: &[u8]) -> &[u8] {
    if is_ip_address(name) { &[] } else { without_first_label(name) }
}

/// Without the first label and its dot; empty for a single label.
fn without_first_label(name: &[u8]) -> &[u8] {
    find(b'.', name).map_or(&[], |dot| &name[dot + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::public_suffix::NoPublicSuffixes;

    fn domains(names: &[&str]) -> Domains {
        let mut domains = Domains::new();
        for name in names {
            let entry = domains.entry(name.as_bytes(), &NoPublicSuffixes);
            entry.records.push(Record::named(name, i64::MAX));
        }
        domains
    }

    fn names_upward<'a>(domains: &'a Domains, host: &str) -> Vec<&'a str> {
        let records =
            domains.upward(domains.closest(host.as_bytes())).flat_map(|one| one.records.as_slice());
        records.map(|record| core::str::from_utf8(record.name()).unwrap()).collect()
    }

    #[test]
    fn the_way_up_begins_at_the_closest_domain() {
        let domains = domains(&["a.b.test", "test", "b.test", "other.test", "1.2.3.4", "4"]);
        assert_eq!(names_upward(&domains, "a.b.test"), ["a.b.test", "b.test", "test"]);
        assert_eq!(names_upward(&domains, "x.y.b.test"), ["b.test", "test"]);
        assert_eq!(names_upward(&domains, "xb.test"), ["test"]);
        assert!(names_upward(&domains, "example").is_empty());
        assert_eq!(names_upward(&domains, "1.2.3.4"), ["1.2.3.4"]);
        assert!(names_upward(&domains, "9.2.3.4").is_empty(), "nothing is above an address");
    }

    #[test]
    fn every_domain_below_is_found_and_none_beside() {
        let names = ["a.site.test", "b.site.test", "c.b.site.test", "d.site.test", "other.test"];
        let mut domains = domains(&names);
        for round in ["filled", "after a sweep"] {
            let below = |domain: &str, name: &str| {
                domains.any_below(domain.as_bytes(), &|record| record.name() == name.as_bytes())
            };
            for name in &names[..4] {
                assert!(below("site.test", name) && below(name, name), "{round}: {name}");
            }
            assert!(!below("site.test", "other.test"), "{round}");
            assert!(!below("a.site.test", "b.site.test"), "{round}");
            assert!(!below("unknown.test", "a.site.test"), "{round}");
            assert_eq!(domains.retain(|_| true), names.len());
        }
    }
}
