//! Twice the input costs at most twice the instructions, for whatever a peer can send, up to
//! 1 MiB: counted by callgrind, so that the machine's load plays no part.
//!
//! The test starts itself again under `valgrind --tool=callgrind`, once per operation and size.
//! Where there is no valgrind the counted trials are ignored and say so; that nothing panics at
//! 1 MiB is tested without it.

use std::env;
use std::hint::black_box;

use cookiespec_engine::host::{Host, HostRule};
use cookiespec_engine::{
    CookieStore, NoPublicSuffixes, Policy, Profile, Request, SuffixRules, Uri, cookie_header, date,
    path, server, set_cookie,
};
use cookiespec_test_support::callgrind;
use libtest_mimic::{Arguments, Failed, Trial};

const MIB: usize = 1 << 20;
const SMALL: usize = 1 << 13;
const WORK: &str = "COOKIESPEC_LINEAR_TEST_WORK";

/// What an attacker would repeat.
const UNITS: &[&[u8]] = &[
    b"a",
    b";",
    b"=",
    b" ",
    b"\t",
    b".",
    b"/",
    b"-",
    b":",
    b"\"",
    b"0",
    b"9",
    b"\xff",
    b"; ",
    b"a=b; ",
    b"; Path=/x",
    b"; Domain=.x",
    b"; Max-Age=1",
    b"; SameSite=Lax",
    b"; Expires=1",
    b"a.",
    b"xn--",
    b"1.2.",
    b"10:00:00 ",
    b" 1 Jan",
    b"/a",
    b"a@",
    b"[:",
];

/// A name, and what it does with one input.
type Operation = (&'static str, fn(&[u8]));

const OPERATIONS: &[Operation] = &[
    ("set-cookie", |input| {
        for profile in Profile::ALL {
            let _ = black_box(set_cookie::parse(input, profile));
            let _ = black_box(server::check_set_cookie_string(input, profile));
        }
    }),
    ("cookie", |input| {
        black_box(cookie_header::pairs(input).count());
    }),
    ("date", |input| {
        let _ = black_box(date::parse_cookie_date(input));
    }),
    ("host", |input| {
        for rule in [HostRule::Lenient, HostRule::Strict] {
            if let Ok(host) = black_box(Host::canonicalize(input, rule)) {
                black_box(host.domain_match(input));
            }
        }
    }),
    ("path", |input| {
        black_box(path::path_match(input, path::default_path(input)));
    }),
    ("store", |input| {
        for profile in Profile::ALL {
            receive_and_send(input, b"https://site.example/", profile);
            receive_and_send(b"a=b; Path=/", &[b"http://", input, b"/"].concat(), profile);
            receive_and_send(b"a=b", &[b"http://site.example/", input].concat(), profile);
        }
    }),
    ("many-cookies", |input| {
        for profile in Profile::ALL {
            receive_many(input, profile);
        }
    }),
];

/// As many cookies of one host as the input has parts of so many octets.
const OCTETS_OF_A_COOKIE: usize = 64;

fn receive_many(input: &[u8], profile: Profile) {
    let mut store = CookieStore::new(Policy::new(profile), NoPublicSuffixes);
    let request = Request::new(Uri::parse(b"https://site.example/").expect("a URI"));
    for (number, value) in input.chunks(OCTETS_OF_A_COOKIE).enumerate() {
        let name = number.to_string();
        let _ = store.receive(&[name.as_bytes(), b"=", value].concat(), &request, 0, &mut ());
    }
    black_box(store.cookie_string(&request, 1, &mut ()));
}

/// Makes the inputs and leaves them alone.
const NOTHING: Operation = ("nothing", |input| {
    black_box(input);
});

fn receive_and_send(set_cookie: &[u8], uri: &[u8], profile: Profile) {
    let suffixes: SuffixRules = ["example"].into_iter().collect();
    let mut store = CookieStore::new(Policy::new(profile), suffixes);
    let Ok(uri) = Uri::parse(uri) else { return };
    let request = Request::new(uri);
    let _ = store.receive(set_cookie, &request, 0, &mut ());
    black_box(store.cookie_string(&request, 1, &mut ()));
    let mut unrestricted = CookieStore::new(*store.policy(), NoPublicSuffixes);
    let _ = unrestricted.receive(set_cookie, &request, 0, &mut ());
}

#[expect(clippy::disallowed_methods, reason = "the environment selects what to count")]
fn main() {
    if let Ok(work) = env::var(WORK) {
        let (operation, size) = work.split_once(' ').expect("an operation and a size");
        return run(operation, size.parse().expect("a number of octets"));
    }
    let arguments = Arguments::from_args();
    let counts = callgrind::is_there();
    let mut trials = Vec::new();
    for &(operation, _) in OPERATIONS {
        trials.push(Trial::test(format!("no_panic_at_1_mib::{operation}"), move || {
            run(operation, MIB);
            Ok(())
        }));
        let name = if counts { "" } else { "needs_valgrind::" };
        let trial = Trial::test(format!("{name}linear::{operation}"), move || linear(operation));
        trials.push(trial.with_ignored_flag(!counts));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn run(operation: &str, size: usize) {
    let mut operations = OPERATIONS.iter().chain([&NOTHING]);
    let (_, work) = operations.find(|(name, _)| *name == operation).expect("an operation");
    for unit in UNITS {
        let repeated: Vec<u8> = unit.iter().copied().cycle().take(size).collect();
        work(&repeated);
        // A pair in front brings the octets into the attributes, a good ending undoes early exits.
        work(&[b"a=b; Path=", &repeated[..]].concat());
        work(&[&repeated[..], b"x"].concat());
    }
}

fn linear(operation: &str) -> Result<(), Failed> {
    let small = cost(operation, SMALL)?;
    let large = cost(operation, 2 * SMALL)?;
    println!("{operation}: {small} instructions at {SMALL} octets, {large} at twice that");
    // Beside the factor of two: one in a hundred, and an instruction for every ten octets, for
    // what grows in steps, such as the buffers of the allocator.
    let octets = UNITS.len() as u64 * 3 * SMALL as u64;
    if large * 100 > small * 202 + octets * 10 {
        return Err(format!("{operation}: {small} instructions became {large}").into());
    }
    Ok(())
}

/// The instructions of an operation on inputs of this size, without those of making the inputs.
fn cost(operation: &str, size: usize) -> Result<u64, Failed> {
    let of = |operation: &str| callgrind::instructions(WORK, &format!("{operation} {size}"));
    Ok(of(operation)?.saturating_sub(of(NOTHING.0)?))
}
