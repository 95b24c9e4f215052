//! Texts from data as TOML: whatever they hold, they stay within their quotes or their comment.

use std::fmt::Write;

/// Widest line of a comment.
const WIDTH: usize = 118;

/// A basic string on one line.
pub(super) fn text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if hidden(c) => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Control characters, line ends of Unicode, and marks that turn the direction of what follows.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A list of basic strings.
pub(super) fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    listed(items.into_iter().map(|item| text(item.as_ref())))
}

/// A list of what is TOML already.
pub(super) fn listed(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(", "))
}

/// Comment lines of this prose, broken between words.
pub(super) fn comment(prose: &str) -> String {
    let safe = |c: char| if hidden(c) { '\u{fffd}' } else { c };
    let (mut lines, mut line) = (String::new(), String::from("#"));
    for word in prose.split([' ', '\n']).filter(|word| !word.is_empty()) {
        if line.chars().count() > 1 && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines += &(std::mem::replace(&mut line, String::from("#")) + "\n");
        }
        line.push(' ');
        line.extend(word.chars().map(safe));
    }
    lines + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_broken_into_lines_that_are_all_comments() {
        let prose = format!("{} a\nb\rc = 1\u{2028}d", "word ".repeat(40));
        let text = comment(&prose);
        assert!(text.lines().count() > 1 && text.lines().all(|line| line.starts_with("# ")), "{text}");
        assert!(text.ends_with("a b\u{fffd}c = 1\u{fffd}d\n"));
        assert_eq!(text.parse::<toml::Table>().unwrap(), toml::Table::new());
    }

    proptest::proptest! {
        #[test]
        fn every_text_comes_back(any in "(\\PC|[\"'\\\\\n\r\t\u{0}\u{7f}\u{85}\u{2028}\u{202e}#=]|\"\"\"){0,12}") {
            let line = format!("# {}\nkey = {}\n", text(&any), text(&any));
            proptest::prop_assert_eq!(line.lines().count(), 2);
            let table: toml::Table = line.parse().unwrap();
            proptest::prop_assert_eq!(table["key"].as_str(), Some(any.as_str()));
            let table: toml::Table = format!("{}key = 1\n", comment(&any)).parse().unwrap();
            proptest::prop_assert_eq!(table.len(), 1);
        }
    }
}
