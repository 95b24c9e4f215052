//! Outcomes to bytes: one file a format.

pub(crate) mod classes;
pub mod columns;
pub mod csv;
mod gal;
pub mod geojson;
#[cfg(feature = "gpkg")]
pub mod gpkg;
pub mod graphml;
pub mod index_cities;
pub mod inequality;
pub mod json;
pub mod latex;
pub mod layers;
pub mod markdown;
pub mod matrix;
pub mod profile;
pub mod qml;
mod report;
pub mod sheet;

pub use crate::note::short;
pub use gal::{write_gal, write_gwt};
#[cfg(test)]
pub(crate) use report::tests as fixture;
pub use report::{InputFile, Report};

/// Makes names differ: those that came before as they are get the first number that nobody has.
pub(crate) fn tell_apart<T>(items: &mut [T], name: impl Fn(&mut T) -> &mut String) {
    let mut taken = std::collections::HashSet::new();
    for item in items {
        let name = name(item);
        let stem = name.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            *name = format!("{stem}_{number}");
            number += 1;
        }
    }
}

/// A number as the shortest text that reads back to the same bits; nothing where it is undefined, 0 without a sign.
pub(crate) fn number_text(x: f64) -> String {
    if !x.is_finite() {
        return String::new();
    }
    serde_json::to_string(&(x + 0.0)).expect("a finite number is JSON")
}

/// Whether a character turns the direction of the text that follows, and could show a name as another.
pub(crate) fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        for (x, want) in [
            (0.0, "0"),
            (0.4123456, "0.4123"),
            (-0.025, "-0.025"),
            (1886.53, "1887"),
            (4.9, "4.9"),
            (0.00093712, "0.0009371"),
            (41.0, "41"),
            (100.0, "100"),
            (2e-9, "2e-9"),
            (-1.2345e12, "-1.234e12"),
            (f64::NAN, ""),
        ] {
            assert_eq!(short(x), want);
        }
    }

    #[test]
    fn numbers_read_back_to_the_same_bits() {
        for x in [0.1 + 0.2, 1e300, 5e-324, -1.0 / 3.0, 1e16] {
            assert_eq!(number_text(x).parse::<f64>().unwrap().to_bits(), x.to_bits());
        }
        assert_eq!((number_text(f64::NAN), number_text(-0.0)), (String::new(), "0.0".into()));
    }
}
