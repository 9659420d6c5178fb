//! The table of all checks, SM-001 to SM-107.
//!
//! A row has the identifier, the statement that must hold, the texts that require it with their
//! levels, what the descriptor has to declare, and the function that decides it. The function takes
//! a [`TestContext`], which makes the browsers it needs. It returns
//! [`pass`](crate::verdict::pass) or [`fact`](crate::verdict::fact), and calls
//! [`ensure`](crate::verdict::ensure) with `?` for each condition. It is only called if the
//! descriptor declares everything in the row. Checks share nothing but the application: each logs
//! in its own accounts, and leaves passwords, clocks and processes usable for the next one.

use super::{
    attributes, caching, carrier, concurrency, creation, durability, hostile, identifier, login,
    logout, timeout,
};
use crate::check::Level::{Shall, Should};
use crate::check::Need::{
    self, Absolute, ChangePassword, Csrf, DisableUser, Error, Hold, Https, Idle, LogoutAll,
    Process, Second, SecondAccount, State, StepUp, StoreSize, StoreStop,
};
use crate::check::{Check, Source, a4, a5, cs, cve, dj, nist, own, rfc, wstg};
use crate::test_context::TestContext;
use crate::verdict::CheckResult;

/// A check and the function that decides it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The check.
    pub check: Check,
    /// Decides the check.
    pub run: fn(&TestContext) -> CheckResult,
}

