//! The ratios to peers as a bar chart, in SVG, on a logarithmic scale: every step is a factor of
//! ten.

use std::fmt::Write;

use crate::Measured;
use crate::claims::{CLAIMS, Must};
use crate::table::{ratio, short};

/// Sizes in pixels.
const ROW: usize = 26;
const LABELS: usize = 470;
const DECADE: f64 = 110.0;
const WIDTH: usize = 860;

/// A bar for every claim, with a mark where it must end, or must not go beyond.
pub(crate) fn chart(measured: &Measured) -> String {
    let height = ROW * (CLAIMS.len() + 1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\" role=\"img\" \
         aria-label=\"Ratios of the engine to its peers\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (nth, claim) in CLAIMS.iter().enumerate() {
        let ratio = ratio(claim, measured);
        let top = ROW * nth + ROW / 2;
        let (least_or_most, met) = match claim.must {
            Must::AtLeast(bound) | Must::AtMost(bound) => (bound, claim.must.is_met_by(ratio)),
        };
        let colour = if met { "#2b7a4b" } else { "#b3261e" };
        let (bar, mark) = (length(ratio), LABELS as f64 + length(least_or_most));
        let label = claim.what.replace('`', "");
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{label}</text>\n\
             <rect x=\"{LABELS}\" y=\"{top}\" width=\"{bar:.0}\" height=\"16\" fill=\"{colour}\"/>\n\
             <path d=\"M{mark:.0} {top}v16\" stroke=\"#000\" stroke-width=\"2\"/>\n\
             <text x=\"{:.0}\" y=\"{}\">{}</text>\n",
            LABELS - 8,
            top + 13,
            LABELS as f64 + bar.max(length(least_or_most)) + 6.0,
            top + 13,
            short(ratio)
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// A ratio of one tenth has no length.
fn length(ratio: f64) -> f64 {
    (ratio.log10() + 1.0).max(0.0) * DECADE * 0.75
}
