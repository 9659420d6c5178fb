//! Octet classes of the grammar and of the algorithms.

/// A set of octets, as a table.
pub(crate) struct Class([bool; 256]);

impl Class {
    pub(crate) const fn contains(&self, octet: u8) -> bool {
        self.0[octet as usize]
    }

    /// Position of the first octet that is not in the class.
    pub(crate) fn first_outside(&self, octets: &[u8]) -> Option<usize> {
        octets.iter().position(|&octet| !self.contains(octet))
    }
}

/// Builds a [`Class`] from inclusive patterns.
macro_rules! class {
    ($($pattern:pat_param)|+) => {{
        let mut table = [false; 256];
        let mut octet = 0;
        while octet < 256 {
            table[octet] = matches!(octet as u8, $($pattern)|+);
            octet += 1;
        }
        Class(table)
    }};
}

/// `token` (RFC 9110 section 5.6.2): what section 4.1.1 allows in a cookie-name.
pub(crate) static TOKEN: Class = class!(
    b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'^'..=b'z'
        | b'|' | b'~'
);

/// `cookie-octet` (section 4.1.1).
pub(crate) static COOKIE_OCTET: Class =
    class!(0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E);

/// `av-octet` (section 4.1.1): any CHAR except CTLs and ";".
pub(crate) static AV_OCTET: Class = class!(0x20..=0x3A | 0x3C..=0x7E);

/// `delimiter` (section 5.1.1).
pub(crate) static DATE_DELIMITER: Class =
    class!(0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E);

/// WSP of RFC 5234: SP and HTAB, and nothing else that other standards call white space.
pub(crate) const fn is_wsp(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}

/// Removes leading and trailing WSP.
///
/// One SP in front, as behind a ";", is what there is as a rule; the rest is left to loops.
#[inline]
pub(crate) fn trim_wsp(octets: &[u8]) -> &[u8] {
    let octets = octets.strip_prefix(b" ").unwrap_or(octets);
    match (octets.first(), octets.last()) {
        (Some(b'!'..), Some(b'!'..)) => octets,
        _ => trim_all_wsp(octets),
    }
}

fn trim_all_wsp(mut octets: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = octets
        && is_wsp(*first)
    {
        octets = rest;
    }
    while let [rest @ .., last] = octets
        && is_wsp(*last)
    {
        octets = rest;
    }
    octets
}

/// Is there a CTL other than HTAB: `%x00-08 / %x0A-1F / %x7F`?
///
/// Blocks are folded without a branch per octet, because only that shape is vectorised; the last
/// one overlaps the one before it.
pub(crate) fn contains_ctl(octets: &[u8]) -> bool {
    let Some(last) = octets.last_chunk::<16>() else {
        return octets.iter().any(|&octet| is_ctl(octet));
    };
    let (large, rest) = octets.as_chunks::<64>();
    let small = rest.as_chunks().0.iter().chain([last]);
    large.iter().map(any_ctl).chain(small.map(any_ctl)).any(|found| found)
}

#[inline]
fn any_ctl<const N: usize>(octets: &[u8; N]) -> bool {
    octets.iter().fold(false, |found, &octet| found | is_ctl(octet))
}

const fn is_ctl(octet: u8) -> bool {
    ((octet < 0x20) & (octet != b'\t')) | (octet == 0x7F)
}

