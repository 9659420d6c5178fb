//! The models of causes: the mutants, each an implementation that breaks one rule.

use cookiespec_fuzzing::{Model, SpecReference};
use cookiespec_mutants::{Mutant, MutantImplementation};
use cookiespec_vectors::Profile;

/// The models of what is wrong under a profile.
pub(super) fn models(profile: Profile) -> Vec<Model> {
    let mutants = Mutant::ALL.iter().filter(|mutant| mutant.profiles().contains(&profile));
    mutants.map(|mutant| model(*mutant, profile)).collect()
}

fn model(mutant: Mutant, profile: Profile) -> Model {
    let rule = mutant.rule();
    let rule = rule.place(profile).map(|place| SpecReference {
        text: rule.text.to_owned(),
        document: profile.name().to_owned(),
        section: place.section.to_owned(),
        step: place.step.to_owned(),
        id: format!("{}/{}", place.section, place.step),
    });
    Model {
        name: mutant.to_string(),
        behaviour: mutant.description().to_owned(),
        rule,
        case: mutant.case().to_owned(),
        implementation: Box::new(MutantImplementation::new(Some(mutant), profile)),
    }
}
