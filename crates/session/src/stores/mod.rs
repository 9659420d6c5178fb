//! The stores of this crate, and the choice between them by environment variable.

#[cfg(feature = "embedded")]
mod embedded;
mod memory;
#[cfg(feature = "embedded")]
mod open;
#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "embedded")]
pub use self::embedded::EmbeddedStore;
pub use self::memory::MemoryStore;
#[cfg(feature = "embedded")]
pub use self::open::open_store;
#[cfg(feature = "redis")]
pub use self::redis::RedisStore;
