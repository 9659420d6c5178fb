#![doc = include_str!("../README.md")]

mod adapter;
pub mod agent;
mod client;
mod origins;
mod pages;
pub mod rust;
mod strays;
pub mod walk;
pub mod webdriver;

pub use adapter::{Adapter, StartError};
pub use agent::{Agent, AgentError, AgentFacts, Clock, Navigation, Settling};
pub use client::ClientAgent;
pub use origins::{Passage, WalkOrigins};
pub use strays::Strays;
