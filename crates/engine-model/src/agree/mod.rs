//! The properties by which the engine and the naive twin agree. The property tests check them on
//! generated inputs, the fuzz targets (`crates/oracles`) on the inputs of a fuzzer.

pub mod program;
pub mod retrieval;
pub mod set_cookie;
