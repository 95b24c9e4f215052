//! Stacked bars: what a whole is made of, bar by bar.

use super::legend::Entry;
use super::palette::ink_on;
use super::plot::{self, Axis};
use super::scale::Scale;
use super::svg::{Anchor, EDGE, INK, text_width};
use super::{Body, HEIGHT, WIDTH};

/// What all bars are made of: colour and name.
pub type Part = (String, String);

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What stands below it.
    pub label: String,
    /// The size of each of its parts, from below; what is not above 0 is not drawn.
    pub parts: Vec<f64>,
    /// What stands in each part, where there is room.
    pub texts: Vec<String>,
    /// What stands on it.
    pub total: String,
}

/// A chart of stacked bars.
pub fn draw(bars: &[Bar], parts: &[Part], x_label: &str, y_label: &str) -> Body {
    let heights = bars.iter().map(|bar| bar.parts.iter().filter(|part| **part > 0.0).sum::<f64>());
    let top = heights.fold(0.0, f64::max);
    let y = Axis::new(Scale::exact(0.0, if top > 0.0 { top * 1.1 } else { 1.0 }), y_label);
    let ticks = bars.iter().enumerate().map(|(at, bar)| (at as f64, bar.label.clone())).collect();
    let x = Axis::new(Scale::exact(-0.5, bars.len() as f64 - 0.5), x_label).ticks(ticks);
    let entries: Vec<Entry> = parts.iter().rev().map(|(colour, name)| Entry::fill(colour, name)).collect();
    plot::chart_of([WIDTH, HEIGHT], &x, &y, &entries, |svg, plot| {
        let width = ((plot.x(1.0) - plot.x(0.0)) * 0.72).min(96.0);
        for (at, bar) in bars.iter().enumerate() {
            let left = plot.x(at as f64) - width / 2.0;
            let mut below = 0.0;
            for (k, size) in bar.parts.iter().enumerate().filter(|(_, size)| **size > 0.0) {
                let (upper, lower) = (plot.y(below + size), plot.y(below));
                let colour = &parts[k].0;
                let look = format!(r#"fill="{colour}" {EDGE} stroke-width=".5""#);
                svg.rect([left, upper], [width, lower - upper], &look);
                let text = &bar.texts[k];
                if lower - upper >= 11.0 && text_width(text, 9.5) <= width - 2.0 {
                    let ink = format!(r#"fill="{}""#, ink_on(colour));
                    svg.text([plot.x(at as f64), f64::midpoint(upper, lower) + 3.4], Anchor::Middle, 9.5, &ink, text);
                }
                below += size;
            }
            if text_width(&bar.total, 9.5) <= width.max(plot.x(1.0) - plot.x(0.0)) - 3.0 {
                svg.text([plot.x(at as f64), plot.y(below) - 4.0], Anchor::Middle, 9.5, INK, &bar.total);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_on_each_other() {
        let bar = |parts: [f64; 2]| Bar {
            label: "<2010>".into(),
            parts: parts.to_vec(),
            texts: vec!["one".into(), "two".into()],
            total: "all".into(),
        };
        let parts = [("#0072b2", "a"), ("#e69f00", "b")].map(|(colour, name)| (colour.to_owned(), name.to_owned()));
        let body = draw(&[bar([0.3, 0.1]), bar([0.2, 0.0]), bar([f64::NAN, 0.1])], &parts, "", "share").body;
        assert_eq!(body.matches("<rect").count() - 2, 4, "{body}");
        assert!(body.contains("&lt;2010&gt;") && body.contains(">one<") && body.contains(">all<"));
    }
}
