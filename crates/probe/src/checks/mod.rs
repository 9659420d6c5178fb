//! The checks: one table, and one module of functions for each of its sections.

mod attributes;
mod caching;
mod carrier;
mod concurrency;
mod creation;
mod durability;
mod hostile;
mod identifier;
mod login;
mod logout;
mod timeout;

pub mod table;
