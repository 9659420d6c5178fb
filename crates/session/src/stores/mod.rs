//! The stores that come with the house.

#[cfg(feature = "embedded")]
mod embedded;
#[cfg(feature = "embedded")]
mod environment;
mod memory;
#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "embedded")]
pub use self::embedded::EmbeddedStore;
#[cfg(feature = "embedded")]
pub use self::environment::open_store;
pub use self::memory::MemoryStore;
#[cfg(feature = "redis")]
pub use self::redis::RedisStore;
