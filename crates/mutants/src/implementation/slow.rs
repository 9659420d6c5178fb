//! Algorithms that give the right answer and take too long: one for each `Cost`.

/// The octets without blanks around them: `Cost::BlanksByCopies`.
pub(crate) fn trim_by_copies(octets: &[u8]) -> &[u8] {
    let is_blank = |octet: Option<&u8>| octet.is_some_and(|octet| b" \t".contains(octet));
    let mut copy = octets.to_vec();
    while is_blank(copy.first()) {
        copy = copy[1..].to_vec();
    }
    let start = octets.len() - copy.len();
    while is_blank(copy.last()) {
        copy = copy[..copy.len() - 1].to_vec();
    }
    &octets[start..start + copy.len()]
}

/// The value, split at its backslashes and joined again: `Cost::BackslashesByCopies`.
pub(crate) fn rejoined_at_backslashes(value: &[u8]) -> Vec<u8> {
    let mut rejoined = Vec::new();
    let mut rest = value.to_vec();
    while let Some(at) = rest.iter().position(|octet| *octet == b'\\') {
        rejoined.extend_from_slice(&rest[..=at]);
        rest = rest[at + 1..].to_vec();
    }
    rejoined.extend_from_slice(&rest);
    rejoined
}

/// The parts between the semicolons: `Cost::AttributesByCopies`.
pub(crate) fn cookie_avs_by_copies(unparsed: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    let mut rest = unparsed.to_vec();
    while let Some(at) = rest.iter().position(|octet| *octet == b';') {
        parts.push(rest[..at].to_vec());
        rest = rest[at + 1..].to_vec();
    }
    parts.push(rest);
    parts
}

/// Where the trailing blanks begin: `Cost::BlanksBySearch`.
pub(crate) fn end_by_search(octets: &[u8]) -> usize {
    let is_blank = |octet: &u8| b" \t".contains(octet);
    let blanks_from =
        |at: usize| -> Vec<u8> { octets[at..].iter().copied().take_while(is_blank).collect() };
    let ends_from = |at: &usize| *at + blanks_from(*at).len() == octets.len();
    (0..octets.len()).find(ends_from).unwrap_or(octets.len())
}

/// How many pairs of attributes are equal: `Cost::AttributesByComparison`.
pub(crate) fn same_attributes(unparsed: &[u8]) -> usize {
    let mut start = 0;
    let mut ranges = Vec::new();
    for part in unparsed.split(|octet| *octet == b';') {
        ranges.push(start..start + part.len());
        start += part.len() + 1;
    }
    let mut same = 0;
    for (at, range) in ranges.iter().enumerate() {
        for other in &ranges[..at] {
            let copy = String::from_utf8_lossy(unparsed).to_lowercase().into_bytes();
            same += usize::from(copy.get(range.clone()) == copy.get(other.clone()));
        }
    }
    same
}

/// Whether there are backslashes, in ones and twos, and then a quote:
/// `Cost::BackslashesByBacktracking`.
pub(crate) fn is_closed_by_backtracking(octets: &[u8]) -> bool {
    let after = |backslashes: &[u8]| octets.strip_prefix(backslashes).map(<[u8]>::to_vec);
    let is_closed = |rest: Vec<u8>| is_closed_by_backtracking(&rest);
    octets.first() == Some(&b'"')
        || after(b"\\").is_some_and(is_closed)
        || after(b"\\\\").is_some_and(is_closed)
}

/// The pairs sorted by name, and sorted back into their order: `Cost::PairsBySorting`.
pub(crate) fn sorted_and_restored(pairs: Vec<(Vec<u8>, Vec<u8>)>) -> Vec<(Vec<u8>, Vec<u8>)> {
    let named = merge_sorted(pairs.into_iter().enumerate().collect(), &|(at, (name, _))| {
        (name.clone(), *at)
    });
    let restored = merge_sorted(named, &|(at, _)| *at);
    restored.into_iter().map(|(_, pair)| pair).collect()
}

/// The answer for an octet, looked up in a table of the answers for all octets:
/// `Cost::ControlsByTables`.
pub(crate) fn look_up_in_table(octet: u8, answer: impl Fn(u8) -> bool) -> bool {
    let table: Vec<bool> = (0..=u8::MAX).map(answer).collect();
    table[usize::from(octet)]
}

/// Merge sort that copies each half.
fn merge_sorted<T: Clone, K: Ord>(mut list: Vec<T>, key: &dyn Fn(&T) -> K) -> Vec<T> {
    if list.len() < 2 {
        return list;
    }
    let second = merge_sorted(list.split_off(list.len() / 2), key);
    let first = merge_sorted(list, key);
    let mut merged = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
    while let (Some(one), Some(other)) = (first.peek(), second.peek()) {
        let next = if key(one) <= key(other) { first.next() } else { second.next() };
        merged.extend(next);
    }
    merged.extend(first);
    merged.extend(second);
    merged
}
