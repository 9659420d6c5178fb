//! The attributes of the cookie: SM-017 to SM-031.

mod issued;

use cookiespec_engine::set_cookie::PathAttribute;
use cookiespec_engine::{Ignored, Received, SameSite};

use self::issued::{Issued, expires_text, issued, issued_on};
use crate::bench::Bench;
use crate::browser::Reply;
use crate::check::{Check, Level, Need, a4, a5, cs, dj, nist, own, rfc};
use crate::verdict::{Checked, ensure, not_applicable, pass};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-017",
        title: "Secure on https",
        sources: &[
            a4("3.4.1", 1),
            a5("3.3.1", 1),
            nist("5.1.1", Level::Shall),
            rfc("8.3", Level::Should),
            cs(),
        ],
        needs: &[Need::Https],
        run: is_secure_on_https,
    },
    Check {
        id: "SM-018",
        title: "HttpOnly",
        sources: &[a4("3.4.2", 1), a5("3.3.4", 2), nist("5.1.1", Level::Should), cs()],
        needs: &[],
        run: is_http_only,
    },
    Check {
        id: "SM-019",
        title: "SameSite is explicit, Lax or Strict",
        sources: &[a4("3.4.3", 1), a5("3.3.2", 2), nist("5.1.1", Level::Should), cs()],
        needs: &[],
        run: same_site_is_lax_or_strict,
    },
    Check {
        id: "SM-020",
        title: "SameSite=None only with Secure",
        sources: &[cs(), rfc("5.7", Level::Shall)],
        needs: &[],
        run: same_site_none_is_secure,
    },
    Check {
        id: "SM-021",
        title: "name starts with __Host-; if shared with other hosts, __Secure-",
        sources: &[
            a4("3.4.4", 1),
            a5("3.3.3", 2),
            a5("3.3.1", 1),
            nist("5.1.1", Level::Should),
            cs(),
        ],
        needs: &[Need::Https],
        run: name_has_a_prefix,
    },
    Check {
        id: "SM-022",
        title: "every Set-Cookie of a prefixed name, the deleting one included, satisfies its prefix (Secure, Path=/, no Domain)",
        sources: &[rfc("5.4", Level::Shall)],
        needs: &[],
        run: prefixes_are_kept,
    },
    Check {
        id: "SM-023",
        title: "no Domain attribute unless declared",
        sources: &[cs(), nist("5.1.1", Level::Shall), rfc("8.6", Level::Shall), dj()],
        needs: &[],
        run: has_no_domain,
    },
    Check {
        id: "SM-024",
        title: "Path is the application's root, no wider",
        sources: &[a4("3.4.5", 1), nist("5.1.1", Level::Shall), cs()],
        needs: &[],
        run: path_is_the_root,
    },
    Check {
        id: "SM-025",
        title: "the session cookie is a memory cookie unless \"remember me\" was asked for",
        sources: &[nist("5.1", Level::Should), cs()],
        needs: &[],
        run: lives_in_memory,
    },
    Check {
        id: "SM-026",
        title: "a persistent session cookie ends with, or soon after, the server's session",
        sources: &[nist("5.1.1", Level::Should), rfc("7.4", Level::Should)],
        needs: &[Need::Process],
        run: ends_with_the_session,
    },
    Check {
        id: "SM-027",
        title: "cookie lifetime at most 400 days",
        sources: &[rfc("5.5", Level::Shall)],
        needs: &[],
        run: lasts_400_days_at_most,
    },
    Check {
        id: "SM-028",
        title: "when both are present, Max-Age and Expires name the same instant (2 s)",
        sources: &[rfc("5.7", Level::Shall)],
        needs: &[],
        run: lifetimes_agree,
    },
    Check {
        id: "SM-029",
        title: "one response never sets one cookie name twice",
        sources: &[rfc("4.1.1", Level::Should)],
        needs: &[],
        run: is_set_once_a_response,
    },
    Check {
        id: "SM-030",
        title: "Expires has the fixed-length HTTP date form",
        sources: &[rfc("4.1.1", Level::Shall)],
        needs: &[],
        run: expires_has_the_fixed_form,
    },
    Check {
        id: "SM-031",
        title: "each re-issue carries the same attributes as the first issue",
        sources: &[own()],
        needs: &[],
        run: attributes_stay_the_same,
    },
];

fn is_secure_on_https(bench: &Bench) -> Checked {
    let Some(site) = bench.https() else { return not_applicable("no https") };
    every(issued_on(bench, site)?, "has no Secure", |it| it.cookie().secure)
}

fn is_http_only(bench: &Bench) -> Checked {
    every(issued(bench)?, "has no HttpOnly", |it| it.cookie().http_only)
}

fn same_site_is_lax_or_strict(bench: &Bench) -> Checked {
    every(issued(bench)?, "has no SameSite=Lax or Strict", |it| {
        matches!(it.cookie().same_site, Some(SameSite::Lax | SameSite::Strict))
    })
}

fn same_site_none_is_secure(bench: &Bench) -> Checked {
    every(issued(bench)?, "has SameSite=None without Secure", |it| {
        it.cookie().same_site != Some(SameSite::None) || it.cookie().secure
    })
}

fn name_has_a_prefix(bench: &Bench) -> Checked {
    let Some(site) = bench.https() else { return not_applicable("no https") };
    let prefix: &[u8] =
        if bench.descriptor().policy.shares_domain { b"__Secure-" } else { b"__Host-" };
    let otherwise = format!("has a name that does not start with {}", prefix.escape_ascii());
    every(issued_on(bench, site)?, &otherwise, |it| it.cookie().name.starts_with(prefix))
}

