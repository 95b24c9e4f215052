//! What the cities produce, or who works there, by sector: levels, shares, and the area that they are held against.

use super::resolve::in_year;
use super::three_sectors::ThreeSectors;
use super::variable::Variable;
use crate::error::{Fault, Faults, Kind, Result, number};
use crate::note::Note;

/// Output or employment by sector for n cities and K sectors in one year.
///
/// A city takes part where all its sectors are known and they add up to more than 0; the shares of any other are NaN.
///
/// ```
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![1.0, 3.0, 0.0, 0.0, 2.0, f64::NAN], 2)?;
/// assert_eq!(structure.members(), [0]);
/// assert_eq!(structure.shares(0), [0.25, 0.75]);
/// # Ok::<(), agglo::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Structure {
    sectors: usize,
    levels: Vec<f64>,
    shares: Vec<f64>,
    totals: Vec<f64>,
    members: Vec<usize>,
    reference: Option<Vec<f64>>,
}

impl Structure {
    /// Levels of `sectors` sectors, one city after the other; NaN where a level is not known.
    ///
    /// # Errors
    /// Levels that do not come in whole cities or that are negative or infinite (the index of the city is the feature,
    /// that of the sector the field), and those too large to be added.
    pub fn new(levels: Vec<f64>, sectors: usize) -> Result<Self> {
        if sectors == 0 || !levels.len().is_multiple_of(sectors) {
            let message = format!("{} levels do not make cities of {sectors} sectors", levels.len());
            return Err(Fault::new(Kind::Structure, message).into());
        }
        check(&levels, sectors)?;
        let totals: Vec<f64> = levels.chunks_exact(sectors).map(|city| city.iter().sum()).collect();
        if totals.iter().filter(|total| !total.is_nan()).sum::<f64>().is_infinite() {
            return Err(Fault::new(Kind::TooLarge, "the levels are too large to be added").into());
        }
        let members: Vec<usize> = (0..totals.len()).filter(|&i| totals[i] > 0.0).collect();
        let mut shares = vec![f64::NAN; levels.len()];
        for &i in &members {
            for at in i * sectors..(i + 1) * sectors {
                shares[at] = levels[at] / totals[i];
            }
        }
        Ok(Self { sectors, levels, shares, totals, members, reference: None })
    }

    /// The same cities held against the levels of another area, as the nation, instead of against their own sum.
    ///
    /// # Errors
    /// Not one level for each sector, negative or unknown ones, or nothing but zeros.
    pub fn with_reference(mut self, levels: Vec<f64>) -> Result<Self> {
        let total: f64 = levels.iter().sum();
        let sound = levels.iter().all(|&x| x >= 0.0) && total > 0.0 && total.is_finite();
        if levels.len() != self.sectors || !sound {
            let message = "the reference area needs a level of 0 or more in every sector, and more than 0 in one";
            return Err(Fault::new(Kind::Value, message).into());
        }
        self.reference = Some(levels);
        Ok(self)
    }

    /// Number of cities, with those that take no part.
    pub fn cities(&self) -> usize {
        self.totals.len()
    }

    /// Number of sectors.
    pub fn sectors(&self) -> usize {
        self.sectors
    }

    /// The cities that take part, ascending.
    pub fn members(&self) -> &[usize] {
        &self.members
    }

    /// Whether city `i` takes part.
    pub fn has(&self, i: usize) -> bool {
        self.totals[i] > 0.0
    }

    /// Levels of city `i` by sector, as they were given.
    pub fn levels(&self, i: usize) -> &[f64] {
        &self.levels[i * self.sectors..(i + 1) * self.sectors]
    }

    /// Shares s_ik of the sectors in city `i`; NaN where it takes no part.
    pub fn shares(&self, i: usize) -> &[f64] {
        &self.shares[i * self.sectors..(i + 1) * self.sectors]
    }

    /// Sum X_i of the levels of city `i`; NaN where one of them is not known.
    pub fn total(&self, i: usize) -> f64 {
        self.totals[i]
    }

