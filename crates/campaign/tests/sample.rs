//! A sample of every kind.

use std::path::PathBuf;

use cookiespec_campaign::{Kind, Options};

#[test]
fn nothing_breaks_in_a_sample_of_any_kind() {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_program"));
    let helpers = program.parent().unwrap().to_owned();
    let options = Options { program, helpers, sample: true, only: None };
    let texts: Vec<_> = Kind::ALL
        .iter()
        .map(|kind| ((kind.run)(&options), kind.name))
        .filter(|(report, _)| !report.broken.is_empty())
        .map(|(report, name)| report.text(name))
        .collect();
    assert!(texts.is_empty(), "{}", texts.concat());
}
