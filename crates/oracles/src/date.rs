//! A cookie-date: the engine and the naive twin read the same time.

use cookiespec_engine::date::{ImfFixdate, parse_cookie_date};
use cookiespec_vectors::Suite;
use cookiespec_vectors::operation::Operation;

use cookiespec_engine_model::twin;

/// Holds it for the date as it is, between delimiters, and in either case of its letters.
pub fn holds(date: &[u8]) {
    let time = parse_cookie_date(date).ok();
    assert_eq!(time, twin::date::parse(date));
    assert_eq!(parse_cookie_date(&[b" ,", date, b"; "].concat()).ok(), time, "delimiters count");
    assert_eq!(parse_cookie_date(&date.to_ascii_uppercase()).ok(), time, "case counts");
    if let Some(time) = time {
        let written = ImfFixdate::new(time).expect("a cookie-date can be written").to_string();
        assert_eq!(parse_cookie_date(written.as_bytes()), Ok(time), "{written}");
    }
}

/// Every cookie-date of the suite.
pub fn seeds(suite: &Suite) -> Vec<Vec<u8>> {
    let dates = suite.cases().iter().filter_map(|case| match case.operation() {
        Operation::ParseDate(request) => Some(request.date.as_slice().to_vec()),
        _ => None,
    });
    dates.collect()
}
