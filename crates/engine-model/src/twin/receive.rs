//! RFC 6265 section 5.3 and 6265bis section 5.7: what happens when a cookie is received.

use super::host::{canonicalize, canonicalize_strictly, domain_match};
use super::path::{default_path, path_match};
use super::set_cookie::{
    Attribute, Enforcement, LATEST, Received, is_ctl_but_not_htab, parse_rfc6265, parse_rfc6265bis,
};
use super::store::{Circumstances, Cookie, Store, Uri};

impl Store {
    /// RFC 6265 sections 5.2 and 5.3.
    pub fn receive_rfc6265(
        &mut self,
        set_cookie_string: &[u8],
        request_uri: &Uri,
        circumstances: Circumstances,
    ) {
        let uri_path = &request_uri.path;
        if let Some(received) = parse_rfc6265(set_cookie_string, uri_path, self.now.seconds) {
            self.store_rfc6265(received, request_uri, circumstances);
        }
        self.remove_excess_cookies_rfc6265();
    }

    /// 6265bis sections 5.6 and 5.7.
    pub fn receive_rfc6265bis(
        &mut self,
        set_cookie_string: &[u8],
        request_uri: &Uri,
        circumstances: Circumstances,
    ) {
        let uri_path = &request_uri.path;
        if let Some(received) = parse_rfc6265bis(set_cookie_string, uri_path, self.now.seconds) {
            self.store_rfc6265bis(received, request_uri, circumstances);
        }
        self.remove_excess_cookies_rfc6265bis();
    }

    /// RFC 6265 section 5.3. A `return` ignores the cookie entirely.
    fn store_rfc6265(
        &mut self,
        received: Received<'_>,
        request_uri: &Uri,
        circumstances: Circumstances,
    ) {
        let list = received.cookie_attribute_list;
        let request_host = canonicalize(&request_uri.host);
        // 1: no cookie is ignored for its own sake.
        // 2
        let mut cookie =
            self.new_cookie(received.cookie_name.to_vec(), received.cookie_value.to_vec());
        // 3
        (cookie.persistent_flag, cookie.expiry_time) = lifetime(&list);
        // 4
        let mut domain_attribute = last_domain(&list, usize::MAX).unwrap_or_default();
        // 5
        if self.user_agent.rejects(&domain_attribute) {
            if domain_attribute != request_host {
                return;
            }
            domain_attribute = vec![];
        }
        // 6
        if !domain_attribute.is_empty() {
            if !domain_match(&request_host, &domain_attribute) {
                return;
            }
            cookie.host_only_flag = false;
            cookie.domain = domain_attribute;
        } else {
            cookie.host_only_flag = true;
            cookie.domain = request_host;
        }
        // 7
        cookie.path = match last_path(&list, usize::MAX) {
            Some(value) => value,
            None => default_path(&request_uri.path),
        };
        // 8
        cookie.secure_only_flag = list.contains(&Attribute::Secure);
        // 9
        cookie.http_only_flag = list.contains(&Attribute::HttpOnly);
        // 10
        if circumstances.non_http && cookie.http_only_flag {
            return;
        }
        // 11
        let old_cookie = self.cookies.iter().position(|old| {
            old.name == cookie.name && old.domain == cookie.domain && old.path == cookie.path
        });
        // 11.1
        if let Some(old_cookie) = old_cookie {
            // 11.2
            if circumstances.non_http && self.cookies[old_cookie].http_only_flag {
                return;
            }
            // 11.3
            cookie.creation_time = self.cookies[old_cookie].creation_time;
            // 11.4
            self.cookies.remove(old_cookie);
        }
        // 12
        self.cookies.push(cookie);
    }

