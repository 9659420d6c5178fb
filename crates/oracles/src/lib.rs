//! Properties that hold for any octets: the bodies of the fuzz targets in `fuzz/`.
//!
//! An oracle is a function of octets that panics if its property does not hold. A fuzzer calls it
//! with generated input; `cargo test -p cookiespec-oracles` calls it with the seeds, which come
//! from the suite, with damaged copies of them, and with every input in `corpus/regressions`.
//!
//! The naive twin, and the properties by which the engine agrees with it, are in
//! `cookiespec-engine-model`.

pub mod cookie_header;
pub mod date;
pub mod host_and_domain;
pub mod jar_program;
pub mod path;
pub mod persist;
pub mod protocol;
pub mod set_cookie;
#[cfg(feature = "third-party")]
pub mod third_party;
pub mod vectors;

use cookiespec_vectors::Suite;

/// A property, and octets to begin with.
#[derive(Clone, Copy, Debug)]
pub struct Oracle {
    /// The name of the fuzz target, of its corpus and of its regressions.
    pub name: &'static str,
    /// Panics if the property does not hold for these octets.
    pub holds: fn(&[u8]),
    /// Inputs taken from the suite.
    pub seeds: fn(&Suite) -> Vec<Vec<u8>>,
}

/// Every oracle, by name.
pub const ALL: &[Oracle] = &[
    Oracle { name: "cookie_header", holds: cookie_header::holds, seeds: cookie_header::seeds },
    Oracle { name: "date", holds: date::holds, seeds: date::seeds },
    Oracle {
        name: "host_and_domain",
        holds: host_and_domain::holds,
        seeds: host_and_domain::seeds,
    },
    Oracle { name: "jar_program", holds: jar_program::holds, seeds: jar_program::seeds },
    Oracle { name: "path", holds: path::holds, seeds: path::seeds },
    Oracle { name: "persist", holds: persist::holds, seeds: persist::seeds },
    Oracle { name: "protocol", holds: protocol::holds, seeds: protocol::seeds },
    Oracle { name: "set_cookie", holds: set_cookie::holds, seeds: set_cookie::seeds },
    #[cfg(feature = "third-party")]
    Oracle { name: "third_party", holds: third_party::holds, seeds: third_party::seeds },
    Oracle { name: "vectors", holds: vectors::holds, seeds: vectors::seeds },
];

/// Splits at the first line feed; without one, the second half is empty.
fn two_parts(octets: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = octets.splitn(2, |&octet| octet == b'\n');
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}
