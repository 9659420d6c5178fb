//! Any octets as a cookie file: what is read can be written and read again.

use cookiespec_engine::persist::Format;
use cookiespec_engine::{
    CookieStore, NoPublicSuffixes, Policy, Profile, Request, SavedCookie, Uri,
};
use cookiespec_vectors::Suite;

const FORMATS: [Format; 2] = [Format::JsonLines, Format::Netscape];

/// The time of the load.
const NOW: i64 = 1_700_000_000;

/// Holds it for both formats.
pub fn holds(text: &[u8]) {
    for format in FORMATS {
        let mut store = browser();
        let (loaded, kept) = format.restore(text, &mut store, NOW);
        let lines = text.split(|&octet| octet == b'\n').count();
        let problems = loaded.problems.len() + loaded.further_problems;
        let reported = loaded.restored + loaded.expired + problems;
        assert!(reported <= lines, "{format:?}: {loaded:?} of {lines} lines");
        let cookies = stored(&store);

        let mut without_expired = browser();
        let (again, _) = format.restore(&kept, &mut without_expired, NOW);
        assert_eq!((again.restored, again.expired), (loaded.restored, 0), "{format:?}");
        assert_eq!(stored(&without_expired), cookies, "{format:?}: expired lines mattered");

        let (written, saved) = format.text_of(&store, NOW);
        let mut restored = browser();
        let (reloaded, _) = format.restore(&written, &mut restored, NOW);
        assert_eq!(reloaded.problems, [], "{format:?}: \"{}\"", written.escape_ascii());
        assert_eq!(reloaded.restored, saved.written, "{format:?}");
        let persistent: Vec<SavedCookie> =
            cookies.into_iter().filter(|cookie| cookie.expiry.is_some()).collect();
        assert_eq!(saved.written + saved.left_out.len(), persistent.len(), "{format:?}");
        if saved.left_out.is_empty() {
            assert_eq!(stored(&restored), persistent, "{format:?}");
        }
    }
}

/// Cookies of the suite's set-cookie-strings, one to a file, in both formats.
pub fn seeds(suite: &Suite) -> Vec<Vec<u8>> {
    let uri = Uri::parse(b"https://www.site.example/a/b").expect("a URI");
    let files = crate::set_cookie::seeds(suite).into_iter().flat_map(|line| {
        let mut store = browser();
        // One that is ignored leaves a file without cookies.
        let _ = store.receive(
            &[&line, &b"; Max-Age=60"[..]].concat(),
            &Request::new(uri),
            NOW,
            &mut (),
        );
        FORMATS.map(|format| format.text_of(&store, NOW).0)
    });
    files.collect()
}

fn browser() -> CookieStore<NoPublicSuffixes> {
    CookieStore::new(Policy::new(Profile::Rfc6265bis), NoPublicSuffixes)
}

fn stored(store: &CookieStore<NoPublicSuffixes>) -> Vec<SavedCookie> {
    store.cookies(NOW).into_iter().map(SavedCookie::from).collect()
}
