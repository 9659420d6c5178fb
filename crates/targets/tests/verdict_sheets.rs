//! The verdicts on every target at its pinned version, as a snapshot: it shows what an update of a
//! library changes.

use std::fmt::Write;

use cookiespec_vectors::{
    ImplementationInfo, Judgement, Profile, Suite, Tally, Verdict, ask, judge,
};

#[test]
fn every_target_answers_as_it_did() {
    let suite = Suite::embedded().unwrap();
    for entry in cookiespec_targets::all() {
        let mut target = (entry.make)();
        let about = target.about();
        let mut text = format!("{} {}\n", about.name, about.version);
        for profile in Profile::ALL {
            let judged = suite
                .cases()
                .iter()
                .map(|case| {
                    let answer = ask(target.as_mut(), case.operation());
                    (case.id.as_str(), judge(case, profile, &about, &answer))
                })
                .collect::<Vec<_>>();
            write_profile(&mut text, profile, &judged, &about);
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(format!("verdicts__{}", entry.name), text));
    }
}

/// The tally, and every case that did not pass and was not left out for want of an ability.
fn write_profile(
    text: &mut String,
    profile: Profile,
    judged: &[(&str, Judgement)],
    about: &ImplementationInfo,
) {
    let mut tally = Tally::default();
    judged.iter().for_each(|(_, judgement)| tally.add(judgement));
    let claims = about.claims.as_deref() == Some(profile.name());
    writeln!(text, "\n{profile}{}: {tally}", if claims { " (claimed)" } else { "" }).unwrap();
    for (id, judgement) in judged {
        if judgement.verdict == Verdict::Weak || judgement.verdict.is_failure() {
            writeln!(text, "{} {id}", judgement.verdict).unwrap();
        }
    }
}
