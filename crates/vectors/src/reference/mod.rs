//! The reference engine behind the [`Implementation`](crate::Implementation) trait, a user agent on top
//! of it, and the steps it takes in a case.

mod details;
mod explanation;
mod implementation;
mod user_agent;

pub use self::details::ExplainedStep;
pub use self::explanation::{Explanation, explain_in_detail};
pub use self::implementation::{Reference, Traced, explain, trace};
