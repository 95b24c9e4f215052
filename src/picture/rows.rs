//! Charts of rows: one line for each city, sector or pair, its name at the left.

use super::legend::Entry;
use super::plot::{self, Axis, Plot};
use super::scale::Scale;
use super::svg::{AXIS, Svg, tenths};
use super::{Body, Stage};
use crate::measures::Outcome;

/// Height of a row.
const ROW: f64 = 13.0;
/// Height of a row with room for intervals.
pub const HIGH: f64 = 19.0;
/// Most rows of a chart.
pub const MOST: usize = 24;

/// The chart of rows with these names, the first at the top; `draw` puts marks at [`y`].
pub fn chart(width: f64, names: &[String], x: &Axis, entries: &[Entry], draw: impl FnOnce(&mut Svg, &Plot)) -> Body {
    chart_of([width, ROW], names, x, entries, draw)
}

/// The same with rows of any height.
pub fn chart_of(
    [width, height]: [f64; 2],
    names: &[String],
    x: &Axis,
    entries: &[Entry],
    draw: impl FnOnce(&mut Svg, &Plot),
) -> Body {
    let n = names.len();
    let places = names.iter().enumerate().map(|(row, name)| ((n - 1 - row) as f64, name.clone()));
    let rows = Axis::new(Scale::exact(-0.6, n as f64 - 0.4), "").ticks(places.collect());
    plot::chart_of([width, 44.0 + height * n as f64], x, &rows, entries, draw)
}

/// The chart of rows of this width and height, each drawn by itself at its height.
pub fn each(
    size: [f64; 2],
    names: &[String],
    x: &Axis,
    entries: &[Entry],
    row: impl Fn(&mut Svg, &Plot, usize, f64),
) -> Body {
    chart_of(size, names, x, entries, |svg, plot| {
        (0..names.len()).for_each(|at| row(svg, plot, at, y(plot, names.len(), at)));
    })
}

/// The height of row `row` of `n`.
pub fn y(plot: &Plot, n: usize, row: usize) -> f64 {
    plot.y((n - 1 - row) as f64)
}

/// Parts the highest from the lowest where those between are left out.
pub fn cut(svg: &mut Svg, plot: &Plot, shown: usize, values: &[f64]) {
    if shown < values.iter().filter(|x| x.is_finite()).count() {
        let y = f64::midpoint(y(plot, shown, MOST / 2 - 1), y(plot, shown, MOST / 2));
        svg.line([4.0, y], [plot.right, y], &format!(r#"{AXIS} stroke-dasharray="2 3""#));
    }
}

/// A bar in a row, from one number to another.
pub fn bar(svg: &mut Svg, plot: &Plot, y: f64, [from, to]: [f64; 2], look: &str) {
    let (left, right) = (plot.x(from.min(to)), plot.x(from.max(to)));
    svg.rect([left, y - 4.5], [right - left, 9.0], look);
}

/// A square with its corners up, down, left and right.
pub fn diamond(svg: &mut Svg, [x, y]: [f64; 2], size: f64, look: &str) {
    let corner = |dx: f64, dy: f64| format!("{} {}", tenths(x + dx), tenths(y + dy));
    let corners = [corner(0.0, -size), corner(size, 0.0), corner(0.0, size), corner(-size, 0.0)];
    svg.path(&format!("M{}Z", corners.join("L")), look);
}

/// The attribute of a mark that stands for a city.
pub fn of_city(i: usize) -> String {
    format!(r#"data-c="{i}""#)
}

/// The finite ones of these numbers from the largest to the least, and of more than [`MOST`] those at both ends.
pub fn ends(values: &[f64]) -> Vec<usize> {
    let mut order = ranked(values);
    if order.len() > MOST {
        order.drain(MOST / 2..order.len() - MOST / 2);
    }
    order
}

/// The finite ones of these numbers from the largest to the least.
pub fn ranked(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| values[i].is_finite()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    order
}

/// ` The 15 highest and the 15 lowest of 300.`, where not all are shown.
pub fn shown_of(stage: &Stage, shown: usize, all: usize) -> String {
    if shown == all {
        return String::new();
    }
    let (high, low) = (shown / 2, shown - shown / 2);
    stage.say(
        format!(" The {high} highest and the {low} lowest of {all} are shown."),
        format!("图中仅列出 {all} 个中最高的 {high} 个与最低的 {low} 个。"),
    )
}

/// The first and the last result of a measure among those of a year, the two being one where there is one year.
pub fn span<'a>(stage: &Stage<'a>, measure: &'static str) -> Option<(&'a Outcome, &'a Outcome)> {
    let of_years = || stage.of(measure).filter(|outcome| !outcome.options.contains_key("from"));
    let first = of_years().min_by_key(|outcome| outcome.year)?;
    let last = of_years().max_by_key(|outcome| outcome.year)?;
    Some((first, last))
}

/// A year in a title, with a space before it; nothing where there is none.
pub fn year(outcome: &Outcome) -> String {
    outcome.year.map(|year| format!(" {year}")).unwrap_or_default()
}

/// The years that a result about change spans.
pub fn years(outcome: &Outcome) -> String {
    let year = |key: &str| outcome.options.get(key).map(ToString::to_string);
    match (year("from"), year("to")) {
        (Some(from), Some(to)) => format!("{from}–{to}"),
        _ => String::new(),
    }
}

/// Two numbers of one thing, as of two years: a hollow dot, a line, and a full dot.
pub fn dumbbell(svg: &mut Svg, plot: &Plot, y: f64, [from, to]: [f64; 2], city: Option<usize>) {
    let colour = super::palette::MAIN;
    let city = city.map(of_city).unwrap_or_default();
    if from.is_finite() {
        svg.line(
            [plot.x(from), y],
            [plot.x(to), y],
            &format!(r#"stroke="{colour}" stroke-width="1.2" stroke-opacity=".6""#),
        );
        svg.circle([plot.x(from), y], 3.0, &format!(r##"fill="#ffffff" stroke="{colour}" stroke-width="1.2" {city}"##));
    }
    svg.circle([plot.x(to), y], 3.6, &format!(r#"fill="{colour}" {city}"#));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_run_from_the_top_and_ends_are_kept() {
        let names: Vec<String> = ["a", "b & c"].map(String::from).to_vec();
        let x = Axis::new(Scale::exact(0.0, 1.0), "x");
        let mut heights = Vec::new();
        let body = chart(360.0, &names, &x, &[], |_, plot| heights = vec![y(plot, 2, 0), y(plot, 2, 1)]);
        assert!(heights[0] < heights[1] && body.body.contains("b &amp; c"));
        let values: Vec<f64> = (0..100).map(f64::from).chain([f64::NAN]).collect();
        let shown = ends(&values);
        assert_eq!((shown.len(), shown[0], shown[MOST - 1]), (MOST, 99, 0));
    }
}
