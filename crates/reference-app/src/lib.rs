//! A small web application that keeps its sessions as they should be kept, and its mutants: the
//! faults that can be switched on, each with the requirements it breaks.

pub mod app;
mod faulty_store;
mod faulty_wire;
mod guard;
pub mod mutant;
mod operator;
