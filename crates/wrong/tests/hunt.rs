//! The differential fuzzer against what is wrong on purpose, and against what is not. How far it
//! gets in five minutes is what `examples/hunt.rs` shows; here it has a few seconds.

use cookiespec_harness::fuzz::Hunt;
use cookiespec_vectors::{Implementation, Profile};
use cookiespec_wrong::{Fault, make};

fn hunt(profile: Profile, faults: impl Iterator<Item = Option<Fault>>) -> Hunt {
    let suspects = faults.map(|fault| {
        let suspect: Box<dyn Implementation + Send> = Box::new(make(fault, profile));
        (fault.map_or_else(String::new, |fault| fault.to_string()), suspect)
    });
    Hunt::new(3, profile, suspects)
}

#[test]
fn nobody_is_accused_without_a_fault() {
    for profile in Profile::ALL {
        let caught = hunt(profile, std::iter::once(None)).round(4000);
        assert!(caught.is_empty(), "{caught:?}");
    }
}

#[test]
fn a_few_cases_catch_a_fifth_of_the_faults() {
    let profile = Profile::Rfc6265bis;
    let faults = Fault::ALL.iter().copied().filter(|fault| fault.profiles().contains(&profile));
    let mut hunt = hunt(profile, faults.map(Some));
    let hunted = hunt.at_large().len();
    let caught = hunt.round(250).len();
    assert!(caught * 5 > hunted, "{caught} of {hunted}");
}
