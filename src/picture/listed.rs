//! Charts with a line for each of some names: bars, dots and intervals from left to right.

use super::legend::Entry;
use super::plot::{self, Axis, Plot};
use super::scale::Scale;
use super::svg::Svg;
use super::{Body, WIDTH};

/// Height of a line.
const LINE: f64 = 19.0;

/// Draws the lines from above, each by its place.
pub fn draw(names: &[String], x: &Axis, entries: &[Entry], line: impl Fn(&mut Svg, &Plot, usize)) -> Body {
    draw_of(names, LINE, x, entries, line)
}

/// The same with lines of any height.
pub fn draw_of(
    names: &[String],
    height: f64,
    x: &Axis,
    entries: &[Entry],
    line: impl Fn(&mut Svg, &Plot, usize),
) -> Body {
    let n = names.len();
    let ticks = names.iter().enumerate().map(|(at, name)| ((n - 1 - at) as f64, name.clone())).collect();
    let y = Axis::new(Scale::exact(-0.6, n as f64 - 0.4), "").ticks(ticks);
    plot::chart_of([WIDTH, height * n as f64 + 50.0], x, &y, entries, |svg, plot| {
        (0..n).for_each(|at| line(svg, plot, at));
    })
}

/// The height of line `at` of `n`.
pub fn y(plot: &Plot, n: usize, at: usize) -> f64 {
    plot.y(n as f64 - 1.0 - at as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_above() {
        let names = ["a", "b", "c"].map(String::from);
        let heights = std::cell::RefCell::new(Vec::new());
        let body = draw(&names, &Axis::new(Scale::exact(0.0, 1.0), "x"), &[], |_, plot, at| {
            heights.borrow_mut().push(y(plot, 3, at));
        });
        let heights = heights.into_inner();
        assert!(heights[0] < heights[1] && heights[1] < heights[2] && heights[2] < body.height, "{heights:?}");
    }
}
