//! The tables of the report that count: targets by level, targets by area.

use std::collections::BTreeSet;

use cookiespec_vectors::{Profile, Ratio, Tally, Verdict};
use maud::{Markup, html};

use crate::escaping::Escaped;
use crate::model::{Record, TargetReport};
use crate::writers::text::follows;

/// The verdicts that have a column of their own.
const COUNTED: [Verdict; 5] =
    [Verdict::Unsupported, Verdict::Crash, Verdict::Hang, Verdict::Error, Verdict::Refused];

/// One row per target: what it is and how often the requirements of each profile hold.
pub(super) fn targets(record: &Record) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-labelledby="targets-title" {
            table {
                thead {
                    tr {
                        @for title in ["Target", "Version", "Language", "Follows"] {
                            th scope="col" { (title) }
                        }
                        @for profile in Profile::ALL {
                            th scope="col" class="number" { (profile) " MUST" }
                            th scope="col" class="number" { "SHOULD" }
                        }
                        @for verdict in COUNTED { th scope="col" class="number" { (verdict) } }
                        th scope="col" { "Notes" }
                    }
                }
                tbody { @for target in &record.targets { (row(target)) } }
            }
        }
    }
}

fn row(target: &TargetReport) -> Markup {
    let identity = target.handshake.as_ref().map(|handshake| &handshake.implementation);
    let (what, notes) = match (&target.error, &target.handshake) {
        (Some(error), _) => ("broken", &*error.what),
        (None, Some(handshake)) => ("notes", &*handshake.notes),
        (None, None) => ("", ""),
    };
    html! {
        tr {
            th scope="row" { (Escaped(&target.label)) }
            td { @if let Some(identity) = identity { (Escaped(&identity.version)) } }
            td { @if let Some(identity) = identity { (Escaped(&identity.language)) } }
            td { (follows(target)) }
            @for profile in Profile::ALL {
                @match target.result(profile) {
                    Some(result) => {
                        td class="number" { (result.tally.must) }
                        td class="number" { (result.tally.should) }
                    }
                    None => { td {} td {} }
                }
            }
            @for verdict in COUNTED { td class="number" { (target.most(verdict)) } }
            td {
                @if !notes.is_empty() {
                    details {
                        summary { (what) }
                        div class="notes" { (Escaped(notes)) }
                    }
                }
            }
        }
    }
}

/// One row per target, one column per area.
pub(super) fn areas(record: &Record) -> Markup {
    let areas: BTreeSet<&str> = record.cases.iter().map(|case| case.area()).collect();
    html! {
        div class="scroll" tabindex="0" role="region" aria-labelledby="areas-title" {
            table class="counts" {
                thead {
                    tr {
                        th scope="col" { "Target" }
                        @for area in &areas {
                            th scope="col" class="number" { (Escaped(area)) }
                        }
                    }
                }
                tbody {
                    @for target in &record.targets {
                        tr {
                            th scope="row" { (Escaped(&target.label)) }
                            @for area in &areas {
                                td {
                                    @for (index, profile) in Profile::ALL.into_iter().enumerate() {
                                        (count(index, target.result(profile).and_then(
                                            |result| result.areas.get(*area)
                                        )))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The requirements of an area that hold under the profile with this index.
fn count(index: usize, tally: Option<&Tally>) -> Markup {
    let must = tally.map(|tally| tally.must).filter(|must| must.of > 0);
    let (class, text) = match must {
        None => ("none", "–".to_owned()),
        Some(must @ Ratio { met, of }) => {
            (if met == of { "good" } else { "bad" }, must.to_string())
        }
    };
    html! { span class={ (class) " p" (index) } { (text) } " " }
}
