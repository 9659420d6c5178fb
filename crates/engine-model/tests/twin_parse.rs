//! Set-cookie-strings: the engine and the naive twin read the same name, value and attributes.

use cookiespec_engine::Profile;
use cookiespec_engine::set_cookie::parse;
use cookiespec_engine_model::agree::set_cookie::agree;
use cookiespec_engine_model::generate::set_cookie::set_cookie_string;
use cookiespec_engine_model::generate::{Octets, holds};
use proptest::prelude::*;

#[test]
fn engine_and_twin_agree_on_set_cookie_strings_under_rfc6265() {
    engine_and_twin_agree(Profile::Rfc6265);
}

#[test]
fn engine_and_twin_agree_on_set_cookie_strings_under_rfc6265bis() {
    engine_and_twin_agree(Profile::Rfc6265bis);
}

fn engine_and_twin_agree(profile: Profile) {
    holds(4_000, &set_cookie_string().prop_map(Octets), |line| {
        agree(&line.0, profile, &parse(&line.0, profile))
    });
}
