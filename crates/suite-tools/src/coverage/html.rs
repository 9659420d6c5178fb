//! Coverage as one HTML file that needs nothing else.

use std::fmt::{self, Display};

use super::rows::{Coverage, Row, Standing};
use cookiespec_report::Escaped;
use cookiespec_report::writers::html::page;
use cookiespec_vectors::{Level, Ratio};
use maud::{Markup, html};

/// A page about one or more specifications.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a>(pub &'a [Coverage<'a>]);

impl Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = html! {
            main {
                h1 { "Requirement coverage" }
                (summary(self.0))
                @for coverage in self.0 { (statements(coverage)) }
            }
        };
        f.write_str(&page("cookiespec coverage", include_str!("style.css"), &body))
    }
}

fn header(titles: &[&str]) -> Markup {
    html! { thead { tr { @for title in titles { th scope="col" { (title) } } } } }
}

fn summary(all: &[Coverage<'_>]) -> Markup {
    html! {
        table {
            (header(&["Profile", "must", "should", "may", "one case only", "untestable"]))
            tbody {
                @for coverage in all {
                    tr {
                        th scope="row" {
                            a href={ "#" (coverage.profile) } { (coverage.profile) }
                        }
                        @for force in [Level::Must, Level::Should, Level::May] {
                            @let Ratio { met, of } = coverage.ratio(force);
                            td class=(if met == of { "covered" } else { "uncovered" }) {
                                (met) " of " (of)
                            }
                        }
                        td { (coverage.thin().count()) }
                        td { (coverage.standing(Standing::Untestable).count()) }
                    }
                }
            }
        }
    }
}

fn statements(coverage: &Coverage<'_>) -> Markup {
    html! {
        h2 id=(coverage.profile) { (coverage.profile) }
        table {
            (header(&["Id", "Section", "Level", "Statement", "Standing", "Cases"]))
            tbody { @for row in &coverage.rows { (statement(row)) } }
        }
    }
}

fn statement(row: &Row<'_>) -> Markup {
    let standing = row.standing().name();
    html! {
        tr {
            th scope="row" { (Escaped(&row.requirement.id)) }
            td { (Escaped(&row.clause.sec)) }
            td { (Escaped(&row.clause.level)) }
            td {
                (Escaped(&row.clause.text))
                @if let Some(reason) = &row.requirement.untestable {
                    p class="faint" { "Untestable: " (Escaped(reason)) }
                }
            }
            td class=(standing) {
                (standing)
                @if row.standing() == Standing::Partial {
                    ": lacks " (Escaped(&row.missing.join(", ")))
                }
            }
            td {
                @match &*row.cases {
                    [] => {}
                    [only] => { code { (Escaped(&only.id)) } }
                    cases => {
                        details {
                            summary { (cases.len()) }
                            @for case in cases { code { (Escaped(&case.id)) } " " }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use cookiespec_engine::Profile;
    use cookiespec_vectors::{Catalogue, Requirement, Suite};

    use super::*;

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