/// All checks in the order of their numbers.
#[rustfmt::skip]
pub static TABLE: [Entry; 107] = [
    // The identifier: SM-001 to SM-010.
    check("SM-001", "N fresh sessions give N different ids",
        &[a5("7.2.3", 1), cs()], &[], identifier::ids_differ),
    check("SM-002", "the id carries at least 128 bits",
        &[a5("7.2.3", 1), cs()], &[], identifier::id_has_128_bits),
    check("SM-003", "the id carries at least 64 bits (floor)",
        &[a4("3.2.2", 1), nist("5.1", Shall), cs()], &[], identifier::id_has_64_bits),
    check("SM-004", "no static, counting or time-linked part",
        &[a4("3.2.4", 2), wstg("01")], &[], identifier::id_is_random_enough),
    check("SM-005", "same inputs, same instant give unrelated ids",
        &[wstg("01")], &[], identifier::parallel_ids_are_unrelated),
    check("SM-006", "no user name, id, mail, IP or other clear data in the cookie, also after base64/hex/url/zlib/JWT decoding",
        &[nist("5.1.1", Shall), cs(), a5("14.3.3", 2), wstg("01")], &[],
        identifier::cookie_discloses_no_personal_data),
    check("SM-007", "the cookie name is not a framework's default",
        &[cs()], &[], identifier::name_is_not_a_framework_default),
    check("SM-008", "the value is made of cookie-octets",
        &[rfc("4.1.1", Shall)], &[], identifier::value_is_made_of_cookie_octets),
    check("SM-009", "name + value is at most 4,096 octets in every state the app can reach",
        &[a5("3.3.5", 3), rfc("5.6", Shall)], &[State], identifier::cookie_stays_small),
    check("SM-010", "the token is made anew per session, not a static secret",
        &[a5("7.2.2", 1), a4("3.5.2", 2)], &[], identifier::each_login_makes_a_token),
    // What carries the identifier: SM-011 to SM-016.
    check("SM-011", "the id is accepted only from the Cookie header",
        &[cs(), a4("3.1.1", 1), a5("14.2.1", 1), wstg("04")], &[],
        carrier::id_is_accepted_from_cookies_only),
    check("SM-012", "the id never appears in a URL, Location or body",
        &[a5("3.3.4", 2), a5("14.2.1", 1)], &[], carrier::id_is_in_no_url_and_no_body),
    check("SM-013", "the cookie name is matched case-sensitively",
        &[rfc("4.1.1", Shall)], &[], carrier::name_is_case_sensitive),
    check("SM-014", "two cookies of the session's name never give a mixture or a 5xx; which one wins is recorded",
        &[rfc("4.2.2", Should), cs()], &[], carrier::duplicate_names_are_not_mixed),
    check("SM-015", "when several cookies make the session, each is verified and they are bound together",
        &[cs()], &[SecondAccount], carrier::several_cookies_are_bound),
    check("SM-016", "an unknown cookie beside the session cookie changes nothing",
        &[own()], &[], carrier::unknown_cookies_change_nothing),
    // The attributes of the cookie: SM-017 to SM-031.
    check("SM-017", "Secure on https",
        &[a4("3.4.1", 1), a5("3.3.1", 1), nist("5.1.1", Shall), rfc("8.3", Should), cs()], &[Https],
        attributes::is_secure_on_https),
    check("SM-018", "HttpOnly",
        &[a4("3.4.2", 1), a5("3.3.4", 2), nist("5.1.1", Should), cs()], &[],
        attributes::is_http_only),
    check("SM-019", "SameSite is explicit, Lax or Strict",
        &[a4("3.4.3", 1), a5("3.3.2", 2), nist("5.1.1", Should), cs()], &[],
        attributes::same_site_is_lax_or_strict),
    check("SM-020", "SameSite=None only with Secure",
        &[cs(), rfc("5.7", Shall)], &[], attributes::same_site_none_is_secure),
    check("SM-021", "name starts with __Host-; if shared with other hosts, __Secure-",
        &[a4("3.4.4", 1), a5("3.3.3", 2), a5("3.3.1", 1), nist("5.1.1", Should), cs()], &[Https],
        attributes::name_has_a_prefix),
    check("SM-022", "every Set-Cookie of a prefixed name, the deleting one included, satisfies its prefix (Secure, Path=/, no Domain)",
        &[rfc("5.4", Shall)], &[], attributes::prefixes_are_kept),
    check("SM-023", "no Domain attribute unless declared",
        &[cs(), nist("5.1.1", Shall), rfc("8.6", Shall), dj()], &[], attributes::has_no_domain),
    check("SM-024", "Path is the application's root, no wider",
        &[a4("3.4.5", 1), nist("5.1.1", Shall), cs()], &[], attributes::path_is_the_root),
    check("SM-025", "the session cookie is a memory cookie unless \"remember me\" was asked for",
        &[nist("5.1", Should), cs()], &[], attributes::is_a_memory_cookie),
    check("SM-026", "a persistent session cookie ends with, or soon after, the server's session",
        &[nist("5.1.1", Should), rfc("7.4", Should)], &[Process],
        attributes::ends_with_the_session),
    check("SM-027", "cookie lifetime at most 400 days",
        &[rfc("5.5", Shall)], &[], attributes::lasts_400_days_at_most),
    check("SM-028", "when both are present, Max-Age and Expires name the same instant (2 s)",
        &[rfc("5.7", Shall)], &[], attributes::lifetimes_agree),
    check("SM-029", "one response never sets one cookie name twice",
        &[rfc("4.1.1", Should)], &[], attributes::is_set_once_a_response),
    check("SM-030", "Expires has the fixed-length HTTP date form",
        &[rfc("4.1.1", Shall)], &[], attributes::expires_has_the_fixed_form),
    check("SM-031", "each re-issue carries the same attributes as the first issue",
        &[own()], &[], attributes::attributes_stay_the_same),
    // Creation: SM-032 to SM-038.
    check("SM-032", "a page that does not use the session sets no session cookie",
        &[dj(), own()], &[], creation::public_pages_set_no_cookie),
    check("SM-033", "an anonymous read, a 404, HEAD or OPTIONS creates no session",
        &[own()], &[], creation::reads_create_no_session),
    check("SM-034", "a session appears only after a user action",
        &[a5("7.6.2", 2)], &[], creation::only_actions_create_sessions),
    check("SM-035", "a client without cookies that repeats reads does not grow the store without bound",
        &[own()], &[StoreSize], creation::reads_do_not_fill_the_store),
    check("SM-036", "a well-formed id that the server never issued is not adopted (strict mode)",
        &[cs(), wstg("03")], &[State], creation::made_up_ids_are_not_adopted),
    check("SM-037", "an id that was destroyed or has expired is not adopted again",
        &[cs(), own()], &[State], creation::ended_ids_are_not_adopted),
    check("SM-038", "what happens to an unknown id's cookie (kept, replaced, deleted) is recorded",
        &[own()], &[], creation::unknown_ids_are_recorded),
    // Login, rotation, fixation: SM-039 to SM-051.
    check("SM-039", "login issues a new id",
        &[a4("3.2.1", 1), a5("7.2.4", 1), cs(), wstg("03"), nist("5.1", Shall)], &[],
        login::login_issues_a_new_id),
    check("SM-040", "the pre-login id is not logged in afterwards",
        &[wstg("03"), cs()], &[], login::earlier_ids_are_not_logged_in),
    check("SM-041", "the pre-login id is dead: its data is gone too",
        &[a5("7.2.4", 1), cs()], &[State], login::earlier_ids_are_dead),
    check("SM-042", "a made-up id planted before login is not logged in afterwards",
        &[wstg("03"), cs()], &[], login::planted_ids_are_not_logged_in),
    check("SM-043", "logging in again as the same user rotates",
        &[a5("7.2.4", 1)], &[], login::the_same_user_gets_a_new_id),
    check("SM-044", "logging in as another user rotates",
        &[a5("7.2.4", 1), cs()], &[SecondAccount], login::another_user_gets_a_new_id),
    check("SM-045", "logging in as another user drops the first user's session data",
        &[cs(), dj(), own()], &[SecondAccount, State], login::another_user_gets_no_data),
    check("SM-046", "any other privilege change rotates",
        &[cs()], &[StepUp], login::a_step_up_gives_a_new_id),
    check("SM-047", "a failed login gives no identity and leaks none",
        &[own(), wstg("01")], &[], login::failed_logins_give_nothing),
    check("SM-048", "a half-finished flow (reset mail asked, second factor pending) is not a login",
        &[a4("3.7.1", 1), wstg("08")], &[StepUp], login::half_finished_logins_are_not_logins),
    check("SM-049", "forced-cookie test: all pre-login cookies without prefix together do not give the victim's account",
        &[wstg("03")], &[SecondAccount], login::forced_cookies_open_no_account),
    check("SM-050", "whether anonymous data survives login is recorded",
        &[own()], &[State], login::anonymous_data_is_recorded),
    check("SM-051", "after https login no request or cookie falls back to http",
        &[nist("5.1", Shall), wstg("04")], &[Https], login::nothing_falls_back_to_http),
    // Logout and revocation: SM-052 to SM-064.
    check("SM-052", "logout kills the session on the server: the saved cookie no longer logs in",
        &[a4("3.3.1", 1), a5("7.4.1", 1), wstg("06"), cs(), nist("5.1", Shall)], &[],
        logout::logout_ends_the_session),
    check("SM-053", "this also holds for self-contained (signed or sealed) cookies",
        &[a5("7.4.1", 1)], &[State], logout::logout_ends_what_the_cookie_holds),
    check("SM-054", "logout deletes the cookie with the same name, Path and Domain",
        &[cs(), nist("5.1.1", Should), rfc("3.1", Shall)], &[], logout::logout_deletes_the_cookie),
    check("SM-055", "after logout the same jar is anonymous",
        &[wstg("06")], &[], logout::the_browser_is_anonymous),
    check("SM-056", "cookies bound to the session (remember-me, CSRF-in-session) also stop working",
        &[wstg("06")], &[], logout::every_cookie_of_the_session_is_dead),
    check("SM-057", "logout is not done by a safe method",
        &[a5("3.5.3", 1)], &[], logout::safe_methods_do_not_log_out),
    check("SM-058", "logout twice, without a session, or with an unknown id is not a 5xx",
        &[own()], &[], logout::needless_logouts_are_no_server_errors),
    check("SM-059", "logout of one session leaves the user's others (or kills them, as declared)",
        &[a5("7.1.2", 2)], &[], logout::other_sessions_continue),
    check("SM-060", "\"log out everywhere\" ends all of them at once",
        &[a4("3.3.4", 2), a5("7.5.2", 2), a5("7.4.5", 2)], &[LogoutAll],
        logout::logout_everywhere_ends_them_all),
    check("SM-061", "after a password change the other sessions can be, and then are, ended",
        &[a4("3.3.3", 2), a5("7.4.3", 2)], &[ChangePassword],
        logout::a_new_password_ends_the_others),
    check("SM-062", "disabling or deleting the account ends its sessions",
        &[a5("7.4.2", 1)], &[DisableUser, SecondAccount],
        logout::disabling_a_user_ends_their_sessions),
    check("SM-063", "Clear-Site-Data on logout is recorded",
        &[a5("14.3.1", 1), cs()], &[], logout::clear_site_data_is_recorded),
    check("SM-064", "logout survives a restart: a revoked cookie stays dead",
        &[a5("7.4.1", 1), own()], &[Process], logout::logout_survives_a_restart),
    // Timeouts: SM-065 to SM-076.
    check("SM-065", "an idle session ends on the server",
        &[a5("7.3.1", 2), wstg("07"), cs(), nist("5.2", Shall)], &[Process],
        timeout::idle_sessions_end),
    check("SM-066", "session activity, reads included, resets the idle clock",
        &[nist("5.2", Shall)], &[Process], timeout::reads_reset_the_idle_clock),
    check("SM-067", "writes reset the idle clock",
        &[nist("5.2", Shall)], &[Process, State], timeout::writes_reset_the_idle_clock),
    check("SM-068", "there is an absolute lifetime that activity cannot extend",
        &[a5("7.3.2", 2), nist("5.1.1", Shall), cs()], &[Process, Absolute],
        timeout::activity_does_not_extend_the_absolute_timeout),
    check("SM-069", "rotating the id does not restart the absolute clock, re-authentication does",
        &[nist("5.2", Shall), own()], &[Process, StepUp, Absolute],
        timeout::rotation_does_not_restart_the_absolute_clock),
    check("SM-070", "editing or keeping the cookie never prolongs a session",
        &[wstg("07"), nist("5.1.1", Shall)], &[Process], timeout::cookies_do_not_prolong_sessions),
    check("SM-071", "the limits are within the declared profile (AAL1 <= 30 d; AAL2 <= 24 h and 1 h idle; AAL3 <= 12 h and 15 min idle; or the app's own)",
        &[nist("2.1.3/2.2.3/2.3.3", Shall), a5("7.1.1", 2)], &[Idle, Absolute],
        timeout::limits_match_the_profile),
    check("SM-072", "client and server agree: when the server slides, the persistent cookie is re-issued",
        &[own(), nist("5.1.1", Should)], &[Process], timeout::client_and_server_agree),
    check("SM-073", "the end is exact to 1 s: alive at TTL-1 s, dead at TTL+1 s",
        &[own()], &[Process], timeout::the_end_is_exact),
    check("SM-074", "optional renewal timeout: the id changes in mid-session, the old one has a short grace and then dies",
        &[cs()], &[Process], timeout::renewal_is_recorded),
    check("SM-075", "expired records leave the store",
        &[dj(), own()], &[Process, StoreSize], timeout::expired_records_leave_the_store),
    check("SM-076", "a request in flight while the session expires ends in a declared status, not a 5xx",
        &[own()], &[Process, State], timeout::expiry_in_flight_is_no_server_error),
    // Integrity and hostile input: SM-077 to SM-086.
    check("SM-077", "each single-character change is refused",
        &[wstg("01"), a5("9.1.1", 1)], &[], hostile::changed_characters_are_refused),
    check("SM-078", "spellings accepted as equal (quotes, blanks, %-escapes, padding) are recorded",
        &[own()], &[], hostile::spellings_are_recorded),
    check("SM-079", "hostile values (empty, controls, NUL, 8-bit, quotes, SQL, path traversal, 8 kB, ...) give no 5xx and no login",
        &[cs()], &[], hostile::hostile_cookies_break_no_read),
    check("SM-080", "same on a request that writes the session",
        &[cs()], &[State], hostile::hostile_cookies_break_no_write),
    check("SM-081", "an oversize Cookie header gives 4xx, not 5xx, and the next request works",
        &[own()], &[], hostile::oversize_is_refused),
    check("SM-082", "signature or encryption cannot be stripped, downgraded or swapped (unsigned form, none algorithm, other key, older format)",
        &[a4("3.5.3", 2), a5("9.1.2", 1), cve("2026-39324")], &[],
        hostile::signatures_cannot_be_stripped),
    check("SM-083", "a signed value does not verify under another cookie name or salt",
        &[cve("2026-6873")], &[], hostile::values_belong_to_their_names),
    check("SM-084", "replay of an older self-contained cookie is recorded (no freshness)",
        &[rfc("8.3", Shall), dj()], &[State], hostile::replay_is_recorded),
    check("SM-085", "state too large for the carrier is refused with an error, never lost in silence",
        &[a5("3.3.5", 3)], &[State], hostile::state_is_never_lost_in_silence),
    check("SM-086", "any text or number stored is read back equal",
        &[own()], &[State], hostile::values_come_back_equal),
    // Concurrency: SM-087 to SM-095.
    check("SM-087", "two logins of one user are two independent sessions, up to the declared number",
        &[a5("7.1.2", 2), wstg("11")], &[], concurrency::logins_are_independent),
    check("SM-088", "under parallel load no response shows another user",
        &[own()], &[SecondAccount], concurrency::nobody_sees_another_user),
    check("SM-089", "two overlapping writes of different keys both survive",
        &[own()], &[State], concurrency::overlapping_writes_survive),
    check("SM-090", "a request that overlaps logout revives nothing: neither the old id nor a new one is logged in",
        &[a5("7.4.1", 1), cve("2025-46336"), dj()], &[State], concurrency::overlapped_logout_holds),
    check("SM-091", "a request that overlaps login does not revive the old id",
        &[a5("7.2.4", 1)], &[State], concurrency::overlapped_login_leaves_no_old_id),
    check("SM-092", "a request that overlaps login does not undo the login",
        &[own()], &[State], concurrency::overlapped_login_holds),
    check("SM-093", "the overlapping request ends in a declared 2xx-4xx, not a 5xx",
        &[own()], &[State], concurrency::overlapping_requests_are_no_server_errors),
    check("SM-094", "parallel logins from one anonymous id end in valid sessions, none shared",
        &[own()], &[], concurrency::parallel_logins_share_nothing),
    check("SM-095", "parallel requests of one session are not serialised for longer than declared (lock)",
        &[own()], &[Hold], concurrency::locking_is_recorded),
    // Durability and distribution: SM-096 to SM-100.
    check("SM-096", "a session survives a restart, or the descriptor says it does not",
        &[own()], &[Process], durability::sessions_survive_a_restart),
    check("SM-097", "login on instance 1 is seen on instance 2",
        &[own()], &[Second], durability::another_instance_sees_the_login),
    check("SM-098", "logout on instance 1 is effective at once on instance 2 (caches included)",
        &[a5("7.4.1", 1)], &[Second], durability::another_instance_sees_the_logout),
    check("SM-099", "while the store is down nobody becomes logged in and no live session is overwritten by an empty one",
        &[own()], &[StoreStop], durability::a_missing_store_changes_nothing),
    check("SM-100", "whether a session write in a 5xx response is kept is recorded",
        &[own()], &[State, Error], durability::failed_writes_are_recorded),
    // Caching and CSRF: SM-101 to SM-107.
    check("SM-101", "a response that sets or refreshes the session cookie has Vary: Cookie, or no-store/private",
        &[cs(), wstg("04"), cve("2026-35192"), cve("2026-48588")], &[],
        caching::set_cookie_responses_are_not_shared),
    check("SM-102", "a response that depends on the session varies on Cookie or is private",
        &[dj(), own()], &[], caching::session_responses_vary_on_cookie),
    check("SM-103", "pages for logged-in users are no-store",
        &[a5("14.3.2", 2), a4("3.3.1", 1), cs()], &[], caching::user_pages_are_no_store),
    check("SM-104", "a cross-site unsafe request without token is refused (beyond SameSite)",
        &[a5("3.5.1", 1), nist("5.1", Shall), wstg("05")], &[State],
        caching::cross_site_requests_are_refused),
    check("SM-105", "the CSRF token is bound to the session and changes at login",
        &[own(), dj()], &[SecondAccount, Csrf, State], caching::tokens_are_bound_to_the_session),
    check("SM-106", "the login request itself is protected (login CSRF)",
        &[cs(), own()], &[], caching::cross_site_logins_are_refused),
    check("SM-107", "safe methods change no session state",
        &[a5("3.5.3", 1)], &[State], caching::safe_methods_change_nothing),
];

