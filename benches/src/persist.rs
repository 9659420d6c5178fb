//! The persistent tier: a thousand cookies as text, and in a file that is on disk when `save`
//! returns.

use std::hint::black_box;

use cookie_store::serde::json;
use cookiespec_engine::persist::{CookieFile, Format};
use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile, Request, Uri};
use url::Url;

use crate::group::{ENGINE, Group, Work};

const COOKIES: usize = 1_000;
const NOW: i64 = 1_700_000_000;

pub(crate) fn groups() -> Vec<Group> {
    let store = filled();
    let (text, saved) = Format::JsonLines.text_of(&store, NOW);
    assert_eq!(saved.written, COOKIES);
    assert_eq!(loaded(&text).cookies(NOW).len(), COOKIES);
    let peer = filled_peer();
    let peer_text = written_by_peer(&peer);
    assert_eq!(loaded_by_peer(&peer_text).iter_any().count(), COOKIES);

    let folder = tempfile::tempdir().expect("a folder");
    let file = CookieFile::new(folder.path().join("cookies.jsonl"), Format::JsonLines);
    let on_disk = filled();
    let octets = text.len();
    vec![
        Group::new("persist/write", Work::Octets(octets))
            .with(ENGINE, move || Format::JsonLines.text_of(&store, NOW))
            .with("cookie_store", move || written_by_peer(&peer)),
        Group::new("persist/read", Work::Octets(octets))
            .with(ENGINE, move || loaded(black_box(&text)))
            .with("cookie_store", move || loaded_by_peer(black_box(&peer_text))),
        Group::new("persist/save-and-load", Work::Octets(octets)).with(ENGINE, move || {
            let _kept = &folder;
            file.save(&on_disk, NOW).expect("saved");
            file.load(&mut empty(), NOW).expect("loaded").restored
        }),
    ]
}

fn empty() -> CookieStore<NoPublicSuffixes> {
    CookieStore::new(Policy::new(Profile::Rfc6265), NoPublicSuffixes)
}

fn loaded(text: &[u8]) -> CookieStore<NoPublicSuffixes> {
    let mut store = empty();
    let _ = Format::JsonLines.restore(text, &mut store, NOW);
    store
}

fn lines() -> impl Iterator<Item = (String, String)> {
    (0..COOKIES).map(|nth| {
        let uri = format!("https://www.site{}.example/", nth / 10);
        (uri, format!("c{nth}=value-{nth:08}; Path=/; Max-Age=3600; Secure"))
    })
}

fn filled() -> CookieStore<NoPublicSuffixes> {
    let mut store = empty();
    for (uri, line) in lines() {
        let request = Request::new(Uri::parse(uri.as_bytes()).expect("a URI"));
        store.receive(line.as_bytes(), &request, NOW, &mut ()).expect("stored");
    }
    store
}

fn filled_peer() -> cookie_store::CookieStore {
    let mut store = cookie_store::CookieStore::default();
    for (uri, line) in lines() {
        store.parse(&line, &Url::parse(&uri).expect("a URL")).expect("stored");
    }
    store
}

fn written_by_peer(store: &cookie_store::CookieStore) -> Vec<u8> {
    let mut text = Vec::new();
    json::save(store, &mut text).expect("written");
    text
}

fn loaded_by_peer(text: &[u8]) -> cookie_store::CookieStore {
    json::load(text).expect("read")
}
