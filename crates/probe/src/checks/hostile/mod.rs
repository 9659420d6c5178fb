//! Integrity and hostile input: SM-077 to SM-086.

mod values;

use self::values::hostile;
use crate::bench::{Bench, MARK};
use crate::browser::{Reply, cookie_string};
use crate::check::{Check, Level, Need, a4, a5, cs, cve, dj, own, rfc, wstg};
use crate::trouble::{Trouble, TroubleKind};
use crate::verdict::{Checked, Halt, ensure, fact, not_applicable, pass};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-077",
        title: "each single-character change is refused",
        sources: &[wstg("01"), a5("9.1.1", 1)],
        needs: &[],
        run: changed_characters_are_refused,
    },
    Check {
        id: "SM-078",
        title: "spellings accepted as equal (quotes, blanks, %-escapes, padding) are recorded",
        sources: &[own()],
        needs: &[],
        run: spellings_are_recorded,
    },
    Check {
        id: "SM-079",
        title: "hostile values (empty, controls, NUL, 8-bit, quotes, SQL, path traversal, 8 kB, ...) give no 5xx and no login",
        sources: &[cs()],
        needs: &[],
        run: hostile_cookies_break_no_read,
    },
    Check {
        id: "SM-080",
        title: "same on a request that writes the session",
        sources: &[cs()],
        needs: &[Need::State],
        run: hostile_cookies_break_no_write,
    },
    Check {
        id: "SM-081",
        title: "an oversize Cookie header gives 4xx, not 5xx, and the next request works",
        sources: &[own()],
        needs: &[],
        run: oversize_is_refused,
    },
    Check {
        id: "SM-082",
        title: "signature or encryption cannot be stripped, downgraded or swapped (unsigned form, none algorithm, other key, older format)",
        sources: &[a4("3.5.3", 2), a5("9.1.2", 1), cve("2026-39324")],
        needs: &[],
        run: signatures_cannot_be_stripped,
    },
    Check {
        id: "SM-083",
        title: "a signed value does not verify under another cookie name or salt",
        sources: &[cve("2026-6873")],
        needs: &[],
        run: values_belong_to_their_names,
    },
    Check {
        id: "SM-084",
        title: "replay of an older self-contained cookie is recorded (no freshness)",
        sources: &[rfc("8.3", Level::Shall), dj()],
        needs: &[Need::State],
        run: replay_is_recorded,
    },
    Check {
        id: "SM-085",
        title: "state too large for the carrier is refused with an error, never lost in silence",
        sources: &[a5("3.3.5", 3)],
        needs: &[Need::State],
        run: state_is_never_lost_in_silence,
    },
    Check {
        id: "SM-086",
        title: "any text or number stored is read back equal",
        sources: &[own()],
        needs: &[Need::State],
        run: values_come_back_equal,
    },
];

fn changed_characters_are_refused(bench: &Bench) -> Checked {
    let pairs = bench.session(&bench.logged_in(0)?);
    let mut slack = Vec::new();
    let mut tried = 0;
    for (nth, (name, value)) in pairs.iter().enumerate() {
        for at in spread(value.len(), MOST_POSITIONS) {
            for octet in replacements(value[at]) {
                let mut changed = pairs.clone();
                changed[nth].1[at] = octet;
                tried += 1;
                if bench.saved(cookie_string(&changed)).whoami()?.is_none() {
                    continue;
                }
                // The last digit of base64 has bits that stand for nothing.
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
            "{tried} identifiers with one character changed are refused, but for {count} where the \
             last digit of a part stands for the same octets"
        ),
    })
}

/// So many positions at most, from the first to the last.
fn spread(length: usize, most: usize) -> Vec<usize> {
    let step = length.div_ceil(most).max(1);
    let mut positions: Vec<_> = (0..length).step_by(step).collect();
    if length > 0 && !positions.contains(&(length - 1)) {
        positions.push(length - 1);
    }
    positions
}

/// Other characters of the same kind, a near and a far one.
fn replacements(octet: u8) -> Vec<u8> {
    let candidates = match octet {
        b'0'..=b'9' => b"0585",
        b'a'..=b'z' => b"afmz",
        b'A'..=b'Z' => b"AFMZ",
        _ => b"A0az",
    };
    candidates.iter().copied().filter(|other| *other != octet).take(2).collect()
}

