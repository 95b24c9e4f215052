//! Spatial weights as GAL and GWT texts, in the form that GeoDa, libpysal and spdep read.

use std::fmt::Write;

use crate::error::{Fault, Faults, Kind, Result, quoted};
use crate::weights::Weights;

/// The neighbours as a GAL text; weights are not part of that format.
///
/// The first line is `0 n layer id_column`; then every city has a line with its id and its number of neighbours and
/// one with their ids. White space in `layer` and `id_column` becomes `_`.
///
/// ```
/// use agglo::{weights::Weights, write::write_gal};
/// let weights = Weights::from_pairs("toy", 3, &[(0, 1)]);
/// let ids = ["A", "B", "C"].map(String::from);
/// assert_eq!(write_gal(&weights, &ids, "cities", "code")?, "0 3 cities code\nA 1\nB\nB 1\nA\nC 0\n\n");
/// # Ok::<(), agglo::Error>(())
/// ```
///
/// # Errors
/// Ids that are empty or contain white space or control characters, which the format cannot carry.
///
/// # Panics
/// If there are fewer ids than cities.
pub fn write_gal(weights: &Weights, ids: &[String], layer: &str, id_column: &str) -> Result<String> {
    let mut text = header(weights, ids, layer, id_column)?;
    for (i, id) in ids.iter().enumerate().take(weights.n()) {
        let neighbours: Vec<&str> = weights.neighbours(i).iter().map(|&j| ids[j as usize].as_str()).collect();
        // Writing to a String cannot fail.
        _ = writeln!(text, "{id} {}\n{}", neighbours.len(), neighbours.join(" "));
    }
    Ok(text)
}

/// The links as a GWT text with their weights after the transform, as the shortest text that reads back to the same bits.
///
/// The first line is `0 n layer id_column`, every other one `id neighbour weight`. White space in `layer` and
/// `id_column` becomes `_`.
///
/// ```
/// use agglo::{weights::{Transform, Weights}, write::write_gwt};
/// let weights = Weights::from_pairs("toy", 3, &[(0, 1), (0, 2)]).transformed(Transform::Row);
/// let ids = ["A", "B", "C"].map(String::from);
/// assert_eq!(write_gwt(&weights, &ids, "cities", "code")?, "0 3 cities code\nA B 0.5\nA C 0.5\nB A 1.0\nC A 1.0\n");
/// # Ok::<(), agglo::Error>(())
/// ```
///
/// # Errors
/// As [`write_gal`].
///
/// # Panics
/// If there are fewer ids than cities.
pub fn write_gwt(weights: &Weights, ids: &[String], layer: &str, id_column: &str) -> Result<String> {
    let mut text = header(weights, ids, layer, id_column)?;
    for (i, id) in ids.iter().enumerate().take(weights.n()) {
        for (j, weight) in weights.row(i) {
            _ = writeln!(text, "{id} {} {weight:?}", ids[j]);
        }
    }
    Ok(text)
}

fn header(weights: &Weights, ids: &[String], layer: &str, id_column: &str) -> Result<String> {
    let mut faults = Faults::default();
    for id in &ids[..weights.n()] {
        if id.is_empty() || id.contains(|c: char| c.is_whitespace() || c.is_control()) {
            let message = format!(
                "the id {} cannot be written to a GAL or GWT file, whose fields are separated by spaces",
                quoted(id)
            );
            faults.push(Fault::new(Kind::Output, message).city(id).hint("choose ids without spaces with --id"));
        }
    }
    let word = |text: &str| text.split_whitespace().collect::<Vec<_>>().join("_");
    let (layer, id_column) = (word(layer), word(id_column));
    faults.finish(format!("0 {} {layer} {id_column}\n", weights.n()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::study::{Cities, Metric, Shapes};

    fn cities(ids: &[String]) -> Cities {
        let mut shapes = Shapes::default();
        ids.iter().for_each(|_| shapes.push_missing());
        let (names, points) = (ids.to_vec(), vec![None; ids.len()]);
        Cities { ids: ids.to_vec(), names, shapes, points, metric: Metric::EARTH, notes: Vec::new() }
    }

    #[test]
    fn ids_with_spaces_are_all_refused() {
        let weights = Weights::from_pairs("toy", 3, &[(0, 1)]);
        let ids = ["A 1", "B", ""].map(String::from);
        let error = write_gal(&weights, &ids, "cities", "id").unwrap_err();
        assert_eq!(error.faults().len(), 2);
        assert!(error.to_string().starts_with("A 1: the id \"A 1\" cannot be written"));
        assert_eq!(write_gwt(&weights, &ids, "cities", "id").unwrap_err(), error);
    }

    #[test]
    fn the_header_has_four_words() {
        let weights = Weights::from_pairs("toy", 1, &[]);
        let text = write_gwt(&weights, &["A".into()], "my cities", "city code").unwrap();
        assert_eq!(text, "0 1 my_cities city_code\n");
    }

    /// Ids without white space, as strange as the format allows.
    fn ids(n: usize) -> impl Strategy<Value = Vec<String>> {
        prop::collection::hash_set("[A-Za-z0-9\"',;|.上海é-]{1,6}", n).prop_map(|ids| ids.into_iter().collect())
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            ids in ids(7),
            links in prop::collection::vec((0..7_usize, 0..7_u32, prop::num::f64::POSITIVE | prop::num::f64::SUBNORMAL), 0..30),
        ) {
            let mut rows = vec![Vec::new(); 7];
            for (i, j, w) in links {
                if rows[i].iter().all(|&(other, _)| other != j) {
                    rows[i].push((j, w.abs()));
                }
            }
            let weights = Weights::from_rows("toy", rows.clone());
            let text = write_gwt(&weights, &ids, "cities", "id").unwrap();
            let (read, _) = crate::read::read_weights(text.as_bytes(), "w.gwt", &cities(&ids)).unwrap();
            prop_assert_eq!(read.named("toy"), weights.clone());

            let binary = weights.transformed(crate::weights::Transform::Binary).transformed(Default::default());
            let text = write_gal(&binary, &ids, "cities", "id").unwrap();
            let (read, _) = crate::read::read_weights(text.as_bytes(), "w.gal", &cities(&ids)).unwrap();
            prop_assert_eq!(read.named("toy"), binary);
        }
    }
}
