//! Executes the input of a finding again.

use crate::finding::Finding;
use crate::finding::identity::Kind;
use crate::oracles::cost::template::Template;
use crate::subject::Subject;
use crate::triage::Triage;

/// Executes the input of a finding on a subject. Gives the finding as it is now; `None` if it is
/// not reproduced.
pub fn replay(finding: &Finding, subject: &mut Subject) -> Option<Finding> {
    let class = finding.class();
    let mut triage = Triage::new(std::slice::from_mut(subject), finding.found);
    match (finding.kind, &finding.growth) {
        (Kind::Cost, Some(growth)) => {
            let (prefix, unit, suffix) = (&growth.prefix, &growth.unit, &growth.suffix);
            let template = Template::of(
                &finding.operation,
                prefix.as_slice(),
                unit.as_slice(),
                suffix.as_slice(),
            );
            let confirmed = triage.confirm_growth(0, &template)?;
            Some(triage.cost(0, &class, confirmed))
        }
        _ => {
            let divergence = triage.reproduce_file(finding)?;
            let operation = &finding.operation;
            Some(triage.record(0, operation.clone(), operation, divergence))
        }
    }
}
