//! Legends: what each colour and sign stands for, with counts, in as many lines as they need.

use super::svg::{Anchor, SOFT, Svg, fitted, text_width};

/// Size of legends' letters.
pub const SIZE: f64 = 10.0;
/// Height of a line.
const LINE: f64 = 15.0;

/// The sign of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Sign {
    /// A filled square.
    Fill(String),
    /// A square with an outline in this colour and no filling.
    Outline(String),
    /// A line of this colour and width.
    Line(String, f64),
    /// A broken line of this colour.
    Dashes(String),
    /// A line of this colour broken in this pattern.
    Broken(String, &'static str),
    /// A dot.
    Dot(String),
    /// A dot with an outline in this colour and no filling.
    Ring(String),
    /// A square with stripes, as they are laid over colours.
    Stripes,
}

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its sign.
    pub sign: Sign,
    /// Its text.
    pub text: String,
}

impl Entry {
    /// An entry of a filled square.
    pub fn fill(colour: impl Into<String>, text: impl Into<String>) -> Self {
        Self { sign: Sign::Fill(colour.into()), text: text.into() }
    }

    /// An entry of an empty square.
    pub fn outline(colour: impl Into<String>, text: impl Into<String>) -> Self {
        Self { sign: Sign::Outline(colour.into()), text: text.into() }
    }

    /// An entry of a line.
    pub fn line(colour: impl Into<String>, text: impl Into<String>) -> Self {
        Self { sign: Sign::Line(colour.into(), 2.0), text: text.into() }
    }

    /// An entry of a broken line.
    pub fn dashes(colour: impl Into<String>, text: impl Into<String>) -> Self {
        Self { sign: Sign::Dashes(colour.into()), text: text.into() }
    }

    /// An entry of a dot.
    pub fn dot(colour: impl Into<String>, text: impl Into<String>) -> Self {
        Self { sign: Sign::Dot(colour.into()), text: text.into() }
    }

    /// An entry of a hollow dot.
    pub fn ring(colour: impl Into<String>, text: impl Into<String>) -> Self {
        Self { sign: Sign::Ring(colour.into()), text: text.into() }
    }

    fn width(&self) -> f64 {
        16.0 + text_width(&self.text, SIZE) + 10.0
    }
}

/// The height that entries take within a width.
pub fn height(width: f64, entries: &[Entry]) -> f64 {
    draw(&mut Svg::default(), [0.0, 0.0], width, entries)
}

/// Draws entries from `at`, within a width, and gives the height that they take.
pub fn draw(svg: &mut Svg, [left, top]: [f64; 2], width: f64, entries: &[Entry]) -> f64 {
    let mut places = Vec::with_capacity(entries.len());
    let (mut x, mut y) = (left, top);
    for entry in entries {
        if x > left && x + entry.width() > left + width {
            (x, y) = (left, y + LINE);
        }
        places.push([x, y]);
        x += entry.width();
    }
    entries.iter().zip(&places).for_each(|(entry, at)| sign(svg, *at, &entry.sign));
    for (entry, [x, y]) in entries.iter().zip(&places) {
        let text = fitted(&entry.text, SIZE, left + width - x - 15.0);
        svg.text([x + 15.0, y + 9.0], Anchor::Start, SIZE, SOFT, &text);
    }
    if entries.is_empty() { 0.0 } else { y + LINE - top }
}

fn sign(svg: &mut Svg, [x, y]: [f64; 2], sign: &Sign) {
    let middle = y + 5.5;
    match sign {
        Sign::Fill(colour) => {
            svg.rect(
                [x, y + 0.5],
                [11.0, 10.0],
                &format!(r##"fill="{colour}" class="box" stroke="#8c959f" stroke-width=".5""##),
            );
        }
        Sign::Outline(colour) => {
            svg.rect([x + 1.0, y + 1.5], [9.0, 8.0], &format!(r#"fill="none" stroke="{colour}" stroke-width="2""#));
        }
        Sign::Line(colour, width) => {
            svg.line([x, middle], [x + 12.0, middle], &format!(r#"stroke="{colour}" stroke-width="{width}""#));
        }
        Sign::Dashes(colour) => {
            let look = format!(r#"stroke="{colour}" stroke-width="1.5" stroke-dasharray="3 2""#);
            svg.line([x, middle], [x + 12.0, middle], &look);
        }
        Sign::Broken(colour, pattern) => {
            let look = format!(r#"stroke="{colour}" stroke-width="1.8" stroke-dasharray="{pattern}""#);
            svg.line([x - 1.0, middle], [x + 13.0, middle], &look);
        }
        Sign::Ring(colour) => {
            let look = format!(r#"fill="none" stroke="{colour}" stroke-width="1.3""#);
            svg.circle([x + 5.5, middle], 3.6, &look);
        }
        Sign::Stripes => {
            svg.rect([x, y + 0.5], [11.0, 10.0], r##"fill="#6e7781""##);
            svg.rect([x, y + 0.5], [11.0, 10.0], r#"fill="url(#stripes)""#);
        }
        Sign::Dot(colour) => svg.circle([x + 5.5, middle], 4.0, &format!(r#"fill="{colour}""#)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_wrap_within_their_width() {
        let entries: Vec<Entry> = (0..7).map(|i| Entry::fill("#fff", format!("class number {i}"))).collect();
        let mut svg = Svg::default();
        let height = draw(&mut svg, [0.0, 0.0], 300.0, &entries);
        assert!(height >= 2.0 * LINE, "{height}");
        let body = svg.into_body();
        let right =
            body.split("<rect x=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse::<f64>().unwrap());
        assert!(right.clone().count() == 7 && right.fold(0.0, f64::max) < 250.0, "{body}");
    }
}
