//! The WebDriver protocol (W3C WebDriver, section 6): commands as JSON over HTTP.
//!
//! A client of our own: few commands are needed, and ARCHITECTURE.md says what the published ones
//! would bring along.

use std::time::Duration;

use cookiespec_wire::{Bounds, Client, Error, Request, Scheme, Trust};
use serde_json::{Value, json};
use thiserror::Error;

/// An open session.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    path: String,
    command_time: Duration,
    /// What the server says of the browser.
    pub(super) capabilities: Value,
}

/// Why a command had no result.
#[derive(Debug, Error)]
pub(super) enum CommandError {
    /// The server answered with an error (section 6.6).
    #[error("{error}: {message}")]
    Answered {
        /// The error code, such as `no such window`.
        error: String,
        /// What the server says about it.
        message: String,
    },
    /// The server did not answer.
    #[error("its WebDriver server did not answer: {0}")]
    Transport(#[from] Error),
    /// The answer is not one of WebDriver.
    #[error("its WebDriver server answered with status {status} and no WebDriver message")]
    Malformed {
        /// The status code.
        status: u16,
    },
}

impl Session {
    /// Opens a session with the server at this port of the loopback interface. The server starts
    /// the browser. A page that is not loaded after `page_time` is answered `timeout`.
    pub(super) fn open(
        port: u16,
        mut capabilities: Value,
        page_time: Duration,
    ) -> Result<Self, CommandError> {
        let client = client(port)?;
        let milliseconds = u64::try_from(page_time.as_millis()).unwrap_or(u64::MAX);
        capabilities["timeouts"] = json!({ "pageLoad": milliseconds });
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let mut value = command(&client, "POST", "/session", Some(&body), START_TIME)?;
        let id = value["sessionId"].as_str().unwrap_or_default();
        Ok(Self {
            path: format!("/session/{id}"),
            capabilities: value["capabilities"].take(),
            client,
            // Longer than the server's own limit, so that its answer is seen.
            command_time: page_time + ANSWER_TIME,
        })
    }

    /// Loads a URI, and returns when the page has been loaded.
    pub(super) fn navigate(&self, uri: &str) -> Result<(), CommandError> {
        self.post("url", &json!({ "url": uri })).map(|_| ())
    }

    /// Whether the browser shows a page of its own instead of the response, which not every server
    /// calls an error: the address stays that of the response, but the document has another.
    pub(super) fn shows_error_page(&self) -> Result<bool, CommandError> {
        let script = json!({ "script": "return location.href", "args": [] });
        let document = self.post("execute/sync", &script)?;
        let document = document.as_str().unwrap_or_default();
        if document.starts_with("http:") || document.starts_with("https:") {
            return Ok(false);
        }
        let address = self.get("url")?;
        Ok(address.as_str() != Some(document))
    }

    /// Deletes the cookies that the page has, whatever their path (section 14.5). Returns whether it
    /// has none left.
    pub(super) fn delete_cookies(&self) -> Result<bool, CommandError> {
        let path = format!("{}/cookie", self.path);
        command(&self.client, "DELETE", &path, None, self.command_time)?;
        Ok(self.get("cookie")?.as_array().is_some_and(Vec::is_empty))
    }

    /// A command without a body; `path` is relative to the session.
    fn get(&self, path: &str) -> Result<Value, CommandError> {
        let path = format!("{}/{path}", self.path);
        command(&self.client, "GET", &path, None, self.command_time)
    }

    /// A command with a body; `path` is relative to the session.
    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Value, CommandError> {
        let path = format!("{}/{path}", self.path);
        command(&self.client, "POST", &path, Some(body), self.command_time)
    }

    /// Ends the session. The server closes the browser, which writes its profile.
    pub(super) fn close(self) -> Result<(), CommandError> {
        command(&self.client, "DELETE", &self.path, None, START_TIME).map(|_| ())
    }

