//! The values of cookies and credentials: each has one of its own, so that it tells where it comes
//! from, in this program and among the programs of a run.

use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::{ExchangeProgram, ExchangeStep};

use crate::random::Random;

/// Gives every cookie and every credential of a program a new value.
pub(super) fn renew(random: &mut Random, program: &mut ExchangeProgram) {
    let letters: String = (0..3).map(|_| random.pick(LETTERS)).collect();
    let mut numbers = 1..;
    let mut value = move |of: &str| {
        let number: u32 = numbers.next().unwrap_or_default();
        format!("{of}{letters}{number:02}")
    };
    for step in &mut program.steps {
        let ExchangeStep::Navigate(navigate) = step else { continue };
        for (name, field) in &mut navigate.fields {
            if is(name, "Cookie") {
                let pairs = field.as_slice().split(|octet| *octet == b';');
                let pairs: Vec<_> = pairs.map(|pair| with_value(pair, &value("c"))).collect();
                *field = pairs.join(&b";"[..]).into();
            } else if is(name, "Authorization") {
                *field = format!("Bearer {}", value("t")).into();
            }
        }
        for (_, cookie) in &mut navigate.cookies {
            *cookie = value("c").into();
        }
        for hop in &mut navigate.hops {
            for (name, field) in &mut hop.fields {
                if is(name, "Set-Cookie") {
                    *field = with_value(field.as_slice(), &value("s")).into();
                }
            }
        }
    }
}

/// A cookie-pair, with or without attributes behind it, with another value.
fn with_value(line: &[u8], value: &str) -> Vec<u8> {
    let end = line.iter().position(|octet| *octet == b';').unwrap_or(line.len());
    let (pair, attributes) = line.split_at(end);
    let name = pair.split(|octet| *octet == b'=').next().unwrap_or_default();
    [name, b"=", value.as_bytes(), attributes].concat()
}

fn is(name: &Octets, known: &str) -> bool {
    name.as_slice().eq_ignore_ascii_case(known.as_bytes())
}

const LETTERS: &[&str] = &["b", "d", "f", "g", "k", "m", "n", "p", "r", "v", "x", "z"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_value_changes() {
        for (line, changed) in [
            ("a=1; Path=/", "a=v; Path=/"),
            ("a=", "a=v"),
            ("a=1=2;x=y", "a=v;x=y"),
            (" b=2", " b=v"),
        ] {
            assert_eq!(with_value(line.as_bytes(), "v"), changed.as_bytes());
        }
    }
}
