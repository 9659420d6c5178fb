//! Which reports are made, and where they go: `kind[=FILE]`.

use std::path::PathBuf;
use std::str::FromStr;

use super::html::Page;
use super::text::Gate;
use super::{Record, Style, badge, events, json, junit, markdown, sarif};

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
    /// An SVG image; where the file ends in `.json`, the document of an endpoint badge.
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

/// A report that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// What it is.
    pub kind: Kind,
    /// Where it goes; stdout where there is no file.
    pub file: Option<PathBuf>,
}

impl Output {
    /// Makes the report. `style` is that of the terminal and does not matter to a file.
    pub fn render(&self, record: &Record, style: Style) -> String {
        let style = if self.file.is_some() { Style::default() } else { style };
        match self.kind {
            Kind::Text => Gate { record, style }.to_string(),
            Kind::Json => json::render(record),
            Kind::Junit => junit::render(record),
            Kind::Markdown => markdown::render(record),
            Kind::Sarif => sarif::render(record),
            Kind::Badge if self.is_json() => badge::endpoint(record),
            Kind::Badge => badge::svg(record),
            Kind::Html => Page(record).to_string(),
            Kind::Events => events::render(record),
        }
    }

    fn is_json(&self) -> bool {
        let extension = self.file.as_ref().and_then(|file| file.extension());
        extension.is_some_and(|it| it.eq_ignore_ascii_case("json"))
    }
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("there is no file after the \"=\"".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        match kind {
            Some(kind) => Ok(Self { kind, file }),
            None => {
                let names = Kind::ALL.map(Kind::name).join(", ");
                Err(format!("write kind or kind=FILE, where kind is one of {names}"))
            }
        }
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
        assert!(read("html=").unwrap_err().contains("no file"));
        assert!(read("pdf=x").unwrap_err().ends_with("sarif, badge, html, events"));
    }
}
