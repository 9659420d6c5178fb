//! The cases of the report: a row of verdicts each, and what stands behind them.

use std::fmt::{self, Display};

use cookiespec_vectors::{Case, Profile, Verdict};

use super::class;
use crate::report::markup::Text;
use crate::report::{Record, Tested, case};

/// One body of two rows per case: the verdicts, and the case itself.
pub(super) struct Cases<'a>(pub(super) &'a Record);

impl Display for Cases<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "<section id=\"cases\">\n<h2 id=\"cases-title\">Cases</h2>\n<ul class=\"key\">",
        )?;
        for verdict in Verdict::ALL {
            write!(
                f,
                "<li><i class=\"{}\">{}</i> {verdict}</li>",
                class(verdict),
                verdict.letter()
            )?;
        }
        f.write_str(
            "</ul>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" \
             aria-labelledby=\"cases-title\">\n<table>\n<thead><tr><th scope=\"col\">Case</th>",
        )?;
        for results in &self.0.targets {
            write!(f, "<th scope=\"col\">{}</th>", Text(&results.label))?;
        }
        f.write_str("</tr></thead>\n")?;
        for (index, case) in self.0.cases.iter().enumerate() {
            self.case(f, index, case)?;
        }
        f.write_str("</table>\n</div>\n</section>\n")
    }
}

impl Cases<'_> {
    fn case(&self, f: &mut fmt::Formatter<'_>, index: usize, case: &Case) -> fmt::Result {
        let id = Text(&case.id);
        write!(
            f,
            "<tbody id=\"{id}\" data-area=\"{}\">\n<tr><th scope=\"row\" class=\"id\"><a href=\"#{id}\">{id}</a></th>",
            Text(case.area())
        )?;
        for results in &self.0.targets {
            f.write_str("<td>")?;
            for (nth, profile) in Profile::ALL.into_iter().enumerate() {
                if let Some(sheet) = results.sheet(profile) {
                    let verdict = sheet.judgements[index].verdict;
                    let (class, letter) = (class(verdict), verdict.letter());
                    write!(f, "<i class=\"{class} p{nth}\">{letter}</i>")?;
                }
            }
            f.write_str("</td>")?;
        }
        write!(
            f,
            "</tr>\n<tr><td class=\"more\" colspan=\"{}\"><details><summary>{}</summary>\n",
            self.0.targets.len() + 1,
            Text(&case.title)
        )?;
        self.details(f, index, case)?;
        f.write_str("</details></td></tr>\n</tbody>\n")
    }

    fn details(&self, f: &mut fmt::Formatter<'_>, index: usize, one: &Case) -> fmt::Result {
        if !one.why.is_empty() {
            writeln!(f, "<p>{}</p>", Text(&one.why))?;
        }
        f.write_str("<h3>Input</h3>\n")?;
        lines(f, &case::inputs(one))?;
        for profile in Profile::ALL {
            let expectations = case::expectations(one, profile);
            if expectations.is_empty() {
                continue;
            }
            writeln!(f, "<h3>{profile} expects</h3>")?;
            lines(f, &expectations)?;
            for line in case::citations(one, profile) {
                writeln!(f, "<p class=\"faint\">{}</p>", Text(&line))?;
            }
        }
        f.write_str("<h3>Answers</h3>\n<dl class=\"answers\">\n")?;
        for group in groups(&self.0.targets, index) {
            f.write_str("<dt>")?;
            for (nth, results) in group.iter().enumerate() {
                f.write_str(if nth == 0 { "" } else { ", " })?;
                f.write_str(&Text(&results.label).to_string())?;
            }
            f.write_str("</dt><dd>")?;
            lines(f, &case::heard(&group[0].heard[index]))?;
            f.write_str("</dd>\n")?;
        }
        f.write_str("</dl>\n")
    }
}

/// The targets, those that said the same together.
fn groups(results: &[Tested], index: usize) -> Vec<Vec<&Tested>> {
    let mut groups: Vec<Vec<&Tested>> = Vec::new();
    for one in results {
        match groups.iter_mut().find(|group| group[0].heard[index] == one.heard[index]) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

fn lines(f: &mut fmt::Formatter<'_>, lines: &[String]) -> fmt::Result {
    f.write_str("<pre>")?;
    for (nth, line) in lines.iter().enumerate() {
        write!(f, "{}{}", if nth == 0 { "" } else { "\n" }, Text(line))?;
    }
    f.write_str("</pre>\n")
}
