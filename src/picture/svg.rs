//! Writing SVG: numbers with one decimal, text escaped, looks as attributes.
//!
//! Looks are presentation attributes, so that a picture is the same wherever it is opened; the classes beside them let
//! a page give ink and paper the colours of its theme.

use std::fmt::Write;

/// Text and marks in the colour of ink.
pub const INK: &str = r##"class="ink" fill="#1f2328""##;
/// Text that stands back: labels of axes and legends.
pub const SOFT: &str = r##"class="soft" fill="#57606a""##;
/// Lines of axes and frames.
pub const AXIS: &str = r##"class="axis" stroke="#8c959f""##;
/// Lines of grids.
pub const GRID: &str = r##"class="grid" stroke="#e1e5ea""##;
/// Outlines in the colour of the paper, that part one area from the next.
pub const EDGE: &str = r##"class="edge" stroke="#ffffff""##;

/// The fonts of pictures: those of the system, with Chinese ones by name.
pub const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'Noto Sans CJK SC', \
    'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', sans-serif";

/// Where a text stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// The body of a picture while it is drawn.
#[derive(Clone, Debug, Default)]
pub struct Svg {
    body: String,
}

impl Svg {
    /// What was drawn.
    pub fn into_body(self) -> String {
        self.body
    }

    /// Draws `content` into a group with these attributes.
    pub fn group(&mut self, attributes: &str, content: impl FnOnce(&mut Self)) {
        let _ = write!(self.body, "<g {attributes}>");
        content(self);
        self.body.push_str("</g>");
    }

    /// A straight line.
    pub fn line(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], attributes: &str) {
        let (x1, y1, x2, y2) = (tenths(x1), tenths(y1), tenths(x2), tenths(y2));
        let _ = write!(self.body, r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {attributes}/>"#);
    }

    /// A path of this outline.
    pub fn path(&mut self, outline: &str, attributes: &str) {
        let _ = write!(self.body, r#"<path d="{outline}" {attributes}/>"#);
    }

    /// A line through points.
    pub fn polyline(&mut self, points: &[[f64; 2]], attributes: &str) {
        let outline = outline(points);
        if !outline.is_empty() {
            self.path(&outline, &format!(r#"fill="none" {attributes}"#));
        }
    }

    /// A circle.
    pub fn circle(&mut self, [x, y]: [f64; 2], radius: f64, attributes: &str) {
        let (x, y, radius) = (tenths(x), tenths(y), tenths(radius));
        let _ = write!(self.body, r#"<circle cx="{x}" cy="{y}" r="{radius}" {attributes}/>"#);
    }

    /// A rectangle by its upper left corner and size.
    pub fn rect(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], attributes: &str) {
        let (x, y, width, height) = (tenths(x), tenths(y), tenths(width.max(0.0)), tenths(height.max(0.0)));
        let _ = write!(self.body, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" {attributes}/>"#);
    }

    /// A text with its baseline at the point; `attributes` say its colour.
    pub fn text(&mut self, at: [f64; 2], anchor: Anchor, size: f64, attributes: &str, text: &str) {
        let (x, y, size) = (tenths(at[0]), tenths(at[1]), tenths(size));
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let text = escaped(text);
        let _ = write!(self.body, r#"<text x="{x}" y="{y}" font-size="{size}"{anchor} {attributes}>{text}</text>"#);
    }

    /// Elements that are written already.
    pub fn raw(&mut self, elements: &str) {
        self.body.push_str(elements);
    }

    /// Something that is shared, drawn once more: `<use>` of this id.
    pub fn shared(&mut self, id: &str, attributes: &str) {
        let space = if attributes.is_empty() { "" } else { " " };
        let _ = write!(self.body, r##"<use href="#{id}"{space}{attributes}/>"##);
    }

    /// The line element of a hover text of what comes next in a group.
    pub fn title(&mut self, text: &str) {
        let _ = write!(self.body, "<title>{}</title>", escaped(text));
    }
}

/// `M` and `L` through points; nothing for fewer than two.
pub fn outline(points: &[[f64; 2]]) -> String {
    let mut text = String::new();
    if points.len() < 2 {
        return text;
    }
    for (i, [x, y]) in points.iter().enumerate() {
        let _ = write!(text, "{}{} {}", if i == 0 { "M" } else { "L" }, tenths(*x), tenths(*y));
    }
    text
}

/// A number with at most one decimal; 0 for one that is not finite.
pub fn tenths(x: f64) -> String {
    let x = if x.is_finite() { (x * 10.0).round() / 10.0 + 0.0 } else { 0.0 };
    format!("{x}")
}

/// Text for content and attributes of XML and HTML; characters that XML does not have become a question mark in a lozenge.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            // Characters that turn the direction of what follows could show a name as another.
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

/// How wide a text is at a font size, in about and rather too wide, since fonts differ from system to system; Chinese
/// characters are as wide as they are high.
pub fn text_width(text: &str, size: f64) -> f64 {
    let em: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'l' | 'j' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | '(' | ')' | '-' => 0.4,
            'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.95,
            'A'..='Z' | '≤' | '≥' | '±' | '→' => 0.74,
            c if c.is_ascii() => 0.63,
            '\u{300}'..='\u{36f}' => 0.0,
            '\u{80}'..='\u{2fff}' => 0.62,
            _ => 1.0,
        })
        .sum();
    em * size
}

/// A text cut to a width, with an ellipsis where it was cut.
pub fn fitted(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        cut.push(c);
        if text_width(&cut, size) + size > width {
            cut.pop();
            break;
        }
    }
    cut.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_leave_its_place() {
        let mut svg = Svg::default();
        svg.text([1.0, 2.0], Anchor::Middle, 11.0, INK, "</text><script>alert(\"1\")</script>\u{1b}[31m\u{202e}");
        let body = svg.into_body();
        assert!(!body.contains("<script") && !body.contains('\u{1b}') && !body.contains('\u{202e}'), "{body}");
        assert_eq!(body.matches('<').count(), 2);
    }

    #[test]
    fn numbers_are_short_and_finite() {
        assert_eq!([tenths(1.0), tenths(-0.04), tenths(2.26), tenths(f64::NAN)], ["1", "0", "2.3", "0"]);
    }

    #[test]
    fn texts_are_cut_to_their_room() {
        assert_eq!(fitted("Shanghai", 10.0, 100.0), "Shanghai");
        let cut = fitted("Llanfairpwllgwyngyll", 10.0, 50.0);
        assert!(cut.ends_with('…') && text_width(&cut, 10.0) <= 55.0, "{cut}");
        assert_eq!(text_width("上海", 10.0), 20.0);
    }
}
