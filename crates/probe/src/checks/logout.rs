//! Logout and revocation: SM-052 to SM-064.

use cookiespec_wire::Request;

use crate::bench::{Bench, MARK};
use crate::browser::{Browser, cookie_string};
use crate::check::{Check, Level, Need, a4, a5, cs, nist, own, rfc, wstg};
use crate::descriptor::Account;
use crate::trouble::Trouble;
use crate::verdict::{Checked, Halt, ensure, fact, not_applicable, pass};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "SM-052",
        title: "logout kills the session on the server: the saved cookie no longer logs in",
        sources: &[a4("3.3.1", 1), a5("7.4.1", 1), wstg("06"), cs(), nist("5.1", Level::Shall)],
        needs: &[],
        run: logout_ends_the_session,
    },
    Check {
        id: "SM-053",
        title: "this also holds for self-contained (signed or sealed) cookies",
        sources: &[a5("7.4.1", 1)],
        needs: &[Need::State],
        run: logout_ends_what_the_cookie_holds,
    },
    Check {
        id: "SM-054",
        title: "logout deletes the cookie with the same name, Path and Domain",
        sources: &[cs(), nist("5.1.1", Level::Should), rfc("3.1", Level::Shall)],
        needs: &[],
        run: logout_deletes_the_cookie,
    },
    Check {
        id: "SM-055",
        title: "after logout the same jar is anonymous",
        sources: &[wstg("06")],
        needs: &[],
        run: the_browser_is_anonymous,
    },
    Check {
        id: "SM-056",
        title: "cookies bound to the session (remember-me, CSRF-in-session) also stop working",
        sources: &[wstg("06")],
        needs: &[],
        run: every_cookie_of_the_session_is_dead,
    },
    Check {
        id: "SM-057",
        title: "logout is not done by a safe method",
        sources: &[a5("3.5.3", 1)],
        needs: &[],
        run: safe_methods_do_not_log_out,
    },
    Check {
        id: "SM-058",
        title: "logout twice, without a session, or with an unknown id is not a 5xx",
        sources: &[own()],
        needs: &[],
        run: needless_logouts_are_no_server_errors,
    },
    Check {
        id: "SM-059",
        title: "logout of one session leaves the user's others (or kills them, as declared)",
        sources: &[a5("7.1.2", 2)],
        needs: &[],
        run: other_sessions_go_on,
    },
    Check {
        id: "SM-060",
        title: "\"log out everywhere\" ends all of them at once",
        sources: &[a4("3.3.4", 2), a5("7.5.2", 2), a5("7.4.5", 2)],
        needs: &[Need::LogoutAll],
        run: logout_everywhere_ends_them_all,
    },
    Check {
        id: "SM-061",
        title: "after a password change the other sessions can be, and then are, ended",
        sources: &[a4("3.3.3", 2), a5("7.4.3", 2)],
        needs: &[Need::ChangePassword],
        run: a_new_password_ends_the_others,
    },
    Check {
        id: "SM-062",
        title: "disabling or deleting the account ends its sessions",
        sources: &[a5("7.4.2", 1)],
        needs: &[Need::DisableUser, Need::SecondAccount],
        run: disabling_a_user_ends_their_sessions,
    },
    Check {
        id: "SM-063",
        title: "Clear-Site-Data on logout is recorded",
        sources: &[a5("14.3.1", 1), cs()],
        needs: &[],
        run: clear_site_data_is_recorded,
    },
    Check {
        id: "SM-064",
        title: "logout survives a restart: a revoked cookie stays dead",
        sources: &[a5("7.4.1", 1), own()],
        needs: &[Need::Process],
        run: logout_survives_a_restart,
    },
];

fn logout_ends_the_session(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let saved = browser.field();
    browser.logout()?;
    is_dead(bench, &saved, "logout")?;
    pass("a saved cookie is not logged in after logout")
}

/// Saved cookies are not logged in.
fn is_dead(bench: &Bench, saved: &[u8], what: &str) -> Result<(), Halt> {
    let user = bench.saved(saved).whoami()?;
    ensure(user.is_none(), || format!("a saved cookie is logged in after {what}"))
}

fn logout_ends_what_the_cookie_holds(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let before = bench.id(&browser);
    browser.write(MARK, "in the cookie")?;
    if bench.id(&browser) == before {
        return not_applicable(
            "the cookie does not change with what is stored: it is an identifier",
        );
    }
    let saved = browser.field();
    browser.logout()?;
    is_dead(bench, &saved, "logout")?;
    pass("a saved cookie that holds the session is not logged in after logout")
}

fn logout_deletes_the_cookie(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let before = bench.session(&browser);
    browser.logout()?;
    let after = bench.session(&browser);
    let kept = after.iter().find(|pair| before.contains(pair));
    ensure(kept.is_none(), || {
        let name = kept.map(|(name, _)| name.escape_ascii().to_string()).unwrap_or_default();
        format!("after logout the browser still has {name} as it was")
    })?;
    pass(if after.is_empty() {
        "the browser has no session cookie after logout"
    } else {
        "the browser has another session cookie after logout"
    })
}

fn the_browser_is_anonymous(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    browser.logout()?;
    let user = browser.whoami()?;
    ensure(user.is_none(), || "logout does not log out".to_owned())?;
    pass("nobody is logged in after logout")
}

