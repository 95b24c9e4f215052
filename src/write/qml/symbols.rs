//! Symbols: how one feature is drawn.

use super::line;

/// What is drawn of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A circle.
    Point,
    /// A line.
    Line,
    /// A filled area.
    Area,
}

impl Mark {
    /// The type of the symbol and the class of its layer.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Point => ("marker", "SimpleMarker"),
            Self::Line => ("line", "SimpleLine"),
            Self::Area => ("fill", "SimpleFill"),
        }
    }

    fn properties(self, colour: &str) -> Vec<(&'static str, &str)> {
        let outline = [
            ("color", colour),
            ("outline_color", "255,255,255,255"),
            ("outline_width", "0.2"),
            ("outline_style", "solid"),
            ("outline_width_unit", "MM"),
        ];
        match self {
            Self::Point => [&outline[..], &[("name", "circle"), ("size", "3"), ("size_unit", "MM")]].concat(),
            Self::Line => vec![
                ("line_color", colour),
                ("line_width", "0.4"),
                ("line_width_unit", "MM"),
                ("line_style", "solid"),
                ("capstyle", "round"),
                ("joinstyle", "round"),
            ],
            Self::Area => [&outline[..], &[("style", "solid")]].concat(),
        }
    }
}

/// Writes a symbol in both the new and the old form of QGIS.
pub(super) fn symbol(xml: &mut String, name: usize, colour: &str, mark: Mark) {
    let (kind, class) = mark.names();
    let colour = rgba(colour);
    let properties = mark.properties(&colour);
    line(
        xml,
        &format!("      <symbol type=\"{kind}\" name=\"{name}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">"),
    );
    line(
        xml,
        &format!(
            "        <layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\">\n          <Option type=\"Map\">"
        ),
    );
    for (key, value) in &properties {
        line(xml, &format!("            <Option type=\"QString\" name=\"{key}\" value=\"{value}\"/>"));
    }
    line(xml, "          </Option>");
    for (key, value) in &properties {
        line(xml, &format!("          <prop k=\"{key}\" v=\"{value}\"/>"));
    }
    xml.push_str("        </layer>\n      </symbol>\n");
}

/// `202,0,32,255` from `#ca0020`.
fn rgba(colour: &str) -> String {
    let part = |at: usize| colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
    format!("{},{},{},255", part(1), part(3), part(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_a_colour_of_their_own_key() {
        let mut xml = String::new();
        symbol(&mut xml, 3, "#ca0020", Mark::Line);
        assert!(
            xml.contains("type=\"line\" name=\"3\"") && xml.contains("k=\"line_color\" v=\"202,0,32,255\""),
            "{xml}"
        );
    }
}
