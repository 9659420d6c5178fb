//! A run of the complete suite against the reference engine, in process, verdicts included.

use cookiespec_vectors::{ImplementationInfo, Profile, Suite, Verdict, judge, reference};

use crate::group::{ENGINE, Group, Work};

pub(crate) fn group() -> Group {
    let suite = Suite::embedded().unwrap_or_else(|errors| panic!("{errors}"));
    let cases = suite.cases().len();
    assert!(passed(&suite) > cases / 2, "the reference passes hardly anything");
    Group::new("suite", Work::Times(cases)).with(ENGINE, move || passed(&suite))
}

fn passed(suite: &Suite) -> usize {
    let verdicts = suite.cases().iter().map(|case| {
        let about = ImplementationInfo {
            can: case.needs.iter().cloned().chain([case.kind().to_owned()]).collect(),
            ..ImplementationInfo::default()
        };
        let (answer, _) = reference::explain(Profile::Rfc6265bis, case.operation());
        judge(case, Profile::Rfc6265bis, &about, &answer).verdict
    });
    verdicts.filter(|&verdict| verdict == Verdict::Pass).count()
}
