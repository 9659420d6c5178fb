//! Results shown.

mod text;

pub use self::text::Text;
