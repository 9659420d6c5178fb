//! The reports a command makes: `--format kind[=FILE],…`.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use cookiespec_report::{Kind, Output, Record};

use crate::output;
use crate::usage::UsageError;

/// The format of a command's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs: one JSON document
    Json,
}

/// Which reports are made.
#[derive(Clone, Debug, Args)]
pub(crate) struct Formats {
    /// The reports to make: text, json, junit, markdown, sarif, badge, html, events
    ///
    /// A comma list of KIND or KIND=FILE; one of them may go to stdout. A badge is an SVG image, or
    /// the JSON of an endpoint badge where FILE ends in .json. Every other report can be made again
    /// from an events file with `cookiespec report`.
    #[arg(
        long,
        value_name = "KIND[=FILE]",
        value_delimiter = ',',
        default_value = "text",
        value_parser = str::parse::<Output>
    )]
    format: Vec<Output>,
}

/// Reports whose files are open.
#[derive(Debug)]
pub(crate) struct Opened<'a>(Vec<(&'a Output, Option<File>)>);

impl Formats {
    /// These reports, of a command that makes only some kinds.
    ///
    /// # Errors
    /// A usage error that names the kinds, for any other.
    pub(crate) fn among(format: &[Output], kinds: &[Kind]) -> Result<Self> {
        match format.iter().find(|output| !kinds.contains(&output.kind)) {
            None => Ok(Self { format: format.to_vec() }),
            Some(output) => {
                let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
                let (name, names) = (output.kind.name(), names.join(", "));
                Err(UsageError(format!("there is no {name} report of this, only {names}")).into())
            }
        }
    }

    /// Opens the files, so that one that cannot be written is reported before the run and not after
    /// it.
    ///
    /// # Errors
    /// A file cannot be written or is named twice, or two reports would go to stdout.
    pub(crate) fn open(&self) -> Result<Opened<'_>> {
        for (index, output) in self.format.iter().enumerate() {
            if self.format[..index].iter().any(|other| other.file == output.file) {
                return Err(UsageError(match &output.file {
                    None => "two reports go to stdout; write KIND=FILE for one".to_owned(),
                    Some(file) => format!("two reports go to {}", shown(file)),
                })
                .into());
            }
        }
        let open = |output: &'_ Output| output.file.as_deref().map(create).transpose();
        let opened = self.format.iter().map(|output| Ok((output, open(output)?)));
        Ok(Opened(opened.collect::<Result<_>>()?))
    }
}

/// Creates the file of a report.
///
/// # Errors
/// A usage error: the file cannot be created.
pub(crate) fn create(file: &Path) -> Result<File> {
    File::create(file).map_err(|error| {
        UsageError(format!("cannot write the report to {}: {error}", shown(file))).into()
    })
}

fn shown(file: &Path) -> String {
    file.to_string_lossy().escape_debug().to_string()
}

impl Opened<'_> {
    /// Makes the reports.
    ///
    /// # Errors
    /// One cannot be written.
    pub(crate) fn write(self, record: &Record) -> Result<()> {
        self.write_each(|output| output.render(record, output::terminal()))
    }

    /// Makes the reports as they are rendered here.
    ///
    /// # Errors
    /// One cannot be written.
    pub(crate) fn write_each(self, render: impl Fn(&Output) -> String) -> Result<()> {
        let mut printed = None;
        for (output, file) in self.0 {
            let text = render(output);
            match (file, &output.file) {
                (Some(mut file), Some(path)) => file
                    .write_all(text.as_bytes())
                    .with_context(|| format!("cannot write to {}", shown(path)))?,
                _ => printed = Some(text),
            }
        }
        // stdout is last, so that the files are complete even if its reader closes it early.
        printed.map_or(Ok(()), |text| output::print(&text))
    }
}
