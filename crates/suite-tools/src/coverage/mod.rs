//! Requirement coverage: which statements of a specification the suite tests, which it cannot, and
//! which it only half tests.
//!
//! A statement is tested by a case that cites it for the profile and has a check for the profile
//! that is binding: `must` or `should`, and any level for a statement that is itself a `may`.
//! Where the catalogue gives a statement several *sides*, each needs such a case. The sides
//! `present` and `absent` are read off the expected outcome; a case shows any other by a tag
//! `side:<name>`.

mod html;
mod outcome;
mod rows;
mod text;

pub use self::html::Page;
pub(crate) use self::rows::SIDE;
pub use self::rows::{Coverage, Row, Standing};
pub use self::text::Text;
