//! Integrity and hostile input: SM-077 to SM-086.

use std::collections::BTreeSet;

use crate::browser::cookie_string;
use crate::browser::navigation::Reply;
use crate::error::{ErrorKind, ProbeError};
use crate::test_context::{MARK, TestContext};
use crate::verdict::{
    Abort, CheckResult, ensure, fact, not_applicable, pass, shown_user, shown_value,
};

pub(super) fn changed_characters_are_refused(context: &TestContext) -> CheckResult {
    let pairs = context.session(&context.logged_in(0)?);
    let mut slack = Vec::new();
    let mut tried = 0;
    for (nth, (name, value)) in pairs.iter().enumerate() {
        for at in spread(value.len(), MOST_POSITIONS) {
            for octet in replacements(value[at]) {
                let mut changed = pairs.clone();
                changed[nth].1[at] = octet;
                tried += 1;
                if context.replay_client(cookie_string(&changed)).whoami()?.is_none() {
                    continue;
                }
                // The last digit of base64 has unused bits.
                let is_last = value.get(at + 1).is_none_or(|octet| b".:%=!|".contains(octet));
                ensure(is_last, || {
                    let (name, new) = (name.escape_ascii(), char::from(octet));
                    let octets = value.len();
                    format!("{name} is accepted with octet {} of {octets} changed to {new}", at + 1)
                })?;
                slack.push(at);
            }
        }
    }
    pass(match slack.len() {
        0 => format!("{tried} identifiers with one character changed are all refused"),
        count => format!(
            "{tried} identifiers with one character changed are refused, except for {count} in which \
             the last digit of a part encodes the same octets"
        ),
    })
}

/// At most this many positions, from the first to the last.
fn spread(length: usize, most: usize) -> Vec<usize> {
    let step = length.div_ceil(most).max(1);
    let mut positions: Vec<_> = (0..length).step_by(step).collect();
    if length > 0 && !positions.contains(&(length - 1)) {
        positions.push(length - 1);
    }
    positions
}

/// Two other characters of the same kind.
fn replacements(octet: u8) -> Vec<u8> {
    let candidates = match octet {
        b'0'..=b'9' => b"0585",
        b'a'..=b'z' => b"afmz",
        b'A'..=b'Z' => b"AFMZ",
        _ => b"A0az",
    };
    candidates.iter().copied().filter(|other| *other != octet).take(2).collect()
}

