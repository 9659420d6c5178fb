//! The statements of a specification, and the cases that test each.

use cookiespec_engine::Profile;
use cookiespec_vectors::{Case, Catalogue, Clause, Expectation, Level, Ratio, Requirement, Suite};
use serde_json::{Value, json};

use super::outcome::shows;

/// What the suite tests of one specification.
#[derive(Clone, Debug)]
pub struct Coverage<'a> {
    /// The specification.
    pub profile: Profile,
    /// Its statements, in the order of their ids.
    pub rows: Vec<Row<'a>>,
}

/// One statement and the cases that test it.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The statement.
    pub requirement: &'a Requirement,
    /// The clause in this specification.
    pub clause: &'a Clause,
    /// The cases that test it, in the order of their ids.
    pub cases: Vec<&'a Case>,
    /// The sides of the statement that none of them shows.
    pub missing: Vec<&'a str>,
}

/// The degree to which a statement is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// From every side.
    Covered,
    /// By some case, but not from every side.
    Partial,
    /// By no case.
    Uncovered,
    /// Not at all, and the catalogue says why.
    Untestable,
}

impl<'a> Coverage<'a> {
    /// Counts what a suite tests of the specification of a profile.
    pub fn new(suite: &'a Suite, catalogue: &'a Catalogue, profile: Profile) -> Self {
        let rows = catalogue
            .iter()
            .filter_map(|requirement| Some((requirement, requirement.clause(profile)?)))
            .map(|(requirement, clause)| Row::new(suite, requirement, clause, profile))
            .collect();
        Self { profile, rows }
    }

    /// Of the testable statements of this force, how many are covered.
    pub fn ratio(&self, force: Level) -> Ratio {
        let mut ratio = Ratio::default();
        for row in self.rows.iter().filter(|row| row.clause.force() == force) {
            ratio.of += usize::from(row.standing() != Standing::Untestable);
            ratio.met += usize::from(row.standing() == Standing::Covered);
        }
        ratio
    }

    /// Whether at least so many percent of the testable statements of this force are covered.
    ///
    /// `percent` is between 0 and 100; nothing to test is enough.
    pub fn meets(&self, force: Level, percent: f64) -> bool {
        let Ratio { met, of } = self.ratio(force);
        met as f64 * 100.0 >= percent * of as f64
    }

    /// The statements of one standing.
    pub fn standing(&self, standing: Standing) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter().filter(move |row| row.standing() == standing)
    }

    /// The covered statements that rest on a single case, so that a change of it may uncover them.
    pub fn thin(&self) -> impl Iterator<Item = &Row<'a>> {
        self.standing(Standing::Covered).filter(|row| row.cases.len() == 1)
    }

    /// The table as one object: counts by force, and every statement with its cases.
    pub fn to_json(&self) -> Value {
        let ratio = |force| {
            let Ratio { met, of } = self.ratio(force);
            json!({ "covered": met, "testable": of })
        };
        json!({
            "profile": self.profile.name(),
            "must": ratio(Level::Must),
            "should": ratio(Level::Should),
            "may": ratio(Level::May),
            "rows": self.rows.iter().map(Row::to_json).collect::<Vec<_>>(),
        })
    }
}

impl<'a> Row<'a> {
    fn new(
        suite: &'a Suite,
        requirement: &'a Requirement,
        clause: &'a Clause,
        profile: Profile,
    ) -> Self {
        let cases = suite
            .cases()
            .iter()
            .filter(|case| cites(case, requirement, profile))
            .filter(|case| binding(case, clause, profile).next().is_some())
            .collect::<Vec<_>>();
        let shown = |side: &str| {
            cases.iter().any(|case| {
                case.tags.iter().any(|tag| tag.strip_prefix(SIDE) == Some(side))
                    || binding(case, clause, profile)
                        .any(|it| shows(side, requirement, case, it, profile))
            })
        };
        let missing = clause.sides.iter().map(String::as_str).filter(|side| !shown(side)).collect();
        Self { requirement, clause, cases, missing }
    }

    /// How far the statement is tested.
    pub fn standing(&self) -> Standing {
        match &self.requirement.untestable {
            Some(_) => Standing::Untestable,
            None if self.cases.is_empty() => Standing::Uncovered,
            None if self.missing.is_empty() => Standing::Covered,
            None => Standing::Partial,
        }
    }

    fn to_json(&self) -> Value {
        let Self { requirement, clause, cases, missing } = self;
        let mut row = json!({
            "id": requirement.id,
            "sec": clause.sec,
            "level": clause.level,
            "text": clause.text,
            "standing": self.standing().name(),
            "cases": cases.iter().map(|case| &case.id).collect::<Vec<_>>(),
        });
        if !clause.sides.is_empty() {
            row["sides"] = json!(clause.sides);
            row["missing"] = json!(missing);
        }
        if let Some(reason) = &requirement.untestable {
            row["untestable"] = json!(reason);
        }
        row
    }
}

impl Standing {
    /// Every standing, best first.
    pub const ALL: [Self; 4] = [Self::Covered, Self::Partial, Self::Uncovered, Self::Untestable];

    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Partial => "partial",
            Self::Uncovered => "uncovered",
            Self::Untestable => "untestable",
        }
    }
}

fn cites(case: &Case, requirement: &Requirement, profile: Profile) -> bool {
    case.spec.iter().any(|it| it.req == requirement.id && it.doc == profile.name())
}

