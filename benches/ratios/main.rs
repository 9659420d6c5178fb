//! Times every group once, and writes the table and the chart of `docs/performance.md`:
//! `cargo run --release -p cookiespec-benches --example ratios`.
//!
//! A ratio is of two subjects timed in turns in the same run, the shortest of many samples of each,
//! so that the load of the machine falls on both. Ratios are all that is claimed: they leave out
//! the machine.

mod chart;
mod claims;
mod table;
mod timing;

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use cookiespec_benches::{Group, jar, parsers, persistent_tier, site, suite};

use crate::timing::{Timed, time};

/// The lines of `docs/performance.md` between which the table stands.
const BEGIN: &str = "<!-- made by the command above: begin -->\n";
const END: &str = "<!-- made by the command above: end -->\n";

/// What was measured, by the names of group and subject.
type Measured = BTreeMap<(String, &'static str), Timed>;

fn main() -> io::Result<()> {
    let mut measured = Measured::new();
    let mut order = Vec::new();
    let families: [fn() -> Vec<Group>; 7] = [
        parsers,
        || jar(100),
        || jar(10_000),
        || jar(1_000_000),
        site,
        || vec![suite()],
        persistent_tier,
    ];
    for family in families {
        for mut group in family() {
            eprintln!("{}", group.name);
            for (subject, timed) in time(&mut group) {
                measured.insert((group.name.clone(), subject), timed);
                order.push((group.name.clone(), subject));
            }
        }
    }
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let page = docs.join("performance.md");
    let text = fs::read_to_string(&page)?;
    let made = format!("{}\n{}", table::claims(&measured), table::all(&order, &measured));
    let around = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)))
        .ok_or_else(|| {
            io::Error::other("docs/performance.md has lost the lines around the table")
        })?;
    fs::write(&page, format!("{}{BEGIN}\n{made}\n{END}{}", around.0, around.1))?;
    fs::write(docs.join("performance.svg"), chart::chart(&measured))?;
    print!("{made}");
    Ok(())
}
