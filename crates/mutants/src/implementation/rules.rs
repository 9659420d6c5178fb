//! The rules that an implementation follows: a profile, and at most one mutant or cost.

use cookiespec_vectors::Profile;

use super::slow;
use crate::catalogue::Cost;
use crate::mutant::Mutant;

/// A profile, and at most one mutant or cost. The algorithms are methods of this type, one file for
/// each area, and a mutant is a branch at the place of the rule it breaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) profile: Profile,
    pub(crate) mutant: Option<Mutant>,
    pub(crate) cost: Option<Cost>,
}

impl Rules {
    /// Whether this is the mutant.
    pub(crate) fn is(self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// Whether this is the cost.
    pub(crate) fn has_cost(self, cost: Cost) -> bool {
        self.cost == Some(cost)
    }

    /// Whether the profile is 6265bis, and not RFC 6265.
    pub(crate) fn bis(self) -> bool {
        self.profile == Profile::Rfc6265bis
    }

    /// The value that wins of several attributes with one name: the last one, or the first one if
    /// the mutant is `first_wins`.
    pub(crate) fn winner<T>(self, given: &[T], first_wins: Mutant) -> Option<&T> {
        if self.is(first_wins) { given.first() } else { given.last() }
    }

    /// Removes the blanks around a name or a value: SP and HTAB.
    pub(crate) fn trim(self, mut octets: &[u8]) -> &[u8] {
        if self.is(Mutant::TrimMissing) {
            return octets;
        }
        if self.is(Mutant::TrimOfUnicodeSpace) {
            return std::str::from_utf8(octets).map_or(octets, |text| text.trim().as_bytes());
        }
        if self.is(Mutant::TrimOfJavaScriptInUtf8)
            && let Ok(text) = std::str::from_utf8(octets)
        {
            return text.trim_matches(is_space_of_javascript).as_bytes();
        }
        if self.has_cost(Cost::BlanksByCopies) {
            return slow::trim_by_copies(octets);
        }
        if self.has_cost(Cost::BlanksBySearch) {
            octets = &octets[..slow::end_by_search(octets)];
        }
        while let [first, rest @ ..] = octets
            && self.is_trimmed(*first)
        {
            octets = rest;
        }
        while let [rest @ .., last] = octets
            && self.is_trimmed(*last)
            && !self.is(Mutant::TrimAtStartOnly)
        {
            octets = rest;
        }
        octets
    }

    fn is_trimmed(self, octet: u8) -> bool {
        match octet {
            _ if self.is(Mutant::TrimOfJavaScript) => is_space_of_javascript(char::from(octet)),
            b' ' => true,
            b'\t' => !self.is(Mutant::TrimLeavesTabs),
            0x0B | 0x0C => self.is(Mutant::TrimOfVerticalSpace),
            0xA0 => self.is(Mutant::TrimOfNoBreakSpace),
            _ => false,
        }
    }
}

/// Whether `String.prototype.trim` removes it: `WhiteSpace` and `LineTerminator` of ECMAScript. Unlike
/// Unicode, that has no NEXT LINE, and has the byte order mark.
fn is_space_of_javascript(character: char) -> bool {
    character == '\u{FEFF}' || character.is_whitespace() && character != '\u{85}'
}
