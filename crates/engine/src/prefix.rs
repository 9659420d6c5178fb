//! Cookie name prefixes: 6265bis sections 4.1.3, 5.4 and 5.7 steps 20 to 22.

/// What the beginning of a cookie-name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// `__Secure-`: the cookie has Secure.
    Secure,
    /// `__Host-`: Secure, Path=/ and no Domain.
    Host,
}

impl Prefix {
    /// The prefix of a name, matched case-insensitively as user agents must (section 5.4).
    pub fn of(name: &[u8]) -> Option<Self> {
        let starts_with = |prefix: &[u8]| {
            name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        if starts_with(b"__Secure-") {
            Some(Self::Secure)
        } else if starts_with(b"__Host-") {
            Some(Self::Host)
        } else {
            None
        }
    }
}
