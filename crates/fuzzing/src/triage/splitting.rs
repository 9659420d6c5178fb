//! Splitting: a divergence that takes two faults becomes two divergences of smaller inputs, so that
//! each can be attributed.

use cookiespec_vectors::operation::{Operation, Step};

use super::rewriting::set_cookie_strings;
use crate::octet_fields;

/// The operations without one attribute or one set-cookie-string.
pub(super) fn without_one_part(operation: &Operation) -> Vec<Operation> {
    let mut smaller = without_one_attribute(operation);
    smaller.extend(without_one_string(operation));
    smaller
}

fn without_one_attribute(operation: &Operation) -> Vec<Operation> {
    let mut smaller = Vec::new();
    for (field, line) in set_cookie_strings(operation) {
        let parts: Vec<_> = line.as_slice().split(|octet| *octet == b';').collect();
        for at in 1..parts.len() {
            let mut parts = parts.clone();
            parts.remove(at);
            smaller.push(octet_fields::with(operation, field, parts.join(&b";"[..])));
        }
    }
    smaller
}

fn without_one_string(operation: &Operation) -> Vec<Operation> {
    let Operation::Jar(program) = operation else { return Vec::new() };
    let mut smaller = Vec::new();
    let mut add = |change: &dyn Fn(&mut Vec<Step>)| {
        let mut program = program.clone();
        change(&mut program.steps);
        smaller.push(Operation::Jar(program));
    };
    for (at, step) in program.steps.iter().enumerate() {
        match step {
            Step::Receive { set_cookie, .. } if set_cookie.len() > 1 => {
                for line in 0..set_cookie.len() {
                    add(&|steps| {
                        if let Step::Receive { set_cookie, .. } = &mut steps[at] {
                            set_cookie.remove(line);
                        }
                    });
                }
            }
            Step::Receive { .. } | Step::ScriptSet { .. } => add(&|steps| drop(steps.remove(at))),
            _ => {}
        }
    }
    smaller
}
