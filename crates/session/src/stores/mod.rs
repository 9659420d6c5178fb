//! The stores that come with the house.

mod memory;

pub use self::memory::MemoryStore;
