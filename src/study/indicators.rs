//! Indicators of a composite index: what each is, which way it counts, and its numbers.

/// Which way an indicator counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Benefit,
    /// Less is better.
    Cost,
}

/// One row of an indicator table.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Its name in outputs.
    pub name: String,
    /// The column, ratio or pattern that it is read from.
    pub column: String,
    /// Which way it counts.
    pub direction: Direction,
    /// The dimension, or subsystem, that it belongs to.
    pub dimension: Option<String>,
    /// Its weight as given; `None` where there is none.
    pub weight: Option<f64>,
}

/// The indicators of all cities in all years. A unit is a city in a year; year after year, in each the cities in their
/// order.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicators {
    /// The indicators, in the order of their table.
    pub list: Vec<Indicator>,
    /// The years, ascending; one `None` where no year was asked for.
    pub years: Vec<Option<i32>>,
    /// Number of cities.
    pub cities: usize,
    /// One number for every indicator and unit, indicator after indicator; NaN where there is none.
    pub values: Vec<f64>,
}

impl Indicators {
    /// Number of units: cities times years.
    pub fn units(&self) -> usize {
        self.cities * self.years.len()
    }

    /// The numbers of one indicator, unit after unit.
    ///
    /// # Panics
    /// If there is no such indicator.
    pub fn column(&self, indicator: usize) -> &[f64] {
        &self.values[indicator * self.units()..][..self.units()]
    }

    /// The dimensions in the order in which they first appear, each with the places of its indicators. Indicators without
    /// one belong to none of them.
    pub fn dimensions(&self) -> Vec<(&str, Vec<usize>)> {
        let mut dimensions: Vec<(&str, Vec<usize>)> = Vec::new();
        for (place, indicator) in self.list.iter().enumerate() {
            let Some(name) = indicator.dimension.as_deref() else { continue };
            match dimensions.iter_mut().find(|(other, _)| *other == name) {
                Some((_, places)) => places.push(place),
                None => dimensions.push((name, vec![place])),
            }
        }
        dimensions
    }
}
