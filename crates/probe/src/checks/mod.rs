//! Every check, in the order of their numbers. Each section has a file.
//!
//! A check is a row of its section's table and a function that takes the
//! [`Bench`](crate::bench::Bench). It makes the browsers it needs there, ends with
//! [`pass`](crate::verdict::pass) or
//! [`fact`](crate::verdict::fact), and uses [`ensure`](crate::verdict::ensure) with `?` where the
//! application may do wrong. What the descriptor has to say for it stands in `needs` and is not
//! asked again. Checks share nothing but the application: each makes accounts log in anew, and
//! leaves passwords, clocks and processes in a state the next one can work with.

mod attributes;
mod caching;
mod carrier;
mod concurrency;
mod creation;
mod durability;
mod hostile;
mod identifier;
mod login;
mod logout;
mod timeout;

use crate::check::Check;

/// Every check, in the order of their numbers.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [
        identifier::CHECKS,
        carrier::CHECKS,
        attributes::CHECKS,
        creation::CHECKS,
        login::CHECKS,
        logout::CHECKS,
        timeout::CHECKS,
        hostile::CHECKS,
        concurrency::CHECKS,
        durability::CHECKS,
        caching::CHECKS,
    ]
    .into_iter()
    .flatten()
}

/// The check that decides whether one user can see another.
pub(crate) const ISOLATION: &str = "SM-088";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_has_its_check() {
        let ids: Vec<_> = all().map(|check| check.id.to_owned()).collect();
        let expected: Vec<_> = (1..=107).map(|number| format!("SM-{number:03}")).collect();
        assert_eq!(ids, expected);
        assert!(all().all(|check| !check.sources.is_empty()));
    }
}
