//! Control characters, what hides or reorders others, and the commands of three CI services, in every
//! place where a shim can put a text, through every command and report: none of it is obeyed. The
//! other octets are in the reports as well.

use std::path::PathBuf;

use cookiespec_campaign::{Kind, Options};

/// Where the text stands: each stands for the places that are shown in the same way.
const PLACES: [&str; 12] = [
    "all-of-hello",
    "all-of-cookie",
    "can",
    "blind",
    "claims",
    "protocol",
    "hello-refused",
    "error",
    "unsupported",
    "stdout",
    "stderr-and-crash",
    "member-twice",
];

#[test]
fn no_text_of_a_shim_is_obeyed_by_a_terminal_or_a_ci_service() {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_program"));
    let helpers = program.parent().unwrap().to_owned();
    let kind = Kind::named("shims").unwrap();
    for place in PLACES {
        let reports = [format!("octets in {place}"), format!("everything in {place}")];
        let commands = format!("everything in {place}, every command");
        for trial in reports.into_iter().chain([commands]) {
            let only = Some(trial.clone());
            let options =
                Options { program: program.clone(), helpers: helpers.clone(), sample: false, only };
            let report = (kind.run)(&options);
            assert_eq!(report.tried, 1, "{trial}");
            assert!(report.broken.is_empty(), "{}", report.text(kind.name));
        }
    }
}
