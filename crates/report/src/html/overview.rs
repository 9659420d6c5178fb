//! The tables of the report that count: targets by level, targets by area.

use std::collections::BTreeSet;
use std::fmt::{self, Display};

use cookiespec_vectors::{Profile, Ratio, Tally, Verdict};

use crate::escaping::XmlText;
use crate::text::follows;
use crate::{Record, TargetReport};

/// One row per target: who it is and how often the requirements of each profile hold.
pub(super) struct Targets<'a>(pub(super) &'a Record);

impl Display for Targets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"targets-title\">\n\
             <table>\n<thead><tr><th scope=\"col\">Target</th>\
             <th scope=\"col\">Version</th><th scope=\"col\">Language</th>\
             <th scope=\"col\">Follows</th>",
        )?;
        for profile in Profile::ALL {
            write!(
                f,
                "<th scope=\"col\" class=\"number\">{profile} MUST</th>\
                 <th scope=\"col\" class=\"number\">SHOULD</th>"
            )?;
        }
        for verdict in COUNTED {
            write!(f, "<th scope=\"col\" class=\"number\">{verdict}</th>")?;
        }
        f.write_str("<th scope=\"col\">About</th></tr></thead>\n<tbody>\n")?;
        for results in &self.0.targets {
            target(f, results)?;
        }
        f.write_str("</tbody>\n</table>\n</div>\n")
    }
}

/// The verdicts that have a column of their own.
const COUNTED: [Verdict; 5] =
    [Verdict::Unsupported, Verdict::Crash, Verdict::Hang, Verdict::Error, Verdict::Refused];

fn target(f: &mut fmt::Formatter<'_>, results: &TargetReport) -> fmt::Result {
    let identity = results.handshake.as_ref().map(|handshake| &handshake.implementation);
    let [version, language] = [
        identity.map_or("", |identity| &*identity.version),
        identity.map_or("", |identity| &*identity.language),
    ]
    .map(XmlText);
    write!(
        f,
        "<tr><th scope=\"row\">{}</th><td>{version}</td><td>{language}</td><td>{}</td>",
        XmlText(&results.label),
        follows(results)
    )?;
    for profile in Profile::ALL {
        match results.result(profile) {
            Some(sheet) => write!(
                f,
                "<td class=\"number\">{}</td><td class=\"number\">{}</td>",
                sheet.tally.must, sheet.tally.should
            )?,
            None => f.write_str("<td></td><td></td>")?,
        }
    }
    for verdict in COUNTED {
        let counts = results.results.iter().map(|sheet| sheet.tally.count(verdict));
        write!(f, "<td class=\"number\">{}</td>", counts.max().unwrap_or(0))?;
    }
    let (what, notes) = match (&results.error, &results.handshake) {
        (Some(trouble), _) => ("broken", &*trouble.what),
        (None, Some(handshake)) => ("notes", &*handshake.notes),
        (None, None) => ("", ""),
    };
    if notes.is_empty() {
        return f.write_str("<td></td></tr>\n");
    }
    let notes = XmlText(notes);
    writeln!(
        f,
        "<td><details><summary>{what}</summary><div class=\"notes\">{notes}</div></details></td></tr>"
    )
}

/// One row per target, one column per area.
pub(super) struct Areas<'a>(pub(super) &'a Record);

impl Display for Areas<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let areas: BTreeSet<&str> = self.0.cases.iter().map(|case| case.area()).collect();
        f.write_str(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"areas-title\">\n\
             <table class=\"counts\">\n<thead><tr><th scope=\"col\">Target</th>",
        )?;
        for area in &areas {
            write!(f, "<th scope=\"col\" class=\"number\">{}</th>", XmlText(area))?;
        }
        f.write_str("</tr></thead>\n<tbody>\n")?;
        for results in &self.0.targets {
            write!(f, "<tr><th scope=\"row\">{}</th>", XmlText(&results.label))?;
            for area in &areas {
                f.write_str("<td>")?;
                for (index, profile) in Profile::ALL.into_iter().enumerate() {
                    let tally = results.result(profile).and_then(|sheet| sheet.areas.get(*area));
                    count(f, index, tally)?;
                }
                f.write_str("</td>")?;
            }
            f.write_str("</tr>\n")?;
        }
        f.write_str("</tbody>\n</table>\n</div>\n")
    }
}

fn count(f: &mut fmt::Formatter<'_>, index: usize, tally: Option<&Tally>) -> fmt::Result {
    match tally.map(|tally| tally.must) {
        None | Some(Ratio { of: 0, .. }) => write!(f, "<span class=\"none p{index}\">–</span> "),
        Some(must) => {
            let class = if must.met == must.of { "good" } else { "bad" };
            write!(f, "<span class=\"{class} p{index}\">{must}</span> ")
        }
    }
}
