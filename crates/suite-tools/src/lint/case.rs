//! Checks of one case by itself, apart from the time.

use cookiespec_vectors::{Case, Catalogue, Citation, Field, Level, Operation, Problem};
use serde_json::Value;

use super::report::Rule;
use crate::coverage::SIDE;

/// Everything that is wrong with a case.
pub(super) fn check(case: &Case, catalogue: &Catalogue, add: &mut impl FnMut(Rule, Problem)) {
    citations(case, catalogue, add);
    places(case, add);
    sides(case, catalogue, add);
    order(case, add);
    alike(case, add);
    labels(case, add);
    words(case, add);
}

fn citations(case: &Case, catalogue: &Catalogue, add: &mut impl FnMut(Rule, Problem)) {
    let spec = Field::Root("spec");
    for (index, citation) in case.spec.iter().enumerate() {
        let Citation { req, doc, sec, .. } = citation;
        let field = spec.element(index);
        let Some(requirement) = catalogue.find(req) else { continue };
        match requirement.clause_in(doc) {
            None => {
                let what = format!("{doc} says nothing of the kind");
                add(Rule::Citation, Problem::new(&field.member("doc"), what, "remove it"));
            }
            Some(clause) if clause.sec != *sec => {
                let what = format!("{doc} says it in section {}", clause.sec);
                let fix = "cite that, or correct the catalogue";
                add(Rule::Citation, Problem::new(&field.member("sec"), what, fix));
            }
            Some(_) => {}
        }
        if requirement.untestable.is_some() {
            let what = format!("the catalogue calls {req} untestable");
            let fix = "take the citation or that remark away";
            add(Rule::Untestable, Problem::new(&field.member("req"), what, fix));
        }
    }
}

/// The loader is content with one place for a `must` that is for every profile.
fn places(case: &Case, add: &mut impl FnMut(Rule, Problem)) {
    let expect = Field::Root("expect");
    for (index, expectation) in case.expect.iter().enumerate() {
        if expectation.level != Level::Must {
            continue;
        }
        for profile in &expectation.profiles {
            if case.spec.iter().all(|citation| citation.profile() != Some(*profile)) {
                let what = format!("a must for {profile} without a place in it");
                let fix = format!("cite {profile} in `spec`, or lower the level");
                let field = expect.element(index);
                add(Rule::Place, Problem::new(&field.member("level"), what, fix));
            }
        }
    }
}

fn sides(case: &Case, catalogue: &Catalogue, add: &mut impl FnMut(Rule, Problem)) {
    let tags = Field::Root("tags");
    for (index, tag) in case.tags.iter().enumerate() {
        let Some(side) = tag.strip_prefix(SIDE) else { continue };
        let known = case
            .spec
            .iter()
            .filter_map(|citation| catalogue.find(&citation.req)?.clause_in(&citation.doc));
        if !known.flat_map(|clause| &clause.sides).any(|it| it == side) {
            let what = format!("no statement the case cites has a side {side:?}");
            let fix = "give the statement that side in corpus/requirements, or remove the tag";
            add(Rule::Side, Problem::new(&tags.element(index), what, fix));
        }
    }
}

fn order(case: &Case, add: &mut impl FnMut(Rule, Problem)) {
    let expect = Field::Root("expect");
    for (index, expectation) in case.expect.iter().enumerate() {
        if expectation.level == Level::Must && in_order(&expectation.is).is_some() {
            let what = "a must that depends on the order of cookies, which is only a should";
            let fix = "write $cookies, and the order into a should of its own";
            add(Rule::OrderInMust, Problem::new(&expect.element(index).member("is"), what, fix));
        }
    }
}

/// The cookies of a check on their order: those of a Cookie field of several.
pub(super) fn in_order(is: &Value) -> Option<impl Iterator<Item = &str>> {
    let one = is.get("header").or_else(|| is.get("value")).map(std::slice::from_ref);
    let fields = one.or_else(|| is.get("cookie")?.as_array().map(Vec::as_slice))?;
    let several = fields.iter().filter_map(Value::as_str).find(|field| field.contains("; "))?;
    Some(several.split("; "))
}

fn alike(case: &Case, add: &mut impl FnMut(Rule, Problem)) {
    let expect = Field::Root("expect");
    for (index, expectation) in case.expect.iter().enumerate() {
        let twin = case.expect[..index].iter().position(|other| {
            (other.level, &other.at, &other.is)
                == (expectation.level, &expectation.at, &expectation.is)
        });
        if let Some(twin) = twin {
            let what = format!("this expects the same as expect[{twin}]");
            let fix = "make them one, with both profiles in `for` or \"*\" alone";
            add(Rule::Alike, Problem::new(&expect.element(index), what, fix));
        }
    }
}

fn labels(case: &Case, add: &mut impl FnMut(Rule, Problem)) {
    let is_unused = |label: &str| {
        case.expect.iter().all(|expectation| expectation.at.as_deref() != Some(label))
    };
    match case.operation() {
        Operation::Jar(program) => {
            let steps = Field::Root("steps");
            for (index, step) in program.steps.iter().enumerate() {
                let Some(label) = step.label().filter(|label| is_unused(label)) else { continue };
                let what = format!("nothing is expected at {label:?}");
                let fix = "add an expectation, or remove the step if nothing depends on it";
                add(Rule::UnusedLabel, Problem::new(&steps.element(index).member("at"), what, fix));
            }
        }
        Operation::Exchange(program) => {
            for label in program.hops().filter_map(|hop| hop.at.as_deref()) {
                if is_unused(label) {
                    let what = format!("nothing is expected at {label:?}");
                    let fix = "add an expectation, or remove the label";
                    add(Rule::UnusedLabel, Problem::new(&Field::Root("in"), what, fix));
                }
            }
        }
        _ => {}
    }
}

fn words(case: &Case, add: &mut impl FnMut(Rule, Problem)) {
    let says = |text: &str| text.trim().trim_end_matches('.').to_lowercase();
    if case.why.trim().is_empty() || says(&case.why) == says(&case.title) {
        let what = "it says no more than the title";
        let fix = "say what goes wrong in practice where the expectation is not met";
        add(Rule::Why, Problem::new(&Field::Root("why"), what, fix));
    }
    let mut unprintable = |problem| add(Rule::Prose, problem);
    prose("title", &case.title, &mut unprintable);
    prose("why", &case.why, &mut unprintable);
    case.tags.iter().for_each(|tag| prose("tags", tag, &mut unprintable));
}

/// Reports the first character of a text that is not printable ASCII.
pub(super) fn prose(field: &str, text: &str, mut add: impl FnMut(Problem)) {
    if let Some((at, found)) = text.chars().enumerate().find(|(_, it)| !(' '..='~').contains(it)) {
        let what = format!("U+{:04X} at position {at} is not printable ASCII", u32::from(found));
        add(Problem::new(&Field::Root(field), what, "describe it in words, such as \"e acute\""));
    }
}
