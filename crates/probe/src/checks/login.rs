//! Login, rotation, fixation: SM-039 to SM-051.

use crate::bench::{Bench, MARK};
use crate::browser::{Browser, cookie_string};
use crate::check::{Check, Level, Need, a4, a5, cs, dj, nist, own, wstg};
use crate::descriptor::Account;
use crate::verdict::{Checked, Halt, ensure, fact, not_applicable, pass};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-039",
        title: "login issues a new id",
        sources: &[a4("3.2.1", 1), a5("7.2.4", 1), cs(), wstg("03"), nist("5.1", Level::Shall)],
        needs: &[],
        run: login_issues_a_new_id,
    },
    Check {
        id: "SM-040",
        title: "the pre-login id is not logged in afterwards",
        sources: &[wstg("03"), cs()],
        needs: &[],
        run: earlier_ids_are_not_logged_in,
    },
    Check {
        id: "SM-041",
        title: "the pre-login id is dead: its data is gone too",
        sources: &[a5("7.2.4", 1), cs()],
        needs: &[Need::State],
        run: earlier_ids_are_dead,
    },
    Check {
        id: "SM-042",
        title: "a made-up id planted before login is not logged in afterwards",
        sources: &[wstg("03"), cs()],
        needs: &[],
        run: planted_ids_are_not_logged_in,
    },
    Check {
        id: "SM-043",
        title: "logging in again as the same user rotates",
        sources: &[a5("7.2.4", 1)],
        needs: &[],
        run: the_same_user_gets_a_new_id,
    },
    Check {
        id: "SM-044",
        title: "logging in as another user rotates",
        sources: &[a5("7.2.4", 1), cs()],
        needs: &[Need::SecondAccount],
        run: another_user_gets_a_new_id,
    },
    Check {
        id: "SM-045",
        title: "logging in as another user drops the first user's session data",
        sources: &[cs(), dj(), own()],
        needs: &[Need::SecondAccount, Need::State],
        run: another_user_gets_no_data,
    },
    Check {
        id: "SM-046",
        title: "any other privilege change rotates",
        sources: &[cs()],
        needs: &[Need::StepUp],
        run: a_step_up_gives_a_new_id,
    },
    Check {
        id: "SM-047",
        title: "a failed login gives no identity and leaks none",
        sources: &[own(), wstg("01")],
        needs: &[],
        run: failed_logins_give_nothing,
    },
    Check {
        id: "SM-048",
        title: "a half-finished flow (reset mail asked, second factor pending) is not a login",
        sources: &[a4("3.7.1", 1), wstg("08")],
        needs: &[Need::StepUp],
        run: half_a_login_is_none,
    },
    Check {
        id: "SM-049",
        title: "forced-cookie test: all pre-login cookies without prefix together do not give the victim's account",
        sources: &[wstg("03")],
        needs: &[Need::SecondAccount],
        run: forced_cookies_open_no_account,
    },
    Check {
        id: "SM-050",
        title: "whether anonymous data survives login is recorded",
        sources: &[own()],
        needs: &[Need::State],
        run: anonymous_data_is_recorded,
    },
    Check {
        id: "SM-051",
        title: "after https login no request or cookie falls back to http",
        sources: &[nist("5.1", Level::Shall), wstg("04")],
        needs: &[Need::Https],
        run: nothing_falls_back_to_http,
    },
];

fn login_issues_a_new_id(bench: &Bench) -> Checked {
    let Some((mut browser, _)) = bench.anonymous()? else {
        let browser = bench.logged_in(0)?;
        ensure(!bench.session(&browser).is_empty(), || "login issues no identifier".to_owned())?;
        return pass("there is no identifier before login, and one after it");
    };
    let before = bench.id(&browser);
    browser.login(bench.account(0))?;
    ensure(bench.id(&browser) != before, || "login keeps the identifier".to_owned())?;
    pass("the identifier after login is another one")
}

fn earlier_ids_are_not_logged_in(bench: &Bench) -> Checked {
    let Some((mut browser, saved)) = bench.anonymous()? else { return no_anonymous_session() };
    browser.login(bench.account(0))?;
    let user = bench.saved(saved).whoami()?;
    ensure(user.is_none(), || "the identifier from before login is logged in".to_owned())?;
    pass("the identifier from before login is not logged in")
}

fn no_anonymous_session() -> Checked {
    not_applicable("there is no session before login, as far as the descriptor says")
}

fn earlier_ids_are_dead(bench: &Bench) -> Checked {
    let Some((mut browser, saved)) = bench.anonymous()? else { return no_anonymous_session() };
    browser.login(bench.account(0))?;
    let value = bench.saved(saved).read(MARK)?;
    ensure(value.is_none(), || "the identifier from before login has its data still".to_owned())?;
    pass("the identifier from before login leads to nothing")
}

fn planted_ids_are_not_logged_in(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let planted = bench.made_up(&browser)?;
    browser.replace(&planted);
    browser.login(bench.account(0))?;
    let user = bench.saved(cookie_string(&planted)).whoami()?;
    ensure(user.is_none(), || {
        "an identifier that somebody made up and planted is logged in after the login".to_owned()
    })?;
    pass("an identifier that was planted before login is not logged in after it")
}

fn the_same_user_gets_a_new_id(bench: &Bench) -> Checked {
    rotates(bench, "a second login of the same user", |browser| {
        browser.login(bench.account(0))?;
        Ok(())
    })
}

