//! Creation: SM-032 to SM-038.

use cookiespec_wire::Request;

use crate::bench::Bench;
use crate::browser::cookie_string;
use crate::check::{Check, Need, a5, cs, dj, own, wstg};
use crate::descriptor::Descriptor;
use crate::template::{Place, Values};
use crate::trouble::Trouble;
use crate::verdict::{Checked, Halt, ensure, fact, not_applicable, pass};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-032",
        title: "a page that does not use the session sets no session cookie",
        sources: &[dj(), own()],
        needs: &[],
        run: public_pages_set_no_cookie,
    },
    Check {
        id: "SM-033",
        title: "an anonymous read, a 404, HEAD or OPTIONS creates no session",
        sources: &[own()],
        needs: &[],
        run: reads_create_no_session,
    },
    Check {
        id: "SM-034",
        title: "a session appears only after a user action",
        sources: &[a5("7.6.2", 2)],
        needs: &[],
        run: only_actions_create_sessions,
    },
    Check {
        id: "SM-035",
        title: "a client without cookies that repeats reads does not grow the store without bound",
        sources: &[own()],
        needs: &[Need::StoreSize],
        run: reads_do_not_fill_the_store,
    },
    Check {
        id: "SM-036",
        title: "a well-formed id that the server never issued is not adopted (strict mode)",
        sources: &[cs(), wstg("03")],
        needs: &[Need::State],
        run: made_up_ids_are_not_adopted,
    },
    Check {
        id: "SM-037",
        title: "an id that was destroyed or has expired is not adopted again",
        sources: &[cs(), own()],
        needs: &[Need::State],
        run: ended_ids_are_not_adopted,
    },
    Check {
        id: "SM-038",
        title: "what happens to an unknown id's cookie (kept, replaced, deleted) is recorded",
        sources: &[own()],
        needs: &[],
        run: unknown_ids_are_recorded,
    },
];

fn public_pages_set_no_cookie(bench: &Bench) -> Checked {
    let path = bench.descriptor().public.as_ref().map_or("/", |page| &page.path);
    creates_none(bench, &[Request::new("GET", path)])?;
    pass(format!("GET {path} sets no session cookie"))
}

fn reads_create_no_session(bench: &Bench) -> Checked {
    let requests = reads(bench.descriptor());
    creates_none(bench, &requests)?;
    let shown = requests.iter().map(|request| format!("{} {}", request.method, request.target));
    pass(format!("no session cookie after {}", shown.collect::<Vec<_>>().join(", ")))
}

/// Fails where one of these requests, each of a new browser, gets a session cookie.
fn creates_none(bench: &Bench, requests: &[Request]) -> Result<(), Halt> {
    for request in requests {
        let mut browser = bench.browser();
        browser.navigate(request.clone())?;
        let session = bench.session(&browser);
        ensure(session.is_empty(), || {
            let names = session.iter().map(|(name, _)| name.escape_ascii().to_string());
            let names = names.collect::<Vec<_>>().join(", ");
            format!("{} {} of a new browser sets {names}", request.method, request.target)
        })?;
    }
    Ok(())
}

/// What asks for nothing but an answer.
fn reads(descriptor: &Descriptor) -> Vec<Request> {
    let whoami = &descriptor.whoami.path;
    let page = descriptor.public.as_ref().map_or(whoami, |page| &page.path);
    let mut requests = vec![
        Request::new("GET", whoami),
        Request::new("GET", "/cookiespec-probe-finds-nothing-here"),
        Request::new("HEAD", page),
        Request::new("OPTIONS", page),
    ];
    if let Some(state) = &descriptor.state {
        let key = Values::default().with("key", "nothing");
        requests.push(Request::new("GET", &key.fill(&state.get.path, Place::Uri)));
    }
    requests
}

fn only_actions_create_sessions(bench: &Bench) -> Checked {
    let mut browser = bench.browser();
    let mut requests = reads(bench.descriptor());
    let pages = [&bench.descriptor().public, &bench.descriptor().stateless];
    let pages = pages.into_iter().flatten().map(|page| Request::new("GET", &page.path));
    requests.extend(pages);
    for request in requests {
        let shown = format!("{} {}", request.method, request.target);
        browser.navigate(request)?;
        ensure(bench.session(&browser).is_empty(), || {
            format!("{shown} is no action of a user, and makes a session")
        })?;
    }
    browser.login(bench.account(0))?;
    ensure(!bench.session(&browser).is_empty(), || "login makes no session".to_owned())?;
    pass("pages that are only looked at make no session, login does")
}

fn reads_do_not_fill_the_store(bench: &Bench) -> Checked {
    let before = bench.store_size()?;
    for _ in 0..READS {
        bench.saved("").whoami()?;
    }
    let after = bench.store_size()?;
    let grown = after.saturating_sub(before);
    ensure(grown < READS / 2, || {
        format!("{READS} reads without a cookie left {grown} sessions more in the store")
    })?;
    pass(format!("after {READS} reads without a cookie the store holds {grown} sessions more"))
}

fn made_up_ids_are_not_adopted(bench: &Bench) -> Checked {
    let Some(made_up) = never_issued(bench)? else {
        return not_applicable("identifiers can be guessed: every one that was made up is in use");
    };
    bench.saved(made_up.clone()).write(KEY, "planted")?;
    let value = bench.saved(made_up.clone()).read(KEY)?;
    ensure(value.is_none(), || {
        format!("Cookie: {} was never issued, and has a session now", made_up.escape_ascii())
    })?;
    pass("what is written with an identifier that was never issued is not found under it")
}

/// A Cookie field with an identifier after the pattern of the others, which has no session.
fn never_issued(bench: &Bench) -> Result<Option<Vec<u8>>, Trouble> {
    let browser = bench.logged_in(0)?;
    for _ in 0..GUESSES {
        let made_up = cookie_string(&bench.made_up(&browser)?);
        if bench.saved(made_up.clone()).whoami()?.is_none() {
            return Ok(Some(made_up));
        }
    }
    Ok(None)
}

fn ended_ids_are_not_adopted(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let saved = browser.field();
    browser.logout()?;
    is_not_adopted(bench, &saved, "ended by logout")?;
    let Some(idle) = bench.descriptor().policy.idle.filter(|_| bench.has_clock()) else {
        return pass("what is written with an identifier that logout ended is not found under it");
    };
    let saved = bench.logged_in(0)?.field();
    bench.pass_time(idle + 1)?;
    is_not_adopted(bench, &saved, "expired")?;
    pass("what is written with an identifier that ended, or expired, is not found under it")
}

fn is_not_adopted(bench: &Bench, saved: &[u8], how: &str) -> Result<(), Halt> {
    bench.saved(saved).write(KEY, "again")?;
    let mut client = bench.saved(saved);
    let (value, user) = (client.read(KEY)?, client.whoami()?);
    ensure(value.is_none() && user.is_none(), || {
        format!("an identifier that has {how} has a session again after a write with it")
    })
}

fn unknown_ids_are_recorded(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let made_up = bench.made_up(&browser)?;
    browser.replace(&made_up);
    browser.whoami()?;
    let session = bench.session(&browser);
    fact(if session.is_empty() {
        "the cookie is deleted"
    } else if session == made_up {
        "the cookie is kept"
    } else {
        "the cookie is replaced"
    })
}

/// How many identifiers are made up before it is given up.
const GUESSES: usize = 50;
const READS: u64 = 1_000;
const KEY: &str = "adopted";
