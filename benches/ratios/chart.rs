//! The chart of the ratios, an SVG on logarithmic scales.
//!
//! It is shown on its own and embedded in pages, with light and dark colour schemes; therefore it
//! contains its colours, and its style rules apply to its own elements only.

use std::fmt::Write;

use cookiespec_benches::ENGINE;

use crate::Measured;
use crate::claims::{CLAIMS, Must};
use crate::table::short;

/// Sizes in pixels.
const WIDTH: usize = 1190;
const ROW: usize = 24;
const TITLE: usize = 40;

/// The left end of the bars, and the length of a factor of ten.
const BARS: f64 = 480.0;
const BAR_DECADE: f64 = 110.0;

/// The position of a ratio of 1, the length of a factor of ten, and the left end of the figures.
const EQUAL: f64 = 420.0;
const DOT_DECADE: f64 = 75.0;
const FIGURES: usize = 680;

/// Subjects that are lower bounds of the work rather than implementations.
const LIMITS: [&str; 3] = ["httparse", "memchr", "memcpy"];

const STYLE: &str = "
.ratios { --text: #1b1e20; --faint: #5d636a; --line: #d9dbd5; --met: #2b7a4b; --missed: #b3261e; --peer: #17589f; --limit: #9a5b00; }
@media (prefers-color-scheme: dark) {
  .ratios { --text: #e4e6e4; --faint: #a0a6ac; --line: #4a4f53; --met: #58b37e; --missed: #ff8a80; --peer: #8dbaf3; --limit: #e5b45c; }
}
.ratios text { fill: var(--text); } .ratios .title { font-weight: 600; font-size: 15px; } .ratios .faint { fill: var(--faint); }
.ratios .met { fill: var(--met); } .ratios .missed { fill: var(--missed); }
.ratios .peer { fill: var(--peer); } .ratios .limit { fill: var(--limit); }
.ratios .mark { stroke: var(--text); stroke-width: 2; } .ratios .line { stroke: var(--line); }
";

/// A bar for every claimed ratio, with a mark at its bound; below, a line for every group, with a dot
/// for every subject at its time relative to the engine.
pub(crate) fn chart(measured: &Measured) -> String {
    let claims = CLAIMS.iter().filter(|claim| claim.is_ratio()).count();
    let mut groups: Vec<&str> = measured.timed.iter().map(|(group, ..)| &**group).collect();
    groups.dedup();
    groups.retain(|group| !others(measured, group).is_empty());
    let height = 2 * TITLE + ROW * (claims + groups.len()) + ROW / 2;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ratios\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\" role=\"img\" \
         aria-label=\"The engine beside its peers and its limits\">\n<style>{STYLE}</style>\n"
    );
    title(
        &mut svg,
        0,
        "What is claimed; the mark is where a ratio must end, or must not go beyond",
    );
    let mut top = TITLE;
    for claim in CLAIMS.iter().filter(|claim| claim.is_ratio()) {
        let ratio = claim.figure(measured);
        let (Must::AtLeast(bound) | Must::AtMost(bound)) = claim.must;
        let class = if claim.must.is_met_by(ratio) { "met" } else { "missed" };
        let [bar, mark] = [ratio, bound].map(|ratio| (ratio.log10() + 1.0).max(0.0) * BAR_DECADE);
        label(&mut svg, BARS, top, &claim.what.replace('`', ""));
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{BARS}\" y=\"{}\" width=\"{bar:.0}\" height=\"14\"/>\
             <path class=\"mark\" d=\"M{:.0} {}v18\"/>\
             <text x=\"{:.0}\" y=\"{}\">{}</text>",
            top + 5,
            BARS + mark,
            top + 3,
            BARS + bar.max(mark) + 8.0,
            top + 17,
            short(ratio)
        );
        top += ROW;
    }
    title(
        &mut svg,
        top,
        "Time in proportion to the engine&#8217;s: to the left is faster, to the right slower",
    );
    top += TITLE;
    for group in groups {
        label(&mut svg, 225.0, top, group);
        let _ = writeln!(
            svg,
            "<path class=\"line\" d=\"M230 {y}H{}M{EQUAL} {}v16\"/>",
            FIGURES - 12,
            top + 4,
            y = top + ROW / 2,
        );
        dots(&mut svg, top, &others(measured, group));
        top += ROW;
    }
    svg.push_str("</svg>\n");
    svg
}

/// The subjects of a group other than the engine, with their times relative to it.
fn others<'a>(measured: &'a Measured, group: &str) -> Vec<(&'a str, f64)> {
    let engine = measured.nanoseconds((group, ENGINE));
    let of_group = measured.timed.iter().filter(|(of, name, _)| of == group && *name != ENGINE);
    of_group.map(|(_, name, timed)| (*name, timed.nanoseconds / engine)).collect()
}

fn dots(svg: &mut String, top: usize, subjects: &[(&str, f64)]) {
    let _ = write!(svg, "<text x=\"{FIGURES}\" y=\"{}\" font-size=\"12\">", top + 16);
    for (nth, (name, ratio)) in subjects.iter().enumerate() {
        let comma = if nth > 0 { ", " } else { "" };
        let class = class(name);
        let _ = write!(svg, "{comma}<tspan class=\"{class}\">{name}</tspan> {}", short(*ratio));
    }
    svg.push_str("</text>\n");
    for (name, ratio) in subjects {
        let (x, y) = (EQUAL + ratio.log10() * DOT_DECADE, top + ROW / 2);
        let class = class(name);
        let _ = writeln!(svg, "<circle class=\"{class}\" cx=\"{x:.0}\" cy=\"{y}\" r=\"5\"/>");
    }
}

fn class(subject: &str) -> &'static str {
    if LIMITS.contains(&subject) { "limit" } else { "peer" }
}

fn title(svg: &mut String, top: usize, text: &str) {
    let _ = writeln!(svg, "<text class=\"title\" x=\"8\" y=\"{}\">{text}</text>", top + 26);
}

fn label(svg: &mut String, right: f64, top: usize, text: &str) {
    let (right, y) = (right - 8.0, top + 17);
    let _ = writeln!(svg, "<text x=\"{right}\" y=\"{y}\" text-anchor=\"end\">{text}</text>");
}
