//! Splitting a Cookie field.

use std::hint::black_box;

use biscotti::{Processor, ProcessorConfig, RequestCookies};
use cookie::Cookie;
use cookiespec_engine::cookie_header::pairs;
use headers::{Header, HeaderValue};

use crate::group::{ENGINE, Group, Work};

pub(crate) fn groups() -> Vec<Group> {
    [1, 10, 50].map(group).into()
}

fn group(count: usize) -> Group {
    let line: Vec<String> = (0..count).map(|nth| format!("name{nth}=value-{nth:08}")).collect();
    let line = line.join("; ");
    let processor = || Processor::from(ProcessorConfig::default());
    let value = HeaderValue::from_str(&line).expect("a field value");

    assert_eq!(pairs(line.as_bytes()).count(), count);
    assert_eq!(Cookie::split_parse(line.as_str()).flatten().count(), count);
    assert_eq!(
        headers::Cookie::decode(&mut [&value].into_iter()).map(|it| it.len()).ok(),
        Some(count)
    );
    let last = format!("name{}", count - 1);
    let parsed = RequestCookies::parse_header(&line, &processor()).expect("cookies");
    assert!(parsed.get(&last).is_some());

    let processor = processor();
    let field = format!("Cookie: {line}\r\n\r\n").into_bytes();
    let mut buffer = vec![0; line.len()];
    let [ours, split, mapped, scanned, copied] = std::array::from_fn(|_| line.clone());
    Group::new(format!("cookie/{count}"), Work::Octets(line.len()))
        .with(ENGINE, move || {
            pairs(black_box(ours.as_bytes()))
                .fold(0, |sum, it| sum + it.name.len() + it.value.len())
        })
        .with("cookie", move || {
            Cookie::split_parse(black_box(split.as_str()))
                .flatten()
                .fold(0, |sum, it| sum + it.name().len() + it.value().len())
        })
        .with("headers", move || {
            let cookies = headers::Cookie::decode(&mut [black_box(&value)].into_iter());
            cookies
                .map(|it| it.iter().fold(0, |sum, (name, value)| sum + name.len() + value.len()))
                .ok()
        })
        .with("biscotti", move || {
            RequestCookies::parse_header(black_box(&mapped), &processor).is_ok()
        })
        .with("httparse", move || {
            let mut headers = [httparse::EMPTY_HEADER; 2];
            httparse::parse_headers(black_box(&field), &mut headers).is_ok()
        })
        .with("memchr", move || memchr::memchr_iter(b';', black_box(scanned.as_bytes())).count())
        .with("memcpy", move || buffer.copy_from_slice(black_box(copied.as_bytes())))
}
