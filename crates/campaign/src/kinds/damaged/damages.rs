//! Ways to damage a text.

/// A way to damage a text, given a number that looks random, and what it is called.
pub(super) type Damage = (&'static str, fn(&[u8], usize) -> Vec<u8>);

pub(super) const DAMAGES: &[Damage] = &[
    ("cut", |text, random| text[..random % (text.len() + 1)].to_vec()),
    ("a bit flipped", |text, random| {
        let mut text = text.to_vec();
        if let Some(octet) = pick(text.len(), random).and_then(|at| text.get_mut(at)) {
            *octet ^= 1 << (random / 7 % 8);
        }
        text
    }),
    ("a line twice", |text, random| {
        with_lines(text, random, |lines, at| lines.insert(at, lines[at]))
    }),
    ("a line gone", |text, random| {
        with_lines(text, random, |lines, at| {
            lines.remove(at);
        })
    }),
    ("two lines exchanged", |text, random| with_lines(text, random, |lines, at| lines.swap(at, 0))),
    ("control characters", |text, random| {
        inserted(text, random, "\u{1b}[2J\u{0}\u{9b}\u{202e}\n::error::x\n##vso[x]".as_bytes())
    }),
    ("octets that are not UTF-8", |text, random| inserted(text, random, b"\xff\xc0\x80")),
    ("a number that is too large", |text, random| {
        let digits: Vec<_> = (0..text.len()).filter(|&at| text[at].is_ascii_digit()).collect();
        match pick(digits.len(), random).map(|at| digits[at]) {
            Some(at) => [&text[..at], b"99999999999999999999999", &text[at..]].concat(),
            None => text.to_vec(),
        }
    }),
    ("deep nesting", |text, random| inserted(text, random, "[".repeat(100_000).as_bytes())),
    ("a long word", |text, random| inserted(text, random, "x".repeat(200_000).as_bytes())),
    ("a part of it again", |text, random| {
        let at = random % (text.len() + 1);
        [&text[..at], &text[at / 2..]].concat()
    }),
    ("another word", |text, random| {
        let words = ["true", "null", "{}", "[]", "\"\"", "-1", "1e999", "=", "'", "#"];
        inserted(text, random, words[random / 3 % words.len()].as_bytes())
    }),
];

/// The text with the damage of this number, the same each time.
pub(super) fn damage(text: &[u8], nth: usize) -> Vec<u8> {
    // Numbers in a row, spread over all places: the multiplier of Knuth's hash.
    let random = nth.wrapping_add(1).wrapping_mul(0x9e37_79b9) >> 3;
    DAMAGES[nth % DAMAGES.len()].1(text, random)
}

fn pick(length: usize, random: usize) -> Option<usize> {
    random.checked_rem(length)
}

fn inserted(text: &[u8], random: usize, part: &[u8]) -> Vec<u8> {
    let (before, after) = text.split_at(random % (text.len() + 1));
    [before, part, after].concat()
}

fn with_lines(text: &[u8], random: usize, change: fn(&mut Vec<&[u8]>, usize)) -> Vec<u8> {
    let mut lines: Vec<_> = text.split_inclusive(|&octet| octet == b'\n').collect();
    if let Some(at) = pick(lines.len(), random) {
        change(&mut lines, at);
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_damage_changes_the_text_and_is_the_same_each_time() {
        let text = b"{\"a\": 1}\n{\"b\": 2}\n{\"c\": 3}\n";
        for nth in 0..10 * DAMAGES.len() {
            let damaged = damage(text, nth);
            assert_eq!(damage(text, nth), damaged);
        }
        let changed = (0..1000).filter(|&nth| damage(text, nth) != text).count();
        assert!(changed > 900, "{changed}");
        assert!(DAMAGES.iter().all(|(_, damage)| damage(b"", 5).len() < 1 << 20));
    }
}
