#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| cookiespec_oracles::host_and_domain::holds(octets));
