//! What it means that the engine and the naive twin agree. The property tests hold them to it on
//! generated inputs, the fuzz targets (`crates/oracles`) on whatever a fuzzer finds.

#![allow(dead_code, reason = "each test binary looks at a part of it")]

pub(crate) mod program;
pub(crate) mod retrieval;
pub(crate) mod set_cookie;
