//! Charts of regional inequality and its course.

pub(super) mod beta;
pub(super) mod course;
pub(super) mod decomposition;
pub(super) mod density;
pub(super) mod intervals;
pub(super) mod lorenz;
pub(super) mod markov;
pub(super) mod rank_mobility;
pub(super) mod rank_size;
pub(super) mod sigma;

use super::legend::{Entry, Sign};
use super::svg::Svg;

/// How the lines of several years or measures are told apart beside their colours.
const DASHES: [&str; 4] = ["", "7 3", "2 2.5", "9 3 2 3"];

/// The look of line `k` of several.
fn line_look(k: usize) -> String {
    let (colour, dashes) = (super::palette::group(LINES[k % LINES.len()]), DASHES[k % DASHES.len()]);
    let broken = if dashes.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{dashes}""#) };
    format!(r#"stroke="{colour}" stroke-width="1.8"{broken}"#)
}

/// The entry of line `k` of several in a legend.
fn line_entry(k: usize, text: impl Into<String>) -> Entry {
    match DASHES[k % DASHES.len()] {
        "" => Entry::line(line_colour(k), text),
        dashes => Entry { sign: Sign::Broken(line_colour(k).to_owned(), dashes), text: text.into() },
    }
}

/// The colours of groups that lines are seen in on paper.
const LINES: [usize; 5] = [0, 5, 2, 3, 7];

/// The colour of line `k` of several.
fn line_colour(k: usize) -> &'static str {
    super::palette::group(LINES[k % LINES.len()])
}

/// An upright error bar.
fn whisker(svg: &mut Svg, x: f64, low: f64, high: f64, colour: &str) {
    if low.is_finite() && high.is_finite() {
        let look = format!(r#"stroke="{colour}" stroke-width="1.2""#);
        svg.line([x, low], [x, high], &look);
        [low, high].iter().for_each(|y| svg.line([x - 3.0, *y], [x + 3.0, *y], &look));
    }
}
