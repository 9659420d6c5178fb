//! The end of a session: what is written out, and what is read back.

use cookiespec_vectors::operation::Acceptance;

use crate::attribute::SameSite;
use crate::fault::Fault;
use crate::store::{Cookie, Store};

impl Store {
    /// The session is over.
    pub(crate) fn end_session(&mut self) {
        self.sweep();
        let session_only = self.config.cookies == Some(Acceptance::SessionOnly)
            && !self.is(Fault::SessionOnlyKeepsPersistent);
        let kept = |cookie: &Cookie| {
            let persistent = cookie.expiry.is_some() && !session_only;
            match self.rules.fault {
                Some(Fault::RestartKeepsSessionCookies) => true,
                Some(Fault::RestartLosesPersistentCookies) => false,
                Some(Fault::RestartLosesEmptyValues) => persistent && !cookie.value.is_empty(),
                Some(Fault::RestartLosesNameless) => persistent && !cookie.name.is_empty(),
                _ => persistent,
            }
        };
        let kept = self.cookies.iter().filter(|cookie| kept(cookie)).cloned().collect::<Vec<_>>();
        self.cookies = kept.into_iter().map(|cookie| self.read_back(cookie)).collect();
        if self.is(Fault::RestartReversesOrder) {
            let creations =
                self.cookies.iter().map(|cookie| cookie.creation).rev().collect::<Vec<_>>();
            for (cookie, creation) in self.cookies.iter_mut().zip(creations) {
                cookie.creation = creation;
            }
        }
    }

    /// A cookie as it is after it was on disk: no different.
    fn read_back(&self, mut cookie: Cookie) -> Cookie {
        let lifetime = cookie.expiry.map(|expiry| expiry.saturating_sub(cookie.creation.0));
        match self.rules.fault {
            Some(Fault::RestartLosesSecure) => cookie.secure = false,
            Some(Fault::RestartLosesHttpOnly) => cookie.http_only = false,
            Some(Fault::RestartLosesHostOnly) => cookie.host_only = false,
            Some(Fault::RestartMakesHostOnly) => cookie.host_only = true,
            Some(Fault::RestartLosesPath) => cookie.path = b"/".to_vec(),
            Some(Fault::RestartLosesSameSite) => cookie.same_site = SameSite::Default,
            Some(Fault::RestartRenewsMaxAge) => {
                cookie.expiry = lifetime.map(|lifetime| self.now.saturating_add(lifetime));
            }
            Some(Fault::RestartWritesLossyUtf8) => {
                cookie.value = String::from_utf8_lossy(&cookie.value).into_owned().into_bytes();
            }
            _ => {}
        }
        cookie
    }
}
