//! Numbers with thousands separators and full-width digits, as yearbooks print them.

use super::Number;
use super::column::{Cell, Column};

/// What stands between groups of three digits.
const SEPARATORS: [char; 8] = [',', '，', ' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '’'];

/// The plain spelling of a number that is written with full-width digits or in groups of three digits, where that can
/// mean one number only: one separator throughout, and three digits after each. `None` for anything else, also for a number that is plain.
pub(super) fn without_groups(text: &str) -> Option<String> {
    let narrow = |c: char| match c {
        '０'..='９' | '．' | '－' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '−' => '-',
        other => other,
    };
    let narrowed: String = text.trim().chars().map(narrow).collect();
    let unsigned = narrowed.strip_prefix('-').unwrap_or(&narrowed);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let plain = match whole.chars().find(|c| SEPARATORS.contains(c)) {
        None => narrowed.clone(),
        Some(separator) => {
            let mut groups = whole.split(separator);
            let first = groups.next()?;
            let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
            let sound = (1..=3).contains(&first.len()) && !first.starts_with('0') && digits(first);
            if !sound || !digits(fraction) || !groups.all(|group| group.len() == 3 && digits(group)) {
                return None;
            }
            narrowed.replace(separator, "")
        }
    };
    (plain != text.trim() && matches!(Number::parse(&plain), Number::Finite(_))).then_some(plain)
}

/// The column with such numbers in plain spelling, and how many there were.
pub(super) fn plain_column(column: Column) -> (Column, usize) {
    let mut count = 0;
    let cells: Vec<Cell> = (0..column.len())
        .map(|row| match column.cell(row) {
            Cell::Text(text) => match without_groups(&text) {
                Some(plain) => {
                    count += 1;
                    Cell::Text(plain.into())
                }
                None => Cell::Text(text),
            },
            other => other,
        })
        .collect();
    if count == 0 { (column, 0) } else { (Column::new(column.name, cells), count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_three_are_thousands() {
        for (text, plain) in [
            ("1,234", Some("1234")),
            ("-12 345 678.5", Some("-12345678.5")),
            ("1'234", Some("1234")),
            ("20，234", Some("20234")),
            ("1\u{a0}234", Some("1234")),
            ("１２３", Some("123")),
            ("1234", None),
            ("20,5", None),
            ("1,00,020", None),
            ("0,123", None),
            ("1,234 567", None),
            ("20人", None),
        ] {
            assert_eq!(without_groups(text).as_deref(), plain, "{text}");
        }
    }
}
