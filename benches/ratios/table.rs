//! The tables, in Markdown.

use std::fmt::Write;

use cookiespec_benches::{ENGINE, Work};

use crate::Measured;
use crate::claims::{CLAIMS, Must};
use crate::timing::Timed;

/// The claimed figures and their bounds.
pub(crate) fn claims(measured: &Measured) -> String {
    let mut table = String::from("| figure | measured | must be | |\n|---|--:|--:|---|\n");
    for claim in CLAIMS {
        let figure = claim.figure(measured);
        let must = match claim.must {
            Must::AtLeast(least) => format!("≥ {least}"),
            Must::AtMost(most) => format!("≤ {most}"),
        };
        let met = if claim.must.is_met_by(figure) { "met" } else { "**missed**" };
        let _ = writeln!(table, "| {} | {} | {must} | {met} |", claim.what, short(figure));
    }
    table
}

/// Every subject with its time, throughput and ratio to the engine.
pub(crate) fn all(measured: &Measured) -> String {
    let mut table = String::from(
        "| work | subject | one run | throughput | ÷ engine |\n|---|---|--:|--:|--:|\n",
    );
    for (group, subject, timed) in &measured.timed {
        let ratio = timed.nanoseconds / measured.nanoseconds((group, ENGINE));
        let _ = writeln!(
            table,
            "| {group} | {subject} | {} | {} | {} |",
            duration(timed.nanoseconds),
            throughput(timed),
            short(ratio)
        );
    }
    table
}

/// The heap size of a stored cookie, by store.
pub(crate) fn heap(measured: &Measured) -> String {
    let mut table = String::from("| store | heap per cookie |\n|---|--:|\n");
    for (store, octets) in &measured.heap {
        let _ = writeln!(table, "| {store} | {octets:.0} octets |");
    }
    table
}

/// Two significant digits, or all digits before the decimal point.
pub(crate) fn short(ratio: f64) -> String {
    match ratio {
        ..0.1 => format!("{ratio:.3}"),
        0.1..10.0 => format!("{ratio:.2}"),
        _ => format!("{ratio:.0}"),
    }
}

fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds:.1} ns"),
        1e3..1e6 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.1} ms", nanoseconds / 1e6),
    }
}

fn throughput(timed: &Timed) -> String {
    match timed.work {
        Work::Octets(octets) => format!("{:.0} MB/s", octets as f64 / timed.nanoseconds * 1e3),
        Work::Times(times) => format!("{:.0} /s", times as f64 / timed.nanoseconds * 1e9),
    }
}
