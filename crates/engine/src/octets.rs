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
pub(crate) fn trim_wsp(mut octets: &[u8]) -> &[u8] {
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
/// Blocks are folded without a branch per octet, because only that shape is vectorised.
pub(crate) fn contains_ctl(octets: &[u8]) -> bool {
    octets.chunks(64).any(|block| {
        block.iter().fold(false, |found, &octet| {
            found | ((octet < 0x20) & (octet != b'\t')) | (octet == 0x7F)
        })
    })
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
}
