//! The reports a command makes: `--format kind[=FILE],…`.

use std::path::Path;

use anyhow::Result;
use clap::{Args, ValueEnum};
use cookiespec_report::writers::text;
use cookiespec_report::{Kind, Output, Record, Terminal};

use crate::interruption::HoldOff;
use crate::output;
use crate::output_file::{self, shown};
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

/// Reports that can be written.
#[derive(Debug)]
pub(crate) struct Checked<'a>(&'a [Output]);

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

    /// Writes what a run counted and which files were written: to stdout below a text report, or where
    /// it got no report; to stderr otherwise.
    ///
    /// # Errors
    /// stdout cannot be written.
    pub(crate) fn sum_up(&self, record: &Record) -> Result<()> {
        let files = self.format.iter().filter_map(|output| output.file.as_deref());
        let files: Vec<_> = files.map(|file| file.to_string_lossy().into_owned()).collect();
        let printed = self.format.iter().find(|output| output.file.is_none());
        if printed.is_none_or(|output| output.kind == Kind::Text) {
            return output::print(&text::summary(record, &files, output::terminal()));
        }
        output::warn(&text::summary(record, &files, Terminal::default()));
        Ok(())
    }

    /// Checks the files, so that one that cannot be written is reported before the run and not after
    /// it. `inputs` are the files that the command reads.
    ///
    /// # Errors
    /// A file cannot be written, is named twice or is an input, or two reports would go to stdout.
    pub(crate) fn check(&self, inputs: &[&Path]) -> Result<Checked<'_>> {
        for (index, output) in self.format.iter().enumerate() {
            let is_same = |other: &Output| match (&other.file, &output.file) {
                (None, None) => true,
                (Some(one), Some(other)) => output_file::is_same(one, other),
                _ => false,
            };
            if self.format[..index].iter().any(is_same) {
                return Err(UsageError(match &output.file {
                    None => "two reports go to stdout; write KIND=FILE for one".to_owned(),
                    Some(file) => format!("two reports go to {}", shown(file)),
                })
                .into());
            }
        }
        for file in self.format.iter().filter_map(|output| output.file.as_deref()) {
            output_file::check(file, inputs)?;
        }
        Ok(Checked(&self.format))
    }
}

impl Checked<'_> {
    /// Makes the reports.
    ///
    /// # Errors
    /// One cannot be written. The others are.
    pub(crate) fn write(self, record: &Record) -> Result<()> {
        self.write_each(|output| output.render(record, output::terminal()))
    }

    /// Makes the reports as they are rendered here.
    ///
    /// # Errors
    /// One cannot be written. The others are.
    pub(crate) fn write_each(self, render: impl Fn(&Output) -> String) -> Result<()> {
        // A pipe whose reader has stopped keeps nobody from ending the program.
        let mut files = self.0.iter().filter_map(|output| output.file.as_deref());
        let hold_off = (!files.any(output_file::is_stream)).then(HoldOff::new);
        let mut result = Ok(());
        let mut printed = None;
        for output in self.0 {
            let text = render(output);
            match &output.file {
                None => printed = Some(text),
                Some(file) => result = result.and(output_file::write(file, text.as_bytes())),
            }
        }
        // stdout is last, so that the files are complete even if its reader closes it early.
        drop(hold_off);
        result.and(printed.map_or(Ok(()), |text| output::print(&text)))
    }
}
