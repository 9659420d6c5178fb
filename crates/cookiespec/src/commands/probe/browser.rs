//! `cookiespec probe --browser`: a real browser beside the reference engine.

use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;
use cookiespec_agents::webdriver::{Browser, BrowserAgent};
use cookiespec_agents::{Agent, Navigation};
use cookiespec_probe::side_by_side::{Comparison, RealBrowser, Text, side_by_side};
use cookiespec_probe::{Descriptor, Options};
use cookiespec_report::{Exit, Kind, Style};

use super::explain;
use crate::format::Checked;
use crate::output;
use crate::usage::UsageError;

/// The kinds of reports that a comparison can be written as.
pub(super) const KINDS: [Kind; 2] = [Kind::Text, Kind::Json];

/// The browsers by their short names.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Name {
    Chromium,
    ChromiumHeadlessShell,
    Firefox,
    Webkit,
}

impl Name {
    fn browser(self) -> Browser {
        match self {
            Self::Chromium => Browser::Chromium,
            Self::ChromiumHeadlessShell => Browser::ChromiumHeadlessShell,
            Self::Firefox => Browser::Firefox,
            Self::Webkit => Browser::WebKit,
        }
    }
}

/// Takes a browser through the application, and reports where it and the engine differ.
pub(super) fn compare(
    name: Name,
    descriptor: Descriptor,
    options: &Options,
    reports: Checked<'_>,
    about: &str,
) -> Result<Exit> {
    let browser = name.browser();
    browser.find().map_err(|error| UsageError(error.to_string()))?;
    let compared = side_by_side(descriptor, options, |proxy| {
        let agent = BrowserAgent::start(browser, proxy, PAGE_TIME);
        let agent = agent.map_err(|error| error.to_string())?;
        Ok(Box::new(Driven(agent)))
    });
    let comparison = compared.map_err(|error| explain(error, about))?;
    reports.write_each(|output| match output.kind {
        Kind::Json => json(&comparison),
        _ => {
            let style = if output.file.is_some() { Style::default() } else { output::style() };
            Text { comparison: &comparison, style }.to_string()
        }
    })?;
    Ok(if comparison.differences.is_empty() { Exit::Clean } else { Exit::Differs })
}

fn json(comparison: &Comparison) -> String {
    format!("{}\n", serde_json::to_string_pretty(comparison).unwrap_or_default())
}

/// A browser under WebDriver.
#[derive(Debug)]
struct Driven(BrowserAgent);

impl RealBrowser for Driven {
    fn title(&self) -> String {
        let about = self.0.about();
        format!("{} {}", about.name, about.version)
    }

    fn open(&mut self, uri: &str) -> Result<(), String> {
        self.0.navigate(&Navigation::get(uri, 0)).map_err(|error| error.to_string())
    }

    fn can_reopen(&self) -> bool {
        self.0.facts().restart
    }

    fn close_and_reopen(&mut self) -> Result<(), String> {
        self.0.restart().map_err(|error| error.to_string())
    }
}

/// How long a page of the application may take to be loaded.
const PAGE_TIME: Duration = Duration::from_secs(30);
