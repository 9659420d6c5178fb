//! A shim with a hostile text in one place of what it writes. It keeps the protocol where the place
//! allows it, so that the text gets as far as it can.

use std::io::{self, BufRead, Write};
use std::process;

use serde_json::{Map, Value, json};

/// The places of a text: a member of `hello`, a part of an answer, or a stream.
pub const PLACES: &[&str] = &[
    "impl.name",
    "impl.version",
    "impl.language",
    "impl.source",
    "shim",
    "notes",
    "claims",
    "can",
    "blind",
    "protocol",
    "hello-member",
    "hello-refused",
    "echo",
    "error",
    "unsupported",
    "cookie-name",
    "cookie-value",
    "cookie-path",
    "same-site",
    "member",
    "cookie",
    "result",
    "id",
    "unknown-operation",
    "stdout",
    "stderr",
    "stderr-and-crash",
    "member-twice",
    "all-of-hello",
    "all-of-cookie",
];

/// The places that `all-of-hello` and `all-of-cookie` stand for.
const ALL_OF_HELLO: &[&str] =
    &["impl.name", "impl.version", "impl.language", "impl.source", "shim", "notes"];
const ALL_OF_COOKIE: &[&str] =
    &["cookie-name", "cookie-value", "cookie-path", "same-site", "member"];

/// The kinds of texts, and what each is.
pub const TEXTS: &[(&str, &str)] = &[
    ("octets", "all 256 octets, as code points"),
    ("c1", "the control characters U+0080 to U+009F"),
    ("bidi", "characters that reorder or hide others"),
    ("github", "commands of GitHub Actions, each on a line of its own"),
    ("azure", "commands of Azure Pipelines"),
    ("teamcity", "commands of TeamCity"),
    ("terminal", "escape sequences that clear, retitle and recolour a terminal"),
    ("markup", "HTML, XML, Markdown, a template and a shell command"),
    ("long", "900,000 letters"),
    ("controls", "150,000 escape characters"),
    ("distinct", "a text that is another one in each answer"),
    ("everything", "control characters, what hides others, and commands of three CI services"),
];

/// What a line of `everything` ends with and the next begins with: where the two stand on two lines, a
/// line feed was not escaped.
pub const LINE_END: [&str; 2] = ["zq7", "zq8"];

/// The text of a kind, the `nth` time it is written; `None` if there is no such kind.
pub fn text(kind: &str, nth: usize) -> Option<String> {
    Some(match kind {
        "octets" => (0..=u8::MAX).map(char::from).collect(),
        "c1" => ('\u{80}'..='\u{9f}').collect(),
        "bidi" => "a\u{202a}\u{202b}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200b}\u{feff}\u{2028}b"
            .to_owned(),
        "github" => "x\n::error file=a,line=1::b\n::stop-commands::c\n##[error]d\n::set-output name=e::f"
            .to_owned(),
        "azure" => "x\n##vso[task.setvariable variable=a]b\n##[section]c\n##vso[task.complete]".to_owned(),
        "teamcity" => "x\n##teamcity[buildStatus status='SUCCESS']\n##teamcity[message text='a']".to_owned(),
        "terminal" => "\u{1b}[2J\u{1b}[31m\u{1b}]0;title\u{7}\u{9b}2J\u{8}\u{8}\r\u{7f}".to_owned(),
        "markup" => "</script><script>alert(1)</script><!--]]>&amp;\"'`$(id)`|@me {{7*7}}".to_owned(),
        "long" => "x".repeat(900_000),
        "controls" => "\u{1b}".repeat(150_000),
        "everything" => {
            let controls: String = ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}').collect();
            let [bidi, end, start] = [&*text("bidi", nth)?, LINE_END[0], LINE_END[1]];
            let commands = "\n::error::a\n##vso[b]\n##teamcity[c]\n##[d]";
            format!("{controls}{bidi}{commands}{end}\n{start}")
        }
        "distinct" => format!("message {nth} \u{1b}[31m"),
        _ => return None,
    })
}

/// Answers requests with a text of this kind in this place.
///
/// # Errors
/// What `stdin` and `stdout` report.
pub fn serve(place: &str, kind: &str) -> io::Result<()> {
    let mut shim = Shim { place, kind, answers: 0 };
    for line in io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        if request["op"] == "bye" {
            return Ok(());
        }
        let answer = shim.answer(&request);
        let mut stdout = io::stdout().lock();
        stdout.write_all(answer.as_bytes())?;
        stdout.write_all(b"\n")?;
        stdout.flush()?;
    }
    Ok(())
}

struct Shim<'a> {
    place: &'a str,
    kind: &'a str,
    /// How many answers there were.
    answers: usize,
}

