//! Reports of a run, in those of the kinds of `cookiespec run` that apply.

pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod summary;
pub mod text;

use cookiespec_report::Kind;

use crate::profile::Profile;
use crate::run::ProbeRun;

/// The kinds of report of a probe.
pub const KINDS: [Kind; 5] = [Kind::Text, Kind::Json, Kind::Junit, Kind::Markdown, Kind::Html];

/// Renders a report other than [`Text`](text::Text); `None` for a kind that is not in [`KINDS`].
pub fn render(kind: Kind, run: &ProbeRun, profile: Profile) -> Option<String> {
    match kind {
        Kind::Json => Some(json::render(run, profile)),
        Kind::Junit => Some(junit::render(run, profile)),
        Kind::Markdown => Some(markdown::render(run, profile)),
        Kind::Html => Some(html::Page { run, profile }.to_string()),
        Kind::Text | Kind::Sarif | Kind::Badge | Kind::Events => None,
    }
}
