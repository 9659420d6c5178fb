//! What an HTTP client sent, and what it was answered: kept beside what was observed, and never judged.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::octets::Octets;

/// A request that arrived, and its response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireExchange {
    /// The head of the request, octet for octet.
    pub request: Octets,
    /// The head of the response, without the fields that every response has.
    pub response: Octets,
}

/// The first exchanges of a program, within bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireLog {
    /// Oldest first.
    pub exchanges: Vec<WireExchange>,
    /// How many more there were.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub exchanges_left_out: usize,
}

impl WireLog {
    /// Adds an exchange, or counts it where the log is full.
    pub fn add(&mut self, exchange: WireExchange) {
        let size =
            |one: &WireExchange| one.request.as_slice().len() + one.response.as_slice().len();
        let kept: usize = self.exchanges.iter().map(size).sum();
        if self.exchanges_left_out == 0 && kept + size(&exchange) <= MOST_OCTETS {
            self.exchanges.push(exchange);
        } else {
            self.exchanges_left_out += 1;
        }
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.exchanges.is_empty() && self.exchanges_left_out == 0
    }

    /// Adds the log to the `ok` of an answer.
    pub fn put_into(&self, ok: &mut Value) {
        if let (Value::Object(members), Ok(Value::Object(own))) = (ok, serde_json::to_value(self)) {
            members.extend(own);
        }
    }

    /// Takes the log out of the `ok` of an answer; `None` where it has none that is valid.
    pub fn take_from(ok: &mut Value) -> Option<Self> {
        let members = ok.as_object_mut()?;
        let own = MEMBERS.map(|name| members.remove_entry(name)).into_iter().flatten();
        serde_json::from_value(Value::Object(own.collect())).ok()
    }

    /// The log in the `ok` of an answer; `None` where it has none that is valid.
    pub fn of(ok: &Value) -> Option<Self> {
        Self::deserialize(ok).ok()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// The members of an answer that a log is.
const MEMBERS: [&str; 2] = ["exchanges", "exchanges_left_out"];

/// How many octets a log has at most. Each may take six in JSON, and an answer is a line of a MiB.
const MOST_OCTETS: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn exchange(size: usize) -> WireExchange {
        WireExchange {
            request: vec![0xFF; size].into(),
            response: "HTTP/1.1 200 OK\r\n\r\n".into(),
        }
    }

    #[test]
    fn a_log_comes_back_out_of_an_answer() {
        let mut log = WireLog::default();
        log.add(exchange(3));
        let mut ok = json!({"obs": {}});
        log.put_into(&mut ok);
        assert_eq!(ok["exchanges"][0]["request"], "\u{ff}\u{ff}\u{ff}");
        assert_eq!(WireLog::of(&ok), Some(log.clone()));
        assert_eq!(WireLog::take_from(&mut ok), Some(log));
        assert_eq!(ok, json!({"obs": {}}));
        assert_eq!(WireLog::take_from(&mut ok), None);
    }

    #[test]
    fn a_full_log_fits_on_a_line_and_counts_what_it_leaves_out() {
        let mut log = WireLog::default();
        for _ in 0..10 {
            log.add(exchange(20_000));
        }
        assert_eq!((log.exchanges.len(), log.exchanges_left_out), (3, 7));
        let mut ok = json!({"obs": {}});
        log.put_into(&mut ok);
        assert!(ok.to_string().len() < 512 << 10);
    }

    #[test]
    fn what_is_no_log_is_taken_out_and_dropped() {
        let mut ok = json!({"obs": {}, "exchanges": [{"request": 1}]});
        assert_eq!(WireLog::take_from(&mut ok), None);
        assert_eq!(ok, json!({"obs": {}}));
    }
}
