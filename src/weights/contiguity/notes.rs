//! What a user is told about borders that do not fit.

use super::{Contiguity, NearMiss};
use crate::note::{Note, listed};
use crate::study::{Cities, Metric};

impl Contiguity {
    /// Warnings about borders that do not fit: `snap`, `near_miss` and `overlap`, the narrowest gaps first.
    ///
    /// `cities` are those that the weights were made from.
    pub fn notes(&self, cities: &Cities) -> Vec<Note> {
        let mut notes = Vec::new();
        if !self.joined.is_empty() {
            let message = format!(
                "borders of {} miss each other and are joined by the snap of {}: {}",
                counted(self.joined.len()),
                self.snap,
                described(&self.joined, cities),
            );
            notes.push(Note::warning("snap", message).about(ids(cities, self.joined.iter().map(|m| (m.a, m.b)))));
        }
        if !self.near_misses.is_empty() {
            let widest = self.near_misses.iter().map(|miss| miss.degrees).fold(0.0, f64::max);
            let message = format!(
                "borders of {} miss each other by a little, so they are not neighbours: {}; --snap {} would join them",
                counted(self.near_misses.len()),
                described(&self.near_misses, cities),
                rounded_up(widest),
            );
            let pairs = self.near_misses.iter().map(|m| (m.a, m.b));
            notes.push(Note::warning("near_miss", message).about(ids(cities, pairs)));
        }
        if !self.overlaps.is_empty() {
            let names: Vec<String> = self.overlaps.iter().map(|&pair| named(pair, cities)).collect();
            let message = format!(
                "areas of {} overlap, which alone does not make them neighbours: {}",
                counted(self.overlaps.len()),
                listed(&names),
            );
            notes.push(Note::warning("overlap", message).about(ids(cities, self.overlaps.iter().copied())));
        }
        notes
    }
}

fn counted(pairs: usize) -> String {
    format!("{pairs} {} of cities", if pairs == 1 { "pair" } else { "pairs" })
}

fn named((a, b): (usize, usize), cities: &Cities) -> String {
    format!("{} with {}", cities.label(a), cities.label(b))
}

/// The pairs with their gaps, the narrowest first.
fn described(misses: &[NearMiss], cities: &Cities) -> String {
    let mut sorted: Vec<&NearMiss> = misses.iter().collect();
    sorted.sort_by(|x, y| x.gap.total_cmp(&y.gap));
    let text = |miss: &&NearMiss| format!("{} ({})", named((miss.a, miss.b), cities), width(miss.gap, cities.metric));
    listed(&sorted.iter().map(text).collect::<Vec<_>>())
}

/// The ids in some pairs, once each and in the order of the input.
fn ids(cities: &Cities, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<&str> {
    let mut places: Vec<usize> = pairs.flat_map(|(a, b)| [a, b]).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().map(|i| cities.ids[i].as_str()).collect()
}

/// A gap as a person says it: `1.2 km`, `35 m`, `4 mm`, or a plain number where the unit is not known.
fn width(gap: f64, metric: Metric) -> String {
    match metric {
        Metric::Planar => rounded_up(gap),
        Metric::GreatCircle { .. } if gap >= 1.0 => format!("{gap:.1} km"),
        Metric::GreatCircle { .. } if gap >= 1e-3 => format!("{:.0} m", gap * 1e3),
        Metric::GreatCircle { .. } if gap >= 1e-6 => format!("{:.0} mm", gap * 1e6),
        Metric::GreatCircle { .. } => "less than 1 mm".to_owned(),
    }
}

/// A positive number in two significant digits, or as a whole number, that is not below `value`.
fn rounded_up(value: f64) -> String {
    let magnitude = libm::floor(libm::log10(value.max(f64::MIN_POSITIVE)));
    let unit = 10f64.powi((1 - magnitude as i32).clamp(0, 22));
    let steps = (value * unit).ceil();
    let up = if steps / unit < value { steps + 1.0 } else { steps };
    format!("{}", up / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_read_as_lengths() {
        let text = |km| width(km, Metric::EARTH);
        let texts = [1.234, 0.0351, 0.0000042, 1e-8].map(text);
        assert_eq!(texts, ["1.2 km", "35 m", "4 mm", "less than 1 mm"]);
        assert_eq!(width(0.01234, Metric::Planar), "0.013");
    }

    #[test]
    fn a_snap_is_never_rounded_down() {
        assert_eq!(rounded_up(0.00041), "0.00041");
        assert_eq!(rounded_up(0.000_410_000_1), "0.00042");
        assert_eq!(rounded_up(0.0004), "0.0004");
        assert_eq!(rounded_up(123.4), "124");
        assert_eq!(rounded_up(3e-9), "0.000000003");
        for value in [0.1 + 0.2, 1.0 / 3.0, 2e-7 / 3.0, 1e-14 * 1.1, 1e-30] {
            assert!(rounded_up(value).parse::<f64>().unwrap() >= value);
        }
    }
}
