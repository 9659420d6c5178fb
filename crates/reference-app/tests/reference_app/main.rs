//! The reference application against the session requirements it can be held to, with the
//! reference engine as the browser; and its mutants, each of which breaks what it says it breaks.

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

/// `Err` says what the application did wrong.
type Checked = Result<(), String>;
type Later = Pin<Box<dyn Future<Output = Checked>>>;
type Check = (&'static str, fn(Option<Mutant>) -> Later);

/// Lists checks by the requirement they decide.
macro_rules! checks {
    ($($id:literal $check:ident),+ $(,)?) => {
        pub(crate) const CHECKS: &[crate::Check] =
            &[$(($id, |mutant| Box::pin($check(mutant)))),+];
    };
}
pub(crate) use checks;

/// Fails with these words unless it is so.
fn ensure(is_so: bool, otherwise: &str) -> Checked {
    if is_so { Ok(()) } else { Err(otherwise.to_owned()) }
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
    let mut surprises = Vec::new();
    for &mutant in Mutant::ALL {
        let mut broken = Vec::new();
        let mut reasons = Vec::new();
        for (id, check) in all() {
            if let Err(why) = check(Some(mutant)).await {
                broken.push(*id);
                reasons.push(format!("    {id}: {why}"));
            }
        }
        // Some requirements only a probe over the wire decides.
        let is_here = |id: &&str| all().any(|(known, _)| known == id);
        let says: Vec<_> = mutant.breaks().iter().copied().filter(is_here).collect();
        if broken != says {
            let (name, what) = (mutant.name(), mutant.what());
            let reasons = reasons.join("\n");
            surprises
                .push(format!("{name} ({what})\n  says {says:?}\n  broke {broken:?}\n{reasons}"));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}