    /// A string of the capabilities; empty where it is missing.
    pub(super) fn capability(&self, name: &str) -> &str {
        self.capabilities[name].as_str().unwrap_or_default()
    }
}

/// Whether the server at this port is ready for a session.
pub(super) fn is_ready(port: u16) -> bool {
    let ready = client(port)
        .map_err(CommandError::from)
        .and_then(|client| command(&client, "GET", "/status", None, READY_TIME));
    ready.is_ok_and(|status| status["ready"] == true)
}

fn client(port: u16) -> Result<Client, Error> {
    Client::new(Scheme::Http, "127.0.0.1", port, &Trust::System, Bounds::default())
}

/// Sends a command and returns the member `value` of the answer (section 6.3).
fn command(
    client: &Client,
    method: &str,
    path: &str,
    body: Option<&Value>,
    time: Duration,
) -> Result<Value, CommandError> {
    let mut request = Request::new(method, path);
    if let Some(body) = body {
        request.field("Content-Type", "application/json; charset=utf-8");
        request.body = body.to_string().into_bytes();
    }
    let bounds = Bounds { time, ..Bounds::default() };
    let response = client.send_within(&request, bounds)?;
    let malformed = CommandError::Malformed { status: response.status };
    let Ok(mut answer) = serde_json::from_slice::<Value>(&response.body) else {
        return Err(malformed);
    };
    let value = answer["value"].take();
    if response.status == 200 {
        return Ok(value);
    }
    match (value["error"].as_str(), value["message"].as_str()) {
        (Some(error), Some(message)) => {
            Err(CommandError::Answered { error: error.to_owned(), message: message.to_owned() })
        }
        _ => Err(malformed),
    }
}

/// How long the server may take to answer, when it has the answer.
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// How long a browser may take to start or to end: on a busy machine, Firefox needs 20 s.
const START_TIME: Duration = Duration::from_secs(90);
const READY_TIME: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that gives one answer to one request, and what it was sent.
    fn answering(answer: String) -> (u16, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut block = [0; 1024];
            while !request.ends_with(b"}") {
                let read = stream.read(&mut block).unwrap();
                request.extend_from_slice(&block[..read]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(request).unwrap()
        });
        (port, server)
    }

    /// Opens a session with a server that answers with this status line and this body.
    fn open(status: &str, body: &str) -> Result<Session, CommandError> {
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
        let (port, server) = answering(answer);
        let session = Session::open(port, json!({ "browserName": "x" }), Duration::from_secs(1));
        let request = server.join().unwrap();
        assert!(request.starts_with("POST /session HTTP/1.1\r\n"), "{request}");
        let (_, body) = request.split_once("\r\n\r\n").unwrap();
        let wanted = json!({ "browserName": "x", "timeouts": { "pageLoad": 1000 } });
        let wanted = json!({ "capabilities": { "alwaysMatch": wanted } });
        assert_eq!(serde_json::from_str::<Value>(body).unwrap(), wanted);
        session
    }

    #[test]
    fn a_session_has_the_path_and_the_capabilities_of_the_answer() {
        let value = json!({ "sessionId": "x1", "capabilities": { "browserVersion": "7.0" } });
        let session = open("200 OK", &json!({ "value": value }).to_string()).unwrap();
        assert_eq!(session.path, "/session/x1");
        assert_eq!(session.capability("browserVersion"), "7.0");
        assert_eq!(session.capability("no"), "");
    }

    #[test]
    fn an_error_of_the_protocol_is_told_from_an_answer_that_is_none() {
        let value = json!({ "error": "session not created", "message": "version" });
        let refused = open("500 Oh", &json!({ "value": value }).to_string());
        assert_eq!(refused.unwrap_err().to_string(), "session not created: version");
        let other = open("404 No", "nope");
        assert!(matches!(other, Err(CommandError::Malformed { status: 404 })), "{other:?}");
    }
}
