//! Tools for authors and reviewers of the suite.
//!
//! [`lint`] checks that the verdicts of every case are sound; [`lock`] keeps ids for ever;
//! [`new_case`] appends one. [`coverage`] lists which statements of the catalogue are tested,
//! [`stats`] counts, [`export`] writes the suite for other languages, [`json_schema`] describes the
//! vector files, and [`http_state`] reads the suite of another project to cross-check this one.

pub mod coverage;
pub mod export;
pub mod http_state;
pub mod json_schema;
pub mod lint;
pub mod lock;
pub mod new_case;
pub mod stats;
#[cfg(test)]
mod test_case;
