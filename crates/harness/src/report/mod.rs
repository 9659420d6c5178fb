//! Results shown: as text for a terminal, as JSON for a program, as one HTML file for a reader.

pub mod case;
pub mod html;
pub mod json;
mod style;
mod table;
pub mod text;
mod visible;

pub use style::Style;
pub use visible::Visible;

use cookiespec_vectors::Case;

use crate::results::Results;
use crate::shims::Absent;

/// Everything there is to show.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The cases that were put to the targets.
    pub cases: &'a [&'a Case],
    /// One element per target; each holds one element per case.
    pub results: &'a [Results],
    /// Targets that could not be run here.
    pub absent: &'a [Absent],
}
