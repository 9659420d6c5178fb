#![doc = include_str!("../README.md")]

mod catalogue;
mod implementation;
mod mutant;
mod name;

pub use catalogue::{Cost, Growth, Misbehavior, Place, Rule};
pub use implementation::MutantImplementation;
pub use mutant::Mutant;
pub use name::UnknownName;
