//! What went over a network for a case, in words, with every octet escaped; and the first request of
//! the case as a command.

use cookiespec_vectors::operation::{Context, Step};
use cookiespec_vectors::{Answer, Case, Octets, Operation, WireLog};

/// The requests that arrived, each line after `>`, and their responses, each line after `<`. Empty
/// where the answer has none.
pub fn lines(answer: &Answer) -> Vec<String> {
    let Answer::Ok(ok) = answer else { return Vec::new() };
    let Some(log) = WireLog::of(ok) else { return Vec::new() };
    let mut lines = Vec::new();
    for exchange in &log.exchanges {
        lines.extend(head(">", &exchange.request));
        lines.extend(head("<", &exchange.response));
    }
    if log.exchanges_left_out > 0 {
        lines.push(format!("… {} more are left out", log.exchanges_left_out));
    }
    lines
}

/// The command that makes the first request of a case at the origins of `cookiespec origins`, which
/// answer as the case says; `None` where it has no such request, or the URI is none for a command line.
pub fn by_hand(case: &Case) -> Option<String> {
    let Operation::Jar(program) = case.operation() else { return None };
    let first = program.steps.iter().find_map(|step| match step {
        Step::Receive { uri, set_cookie, context } => Some((uri, &set_cookie[..], context)),
        Step::Send { uri, context, .. } => Some((uri, &[][..], context)),
        _ => None,
    });
    let (uri, lines, Context { method, .. }) = first?;
    let uri = uri.to_str().map(|uri| uri.split('#').next().unwrap_or_default())?;
    let is_plain =
        |text: &str| text.bytes().all(|octet| octet.is_ascii_graphic() && octet != b'\'');
    let is_http = uri.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
    if !is_http || !is_plain(uri) || !method.bytes().all(|octet| octet.is_ascii_alphabetic()) {
        return None;
    }
    let method = if method == "GET" { String::new() } else { format!("-X {method} ") };
    let mut uri = uri.to_owned();
    for line in lines {
        uri.push(if uri.contains('?') { '&' } else { '?' });
        uri.push_str(&format!("set-cookie={}", percent_encoded(line)));
    }
    Some(format!(
        "curl -g --path-as-is {method}--proxy http://127.0.0.1:8377 --cacert \"$CA\" '{uri}'"
    ))
}

/// The lines of a head, without the empty one at its end.
fn head<'a>(mark: &'a str, head: &'a Octets) -> impl Iterator<Item = String> + 'a {
    let head = head.as_slice();
    let head = head.strip_suffix(b"\r\n\r\n").unwrap_or(head);
    let mut rest = Some(head);
    let lines = std::iter::from_fn(move || {
        let now = rest?;
        let end = now.windows(2).position(|pair| pair == b"\r\n");
        rest = end.map(|end| &now[end + 2..]);
        Some(&now[..end.unwrap_or(now.len())])
    });
    lines.map(move |line| format!("{mark} {}", escaped(line)))
}

fn escaped(line: &[u8]) -> String {
    let octet = |octet: &u8| match octet {
        b'\\' => "\\\\".to_owned(),
        b' '..=b'~' => char::from(*octet).to_string(),
        _ => format!("\\x{octet:02x}"),
    };
    line.iter().map(octet).collect()
}

fn percent_encoded(line: &Octets) -> String {
    let octet = |octet: &u8| match octet {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(*octet).to_string()
        }
        _ => format!("%{octet:02X}"),
    };
    line.as_slice().iter().map(octet).collect()
}

#[cfg(test)]
mod tests {
    use cookiespec_vectors::Suite;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_octet_of_a_head_is_shown() {
        let answer = Answer::Ok(json!({
            "obs": {},
            "exchanges": [{
                "request": "GET / HTTP/1.1\r\nCookie: a=\u{e9}\u{1b}\\\t\r\n\r\n",
                "response": "HTTP/1.1 200 OK\r\n\r\n"
            }],
            "exchanges_left_out": 2
        }));
        assert_eq!(
            lines(&answer),
            [
                "> GET / HTTP/1.1",
                "> Cookie: a=\\xe9\\x1b\\\\\\x09",
                "< HTTP/1.1 200 OK",
                "… 2 more are left out",
            ]
        );
        assert_eq!(lines(&Answer::Ok(json!({"obs": {}}))), [""; 0]);
    }

    #[test]
    fn the_first_request_of_a_case_is_a_command() {
        let suite = Suite::embedded().unwrap();
        let of = |case| by_hand(suite.find(case).unwrap());
        assert_eq!(
            of("jar.pair.0017").as_deref(),
            Some(
                "curl -g --path-as-is --proxy http://127.0.0.1:8377 --cacert \"$CA\" \
                 'https://site.example/?set-cookie=a%3D%A0b%A0'"
            )
        );
        assert_eq!(of("date.0001"), None);
        for command in suite.cases().iter().filter_map(by_hand) {
            assert_eq!(command.matches('\'').count(), 2, "{command}");
            assert!(command.bytes().all(|octet| matches!(octet, b' '..=b'~')), "{command}");
        }
    }
}
