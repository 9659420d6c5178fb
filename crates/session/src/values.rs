//! The data of a session: keys and their values, and the changes one request makes to them.

use std::collections::BTreeMap;

use crate::record::Corrupt;

/// Keys and values, each value as JSON text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values(BTreeMap<String, Vec<u8>>);

/// What one request does to the values, key by key. Applied to whatever is stored by then, it
/// leaves alone what another request did to other keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// Forget every value first.
    pub(crate) clear: bool,
    /// New values, and `None` for keys to remove.
    pub(crate) keys: BTreeMap<String, Option<Vec<u8>>>,
}

impl Values {
    pub(crate) fn value(&self, key: &str) -> Option<&[u8]> {
        self.0.get(key).map(Vec::as_slice)
    }

    pub(crate) fn with(mut self, changes: &Changes) -> Self {
        if changes.clear {
            self.0.clear();
        }
        for (key, value) in &changes.keys {
            match value {
                Some(value) => self.0.insert(key.clone(), value.clone()),
                None => self.0.remove(key),
            };
        }
        self
    }

    pub(crate) fn to_octets(&self) -> Vec<u8> {
        let length = self.0.iter().map(|(key, value)| 16 + key.len() + value.len()).sum();
        let mut octets = Vec::with_capacity(length);
        for (key, value) in &self.0 {
            for part in [key.as_bytes(), value] {
                octets.extend((part.len() as u64).to_be_bytes());
                octets.extend(part);
            }
        }
        octets
    }

    pub(crate) fn from_octets(mut octets: &[u8]) -> Result<Self, Corrupt> {
        let mut values = BTreeMap::new();
        while !octets.is_empty() {
            let key = std::str::from_utf8(take_part(&mut octets)?).map_err(|_| Corrupt)?;
            let value = take_part(&mut octets)?;
            values.insert(key.to_owned(), value.to_vec());
        }
        Ok(Self(values))
    }
}

fn take_part<'a>(octets: &mut &'a [u8]) -> Result<&'a [u8], Corrupt> {
    let (length, rest) = octets.split_first_chunk().ok_or(Corrupt)?;
    let length = usize::try_from(u64::from_be_bytes(*length)).map_err(|_| Corrupt)?;
    let (part, rest) = rest.split_at_checked(length).ok_or(Corrupt)?;
    *octets = rest;
    Ok(part)
}

impl Changes {
    pub(crate) fn is_empty(&self) -> bool {
        !self.clear && self.keys.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(key: &str, value: Option<&str>) -> Changes {
        let value = value.map(|value| value.as_bytes().to_vec());
        Changes { clear: false, keys: [(key.to_owned(), value)].into() }
    }

    #[test]
    fn values_are_read_back_and_cut_ones_are_corrupt() {
        let values =
            Values::default().with(&change("a", Some("1"))).with(&change("", Some("\"é\"")));
        let octets = values.to_octets();
        assert_eq!(Values::from_octets(&octets), Ok(values));
        assert_eq!(Values::from_octets(&octets[..octets.len() - 1]), Err(Corrupt));
        assert_eq!(Values::from_octets(&[0xFF; 24]), Err(Corrupt));
    }

    #[test]
    fn changes_touch_their_keys_alone() {
        let stored = Values::default().with(&change("a", Some("1"))).with(&change("b", Some("2")));
        let after = stored.clone().with(&change("a", None)).with(&change("c", Some("3")));
        assert_eq!(after.value("a"), None);
        assert_eq!(after.value("b"), Some(&b"2"[..]));
        assert_eq!(after.value("c"), Some(&b"3"[..]));
        let cleared = after.with(&Changes { clear: true, ..change("d", Some("4")) });
        assert_eq!(cleared, Values::default().with(&change("d", Some("4"))));
    }
}