    /// Levels X_k by sector of all cities that take part.
    pub fn aggregate(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.sectors];
        for &i in &self.members {
            sums.iter_mut().zip(self.levels(i)).for_each(|(sum, level)| *sum += level);
        }
        sums
    }

    /// Levels by sector of the area that quotients are held against: the one given, else [`aggregate`](Self::aggregate).
    pub fn reference(&self) -> Vec<f64> {
        self.reference.clone().unwrap_or_else(|| self.aggregate())
    }

    /// Whether quotients are held against another area than the sum of the cities.
    pub fn has_own_reference(&self) -> bool {
        self.reference.is_some()
    }

    /// Shares S_k by sector of all cities that take part.
    pub fn aggregate_shares(&self) -> Vec<f64> {
        as_shares(&self.aggregate())
    }

    /// Shares S_k by sector of the area that quotients are held against.
    pub fn reference_shares(&self) -> Vec<f64> {
        as_shares(&self.reference())
    }

    /// The same cities with their sectors merged into `groups` groups; `group_of` has the group of each sector.
    /// A group is unknown where one of its sectors is.
    ///
    /// # Errors
    /// Not a group for each sector, or one that is not below `groups`.
    pub fn merged(&self, group_of: &[usize], groups: usize) -> Result<Self> {
        if group_of.len() != self.sectors || group_of.iter().any(|&group| group >= groups) {
            let message = format!("{} groups are given for {} sectors", group_of.len(), self.sectors);
            return Err(Fault::new(Kind::Structure, message).into());
        }
        let merge = |levels: &[f64]| {
            let mut sums = vec![0.0; groups];
            group_of.iter().zip(levels).for_each(|(&group, level)| sums[group] += level);
            sums
        };
        let levels = (0..self.cities()).flat_map(|i| merge(self.levels(i))).collect();
        let merged = Self::new(levels, groups)?;
        match &self.reference {
            Some(reference) => merged.with_reference(merge(reference)),
            None => Ok(merged),
        }
    }

    /// The cities at these places alone.
    pub fn subset(&self, places: &[usize]) -> Self {
        let rows = |values: &[f64]| -> Vec<f64> {
            places.iter().flat_map(|&i| &values[i * self.sectors..(i + 1) * self.sectors]).copied().collect()
        };
        Self {
            sectors: self.sectors,
            levels: rows(&self.levels),
            shares: rows(&self.shares),
            totals: places.iter().map(|&i| self.totals[i]).collect(),
            members: (0..places.len()).filter(|&new| self.has(places[new])).collect(),
            reference: self.reference.clone(),
        }
    }
}

/// A fault for every level that is negative or infinite.
fn check(levels: &[f64], sectors: usize) -> Result<()> {
    let mut faults = Faults::default();
    for (at, &level) in levels.iter().enumerate().filter(|(_, level)| **level < 0.0 || level.is_infinite()) {
        let what = if level < 0.0 { "is negative" } else { "is not finite" };
        let fault = Fault::new(Kind::Value, format!("{} {what}", number(level)));
        faults.push(fault.feature(at / sectors).field((at % sectors).to_string()));
    }
    faults.finish(())
}

fn as_shares(levels: &[f64]) -> Vec<f64> {
    let total: f64 = levels.iter().sum();
    levels.iter().map(|level| level / total).collect()
}

/// The industry of the cities of a study: one [`Structure`] for each year, with names.
#[derive(Clone, Debug, PartialEq)]
pub struct Industry {
    /// What the levels are, as their column is named: `employees`.
    pub value: String,
    /// Names of the sectors.
    pub sectors: Vec<String>,
    /// The group of each sector in a coarser classification, where one was given.
    pub groups: Option<Vec<String>>,
    /// To which of the three sectors of the economy each sector belongs, `None` where that is not known of all.
    pub broad: Option<Vec<ThreeSectors>>,
    /// The years in ascending order; a single one without a year where there are none.
    pub years: Vec<IndustryYear>,
    /// Name of the area that quotients are held against, where it is not the sum of the cities.
    pub reference: Option<String>,
    /// Whether the levels are percentages or shares of each city's own total, so that sizes of cities are not known.
    pub percent: bool,
    /// What had to be repaired, left out or assumed.
    pub notes: Vec<Note>,
}

/// The industry of one year.
#[derive(Clone, Debug, PartialEq)]
pub struct IndustryYear {
    /// The year, `None` for a table without years.
    pub year: Option<i32>,
    /// Levels and shares.
    pub structure: Structure,
}

impl Industry {
    /// The industry of the cities at these places alone.
    pub fn subset(&self, places: &[usize]) -> Self {
        let year = |year: &IndustryYear| IndustryYear { year: year.year, structure: year.structure.subset(places) };
        Self { years: self.years.iter().map(year).collect(), ..self.clone() }
    }

