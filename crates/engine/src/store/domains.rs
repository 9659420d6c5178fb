//! The index: a tree of domain labels, read from the right.
//!
//! A retrieval walks from the top-level label to the request host, one hash look-up per label, so
//! that its cost does not depend on how many cookies or domains the store holds. Every domain
//! below another one is in its subtree, which is what "leave secure cookies alone" asks for.

use alloc::boxed::Box;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::cookie::{Cookie, Record};
use crate::host::is_ip_address;
use crate::public_suffix::PublicSuffixes;

/// The cookies of one domain, and the domains below it.
#[derive(Default)]
pub(super) struct Domain {
    /// The whole domain; empty as long as it has no cookies.
    name: Box<[u8]>,
    pub(super) is_public_suffix: bool,
    pub(super) records: Vec<Record>,
    below: HashMap<Box<[u8]>, Domain>,
}

/// Labels from the right. An address is one label.
fn labels(domain: &[u8], is_address: bool) -> impl Iterator<Item = &[u8]> {
    domain.rsplit(move |&octet| !is_address && octet == b'.')
}

impl Domain {
    /// The node of a domain that is about to get a cookie.
    pub(super) fn entry(&mut self, domain: &[u8], suffixes: &impl PublicSuffixes) -> &mut Self {
        let is_address = is_ip_address(domain);
        let node = labels(domain, is_address)
            .fold(self, |node, label| node.below.entry(label.into()).or_default());
        if node.name.is_empty() {
            node.name = domain.into();
            node.is_public_suffix = !is_address && suffixes.is_public_suffix(domain);
        }
        node
    }

    pub(super) fn get(&self, domain: &[u8]) -> Option<&Self> {
        labels(domain, is_ip_address(domain)).try_fold(self, |node, label| node.below.get(label))
    }

    /// Calls back for every known domain on the way from the top-level label to this one; the
    /// flag says whether it is this one.
    pub(super) fn walk_mut(&mut self, domain: &[u8], mut visit: impl FnMut(&mut Self, bool)) {
        let mut node = self;
        let mut labels = labels(domain, is_ip_address(domain)).peekable();
        while let Some(label) = labels.next() {
            let Some(next) = node.below.get_mut(label) else { return };
            visit(next, labels.peek().is_none());
            node = next;
        }
    }

    /// As [`Domain::walk_mut`], with shared references that outlive the walk.
    pub(super) fn walk<'a>(&'a self, domain: &[u8], mut visit: impl FnMut(&'a Self)) {
        let mut node = self;
        for label in labels(domain, is_ip_address(domain)) {
            let Some(next) = node.below.get(label) else { return };
            visit(next);
            node = next;
        }
    }

    /// Is there such a record in this domain or in one below it?
    pub(super) fn any_below(&self, found: &impl Fn(&Record) -> bool) -> bool {
        self.records.iter().any(found) || self.below.values().any(|node| node.any_below(found))
    }

    /// Keeps the records that pass, drops the domains that are left without any, and returns how
    /// many records are left.
    pub(super) fn retain(&mut self, keep: &mut impl FnMut(&Record) -> bool) -> usize {
        self.records.retain(|record| keep(record));
        let mut left = self.records.len();
        self.below.retain(|_, node| {
            let below = node.retain(keep);
            left += below;
            below > 0
        });
        left
    }

    /// Asks again which domains are public suffixes.
    pub(super) fn refresh_suffixes(&mut self, suffixes: &impl PublicSuffixes) {
        self.is_public_suffix = !self.name.is_empty()
            && !is_ip_address(&self.name)
            && suffixes.is_public_suffix(&self.name);
        for node in self.below.values_mut() {
            node.refresh_suffixes(suffixes);
        }
    }

    /// Appends every cookie of this domain and of those below it.
    pub(super) fn collect<'a>(&'a self, cookies: &mut Vec<Cookie<'a>>) {
        cookies.extend(self.cookies());
        for node in self.below.values() {
            node.collect(cookies);
        }
    }

    /// The cookies of this domain alone.
    pub(super) fn cookies(&self) -> impl Iterator<Item = Cookie<'_>> {
        self.records.iter().map(|record| Cookie { domain: &self.name, record })
    }
}
