//! A user agent that keeps its cookies in a file, by the engine: for campaigns that damage the file.

use std::path::Path;

use cookiespec_engine::persist::Format;
use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile, Request, Uri};

/// The time at which the file is read, in Unix seconds.
pub const NOW: i64 = 1_700_000_000;

/// A store without cookies.
pub fn empty_store() -> CookieStore<NoPublicSuffixes> {
    CookieStore::new(Policy::new(Profile::Rfc6265bis), NoPublicSuffixes)
}

/// The format of a file by its name: JSON lines, unless it ends with `.txt`.
pub fn format_of(file: &Path) -> Format {
    match file.extension() {
        Some(ending) if ending == "txt" => Format::Netscape,
        _ => Format::JsonLines,
    }
}

/// A file with cookies of many kinds. Some expire before [`NOW`].
pub(crate) fn example(format: Format) -> Vec<u8> {
    let uri = b"https://www.site.example/a/b";
    let mut store = empty_store();
    let before = NOW - 100;
    for set_cookie in [
        &b"short=1; Max-Age=60"[..],
        b"long=2; Max-Age=3600",
        b"octets=\xe9\xff\"; Max-Age=3600; Secure; HttpOnly; SameSite=Strict",
        b"wide=3; Max-Age=3600; Domain=site.example; Path=/a; SameSite=Lax",
        b"=nameless; Max-Age=3600; Path=/",
        b"tab=4\t5; Max-Age=3600; SameSite=None; Secure",
    ] {
        // Which of them are stored is not what this is about.
        let Ok(uri) = Uri::parse(uri) else { continue };
        let _ = store.receive(set_cookie, &Request::new(uri), before, &mut ());
    }
    format.text_of(&store, before).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_has_cookies_that_expire_and_others() {
        for format in [Format::JsonLines, Format::Netscape] {
            let (loaded, _) = format.restore(&example(format), &mut empty_store(), NOW);
            assert_eq!((loaded.restored, loaded.expired), (5, 1), "{format:?}: {loaded:?}");
        }
    }
}
