#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| cookiespec_oracles::cookie_header::holds(octets));
