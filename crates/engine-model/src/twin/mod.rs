//! The naive twin: the algorithms of section 5 of RFC 6265 and of section 5 of 6265bis, step by
//! step and in the order of the text, without a thought for speed. It shares no line with the
//! engine, so that wherever the two agree, a reader who has checked the twin against the text has
//! checked the engine.
//!
//! Where the two documents differ there are two functions, one below the other; where they do not,
//! there is one, with the section of both. A number in a comment is the number of the step. The
//! texts are read with these corrections, each of which is the common reading:
//!
//! - RFC 6265 with erratum 4148: what follows a day, a year or a time in a token is optional.
//! - Hosts are lenient by default: 6265bis section 5.1.2 read literally refuses `[::1]` and
//!   `my_app.example`. [`host::canonicalize_strictly`] is the literal reading.
//! - 6265bis section 5.7 canonicalizes the request-host in step 9 only; the twin does so first.
//! - 6265bis section 5.6.1 step 4 sets a time to a number of seconds; now plus that number is
//!   meant.
//! - A time that cannot be represented is the nearest one that can.
//!
//! What the texts leave to the user agent is in [`store::UserAgent`].
//!
//! # Repeating a failure
//!
//! The property tests that hold the engine to the twin start from a fixed seed, so that they repeat
//! themselves. They print the smallest failing input and the seed. `PROPTEST_RNG_SEED=<n>` looks
//! elsewhere, `PROPTEST_CASES=<n>` looks longer. Nothing is written to disk: a finding becomes a
//! vector, or a test next to the property.

pub mod date;
pub mod host;
pub mod path;
pub mod receive;
pub mod retrieve;
pub mod set_cookie;
pub mod store;