    /// 6265bis section 5.7. A `return` ignores the cookie entirely.
    fn store_rfc6265bis(
        &mut self,
        received: Received<'_>,
        request_uri: &Uri,
        circumstances: Circumstances,
    ) {
        let list = received.cookie_attribute_list;
        let (name, value) = (received.cookie_name, received.cookie_value);
        // Belongs to 9, but is needed in any case.
        let Some(request_host_canonical) = self.canonicalized_rfc6265bis(request_uri) else {
            return;
        };
        let connection_is_secure = request_uri.is_secure(&self.user_agent);
        // 1: no cookie is ignored for its own sake.
        // 2
        if name.is_empty() && value.is_empty() {
            return;
        }
        // 3
        if name.iter().chain(value).any(|&octet| is_ctl_but_not_htab(octet)) {
            return;
        }
        // 4
        if name.len() + value.len() > 4096 {
            return;
        }
        // 5
        let mut cookie = self.new_cookie(name.to_vec(), value.to_vec());
        // 6
        (cookie.persistent_flag, cookie.expiry_time) = lifetime(&list);
        // 7
        let mut domain_attribute = last_domain(&list, 1024).unwrap_or_default();
        // 8
        if !domain_attribute.is_ascii() {
            return;
        }
        // 9
        if self.user_agent.rejects(&domain_attribute) {
            if domain_attribute != request_host_canonical {
                return;
            }
            domain_attribute = vec![];
        }
        // 10
        if !domain_attribute.is_empty() {
            if !domain_match(&request_host_canonical, &domain_attribute) {
                return;
            }
            cookie.host_only_flag = false;
            cookie.domain = domain_attribute;
        } else {
            cookie.host_only_flag = true;
            cookie.domain = request_host_canonical;
        }
        // 11
        cookie.path = match last_path(&list, 1024) {
            Some(value) => value,
            None => default_path(&request_uri.path),
        };
        // 12
        cookie.secure_only_flag = list.contains(&Attribute::Secure);
        // 13
        if !connection_is_secure && cookie.secure_only_flag {
            return;
        }
        // 14
        cookie.http_only_flag = list.contains(&Attribute::HttpOnly);
        // 15
        if circumstances.non_http && cookie.http_only_flag {
            return;
        }
        // 16
        if !cookie.secure_only_flag
            && !connection_is_secure
            && self.cookies.iter().any(|old| {
                // 16.1 to 16.4
                old.name == cookie.name
                    && old.secure_only_flag
                    && (domain_match(&old.domain, &cookie.domain)
                        || domain_match(&cookie.domain, &old.domain))
                    && path_match(&cookie.path, &old.path)
            })
        {
            return;
        }
        // 17
        cookie.same_site_flag = same_site_flag(&list);
        // 18
        if cookie.same_site_flag != Enforcement::None {
            // 18.1
            if circumstances.non_http && !circumstances.same_site {
                return;
            }
            // 18.2, 18.3, 18.4
            if !circumstances.same_site && !circumstances.top_level {
                return;
            }
        }
        // 19
        if cookie.same_site_flag == Enforcement::None && !cookie.secure_only_flag {
            return;
        }
        // 20
        if begins_with(&cookie.name, b"__Secure-") && !cookie.secure_only_flag {
            return;
        }
        // 21
        if begins_with(&cookie.name, b"__Host-") {
            let has_path = list.iter().any(|attribute| matches!(attribute, Attribute::Path(_)));
            // 21.1 to 21.3
            if !(cookie.secure_only_flag
                && cookie.host_only_flag
                && has_path
                && cookie.path == b"/")
            {
                return;
            }
        }
        // 22
        if cookie.name.is_empty()
            && (begins_with(&cookie.value, b"__Secure-") || begins_with(&cookie.value, b"__Host-"))
        {
            return;
        }
        // 23
        let old_cookie = self.cookies.iter().position(|old| {
            old.name == cookie.name
                && old.domain == cookie.domain
                && old.host_only_flag == cookie.host_only_flag
                && old.path == cookie.path
        });
        // 23.1
        if let Some(old_cookie) = old_cookie {
            // 23.2
            if circumstances.non_http && self.cookies[old_cookie].http_only_flag {
                return;
            }
            // 23.3
            cookie.creation_time = self.cookies[old_cookie].creation_time;
            // 23.4
            self.cookies.remove(old_cookie);
        }
        // 24
        self.cookies.push(cookie);
    }

    /// RFC 6265 section 5.3 step 2, 6265bis section 5.7 step 5.
    fn new_cookie(&mut self, name: Vec<u8>, value: Vec<u8>) -> Cookie {
        let now = self.tick();
        Cookie {
            name,
            value,
            expiry_time: LATEST,
            domain: vec![],
            path: vec![],
            creation_time: now,
            last_access_time: now,
            persistent_flag: false,
            host_only_flag: false,
            secure_only_flag: false,
            http_only_flag: false,
            same_site_flag: Enforcement::Default,
        }
    }

    /// 6265bis section 5.1.2, as strictly as the user agent is.
    pub fn canonicalized_rfc6265bis(&self, uri: &Uri) -> Option<Vec<u8>> {
        if self.user_agent.strict_hosts {
            canonicalize_strictly(&uri.host)
        } else {
            Some(canonicalize(&uri.host))
        }
    }
}

/// RFC 6265 section 5.3 step 3, 6265bis section 5.7 step 6: persistent-flag and expiry-time.
fn lifetime(list: &[Attribute]) -> (bool, i64) {
    let mut last_max_age = None;
    let mut last_expires = None;
    for attribute in list {
        match attribute {
            Attribute::MaxAge(expiry_time) => last_max_age = Some(*expiry_time),
            Attribute::Expires(expiry_time) => last_expires = Some(*expiry_time),
            _ => {}
        }
    }
    if let Some(expiry_time) = last_max_age {
        (true, expiry_time)
    } else if let Some(expiry_time) = last_expires {
        (true, expiry_time)
    } else {
        (false, LATEST)
    }
}

/// The value of the last Domain attribute of at most so many octets.
fn last_domain(list: &[Attribute], at_most: usize) -> Option<Vec<u8>> {
    list.iter().rev().find_map(|attribute| match attribute {
        Attribute::Domain(value) if value.len() <= at_most => Some(value.clone()),
        _ => None,
    })
}

/// The value of the last Path attribute of at most so many octets.
fn last_path(list: &[Attribute], at_most: usize) -> Option<Vec<u8>> {
    list.iter().rev().find_map(|attribute| match attribute {
        Attribute::Path(value) if value.len() <= at_most => Some(value.clone()),
        _ => None,
    })
}

/// 6265bis section 5.7 step 17.
fn same_site_flag(list: &[Attribute]) -> Enforcement {
    let values: Vec<Enforcement> = list
        .iter()
        .filter_map(|attribute| match attribute {
            Attribute::SameSite(enforcement) => Some(*enforcement),
            _ => None,
        })
        .collect();
    if values.iter().any(|enforcement| *enforcement != Enforcement::Default) {
        *values.last().expect("there is one")
    } else {
        Enforcement::Default
    }
}

/// Whether the string begins with a case-insensitive match for the prefix.
fn begins_with(string: &[u8], prefix: &[u8]) -> bool {
    string.len() >= prefix.len() && string[..prefix.len()].eq_ignore_ascii_case(prefix)
}
