//! The cookie store, filled for many hosts; the cookies of one are retrieved.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile, Request, Uri};
use url::Url;

use crate::group::{ENGINE, Group, Work};

/// Cookies per host, repeated cyclically. Few hosts are sites in use; most are contacted once, as the
/// origin of an image or a script, and set one or two.
const COOKIES_OF_HOSTS: [usize; 8] = [10, 1, 2, 1, 3, 1, 5, 1];

/// Limit of cookies for `cookie_store`, whose every retrieval scans all domains.
const MOST_FOR_PEERS: usize = 10_000;

const NOW: i64 = 1_700_000_000;

type Store = CookieStore<NoPublicSuffixes>;

/// A host and its number of cookies.
type Host = (String, usize);

/// Retrieval, replacement and insertion for a host with ten cookies in a store of this many.
pub(crate) fn groups(cookies: usize) -> Vec<Group> {
    groups_for(&cookies.to_string(), &spread(cookies))
}

/// The same in a site of a thousand hosts, each of which has ten cookies.
pub(crate) fn site() -> Vec<Group> {
    let hosts: Vec<Host> = (0..1_000).map(|nth| (format!("h{nth}.site.example"), 10)).collect();
    groups_for("site-of-1000-hosts", &hosts)
}

/// A store of this many cookies.
pub(crate) fn filled(cookies: usize) -> Store {
    filled_for(&spread(cookies))
}

/// A `cookie_store` of this many cookies.
pub(crate) fn filled_peer(cookies: usize) -> cookie_store::CookieStore {
    filled_peer_for(&spread(cookies))
}

/// The hosts of a store of this many cookies.
fn spread(cookies: usize) -> Vec<Host> {
    let mut left = cookies;
    let counts = COOKIES_OF_HOSTS.into_iter().cycle().map_while(|count| {
        let count = count.min(left);
        left -= count;
        (count > 0).then_some(count)
    });
    counts.enumerate().map(|(nth, count)| (format!("www.site{nth}.example"), count)).collect()
}

/// The groups for a store of these hosts. They use the cookies of the first.
fn groups_for(name: &str, hosts: &[Host]) -> Vec<Group> {
    let cookies: usize = hosts.iter().map(|(_, count)| count).sum();
    let ours = Rc::new(RefCell::new(filled_for(hosts)));
    assert_eq!(ours.borrow().cookies(NOW).len(), cookies);
    let (host, sent) = &hosts[0];
    let (host, uri): (&'static str, &'static str) = (host.clone().leak(), uri(host).leak());
    let request = Request::new(Uri::parse(uri.as_bytes()).expect("a URI"));
    let string = ours.borrow_mut().cookie_string(&request, NOW, &mut ()).expect("cookies");
    assert_eq!(string.split(|&octet| octet == b';').count(), *sent);

    let group = |operation: &str| Group::new(format!("{operation}/{name}"), Work::Times(1));
    let mut retrieve = group("retrieve").with(ENGINE, {
        let ours = Rc::clone(&ours);
        move || ours.borrow_mut().cookie_string(black_box(&request), NOW, &mut ())
    });
    let mut replace = group("replace").with(ENGINE, {
        let ours = Rc::clone(&ours);
        move || {
            let mut store = ours.borrow_mut();
            store.receive(black_box(b"c3=other; Path=/"), &request, NOW, &mut ()).is_ok()
        }
    });
    let mut insert = group("insert-remove").with(ENGINE, move || {
        let mut store = ours.borrow_mut();
        let stored = store.receive(black_box(b"new=1; Path=/"), &request, NOW, &mut ()).is_ok();
        assert!(stored && store.remove(b"new", host.as_bytes(), b"/") == 1);
    });
    if cookies <= MOST_FOR_PEERS {
        let theirs = Rc::new(RefCell::new(filled_peer_for(hosts)));
        let url = Rc::new(Url::parse(uri).expect("a URL"));
        assert_eq!(cookie_string(&theirs.borrow(), &url).split(';').count(), *sent);
        retrieve = retrieve.with("cookie_store", {
            let (theirs, url) = (Rc::clone(&theirs), Rc::clone(&url));
            move || cookie_string(&theirs.borrow(), black_box(&url))
        });
        replace = replace.with("cookie_store", {
            let (theirs, url) = (Rc::clone(&theirs), Rc::clone(&url));
            move || theirs.borrow_mut().parse(black_box("c3=other; Path=/"), &url).is_ok()
        });
        insert = insert.with("cookie_store", move || {
            let mut store = theirs.borrow_mut();
            let stored = store.parse(black_box("new=1; Path=/"), &url).is_ok();
            assert!(stored && store.remove(host, "/", "new").is_some());
        });
    }
    vec![retrieve, replace, insert]
}

/// The Cookie field that `reqwest` makes from a `cookie_store`.
fn cookie_string(store: &cookie_store::CookieStore, url: &Url) -> String {
    let pairs: Vec<String> =
        store.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

fn uri(host: &str) -> String {
    format!("https://{host}/")
}

fn set_cookie(nth: usize) -> String {
    format!("c{nth}=value-{nth:08}; Path=/")
}

fn filled_for(hosts: &[Host]) -> Store {
    let mut store = CookieStore::new(Policy::new(Profile::Rfc6265), NoPublicSuffixes);
    for (host, count) in hosts {
        let uri = uri(host);
        let request = Request::new(Uri::parse(uri.as_bytes()).expect("a URI"));
        for nth in 0..*count {
            let line = set_cookie(nth);
            store.receive(line.as_bytes(), &request, NOW, &mut ()).expect("stored");
        }
    }
    store
}

fn filled_peer_for(hosts: &[Host]) -> cookie_store::CookieStore {
    let mut store = cookie_store::CookieStore::default();
    for (host, count) in hosts {
        let url = Url::parse(&uri(host)).expect("a URL");
        for nth in 0..*count {
            store.parse(&set_cookie(nth), &url).expect("stored");
        }
    }
    store
}
