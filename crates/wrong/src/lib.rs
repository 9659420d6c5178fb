#![doc = include_str!("../README.md")]

mod a_label;
mod answers;
mod attribute;
mod cost;
mod date;
mod evict;
mod fault;
mod format;
mod header;
mod host;
mod lifetime;
mod list;
mod octets;
mod overlay;
mod parse;
mod path;
mod prefix;
mod receive;
mod retrieve;
mod rules;
mod same_site;
mod session;
mod store;
mod suffix;
mod uri;

pub use answers::{Wrong, make, make_costly};
pub use cost::{Cost, Growth};
pub use fault::UnknownFault;
pub use list::Fault;
