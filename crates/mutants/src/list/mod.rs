//! The table of the faults, in the order of the algorithms.
//!
//! A row has a fault's name, the profiles under which it is a fault, the case that is meant for it,
//! and what is wrong. A fault is listed under a profile only if its case catches it there: some
//! rules stand in one of the specifications alone.

mod attributes;
mod date;
mod hosts;
mod lifetime;
mod line;
mod paths;
mod replacing;
mod sending;
mod server;
mod storing;

use crate::fault::faults;
use attributes::attribute_faults;
use date::date_faults;
use hosts::host_faults;
use lifetime::lifetime_faults;
use line::line_faults;
use paths::path_faults;
use replacing::replacing_faults;
use sending::sending_faults;
use server::server_faults;
use storing::storing_faults;

line_faults! { attribute_faults, lifetime_faults, date_faults, path_faults, host_faults, storing_faults, replacing_faults, sending_faults, server_faults, faults => }
