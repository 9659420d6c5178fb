//! Asking the question of a finding again.

use super::accusation::Kind;
use super::cost;
use super::finding::Finding;
use super::fuzzer::Accused;
use super::witness::Witnesses;

/// Puts the question of a finding to its target again. The finding as it is now; `None` where the
/// target does not do it any more.
pub fn replay(finding: &Finding, accused: &mut Accused) -> Option<Finding> {
    let class = finding.class();
    let mut witnesses =
        Witnesses::new(std::slice::from_mut(accused), finding.found.seed, finding.found.case);
    match (finding.kind, &finding.growth) {
        (Kind::Cost, Some(growth)) => {
            let conviction =
                witnesses.convict(0, &cost::Template::of(&finding.operation, growth))?;
            Some(witnesses.cost(0, &class, conviction))
        }
        _ => {
            let accusation = witnesses.accusation(0, &finding.operation, &class)?;
            Some(witnesses.write_down(0, finding.operation.clone(), accusation))
        }
    }
}
