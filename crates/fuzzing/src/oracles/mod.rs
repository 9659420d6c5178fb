//! Oracles: what is wrong with the outcome of an input.
//!
//! [`divergence`] compares an answer with the [`reference`] engine's, [`property`] checks what
//! holds without a reference, [`cost`] measures processor time and [`memory`] watches for growth.

pub(crate) mod cost;
pub(crate) mod difference;
pub(crate) mod divergence;
pub(crate) mod fault;
pub(crate) mod memory;
mod origin;
pub(crate) mod property;
pub(crate) mod provenance;
pub(crate) mod reference;
pub(crate) mod relation;
mod site;
pub(crate) mod syntax;
pub(crate) mod unambiguous;