/// Position of the first such octet.
///
/// The parts of a cookie are short: the first words are searched here, which takes less than a
/// call of `memchr`, and only a longer search is left to that.
#[inline]
pub(crate) fn find(needle: u8, octets: &[u8]) -> Option<usize> {
    const WORDS: usize = 4;
    let mut at = 0;
    for word in octets.as_chunks::<8>().0.iter().take(WORDS) {
        let hits = zero_octets(u64::from_le_bytes(*word) ^ (ONES * u64::from(needle)));
        if hits != 0 {
            return Some(at + (hits.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    let rest = &octets[at..];
    if rest.len() < 8 {
        return rest.iter().position(|&octet| octet == needle).map(|found| at + found);
    }
    memchr::memchr(needle, rest).map(|found| at + found)
}

/// Is this the word, given in lower case, in any case (i;ascii-casemap)?
#[inline]
pub(crate) const fn is_word<const N: usize>(octets: &[u8], lower: &[u8; N]) -> bool {
    if octets.len() != N {
        return false;
    }
    let mut difference = 0;
    let mut at = 0;
    while at < N {
        let fold = if lower[at].is_ascii_lowercase() { 0x20 } else { 0 };
        difference |= (octets[at] | fold) ^ lower[at];
        at += 1;
    }
    difference == 0
}

/// A word of eight octets of value 1.
const ONES: u64 = u64::MAX / 0xFF;
/// The highest bit of each octet.
const HIGHS: u64 = ONES << 7;

/// Not zero where an octet is; its lowest bit marks the first one.
const fn zero_octets(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(class: &Class) -> alloc::vec::Vec<u8> {
        (0..=255).filter(|&octet| class.contains(octet)).collect()
    }

    #[test]
    fn token_is_all_of_rfc_9110_and_nothing_else() {
        let punctuation = b"!#$%&'*+-.^_`|~";
        let want: alloc::vec::Vec<u8> = (0..=255u8)
            .filter(|octet| octet.is_ascii_alphanumeric() || punctuation.contains(octet))
            .collect();
        assert_eq!(members(&TOKEN), want);
    }

    #[test]
    fn cookie_octet_leaves_out_ctl_space_quote_comma_semicolon_backslash_and_non_ascii() {
        let want: alloc::vec::Vec<u8> =
            (0x21..=0x7E).filter(|octet| !b"\",;\\".contains(octet)).collect();
        assert_eq!(members(&COOKIE_OCTET), want);
    }

    #[test]
    fn av_octet_is_printable_ascii_without_semicolon() {
        let want: alloc::vec::Vec<u8> = (0x20..=0x7E).filter(|&octet| octet != b';').collect();
        assert_eq!(members(&AV_OCTET), want);
    }

    #[test]
    fn date_delimiters_leave_out_colon_digits_letters_and_the_high_half() {
        let want: alloc::vec::Vec<u8> = (0..=0x7E_u8)
            .filter(|&octet| octet == b'\t' || octet >= 0x20)
            .filter(|octet| !octet.is_ascii_alphanumeric() && *octet != b':')
            .collect();
        assert_eq!(members(&DATE_DELIMITER), want);
    }

    #[test]
    fn control_characters_are_found_wherever_they_stand() {
        for octet in 0..=255_u8 {
            let ctl = octet.is_ascii_control() && octet != b'\t';
            for at in [0, 1, 63, 64, 65, 199] {
                let mut line = [b'a'; 200];
                line[at] = octet;
                assert_eq!(contains_ctl(&line), ctl, "octet {octet:#04x} at {at}");
            }
        }
    }

    #[test]
    fn only_space_and_tab_are_trimmed() {
        assert_eq!(trim_wsp(b" \t a b\t "), b"a b");
        assert_eq!(trim_wsp(b"\x0b\xa0a\x0c\r"), b"\x0b\xa0a\x0c\r");
        assert_eq!(trim_wsp(b" \t "), b"");
    }

    #[test]
    fn a_search_finds_the_first_at_every_distance() {
        for length in 0..80 {
            let mut octets = [b'<', b':', 0xBB].repeat(27);
            octets.truncate(length);
            assert_eq!(find(b';', &octets), None);
            for at in (0..length).rev() {
                octets[at] = b';';
                assert_eq!(find(b';', &octets), Some(at));
            }
        }
    }

    #[test]
    fn every_octet_is_a_control_character_or_not_wherever_it_stands() {
        for octet in 0..=0xFF_u8 {
            let is_ctl = octet.is_ascii_control() && octet != b'\t';
            for length in 1..80 {
                for filler in [b' ', b'\t', 0xFF] {
                    let mut octets = alloc::vec![filler; length];
                    octets[length / 2] = octet;
                    assert_eq!(contains_ctl(&octets), is_ctl, "{octet} in {length} of {filler}");
                }
            }
        }
    }

    #[test]
    fn a_word_is_compared_as_ascii() {
        for octet in 0..=0xFF_u8 {
            let name = [b'M', b'a', octet, b'-', b'A', b'G', b'E'];
            assert_eq!(is_word(&name, b"max-age"), name.eq_ignore_ascii_case(b"Max-Age"));
            let name = [b'm', b'a', b'x', octet, b'a', b'g', b'e'];
            assert_eq!(is_word(&name, b"max-age"), name.eq_ignore_ascii_case(b"Max-Age"));
        }
        assert!(!is_word(b"path", b"paths") && !is_word(b"paths", b"path"));
    }
}
