//! The figures of one target, for people.

use std::fmt::Write;

use cookiespec_report::Escaped;
use cookiespec_runner::bench::{Benched, Measured, Speed, Timing};

use super::Measurement;

/// A line for every operation.
pub(super) fn of(measured: &Measurement) -> String {
    let mut text = format!("{}: ", measured.target.name);
    match &measured.outcome {
        Ok(benched) => {
            let Benched { handshake, profile, operations } = benched;
            let about = handshake.about();
            let (name, version) = (Escaped(&about.name), Escaped(&about.version));
            let _ = writeln!(text, "{name} {version}, judged under {profile}");
            let _ = writeln!(
                text,
                "  {:<18}{:>9}{:>12}{:>22}{:>22}",
                "operation", "cases", "cases/s", "own time", "protocol"
            );
            for one in operations {
                let is_supported = about.can.iter().any(|can| can == one.operation);
                let figures = if is_supported { line(one) } else { "  unsupported".to_owned() };
                let _ = writeln!(text, "  {:<18}{figures}", one.operation);
            }
        }
        Err(fault) => {
            let _ = writeln!(text, "{}: {}", fault.verdict, fault.what);
        }
    }
    text.push('\n');
    text
}

fn line(measured: &Measured) -> String {
    let left_out = measured.left_out.len();
    let Some(Speed { cases, whole, protocol, own }) = measured.speed else {
        return format!("{:>9}  passes none of them", format!("0 of {left_out}"));
    };
    format!(
        "{:>9}{:>12.0}{:>22}{:>22}",
        format!("{cases} of {}", cases + left_out),
        whole.per_second(),
        // Less than the noise is nothing that could be told from it.
        if own.median > own.spread() { duration(own) } else { "within the noise".to_owned() },
        duration(protocol)
    )
}

/// Microseconds, and half the distance between the quartiles.
fn duration(timing: Timing) -> String {
    format!("{:.2} ± {:.2} µs", timing.median / 1e3, timing.spread() / 1e3)
}
