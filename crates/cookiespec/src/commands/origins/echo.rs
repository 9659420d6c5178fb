//! What is answered where no case is under way: what was received, and cookies as the query asks.

use cookiespec_wire::server::{Received, Reply};
use percent_encoding::percent_decode_str;

/// Shows the request, and sets each cookie that a parameter `set-cookie` of the query gives, octet
/// for octet after percent-decoding.
pub(super) fn reply(request: &Received) -> Reply {
    let cookies: Vec<_> = request.values("cookie").collect();
    let mut text = format!("{} {}\n\n", request.method, request.uri().escape_debug());
    if cookies.is_empty() {
        text.push_str("No Cookie field.\n");
    }
    for cookie in cookies {
        text.push_str(&format!("Cookie: {}\n", cookie.escape_ascii()));
    }
    let reply = Reply::new(200).field("Content-Type", "text/plain; charset=utf-8").body(text);
    set_cookies(&request.target)
        .into_iter()
        .fold(reply, |reply, line| reply.field("Set-Cookie", line))
}

fn set_cookies(target: &str) -> Vec<Vec<u8>> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let values = query.split('&').filter_map(|parameter| parameter.strip_prefix("set-cookie="));
    values.map(|value| percent_decode_str(value).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_set_octet_for_octet() {
        let target = "/x?a=b&set-cookie=a%3D%00%ff%2&set-cookie=&set-cookie=b=1;+Path=/";
        assert_eq!(set_cookies(target), [&b"a=\0\xff%2"[..], b"", b"b=1;+Path=/"]);
        assert_eq!(set_cookies("/set-cookie=a"), [b""; 0]);
    }
}
