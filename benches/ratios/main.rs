//! Times every group once, and writes the tables and the chart of `docs/performance.md`:
//! `cargo run --release -p cookiespec-benches --example ratios`.
//!
//! A ratio compares two subjects timed alternately in the same run, by the shortest of many samples of
//! each, so that the load of the machine affects both. Claims are ratios wherever there is something
//! to compare with, because ratios do not depend on the machine.

mod chart;
mod claims;
mod heap;
mod shim;
mod table;
mod timing;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use cookiespec_benches::{Group, jar, parsers, persistent_tier, site, suite};

use crate::timing::{Timed, time};

/// The lines of `docs/performance.md` around the tables.
const BEGIN: &str = "<!-- made by the command above: begin -->\n";
const END: &str = "<!-- made by the command above: end -->\n";

/// The measurements.
struct Measured {
    /// Groups and subjects, in the order in which they were timed.
    timed: Vec<(String, &'static str, Timed)>,
    /// Octets of heap for each stored cookie, by store.
    heap: BTreeMap<String, f64>,
    /// Cases per second through a shim.
    shim: f64,
}

impl Measured {
    /// The time of one run of a subject of a group.
    fn nanoseconds(&self, (group, subject): (&str, &str)) -> f64 {
        let found = self.timed.iter().find(|(of, name, _)| of == group && *name == subject);
        found.map_or(f64::NAN, |(_, _, timed)| timed.nanoseconds)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let measured = Measured { heap: heap::measure()?, shim: shim::measure()?, timed: timed() };
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let page = docs.join("performance.md");
    let text = fs::read_to_string(&page)?;
    let tables = [table::claims(&measured), table::all(&measured), table::heap(&measured)];
    let made = tables.join("\n");
    let around = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)))
        .ok_or("docs/performance.md has lost the lines around the tables")?;
    fs::write(&page, format!("{}{BEGIN}\n{made}\n{END}{}", around.0, around.1))?;
    let svg = docs.join("../crates/report/src/writers/html/performance.svg");
    fs::write(svg, chart::chart(&measured))?;
    print!("{made}");
    Ok(())
}

fn timed() -> Vec<(String, &'static str, Timed)> {
    let families: [fn() -> Vec<Group>; 7] = [
        parsers,
        || jar(100),
        || jar(10_000),
        || jar(1_000_000),
        site,
        || vec![suite()],
        persistent_tier,
    ];
    let mut all = Vec::new();
    for mut group in families.into_iter().flat_map(|family| family()) {
        eprintln!("{}", group.name);
        let timed = time(&mut group);
        all.extend(timed.into_iter().map(|(subject, timed)| (group.name.clone(), subject, timed)));
    }
    all
}