impl Shim<'_> {
    /// The text if this is its place, and a harmless one anywhere else.
    fn text_at(&self, place: &str, otherwise: &str) -> String {
        let text = text(self.kind, self.answers).filter(|_| self.is_at(place));
        text.unwrap_or_else(|| otherwise.to_owned())
    }

    fn is_at(&self, place: &str) -> bool {
        match self.place {
            "all-of-hello" => ALL_OF_HELLO.contains(&place),
            "all-of-cookie" => ALL_OF_COOKIE.contains(&place),
            one => one == place,
        }
    }

    fn answer(&mut self, request: &Value) -> String {
        let (id, op) = (&request["id"], request["op"].as_str().unwrap_or_default());
        let is_here = |place: &str| self.place == place;
        match op {
            "hello" if is_here("hello-refused") => {
                json!({"id": id, "error": self.text_at("hello-refused", "")}).to_string()
            }
            "hello" => json!({"id": id, "ok": self.hello()}).to_string(),
            "echo" if is_here("echo") => {
                json!({"id": id, "ok": {"data": self.text_at("echo", "")}}).to_string()
            }
            "echo" => json!({"id": id, "ok": request["in"]}).to_string(),
            "parse.set-cookie" => {
                self.answers += 1;
                self.parsed(id, &request["in"]["set_cookie"])
            }
            other => {
                let need = self.text_at("unknown-operation", other);
                json!({"id": id, "unsupported": {"need": need}}).to_string()
            }
        }
    }

    fn hello(&self) -> Value {
        let text = |place: &str, otherwise: &str| self.text_at(place, otherwise);
        let mut can = vec!["parse.set-cookie".to_owned()];
        let mut blind = Vec::new();
        for (place, list) in [("can", &mut can), ("blind", &mut blind)] {
            if self.place == place {
                list.extend(text(place, "").split('\n').map(str::to_owned));
            }
        }
        let mut hello = json!({
            "protocol": 1,
            "shim": text("shim", "hostile/1"),
            "impl": {
                "name": text("impl.name", "hostile"),
                "version": text("impl.version", "1"),
                "language": text("impl.language", "rust"),
                "source": text("impl.source", ""),
            },
            "can": can,
            "blind": blind,
            "window": 64,
            "notes": text("notes", ""),
        });
        match self.place {
            "claims" => hello["claims"] = json!(text("claims", "")),
            "protocol" => hello["protocol"] = json!(text("protocol", "")),
            "hello-member" => hello[text("hello-member", "")] = json!(1),
            _ => {}
        }
        hello
    }

    fn parsed(&self, id: &Value, set_cookie: &Value) -> String {
        let pair = set_cookie.as_str().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let text = |place: &str| self.text_at(place, "");
        let mut cookie = Map::new();
        cookie.insert("name".to_owned(), json!(self.text_at("cookie-name", name)));
        cookie.insert("value".to_owned(), json!(self.text_at("cookie-value", value)));
        let ok = |cookie: Value| json!({"id": id, "ok": {"cookie": cookie}}).to_string();
        match self.place {
            "error" => return json!({"id": id, "error": {"message": text("error")}}).to_string(),
            "unsupported" => {
                return json!({"id": id, "unsupported": {"need": text("unsupported")}}).to_string();
            }
            "cookie" => return ok(json!(text("cookie"))),
            "result" => return json!({"id": id, "ok": text("result")}).to_string(),
            "id" => return json!({"id": text("id"), "ok": {}}).to_string(),
            "stdout" => return text("stdout"),
            "member-twice" => {
                let name = json!(text("member-twice"));
                return format!("{{\"id\": {id}, \"ok\": {{{name}: 1, {name}: 2}}}}");
            }
            "stderr" => eprintln!("{}", text("stderr")),
            "stderr-and-crash" => {
                eprintln!("{}", text("stderr-and-crash"));
                process::abort();
            }
            _ => {}
        }
        for (place, member) in [("cookie-path", "path"), ("same-site", "same_site")] {
            if self.is_at(place) {
                cookie.insert(member.to_owned(), json!(text(place)));
            }
        }
        if self.is_at("member") {
            cookie.insert(text("member"), json!(1));
        }
        ok(Value::Object(cookie))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_text_of_every_kind_and_everything_is_short_enough_for_a_name() {
        for (kind, _) in TEXTS {
            assert!(text(kind, 1).is_some_and(|text| !text.is_empty()), "{kind}");
        }
        assert_eq!(text("no such kind", 1), None);
        let everything = text("everything", 1).unwrap();
        assert!(everything.len() <= 200, "{}", everything.len());
        for command in ["\n::error::", "\n##vso[", "\n##teamcity[", "\n##["] {
            assert!(everything.contains(command), "{command}");
        }
    }
}
