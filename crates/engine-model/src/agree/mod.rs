//! What it means that the engine and the naive twin agree. The property tests hold them to it on
//! generated inputs, the fuzz targets (`crates/oracles`) on whatever a fuzzer finds.

pub mod program;
pub mod retrieval;
pub mod set_cookie;
