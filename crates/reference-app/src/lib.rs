//! A small web application that handles its sessions correctly, and its mutants: faults that can be
//! switched on, each with the session requirements it breaks.

mod account;
pub mod app;
mod faulty_store;
mod faulty_wire;
mod guard;
pub mod mutant;
mod pages;
pub mod serve;
mod state;
