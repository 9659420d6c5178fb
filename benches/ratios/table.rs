//! The tables, in Markdown.

use std::fmt::Write;

use cookiespec_benches::{ENGINE, Work};

use crate::Measured;
use crate::claims::{CLAIMS, Claim, Must};
use crate::timing::Timed;

/// The ratios that are claimed, each beside what it must be.
pub(crate) fn claims(measured: &Measured) -> String {
    let mut table = String::from("| ratio | measured | must be | |\n|---|--:|--:|---|\n");
    for claim in CLAIMS {
        let ratio = ratio(claim, measured);
        let must = match claim.must {
            Must::AtLeast(least) => format!("≥ {least}"),
            Must::AtMost(most) => format!("≤ {most}"),
        };
        let met = if claim.must.is_met_by(ratio) { "met" } else { "**missed**" };
        let _ = writeln!(table, "| {} | {} | {must} | {met} |", claim.what, short(ratio));
    }
    table
}

/// Every subject, and what it takes in proportion to the engine.
pub(crate) fn all(order: &[(String, &'static str)], measured: &Measured) -> String {
    let mut table = String::from(
        "| work | subject | one run | throughput | ÷ engine |\n|---|---|--:|--:|--:|\n",
    );
    for (group, subject) in order {
        let timed = measured[&(group.clone(), *subject)];
        let engine = measured[&(group.clone(), ENGINE)];
        let _ = writeln!(
            table,
            "| {group} | {subject} | {} | {} | {} |",
            duration(timed.nanoseconds),
            throughput(timed),
            short(timed.nanoseconds / engine.nanoseconds)
        );
    }
    table
}

pub(crate) fn ratio(claim: &Claim, measured: &Measured) -> f64 {
    let nanoseconds = |(group, subject): (&str, &'static str)| {
        let timed: &Timed = &measured[&(group.to_owned(), subject)];
        timed.nanoseconds
    };
    nanoseconds(claim.dividend) / nanoseconds(claim.divisor)
}

/// Two digits that count, or all before the point.
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

fn throughput(timed: Timed) -> String {
    match timed.work {
        Work::Octets(octets) => format!("{:.0} MB/s", octets as f64 / timed.nanoseconds * 1e3),
        Work::Times(times) => format!("{:.0} /s", times as f64 / timed.nanoseconds * 1e9),
    }
}
