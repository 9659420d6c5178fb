//! The data of a session: keys and their values, and the changes one request makes to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::record::Corrupt;

/// Keys and values, each value as JSON text, in the encoding that stores keep: every key and every
/// value preceded by its length, keys in order. They are read in place, because a request reads few
/// of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values(Arc<[u8]>);

/// The changes of one request, key by key, so that applying them to the current record preserves
/// what other requests did to other keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// Whether to remove every value first.
    pub(crate) clear: bool,
    /// New values, and `None` for keys to remove.
    pub(crate) keys: BTreeMap<String, Option<Vec<u8>>>,
}

impl Values {
    pub(crate) fn value(&self, key: &str) -> Option<&[u8]> {
        self.pairs().find(|(name, _)| *name == key.as_bytes()).map(|(_, value)| value)
    }

    /// The values after the changes.
    pub(crate) fn with(&self, changes: &Changes) -> Self {
        let mut pairs = BTreeMap::new();
        if !changes.clear {
            pairs.extend(self.pairs());
        }
        for (key, value) in &changes.keys {
            match value {
                Some(value) => pairs.insert(key.as_bytes(), value),
                None => pairs.remove(key.as_bytes()),
            };
        }
        let length = pairs.iter().map(|(key, value)| 16 + key.len() + value.len()).sum();
        let mut octets = Vec::with_capacity(length);
        for part in pairs.into_iter().flat_map(|(key, value)| [key, value]) {
            octets.extend((part.len() as u64).to_be_bytes());
            octets.extend(part);
        }
        Self(octets.into())
    }

    pub(crate) const fn octets(&self) -> &Arc<[u8]> {
        &self.0
    }

    /// Decodes what [`Values::octets`] returned.
    ///
    /// # Errors
    /// [`Corrupt`] if the octets are not such an encoding.
    pub(crate) fn from_octets(octets: Arc<[u8]>) -> Result<Self, Corrupt> {
        let mut rest = &*octets;
        while !rest.is_empty() {
            std::str::from_utf8(take_part(&mut rest)?).map_err(|_| Corrupt)?;
            take_part(&mut rest)?;
        }
        Ok(Self(octets))
    }

    /// The octets were checked by [`Values::from_octets`].
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut rest = &*self.0;
        std::iter::from_fn(move || Some((take_part(&mut rest).ok()?, take_part(&mut rest).ok()?)))
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
        let octets = values.octets().clone();
        assert_eq!(Values::from_octets(octets[..octets.len() - 1].into()), Err(Corrupt));
        assert_eq!(Values::from_octets(octets), Ok(values));
        assert_eq!(Values::from_octets([0xFF; 24][..].into()), Err(Corrupt));
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
