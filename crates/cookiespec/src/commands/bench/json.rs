//! The figures of all targets, for programs: one JSON document.

use cookiespec_report::ascii_json;
use cookiespec_runner::bench::{Benched, Measured, Speed, Timing};
use cookiespec_vectors::ImplementationInfo;
use serde_json::{Value, json};

use super::Measurement;

/// Times are in nanoseconds, each a median with the quartiles around it.
pub(super) fn of(measured: &[Measurement]) -> String {
    let targets: Vec<_> = measured.iter().map(target).collect();
    let document = json!({ "format": "cookiespec-bench/1", "targets": targets });
    ascii_json(&format!("{document:#}\n"))
}

fn target(measured: &Measurement) -> Value {
    let Measurement { target, outcome } = measured;
    let mut value = json!({ "name": target.name, "ecosystem": target.ecosystem });
    match outcome {
        Ok(Benched { handshake, profile, operations }) => {
            let ImplementationInfo { name, version, language, .. } = handshake.about();
            let implementation = json!({ "name": name, "version": version, "language": language });
            value["implementation"] = implementation;
            value["profile"] = json!(profile.name());
            value["operations"] = operations.iter().map(operation).collect();
        }
        Err(fault) => {
            value["trouble"] = json!({ "verdict": fault.verdict.name(), "what": fault.what });
        }
    }
    value
}

fn operation(measured: &Measured) -> Value {
    let mut value = json!({ "operation": measured.operation, "left_out": measured.left_out });
    if let Some(Speed { cases, whole, protocol, own }) = measured.speed {
        value["cases"] = json!(cases);
        value["cases_per_second"] = json!(whole.per_second());
        for (name, timing) in [("whole", whole), ("protocol", protocol), ("own", own)] {
            value[name] = nanoseconds(timing);
        }
    }
    value
}

fn nanoseconds(timing: Timing) -> Value {
    json!({ "low": timing.low, "median": timing.median, "high": timing.high })
}
