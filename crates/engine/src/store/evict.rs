//! "Remove excess cookies" (section 5.3 / 5.7) and the periodic sweep of expired ones.

use super::CookieStore;
use super::cookie::Record;
use crate::profile::Profile;
use crate::public_suffix::PublicSuffixes;
use crate::trace::{Sink, Step};

impl<S: PublicSuffixes> CookieStore<S> {
    /// Brings the store back within its limits after a cookie of `domain` was inserted. Expired
    /// cookies go first, and none of that domain is left when this is called.
    pub(super) fn remove_excess_cookies(&mut self, domain: &[u8], now: i64, sink: &mut impl Sink) {
        if let Some(limit) = self.policy.limits.per_domain {
            self.remove_excess_of_domain(domain, limit, sink);
        }
        self.insertions_since_sweep += 1;
        let over_total = self.policy.limits.total.is_some_and(|limit| self.len > limit);
        if over_total || self.insertions_since_sweep > self.len.max(64) {
            self.evict_expired(now);
        }
        if let Some(limit) = self.policy.limits.total {
            self.remove_excess_in_total(limit, sink);
        }
    }

    /// Within a domain 6265bis lets cookies without Secure go before the others.
    fn remove_excess_of_domain(&mut self, domain: &[u8], limit: usize, sink: &mut impl Sink) {
        let non_secure_first = self.policy.profile == Profile::Rfc6265bis;
        let Some(domain) = self.domains.get_mut(domain) else { return };
        let goes_later = |record: &Record| non_secure_first && record.secure_only;
        while let all = domain.records.as_slice()
            && all.len() > limit
            && let Some((position, excess)) = all
                .iter()
                .enumerate()
                .min_by_key(|(_, record)| (goes_later(record), record.least_recently_used()))
        {
            let same = all.iter().filter(|record| goes_later(record) == goes_later(excess));
            record_tie(excess, same, sink);
            domain.records.remove(position);
            self.len -= 1;
            sink.record(Step::ExcessForDomain, 0);
        }
    }

    /// Over the complete store the earliest last-access-time decides alone.
    fn remove_excess_in_total(&mut self, limit: usize, sink: &mut impl Sink) {
        while self.len > limit
            && let Some(excess) = self.domains.least_recently_used()
        {
            let all = self.domains.cookies().map(|cookie| cookie.record);
            record_tie(self.domains.record(excess), all, sink);
            self.domains.remove(excess);
            self.len -= 1;
            sink.record(Step::ExcessInTotal, 0);
        }
    }
}

/// The texts have only last-access-times, and the clock here counts seconds.
fn record_tie<'a>(
    excess: &Record,
    mut all: impl Iterator<Item = &'a Record>,
    sink: &mut impl Sink,
) {
    let is_rival = |record: &Record| {
        record.last_access.unix_seconds == excess.last_access.unix_seconds
            && record.creation != excess.creation
    };
    if all.any(is_rival) {
        sink.record(Step::ExcessTied, 0);
    }
}
