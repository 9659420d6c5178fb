//! The cookie store: ten cookies for every host, and one host that is asked for.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile, Request, Uri};
use url::Url;

use crate::group::{ENGINE, Group, Work};

/// Cookies of one host.
const PER_HOST: usize = 10;

/// The most cookies that `cookie_store` is filled with: every retrieval looks at all domains.
const MOST_FOR_PEERS: usize = 10_000;

const NOW: i64 = 1_700_000_000;

type Store = CookieStore<NoPublicSuffixes>;

pub(crate) fn groups(cookies: usize) -> Vec<Group> {
    let hosts: Vec<String> =
        (0..cookies / PER_HOST).map(|nth| format!("https://www.site{nth}.example/")).collect();
    let ours = Rc::new(RefCell::new(filled(&hosts)));
    assert_eq!(ours.borrow().cookies(NOW).len(), cookies);
    let uri: &'static str = hosts[0].clone().leak();
    let request = Request::new(Uri::parse(uri.as_bytes()).expect("a URI"));
    let url = Url::parse(uri).expect("a URL");

    let mut retrieve = retrieval(format!("retrieve/{cookies}"), Rc::clone(&ours), uri);
    let mut replace = Group::new(format!("replace/{cookies}"), Work::Times(1)).with(ENGINE, {
        let ours = Rc::clone(&ours);
        move || {
            ours.borrow_mut()
                .receive(black_box(b"c3=other; Path=/"), &request, NOW, &mut ())
                .is_ok()
        }
    });
    let mut insert = Group::new(format!("insert-remove/{cookies}"), Work::Times(1)).with(ENGINE, {
        let ours = Rc::clone(&ours);
        move || {
            let mut store = ours.borrow_mut();
            let stored = store.receive(black_box(b"new=1; Path=/"), &request, NOW, &mut ()).is_ok();
            assert!(stored && store.remove(b"new", b"www.site0.example", b"/") == 1);
        }
    });
    if cookies <= MOST_FOR_PEERS {
        let theirs = Rc::new(RefCell::new(filled_peer(&hosts)));
        retrieve = with_peer(retrieve, Rc::clone(&theirs), uri);
        replace = replace.with("cookie_store", {
            let (theirs, url) = (Rc::clone(&theirs), url.clone());
            move || theirs.borrow_mut().parse(black_box("c3=other; Path=/"), &url).is_ok()
        });
        insert = insert.with("cookie_store", move || {
            let mut store = theirs.borrow_mut();
            let stored = store.parse(black_box("new=1; Path=/"), &url).is_ok();
            assert!(stored && store.remove("www.site0.example", "/", "new").is_some());
        });
    }
    vec![retrieve, replace, insert]
}

/// A site of a thousand hosts, each with cookies of its own.
pub(crate) fn site() -> Group {
    let hosts: Vec<String> =
        (0..1_000).map(|nth| format!("https://h{nth}.site.example/")).collect();
    let ours = Rc::new(RefCell::new(filled(&hosts)));
    let uri: &'static str = hosts[500].clone().leak();
    let group = retrieval("retrieve/site-of-1000-hosts".to_owned(), ours, uri);
    with_peer(group, Rc::new(RefCell::new(filled_peer(&hosts))), uri)
}

fn retrieval(name: String, store: Rc<RefCell<Store>>, uri: &'static str) -> Group {
    let request = Request::new(Uri::parse(uri.as_bytes()).expect("a URI"));
    let sent = store.borrow_mut().cookie_string(&request, NOW, &mut ()).expect("cookies");
    assert_eq!(sent.split(|&octet| octet == b';').count(), PER_HOST);
    Group::new(name, Work::Times(1))
        .with(ENGINE, move || store.borrow_mut().cookie_string(black_box(&request), NOW, &mut ()))
}

fn with_peer(group: Group, store: Rc<RefCell<cookie_store::CookieStore>>, uri: &str) -> Group {
    let url = Url::parse(uri).expect("a URL");
    assert_eq!(cookie_string(&store.borrow(), &url).split(';').count(), PER_HOST);
    group.with("cookie_store", move || cookie_string(&store.borrow(), black_box(&url)))
}

/// As `reqwest` makes one of a `cookie_store`.
fn cookie_string(store: &cookie_store::CookieStore, url: &Url) -> String {
    let pairs: Vec<String> =
        store.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

fn filled(hosts: &[String]) -> Store {
    let mut store = CookieStore::new(Policy::new(Profile::Rfc6265), NoPublicSuffixes);
    for host in hosts {
        let request = Request::new(Uri::parse(host.as_bytes()).expect("a URI"));
        for nth in 0..PER_HOST {
            let line = format!("c{nth}=value-{nth:08}; Path=/");
            store.receive(line.as_bytes(), &request, NOW, &mut ()).expect("stored");
        }
    }
    store
}

fn filled_peer(hosts: &[String]) -> cookie_store::CookieStore {
    let mut store = cookie_store::CookieStore::default();
    for host in hosts {
        let url = Url::parse(host).expect("a URL");
        for nth in 0..PER_HOST {
            let line = format!("c{nth}=value-{nth:08}; Path=/");
            store.parse(&line, &url).expect("stored");
        }
    }
    store
}