/// The checks of a case that are binding enough to test a clause.
fn binding<'a>(
    case: &'a Case,
    clause: &Clause,
    profile: Profile,
) -> impl Iterator<Item = &'a Expectation> {
    let any_will_do = clause.force() == Level::May;
    case.expected_by(profile).filter(move |it| any_will_do || it.level <= Level::Should)
}

/// What a tag that names a side begins with.
pub(crate) const SIDE: &str = "side:";

#[cfg(test)]
mod tests {
    use cookiespec_vectors::{Citation, DOCUMENTS};

    use super::*;
    use crate::test_case::case;

    fn clause(level: &str, sides: &[&str]) -> Value {
        json!({"sec": "5", "level": level, "text": "A path.", "sides": sides})
    }

    fn catalogue(bis: Value) -> Catalogue {
        let row = json!({
            "id": "PATH-01", "area": "path", "binds": "all", "rfc6265": null, "rfc6265bis": bis,
            "delta": "new"
        });
        [serde_json::from_value::<Requirement>(row).unwrap()].into_iter().collect()
    }

    fn suite(expect: Value, tags: Value) -> Suite {
        let input = json!({"path": "/", "cookie_path": "/"});
        let given = json!({"kind": "match.path", "in": input, "expect": expect, "tags": tags});
        [case(given)].into_iter().collect()
    }

    fn standing(suite: &Suite, bis: Value) -> (Standing, Vec<String>) {
        let catalogue = catalogue(bis);
        let coverage = Coverage::new(suite, &catalogue, Profile::Rfc6265bis);
        let row = &coverage.rows[0];
        (row.standing(), row.missing.iter().map(|side| (*side).to_owned()).collect())
    }

    fn check(level: &str, matches: bool) -> Value {
        json!([{"for": ["rfc6265bis"], "level": level, "is": {"match": matches}}])
    }

    #[test]
    fn only_a_binding_check_covers() {
        let of = |level| suite(check(level, true), json!([]));
        assert_eq!(standing(&of("must"), clause("must", &[])).0, Standing::Covered);
        assert_eq!(standing(&of("should"), clause("step", &[])).0, Standing::Covered);
        assert_eq!(standing(&of("observe"), clause("should", &[])).0, Standing::Uncovered);
        assert_eq!(standing(&of("observe"), clause("may", &[])).0, Standing::Covered);
        let other = json!([{"for": ["rfc6265"], "level": "must", "is": {"match": true}}]);
        assert_eq!(standing(&suite(other, json!([])), clause("must", &[])).0, Standing::Uncovered);
    }

    #[test]
    fn every_side_takes_a_case() {
        let sides = ["present", "absent", "over-limit"];
        let plain = standing(&suite(check("must", true), json!([])), clause("must", &sides));
        assert_eq!(plain, (Standing::Partial, vec!["absent".to_owned(), "over-limit".to_owned()]));
        let tagged = suite(check("must", false), json!(["side:over-limit", "side:present"]));
        assert_eq!(standing(&tagged, clause("must", &sides)).0, Standing::Covered);
    }

    #[test]
    fn a_threshold_is_met_at_the_very_percentage() {
        let (suite, catalogue) =
            (suite(check("must", true), json!([])), catalogue(clause("must", &["absent"])));
        let coverage = Coverage::new(&suite, &catalogue, Profile::Rfc6265bis);
        assert_eq!(coverage.ratio(Level::Must).to_string(), "0/1");
        assert!(!coverage.meets(Level::Must, 0.1) && coverage.meets(Level::Must, 0.0));
        assert!(coverage.meets(Level::Should, 100.0));
    }

    #[test]
    fn the_suite_of_this_repository_covers_what_can_be_covered() {
        let suite = Suite::embedded().unwrap();
        for profile in Profile::ALL {
            let coverage = Coverage::new(&suite, Catalogue::embedded(), profile);
            let lacking = coverage
                .rows
                .iter()
                .filter(|row| matches!(row.standing(), Standing::Partial | Standing::Uncovered))
                .map(|row| format!("{} lacks {:?}", row.requirement.id, row.missing))
                .collect::<Vec<_>>();
            assert!(lacking.is_empty(), "{profile}:\n{}", lacking.join("\n"));
            assert!(coverage.meets(Level::Must, 100.0) && coverage.meets(Level::Should, 95.0));
        }
    }

    #[test]
    fn every_statement_of_http_has_a_case_that_binds_both_profiles() {
        let suite = Suite::embedded().unwrap();
        for requirement in Catalogue::embedded().iter() {
            for document in DOCUMENTS.iter().filter(|document| document.parse::<Profile>().is_err())
            {
                let Some(clause) = requirement.clause_in(document) else { continue };
                let tests = |case: &&Case| {
                    let cites = |it: &Citation| it.req == requirement.id && it.doc == *document;
                    case.spec.iter().any(cites)
                        && Profile::ALL.iter().all(|it| binding(case, clause, *it).next().is_some())
                };
                assert!(suite.cases().iter().any(|case| tests(&case)), "{}", requirement.id);
            }
        }
    }

    #[test]
    fn nothing_is_called_untestable_and_tested_all_the_same() {
        let suite = Suite::embedded().unwrap();
        for profile in Profile::ALL {
            let coverage = Coverage::new(&suite, Catalogue::embedded(), profile);
            for row in coverage.standing(Standing::Untestable) {
                assert!(row.cases.is_empty(), "{} has {}", row.requirement.id, row.cases[0].id);
            }
        }
    }
}