fn spellings_are_recorded(bench: &Bench) -> Checked {
    let pairs = bench.session(&bench.logged_in(0)?);
    type Spelling = (&'static str, fn(&[u8]) -> Vec<u8>);
    let spellings: [Spelling; 9] = [
        ("in quotes", |value| [b"\"", value, b"\""].concat()),
        ("a blank before", |value| [b" ", value].concat()),
        ("a blank behind", |value| [value, b" "].concat()),
        ("a tab behind", |value| [value, b"\t"].concat()),
        ("percent-encoded", |value| {
            value.iter().flat_map(|it| format!("%{it:02X}").into_bytes()).collect()
        }),
        ("padding behind", |value| [value, b"="].concat()),
        ("a comma behind", |value| [value, b",x"].concat()),
        ("in lower case", <[u8]>::to_ascii_lowercase),
        ("in upper case", <[u8]>::to_ascii_uppercase),
    ];
    let mut accepted = Vec::new();
    for (what, spell) in spellings {
        let spelt: Vec<_> =
            pairs.iter().map(|(name, value)| (name.clone(), spell(value))).collect();
        if spelt != pairs && bench.saved(cookie_string(&spelt)).whoami()?.is_some() {
            accepted.push(what);
        }
    }
    fact(match accepted.len() {
        0 => "the value counts only as it was set".to_owned(),
        _ => format!("the value counts also {}", accepted.join(", ")),
    })
}

fn hostile_cookies_break_no_read(bench: &Bench) -> Checked {
    let descriptor = bench.descriptor();
    let mut paths = vec![descriptor.whoami.path.clone()];
    paths.extend(descriptor.public.iter().map(|page| page.path.clone()));
    let saved = bench.logged_in(0)?.field();
    let cookies = hostile(&bench.found().names);
    for cookie in &cookies {
        for path in &paths {
            let Some(reply) = answered(bench.saved(&cookie[..]).get(path))? else { continue };
            let is_whoami = *path == descriptor.whoami.path;
            let user = descriptor.whoami.find(&reply.text()).filter(|_| is_whoami);
            harmless(&format!("GET {path}"), cookie, reply.status(), user)?;
        }
    }
    let user = bench.saved(saved).whoami()?;
    ensure(user.is_some(), || "afterwards a session that was there is gone".to_owned())?;
    pass(format!("{} hostile Cookie fields are no server error and log nobody in", cookies.len()))
}

fn hostile_cookies_break_no_write(bench: &Bench) -> Checked {
    let cookies = hostile(&bench.found().names);
    for cookie in &cookies {
        let Some(reply) = answered(bench.saved(&cookie[..]).write(MARK, "hostile"))? else {
            continue;
        };
        harmless("a write", cookie, reply.status(), None)?;
    }
    pass(format!("writing with {} hostile Cookie fields is no server error", cookies.len()))
}

/// A server may close the connection on what is no HTTP, and a page without a token is no write.
fn answered(reply: Result<Reply, Trouble>) -> Result<Option<Reply>, Trouble> {
    match reply {
        Err(Trouble { kind: TroubleKind::Closed | TroubleKind::Descriptor, .. }) => Ok(None),
        other => other.map(Some),
    }
}

fn harmless(what: &str, cookie: &[u8], status: u16, user: Option<String>) -> Result<(), Halt> {
    let shown = || cookie[..cookie.len().min(SHOWN)].escape_ascii().to_string();
    ensure(status < 500, || {
        format!("{what} with Cookie: {} is answered by status {status}", shown())
    })?;
    ensure(user.is_none(), || {
        format!("{what} with Cookie: {} is {}", shown(), user.clone().unwrap_or_default())
    })
}

fn oversize_is_refused(bench: &Bench) -> Checked {
    let saved = bench.logged_in(0)?.field();
    let path = &bench.descriptor().whoami.path;
    let mut seen = Vec::new();
    for kilobytes in [8, 16, 64] {
        let flood = [&saved, &b"; n="[..], &vec![b'x'; kilobytes * 1_024]].concat();
        let status = answered(bench.saved(flood).get(path))?.map(|reply| reply.status());
        ensure(status.is_none_or(|status| status < 500), || {
            format!("{kilobytes} KiB of cookies are answered by status {}", status.unwrap_or(0))
        })?;
        let status = status.map_or_else(|| "a closed connection".to_owned(), |it| it.to_string());
        seen.push(format!("{kilobytes} KiB: {status}"));
    }
    let user = bench.saved(saved).whoami()?;
    ensure(user.as_deref() == Some(bench.identity(0)), || {
        format!("after too many cookies the next request is that of {user:?}")
    })?;
    pass(format!("{}; the next request works", seen.join(", ")))
}

fn signatures_cannot_be_stripped(bench: &Bench) -> Checked {
    let ids = bench.ids()?.values;
    let pairs = bench.session(&bench.logged_in(0)?);
    let mut tried = 0;
    for (nth, (name, value)) in pairs.iter().enumerate() {
        for forgery in forgeries(value, &ids) {
            let mut changed = pairs.clone();
            changed[nth].1.clone_from(&forgery);
            tried += 1;
            let user = bench.saved(cookie_string(&changed)).whoami()?;
            ensure(user.is_none(), || {
                let (name, forgery) = (name.escape_ascii(), forgery.escape_ascii());
                format!("the forgery {name}={forgery} is logged in")
            })?;
        }
    }
    match tried {
        0 => not_applicable("the value has no parts, one of which could be a signature"),
        _ => {
            pass(format!("{tried} forgeries without a signature, or with another one, are refused"))
        }
    }
}

/// What is left of a value of several parts when one is taken away or put in place of another.
/// Separators are what every identifier has equally often.
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

fn values_belong_to_their_names(bench: &Bench) -> Checked {
    let browser = bench.logged_in(0)?;
    let session = bench.session(&browser);
    let others: Vec<_> = browser
        .jar()
        .into_iter()
        .filter(|cookie| !bench.found().names.contains(&cookie.name) && !cookie.value.is_empty())
        .collect();
    if others.is_empty() {
        return not_applicable("the application sets no other cookie");
    }
    for nth in 0..session.len() {
        for other in &others {
            let mut changed = session.clone();
            changed[nth].1.clone_from(&other.value);
            let user = bench.saved(cookie_string(&changed)).whoami()?;
            ensure(user.is_none(), || {
                let (name, other) = (session[nth].0.escape_ascii(), other.name.escape_ascii());
                format!("with the value of {other}, {name} is logged in")
            })?;
        }
    }
    pass(format!("the values of {} other cookies do not count as a session", others.len()))
}

fn replay_is_recorded(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    browser.write(MARK, "older")?;
    let saved = browser.field();
    browser.write(MARK, "newer")?;
    let read = bench.saved(saved).read(MARK)?;
    fact(match read.as_deref() {
        Some("older") => "an older cookie brings the older state back",
        Some("newer") => "the state is the server's: an older cookie changes nothing",
        _ => "an older cookie has no session any more",
    })
}

fn state_is_never_lost_in_silence(bench: &Bench) -> Checked {
    let mut seen = Vec::new();
    for octets in [9_000, 70_000] {
        let value = "x".repeat(octets);
        let mut browser = bench.logged_in(0)?;
        let status = browser.write("large", &value)?.status();
        let read = browser.read("large")?;
        let is_kept = read.as_ref() == Some(&value);
        ensure(is_kept || status >= 400, || {
            let length = read.map_or(0, |read| read.len());
            format!("{octets} octets are stored with status {status}, and {length} come back")
        })?;
        let outcome = if is_kept { "kept".to_owned() } else { format!("refused by {status}") };
        seen.push(format!("{octets} octets are {outcome}"));
    }
    pass(seen.join(", "))
}

fn values_come_back_equal(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    for value in VALUES {
        let status = browser.write("odd", value)?.status();
        let read = browser.read("odd")?;
        ensure(status >= 400 || read.as_deref() == Some(value), || {
            format!("{value:?} is stored with status {status}, and {read:?} comes back")
        })?;
    }
    pass(format!("{} odd texts and numbers come back as they were stored", VALUES.len()))
}

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
