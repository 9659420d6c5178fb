//! Any octets as a vector file: refused with reasons, or a suite that can be run and exported.

use cookiespec_suite_tools::export::export;
use cookiespec_vectors::{ImplementationInfo, Profile, Suite, judge, reference};
use serde_json::{Value, json};

/// Holds it for a file named after the area it says it is for.
pub fn holds(text: &[u8]) {
    let area = serde_json::from_slice::<Value>(text)
        .ok()
        .and_then(|file| file.get("area").and_then(Value::as_str).map(str::to_owned));
    let area = area.as_deref().unwrap_or("area");
    let suite = match Suite::from_json(area, text) {
        Ok(suite) => suite,
        Err(errors) => {
            assert!(!errors.to_string().is_empty(), "refused without a reason");
            return;
        }
    };
    for case in suite.cases() {
        for profile in Profile::ALL {
            let (answer, _) = reference::explain(profile, case.operation());
            let _ = judge(case, profile, &ImplementationInfo::default(), &answer).verdict;
        }
    }
    let name = format!("{area}.json");
    if let Some(file) = export(&suite).iter().find(|file| file.name == name) {
        let exported = Suite::from_json(area, file.text.as_bytes())
            .unwrap_or_else(|errors| panic!("an export does not load: {errors}"));
        assert!(exported.cases() == suite.cases(), "an export is another suite");
    }
}

/// One file for every eighth case of the suite, as it is exported.
pub fn seeds(suite: &Suite) -> Vec<Vec<u8>> {
    let files = suite.cases().iter().step_by(8).map(|case| {
        let file = json!({ "area": case.area(), "about": "a seed", "cases": [case.to_json()] });
        file.to_string().into_bytes()
    });
    files.collect()
}
