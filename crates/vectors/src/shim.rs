//! Serves an implementation over the shim protocol, so that it can run in a process of its own.

use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::dispatch;
use crate::implementation::Implementation;
use crate::line::{Line, read_line};
use crate::message::{Answer, Handshake, MAX_LINE, PROTOCOL, Reply, Request};

/// How many requests a harness may have under way at once.
const WINDOW: usize = 64;

/// How many requests one `batch` may hold.
const BATCH: usize = 256;

/// Answers requests line by line until `bye` or the end of `input`. `shim_name` is the name and
/// version of the shim, such as `rust-cookie_store/1`.
///
/// A request that cannot be read is answered with an error if its id can be read, and reported on
/// stderr if not. A panic of the implementation is answered with an error.
///
/// # Errors
/// Whatever `input` or `output` reports.
pub fn serve(
    implementation: &mut dyn Implementation,
    shim_name: &str,
    mut input: impl BufRead,
    mut output: impl Write,
) -> io::Result<()> {
    let mut shim = Shim { implementation, name: shim_name };
    loop {
        let line = match read_line(&mut input)? {
            Line::End => return Ok(()),
            Line::TooLong => {
                eprintln!("{shim_name}: a line of more than {MAX_LINE} octets was ignored");
                continue;
            }
            Line::Complete(line) if line.trim_ascii().is_empty() => continue,
            Line::Complete(line) => line,
        };
        let reply = match read_request(&line) {
            Ok(request) if request.op == "bye" => return Ok(()),
            Ok(request) => shim.reply(&request),
            Err(Unreadable { id: Some(id), message }) => {
                Reply { id, answer: Answer::Error { message } }
            }
            Err(Unreadable { id: None, message }) => {
                eprintln!("{shim_name}: a line without an id was ignored: {message}");
                continue;
            }
        };
        output.write_all(&line_of(&reply))?;
        output.flush()?;
    }
}

/// A line that is no request.
struct Unreadable {
    id: Option<u64>,
    message: String,
}

fn read_request(line: &[u8]) -> Result<Request, Unreadable> {
    let value: Value = serde_json::from_slice(line)
        .map_err(|error| Unreadable { id: None, message: error.to_string() })?;
    if !value.is_object() {
        return Err(Unreadable { id: None, message: "not an object".to_owned() });
    }
    let id = value.get("id").and_then(Value::as_u64);
    Request::deserialize(value).map_err(|error| Unreadable { id, message: error.to_string() })
}

/// A reply as a line. One that would be too long becomes an error.
fn line_of(reply: &Reply) -> Vec<u8> {
    let as_error = |message| {
        let answer = Answer::Error { message };
        serde_json::to_vec(&Reply { id: reply.id, answer }).unwrap_or_default()
    };
    let mut line = match serde_json::to_vec(reply) {
        Ok(line) if line.len() <= MAX_LINE => line,
        Ok(line) => as_error(format!("the answer has {} octets", line.len())),
        Err(error) => as_error(error.to_string()),
    };
    line.push(b'\n');
    line
}

struct Shim<'a> {
    implementation: &'a mut dyn Implementation,
    name: &'a str,
}

