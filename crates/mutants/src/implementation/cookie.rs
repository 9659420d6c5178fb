//! Cookies as plain data: as they are parsed, and as they are stored.

/// A parsed set-cookie-string.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
    pub(crate) attributes: Attributes,
}

/// The cookie-attribute-list: for each name the values, in the order of the string.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes {
    /// Unix seconds.
    pub(crate) expires: Vec<i64>,
    /// Seconds.
    pub(crate) max_age: Vec<i64>,
    pub(crate) domain: Vec<Vec<u8>>,
    /// `None` is the default-path.
    pub(crate) path: Vec<Option<Vec<u8>>>,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: Vec<SameSite>,
    /// Whether Expires follows the last Max-Age.
    pub(crate) expires_is_last: bool,
    /// Attributes that no specification defines.
    pub(crate) unknown: Vec<(Vec<u8>, Vec<u8>)>,
}

/// The same-site-flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SameSite {
    #[default]
    Default,
    None,
    Lax,
    Strict,
}

impl SameSite {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::None => "None",
            Self::Lax => "Lax",
            Self::Strict => "Strict",
        }
    }
}

/// Unix seconds, and the number of events before, so that no two moments are equal.
pub(crate) type Moment = (i64, u64);

/// A cookie with the fields that a store keeps.
#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    pub(crate) name: Vec<u8>,
    /// [`hash`] of the name.
    pub(crate) name_hash: u32,
    pub(crate) value: Vec<u8>,
    pub(crate) domain: Vec<u8>,
    pub(crate) path: Vec<u8>,
    /// Unix seconds; `None` if the cookie ends with the session.
    pub(crate) expiry: Option<i64>,
    pub(crate) creation: Moment,
    pub(crate) last_access: Moment,
    pub(crate) host_only: bool,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: SameSite,
    /// Scheme and port of the request it came with. Only mutants use it.
    pub(crate) origin: (Vec<u8>, Vec<u8>),
    /// Number of the response it came with. Only mutants use it.
    pub(crate) response: u64,
}

impl Cookie {
    pub(crate) fn is_expired(&self, now: i64) -> bool {
        self.expiry.is_some_and(|expiry| expiry <= now)
    }
}

/// FNV-1a over the name in lower case. Names with different hashes differ in more than case.
pub(crate) fn hash(name: &[u8]) -> u32 {
    name.iter().fold(0x811C_9DC5, |hash: u32, octet| {
        (hash ^ u32::from(octet.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    })
}
