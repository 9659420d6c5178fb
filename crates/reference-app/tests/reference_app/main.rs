//! Checks the reference application against the session requirements, with the reference engine as
//! the browser, and checks that each mutant breaks the requirements it lists and no others.

mod browser;
mod caching;
mod carrier;
mod cookie;
mod hostile;
mod identifier;
mod login;
mod logout;
mod overlap;
mod server;
mod site;
mod timeout;
mod tutorial;

use std::pin::Pin;

use cookiespec_reference_app::mutant::Mutant;

/// Result of a check; `Err` says what the application did wrong.
type CheckResult = Result<(), String>;
type Later = Pin<Box<dyn Future<Output = CheckResult>>>;
type Check = (&'static str, fn(Option<Mutant>) -> Later);

/// Lists checks by the requirement they test.
macro_rules! checks {
    ($($id:literal $check:ident),+ $(,)?) => {
        pub(crate) const CHECKS: &[crate::Check] =
            &[$(($id, |mutant| Box::pin($check(mutant)))),+];
    };
}
pub(crate) use checks;

/// Fails with this message unless the condition holds.
fn ensure(holds: bool, message: &str) -> CheckResult {
    if holds { Ok(()) } else { Err(message.to_owned()) }
}

fn all() -> impl Iterator<Item = &'static Check> {
    [
        identifier::CHECKS,
        carrier::CHECKS,
        cookie::CHECKS,
        login::CHECKS,
        logout::CHECKS,
        timeout::CHECKS,
        hostile::CHECKS,
        overlap::CHECKS,
        caching::CHECKS,
    ]
    .into_iter()
    .flatten()
}

#[tokio::test]
async fn the_reference_application_keeps_every_requirement() {
    let mut broken = Vec::new();
    for (id, check) in all() {
        if let Err(why) = check(None).await {
            broken.push(format!("{id}: {why}"));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(all().count() >= 65);
}

#[tokio::test]
async fn every_mutant_breaks_what_it_says_and_nothing_else() {
    assert!(Mutant::ALL.len() >= 25);
    let mut unexpected = Vec::new();
    for &mutant in Mutant::ALL {
        let mut broken = Vec::new();
        let mut reasons = Vec::new();
        for (id, check) in all() {
            if let Err(why) = check(Some(mutant)).await {
                broken.push(*id);
                reasons.push(format!("    {id}: {why}"));
            }
        }
        // Some requirements only a probe over the wire can test.
        let is_tested = |id: &&str| all().any(|(known, _)| known == id);
        let listed: Vec<_> = mutant.breaks().iter().copied().filter(is_tested).collect();
        if broken != listed {
            let (name, what) = (mutant.name(), mutant.what());
            let reasons = reasons.join("\n");
            unexpected.push(format!(
                "{name} ({what})\n  lists {listed:?}\n  broke {broken:?}\n{reasons}"
            ));
        }
    }
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
}
