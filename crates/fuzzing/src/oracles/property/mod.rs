//! Properties that hold whatever the reference engine answers: no leak, no injection, no smuggled
//! or swallowed cookie.

pub(crate) mod cookie_header;
pub(crate) mod format_set_cookie;
pub(crate) mod request;
