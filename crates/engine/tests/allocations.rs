//! Parsing allocates nothing, whatever the input.

use cookiespec_engine::{Profile, cookie_header, date, path, set_cookie, uri::Uri};

fn lines() -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = [
        &b"sid=31d4d96e407aad42; Path=/; Domain=.Site.Example; Secure; HttpOnly; SameSite=Lax"[..],
        b"a=b; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Max-Age=3600; Path=rel; ext=\"x, y\"",
        b"nameless",
        b"=",
        b"",
        b"a=b; Max-Age=99999999999999999999; Max-Age=-; Expires=never",
        b"a=\x01\xff",
    ]
    .map(<[u8]>::to_vec)
    .into();
    lines.push([&b"a="[..], &[b'x'; 5000], b"; Path=/", &[b'y'; 2000]].concat());
    lines.push(b"a=b; ".repeat(1000));
    lines
}

#[test]
fn parsing_allocates_nothing() {
    for line in lines() {
        let measured = allocation_counter::measure(|| {
            for profile in Profile::ALL {
                let _ = std::hint::black_box(set_cookie::parse(&line, profile));
            }
            std::hint::black_box(cookie_header::pairs(&line).count());
            let _ = std::hint::black_box(date::parse_cookie_date(&line));
            let _ = std::hint::black_box(Uri::parse(&line));
            std::hint::black_box(path::path_match(path::default_path(&line), b"/"));
        });
        assert_eq!(measured.count_total, 0, "{}", line[..line.len().min(80)].escape_ascii());
    }
}

#[test]
fn the_counter_counts() {
    let measured = allocation_counter::measure(|| {
        std::hint::black_box(vec![0_u8; 10]);
    });
    assert_eq!(measured.count_total, 1);
}
