//! One verdict for one implementation: a cookie store that is asked through its API, in process or by
//! a shim, and a client that keeps its cookies in that store and is taken through walks.
//!
//! A store and its client may differ in what the client does around the store, and in what no network
//! carries. Each such difference stands in [`PAIRS`] with its reason, and has to be there.
//!
//! All pairs take three minutes; so a third of the cases is compared, and all of them where
//! `COOKIESPEC_ALL_PAIRS` is set.

mod support;

use std::collections::BTreeMap;
use std::env;

use serde_json::Value;
use support::cookiespec;

/// A store, and a client around it.
struct Pair {
    store: &'static str,
    client: &'static str,
    /// Cases in which the two differ.
    differences: &'static [Difference],
    /// Cases in which they differ on one run and agree on another.
    varying: &'static [Difference],
}

/// Why the two differ in these cases.
struct Difference {
    reason: &'static str,
    cases: &'static [&'static str],
}

const fn same(store: &'static str, client: &'static str) -> Pair {
    Pair { store, client, differences: &[], varying: &[] }
}

/// What a walk cannot ask: HTTP has no field values with white space at their ends (RFC 9110 section
/// 5.5).
const ENDS: &str = "white space at the ends of a line never reaches the client, nor the origins";

const PAIRS: &[Pair] = &[
    same("cookie_store", "client:reqwest"),
    same("ureq", "client:ureq"),
    same("c:libcurl", "client:libcurl"),
    Pair {
        differences: &[Difference {
            reason: "between navigations the program keeps its cookies in a file, in another order",
            cases: &["jar.limits.0023", "jar.order.0002", "jar.order.0007"],
        }],
        ..same("client:libcurl", "client:curl")
    },
    Pair {
        differences: &[Difference {
            reason: "the function returns an empty Cookie field; on a walk, one counts as none",
            cases: &["jar.pair.0022", "jar.pair.0038"],
        }],
        ..same("c:libsoup", "client:libsoup")
    },
    same("go:cookiejar", "client:go-net-http"),
    Pair {
        differences: &[Difference {
            reason: "the client reads a tab as a space, and writes `?` for octets above 0x7F",
            cases: &[
                "jar.pair.0016",
                "jar.pair.0017",
                "jar.pair.0023",
                "jar.pair.0024",
                "jar.size.0007",
            ],
        }],
        ..same("java:java.net", "client:java-httpclient")
    },
    Pair {
        differences: &[
            Difference {
                reason: "the client gives the lines of a response to its store last line first",
                cases: &[
                    "jar.limits.0021",
                    "jar.limits.0023",
                    "jar.order.0004",
                    "jar.pair.0004",
                    "jar.prefix.0008",
                    "jar.prefix.0009",
                    "jar.prefix.0030",
                    "jar.size.0012",
                    "jar.update.0013",
                    "jar.update.0030",
                ],
            },
            Difference {
                reason: "the client reads a tab as a space, and writes octets above 0x7F as UTF-8",
                cases: &[
                    "jar.pair.0016",
                    "jar.pair.0017",
                    "jar.pair.0023",
                    "jar.pair.0024",
                    "jar.size.0007",
                ],
            },
        ],
        ..same("java:java.net", "client:java-httpurlconnection")
    },
    Pair {
        differences: &[
            Difference {
                reason: "through the API the clock stands still, and cookies of one age are sorted by \
                         name",
                cases: &["jar.order.0004", "jar.size.0012"],
            },
            Difference {
                reason: "the client writes `?` for control octets, of which it has those up to 0x9F",
                cases: &[
                    "jar.pair.0018",
                    "jar.pair.0023",
                    "jar.pair.0024",
                    "jar.pair.0040",
                    "jar.pair.0041",
                    "jar.pair.0042",
                    "jar.pair.0043",
                    "jar.pair.0045",
                ],
            },
            Difference {
                reason: "through the API it has the suffixes of the case; in its own list, github.io \
                         is among the private ones, which it does not reject",
                cases: &[
                    "jar.public-suffix.0003",
                    "jar.public-suffix.0004",
                    "jar.public-suffix.0005",
                    "jar.public-suffix.0021",
                ],
            },
        ],
        ..same("java:httpclient5", "client:java-httpclient5")
    },
    same("java:okhttp", "client:okhttp"),
    Pair {
        differences: &[Difference {
            reason: "the client divides a line at a comma that a name and `=` follow",
            cases: &["jar.pair.0012", "jar.pair.0013"],
        }],
        ..same("node:tough-cookie", "client:fetch-cookie")
    },
    same("node:fetch-cookie", "client:fetch-cookie"),
    same("node:tough-cookie", "client:got"),
    Pair {
        differences: &[Difference {
            reason: ENDS,
            cases: &[
                "jar.pair.0014",
                "jar.pair.0016",
                "jar.pair.0020",
                "jar.pair.0035",
                "jar.prefix.0010",
                "jar.size.0006",
            ],
        }],
        varying: &[Difference {
            reason: "a cookie with Max-Age=0 is there until the clock shows the next millisecond",
            cases: &[
                "jar.lifetime.0004",
                "jar.lifetime.0008",
                "jar.lifetime.0036",
                "jar.lifetime.0037",
                "jar.update.0030",
            ],
        }],
        ..same("node:node-fetch-cookies", "client:node-fetch-cookies")
    },
    same("perl:HTTP-CookieJar", "client:http-tiny"),
    same("perl:HTTP-Cookies", "client:lwp"),
    Pair {
        differences: &[Difference { reason: ENDS, cases: &["jar.pair.0016"] }],
        ..same("perl:Mojolicious", "client:mojolicious")
    },
    same("php:guzzle", "client:guzzle"),
    same("php:symfony-browser-kit", "client:symfony-browser-kit"),
    same("python:aiohttp", "client:aiohttp"),
    same("python:http.cookiejar", "client:treq"),
    same("python:http.cookiejar", "client:urllib"),
    same("python:httpx", "client:httpx"),
    same("python:mechanize", "client:mechanize"),
    same("python:requests", "client:requests"),
    same("python:scrapy", "client:scrapy"),
    same("ruby:http-cookie", "client:ruby-mechanize"),
];

