//! The stores that come with the house.

#[cfg(feature = "embedded")]
mod embedded;
mod memory;
#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "embedded")]
pub use self::embedded::EmbeddedStore;
pub use self::memory::MemoryStore;
#[cfg(feature = "redis")]
pub use self::redis::RedisStore;
