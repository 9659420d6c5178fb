//! SameSite: section 5.7 step 18 and section 5.8.3 step 3 of 6265bis.

use cookiespec_vectors::operation::{Api, Context};

use crate::attribute::SameSite;
use crate::fault::Fault;
use crate::store::{Cookie, Store};

impl Store {
    /// May a cookie be set in these circumstances?
    pub(crate) fn may_be_set(&self, same_site: SameSite, context: &Context) -> bool {
        if context.same_site || self.is(Fault::CrossSiteStoresAll) {
            return true;
        }
        if same_site == SameSite::None {
            return !self.is(Fault::CrossSiteStoresNothing);
        }
        let top_level = context.top_level && !self.is(Fault::CrossSiteTopLevelStoresNothing);
        match context.api {
            Api::Http => {
                top_level
                    && !(self.is(Fault::CrossSiteStrictNotStored) && same_site == SameSite::Strict)
            }
            Api::Script if self.is(Fault::CrossSiteScriptSets) => true,
            Api::Script => self.is(Fault::CrossSiteTopLevelScriptSets) && context.top_level,
        }
    }

    /// Is a cookie to be sent in these circumstances?
    pub(crate) fn may_be_sent(&self, cookie: &Cookie, context: &Context) -> bool {
        if self.is(Fault::StrictNotSentBelowTopLevel)
            && cookie.same_site == SameSite::Strict
            && !context.top_level
        {
            return false;
        }
        let enforced = match (cookie.same_site, self.rules.fault) {
            (SameSite::Default, Some(Fault::DefaultSentLikeNone)) => SameSite::None,
            (SameSite::Default, Some(Fault::DefaultSentLikeStrict)) => SameSite::Strict,
            (SameSite::Lax, Some(Fault::LaxSentLikeStrict)) => SameSite::Strict,
            (SameSite::Lax, Some(Fault::LaxSentLikeNone)) => SameSite::None,
            (SameSite::Strict, Some(Fault::StrictSentLikeLax)) => SameSite::Lax,
            (SameSite::Strict, Some(Fault::StrictSentLikeNone)) => SameSite::None,
            (known, _) => known,
        };
        let lax = matches!(enforced, SameSite::Lax | SameSite::Default);
        let http = match context.api {
            Api::Http => true,
            Api::Script if self.is(Fault::CrossSiteScriptReads) => return true,
            Api::Script => self.is(Fault::CrossSiteTopLevelScriptReads),
        };
        context.same_site
            || enforced == SameSite::None
            || lax
                && http
                && self.is_method_allowed(cookie, context)
                && self.is_top_level(context, cookie)
    }

    fn is_top_level(&self, context: &Context, cookie: &Cookie) -> bool {
        let fresh = self.is(Fault::LaxUnsafeCoversSubresources) && self.is_fresh(cookie);
        context.top_level || self.is(Fault::LaxSentBelowTopLevel) || fresh
    }

    /// A safe method, or a cookie that Lax-allowing-unsafe excuses.
    fn is_method_allowed(&self, cookie: &Cookie, context: &Context) -> bool {
        let safe = match self.rules.fault {
            Some(Fault::MethodsSafeButPost) => context.method != "POST",
            Some(Fault::MethodsSafeIsGetOnly) => context.method == "GET",
            Some(Fault::MethodsUnknownAreSafe) => {
                !["POST", "PUT", "DELETE", "PATCH"].contains(&&*context.method)
            }
            Some(Fault::LaxSentWithAnyMethod) => true,
            _ => ["GET", "HEAD", "OPTIONS", "TRACE"].contains(&&*context.method),
        };
        safe || self.is_fresh(cookie)
    }

    /// Is Lax-allowing-unsafe on, and the cookie young enough and of the right kind for it?
    fn is_fresh(&self, cookie: &Cookie) -> bool {
        let limit = self.config.lax_allowing_unsafe.filter(|age| *age > 0);
        let since = match self.rules.fault {
            Some(Fault::LaxUnsafeFromLastUpdate) => cookie.last_access.0,
            Some(Fault::LaxUnsafeForEver) => self.now,
            _ => cookie.creation.0,
        };
        let excused = cookie.same_site == SameSite::Default
            || cookie.same_site == SameSite::Lax && self.is(Fault::LaxUnsafeCoversLax);
        excused && limit.is_some_and(|limit| self.now.saturating_sub(since) <= limit)
    }
}
