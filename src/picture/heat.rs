//! A square of transition probabilities: from the class in the row to that in the column.

use super::legend::{self, Entry};
use super::palette::{self, ink_on};
use super::svg::{Anchor, EDGE, INK, SOFT, Svg, fitted, text_width};

/// Transitions between classes.
pub struct Transitions {
    /// Names of the classes.
    pub classes: Vec<String>,
    /// From each class to each; NaN where nobody was in the class.
    pub probabilities: Vec<Vec<f64>>,
    /// How many transitions each row rests on; NaN where that is not known.
    pub totals: Vec<f64>,
    /// What stands above the columns.
    pub to: String,
    /// What stands beside the rows.
    pub from: String,
}

/// Room above the cells.
const ABOVE: f64 = 32.0;

impl Transitions {
    /// Draws it from `at` into a width, with cells of a height, and gives the height of all.
    pub fn draw(&self, svg: &mut Svg, [left, top]: [f64; 2], width: f64, cell: f64) -> f64 {
        let k = self.classes.len().max(1) as f64;
        let names: Vec<String> = (0..self.probabilities.len()).map(|i| self.name(i)).collect();
        let widest = names.iter().map(|name| text_width(name, 9.5)).fold(60.0, f64::max);
        let beside = (widest + 8.0).min(width / 2.5);
        let across = (width - beside) / k;
        let (from_left, from_top) = (left + beside, top + ABOVE);
        svg.text(
            [left + beside + across * k / 2.0, top + 12.0],
            Anchor::Middle,
            10.0,
            SOFT,
            &fitted(&self.to, 10.0, across * k),
        );
        svg.text([left, top + 26.0], Anchor::Start, 10.0, SOFT, &fitted(&self.from, 10.0, beside - 4.0));
        for (j, class) in self.classes.iter().enumerate() {
            let middle = from_left + across * (j as f64 + 0.5);
            svg.text([middle, top + 26.0], Anchor::Middle, 9.5, SOFT, &fitted(class, 9.5, across - 2.0));
        }
        for (i, row) in self.probabilities.iter().enumerate() {
            let y = from_top + cell * i as f64;
            svg.text(
                [from_left - 5.0, y + cell / 2.0 + 3.4],
                Anchor::End,
                9.5,
                SOFT,
                &fitted(&names[i], 9.5, beside - 6.0),
            );
            for (j, p) in row.iter().enumerate() {
                square(svg, [from_left + across * j as f64, y], [across, cell], *p);
            }
        }
        ABOVE + cell * self.probabilities.len() as f64
    }

    /// The class of a row, with how many transitions it rests on.
    fn name(&self, i: usize) -> String {
        let name = &self.classes[i];
        if self.totals[i].is_finite() { format!("{name} (n = {})", self.totals[i]) } else { name.clone() }
    }
}

fn square(svg: &mut Svg, [x, y]: [f64; 2], [width, height]: [f64; 2], p: f64) {
    let middle = [x + width / 2.0, y + height / 2.0 + 3.6];
    if !p.is_finite() {
        svg.rect([x, y], [width, height], &format!(r#"fill="{}" {EDGE}"#, palette::NO_VALUE));
        return;
    }
    let colour = colour(p);
    svg.rect([x, y], [width, height], &format!(r#"fill="{colour}" {EDGE}"#));
    svg.text(middle, Anchor::Middle, 10.5, &format!(r#"fill="{}""#, ink_on(&colour)), &format!("{p:.2}"));
}

/// Light to dark, from 0 to 1.
pub fn colour(p: f64) -> String {
    palette::along(palette::sequential(5), p)
}

/// The legend of the cells; gives its height.
pub fn legend(svg: &mut Svg, at: [f64; 2], width: f64, missing: Option<&str>) -> f64 {
    let mut entries: Vec<Entry> = [0.0, 0.25, 0.5, 0.75, 1.0].map(|p| Entry::fill(colour(p), format!("{p}"))).to_vec();
    entries.extend(missing.map(|text| Entry::fill(palette::NO_VALUE, text)));
    legend::draw(svg, at, width, &entries)
}

/// A title of a panel.
pub fn panel_title(svg: &mut Svg, at: [f64; 2], width: f64, text: &str) {
    svg.text(at, Anchor::Start, 10.5, INK, &fitted(text, 10.5, width));
}
