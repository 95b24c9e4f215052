//! A chart's frame: two axes with round ticks, a grid, and what they are called.

use super::legend::{self, Entry};
use super::scale::Scale;
use super::svg::{AXIS, Anchor, GRID, SOFT, Svg, fitted, tenths, text_width};
use super::{Body, HEIGHT, WIDTH};

/// Size of the letters of ticks.
const TICK: f64 = 10.0;
/// Size of the names of axes.
const LABEL: f64 = 10.5;

/// One axis.
#[derive(Clone, Debug)]
pub struct Axis {
    /// How numbers are laid along it.
    pub scale: Scale,
    /// What it shows, with its unit.
    pub label: String,
    /// Places with texts; those of the scale where there are none.
    pub ticks: Option<Vec<(f64, String)>>,
}

/// The share of a chart that the names of its rows may take.
const NAMES: f64 = 0.42;

impl Axis {
    /// An axis with the ticks of its scale.
    pub fn new(scale: Scale, label: impl Into<String>) -> Self {
        Self { scale, label: label.into(), ticks: None }
    }

    /// The same with these ticks.
    pub fn ticks(mut self, ticks: Vec<(f64, String)>) -> Self {
        self.ticks = Some(ticks);
        self
    }

    fn shown(&self, count: usize) -> Vec<(f64, String)> {
        let given = self.ticks.clone();
        given.unwrap_or_else(|| self.scale.ticks(count)).into_iter().filter(|(x, _)| self.scale.holds(*x)).collect()
    }
}

/// A chart of the usual size: its frame, what `draw` puts into it, and below it a legend that makes it as much higher.
pub fn chart(x: &Axis, y: &Axis, entries: &[Entry], draw: impl FnOnce(&mut Svg, &Plot)) -> Body {
    chart_of([WIDTH, HEIGHT], x, y, entries, draw)
}

/// A chart of any size without its legend, as [`chart`].
pub fn chart_of(
    [width, height]: [f64; 2],
    x: &Axis,
    y: &Axis,
    entries: &[Entry],
    draw: impl FnOnce(&mut Svg, &Plot),
) -> Body {
    let mut svg = Svg::default();
    let plot = Plot::draw(&mut svg, [width, height], 0.0, x, y);
    svg.gathered(|svg| draw(svg, &plot));
    let below = legend::draw(&mut svg, [12.0, height + 2.0], width - 20.0, entries);
    Body { width, height: height + below + 4.0, body: svg.into_body() }
}

/// The area of a chart between its axes.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    /// Left, right, top and bottom edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
    x: Scale,
    y: Scale,
}

impl Plot {
    /// Draws the frame of a chart of this width and height, its upper edge at `top`: grid, ticks, names of the axes.
    pub fn draw(svg: &mut Svg, [width, height]: [f64; 2], top: f64, x: &Axis, y: &Axis) -> Self {
        let across = y.shown(5);
        let widest = across.iter().map(|(_, text)| text_width(text, TICK)).fold(0.0, f64::max);
        let left = widest.min(width * NAMES) + 24.0;
        let plot = Self { left, right: width - 10.0, top: top + 6.0, bottom: height - 32.0, x: x.scale, y: y.scale };
        plot.grid(svg, &x.shown(6), &across, widest.min(width * NAMES));
        plot.names(svg, &x.label, &y.label);
        plot
    }

    fn grid(&self, svg: &mut Svg, down: &[(f64, String)], across: &[(f64, String)], widest: f64) {
        let (left, right) = (tenths(self.left), tenths(self.right));
        let (top, bottom) = (tenths(self.top), tenths(self.bottom));
        let level = across.iter().map(|(value, _)| format!("M{left} {}H{right}", tenths(self.y(*value))));
        let upright = down.iter().map(|(value, _)| format!("M{} {top}V{bottom}", tenths(self.x(*value))));
        svg.path(&level.chain(upright).collect::<String>(), &format!(r#"fill="none" {GRID}"#));
        svg.path(&format!("M{left} {top}V{bottom}H{right}"), &format!(r#"fill="none" {AXIS}"#));
        for (value, text) in across {
            let at = [self.left - 4.0, self.y(*value) + 3.5];
            svg.text(at, Anchor::End, TICK, SOFT, &fitted(text, TICK, widest + 1.0));
        }
        let mut free = f64::NEG_INFINITY;
        for (value, text) in down {
            let half = text_width(text, TICK) / 2.0;
            // The last tick's text ends within the picture.
            let middle = self.x(*value).min(self.right + 9.0 - half);
            if middle - half > free {
                svg.text([middle, self.bottom + 12.0], Anchor::Middle, TICK, SOFT, text);
                free = middle + half + 4.0;
            }
        }
    }

    fn names(&self, svg: &mut Svg, x: &str, y: &str) {
        let (middle, room) = ((self.left + self.right) / 2.0, self.right - self.left + 20.0);
        svg.text([middle, self.bottom + 26.0], Anchor::Middle, LABEL, SOFT, &fitted(x, LABEL, room));
        let up = self.bottom - self.top;
        let turned = format!(r#"transform="translate(10 {}) rotate(-90)""#, tenths((self.top + self.bottom) / 2.0));
        svg.group(&turned, |svg| {
            svg.text([0.0, 0.0], Anchor::Middle, LABEL, SOFT, &fitted(y, LABEL, up + 20.0));
        });
    }

    /// Where a number lies from left to right.
    pub fn x(&self, value: f64) -> f64 {
        self.left + self.x.share(value) * (self.right - self.left)
    }

    /// Where a number lies from top to bottom.
    pub fn y(&self, value: f64) -> f64 {
        self.bottom - self.y.share(value) * (self.bottom - self.top)
    }

    /// Where a pair of numbers lies.
    pub fn at(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.x(x), self.y(y)]
    }

    /// The straight line y = a + b x, as far as it lies within the frame; `None` where it does not.
    pub fn straight(&self, a: f64, b: f64) -> Option<[[f64; 2]; 2]> {
        let (mut from, mut to) = (self.x.low(), self.x.high());
        if b != 0.0 {
            let (one, other) = ((self.y.low() - a) / b, (self.y.high() - a) / b);
            (from, to) = (from.max(one.min(other)), to.min(one.max(other)));
        } else if !self.y.holds(a) {
            return None;
        }
        (from < to).then(|| [[from, a + b * from], [to, a + b * to]].map(|point| self.at(point)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_within_the_frame() {
        let mut svg = Svg::default();
        let axis = || Axis::new(Scale::exact(0.0, 10.0), "x");
        let plot = Plot::draw(&mut svg, [360.0, 270.0], 0.0, &axis(), &axis());
        let [[x1, y1], [x2, y2]] = plot.straight(-5.0, 2.0).unwrap();
        for (x, y) in [(x1, y1), (x2, y2)] {
            assert!(x >= plot.left - 1e-9 && x <= plot.right + 1e-9 && y >= plot.top - 1e-9 && y <= plot.bottom + 1e-9);
        }
        assert_eq!(plot.straight(20.0, 0.0), None);
        assert_eq!(plot.at([0.0, 0.0]), [plot.left, plot.bottom]);
        assert!(svg.into_body().contains(">10</text>"));
    }
}
