//! The stores of this crate, and the choice between them by environment variable.

mod memory;
#[cfg(feature = "embedded")]
mod open;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "embedded")]
mod sqlite;

pub use self::memory::MemoryStore;
#[cfg(feature = "embedded")]
pub use self::open::open_store;
#[cfg(feature = "redis")]
pub use self::redis::RedisStore;
#[cfg(feature = "embedded")]
pub use self::sqlite::EmbeddedStore;
