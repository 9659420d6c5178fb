//! A response, as it came in.

/// A response. Interim responses (1xx) are skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header fields in order; values without the blanks around them.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The content, without the transfer coding.
    pub body: Vec<u8>,
}

impl Response {
    /// The values of every field of this name, whatever its case.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let fields = self.fields.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| &value[..])
    }

    /// The value of the first field of this name.
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// The values of every field of this name as one list, in lower case. What is no UTF-8 is
    /// replaced.
    pub fn list(&self, name: &str) -> String {
        let values = self.all(name).map(|value| String::from_utf8_lossy(value).to_lowercase());
        values.collect::<Vec<_>>().join(", ")
    }
}
