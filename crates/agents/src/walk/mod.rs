//! A program as a walk: requests that a user agent makes, and how each is answered.
//!
//! A walk is the same whatever it comes from: a program of a cookie store (`jar`), or one of whole
//! requests and responses (`exchange`).

mod circumstances;
mod cookie_hosts;
mod exchange;
mod jar;
mod legs;
mod location;

pub use self::cookie_hosts::cookie_hosts;
pub use self::jar::Pace;
pub use self::legs::{Hop, Leg, Means, Page, Visit, Walk};
pub use self::location::Location;
