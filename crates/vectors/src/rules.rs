//! What a case must obey beyond the schema of its members.
//!
//! A member whose schema is wrong has been reported already and is passed over here.

use std::ops::RangeInclusive;

use cookiespec_engine::{Profile, Uri};
use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::check::{self, Strictness};
use crate::octets::Octets;
use crate::operation::Operation;
use crate::problem::{Field, Problem};
use crate::schema::{self, Schema};

/// Everything that breaks a rule.
pub(crate) fn check(case: &Value, area: &str, catalogue: &Catalogue, problems: &mut Vec<Problem>) {
    let mut rules = Rules { case, problems };
    rules.id(area);
    rules.not_empty();
    rules.input();
    rules.exchange();
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

    /// A jar case has a clock and steps of its own, any other has `in`.
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

    /// Every request of an exchange has a URI that can be requested, and every response a status code
    /// of its kind. What is loaded was saved before.
    fn exchange(&mut self) {
        let root = Field::Root("in");
        let mut is_saved = false;
        for (index, step) in self.exchange_steps().iter().enumerate() {
            let steps = root.member("steps");
            let field = steps.element(index);
            match step.get("do").and_then(Value::as_str) {
                Some("navigate") => self.navigation(step, &field),
                Some("save") => is_saved = true,
                Some("load") if !is_saved => {
                    self.add(&field, "nothing has been saved", "put a save step before it");
                }
                _ => {}
            }
        }
    }

    fn navigation(&mut self, step: &Value, field: &Field<'_>) {
        self.absolute(step.get("uri"), &field.member("uri"));
        let hops = elements(step, "hops");
        let hops_field = field.member("hops");
        if hops.is_empty() && step.get("hops").is_some() {
            self.add(&hops_field, "no request is expected", "add the hop of the first one");
        }
        for (index, hop) in hops.iter().enumerate() {
            let field = hops_field.element(index);
            if index > 0 && hop.get("uri").is_none() {
                let fix = "write what the Location field of the hop before it leads to";
                self.add(&field.member("uri"), "this member is missing", fix);
            }
            self.absolute(hop.get("uri"), &field.member("uri"));
            self.status(hop, 200..=599, &field);
            let interim_field = field.member("interim");
            for (index, interim) in elements(hop, "interim").iter().enumerate() {
                self.status(interim, 100..=199, &interim_field.element(index));
            }
        }
    }

    /// A URI that is there is absolute, and of HTTP.
    fn absolute(&mut self, uri: Option<&Value>, field: &Field<'_>) {
        let Some(uri) = uri.and_then(Value::as_str) else { return };
        let Ok(octets) = Octets::from_isomorphic(uri) else { return };
        let is_http = |uri: Uri<'_>| {
            [&b"http"[..], b"https"].iter().any(|it| uri.scheme().eq_ignore_ascii_case(it))
        };
        if !Uri::parse(octets.as_slice()).is_ok_and(is_http) {
            self.add(
                field,
                "this is no absolute URI of HTTP",
                "write it from http:// or https:// on",
            );
        }
    }

    /// The status code of a response, if it has one, is of its kind.
    fn status(&mut self, response: &Value, kind: RangeInclusive<u64>, field: &Field<'_>) {
        let Some(status) = response.get("status").and_then(Value::as_u64) else { return };
        if !kind.contains(&status) {
            let (first, last) = kind.into_inner();
            let fix = format!("write one from {first} to {last}");
            self.add(&field.member("status"), format!("{status} is no such status code"), fix);
        }
    }

    fn labels(&mut self) {
        let labels = self.observations().into_iter().map(|(label, _)| label).collect::<Vec<_>>();
        let is_exchange = self.text("kind") == Some("exchange");
        let (field, what) = if is_exchange { ("in", "hops") } else { ("steps", "steps") };
        for (index, label) in labels.iter().enumerate() {
            if labels[..index].contains(label) {
                self.add(
                    &Field::Root(field),
                    format!("two {what} observe under the label \"{}\"", label.escape_debug()),
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
            .filter(|document| document.parse::<Profile>().is_ok())
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
        let kind = self.text("kind").filter(|kind| Operation::NAMES.contains(kind))?;
        let at = expectation.get("at");
        if let Some(output) = schema::output(kind) {
            if at.is_some() {
                let what = "only jar and exchange cases have labels";
                self.add(&field.member("at"), what, "remove it");
            }
            return Some(output);
        }
        let (whose, which) = match kind {
            "exchange" => ("hop", "hop"),
            _ => ("step", "send, script-get or dump step"),
        };
        let Some(at) = at else {
            let fix = format!("name the label of a {whose}");
            self.add(&field.member("at"), "this member is missing", fix);
            return None;
        };
        let at = at.as_str()?;
        let observed = self.observations().into_iter().find(|(label, _)| *label == at);
        if observed.is_none() {
            self.add(
                &field.member("at"),
                format!("no {whose} observes under the label \"{}\"", at.escape_debug()),
                format!("name the `at` of a {which}"),
            );
        }
        observed.map(|(_, schema)| schema)
    }

    /// The labels under which steps and hops observe something, and its schema.
    fn observations(&self) -> Vec<(&'a str, &'static Schema)> {
        let by_steps = self.array("steps").iter().filter_map(|step| {
            let schema = schema::observation(step.get("do")?.as_str()?)?;
            Some((step.get("at")?.as_str()?, schema))
        });
        let hops = self.exchange_steps().iter().flat_map(|step| elements(step, "hops"));
        let by_hops = hops.filter_map(|hop| Some((hop.get("at")?.as_str()?, &schema::ARRIVED)));
        by_steps.chain(by_hops).collect()
    }

    /// The steps of an exchange program; none in a case of another kind.
    fn exchange_steps(&self) -> &'a [Value] {
        let is_exchange = self.text("kind") == Some("exchange");
        let input = is_exchange.then(|| self.case.get("in")).flatten();
        input.map_or(&[], |input| elements(input, "steps"))
    }

    fn text(&self, member: &str) -> Option<&'a str> {
        self.case.get(member).and_then(Value::as_str)
    }

    fn array(&self, member: &str) -> &'a [Value] {
        elements(self.case, member)
    }

    fn add(&mut self, field: &Field<'_>, what: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(Problem::new(field, what, fix));
    }
}

/// The elements of a member that is an array; none if it is not.
fn elements<'a>(object: &'a Value, member: &str) -> &'a [Value] {
    object.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
