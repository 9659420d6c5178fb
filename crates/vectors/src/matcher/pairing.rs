//! Pairing off the patterns of an unordered list with what was observed.

use super::Finding;

/// Can every row be given a column of its own? A maximum matching by augmenting paths, so that a
/// broad pattern does not take away what a narrow one needs.
pub(super) fn pairs_off(findings: &[Vec<Finding>], fits: impl Fn(&Finding) -> bool) -> bool {
    let mut row_of = vec![None; findings.len()];
    (0..findings.len()).all(|row| {
        let mut tried = vec![false; findings.len()];
        augment(row, findings, &fits, &mut tried, &mut row_of)
    })
}

fn augment(
    row: usize,
    findings: &[Vec<Finding>],
    fits: &impl Fn(&Finding) -> bool,
    tried: &mut [bool],
    row_of: &mut [Option<usize>],
) -> bool {
    for column in 0..tried.len() {
        if tried[column] || !fits(&findings[row][column]) {
            continue;
        }
        tried[column] = true;
        if row_of[column].is_none_or(|other| augment(other, findings, fits, tried, row_of)) {
            row_of[column] = Some(row);
            return true;
        }
    }
    false
}
