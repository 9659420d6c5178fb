//! A `format.set-cookie` request in the types that text-only crates take.

use cookiespec_vectors::implementation::{OperationResult, unsupported};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::FormatSetCookie;
use time::OffsetDateTime;

use crate::http_text::text;

/// The cookie that a `format.set-cookie` request describes.
pub(crate) struct RequestedCookie<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    /// In seconds.
    pub(crate) max_age: Option<i64>,
    /// In Unix seconds.
    pub(crate) expires: Option<i64>,
    pub(crate) domain: Option<&'a str>,
    pub(crate) path: Option<&'a str>,
    pub(crate) secure: Option<bool>,
    pub(crate) http_only: Option<bool>,
    pub(crate) same_site: Option<SameSite>,
    pub(crate) partitioned: Option<bool>,
}

/// The values of SameSite that the crates have names for.
#[derive(Clone, Copy)]
pub(crate) enum SameSite {
    Strict,
    Lax,
    None,
}

impl<'a> RequestedCookie<'a> {
    /// Reads a request.
    ///
    /// # Errors
    /// "Unsupported", where a string is not UTF-8 or SameSite has none of its three values.
    pub(crate) fn read(request: &'a FormatSetCookie) -> OperationResult<Self> {
        Ok(Self {
            name: text(&request.name)?,
            value: text(&request.value)?,
            max_age: request.max_age,
            expires: request.expires,
            domain: request.domain.as_ref().map(text).transpose()?,
            path: request.path.as_ref().map(text).transpose()?,
            secure: request.secure,
            http_only: request.http_only,
            same_site: request.same_site.as_ref().map(same_site).transpose()?,
            partitioned: request.partitioned,
        })
    }

    /// Expires in the terms of the `time` crate.
    ///
    /// # Errors
    /// "Unsupported", beyond the years -9999 to 9999.
    pub(crate) fn expires_datetime(&self) -> OperationResult<Option<OffsetDateTime>> {
        self.expires
            .map(|unix| {
                OffsetDateTime::from_unix_timestamp(unix).or_else(|_| unsupported("expires"))
            })
            .transpose()
    }
}

fn same_site(value: &Octets) -> OperationResult<SameSite> {
    match value.as_slice() {
        b"Strict" => Ok(SameSite::Strict),
        b"Lax" => Ok(SameSite::Lax),
        b"None" => Ok(SameSite::None),
        _ => unsupported("same_site"),
    }
}
