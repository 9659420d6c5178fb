//! The two tiers of the tutorial: cookies in memory are gone when the browser closes, persistent
//! ones are on disk until they expire.
#![cfg(feature = "std")]

use std::fs;

use cookiespec_engine::persist::{CookieFile, Format, Problem};
use cookiespec_engine::{CookieStore, NoPublicSuffixes, Policy, Profile, Request, Uri};

const FORMATS: [Format; 2] = [Format::JsonLines, Format::Netscape];

fn browser() -> CookieStore<NoPublicSuffixes> {
    CookieStore::new(Policy::new(Profile::Rfc6265bis), NoPublicSuffixes)
}

fn site() -> Request<'static> {
    Request::new(Uri::parse(b"https://site.example/").unwrap())
}

fn receive(store: &mut CookieStore<NoPublicSuffixes>, set_cookie: &str, now: i64) {
    store.receive(set_cookie.as_bytes(), &site(), now, &mut ()).unwrap();
}

fn sent(store: &mut CookieStore<NoPublicSuffixes>, now: i64) -> String {
    let cookie_string = store.cookie_string(&site(), now, &mut ()).unwrap_or_default();
    String::from_utf8(cookie_string).unwrap()
}

#[test]
fn closing_the_browser_ends_in_memory_cookies_and_keeps_persistent_ones_until_they_expire() {
    for format in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let file = CookieFile::new(folder.path().join("cookies"), format);
        let mut store = browser();
        receive(&mut store, "in_memory=1", 100);
        receive(&mut store, "persistent=1; Max-Age=60", 100);
        assert_eq!(sent(&mut store, 101), "in_memory=1; persistent=1");
        assert_eq!(file.save(&store, 101).unwrap().written, 1);
        drop(store);

        let mut store = browser();
        assert_eq!(file.load(&mut store, 159).unwrap().restored, 1);
        assert_eq!(sent(&mut store, 159), "persistent=1", "{format:?}");

        let mut store = browser();
        let loaded = file.load(&mut store, 161).unwrap();
        assert_eq!((loaded.restored, loaded.expired), (0, 1));
        assert_eq!(sent(&mut store, 161), "");
        let text = fs::read_to_string(file.path()).unwrap();
        assert!(!text.contains("persistent"), "an expired cookie is gone from the disk: {text}");
    }
}

#[test]
fn json_lines_keep_every_field_and_the_order_of_creation() {
    let folder = tempfile::tempdir().unwrap();
    let file = CookieFile::new(folder.path().join("cookies.jsonl"), Format::JsonLines);
    let mut store = browser();
    for line in [
        "a=\u{e9}\"; Max-Age=9; Secure; HttpOnly; SameSite=Strict; Path=/",
        "b=2; Max-Age=9; Domain=site.example; SameSite=None; Secure",
        "=nameless; Max-Age=9",
        "c=tab\tinside; Max-Age=9; SameSite=Lax",
    ] {
        receive(&mut store, line, 100);
    }
    file.save(&store, 100).unwrap();
    let mut restored = browser();
    file.load(&mut restored, 100).unwrap();
    assert_eq!(
        format!("{restored:?}"),
        format!("{:?}", {
            let mut fresh = browser();
            for cookie in store.cookies(100) {
                fresh.restore(&cookie.into()).unwrap();
            }
            fresh
        })
    );
    assert_eq!(restored.cookies(100).len(), 4);
    assert_eq!(sent(&mut restored, 101), sent(&mut store, 101));
}

