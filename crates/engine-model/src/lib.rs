//! The test oracle of the engine: a naive model of the specifications, generators of inputs, and the
//! properties by which engine and model agree.
//!
//! [`twin`] is a literal, slow transcription of the algorithms that shares no line with the engine.
//! [`generate`] makes set-cookie-strings, cookie-dates and jar programs for property tests.
//! [`agree`] compares the two; the property tests of this crate and the oracles of the fuzz targets
//! call it.

pub mod agree;
pub mod generate;
pub mod twin;
