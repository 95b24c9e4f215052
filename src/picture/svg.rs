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

/// The classes of ink and paper with their whole looks.
pub const INKS: [(&str, &str); 5] = [
    (r#"class="ink""#, INK),
    (r#"class="soft""#, SOFT),
    (r#"class="axis""#, AXIS),
    (r#"class="grid""#, GRID),
    (r#"class="edge""#, EDGE),
];

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
///
/// Elements with the same looks that follow each other share one group, so that their looks are written once.
#[derive(Clone, Debug, Default)]
pub struct Svg {
    body: String,
    /// Elements that wait for others with the same looks; one lot of them unless they are gathered.
    waiting: Vec<Lot>,
    gathering: bool,
}

/// Elements with the same looks.
#[derive(Clone, Debug)]
struct Lot {
    looks: String,
    words: bool,
    /// The elements, each with a mark where its looks would stand.
    elements: Vec<String>,
}

impl Svg {
    /// What was drawn.
    pub fn into_body(mut self) -> String {
        self.settle();
        self.body
    }

    /// Draws `content` into a group with these attributes.
    pub fn group(&mut self, attributes: &str, content: impl FnOnce(&mut Self)) {
        self.settle();
        let _ = write!(self.body, "<g {attributes}>");
        content(self);
        self.settle();
        self.body.push_str("</g>");
    }

    /// Draws `content` with all elements of the same looks together, in the order in which looks come first, and words
    /// above all other elements: for marks that lie side by side, as those of a chart.
    pub fn gathered(&mut self, content: impl FnOnce(&mut Self)) {
        self.settle();
        let before = std::mem::replace(&mut self.gathering, true);
        content(self);
        self.settle();
        self.gathering = before;
    }

    /// Adds an element: its name with what places it, its looks, and how it ends.
    fn add(&mut self, element: &str, looks: &str, end: &str) {
        let (city, looks) = parted(looks);
        let space = if city.is_empty() { "" } else { " " };
        let written = format!("<{element}{space}{city}\u{0}{end}");
        // What holds for an element as a whole would hold for a group as a whole, which is not the same.
        let whole = looks.contains("transform=") || looks.starts_with("opacity=") || looks.contains(" opacity=");
        if whole {
            self.settle();
        }
        let open = if self.gathering { 0 } else { self.waiting.len().saturating_sub(1) };
        match self.waiting[open..].iter_mut().find(|lot| lot.looks == looks) {
            Some(lot) => lot.elements.push(written),
            None => {
                if !self.gathering {
                    self.settle();
                }
                let words = element.starts_with("text");
                self.waiting.push(Lot { looks, words, elements: vec![written] });
            }
        }
        if whole {
            self.settle();
        }
    }

    /// Writes the elements that wait for others.
    fn settle(&mut self) {
        let mut lots = std::mem::take(&mut self.waiting);
        lots.sort_by_key(|lot| lot.words);
        for Lot { looks, elements, .. } in lots {
            let group = elements.len() > 1 && !looks.is_empty();
            let (own, before, after) = match group {
                true => (String::new(), format!("<g {looks}>"), "</g>"),
                false if looks.is_empty() => (looks, String::new(), ""),
                false => (format!(" {looks}"), String::new(), ""),
            };
            self.body += &before;
            elements.iter().for_each(|element| self.body += &element.replace('\0', &own));
            self.body += after;
        }
    }

    /// A straight line.
    pub fn line(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], attributes: &str) {
        let (x1, y1, x2, y2) = (tenths(x1), tenths(y1), tenths(x2), tenths(y2));
        self.add(&format!(r#"line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}""#), attributes, "/>");
    }

    /// A path of this outline.
    pub fn path(&mut self, outline: &str, attributes: &str) {
        self.add(&format!(r#"path d="{outline}""#), attributes, "/>");
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
        self.add(&format!(r#"circle cx="{x}" cy="{y}" r="{radius}""#), attributes, "/>");
    }

    /// A rectangle by its upper left corner and size.
    pub fn rect(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], attributes: &str) {
        let (x, y, width, height) = (tenths(x), tenths(y), tenths(width.max(0.0)), tenths(height.max(0.0)));
        self.add(&format!(r#"rect x="{x}" y="{y}" width="{width}" height="{height}""#), attributes, "/>");
    }

    /// A text with its baseline at the point; `attributes` say its colour.
    pub fn text(&mut self, at: [f64; 2], anchor: Anchor, size: f64, attributes: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let (x, y, size) = (tenths(at[0]), tenths(at[1]), tenths(size));
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let looks = format!(r#"font-size="{size}"{anchor} {attributes}"#);
        self.add(&format!(r#"text x="{x}" y="{y}""#), &looks, &format!(">{}</text>", escaped(text)));
    }

    /// Elements that are written already.
    pub fn raw(&mut self, elements: &str) {
        self.settle();
        self.body.push_str(elements);
    }

    /// Something that is shared, drawn once more: `<use>` of this id.
    pub fn shared(&mut self, id: &str, attributes: &str) {
        self.add(&format!(r##"use href="#{id}""##), attributes, "/>");
    }

    /// The line element of a hover text of what comes next in a group.
    pub fn title(&mut self, text: &str) {
        self.settle();
        let _ = write!(self.body, "<title>{}</title>", escaped(text));
    }
}

/// The city of an element, and its looks without it.
fn parted(looks: &str) -> (&str, String) {
    let looks = looks.trim();
    let Some(from) = looks.find("data-c=\"") else { return ("", looks.to_owned()) };
    let to = looks[from + 8..].find('"').map_or(looks.len(), |end| from + 8 + end + 1);
    let (before, after) = (looks[..from].trim_end(), looks[to..].trim_start());
    let space = if before.is_empty() || after.is_empty() { "" } else { " " };
    (&looks[from..to], format!("{before}{space}{after}"))
}

/// The attribute of the mark of a city in a drawing, its own or that of the groups about it.
#[cfg(test)]
pub(crate) fn of_city(body: &str, city: usize, attribute: &str) -> Option<String> {
    let text = format!("<svg>{body}</svg>");
    let document = roxmltree::Document::parse(&text).expect("a drawing is XML");
    let city = city.to_string();
    let mark = document.descendants().find(|node| node.attribute("data-c") == Some(&city))?;
    mark.ancestors().find_map(|node| node.attribute(attribute)).map(str::to_owned)
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
    fn what_looks_alike_is_written_once() {
        let mut svg = Svg::default();
        svg.circle([1.0, 1.0], 2.0, r#"fill="red" data-c="3" stroke="blue""#);
        svg.text([1.0, 1.0], Anchor::Start, 9.0, "", "a");
        svg.line([0.0, 0.0], [1.0, 1.0], r#"stroke="red""#);
        svg.line([0.0, 0.0], [2.0, 2.0], r#"stroke="red""#);
        svg.line([0.0, 0.0], [3.0, 3.0], r#"stroke="red" opacity=".5""#);
        svg.line([0.0, 0.0], [3.0, 3.0], r#"stroke="red" opacity=".5""#);
        assert_eq!(
            svg.into_body(),
            r##"<circle cx="1" cy="1" r="2" data-c="3" fill="red" stroke="blue"/><text x="1" y="1" font-size="9">a</text><g stroke="red"><line x1="0" y1="0" x2="1" y2="1"/><line x1="0" y1="0" x2="2" y2="2"/></g><line x1="0" y1="0" x2="3" y2="3" stroke="red" opacity=".5"/><line x1="0" y1="0" x2="3" y2="3" stroke="red" opacity=".5"/>"##
        );
    }

    #[test]
    fn what_is_gathered_keeps_words_on_top() {
        let mut svg = Svg::default();
        svg.gathered(|svg| {
            for (x, colour) in [(1.0, "red"), (2.0, "blue"), (3.0, "red")] {
                svg.circle([x, 0.0], 1.0, &format!(r#"fill="{colour}""#));
                svg.text([x, 0.0], Anchor::Start, 9.0, "", "a");
            }
        });
        let body = svg.into_body();
        let at = |text: &str| body.find(text).unwrap();
        assert!(at("cx=\"3\"") < at("cx=\"2\"") && at("cx=\"2\"") < at("<text"), "{body}");
        assert_eq!(body.matches("<g ").count(), 2);
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
