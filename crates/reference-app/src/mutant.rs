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
        "a session is made for any identifier a client makes up"
    AnyCaseName "any-case-name" ["SM-013"]
        "the cookie's name is matched in any case"
    BlindSave "blind-save" ["SM-089" "SM-090" "SM-091"]
        "a save writes whatever was deleted or changed in the meantime"
    Cacheable "cacheable" ["SM-103"]
        "pages of a user may be kept by any cache"
    ConstantId "constant-id" [
        "SM-001" "SM-002" "SM-003" "SM-004" "SM-005" "SM-010" "SM-037" "SM-039" "SM-040" "SM-041" "SM-043"
        "SM-044" "SM-046" "SM-059" "SM-061" "SM-062" "SM-070" "SM-087" "SM-088" "SM-091"
        "SM-094"
    ]
        "all sessions share one identifier"
    CookieForYears "cookie-for-years" ["SM-025" "SM-026" "SM-027"]
        "the cookie has a Max-Age of ten years"
    CountingIds "counting-ids" ["SM-002" "SM-003" "SM-004"]
        "identifiers are counted up"
    DataFollowsUser "data-follows-user" ["SM-045"]
        "what the last user stored is there for the next"
    DefaultName "default-name" ["SM-007" "SM-021"]
        "the cookie has the name a well-known framework gives it"
    DisabledStaysLoggedIn "disabled-stays-logged-in" ["SM-062"]
        "who is disabled stays logged in"
    DomainAttribute "domain-attribute" ["SM-021" "SM-023"]
        "the cookie goes to every host below this one"
    EagerSession "eager-session" ["SM-032" "SM-033" "SM-034"]
        "every visit creates a session"
    EndedIsAnError "ended-is-an-error" ["SM-076" "SM-093"]
        "a request that overlaps a logout ends in a server error"
    FailedLoginLogsIn "failed-login-logs-in" ["SM-047"]
        "a wrong password is as good as the right one, although the answer says otherwise"
    ForeignRequests "foreign-requests" ["SM-104" "SM-106"]
        "requests from other sites are obeyed"
    GetLogsOut "get-logs-out" ["SM-057"]
        "a link is enough to log out"
    GetWrites "get-writes" ["SM-107"]
        "a link is enough to write"
    IdFromQuery "id-from-query" ["SM-011"]
        "an identifier in the query is as good as a cookie"
    IdInUrl "id-in-url" ["SM-012"]
        "login sends the client to an address with its identifier in it"
    KeepsOldData "keeps-old-data" ["SM-041" "SM-049" "SM-091"]
        "after login the old identifier still leads to the old data"
    KeepsOldId "keeps-old-id" [
        "SM-040" "SM-041" "SM-043" "SM-044" "SM-046" "SM-049" "SM-056" "SM-091"
    ]
        "after login the old identifier is logged in, too"
    LogoutForgetsServer "logout-forgets-server" [
        "SM-037" "SM-052" "SM-056" "SM-064" "SM-090" "SM-098"
    ]
        "logout deletes the cookie, and no more than that"
    LogoutTakesAll "logout-takes-all" ["SM-059"]
        "logout ends the sessions of other browsers, too"
    LosesUpdates "loses-updates" ["SM-089"]
        "of two writes that overlap the later one undoes the earlier"
    MissingVary "missing-vary" ["SM-101" "SM-102" "SM-103"]
        "nothing tells caches that responses differ"
    NoAbsoluteTimeout "no-absolute-timeout" ["SM-068" "SM-069"]
        "a session that is used lasts for ever"
    NoEverywhere "no-everywhere" ["SM-060"]
        "logging out everywhere ends this session alone"
    NoHttpOnly "no-http-only" ["SM-018"]
        "scripts can read the cookie"
    NoRemoval "no-removal" ["SM-054"]
        "logout leaves the cookie where it is"
    NoRotation "no-rotation" [
        "SM-039" "SM-040" "SM-041" "SM-043" "SM-044" "SM-045" "SM-049" "SM-060" "SM-061" "SM-062"
        "SM-091" "SM-094" "SM-103"
    ]
        "login keeps the identifier"
    NoRotationForSameUser "no-rotation-for-same-user" ["SM-043"]
        "logging in once more keeps the identifier"
    NoSameSite "no-same-site" ["SM-019"]
        "the cookie says nothing about SameSite"
    NoSecure "no-secure" ["SM-017" "SM-021" "SM-051"]
        "the cookie is sent over connections that anyone can read"
    ObsoleteDate "obsolete-date" ["SM-030"]
        "Expires has a form that servers must not write any more"
    PanicsOnOctets "panics-on-octets" ["SM-079" "SM-080"]
        "a cookie that is no text is a server error"
    PasswordChangeKeepsOthers "password-change-keeps-others" ["SM-061"]
        "a thief stays logged in after the password was changed"
    ReadsDoNotProlong "reads-do-not-prolong" ["SM-066"]
        "a session that is only read ends as if it were idle"
    RemovalElsewhere "removal-elsewhere" ["SM-022" "SM-054"]
        "logout deletes a cookie of another Path"
    RemovalWithoutSecure "removal-without-secure" ["SM-022" "SM-054"]
        "the cookie that deletes has no Secure, and is ignored"
    RotationRestartsClock "rotation-restarts-clock" ["SM-069"]
        "a new identifier restarts the absolute timeout"
    SameSiteNone "same-site-none" ["SM-019"]
        "the cookie goes with requests from every site"
    SetsTwice "sets-twice" ["SM-029"]
        "one response sets the cookie two times"
    SharedCache "shared-cache" ["SM-088"]
        "whoever asks who they are learns who somebody was"
    ShortIds "short-ids" ["SM-002" "SM-003" "SM-004"]
        "identifiers carry 32 random bits"
    TimeoutInCookieOnly "timeout-in-cookie-only" [
        "SM-025" "SM-037" "SM-065" "SM-068" "SM-069" "SM-070" "SM-072" "SM-073"
        "SM-075"
    ]
        "sessions end in the browser, and never on the server"
    TruncatesState "truncates-state" ["SM-085"]
        "what does not fit is cut off in silence"
    UserInCookie "user-in-cookie" ["SM-006"]
        "a cookie tells who the user is"
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