fn another_user_gets_a_new_id(bench: &Bench) -> Checked {
    rotates(bench, "the login of another user", |browser| {
        browser.login(bench.account(1))?;
        Ok(())
    })
}

fn a_step_up_gives_a_new_id(bench: &Bench) -> Checked {
    rotates(bench, "a change of privilege", |browser| {
        if let Some(step_up) = &bench.descriptor().ops.step_up {
            browser.send(step_up, &bench.account(0).values())?;
        }
        let user = browser.whoami()?;
        ensure(user.is_some(), || "a change of privilege logs out".to_owned())
    })
}

/// What is done to a session gives it a new identifier, and the old one is not logged in.
fn rotates(
    bench: &Bench,
    what: &str,
    change: impl FnOnce(&mut Browser) -> Result<(), Halt>,
) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let (before, saved) = (bench.id(&browser), browser.field());
    change(&mut browser)?;
    ensure(bench.id(&browser) != before, || format!("{what} keeps the identifier"))?;
    let user = bench.saved(saved).whoami()?;
    ensure(user.is_none(), || format!("the identifier from before {what} is logged in"))?;
    pass(format!("{what} gives a new identifier and ends the old one"))
}

fn another_user_gets_no_data(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    browser.write(SECRET, "of the first user")?;
    browser.login(bench.account(1))?;
    let user = browser.whoami()?;
    ensure(user.as_deref() == Some(bench.identity(1)), || {
        "the login of another user does not log in".to_owned()
    })?;
    let value = browser.read(SECRET)?;
    ensure(value.is_none(), || "the next user finds the data of the first one".to_owned())?;
    pass("the next user finds nothing of the first one")
}

fn failed_logins_give_nothing(bench: &Bench) -> Checked {
    let mut browser = match bench.anonymous()? {
        Some((browser, _)) => browser,
        None => bench.browser(),
    };
    for account in wrong_accounts(bench.account(0)) {
        let reply = browser.login(&account)?;
        let user = browser.whoami()?;
        ensure(user.is_none(), || {
            format!(
                "a login that is answered by status {} logs in without the password",
                reply.status()
            )
        })?;
        let named = bench.descriptor().whoami.find(&reply.text());
        ensure(named.as_deref() != Some(bench.identity(0)), || {
            "the answer to a failed login tells who-am-i's answer".to_owned()
        })?;
    }
    pass("a wrong password, none, and the password without its user log nobody in")
}

fn wrong_accounts(right: &Account) -> [Account; 3] {
    let account = |user: &str, password: &str| Account {
        user: user.to_owned(),
        password: password.to_owned(),
    };
    [
        account(&right.user, "not the password of anybody"),
        account(&right.user, ""),
        account("cookiespec-nobody", &right.password),
    ]
}

fn half_a_login_is_none(bench: &Bench) -> Checked {
    let Some(step_up) = &bench.descriptor().ops.step_up else {
        return not_applicable("the descriptor would need `ops.step_up`");
    };
    let mut browser = bench.browser();
    browser.send(step_up, &bench.account(0).values())?;
    let user = browser.whoami()?;
    ensure(user.is_none(), || "a change of privilege without a login logs in".to_owned())?;
    pass("a change of privilege without a login logs nobody in")
}

fn forced_cookies_open_no_account(bench: &Bench) -> Checked {
    let Some((mut victim, planted)) = bench.anonymous()? else { return no_anonymous_session() };
    victim.login(bench.account(0))?;
    let own = bench.logged_in(1)?.field();
    for field in [
        planted.clone(),
        [&planted, &b"; "[..], &own].concat(),
        [&own, &b"; "[..], &planted].concat(),
    ] {
        let user = bench.saved(field).whoami()?;
        ensure(user.as_deref() != Some(bench.identity(0)), || {
            "who planted cookies before a login is in the account after it".to_owned()
        })?;
    }
    if victim.has_state() {
        let value = bench.saved(planted).read(MARK)?;
        ensure(value.is_none(), || {
            "who planted cookies before a login shares a session with it".to_owned()
        })?;
    }
    pass("who planted cookies before a login has nothing from them after it")
}

fn anonymous_data_is_recorded(bench: &Bench) -> Checked {
    let Some((mut browser, _)) = bench.anonymous()? else { return no_anonymous_session() };
    browser.login(bench.account(0))?;
    fact(match browser.read(MARK)? {
        Some(_) => "what was stored before login is there after it",
        None => "what was stored before login is gone after it",
    })
}

fn nothing_falls_back_to_http(bench: &Bench) -> Checked {
    let Some(https) = bench.https() else {
        return not_applicable("the descriptor would need `[https]`");
    };
    for reply in bench.visit(https)? {
        for hop in &reply.hops {
            let location = hop.response.first("location").unwrap_or_default();
            let is_plain = location.get(..5).is_some_and(|it| it.eq_ignore_ascii_case(b"http:"));
            ensure(!is_plain, || {
                format!("over https, {} sends to {}", hop.target, location.escape_ascii())
            })?;
        }
    }
    let mut browser = bench.browser_on(https);
    browser.login(bench.account(0))?;
    let names = &bench.found().names;
    let plain = browser.jar().into_iter().find(|it| names.contains(&it.name) && !it.secure_only);
    ensure(plain.is_none(), || {
        "the session cookie has no Secure, and goes out over http as well".to_owned()
    })?;
    pass("no redirect leads to http, and the session cookie does not go there")
}

/// The key that the first user writes to.
const SECRET: &str = "secret";
