//! `coverage`: which statements of the specifications the suite tests.

use anyhow::Result;
use clap::{Args, ValueEnum};
use cookiespec_report::Exit;
use cookiespec_suite_tools::coverage::{Coverage, Page, Text};
use cookiespec_vectors::Catalogue;
use cookiespec_vectors::{Level, Profile};
use serde_json::json;

use crate::output;
use crate::selection::{self, SuiteChoice};

/// Show which statements of the specifications the cases test
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec coverage\n  \
    cookiespec coverage --profile rfc6265bis --format html > coverage.html\n  \
    cookiespec coverage --fail-under must=100,should=95")]
pub(crate) struct Arguments {
    /// The specification [default: both]
    #[arg(long, value_parser = selection::profile())]
    profile: Option<Profile>,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Exit with 1 if fewer percent of the testable statements of a level are covered
    #[arg(long, value_name = "LEVEL=PERCENT", value_delimiter = ',', value_parser = threshold)]
    fail_under: Vec<Threshold>,
    #[command(flatten)]
    suite: SuiteChoice,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people: a summary, and what is not covered
    Text,
    /// For programs: every statement with its cases
    Json,
    /// For a browser: one page that needs nothing else
    Html,
}

/// A part of the testable statements that has to be covered.
#[derive(Clone, Copy, Debug)]
struct Threshold {
    level: Level,
    /// Between 0 and 100.
    percent: f64,
}

/// Prints the coverage.
pub(crate) fn coverage(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.suite.suite()?;
    let coverages = Profile::ALL
        .into_iter()
        .filter(|profile| arguments.profile.is_none_or(|chosen| chosen == *profile))
        .map(|profile| Coverage::new(&suite, Catalogue::embedded(), profile))
        .collect::<Vec<_>>();
    output::print(&written(&coverages, arguments.format))?;

    let mut exit = Exit::Clean;
    for coverage in &coverages {
        for Threshold { level, percent } in &arguments.fail_under {
            if !coverage.meets(*level, *percent) {
                let (profile, ratio) = (coverage.profile, coverage.ratio(*level));
                output::warn(&format!(
                    "{profile}: {ratio} testable {level} statements are covered, fewer than {percent} %\n"
                ));
                exit = Exit::Differs;
            }
        }
    }
    Ok(exit)
}

fn written(coverages: &[Coverage<'_>], format: Format) -> String {
    match format {
        Format::Text => {
            let texts = coverages.iter().map(|coverage| Text(coverage).to_string());
            texts.collect::<Vec<_>>().join("\n")
        }
        Format::Json => {
            let profiles = coverages.iter().map(Coverage::to_json).collect::<Vec<_>>();
            format!("{:#}\n", json!({ "profiles": profiles }))
        }
        Format::Html => Page(coverages).to_string(),
    }
}

/// Reads `must=100`.
fn threshold(text: &str) -> Result<Threshold, String> {
    let how = "write a level and a percentage, such as must=100";
    let (level, percent) = text.split_once('=').ok_or(how)?;
    let level = [Level::Must, Level::Should, Level::May]
        .into_iter()
        .find(|known| known.name() == level)
        .ok_or("the levels are must, should and may")?;
    match percent.parse::<f64>() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Threshold { level, percent }),
        _ => Err(format!("the percentage is between 0 and 100; {how}")),
    }
}
