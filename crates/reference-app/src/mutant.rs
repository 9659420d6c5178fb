//! Faults that can be switched on, one at a time, to test whether a probe finds them.

use std::str::FromStr;

use thiserror::Error;

macro_rules! mutants {
    ($($variant:ident $name:literal [$($breaks:literal)+] $what:literal)+) => {
        /// One fault of the application.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mutant {
            $(#[doc = $what] $variant,)+
        }

        impl Mutant {
            /// All mutants, by name.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Its effect, as one clause.
            pub const fn what(self) -> &'static str {
                match self { $(Self::$variant => $what,)+ }
            }

            /// The ids of the session requirements it breaks.
            pub const fn breaks(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($breaks),+],)+ }
            }
        }
    };
}

mutants! {
    AdoptsUnknownIds "adopts-unknown-ids" ["SM-036" "SM-037"]
        "a session is created for any identifier a client sends"
    AnyCaseName "any-case-name" ["SM-013"]
        "the cookie's name is matched in any case"
    BlindSave "blind-save" ["SM-089" "SM-090" "SM-091"]
        "a save writes whether or not the record was deleted or changed meanwhile"
    Cacheable "cacheable" ["SM-103"]
        "pages of a user may be stored by any cache"
    ConstantId "constant-id" [
        "SM-001" "SM-002" "SM-003" "SM-004" "SM-005" "SM-010" "SM-037" "SM-039" "SM-040" "SM-041" "SM-043"
        "SM-044" "SM-046" "SM-059" "SM-061" "SM-062" "SM-070" "SM-087" "SM-088" "SM-091"
        "SM-094"
    ]
        "all sessions share one identifier"
    CookieForYears "cookie-for-years" ["SM-025" "SM-026" "SM-027"]
        "the cookie has a Max-Age of ten years"
    CountingIds "counting-ids" ["SM-002" "SM-003" "SM-004"]
        "identifiers are consecutive numbers"
    DataFollowsUser "data-follows-user" ["SM-045"]
        "data that one user stored is there for the next"
    DefaultName "default-name" ["SM-007" "SM-021"]
        "the cookie has the default name of a well-known framework"
    DisabledStaysLoggedIn "disabled-stays-logged-in" ["SM-062"]
        "a disabled user stays logged in"
    DomainAttribute "domain-attribute" ["SM-021" "SM-023"]
        "the cookie is sent to every host below this one"
    EagerSession "eager-session" ["SM-032" "SM-033" "SM-034"]
        "every visit creates a session"
    EndedIsAnError "ended-is-an-error" ["SM-076" "SM-093"]
        "a request that overlaps a logout ends in a server error"
    FailedLoginLogsIn "failed-login-logs-in" ["SM-047"]
        "a wrong password logs in, although the response is that of a failed login"
    ForeignRequests "foreign-requests" ["SM-104" "SM-106"]
        "requests from other sites are accepted"
    GetLogsOut "get-logs-out" ["SM-057"]
        "GET logs out"
    GetWrites "get-writes" ["SM-107"]
        "GET writes to the session"
    IdFromQuery "id-from-query" ["SM-011"]
        "an identifier in the query is accepted like a cookie"
    IdInUrl "id-in-url" ["SM-012"]
        "login redirects to a URL that contains the identifier"
    KeepsOldData "keeps-old-data" ["SM-041" "SM-049" "SM-091"]
        "after login the old identifier still leads to the old data"
    KeepsOldId "keeps-old-id" [
        "SM-040" "SM-041" "SM-043" "SM-044" "SM-046" "SM-049" "SM-056" "SM-091"
    ]
        "after login the old identifier is logged in as well"
    LogoutForgetsServer "logout-forgets-server" [
        "SM-037" "SM-052" "SM-056" "SM-064" "SM-090" "SM-098"
    ]
        "logout deletes the cookie, but not the session"
    LogoutTakesAll "logout-takes-all" ["SM-059"]
        "logout ends the sessions of other browsers as well"
    LosesUpdates "loses-updates" ["SM-089"]
        "the later of two overlapping writes undoes the earlier"
    MissingVary "missing-vary" ["SM-101" "SM-102" "SM-103"]
        "responses that depend on the session have neither Vary nor Cache-Control"
    NoAbsoluteTimeout "no-absolute-timeout" ["SM-068" "SM-069"]
        "a session that is used never ends"
    NoEverywhere "no-everywhere" ["SM-060"]
        "logging out everywhere ends only this session"
    NoHttpOnly "no-http-only" ["SM-018"]
        "scripts can read the cookie"
    NoRemoval "no-removal" ["SM-054"]
        "logout does not delete the cookie"
    NoRotation "no-rotation" [
        "SM-039" "SM-040" "SM-041" "SM-043" "SM-044" "SM-045" "SM-049" "SM-060" "SM-061" "SM-062"
        "SM-091" "SM-094" "SM-103"
    ]
        "login keeps the identifier"
    NoRotationForSameUser "no-rotation-for-same-user" ["SM-043"]
        "logging in again keeps the identifier"
    NoSameSite "no-same-site" ["SM-019"]
        "the cookie has no SameSite"
    NoSecure "no-secure" ["SM-017" "SM-021" "SM-051"]
        "the cookie is sent over insecure connections"
    ObsoleteDate "obsolete-date" ["SM-030"]
        "Expires has an obsolete format"
    PanicsOnOctets "panics-on-octets" ["SM-079" "SM-080"]
        "a cookie that is not ASCII is a server error"
    PasswordChangeKeepsOthers "password-change-keeps-others" ["SM-061"]
        "other sessions stay logged in after the password was changed"
    ReadsDoNotProlong "reads-do-not-prolong" ["SM-066"]
        "a session that is only read ends as if it were idle"
    RemovalElsewhere "removal-elsewhere" ["SM-022" "SM-054"]
        "logout deletes a cookie of another Path"
    RemovalWithoutSecure "removal-without-secure" ["SM-022" "SM-054"]
        "the cookie that deletes has no Secure and is ignored"
    RotationRestartsClock "rotation-restarts-clock" ["SM-069"]
        "a new identifier restarts the absolute timeout"
    SameSiteNone "same-site-none" ["SM-019"]
        "the cookie is sent with requests from every site"
    SetsTwice "sets-twice" ["SM-029"]
        "one response sets the cookie twice"
    SharedCache "shared-cache" ["SM-088"]
        "the response of /whoami is cached across users"
    ShortIds "short-ids" ["SM-002" "SM-003" "SM-004"]
        "identifiers carry 32 random bits"
    TimeoutInCookieOnly "timeout-in-cookie-only" [
        "SM-025" "SM-037" "SM-065" "SM-068" "SM-069" "SM-070" "SM-072" "SM-073"
        "SM-075"
    ]
        "sessions expire in the browser only"
    TruncatesState "truncates-state" ["SM-085"]
        "values are truncated without an error"
    UserInCookie "user-in-cookie" ["SM-006"]
        "a cookie contains the name of the user"
    WritesDoNotProlong "writes-do-not-prolong" ["SM-067"]
        "a session that is written to ends as if it were idle"
}

impl FromStr for Mutant {
    type Err = UnknownMutant;

    fn from_str(name: &str) -> Result<Self, UnknownMutant> {
        let found = Self::ALL.iter().copied().find(|mutant| mutant.name() == name);
        found.ok_or(UnknownMutant)
    }
}

/// No mutant has the given name.
#[derive(Debug, Error)]
#[error("no mutant has this name; --list-mutants names them all")]
pub struct UnknownMutant;