pub(super) fn spellings_are_recorded(context: &TestContext) -> CheckResult {
    let pairs = context.session(&context.logged_in(0)?);
    type Spelling = (&'static str, fn(&[u8]) -> Vec<u8>);
    let spellings: [Spelling; 9] = [
        ("in quotes", |value| [b"\"", value, b"\""].concat()),
        ("with a space before it", |value| [b" ", value].concat()),
        ("with a space after it", |value| [value, b" "].concat()),
        ("with a tab after it", |value| [value, b"\t"].concat()),
        ("percent-encoded", |value| {
            value.iter().flat_map(|it| format!("%{it:02X}").into_bytes()).collect()
        }),
        ("with padding after it", |value| [value, b"="].concat()),
        ("with a comma after it", |value| [value, b",x"].concat()),
        ("in lower case", <[u8]>::to_ascii_lowercase),
        ("in upper case", <[u8]>::to_ascii_uppercase),
    ];
    let mut accepted = Vec::new();
    for (what, spell) in spellings {
        let spelt: Vec<_> =
            pairs.iter().map(|(name, value)| (name.clone(), spell(value))).collect();
        if spelt != pairs && context.replay_client(cookie_string(&spelt)).whoami()?.is_some() {
            accepted.push(what);
        }
    }
    fact(match accepted.len() {
        0 => "the value is accepted only as it was set".to_owned(),
        _ => format!("the value is also accepted {}", accepted.join(", ")),
    })
}

pub(super) fn hostile_cookies_break_no_read(context: &TestContext) -> CheckResult {
    let descriptor = context.descriptor();
    let mut paths = vec![descriptor.whoami.path.clone()];
    paths.extend(descriptor.public.iter().map(|page| page.path.clone()));
    let saved = context.logged_in(0)?.cookie_field();
    let cookies = hostile(&context.session_info().names);
    for cookie in &cookies {
        for path in &paths {
            let Some(reply) = response(context.replay_client(&cookie[..]).get(path))? else {
                continue;
            };
            let is_whoami = *path == descriptor.whoami.path;
            let user = descriptor.whoami.find(&reply.text()).filter(|_| is_whoami);
            ensure_harmless(&format!("GET {path}"), cookie, reply.status(), user)?;
        }
    }
    let user = context.replay_client(saved).whoami()?;
    ensure(user.is_some(), || {
        "an existing session has ended after hostile Cookie fields".to_owned()
    })?;
    pass(format!("{} hostile Cookie fields cause no server error and no login", cookies.len()))
}

pub(super) fn hostile_cookies_break_no_write(context: &TestContext) -> CheckResult {
    let cookies = hostile(&context.session_info().names);
    for cookie in &cookies {
        let Some(reply) = response(context.replay_client(&cookie[..]).write(MARK, "hostile"))?
        else {
            continue;
        };
        ensure_harmless("a write", cookie, reply.status(), None)?;
    }
    pass(format!("writes with {} hostile Cookie fields cause no server error", cookies.len()))
}

/// The response, if there is one: a server may close the connection on invalid HTTP, and without a
/// page that has a token there is no write.
fn response(reply: Result<Reply, ProbeError>) -> Result<Option<Reply>, ProbeError> {
    match reply {
        Err(ProbeError { kind: ErrorKind::Closed | ErrorKind::Descriptor, .. }) => Ok(None),
        other => other.map(Some),
    }
}

fn ensure_harmless(
    what: &str,
    cookie: &[u8],
    status: u16,
    user: Option<String>,
) -> Result<(), Abort> {
    let shown = || cookie[..cookie.len().min(SHOWN)].escape_ascii().to_string();
    ensure(status < 500, || {
        format!("{what} with Cookie: {} is answered with status {status}", shown())
    })?;
    ensure(user.is_none(), || {
        format!(
            "{what} with Cookie: {} is logged in as {}",
            shown(),
            user.clone().unwrap_or_default()
        )
    })
}

pub(super) fn oversize_is_refused(context: &TestContext) -> CheckResult {
    let saved = context.logged_in(0)?.cookie_field();
    let path = &context.descriptor().whoami.path;
    let mut seen = Vec::new();
    for kilobytes in [8, 16, 64] {
        let oversized = [&saved, &b"; n="[..], &vec![b'x'; kilobytes * 1_024]].concat();
        let status =
            response(context.replay_client(oversized).get(path))?.map(|reply| reply.status());
        ensure(status.is_none_or(|status| status < 500), || {
            format!("{kilobytes} KiB of cookies are answered by status {}", status.unwrap_or(0))
        })?;
        let status = status.map_or_else(|| "a closed connection".to_owned(), |it| it.to_string());
        seen.push(format!("{kilobytes} KiB: {status}"));
    }
    let user = context.replay_client(saved).whoami()?;
    ensure(user.as_deref() == Some(context.identity(0)), || {
        let user = shown_user(user.as_deref());
        format!("after too many cookies the next request is that of {user}")
    })?;
    pass(format!("{}; the next request works", seen.join(", ")))
}

pub(super) fn signatures_cannot_be_stripped(context: &TestContext) -> CheckResult {
    let ids = context.ids()?.values;
    let pairs = context.session(&context.logged_in(0)?);
    let mut tried = 0;
    for (nth, (name, value)) in pairs.iter().enumerate() {
        for forgery in forgeries(value, &ids) {
            let mut changed = pairs.clone();
            changed[nth].1.clone_from(&forgery);
            tried += 1;
            let user = context.replay_client(cookie_string(&changed)).whoami()?;
            ensure(user.is_none(), || {
                let (name, forgery) = (name.escape_ascii(), forgery.escape_ascii());
                format!("the forgery {name}={forgery} is logged in")
            })?;
        }
    }
    match tried {
        0 => not_applicable("the value has no parts, so that none can be a signature"),
        _ => {
            pass(format!("{tried} forgeries without a signature, or with another one, are refused"))
        }
    }
}

/// Variants of a value of several parts without its signature, or with another one. A separator is
/// a string that all identifiers contain equally often.
fn forgeries(value: &[u8], ids: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for separator in [&b"."[..], b":", b"--", b"|", b"!", b"%3A", b"%2E"] {
        let count = |id: &[u8]| id.windows(separator.len()).filter(|it| *it == separator).count();
        let often = count(value);
        if often == 0 || ids.iter().any(|id| count(id) != often) {
            continue;
        }
        let Some(last) = value.windows(separator.len()).rposition(|it| it == separator) else {
            continue;
        };
        let (signed, signature) = (&value[..last], &value[last + separator.len()..]);
        let zeros = vec![b'A'; signature.len()];
        all.push(signed.to_vec());
        all.push([signed, separator].concat());
        all.push([signed, separator, &zeros].concat());
        all.push([signed, separator, &signature[..signature.len() / 2]].concat());
        if let Some(payload) =
            value.strip_prefix(b"eyJ").and_then(|_| signed.splitn(2, |it| *it == b'.').nth(1))
        {
            // {"alg":"none"} and {"alg":"None","typ":"JWT"}: RFC 8725 section 2.1.
            for header in [&b"eyJhbGciOiJub25lIn0"[..], b"eyJhbGciOiJOb25lIiwidHlwIjoiSldUIn0"] {
                all.push([header, b".", payload, b"."].concat());
            }
        }
    }
    all.dedup();
    all
}

pub(super) fn values_belong_to_their_names(context: &TestContext) -> CheckResult {
    let browser = context.logged_in(0)?;
    let session = context.session(&browser);
    let others: Vec<_> = browser
        .jar()
        .into_iter()
        .filter(|cookie| {
            !context.session_info().names.contains(&cookie.name) && !cookie.value.is_empty()
        })
        .collect();
    if others.is_empty() {
        return not_applicable("the application sets no other cookie");
    }
    for nth in 0..session.len() {
        for other in &others {
            let mut changed = session.clone();
            changed[nth].1.clone_from(&other.value);
            let user = context.replay_client(cookie_string(&changed)).whoami()?;
            ensure(user.is_none(), || {
                let (name, other) = (session[nth].0.escape_ascii(), other.name.escape_ascii());
                format!("with the value of {other}, {name} is logged in")
            })?;
        }
    }
    pass(format!("the values of {} other cookies are not accepted as a session", others.len()))
}

pub(super) fn replay_is_recorded(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    browser.write(MARK, "older")?;
    let saved = browser.cookie_field();
    browser.write(MARK, "newer")?;
    let read = context.replay_client(saved).read(MARK)?;
    fact(match read.as_deref() {
        Some("older") => "an older cookie restores the older state",
        Some("newer") => "the state is on the server: an older cookie has the current one",
        _ => "an older cookie has no session",
    })
}

pub(super) fn state_is_never_lost_in_silence(context: &TestContext) -> CheckResult {
    let mut seen = Vec::new();
    for octets in [9_000, 70_000] {
        let value = "x".repeat(octets);
        let mut browser = context.logged_in(0)?;
        let status = browser.write("large", &value)?.status();
        let read = browser.read("large")?;
        let is_kept = read.as_ref() == Some(&value);
        ensure(is_kept || status >= 400, || {
            let length = read.map_or(0, |read| read.len());
            format!("{octets} octets are stored with status {status}, and {length} are read back")
        })?;
        let outcome = if is_kept { "kept".to_owned() } else { format!("refused by {status}") };
        seen.push(format!("{octets} octets are {outcome}"));
    }
    pass(seen.join(", "))
}

pub(super) fn values_come_back_equal(context: &TestContext) -> CheckResult {
    let mut browser = context.logged_in(0)?;
    for value in VALUES {
        let status = browser.write("odd", value)?.status();
        let read = browser.read("odd")?;
        ensure(status >= 400 || read.as_deref() == Some(value), || {
            let read = shown_value(read.as_deref());
            format!("{value:?} is stored with status {status}, and {read} is read back")
        })?;
    }
    pass(format!("{} unusual texts and numbers are read back as they were stored", VALUES.len()))
}

/// Cookie fields that no browser sends: hostile values under the names of the session cookies, and
/// hostile fields.
fn hostile(names: &BTreeSet<Vec<u8>>) -> Vec<Vec<u8>> {
    let values = values();
    let field = |value: &Vec<u8>| {
        let pairs: Vec<_> = names.iter().map(|name| (name.clone(), value.clone())).collect();
        cookie_string(&pairs)
    };
    let under_names = values.iter().map(field);
    let fields = FIELDS.iter().map(|field| field.to_vec());
    under_names.chain(fields).chain(values.iter().cloned()).collect()
}

fn values() -> Vec<Vec<u8>> {
    let texts = TEXTS.iter().map(|text| text.as_bytes().to_vec());
    let octets = OCTETS.iter().map(|octets| octets.to_vec());
    let long = ["A".repeat(32), "-".repeat(31), "0".repeat(64), "A".repeat(8_192)];
    let all = [(0x80..=0xFF).collect(), (0x01..=0x1F).filter(|it| !b"\r\n".contains(it)).collect()];
    texts.chain(octets).chain(long.map(String::into_bytes)).chain(all).collect()
}

const TEXTS: [&str; 22] = [
    "",
    "=",
    "\"",
    "\"\"",
    "\t",
    ",",
    "' OR '1'='1",
    "'; DROP TABLE sessions; --",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%00%0d%0a",
    "%",
    "%zz",
    "{}",
    "null",
    "-1",
    "1e999",
    "[object Object]",
    "O:8:\"stdClass\":0:{}",
    "${7*7}{{7*7}}",
    "eyJhbGciOiJub25lIn0.e30.",
    "\u{FFFD}é日本",
];

const OCTETS: [&[u8]; 6] = [b"\x00", b"a\x00b", b"\x7F", b"\xFF\xFE", b"\xC0\xAF", b"\xED\xA0\x80"];

const FIELDS: [&[u8]; 6] =
    [b"=;=;=", b";;;;", b"$Version=1; a=b; $Path=/", b"a", b"\xEF\xBB\xBFa=b", b"a=b, c=d"];

const VALUES: [&str; 12] = [
    "a;b=c,\"d\\",
    "'single' \"double\" `back`",
    "<b>&amp;</b>",
    "日本 é",
    "\u{10FFFF}",
    "\u{202E}right to left",
    "line\nfeed",
    "a b+c%20d",
    "9223372036854775807",
    "-1",
    "0123",
    "null",
];
const MOST_POSITIONS: usize = 128;
const SHOWN: usize = 80;
