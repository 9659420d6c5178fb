//! RFC 6265 section 5.4 and 6265bis section 5.8: the cookie-string.

use super::host::{canonicalize, domain_match};
use super::path::path_match;
use super::set_cookie::Enforcement;
use super::store::{Circumstances, Cookie, Store, Uri};

impl Store {
    /// RFC 6265 section 5.4: the cookie-string, which is empty where no cookie is sent.
    pub fn retrieve_rfc6265(&mut self, request_uri: &Uri, circumstances: Circumstances) -> Vec<u8> {
        let request_host = canonicalize(&request_uri.host);
        // 1
        let mut cookie_list = vec![];
        for cookie in &self.cookies {
            // First item
            let host_is_meant = if cookie.host_only_flag {
                request_host == cookie.domain
            } else {
                domain_match(&request_host, &cookie.domain)
            };
            // Second item
            let path_is_meant = path_match(&request_uri.path, &cookie.path);
            // Third item
            let secure_enough = !cookie.secure_only_flag || request_uri.is_secure(&self.user_agent);
            // Fourth item
            let hidden = cookie.http_only_flag && circumstances.non_http;
            if host_is_meant && path_is_meant && secure_enough && !hidden {
                cookie_list.push(cookie.clone());
            }
        }
        // 2
        sort(&mut cookie_list);
        // 3
        self.access(&cookie_list);
        // 4
        let mut cookie_string = vec![];
        for (index, cookie) in cookie_list.iter().enumerate() {
            // 4.1
            cookie_string.extend_from_slice(&cookie.name);
            cookie_string.push(b'=');
            cookie_string.extend_from_slice(&cookie.value);
            // 4.2
            if index + 1 < cookie_list.len() {
                cookie_string.extend_from_slice(b"; ");
            }
        }
        cookie_string
    }

    /// 6265bis section 5.8.3: the cookie-string, which is empty where no cookie is sent.
    pub fn retrieve_rfc6265bis(&mut self, uri: &Uri, circumstances: Circumstances) -> Vec<u8> {
        // 1, 2
        let Some(retrieval_host_canonical) = self.canonicalized_rfc6265bis(uri) else {
            return vec![];
        };
        // 3
        let mut cookie_list = vec![];
        for cookie in &self.cookies {
            // First item
            let host_is_meant = if cookie.host_only_flag {
                retrieval_host_canonical == cookie.domain
            } else {
                domain_match(&retrieval_host_canonical, &cookie.domain)
                    && !self.user_agent.rejects(&cookie.domain)
            };
            // Second item
            let path_is_meant = path_match(&uri.path, &cookie.path);
            // Third item
            let secure_enough = !cookie.secure_only_flag || uri.is_secure(&self.user_agent);
            // Fourth item
            let hidden = cookie.http_only_flag && circumstances.non_http;
            // Fifth item
            let withheld = cookie.same_site_flag != Enforcement::None
                && !circumstances.same_site
                && !self.is_excepted(cookie, circumstances);
            if host_is_meant && path_is_meant && secure_enough && !hidden && !withheld {
                cookie_list.push(cookie.clone());
            }
        }
        // 4
        sort(&mut cookie_list);
        // 5
        self.access(&cookie_list);
        // 6
        let mut cookie_string = vec![];
        for (index, cookie) in cookie_list.iter().enumerate() {
            // 6.1
            if !cookie.name.is_empty() {
                cookie_string.extend_from_slice(&cookie.name);
                cookie_string.push(b'=');
            }
            // 6.2
            if !cookie.value.is_empty() {
                cookie_string.extend_from_slice(&cookie.value);
            }
            // 6.3
            if index + 1 < cookie_list.len() {
                cookie_string.extend_from_slice(b"; ");
            }
        }
        cookie_string
    }

    /// 6265bis section 5.8.3 step 3, the conditions under the fifth item, as section 5.6.7.2
    /// modifies them.
    fn is_excepted(&self, cookie: &Cookie, circumstances: Circumstances) -> bool {
        let elapsed = self.now.seconds - cookie.creation_time.seconds;
        let lax_allowing_unsafe = cookie.same_site_flag == Enforcement::Default
            && self.user_agent.lax_allowing_unsafe.is_some_and(|duration| elapsed <= duration);
        !circumstances.non_http
            && matches!(cookie.same_site_flag, Enforcement::Lax | Enforcement::Default)
            && (circumstances.safe_method || lax_allowing_unsafe)
            && circumstances.top_level
    }

    /// Sets the last-access-time of each listed cookie to the current date and time.
    fn access(&mut self, cookie_list: &[Cookie]) {
        let now = self.tick();
        for listed in cookie_list {
            for cookie in &mut self.cookies {
                if cookie.creation_time == listed.creation_time {
                    cookie.last_access_time = now;
                }
            }
        }
    }
}

/// Longer paths first, then earlier creation-times.
fn sort(cookie_list: &mut [Cookie]) {
    cookie_list.sort_by(|a, b| {
        b.path.len().cmp(&a.path.len()).then(a.creation_time.cmp(&b.creation_time))
    });
}