#[test]
fn a_corrupt_line_is_reported_with_its_number_and_costs_no_other_cookie() {
    let cases = [
        (
            Format::JsonLines,
            "{\"name\":\"a\",\"value\":\"1\",\"domain\":\"site.example\",\"host_only\":true,\
             \"path\":\"/\",\"expires\":900,\"creation\":1,\"last_access\":1,\"secure\":false,\
             \"http_only\":false,\"same_site\":\"Lax\"}\n\
             {\"name\":\"torn\n\
             \n\
             {\"name\":\"b\",\"value\":\"2\",\"domain\":\"site.example\",\"host_only\":true,\
             \"path\":\"/\",\"expires\":900,\"creation\":2,\"last_access\":2,\"secure\":false,\
             \"http_only\":false,\"same_site\":\"Lax\"}",
            2,
        ),
        (
            Format::Netscape,
            "# Netscape HTTP Cookie File\n\
             site.example\tFALSE\t/\tFALSE\t900\ta\t1\n\
             site.example\tFALSE\t/\tFALSE\tsoon\tx\t1\n\
             #HttpOnly_.site.example\tTRUE\t/\tTRUE\t900\tb\t2\r\n",
            3,
        ),
    ];
    for (format, text, line) in cases {
        let folder = tempfile::tempdir().unwrap();
        let file = CookieFile::new(folder.path().join("cookies"), format);
        fs::write(file.path(), text).unwrap();
        let mut store = browser();
        let loaded = file.load(&mut store, 100).unwrap();
        assert_eq!(loaded.restored, 2, "{format:?}");
        let lines: Vec<usize> =
            loaded.problems.iter().map(|problem: &Problem| problem.line).collect();
        assert_eq!(lines, [line], "{:?}", loaded.problems);
        assert_eq!(sent(&mut store, 101), "a=1; b=2");
        assert_eq!(fs::read_to_string(file.path()).unwrap(), text, "evidence is not destroyed");
    }
}

#[test]
fn what_a_format_cannot_hold_is_named_and_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = CookieFile::new(folder.path().join("cookies.txt"), Format::Netscape);
    let mut store = CookieStore::new(Policy::new(Profile::Rfc6265), NoPublicSuffixes);
    let forged = b"a=1\nevil.example\tFALSE\t/\tFALSE\t900\tsid\tstolen; Max-Age=900";
    store.receive(forged, &site(), 0, &mut ()).unwrap();
    store.receive(b"in\tname=1; Max-Age=900", &site(), 0, &mut ()).unwrap();
    store.receive(b"good=in\tvalue; Max-Age=900", &site(), 0, &mut ()).unwrap();
    let saved = file.save(&store, 0).unwrap();
    assert_eq!(saved.written, 1);
    assert_eq!(saved.left_out, [b"a".to_vec(), b"in\tname".to_vec()]);
    let mut restored = browser();
    assert_eq!(file.load(&mut restored, 1).unwrap().restored, 1);
    assert_eq!(sent(&mut restored, 1), "good=in\tvalue");
}

#[test]
fn any_octets_as_a_cookie_file_are_reported_and_never_panic() {
    let mut text: Vec<u8> = (0..=255).cycle().take(4096).collect();
    for format in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let file = CookieFile::new(folder.path().join("cookies"), format);
        fs::write(file.path(), &text).unwrap();
        let loaded = file.load(&mut browser(), 0).unwrap();
        assert!(loaded.restored == 0 && !loaded.problems.is_empty(), "{format:?}: {loaded:?}");
        text.reverse();
    }
}

#[test]
fn a_load_names_the_first_lines_without_a_cookie_and_counts_the_others() {
    let long = format!("{{\"name\":\"{}\"}}\n", "\u{e9}".repeat(1000));
    let type_error = format!("{{\"secure\":\"{}\"}}\n", "\u{e9}".repeat(1000));
    let text = long.repeat(60) + &type_error.repeat(60);
    for format in FORMATS {
        let (loaded, kept) = format.restore(text.as_bytes(), &mut browser(), 0);
        assert_eq!((loaded.problems.len(), loaded.further_problems), (100, 20), "{format:?}");
        assert_eq!(loaded.problems[99].line, 100);
        assert!(
            loaded.problems.iter().all(|problem| problem.reason.chars().count() <= 200),
            "{loaded:?}"
        );
        assert_eq!(kept, text.as_bytes(), "what is no cookie stays");
    }
}

