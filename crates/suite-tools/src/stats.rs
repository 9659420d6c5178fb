//! The suite in numbers.

use std::collections::BTreeMap;
use std::fmt;

use cookiespec_engine::Profile;
use cookiespec_vectors::{Level, Severity, Suite, Wire};
use serde_json::{Value, json};

/// How many cases there are of what. Shown as text for a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Cases by area.
    pub areas: BTreeMap<String, Count>,
    /// Cases by kind.
    pub kinds: BTreeMap<&'static str, Count>,
    /// Cases by severity.
    pub severities: BTreeMap<Severity, Count>,
    /// Checks by profile and level.
    pub checks: BTreeMap<(Profile, Level), usize>,
    /// All cases.
    pub total: Count,
}

/// A number of cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All of them.
    pub cases: usize,
    /// Those that [distinguish the profiles](cookiespec_vectors::Case::distinguishes_profiles).
    pub distinguishing: usize,
    /// Those that can be replayed over HTTP.
    pub wire: usize,
}

impl Stats {
    /// Counts a suite.
    pub fn new(suite: &Suite) -> Self {
        let mut stats = Self::default();
        for case in suite.cases() {
            let count = Count {
                cases: 1,
                distinguishing: usize::from(case.distinguishes_profiles()),
                wire: usize::from(case.wire == Wire::Yes),
            };
            stats.areas.entry(case.area().to_owned()).or_default().add(count);
            stats.kinds.entry(case.kind()).or_default().add(count);
            stats.severities.entry(case.severity).or_default().add(count);
            stats.total.add(count);
            for profile in Profile::ALL {
                for expectation in case.expected_by(profile) {
                    *stats.checks.entry((profile, expectation.level)).or_default() += 1;
                }
            }
        }
        stats
    }

    /// The number of checks of a profile at a level.
    pub fn checks(&self, profile: Profile, level: Level) -> usize {
        self.checks.get(&(profile, level)).copied().unwrap_or(0)
    }

    /// The same for programs.
    pub fn to_json(&self) -> Value {
        let checks = |profile| {
            Level::ALL
                .map(|level| (level.name().to_owned(), json!(self.checks(profile, level))))
                .into_iter()
                .collect::<Value>()
        };
        json!({
            "total": self.total.to_json(),
            "areas": by_name(self.areas.iter().map(|(area, it)| (&**area, it))),
            "kinds": by_name(self.kinds.iter().map(|(kind, it)| (*kind, it))),
            "severities": by_name(self.severities.iter().map(|(it, count)| (it.name(), count))),
            "checks": Profile::ALL
                .map(|profile| (profile.name().to_owned(), checks(profile)))
                .into_iter()
                .collect::<Value>(),
        })
    }
}

impl Count {
    fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.distinguishing += other.distinguishing;
        self.wire += other.wire;
    }

    fn to_json(self) -> Value {
        json!({ "cases": self.cases, "telling": self.distinguishing, "wire": self.wire })
    }
}

fn by_name<'a>(counts: impl Iterator<Item = (&'a str, &'a Count)>) -> Value {
    counts.map(|(name, count)| (name.to_owned(), count.to_json())).collect()
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<24}{:>7}{:>9}{:>7}", "", "cases", "telling", "wire")?;
        table(f, "area", self.areas.iter().map(|(area, it)| (&**area, it)))?;
        table(f, "kind", self.kinds.iter().map(|(kind, it)| (*kind, it)))?;
        table(f, "severity", self.severities.iter().map(|(it, count)| (it.name(), count)))?;
        row(f, "all", &self.total)?;
        write!(f, "\n{:<24}", "checks")?;
        Level::ALL.into_iter().try_for_each(|level| write!(f, "{level:>9}"))?;
        for profile in Profile::ALL {
            write!(f, "\n  {profile:<22}")?;
            for level in Level::ALL {
                write!(f, "{:>9}", self.checks(profile, level))?;
            }
        }
        Ok(())
    }
}

fn table<'a>(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    mut rows: impl Iterator<Item = (&'a str, &'a Count)>,
) -> fmt::Result {
    writeln!(f, "{title}")?;
    rows.try_for_each(|(name, count)| row(f, &format!("  {name}"), count))
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, count: &Count) -> fmt::Result {
    writeln!(f, "{name:<24}{:>7}{:>9}{:>7}", count.cases, count.distinguishing, count.wire)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_counted_once_in_every_table() {
        let suite = Suite::embedded().unwrap();
        let stats = Stats::new(&suite);
        let cases = suite.cases().len();
        assert_eq!(stats.total.cases, cases);
        let sum =
            |counts: &mut dyn Iterator<Item = &Count>| counts.map(|it| it.cases).sum::<usize>();
        assert_eq!(sum(&mut stats.areas.values()), cases);
        assert_eq!(sum(&mut stats.kinds.values()), cases);
        assert_eq!(sum(&mut stats.severities.values()), cases);
        let json = stats.to_json();
        assert_eq!(json["total"]["cases"], cases);
        assert_eq!(json["checks"]["rfc6265"]["must"], stats.checks(Profile::Rfc6265, Level::Must));
        let text = stats.to_string();
        assert!(text.lines().all(|line| line.len() <= 80) && text.contains("  jar.path"), "{text}");
    }
}