/// All checks in the order of their numbers, without their functions.
pub fn all() -> impl Iterator<Item = &'static Check> {
    TABLE.iter().map(|entry| &entry.check)
}

const fn check(
    id: &'static str,
    title: &'static str,
    sources: &'static [Source],
    needs: &'static [Need],
    run: fn(&TestContext) -> CheckResult,
) -> Entry {
    Entry { check: Check { id, title, sources, needs }, run }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profile;

    #[test]
    fn every_statement_has_its_check() {
        let ids: Vec<_> = all().map(|check| check.id.to_owned()).collect();
        let expected: Vec<_> = (1..=107).map(|number| format!("SM-{number:03}")).collect();
        assert_eq!(ids, expected);
        assert!(all().all(|check| !check.sources.is_empty()));
    }

    #[test]
    fn texts_clash_where_they_do() {
        let is_required = |name: &str, id: &str| {
            let check = all().find(|check| check.id == id).unwrap();
            name.parse::<Profile>().unwrap().requires(check)
        };
        // ASVS 5 alone requires 128 bits, the older texts 64.
        assert!(is_required("asvs-5", "SM-002") && !is_required("asvs-4-l3", "SM-002"));
        assert!(is_required("asvs-4", "SM-003") && is_required("nist-aal1", "SM-003"));
        assert!(!is_required("asvs-5", "SM-019") && is_required("asvs-5-l2", "SM-019"));
        assert!(!is_required("nist-aal3", "SM-016") && is_required("all", "SM-016"));
    }
}