    /// The industry with shares made levels: each city's shares times its mass of the year, or that without a year.
    ///
    /// # Errors
    /// A year for which there is no mass; a negative or infinite one.
    pub fn weighed(&self, mass: &[Variable]) -> Result<Self> {
        let weighed = |year: &IndustryYear| {
            let of = |year| mass.iter().find(|mass| mass.year == year);
            let found = of(year.year).or_else(|| of(None)).ok_or_else(|| {
                let when = in_year(year.year);
                Fault::new(Kind::Column, format!("there is no mass{when}")).field("mass")
            })?;
            let structure = &year.structure;
            let levels = (0..structure.cities()).flat_map(|i| {
                let mass = found.values[i];
                structure.shares(i).iter().map(move |share| share * mass)
            });
            let levels = Structure::new(levels.collect(), structure.sectors)?;
            let structure = match &structure.reference {
                Some(reference) => levels.with_reference(reference.clone())?,
                None => levels,
            };
            Ok(IndustryYear { year: year.year, structure })
        };
        let years = self.years.iter().map(weighed).collect::<Result<_>>()?;
        let value = format!("{} times {}", self.value, mass.first().map_or("mass", |mass| mass.name.as_str()));
        Ok(Self { years, value, percent: false, ..self.clone() })
    }

    /// First and last year, where there are at least two.
    pub fn span(&self) -> Option<(&IndustryYear, &IndustryYear)> {
        match self.years.as_slice() {
            [first, .., last] => Some((first, last)),
            _ => None,
        }
    }

    /// Place of the group of each sector among the groups, and the names of these in the order of the sectors.
    pub fn group_places(&self) -> Option<(Vec<usize>, Vec<&str>)> {
        let mut names: Vec<&str> = Vec::new();
        let places = self.groups.as_ref()?.iter().map(|group| {
            names.iter().position(|name| name == group).unwrap_or_else(|| {
                names.push(group);
                names.len() - 1
            })
        });
        let places = places.collect();
        Some((places, names))
    }

    /// The structure of a year with the sectors merged to primary, secondary and tertiary, where that is known of all.
    pub fn in_three(&self, structure: &Structure) -> Option<Structure> {
        let places: Vec<usize> = self.broad.as_ref()?.iter().map(|&sector| sector as usize).collect();
        structure.merged(&places, 3).ok()
    }
}

/// The plants of each sector, all cities together.
#[derive(Clone, Debug, PartialEq)]
pub struct Plants {
    /// Base name of the file they come from.
    pub file: String,
    /// Herfindahl index H_k of the plants' sizes by sector of the industry table, in (0, 1]; NaN where it is not known.
    pub herfindahl: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_the_whole_is_the_sum_of_the_cities() {
        let structure = Structure::new(vec![1.0, 3.0, 2.0, 2.0, 0.0, 0.0], 2).unwrap();
        assert_eq!(structure.members(), [0, 1]);
        assert_eq!(structure.aggregate(), [3.0, 5.0]);
        assert_eq!(structure.reference_shares(), [0.375, 0.625]);
        assert!(structure.shares(2)[0].is_nan());
        let nation = structure.with_reference(vec![1.0, 1.0]).unwrap();
        assert_eq!(nation.reference_shares(), [0.5, 0.5]);
        assert_eq!(nation.aggregate(), [3.0, 5.0]);
    }

    #[test]
    fn every_impossible_level_is_named() {
        let error = Structure::new(vec![1.0, -3.0, f64::INFINITY, 2.0], 2).unwrap_err();
        let places: Vec<_> = error.faults().iter().map(|f| (f.place().feature, f.place().field.clone())).collect();
        assert_eq!(places, [(Some(0), Some("1".into())), (Some(1), Some("0".into()))]);
        assert_eq!(Structure::new(vec![1e308, 1e308], 2).unwrap_err().kind(), Kind::TooLarge);
        assert!(Structure::new(vec![1.0; 3], 2).is_err() && Structure::new(Vec::new(), 0).is_err());
        let two = Structure::new(vec![1.0; 4], 2).unwrap();
        assert!(two.clone().with_reference(vec![0.0, 0.0]).is_err() && two.with_reference(vec![1.0]).is_err());
    }

    #[test]
    fn merging_keeps_totals_and_what_is_unknown() {
        let structure = Structure::new(vec![1.0, 2.0, 3.0, 1.0, f64::NAN, 3.0], 3).unwrap();
        let merged = structure.merged(&[0, 1, 0], 2).unwrap();
        assert_eq!(merged.levels(0), [4.0, 2.0]);
        assert_eq!(merged.members(), [0]);
        assert!(structure.merged(&[0, 2, 0], 2).is_err());
    }

    #[test]
    fn a_subset_keeps_order_and_reference() {
        let structure = Structure::new(vec![1.0, 3.0, 0.0, 0.0, 2.0, 2.0], 2).unwrap().with_reference(vec![1.0, 2.0]);
        let some = structure.unwrap().subset(&[2, 1]);
        assert_eq!((some.members(), some.levels(0), some.reference()), (&[0][..], &[2.0, 2.0][..], vec![1.0, 2.0]));
    }
}
