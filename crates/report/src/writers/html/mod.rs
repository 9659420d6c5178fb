//! Results as one HTML file that needs nothing else: no network, no server. Without scripts it
//! shows the summary; with them, the matrix of cases and targets and a page for each case.

mod data;
mod overview;
mod page;

use cookiespec_vectors::Verdict;
use maud::{Markup, PreEscaped, html};

pub use self::page::page;
use crate::escaping::Escaped;
use crate::model::Record;

const STYLE: &str = include_str!("style.css");
const SCRIPTS: [&str; 4] = [
    include_str!("state.js"),
    include_str!("matrix.js"),
    include_str!("case.js"),
    include_str!("main.js"),
];

const PERFORMANCE: &str = include_str!("performance.svg");

/// The page: every target, every case, every answer.
pub fn render(record: &Record) -> String {
    let scripts = SCRIPTS.concat();
    let body = html! {
        header {
            h1 { "cookiespec report" }
            p class="faint" {
                (record.cases.len()) " cases, " (record.targets.len()) " targets, cookiespec "
                (Escaped(&record.harness)) "."
            }
            nav aria-label="Parts of this page" {
                a href="#cases" { "Cases" } " "
                a href="#targets" { "Targets" } " "
                a href="#areas" { "Areas" }
            }
        }
        main {
            @if let Some(interruption) = record.interruption() {
                p class="notice" role="alert" { "This report is " (interruption) "." }
            }
            noscript {
                p class="notice" {
                    "The matrix of cases and the page of each case need JavaScript. The summary \
                     below does not."
                }
            }
            (matrix())
            article id="case" aria-labelledby="case-title" hidden {}
            section id="summary" {
                section id="targets" aria-labelledby="targets-title" {
                    h2 id="targets-title" { "Targets" }
                    (overview::targets(record))
                }
                (errors(record))
                (unavailable(record))
                section id="areas" aria-labelledby="areas-title" {
                    h2 id="areas-title" { "Areas" }
                    p class="faint" {
                        "Requirements (MUST) that hold, of those that ran on the target: under \
                         rfc6265, then under rfc6265bis. A dash: none."
                    }
                    (overview::areas(record))
                }
                (performance(record))
            }
        }
        script type="application/json" id="data" { (PreEscaped(data::render(record))) }
        script { (PreEscaped("\n\"use strict\";\n")) (PreEscaped(scripts)) }
    };
    page("cookiespec report", STYLE, &body)
}

/// What the scripts fill: the filter and the matrix.
fn matrix() -> Markup {
    html! {
        section id="cases" aria-labelledby="cases-title" hidden {
            h2 id="cases-title" { "Cases" }
            form id="filter" role="search" aria-label="Filter the cases" {
                label { "Profile" select name="profile" {} }
                label { "Verdict" select name="verdict" {} }
                label { "of" select name="target" {} }
                label { "Area" select name="area" {} }
                label { "Section" select name="section" {} }
                label {
                    "Order"
                    select name="order" {
                        option value="" { "cases with different answers first" }
                        option value="id" { "by id" }
                    }
                }
                label class="wide" {
                    "Text"
                    input type="search" name="text" placeholder="id, title, octets, answer"
                        autocomplete="off";
                }
                button type="reset" { "Clear" }
                output aria-live="polite" {}
            }
            details class="key" {
                summary { "What the letters mean" }
                ul {
                    @for verdict in Verdict::ALL {
                        li { b class=(class(verdict)) { (verdict.letter()) } " " (verdict) }
                    }
                }
                p {
                    "Upper case is a failure of the target. " kbd { "↑" } " " kbd { "↓" } " "
                    kbd { "←" } " " kbd { "→" } " move in the matrix, " kbd { "Enter" }
                    " opens the case, " kbd { "Esc" } " comes back."
                }
            }
            div id="scroll" class="scroll" {
                table id="matrix" role="grid" aria-labelledby="cases-title" { thead {} tbody {} }
            }
        }
    }
}

/// Why runs are not complete, with everything that was kept of them.
fn errors(record: &Record) -> Markup {
    let targets = record.targets.iter();
    let errors = targets.filter_map(|target| Some((&target.label, target.error.as_ref()?)));
    html! {
        @for (label, error) in errors {
            h2 { (Escaped(label)) " is broken" }
            p { (Escaped(&error.what)) }
            pre {
                @for line in error.stderr.lines() { "stderr: " (Escaped(line)) "\n" }
                @for message in &error.messages { "under way: " (Escaped(message)) "\n" }
            }
        }
    }
}

/// Every target that could not run, with the reason.
fn unavailable(record: &Record) -> Markup {
    html! {
        @if !record.absent.is_empty() {
            h2 id="absent" { "Not found on the machine that ran this" }
            ul {
                @for one in &record.absent {
                    li { (Escaped(&one.name)) ": " span class="faint" { (Escaped(&one.why)) } }
                }
            }
        }
    }
}

/// How fast the reference engine is, if it is among the targets.
fn performance(record: &Record) -> Markup {
    html! {
        @if record.targets.iter().any(|target| target.name == "reference") {
            section id="performance" aria-labelledby="performance-title" {
                h2 id="performance-title" { "The reference engine beside its peers" }
                p class="faint" {
                    "Ratios in one run, measured when this version was made and not in this one."
                }
                div class="scroll" { (PreEscaped(PERFORMANCE)) }
            }
        }
    }
}

/// The class that colours a verdict.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "good",
        Verdict::Weak => "weak",
        verdict if verdict.is_failure() || verdict.is_harness_fault() => "bad",
        _ => "none",
    }
}
