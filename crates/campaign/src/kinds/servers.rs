//! Servers that are malicious: whatever one answers, the probe ends with a documented exit code, in
//! bounded time and memory, and prints and writes nothing that is obeyed.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::bounds::{Bounds, inert_file};
use crate::options::Options;
use crate::report::{Report, Trial};

/// Of a sample, one of so many trials is run.
const STRIDE: usize = 29;

/// How many requests are answered before a server misbehaves that lets the probe begin.
const BEGINNING: usize = 40;

/// When a server misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// In answer to a login, once the probe has begun its checks.
    Login,
    /// In answer to the page that shows who is logged in, once the probe has begun its checks.
    Page,
    /// From the first request on.
    Always,
}

/// How a server misbehaves: what it writes to the connection in the place of a response.
type Mode = (&'static str, fn(&mut TcpStream) -> std::io::Result<()>);

const MODES: &[Mode] = &[
    ("nothing", |_| Ok(())),
    ("silence", |stream| {
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.read(&mut [0; 1]).map(drop)
    }),
    ("nonsense", |stream| stream.write_all(b"\x00\xff\x1b[2J nonsense\r\n\r\n")),
    ("another protocol", |stream| stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n")),
    ("TLS", |stream| stream.write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")),
    ("HTTP/2", |stream| stream.write_all(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00")),
    ("a version that does not exist", |stream| head(stream, "HTTP/9.9 200 OK", "")),
    ("a status of two digits", |stream| head(stream, "HTTP/1.1 20 OK", "")),
    ("status 999", |stream| head(stream, "HTTP/1.1 999 \u{1b}[31m", "")),
    ("a status that is no number", |stream| head(stream, "HTTP/1.1 two OK", "")),
    ("a long reason", |stream| head(stream, &format!("HTTP/1.1 200 {}", "x".repeat(1 << 20)), "")),
    ("continue without end", |stream| repeat(stream, b"HTTP/1.1 100 Continue\r\n\r\n", 1_000_000)),
    ("switching protocols", |stream| {
        head(stream, "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket\r\n")
    }),
    ("a negative length", |stream| ok(stream, "Content-Length: -1\r\n", b"")),
    ("a length without end", |stream| {
        ok(stream, "Content-Length: 99999999999999999999999999\r\n", b"")
    }),
    ("a length that is not reached", |stream| ok(stream, "Content-Length: 1000\r\n", b"short")),
    ("two lengths", |stream| ok(stream, "Content-Length: 1\r\nContent-Length: 2\r\n", b"xx")),
    ("a length and chunks", |stream| {
        ok(stream, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n")
    }),
    ("a chunk without a size", |stream| ok(stream, CHUNKED, b"\r\nx\r\n0\r\n\r\n")),
    ("a chunk of 2^64 octets", |stream| ok(stream, CHUNKED, b"ffffffffffffffffff\r\nx")),
    ("chunks without end", |stream| {
        ok(stream, CHUNKED, b"")?;
        repeat(stream, b"1\r\nx\r\n", 2_000_000)
    }),
    ("a chunk extension without end", |stream| {
        ok(stream, CHUNKED, b"1;")?;
        repeat(stream, &[b'x'; 4096], 20_000)
    }),
    ("a body without end", |stream| {
        ok(stream, "", b"")?;
        repeat(stream, &[b'x'; 4096], 50_000)
    }),
    ("a field line without end", |stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nX: ")?;
        repeat(stream, &[b'x'; 4096], 20_000)
    }),
    ("fields without end", |stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        repeat(stream, b"X: y\r\n", 5_000_000)
    }),
    ("a field without a name", |stream| ok(stream, ": x\r\nContent-Length: 0\r\n", b"")),
    ("a field without a colon", |stream| ok(stream, "no colon\r\nContent-Length: 0\r\n", b"")),
    ("a folded field", |stream| ok(stream, "X: a\r\n  b\r\nContent-Length: 0\r\n", b"")),
    ("line feeds alone", |stream| stream.write_all(b"HTTP/1.1 200 OK\nContent-Length: 0\n\n")),
    ("control characters in fields", |stream| {
        ok(stream, "X\u{1b}[2J: \u{0}\u{9b}\u{202e}\r\nContent-Length: 0\r\n", b"")
    }),
    ("control characters in the body", |stream| body(stream, HOSTILE.as_bytes())),
    ("a hostile user name", |stream| body(stream, format!("user={HOSTILE}.").as_bytes())),
    ("commands of CI services", |stream| {
        body(stream, b"user=x\n::error::y\n##vso[task.complete]z\n##teamcity[message]\n##[error].")
    }),
    ("markup", |stream| body(stream, b"user=</script><script>alert(1)</script>&amp;|`x`.")),
    ("octets that are no text", |stream| body(stream, &(0..=255).collect::<Vec<u8>>())),
    ("a user name of 15 megabytes", |stream| {
        body(stream, [b"user=".to_vec(), vec![b'a'; 15_000_000]].concat().as_slice())
    }),
    ("200 cookies of 4 kilobytes", |stream| {
        let cookies: Vec<_> = (0..200)
            .map(|at| format!("Set-Cookie: c{at}={}; Path=/\r\n", "x".repeat(4096)))
            .collect();
        ok(stream, &(cookies.concat() + "Content-Length: 0\r\n"), b"")
    }),
    ("a hostile cookie", |stream| {
        let fields = "Set-Cookie: sid=\u{1b}[2J\u{9b}\u{202e}; Path=\u{7}\r\nContent-Length: 0\r\n";
        ok(stream, fields, b"")
    }),
    ("a cookie named as a command", |stream| {
        ok(stream, "Set-Cookie: ##vso[task.complete]=::error::x\r\nContent-Length: 0\r\n", b"")
    }),
    ("an invalid Set-Cookie", |stream| {
        ok(stream, "Set-Cookie: =;;;=; Domain=..; Max-Age=9e99\r\nContent-Length: 0\r\n", b"")
    }),
    ("a redirect to itself", |stream| redirect(stream, "/login")),
    ("a redirect elsewhere", |stream| redirect(stream, "http://203.0.113.1/")),
    ("a redirect to a file", |stream| redirect(stream, "file:///etc/passwd")),
    ("a redirect to nowhere", |stream| redirect(stream, "http://[::1")),
    ("a redirect with control characters", |stream| redirect(stream, "/\u{1b}[31m\u{9b}")),
    ("a compressed body", |stream| {
        ok(stream, "Content-Encoding: gzip\r\nContent-Length: 4\r\n", b"\x1f\x8b\x08\x00")
    }),
    ("an unknown transfer coding", |stream| ok(stream, "Transfer-Encoding: x\r\n", b"x")),
    ("one octet at a time", |stream| {
        for octet in b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n".iter().cycle().take(400) {
            stream.write_all(&[*octet])?;
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }),
];

const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";
const HOSTILE: &str = "\u{0}\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{2066}\u{feff}\r\u{8}\u{7f}";

/// Probes a server for each mode and stage, with every report.
pub(super) fn run(options: &Options) -> Report {
    let stages = [Stage::Login, Stage::Page, Stage::Always];
    let trials = MODES.iter().flat_map(|mode| {
        stages.map(|stage| Trial {
            name: format!("{}, {stage:?}", mode.0),
            run: Box::new(move || probed(options, stage, mode.1)),
        })
    });
    Report::of_independent(options, STRIDE, trials)
}

fn probed(
    options: &Options,
    stage: Stage,
    mode: fn(&mut TcpStream) -> std::io::Result<()>,
) -> Result<(), String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|it| it.to_string())?;
    let port = listener.local_addr().map_err(|it| it.to_string())?.port();
    // It ends with this program: the port is not used again while the campaign runs.
    thread::spawn(move || serve(&listener, stage, mode));

    let folder = tempfile::tempdir().map_err(|it| it.to_string())?;
    let descriptor = format!(
        r#"
        origin = "http://127.0.0.1:{port}"
        login = {{ path = "/login", form = {{ u = "{{user}}", w = "{{password}}" }} }}
        logout = {{ path = "/logout" }}
        whoami = {{ path = "/me", capture = 'user=([^.]+)' }}
        accounts = [{{ user = "alice", password = "a" }}, {{ user = "bob", password = "b" }}]
        "#
    );
    fs::write(folder.path().join("app.toml"), descriptor).map_err(|it| it.to_string())?;
    let reports = ["json", "junit", "markdown", "html"];
    let formats = reports.map(|kind| format!("{kind}=report.{kind}"));
    let formats = format!("text,{}", formats.join(","));
    let bounds = Bounds::default();
    let mut command = Command::new(&options.program);
    command.current_dir(folder.path()).args(["probe", "app.toml", "--format", &formats]);
    command.args(["--timeout", "0.4", "--max-time", "4", "--logins", "20", "--all"]);
    let ran = bounds.run(&mut command).map_err(|it| it.to_string())?;
    bounds.check(&ran)?;
    if ran.code() == Some(2) && stage != Stage::Always {
        return Err(format!("the probe did not begin: {}", ran.last_words()));
    }
    for kind in reports {
        let file = folder.path().join(format!("report.{kind}"));
        if file.exists() {
            inert_file(&file)?;
            let length = fs::metadata(&file).map_err(|it| it.to_string())?.len();
            if kind == "markdown" && length >= 1 << 20 {
                return Err(format!("the Markdown report has {length} octets"));
            }
        }
    }
    Ok(())
}

/// An application whose sessions never end, apart from what it does wrong.
fn serve(listener: &TcpListener, stage: Stage, mode: fn(&mut TcpStream) -> std::io::Result<()>) {
    let requests = Arc::new(AtomicUsize::new(0));
    for mut stream in listener.incoming().flatten() {
        let requests = Arc::clone(&requests);
        thread::spawn(move || {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
            let _ = stream.set_write_timeout(Some(Duration::from_secs(5)));
            while let Some((head, body)) = request(&mut stream) {
                let is_login = head.starts_with("POST /login");
                let has_begun = requests.fetch_add(1, Ordering::Relaxed) >= BEGINNING;
                let is_bad = match stage {
                    Stage::Login => has_begun && is_login,
                    Stage::Page => has_begun && head.starts_with("GET /me"),
                    Stage::Always => true,
                };
                if is_bad {
                    // The connection ends with what a malicious server writes.
                    let _ = mode(&mut stream);
                    return;
                }
                let user = body.split(['=', '&']).nth(1).unwrap_or_default();
                let fields = format!("Set-Cookie: sid={user}; Path=/\r\n");
                let page = head.split_once("sid=").map_or(String::new(), |(_, rest)| {
                    format!("user={}.", rest.split([';', '\r']).next().unwrap_or_default())
                });
                let fields = if is_login { &*fields } else { "" };
                let fields = format!("{fields}Content-Length: {}\r\n", page.len());
                if ok(&mut stream, &fields, page.as_bytes()).is_err() {
                    return;
                }
            }
        });
    }
}

/// The head and the body of a request; `None` at the end of the connection.
fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let (mut octets, mut block) = (Vec::new(), vec![0; 16 << 10]);
    loop {
        let end = octets.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&octets[..end]).into_owned();
            let length = head.split_once("Content-Length: ").map(|(_, rest)| rest);
            let length = length.and_then(|rest| rest.split('\r').next()?.parse().ok());
            if octets.len() >= end + length.unwrap_or(0) {
                return Some((head, String::from_utf8_lossy(&octets[end..]).into_owned()));
            }
        }
        match stream.read(&mut block) {
            Ok(0) | Err(_) => return None,
            Ok(count) => octets.extend_from_slice(&block[..count]),
        }
        if octets.len() > 1 << 20 {
            return None;
        }
    }
}

fn head(stream: &mut TcpStream, status: &str, fields: &str) -> std::io::Result<()> {
    stream.write_all(format!("{status}\r\n{fields}\r\n").as_bytes())
}

fn ok(stream: &mut TcpStream, fields: &str, body: &[u8]) -> std::io::Result<()> {
    head(stream, "HTTP/1.1 200 OK", fields)?;
    stream.write_all(body)
}

fn body(stream: &mut TcpStream, body: &[u8]) -> std::io::Result<()> {
    ok(stream, &format!("Content-Length: {}\r\n", body.len()), body)
}

fn redirect(stream: &mut TcpStream, to: &str) -> std::io::Result<()> {
    head(stream, "HTTP/1.1 302 Found", &format!("Location: {to}\r\nContent-Length: 0\r\n"))
}

fn repeat(stream: &mut TcpStream, part: &[u8], times: usize) -> std::io::Result<()> {
    let block = part.repeat((64 << 10) / part.len() + 1);
    let blocks = times / (block.len() / part.len()) + 1;
    (0..blocks).try_for_each(|_| stream.write_all(&block))
}