fn every_cookie_of_the_session_is_dead(bench: &Bench) -> Checked {
    let mut saved = Vec::new();
    let mut browser = bench.browser();
    if browser.has_state() {
        browser.write(MARK, "before")?;
        saved.push(browser.field());
    }
    browser.login(bench.account(0))?;
    saved.push(browser.field());
    if let Some(step_up) = &bench.descriptor().ops.step_up {
        browser.send(step_up, &bench.account(0).values())?;
        saved.push(browser.field());
    }
    for cookie in browser.jar() {
        saved.push(cookie_string(&[(cookie.name, cookie.value)]));
    }
    browser.logout()?;
    saved.push(saved.join(&b"; "[..]));
    for field in &saved {
        is_dead(bench, field, "logout, one that the session had at some time")?;
    }
    pass("no cookie that the session ever had is logged in after logout, alone or with others")
}

fn safe_methods_do_not_log_out(bench: &Bench) -> Checked {
    let logout = &bench.descriptor().logout;
    ensure(!logout.is_safe(), || format!("logout is a {} request", logout.method))?;
    for method in ["GET", "HEAD"] {
        let mut browser = bench.logged_in(0)?;
        browser.navigate(Request::new(method, &logout.path))?;
        let user = browser.whoami()?;
        ensure(user.is_some(), || format!("{method} {} logs out", logout.path))?;
    }
    pass(format!("GET and HEAD of {} log nobody out", logout.path))
}

fn needless_logouts_are_no_server_errors(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let made_up = cookie_string(&bench.made_up(&browser)?);
    let saved = browser.field();
    browser.logout()?;
    let clients = [
        ("a second time", browser.twin()),
        ("with a cookie that was logged out", bench.saved(saved)),
        ("without a cookie", bench.browser()),
        ("with an unknown identifier", bench.saved(made_up)),
    ];
    for (how, mut client) in clients {
        let status = client.logout()?.status();
        ensure(status < 500, || format!("logging out {how} is answered by status {status}"))?;
    }
    pass("logging out twice, or without a session, is no server error")
}

fn other_sessions_go_on(bench: &Bench) -> Checked {
    let (mut here, mut there) = (bench.logged_in(0)?, bench.logged_in(0)?);
    here.logout()?;
    let goes_on = there.whoami()?.is_some();
    let ends_all = bench.descriptor().policy.logout_ends_all;
    ensure(goes_on != ends_all, || {
        if ends_all {
            "logout leaves the other sessions of the user, although the descriptor denies it"
        } else {
            "logout ends the other sessions of the user, too"
        }
        .to_owned()
    })?;
    pass(if ends_all {
        "logout ends the user's other sessions, as declared"
    } else {
        "logout leaves the user's other sessions"
    })
}

fn logout_everywhere_ends_them_all(bench: &Bench) -> Checked {
    let Some(logout_all) = &bench.descriptor().ops.logout_all else {
        return not_applicable("the descriptor would need `ops.logout_all`");
    };
    let mut here = bench.logged_in(0)?;
    let mut saved = Vec::new();
    for _ in 0..OTHERS {
        saved.push(bench.logged_in(0)?.field());
    }
    here.send(logout_all, &bench.account(0).values())?;
    for field in &saved {
        is_dead(bench, field, "logging out everywhere")?;
    }
    pass(format!("{OTHERS} other sessions end when the user logs out everywhere"))
}

fn a_new_password_ends_the_others(bench: &Bench) -> Checked {
    let (mut here, mut there) = (bench.logged_in(0)?, bench.logged_in(0)?);
    let old = bench.account(0);
    let new = Account { user: old.user.clone(), password: NEW_PASSWORD.to_owned() };
    change_password(bench, &mut here, old, &new)?;
    let user = there.whoami();
    let mut browser = bench.browser();
    browser.login(&new)?;
    if browser.whoami()?.is_none() {
        return Err(Halt::Trouble(Trouble::descriptor(
            "`ops.change_password`",
            "the new password does not log in",
            "correct the request: it has to give the account {new_password}",
        )));
    }
    change_password(bench, &mut browser, &new, old)?;
    ensure(user?.is_none(), || {
        "another session goes on after the password was changed".to_owned()
    })?;
    pass("the other session ends when the password is changed")
}

fn change_password(
    bench: &Bench,
    browser: &mut Browser,
    from: &Account,
    to: &Account,
) -> Result<(), Trouble> {
    if let Some(request) = &bench.descriptor().ops.change_password {
        browser.send(request, &from.values().with("new_password", &*to.password))?;
    }
    Ok(())
}

fn disabling_a_user_ends_their_sessions(bench: &Bench) -> Checked {
    let ops = &bench.descriptor().ops;
    let (Some(disable), Some(enable)) = (&ops.disable_user, &ops.enable_user) else {
        return not_applicable(
            "the descriptor would need `ops.disable_user` and `ops.enable_user`",
        );
    };
    let saved = bench.logged_in(1)?.field();
    let mut somebody = bench.logged_in(0)?;
    somebody.send(disable, &bench.account(1).values())?;
    let ended = is_dead(bench, &saved, "its user was disabled");
    somebody.send(enable, &bench.account(1).values())?;
    ended?;
    pass("the session ends when its user is disabled")
}

fn clear_site_data_is_recorded(bench: &Bench) -> Checked {
    let reply = bench.logged_in(0)?.logout()?;
    let said = reply.responses().find_map(|response| response.first("clear-site-data"));
    fact(match said {
        Some(said) => format!("logout says Clear-Site-Data: {}", said.escape_ascii()),
        None => "logout says nothing about Clear-Site-Data".to_owned(),
    })
}

fn logout_survives_a_restart(bench: &Bench) -> Checked {
    let mut browser = bench.logged_in(0)?;
    let saved = browser.field();
    browser.logout()?;
    bench.restart(bench.usual_idle())?;
    is_dead(bench, &saved, "logout and a restart")?;
    pass("a saved cookie is not logged in after logout and a restart")
}

/// How many sessions a user has besides this one.
const OTHERS: usize = 3;
const NEW_PASSWORD: &str = "cookiespec-New-Passw0rd";
