#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| cookiespec_oracles::set_cookie::holds(octets));