impl Shim<'_> {
    fn reply(&mut self, request: &Request) -> Reply {
        let answer = match &*request.op {
            "hello" => self.hello(&request.input),
            "batch" => self.batch(&request.input),
            _ => self.answer(request),
        };
        Reply { id: request.id, answer }
    }

    /// Answers what may also stand in a batch.
    fn answer(&mut self, request: &Request) -> Answer {
        if request.op == "echo" {
            return Answer::Ok(json!({ "data": request.input.get("data") }));
        }
        match request.operation() {
            Ok(operation) => dispatch::ask(self.implementation, &operation),
            Err(refusal) => Err(refusal).into(),
        }
    }

    fn hello(&mut self, input: &Value) -> Answer {
        let offered = input.get("protocol").and_then(Value::as_array);
        if offered.is_some_and(|versions| !versions.contains(&json!(PROTOCOL))) {
            return Answer::Error { message: format!("this shim speaks protocol {PROTOCOL}") };
        }
        match catch_unwind(AssertUnwindSafe(|| self.implementation.about())) {
            Ok(about) => Answer::Ok(json!(Handshake::new(self.name, about, WINDOW, BATCH))),
            Err(_) => Answer::Error { message: "panic while introducing itself".to_owned() },
        }
    }

    fn batch(&mut self, input: &Value) -> Answer {
        let error = |message: String| Answer::Error { message };
        let Some(cases) = input.get("cases").and_then(Value::as_array) else {
            return error("`in` of batch: `cases` is missing or not an array".to_owned());
        };
        if cases.len() > BATCH {
            return error(format!("a batch holds at most {BATCH} requests"));
        }
        let mut results = Vec::with_capacity(cases.len());
        for (index, case) in cases.iter().enumerate() {
            match Request::deserialize(case) {
                Ok(request) => {
                    let answer = self.answer(&request);
                    results.push(Reply { id: request.id, answer });
                }
                Err(why) => return error(format!("`in` of batch: cases[{index}]: {why}")),
            }
        }
        Answer::Ok(json!({ "results": results }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implementation::{ImplementationInfo, OperationResult, Refusal};
    use crate::message::echoed;
    use crate::octets::Octets;

    /// Supports the dates `1` and `2`. Panics at `3`, fails at `4`, answers without end at `5`.
    struct Dates;

    impl Implementation for Dates {
        fn about(&self) -> ImplementationInfo {
            ImplementationInfo {
                name: "dates".to_owned(),
                can: vec!["parse.date".to_owned()],
                ..ImplementationInfo::default()
            }
        }

        fn parse_date(&mut self, date: &Octets) -> OperationResult<Option<i64>> {
            match date.as_slice() {
                b"1" => Ok(Some(1)),
                b"3" => panic!("three"),
                b"4" => Err(Refusal::error("four")),
                _ => Ok(None),
            }
        }

        fn default_path(&mut self, _: &Octets) -> OperationResult<Octets> {
            Ok(vec![b'/'; MAX_LINE].into())
        }
    }

    fn talk(lines: &[String]) -> Vec<String> {
        let mut output = Vec::new();
        serve(&mut Dates, "dates/1", lines.join("\n").as_bytes(), &mut output).unwrap();
        String::from_utf8(output).unwrap().lines().map(str::to_owned).collect()
    }

    fn say(lines: &[&str]) -> Vec<String> {
        talk(&lines.iter().map(|&line| line.to_owned()).collect::<Vec<_>>())
    }

    fn date(id: u64, date: &str) -> String {
        json!({"id": id, "op": "parse.date", "in": {"date": date}, "later": 1}).to_string()
    }

    #[test]
    fn the_handshake() {
        let hello = json!(Request::hello(0, "cookiespec 0.1.0")).to_string();
        let echo = json!(Request::echo(1)).to_string();
        let answers = talk(&[hello, echo, r#"{"id":2,"op":"x-9f3ac1d2","in":{}}"#.to_owned()]);
        let replies = answers
            .iter()
            .map(|line| serde_json::from_str::<Reply>(line).unwrap())
            .collect::<Vec<_>>();
        let Answer::Ok(welcome) = &replies[0].answer else { panic!("{answers:?}") };
        let welcome = Handshake::deserialize(welcome).unwrap();
        assert_eq!((welcome.protocol, welcome.window, welcome.batch), (1, 64, 256));
        assert_eq!((&*welcome.shim, &*welcome.implementation.name), ("dates/1", "dates"));
        assert_eq!(replies[1].answer, Answer::Ok(echoed()));
        assert_eq!(answers[2], r#"{"id":2,"unsupported":{"need":"x-9f3ac1d2"}}"#);
    }

    #[test]
    fn another_version_is_refused() {
        let answers = say(&[r#"{"id":0,"op":"hello","in":{"protocol":[2,3]}}"#]);
        assert_eq!(answers, [r#"{"id":0,"error":{"message":"this shim speaks protocol 1"}}"#]);
    }

    #[test]
    fn results_rejections_errors_and_panics_are_told_apart() {
        let answers = talk(&[date(1, "1"), date(2, "2"), date(3, "3"), date(4, "4"), date(5, "1")]);
        assert_eq!(
            answers,
            [
                r#"{"id":1,"ok":{"unix":1}}"#,
                r#"{"id":2,"ok":{"unix":null}}"#,
                r#"{"id":3,"error":{"message":"panic: three"}}"#,
                r#"{"id":4,"error":{"message":"four"}}"#,
                r#"{"id":5,"ok":{"unix":1}}"#,
            ]
        );
    }

    #[test]
    fn a_line_that_is_no_request_is_answered_where_it_has_an_id() {
        let long = format!(r#"{{"id":8,"op":"echo","in":{{"data":"{}"}}}}"#, "x".repeat(MAX_LINE));
        let answers = say(&[
            "",
            "{",
            r#"[7,"echo",{}]"#,
            r#"{"op":"parse.date"}"#,
            r#"{"id":7}"#,
            &long,
            r#"{"id":9,"op":"parse.date","in":{}}"#,
            r#"{"id":10,"op":"jar","in":{"now":0,"steps":[{"do":"clear"}]}}"#,
            r#"{"id":11,"op":"default.path","in":{"uri":""}}"#,
        ]);
        assert_eq!(
            answers,
            [
                r#"{"id":7,"error":{"message":"missing field `op`"}}"#,
                r#"{"id":9,"error":{"message":"`in` of parse.date: missing field `date`"}}"#,
                r#"{"id":10,"unsupported":{"need":"clear"}}"#,
                r#"{"id":11,"error":{"message":"the answer has 1048602 octets"}}"#,
            ]
        );
    }

    #[test]
    fn a_batch_is_answered_in_order_and_holds_no_other() {
        let inner = [date(1, "1"), date(2, "3"), r#"{"id":3,"op":"batch"}"#.to_owned()].join(",");
        let answers = talk(&[format!(r#"{{"id":9,"op":"batch","in":{{"cases":[{inner}]}}}}"#)]);
        assert_eq!(
            answers,
            [concat!(
                r#"{"id":9,"ok":{"results":[{"id":1,"ok":{"unix":1}},"#,
                r#"{"error":{"message":"panic: three"},"id":2},"#,
                r#"{"id":3,"unsupported":{"need":"batch"}}]}}"#
            )]
        );
        let many = vec![Request::bye(0); BATCH + 1];
        assert_eq!(
            talk(&[
                json!(Request::batch(1, &many)).to_string(),
                r#"{"id":2,"op":"batch"}"#.to_owned()
            ]),
            [
                r#"{"id":1,"error":{"message":"a batch holds at most 256 requests"}}"#,
                r#"{"id":2,"error":{"message":"`in` of batch: `cases` is missing or not an array"}}"#
            ]
        );
    }

    #[test]
    fn nothing_is_answered_after_bye() {
        assert_eq!(say(&[r#"{"id":1,"op":"bye"}"#, r#"{"id":2,"op":"echo","in":{}}"#]).len(), 0);
    }
}
