//! Runs an operation on an implementation in the same process.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use crate::implementation::{Implementation, OperationResult};
use crate::message::Answer;
use crate::operation::Operation;

/// Runs an operation on an implementation. A panic becomes an error answer; the implementation may be in any state after it.
pub fn ask(implementation: &mut dyn Implementation, operation: &Operation) -> Answer {
    match catch_unwind(AssertUnwindSafe(|| run(implementation, operation))) {
        Ok(outcome) => outcome.into(),
        Err(payload) => Answer::Error { message: panic_message(&*payload) },
    }
}

/// Runs an operation on an implementation, and returns the `ok` value of the answer.
///
/// # Errors
/// The [`Refusal`](crate::Refusal) of the implementation.
///
/// # Panics
/// If the implementation does; [`ask`] catches that.
pub fn run(
    implementation: &mut dyn Implementation,
    operation: &Operation,
) -> OperationResult<Value> {
    Ok(match operation {
        Operation::ParseSetCookie(input) => {
            json!({ "cookie": implementation.parse_set_cookie(input)? })
        }
        Operation::ParseCookie(input) => json!({ "pairs": implementation.parse_cookie(input)? }),
        Operation::ParseDate(input) => json!({ "unix": implementation.parse_date(&input.date)? }),
        Operation::MatchDomain(input) => {
            json!({ "match": implementation.match_domain(&input.host, &input.domain)? })
        }
        Operation::MatchPath(input) => {
            json!({ "match": implementation.match_path(&input.path, &input.cookie_path)? })
        }
        Operation::DefaultPath(input) => {
            json!({ "path": implementation.default_path(&input.uri)? })
        }
        Operation::FormatSetCookie(input) => {
            json!({ "set_cookie": implementation.format_set_cookie(input)? })
        }
        Operation::Jar(program) => {
            let observations = implementation.run_program(program)?;
            with_wire_log(json!({ "obs": observations }), implementation)
        }
        Operation::Exchange(program) => {
            let observations = implementation.run_exchange(program)?;
            with_wire_log(json!({ "obs": observations }), implementation)
        }
    })
}

/// Adds what went over a network to an answer, where something did.
fn with_wire_log(mut ok: Value, implementation: &mut dyn Implementation) -> Value {
    let log = implementation.wire_log();
    if !log.is_empty() {
        log.put_into(&mut ok);
    }
    ok
}

/// The message of a panic.
fn panic_message(payload: &(dyn Any + Send)) -> String {
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("panic: {}", message.unwrap_or("without a message"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implementation::{ImplementationInfo, Jar, unsupported};
    use crate::octets::Octets;
    use crate::operation::{Context, JarConfig, Sent};

    /// A store that keeps complete lines, and a clock that it writes before them.
    #[derive(Default)]
    struct Lines {
        now: i64,
        lines: Vec<String>,
    }

    struct Maker;

    impl Implementation for Maker {
        fn about(&self) -> ImplementationInfo {
            ImplementationInfo::default()
        }

        fn jar(&mut self, now: i64, config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
            match config.max_total {
                Some(_) => unsupported("limits"),
                None => Ok(Box::new(Lines { now, lines: Vec::new() })),
            }
        }
    }

    impl Jar for Lines {
        fn receive(
            &mut self,
            _: &Octets,
            set_cookie: &[Octets],
            _: &Context,
        ) -> OperationResult<()> {
            self.lines.extend(set_cookie.iter().map(Octets::to_isomorphic));
            Ok(())
        }

        fn send(&mut self, _: &Octets, _: &Context) -> OperationResult<Sent> {
            let header = format!("{} {}", self.now, self.lines.join(" "));
            Ok(Sent { header: Some(header.as_str().into()), cookies: None })
        }

        fn advance(&mut self, secs: i64) -> OperationResult<()> {
            self.now += secs;
            Ok(())
        }
    }

    fn ask_json(input: Value) -> Answer {
        let request = crate::Request { id: 0, op: "jar".to_owned(), input };
        ask(&mut Maker, &request.operation().unwrap())
    }

    #[test]
    fn a_program_runs_step_by_step_and_observes_under_its_labels() {
        let send = |at: &str| json!({"do": "send", "at": at, "uri": "http://a.example/"});
        let receive = json!({"do": "receive", "uri": "", "set_cookie": ["a=\u{e9}", "b"]});
        let advance = json!({"do": "advance", "secs": 5});
        let steps = json!([send("x"), receive, advance, send("y")]);
        // This store keeps UTF-8, so that an octet above 7F becomes two.
        assert_eq!(
            ask_json(json!({"now": 3, "steps": steps})),
            Answer::Ok(json!({"obs": {
                "x": {"header": "3 "},
                "y": {"header": "8 a=\u{c3}\u{a9} b"}
            }}))
        );
    }

    #[test]
    fn one_step_that_is_refused_refuses_the_program() {
        let lacks = |need: &str| Answer::Unsupported { need: need.to_owned() };
        for (step, need) in [
            (json!({"do": "restart"}), "restart"),
            (json!({"do": "script-set", "uri": "", "value": ""}), "script"),
            (json!({"do": "script-get", "at": "a", "uri": ""}), "script"),
            (json!({"do": "dump", "at": "a"}), "dump"),
            (json!({"do": "configure", "config": {}}), "configure"),
        ] {
            assert_eq!(ask_json(json!({"now": 0, "steps": [step]})), lacks(need));
        }
        let config = json!({"now": 0, "config": {"max_total": 1}, "steps": []});
        assert_eq!(ask_json(config), lacks("limits"));
    }

    #[test]
    fn a_panic_is_an_error() {
        let receive = json!({"do": "advance", "secs": i64::MAX});
        let twice = json!({"now": 1, "steps": [receive]});
        assert!(
            matches!(ask_json(twice), Answer::Error { message } if message.contains("overflow"))
        );
    }
}
