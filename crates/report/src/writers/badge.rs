//! Results as a badge: a small SVG image, or the JSON that shields.io makes one from.

use serde_json::json;

use crate::escaping::{XmlText, ascii_json};
use crate::model::{Exit, ProfileResult, Record, TargetReport};

/// The width of a character in an SVG badge, in hundredths of a pixel: Verdana at 11 pixels.
const CHARACTER: usize = 690;
/// The space on both sides of a text, in pixels.
const PADDING: usize = 12;

/// The content of a badge.
struct Badge {
    label: String,
    message: String,
    /// The name of the colour, for shields.io, and its value.
    colour: (&'static str, &'static str),
}

impl Badge {
    /// For one target under one profile, how many requirements hold; for more, how many targets have
    /// no failure but those a baseline expects.
    fn new(record: &Record) -> Self {
        let results = || record.targets.iter().flat_map(|target| &target.results);
        let is_clean = |target: &&TargetReport| {
            let is_broken = |result: &ProfileResult| {
                result.judgements.iter().any(|one| one.verdict.is_harness_fault())
            };
            let has_news =
                |result: &ProfileResult| (0..result.judgements.len()).any(|it| result.is_news(it));
            let is_bad = |result| is_broken(result) || has_news(result);
            target.error.is_none() && !target.results.iter().any(is_bad)
        };
        let all = record.targets.len();
        let good = record.targets.iter().filter(is_clean).count();
        let (label, message) = match (results().next(), results().nth(1)) {
            (Some(result), None) => {
                (result.profile.to_string(), format!("MUST {}", result.tally.must))
            }
            _ => ("cookiespec".to_owned(), format!("{good} of {all} clean")),
        };
        let colour = match record.exit {
            Exit::Broken | Exit::Usage => ("lightgrey", "#6b6b6b"),
            exit if exit.is_signal() => ("lightgrey", "#6b6b6b"),
            _ if good == all => ("brightgreen", "#2f7d32"),
            _ => ("red", "#b3261e"),
        };
        let message = match record.exit {
            Exit::Broken => format!("{message}, broken"),
            exit if exit.is_signal() => format!("{message}, incomplete"),
            _ => message,
        };
        Self { label, message, colour }
    }
}

/// The image.
pub fn svg(record: &Record) -> String {
    let Badge { label, message, colour } = Badge::new(record);
    let width = |text: &str| text.chars().count() * CHARACTER / 100 + PADDING;
    let (left, right) = (width(&label), width(&message));
    let (width, middle_left, middle_right) = (left + right, left / 2, left + right / 2);
    let (label, message, colour) = (XmlText(&label), XmlText(&message), colour.1);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"20\" role=\"img\" \
         aria-label=\"{label}: {message}\">\n\
         <title>{label}: {message}</title>\n\
         <clipPath id=\"r\"><rect width=\"{width}\" height=\"20\" rx=\"3\"/></clipPath>\n\
         <g clip-path=\"url(#r)\">\n\
         <rect width=\"{left}\" height=\"20\" fill=\"#444\"/>\n\
         <rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{colour}\"/>\n</g>\n\
         <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" \
         font-size=\"11\">\n\
         <text x=\"{middle_left}\" y=\"14\">{label}</text>\n\
         <text x=\"{middle_right}\" y=\"14\">{message}</text>\n</g>\n</svg>\n"
    )
}

/// The document an endpoint badge of shields.io reads, in printable ASCII.
pub fn endpoint(record: &Record) -> String {
    let Badge { label, message, colour } = Badge::new(record);
    let document = json!({
        "schemaVersion": 1,
        "label": label,
        "message": message,
        "color": colour.0,
        "isError": record.exit == Exit::Broken
    });
    format!("{}\n", ascii_json(&document.to_string()))
}
