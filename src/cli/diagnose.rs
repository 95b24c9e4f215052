//! Errors and notes as text for people: what, where, what to do.

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};

use crate::error::{Error, Kind};
use crate::note::{Level, Note};

/// Most messages of one kind that are shown.
const MOST: usize = 10;

/// Text without control characters: C0, DEL, C1 and those that change the direction of writing appear as `\u{1b}`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let hidden = c.is_control()
            || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if hidden {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Writes to standard error, if there is one.
pub fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether standard error is a terminal that wants colours.
pub fn colours() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// An error, one line for each fault with its hint below; at most ten of a kind.
pub fn error_text(error: &Error, colours: bool) -> String {
    let mut shown: HashMap<Kind, usize> = HashMap::new();
    let faults: Vec<_> = error
        .faults()
        .iter()
        .filter(|fault| {
            let count = shown.entry(fault.kind()).or_default();
            *count += 1;
            *count <= MOST
        })
        .collect();
    let mut text = String::new();
    for (i, fault) in faults.iter().enumerate() {
        text += &labelled("error", "31", &fault.to_string(), colours);
        let said_again = faults.get(i + 1).is_some_and(|next| next.remedy() == fault.remedy());
        if let Some(hint) = fault.remedy().filter(|_| !said_again) {
            text += &format!("  hint: {}\n", visible(hint));
        }
    }
    let more: usize = shown.values().map(|count| count.saturating_sub(MOST)).sum();
    if more > 0 {
        text += &format!("  and {more} more\n");
    }
    text
}

/// Notes, at most ten of a kind; `quiet` leaves only warnings.
pub fn notes_text(notes: &[&Note], quiet: bool, colours: bool) -> String {
    let mut shown: HashMap<&str, usize> = HashMap::new();
    let mut text = String::new();
    for note in notes.iter().filter(|note| note.level == Level::Warning || !quiet) {
        let count = shown.entry(note.code).or_default();
        *count += 1;
        if *count <= MOST {
            text += &match note.level {
                Level::Warning => labelled("warning", "33", &note.message, colours),
                Level::Note => labelled("note", "36", &note.message, colours),
            };
        }
    }
    let more: usize = shown.values().map(|count| count.saturating_sub(MOST)).sum();
    if more > 0 {
        text += &format!("  and {more} more\n");
    }
    text
}

fn labelled(label: &str, colour: &str, message: &str, colours: bool) -> String {
    let message = visible(message);
    if colours { format!("\u{1b}[1;{colour}m{label}\u{1b}[0m: {message}\n") } else { format!("{label}: {message}\n") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Fault, Faults};

    #[test]
    fn control_characters_are_shown_and_not_sent() {
        assert_eq!(visible("a\u{1b}[31m\u{7f}\u{9b}\u{202e}市\n"), "a\\u{1b}[31m\\u{7f}\\u{9b}\\u{202e}市\\u{a}");
    }

    #[test]
    fn ten_of_a_kind_are_enough_and_a_hint_is_given_once() {
        let mut faults = Faults::default();
        for row in 0..41 {
            faults.push(
                Fault::new(Kind::Value, "\"x\" is not a number").feature(row).field("gdp").hint("write a number"),
            );
        }
        faults.push(Fault::new(Kind::Column, "there is no column \"gpd\"").file("c.geojson"));
        let text = error_text(&faults.finish(()).unwrap_err(), false);
        assert_eq!(text.matches("is not a number").count(), 10);
        assert_eq!(text.matches("hint:").count(), 1);
        assert!(text.ends_with("error: c.geojson: there is no column \"gpd\"\n  and 31 more\n"), "{text}");
    }

    #[test]
    fn quiet_keeps_warnings() {
        let notes = [Note::remark("a", "small"), Note::warning("b", "left out")];
        let notes: Vec<&Note> = notes.iter().collect();
        assert_eq!(notes_text(&notes, true, false), "warning: left out\n");
        assert!(notes_text(&notes, false, true).starts_with("\u{1b}[1;36mnote\u{1b}[0m: small\n"));
    }
}
