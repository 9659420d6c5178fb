#![doc = include_str!("../README.md")]

pub mod agent;

pub use agent::{Agent, AgentError, AgentFacts, Clock, Navigation};
