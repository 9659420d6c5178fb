//! Coverage as one HTML file that needs nothing else.

use std::fmt::{self, Display};

use super::{Coverage, Row, Standing};
use cookiespec_report::XmlText;
use cookiespec_vectors::tally::Ratio;
use cookiespec_vectors::verdict::Level;

/// A page about one or more specifications.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a>(pub &'a [Coverage<'a>]);

impl Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>cookiespec coverage</title>\n<style>\n{}</style>\n</head>\n\
             <body>\n<main>\n<h1>Requirement coverage</h1>\n",
            include_str!("style.css")
        )?;
        summary(f, self.0)?;
        for coverage in self.0 {
            statements(f, coverage)?;
        }
        f.write_str("</main>\n</body>\n</html>\n")
    }
}

fn summary(f: &mut fmt::Formatter<'_>, all: &[Coverage<'_>]) -> fmt::Result {
    f.write_str(
        "<table>\n<thead><tr><th scope=\"col\">Profile</th><th scope=\"col\">must</th>\
         <th scope=\"col\">should</th><th scope=\"col\">may</th>\
         <th scope=\"col\">one case only</th><th scope=\"col\">untestable</th></tr></thead>\n\
         <tbody>\n",
    )?;
    for coverage in all {
        let profile = coverage.profile;
        write!(f, "<tr><th scope=\"row\"><a href=\"#{profile}\">{profile}</a></th>")?;
        for force in [Level::Must, Level::Should, Level::May] {
            let Ratio { met, of } = coverage.ratio(force);
            let class = if met == of { "covered" } else { "uncovered" };
            write!(f, "<td class=\"{class}\">{met} of {of}</td>")?;
        }
        let (thin, untestable) =
            (coverage.thin().count(), coverage.standing(Standing::Untestable).count());
        writeln!(f, "<td>{thin}</td><td>{untestable}</td></tr>")?;
    }
    f.write_str("</tbody>\n</table>\n")
}

fn statements(f: &mut fmt::Formatter<'_>, coverage: &Coverage<'_>) -> fmt::Result {
    let profile = coverage.profile;
    write!(
        f,
        "<h2 id=\"{profile}\">{profile}</h2>\n<table>\n<thead><tr><th scope=\"col\">Id</th>\
         <th scope=\"col\">Section</th><th scope=\"col\">Level</th>\
         <th scope=\"col\">Statement</th><th scope=\"col\">Standing</th>\
         <th scope=\"col\">Cases</th></tr></thead>\n<tbody>\n"
    )?;
    coverage.rows.iter().try_for_each(|row| statement(f, row))?;
    f.write_str("</tbody>\n</table>\n")
}

fn statement(f: &mut fmt::Formatter<'_>, row: &Row<'_>) -> fmt::Result {
    let standing = row.standing().name();
    write!(
        f,
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}",
        XmlText(&row.requirement.id),
        XmlText(&row.clause.sec),
        XmlText(&row.clause.level),
        XmlText(&row.clause.text)
    )?;
    if let Some(reason) = &row.requirement.untestable {
        write!(f, "<p class=\"faint\">Untestable: {}</p>", XmlText(reason))?;
    }
    write!(f, "</td><td class=\"{standing}\">{standing}")?;
    if row.standing() == Standing::Partial {
        write!(f, ": lacks {}", XmlText(&row.missing.join(", ")))?;
    }
    f.write_str("</td><td>")?;
    match &*row.cases {
        [] => {}
        [only] => write!(f, "<code>{}</code>", XmlText(&only.id))?,
        cases => {
            write!(f, "<details><summary>{}</summary>", cases.len())?;
            for case in cases {
                write!(f, "<code>{}</code> ", XmlText(&case.id))?;
            }
            f.write_str("</details>")?;
        }
    }
    f.write_str("</td></tr>\n")
}

#[cfg(test)]
mod tests {
    use cookiespec_engine::Profile;

    use super::*;
    use cookiespec_vectors::catalogue::{Catalogue, Requirement};
    use cookiespec_vectors::suite::Suite;

    #[test]
    fn a_page_is_whole_and_everything_in_it_is_escaped() {
        let mut requirement: Requirement = Catalogue::embedded().find("PATH-01").unwrap().clone();
        for clause in [&mut requirement.rfc6265, &mut requirement.rfc6265bis] {
            clause.as_mut().unwrap().text = "<script>\u{1b}".to_owned();
        }
        let (suite, catalogue) = (Suite::default(), [requirement].into_iter().collect());
        let all = Profile::ALL.map(|profile| Coverage::new(&suite, &catalogue, profile));
        let page = Page(&all).to_string();
        assert!(page.contains("&lt;script&gt;\\u{1b}") && !page.contains("<script"), "{page}");
        assert!(page.ends_with("</html>\n") && page.contains("prefers-color-scheme: dark"));
        assert_eq!(page.matches("<td class=\"uncovered\">uncovered").count(), 2);
        assert!(!page.contains("http://") && !page.contains("https://"), "nothing is fetched");
    }
}