/// What breaks the promise of its name, browsers ignore, a removal included.
fn prefixes_are_kept(bench: &Bench) -> Checked {
    // Without https a prefixed cookie is ignored whatever else it says, except on loopback.
    let replies = bench.visit(bench.https().unwrap_or(bench.site()))?;
    let mut count = 0;
    for (line, received) in replies.iter().flat_map(received) {
        let starts = |prefix: &[u8]| {
            line.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix))
        };
        if !(starts(b"__Host-") || starts(b"__Secure-")) {
            continue;
        }
        count += 1;
        ensure(received.is_ok(), || {
            let why = received.as_ref().err().map(ToString::to_string).unwrap_or_default();
            format!("browsers ignore Set-Cookie: {} ({why})", line.escape_ascii())
        })?;
    }
    pass(format!("{count} cookies with a prefix were set, and a browser takes them all"))
}

fn received(reply: &Reply) -> impl Iterator<Item = &(Vec<u8>, Result<Received, Ignored>)> {
    reply.hops.iter().flat_map(|hop| &hop.received)
}

fn has_no_domain(bench: &Bench) -> Checked {
    if bench.descriptor().policy.shares_domain {
        return not_applicable("`policy.shares_domain` says that other hosts share the session");
    }
    every(issued(bench)?, "has a Domain", |it| {
        it.cookie().domain.is_none_or(|domain| domain.is_empty())
    })
}

fn path_is_the_root(bench: &Bench) -> Checked {
    let root = &bench.descriptor().policy.path;
    every(issued(bench)?, &format!("has another Path than {root}"), |it| match it.cookie().path {
        Some(PathAttribute::Absolute(path)) => path == root.as_bytes(),
        _ => false,
    })
}

fn lives_in_memory(bench: &Bench) -> Checked {
    if bench.descriptor().policy.remember_me {
        return not_applicable(
            "`policy.remember_me` says that login asks for a persistent session",
        );
    }
    every(issued(bench)?, "stays when the browser is closed", |it| !it.is_persistent())
}

fn ends_with_the_session(bench: &Bench) -> Checked {
    let cookies = issued(bench)?;
    let Some(longest) = cookies.iter().filter_map(Issued::lifetime).max() else {
        return pass("it is a memory cookie");
    };
    let policy = &bench.descriptor().policy;
    let Some(limit) = policy.absolute.or(policy.idle) else {
        return not_applicable("the descriptor would need `policy.absolute` or `policy.idle`");
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    ensure(longest <= limit.saturating_add(MARGIN), || {
        format!("the cookie lives for {longest} s, the session for {limit} s at most")
    })?;
    pass(format!("the cookie lives for {longest} s, the session for up to {limit} s"))
}

fn lasts_400_days_at_most(bench: &Bench) -> Checked {
    every(issued(bench)?, "lives for more than 400 days", |it| {
        it.lifetime().is_none_or(|seconds| seconds <= 400 * 86_400)
    })
}

fn lifetimes_agree(bench: &Bench) -> Checked {
    every(issued(bench)?, "has a Max-Age and an Expires that name different instants", |it| {
        let cookie = it.cookie();
        let (Some(max_age), Some(expires)) = (cookie.max_age, cookie.expires) else { return true };
        (it.answered + max_age - expires).abs() <= 2
    })
}

fn is_set_once_a_response(bench: &Bench) -> Checked {
    for hop in bench.visit(bench.site())?.iter().flat_map(|reply| &reply.hops) {
        let name = |line: &'_ [u8]| {
            let name = line.split(|&octet| octet == b'=' || octet == b';').next();
            name.unwrap_or_default().trim_ascii().to_vec()
        };
        let names: Vec<_> = hop.response.all("set-cookie").map(name).collect();
        let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
        ensure(twice.is_none(), || {
            let name = twice.map(|(_, name)| name.escape_ascii().to_string()).unwrap_or_default();
            format!("the answer to {} sets {name} more than once", hop.target.escape_debug())
        })?;
    }
    pass("no response sets one name twice")
}

fn expires_has_the_fixed_form(bench: &Bench) -> Checked {
    let replies = bench.visit(bench.site())?;
    let mut count = 0;
    for line in replies.iter().flat_map(Reply::set_cookies) {
        for date in expires_text(line) {
            count += 1;
            ensure(issued::is_imf_fixdate(date), || {
                format!(
                    "\"{}\" has another form than Sun, 06 Nov 1994 08:49:37 GMT",
                    date.escape_ascii()
                )
            })?;
        }
    }
    pass(format!("{count} cookies have an Expires, all of the fixed form"))
}

fn attributes_stay_the_same(bench: &Bench) -> Checked {
    let cookies = issued(bench)?;
    for one in &cookies {
        let first = cookies.iter().find(|it| it.cookie().name == one.cookie().name);
        let first = first.unwrap_or(one);
        ensure(one.attributes() == first.attributes(), || {
            format!(
                "Set-Cookie: {} has other attributes than {}",
                one.line.escape_ascii(),
                first.line.escape_ascii()
            )
        })?;
    }
    pass(format!("set {} times, always with the same attributes", cookies.len()))
}

/// Passes where it is so of every cookie of a session that is set.
fn every(cookies: Vec<Issued>, otherwise: &str, is_so: impl Fn(&Issued) -> bool) -> Checked {
    let wrong = cookies.iter().find(|cookie| !is_so(cookie));
    ensure(wrong.is_none(), || {
        let line = wrong.map(|it| it.line.escape_ascii().to_string()).unwrap_or_default();
        format!("the session cookie {otherwise}: Set-Cookie: {line}")
    })?;
    let last = cookies.last().map(|it| it.line.escape_ascii().to_string()).unwrap_or_default();
    pass(format!("set {} times, the last time by Set-Cookie: {last}", cookies.len()))
}

/// How much longer than the session a cookie may live, in seconds.
const MARGIN: i64 = 60;
