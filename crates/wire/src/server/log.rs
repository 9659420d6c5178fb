//! What passed through the server: the newest exchanges and failures, within bounds.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::message::{Received, Reply};

/// A request and its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Its number among all exchanges of the server, from 1.
    pub number: u64,
    /// The request.
    pub request: Received,
    /// The response that the responder chose.
    pub reply: Reply,
    /// Why the response was not sent: what the version of HTTP cannot express.
    pub unsent: Option<String>,
}

impl Exchange {
    /// Roughly the octets of memory that it occupies.
    fn size(&self) -> usize {
        /// For each field, what is allocated beside its octets.
        const FIELD: usize = 64;
        let of = |fields: &[(String, Vec<u8>)]| -> usize {
            fields.iter().map(|(name, value)| name.len() + value.len() + FIELD).sum()
        };
        let Self { request, reply, .. } = self;
        let interim: usize = reply.interim.iter().map(|interim| of(&interim.fields)).sum();
        size_of::<Self>()
            + of(&request.fields)
            + request.head.len()
            + request.body.len()
            + request.target.len()
            + of(&reply.fields)
            + of(&reply.trailers)
            + interim
            + reply.body.len()
            + reply.raw.as_ref().map_or(0, Vec::len)
    }
}

/// A connection or a request that ended without a response of the responder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// When it ended.
    pub at: SystemTime,
    /// The connection, as in [`Received::connection`].
    pub connection: u64,
    /// The host and port of the tunnel that it was in.
    pub tunnel: Option<String>,
    /// What happened, with octets of the client escaped.
    pub what: String,
}

/// A ring of exchanges and one of failures.
#[derive(Debug)]
pub(super) struct Log {
    most_exchanges: usize,
    most_octets: usize,
    rings: Mutex<Rings>,
}

#[derive(Debug, Default)]
struct Rings {
    count: u64,
    octets: usize,
    exchanges: VecDeque<(usize, Arc<Exchange>)>,
    failures: VecDeque<Failure>,
}

impl Log {
    /// A log that keeps so many exchanges, and none beyond so many octets of memory.
    pub(super) fn new(most_exchanges: usize, most_octets: usize) -> Self {
        Self { most_exchanges, most_octets, rings: Mutex::default() }
    }

    /// Keeps an exchange, and forgets the oldest ones that no longer fit.
    pub(super) fn exchange(&self, request: Received, reply: Reply, unsent: Option<String>) {
        let mut exchange = Exchange { number: 0, request, reply, unsent };
        let size = exchange.size();
        let mut rings = self.rings();
        rings.count += 1;
        exchange.number = rings.count;
        rings.octets += size;
        rings.exchanges.push_back((size, Arc::new(exchange)));
        while rings.exchanges.len() > self.most_exchanges || rings.octets > self.most_octets {
            let Some((size, _)) = rings.exchanges.pop_front() else { break };
            rings.octets -= size;
        }
    }

    /// Keeps a failure, and forgets the oldest one if there are too many.
    pub(super) fn failure(&self, failure: Failure) {
        let failures = &mut self.rings().failures;
        failures.push_back(failure);
        if failures.len() > MOST_FAILURES {
            failures.pop_front();
        }
    }

    /// The exchanges that are kept, oldest first.
    pub(super) fn exchanges(&self) -> Vec<Arc<Exchange>> {
        self.rings().exchanges.iter().map(|(_, exchange)| Arc::clone(exchange)).collect()
    }

    /// The failures that are kept, oldest first.
    pub(super) fn failures(&self) -> Vec<Failure> {
        self.rings().failures.iter().cloned().collect()
    }

    fn rings(&self) -> MutexGuard<'_, Rings> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const MOST_FAILURES: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::Scheme;
    use crate::server::message::HttpVersion;

    fn request(body: usize) -> Received {
        Received {
            method: "GET".into(),
            scheme: Scheme::Http,
            host: "a.test".into(),
            port: 80,
            target: "/".into(),
            version: HttpVersion::Http11,
            fields: Vec::new(),
            head: Vec::new(),
            body: vec![b'x'; body],
            connection: 1,
            tls: false,
            at: SystemTime::UNIX_EPOCH,
        }
    }

    fn numbers(log: &Log) -> Vec<u64> {
        log.exchanges().iter().map(|exchange| exchange.number).collect()
    }

    #[test]
    fn the_oldest_exchange_makes_room_for_the_newest() {
        let log = Log::new(2, 1 << 20);
        for _ in 0..5 {
            log.exchange(request(0), Reply::new(200), None);
        }
        assert_eq!(numbers(&log), [4, 5]);
    }

    #[test]
    fn exchanges_are_bounded_in_octets() {
        let log = Log::new(100, 25_000);
        for _ in 0..5 {
            log.exchange(request(10_000), Reply::new(200), None);
        }
        assert_eq!(numbers(&log), [4, 5]);
        log.exchange(request(30_000), Reply::new(200), None);
        assert_eq!(numbers(&log), [0; 0], "one that does not fit at all is not kept");
        assert_eq!(log.rings().octets, 0);
    }

    #[test]
    fn failures_are_bounded() {
        let log = Log::new(1, 1);
        for connection in 0..1000 {
            let (at, what) = (SystemTime::UNIX_EPOCH, String::new());
            log.failure(Failure { at, connection, tunnel: None, what });
        }
        let failures = log.failures();
        assert_eq!(failures.len(), MOST_FAILURES);
        assert_eq!(failures.last().unwrap().connection, 999);
    }
}