#[test]
fn a_file_that_is_too_long_is_neither_read_nor_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = CookieFile::new(folder.path().join("cookies"), Format::JsonLines);
    fs::File::create(file.path()).unwrap().set_len(CookieFile::MAX_OCTETS + 1).unwrap();
    let error = file.load(&mut browser(), 0).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::FileTooLarge);
    assert!(error.to_string().contains("more than 67108864 octets"), "{error}");

    // A control character is six octets of JSON.
    let mut store = CookieStore::new(Policy::new(Profile::Rfc6265), NoPublicSuffixes);
    let value = [b"a=", &[1; 12 << 20][..], b"; Max-Age=60"].concat();
    store.receive(&value, &site(), 0, &mut ()).unwrap();
    assert_eq!(file.save(&store, 0).unwrap_err().kind(), std::io::ErrorKind::FileTooLarge);
    let length = fs::metadata(file.path()).unwrap().len();
    assert_eq!(length, CookieFile::MAX_OCTETS + 1, "the old file is as it was");
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = CookieFile::new(folder.path().join("cookies"), Format::JsonLines);
    file.save(&browser(), 0).unwrap();
    assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn two_users_of_a_file_keep_each_others_cookies() {
    let folder = tempfile::tempdir().unwrap();
    let file = CookieFile::new(folder.path().join("cookies"), Format::JsonLines);
    std::thread::scope(|scope| {
        for user in ["a", "b", "c", "d"] {
            let file = &file;
            scope.spawn(move || {
                for nth in 0..25 {
                    let line = format!("{user}{nth}=1; Max-Age=900");
                    file.update(&mut browser(), 0, |store| receive(store, &line, 0)).unwrap();
                }
            });
        }
    });
    let mut store = browser();
    assert_eq!(file.load(&mut store, 1).unwrap().restored, 100);
}

/// What somebody who can write to the folder might have placed there: under the old name of drafts,
/// as a draft, or as the lock.
#[cfg(unix)]
#[test]
fn nothing_is_written_through_what_somebody_has_placed_beside_the_file() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let mode =
        |path: &std::path::Path| fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let victim = folder.path().join("victim");
    let draft = folder.path().join("cookies.0123456789abcdef.new");
    let old_draft = folder.path().join("cookies.new");
    let file = CookieFile::new(folder.path().join("cookies"), Format::JsonLines);
    let mut store = browser();
    receive(&mut store, "a=1; Max-Age=900", 0);
    fs::write(&victim, "precious").unwrap();

    symlink(&victim, &old_draft).unwrap();
    symlink(&victim, &draft).unwrap();
    file.save(&store, 0).unwrap();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    assert_eq!(file.load(&mut browser(), 1).unwrap().restored, 1);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    assert!(fs::symlink_metadata(&draft).is_err(), "it has the name of a draft");
    fs::remove_file(&old_draft).unwrap();
    fs::remove_file(file.path()).unwrap();

    for planted in [&old_draft, &draft] {
        fs::write(planted, "").unwrap();
        fs::set_permissions(planted, fs::Permissions::from_mode(0o666)).unwrap();
    }
    file.save(&store, 0).unwrap();
    assert_eq!(mode(file.path()), 0o600, "a planted file does not become the cookie file");
    fs::remove_file(&old_draft).unwrap();

    for planted in [&old_draft, &folder.path().join("cookies.fedcba9876543210.new")] {
        fs::create_dir(planted).unwrap();
    }
    file.save(&store, 0).unwrap();
    assert_eq!(file.load(&mut browser(), 1).unwrap().restored, 1);

    symlink(&victim, folder.path().join("other.lock")).unwrap();
    let other = CookieFile::new(folder.path().join("other"), Format::JsonLines);
    assert!(other.save(&store, 0).is_err(), "the lock is not opened through a link");
    let sub = CookieFile::new(folder.path().join("cookies.new"), Format::JsonLines);
    assert!(sub.save(&store, 0).is_err(), "a folder is not replaced");
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
}

#[cfg(unix)]
#[test]
fn a_cookie_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = CookieFile::new(folder.path().join("cookies"), Format::JsonLines);
    file.save(&browser(), 0).unwrap();
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o640)).unwrap();
    file.save(&browser(), 0).unwrap();
    assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o640);
}
