//! Requests that no walk asked for: what an agent does by itself.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

/// How many requests belong to no hop, by what was requested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strays {
    /// By method and URI; the first ones that differ.
    named: BTreeMap<String, usize>,
    /// How many requests are for anything else.
    others: usize,
}

impl Strays {
    /// Counts a request: its method and URI.
    pub(crate) fn add(&mut self, request: &str) {
        if let Some(count) = self.named.get_mut(request) {
            *count += 1;
        } else if self.named.len() < MOST_NAMED {
            self.named.insert(request.to_owned(), 1);
        } else {
            self.others += 1;
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.named.values().sum::<usize>() + self.others
    }
}

impl Display for Strays {
    /// In one line; control octets are escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.count();
        write!(f, "{count} request{} of no case", if count == 1 { "" } else { "s" })?;
        for (index, (request, count)) in self.named.iter().enumerate() {
            let separator = if index == 0 { ": " } else { ", " };
            write!(f, "{separator}{} ({count})", request.escape_debug())?;
        }
        match self.others {
            0 => Ok(()),
            others => write!(f, " and {others} others"),
        }
    }
}

/// How many different ones are named.
const MOST_NAMED: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_what_they_are_for_and_their_number_is_bounded() {
        let mut strays = Strays::default();
        strays.add("GET http://b.test/\n");
        assert_eq!(strays.to_string(), r"1 request of no case: GET http://b.test/\n (1)");
        for _ in 0..2 {
            strays.add("GET http://a.test/");
        }
        let text = r"3 requests of no case: GET http://a.test/ (2), GET http://b.test/\n (1)";
        assert_eq!(strays.to_string(), text);
        for index in 0..20 {
            strays.add(&format!("GET http://{index}.test/"));
        }
        assert_eq!(strays.count(), 23);
        assert!(strays.to_string().ends_with(" and 6 others"), "{strays}");
    }
}
