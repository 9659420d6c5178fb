//! Requests that a page of another site makes a browser send.

use cookiespec_wire::Request;

use crate::verdict::{Checked, ensure, pass};

/// The request as different browsers send it, with what they say about where it comes from.
pub(super) fn requests(request: &Request) -> impl Iterator<Item = (&'static str, Request)> {
    WAYS.iter().map(|(said, fields)| {
        let mut request = request.clone();
        for (name, value) in *fields {
            request.field(name, value);
        }
        (*said, request)
    })
}

/// What browsers of today send must not be obeyed; what is less of a hint is only told.
pub(super) fn verdict(obeyed: &[&'static str], what: &str) -> Checked {
    ensure(!obeyed.contains(&WAYS[0].0), || {
        format!("{what} from another site, without a token, is obeyed: {}", obeyed.join(", "))
    })?;
    match obeyed {
        [] => pass(format!("{what} from another site is refused, whatever the browser says of it")),
        some => {
            pass(format!("{what} from another site is refused, but obeyed {}", some.join(", ")))
        }
    }
}

type Way = (&'static str, &'static [(&'static str, &'static str)]);

const WAYS: [Way; 5] = [
    (
        "with Sec-Fetch-Site and Origin",
        &[
            ("Origin", "https://evil.example"),
            ("Referer", "https://evil.example/"),
            ("Sec-Fetch-Site", "cross-site"),
        ],
    ),
    ("with Sec-Fetch-Site: cross-site alone", &[("Sec-Fetch-Site", "cross-site")]),
    ("with Sec-Fetch-Site: same-site alone", &[("Sec-Fetch-Site", "same-site")]),
    ("with Origin alone", &[("Origin", "https://evil.example")]),
    ("with Origin: null alone", &[("Origin", "null")]),
];
