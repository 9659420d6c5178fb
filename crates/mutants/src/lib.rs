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
mod trouble;
mod uri;

pub use answers::{Wrong, make, make_costly, make_troubled};
pub use cost::{Cost, Growth};
pub use fault::UnknownFault;
pub use list::Fault;
pub use trouble::Trouble;
