//! The reports: one module per format, each a function from a [`Record`] to a text.
//!
//! A new format is a module here, a variant of [`Kind`], and its line in [`Output::render`].

pub mod badge;
pub mod events;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
pub mod text;

use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;

use crate::model::Record;
use crate::style::Terminal;

/// A kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For people: failures first, the tally last.
    Text,
    /// For programs: one document that ends with `"end": true`.
    Json,
    /// For CI servers: JUnit XML.
    Junit,
    /// For the summary of a CI step.
    Markdown,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// An SVG image; if the file ends in `.json`, the document of an endpoint badge.
    Badge,
    /// For readers: one page that needs no network.
    Html,
    /// The event file, from which every other report can be made again.
    Events,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::Json,
        Self::Junit,
        Self::Markdown,
        Self::Sarif,
        Self::Badge,
        Self::Html,
        Self::Events,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Sarif => "sarif",
            Self::Badge => "badge",
            Self::Html => "html",
            Self::Events => "events",
        }
    }
}

/// A report to make: `KIND[=FILE]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// What it is.
    pub kind: Kind,
    /// Where it goes; `None` for stdout.
    pub file: Option<PathBuf>,
}

/// Why a text is no [`Output`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum OutputError {
    /// Nothing follows the `=`.
    #[error("there is no file after the \"=\"")]
    NoFile,
    /// No kind has this name.
    #[error(
        "write kind or kind=FILE, where kind is one of {}",
        Kind::ALL.map(Kind::name).join(", ")
    )]
    UnknownKind,
}

impl Output {
    /// Makes the report. `terminal` is what stdout is; it does not matter to a file.
    pub fn render(&self, record: &Record, terminal: Terminal) -> String {
        match self.kind {
            Kind::Text if self.file.is_some() => text::document(record),
            Kind::Text => text::render(record, terminal),
            Kind::Json => json::render(record),
            Kind::Junit => junit::render(record),
            Kind::Markdown => markdown::render(record),
            Kind::Sarif => sarif::render(record),
            Kind::Badge if self.is_json() => badge::endpoint(record),
            Kind::Badge => badge::svg(record),
            Kind::Html => html::render(record),
            Kind::Events => events::render(record),
        }
    }

    fn is_json(&self) -> bool {
        let extension = self.file.as_ref().and_then(|file| file.extension());
        extension.is_some_and(|it| it.eq_ignore_ascii_case("json"))
    }
}

impl FromStr for Output {
    type Err = OutputError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err(OutputError::NoFile),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        Ok(Self { kind: kind.ok_or(OutputError::UnknownKind)?, file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_a_kind_and_perhaps_a_file() {
        let read = |text: &str| text.parse::<Output>();
        assert_eq!(read("junit"), Ok(Output { kind: Kind::Junit, file: None }));
        let file = Some("a=b.html".into());
        assert_eq!(read("html=a=b.html"), Ok(Output { kind: Kind::Html, file }));
        assert!(read("html=").unwrap_err().to_string().contains("no file"));
        assert!(read("pdf=x").unwrap_err().to_string().ends_with("sarif, badge, html, events"));
    }
}