/// What a target sent in a case, by label, and the verdict on it.
#[derive(Debug, PartialEq)]
struct Result {
    verdict: String,
    headers: BTreeMap<String, Value>,
}

/// The cases that are compared, and how many of them two targets are judged in at least.
fn compared() -> (&'static str, usize) {
    if env::var_os("COOKIESPEC_ALL_PAIRS").is_some() { ("jar.*", 200) } else { ("jar.*[147]", 50) }
}

/// The results of targets in the jar cases in which they are judged, by case; of those that can run
/// here.
fn results(targets: &[&'static str]) -> BTreeMap<&'static str, BTreeMap<String, Result>> {
    let list = cookiespec(&["list", "--targets"]).stdout;
    let cannot = |target: &&str| {
        let mut lines = list.lines();
        let line = lines.find(|line| line.split(' ').next() == Some(*target)).unwrap();
        line.contains("cannot run here").then(|| println!("skipped: {line}")).is_some()
    };
    let targets: Vec<_> = targets.iter().copied().filter(|target| !cannot(target)).collect();
    if targets.is_empty() {
        return BTreeMap::new();
    }
    let options = ["run", "--only", compared().0, "--profile", "rfc6265bis", "--format", "json"];
    let ran = cookiespec(&[&options, &targets[..]].concat());
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.stderr);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let reports = document["targets"].as_array().unwrap();
    assert_eq!(reports.len(), targets.len());
    let of = |target| {
        let report = reports.iter().find(|report| report["name"] == target).unwrap();
        judged(&report["sheets"][0]["cases"])
    };
    targets.iter().map(|&target| (target, of(target))).collect()
}

fn judged(cases: &Value) -> BTreeMap<String, Result> {
    let cases = cases.as_array().unwrap().iter().filter_map(|case| {
        let verdict = case["verdict"].as_str().unwrap().to_owned();
        let is_judged = ["pass", "weak", "fail"].contains(&&*verdict);
        let observations = case["ok"]["obs"].as_object().into_iter().flatten();
        let headers = observations.map(|(label, it)| (label.clone(), it["header"].clone()));
        let result = Result { verdict, headers: headers.collect() };
        is_judged.then(|| (case["id"].as_str().unwrap().to_owned(), result))
    });
    cases.collect()
}

/// Makes sure that the pairs whose client is of these differ only as the table says.
fn compare(clients: &[&str]) {
    let pairs = || PAIRS.iter().filter(|pair| clients.contains(&pair.client));
    let mut targets: Vec<_> = pairs().flat_map(|pair| [pair.store, pair.client]).collect();
    targets.sort_unstable();
    targets.dedup();
    let results = results(&targets);
    for pair in pairs() {
        let of = |target| results.get(target);
        let (Some(store), Some(client)) = (of(pair.store), of(pair.client)) else { continue };
        let both = store.iter().filter_map(|(case, one)| Some((case, one, client.get(case)?)));
        let both: Vec<_> = both.collect();
        let name = format!("{} and {}", pair.store, pair.client);
        println!("{name}: {} cases", both.len());
        assert!(both.len() >= compared().1, "{name}: only {} cases are judged", both.len());
        for (case, store, client) in both {
            let is_in = |known: &&Difference| known.cases.contains(&&**case);
            if pair.varying.iter().any(|known| is_in(&known)) {
                continue;
            }
            match pair.differences.iter().find(is_in) {
                None => assert_eq!(store, client, "{name} differ in {case}"),
                Some(known) => {
                    assert_ne!(store, client, "{name} agree in {case}; not so: {}", known.reason);
                }
            }
        }
    }
}

#[test]
fn every_pair_is_compared_and_every_known_difference_is_of_a_case() {
    let list = cookiespec(&["list"]).stdout;
    let names: Vec<_> = list.lines().filter_map(|line| line.split(' ').next()).collect();
    for pair in PAIRS {
        let known = pair.differences.iter().chain(pair.varying);
        let cases = known.flat_map(|known| known.cases);
        for name in cases.chain([&pair.store, &pair.client]) {
            assert!(names.contains(name), "{name}");
        }
        assert!(COMPARED.iter().any(|clients| clients.contains(&pair.client)), "{}", pair.client);
    }
}

/// The clients that are compared in one run, by what has to be installed for them.
const COMPARED: [&[&str]; 7] = [
    &["client:reqwest", "client:ureq"],
    &["client:libcurl", "client:curl", "client:libsoup", "client:go-net-http"],
    &[
        "client:java-httpclient",
        "client:java-httpurlconnection",
        "client:java-httpclient5",
        "client:okhttp",
    ],
    &["client:fetch-cookie", "client:got", "client:node-fetch-cookies"],
    &[
        "client:http-tiny",
        "client:lwp",
        "client:mojolicious",
        "client:guzzle",
        "client:symfony-browser-kit",
        "client:ruby-mechanize",
    ],
    &["client:aiohttp", "client:httpx", "client:mechanize", "client:scrapy"],
    &["client:requests", "client:treq", "client:urllib"],
];

#[test]
fn clients_in_rust_agree_with_their_stores() {
    compare(COMPARED[0]);
}

#[test]
fn clients_in_c_and_go_agree_with_their_stores() {
    compare(COMPARED[1]);
}

#[test]
fn clients_in_java_agree_with_their_stores() {
    compare(COMPARED[2]);
}

#[test]
fn clients_in_javascript_agree_with_their_stores() {
    compare(COMPARED[3]);
}

#[test]
fn clients_in_perl_php_and_ruby_agree_with_their_stores() {
    compare(COMPARED[4]);
}

#[test]
fn clients_in_python_agree_with_their_stores() {
    compare(COMPARED[5]);
    compare(COMPARED[6]);
}
