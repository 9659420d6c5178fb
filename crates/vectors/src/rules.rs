//! What a case must obey beyond the schema of its members.
//!
//! A member whose schema is wrong has been reported already and is passed over here.

use cookiespec_engine::Profile;
use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::check::{self, Strictness};
use crate::problem::{Field, Problem};
use crate::schema::{self, Schema};

/// Everything that breaks a rule.
pub(crate) fn check(case: &Value, area: &str, catalogue: &Catalogue, problems: &mut Vec<Problem>) {
    let mut rules = Rules { case, problems };
    rules.id(area);
    rules.not_empty();
    rules.input();
    rules.labels();
    rules.citations(catalogue);
    rules.expectations();
}

struct Rules<'a> {
    case: &'a Value,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Rules<'a> {
    fn id(&mut self, area: &str) {
        let Some(id) = self.text("id") else { return };
        let number = id.strip_prefix(area).and_then(|rest| rest.strip_prefix('.'));
        if !number.is_some_and(|it| it.len() == 4 && it.bytes().all(|it| it.is_ascii_digit())) {
            let fix = format!("write {area}. and four digits");
            self.add(&Field::Root("id"), "the id is not of this area", fix);
        }
    }

    fn not_empty(&mut self) {
        if self.text("title").is_some_and(|title| title.trim().is_empty()) {
            self.add(&Field::Root("title"), "the title is empty", "say what is expected");
        }
        if self
            .case
            .get("rev")
            .and_then(Value::as_u64)
            .is_some_and(|rev| !(1..=9999).contains(&rev))
        {
            self.add(&Field::Root("rev"), "revisions count from 1", "write 1 for a new case");
        }
        for member in ["steps", "expect"] {
            if self.case.get(member).and_then(Value::as_array).is_some_and(Vec::is_empty) {
                self.add(&Field::Root(member), "there is nothing in it", "add an element");
            }
        }
    }

    /// A jar case has a clock and steps, any other has `in`.
    fn input(&mut self) {
        let Some(kind) = self.text("kind") else { return };
        let (has, lacks): (&[&str], &[&str]) = match schema::input(kind) {
            Some(input) => {
                if let Some(value) = self.case.get("in") {
                    let field = Field::Root("in");
                    check::check(input, Strictness::Strict, value, &field, self.problems);
                }
                (&["in"], &["now", "config", "steps"])
            }
            None if kind == "jar" => (&["now", "steps"], &["in"]),
            None => return,
        };
        for member in has.iter().filter(|member| self.case.get(**member).is_none()) {
            let what = format!("a case of kind {kind} has this member");
            self.add(&Field::Root(member), what, "add it");
        }
        for member in lacks.iter().filter(|member| self.case.get(**member).is_some()) {
            let what = format!("a case of kind {kind} has no such member");
            let fix = if *member == "in" { "write `now` and `steps`" } else { "put it into `in`" };
            self.add(&Field::Root(member), what, fix);
        }
    }

    fn labels(&mut self) {
        let labels = self.observations().map(|(label, _)| label).collect::<Vec<_>>();
        for (index, label) in labels.iter().enumerate() {
            if labels[..index].contains(label) {
                self.add(
                    &Field::Root("steps"),
                    format!("two steps observe under the label \"{}\"", label.escape_debug()),
                    "give each its own",
                );
            }
        }
    }

    fn citations(&mut self, catalogue: &Catalogue) {
        let spec = Field::Root("spec");
        for (index, citation) in self.array("spec").iter().enumerate() {
            let field = spec.element(index);
            if let Some(req) = citation.get("req").and_then(Value::as_str)
                && catalogue.find(req).is_none()
            {
                let what =
                    format!("\"{}\" is not in the requirement catalogue", req.escape_debug());
                self.add(&field.member("req"), what, "look it up in corpus/requirements");
            }
            for member in ["sec", "step"] {
                if citation.get(member).is_some_and(|text| *text == "") {
                    self.add(&field.member(member), "this is empty", "say where");
                }
            }
        }
    }

    fn expectations(&mut self) {
        let expect = Field::Root("expect");
        for (index, expectation) in self.array("expect").iter().enumerate() {
            let field = expect.element(index);
            self.profiles(expectation, &field);
            if let Some(schema) = self.observed_by(expectation, &field)
                && let Some(is) = expectation.get("is")
            {
                check::check(schema, Strictness::Pattern, is, &field.member("is"), self.problems);
            }
        }
    }

    /// `for` names each profile once or all of them, and a `must` has a citation for each.
    fn profiles(&mut self, expectation: &Value, field: &Field<'_>) {
        let Some(names) = expectation.get("for").and_then(Value::as_array) else { return };
        let names = names.iter().filter_map(Value::as_str).collect::<Vec<_>>();
        let for_field = field.member("for");
        if names.is_empty() {
            self.add(&for_field, "there is no profile", "name the profiles, or \"*\" for all");
        }
        let repeated = (1..names.len()).any(|index| names[..index].contains(&names[index]));
        if repeated || (names.contains(&"*") && names.len() > 1) {
            self.add(&for_field, "a profile is there twice", "name each once, or \"*\" alone");
        }
        if expectation.get("level").is_none_or(|level| *level != "must") {
            return;
        }
        let cited = self
            .array("spec")
            .iter()
            .filter_map(|citation| citation.get("doc").and_then(Value::as_str))
            .collect::<Vec<_>>();
        for profile in Profile::ALL.map(Profile::name) {
            if names.contains(&profile) && !cited.contains(&profile) {
                self.add(
                    &field.member("level"),
                    format!("a must for {profile} without a place in {profile}"),
                    "cite section and step in `spec`, or lower the level",
                );
            }
        }
        if names.contains(&"*") && cited.is_empty() {
            self.add(
                &field.member("level"),
                "a must without a place in any specification",
                "cite section and step in `spec`, or lower the level",
            );
        }
    }

    /// The schema of what an expectation looks at.
    fn observed_by(&mut self, expectation: &Value, field: &Field<'_>) -> Option<&'static Schema> {
        let kind = self.text("kind")?;
        let at = expectation.get("at");
        if kind != "jar" {
            if at.is_some() {
                self.add(&field.member("at"), "only jar cases have labels", "remove it");
            }
            return schema::output(kind);
        }
        let Some(at) = at else {
            self.add(&field.member("at"), "this member is missing", "name the label of a step");
            return None;
        };
        let at = at.as_str()?;
        let observed = self.observations().find(|(label, _)| *label == at);
        if observed.is_none() {
            self.add(
                &field.member("at"),
                format!("no step observes under the label \"{}\"", at.escape_debug()),
                "name the `at` of a send, script-get or dump step",
            );
        }
        observed.map(|(_, schema)| schema)
    }

    /// The labels under which steps observe something, and its schema.
    fn observations(&self) -> impl Iterator<Item = (&'a str, &'static Schema)> + use<'a> {
        self.array("steps").iter().filter_map(|step| {
            let schema = schema::observation(step.get("do")?.as_str()?)?;
            Some((step.get("at")?.as_str()?, schema))
        })
    }

    fn text(&self, member: &str) -> Option<&'a str> {
        self.case.get(member).and_then(Value::as_str)
    }

    fn array(&self, member: &str) -> &'a [Value] {
        self.case.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, field: &Field<'_>, what: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(Problem::new(field, what, fix));
    }
}
