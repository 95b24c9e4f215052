//! What the adapters of reach share: who the cores are in a year, how far all lie, and what stands under their tables.

use std::borrow::Cow;

use super::super::adapter::note;
use super::super::area::of_city;
use super::grid::FieldOnGrid;
use super::pull::Pulls;
use crate::error::Result;
use crate::measures::radiation::Distances;
use crate::measures::{Outcome, Run};
use crate::note::Note;
use crate::study::{Metric, ShapeKind};

/// Masses, distances and cores of one year.
pub(super) struct Setting<'a> {
    run: &'a Run<'a>,
    pub mass: &'a [f64],
    pub distances: Cow<'a, Distances>,
    /// The cores with a mass above 0.
    pub cores: Vec<usize>,
    pub beta: f64,
}

impl<'a> Setting<'a> {
    /// Those of a run; notes on what takes no part go to the outcome.
    pub fn of(run: &'a Run<'a>, mass: &'a [f64], outcome: &mut Outcome) -> Result<Self> {
        let distances = Distances::of(run)?;
        let chosen = run.cores.map_or(&[][..], |cores| &cores.places);
        let (cores, without): (Vec<usize>, Vec<usize>) = chosen.iter().partition(|&&core| mass[core] > 0.0);
        let setting = Self { run, mass, distances, cores, beta: run.reach.beta };
        note(run, "no_mass", "left out as cores for want of a mass above 0:", &without, outcome);
        let pulls = setting.pulls()?;
        let nowhere: Vec<usize> =
            pulls.periphery().into_iter().filter(|&i| pulls.shares(i).iter().all(|x| x.is_nan())).collect();
        let what = if run.costs.is_some() { "way to a core" } else { "place" };
        note(run, "no_place", &format!("drawn by no core for want of a {what}:"), &nowhere, outcome);
        let placeless: Vec<usize> = match run.costs {
            Some(_) => Vec::new(),
            None => setting.cores.iter().copied().filter(|&core| run.cities.points[core].is_none()).collect(),
        };
        note(run, "no_place", "cores that draw no city for want of a place:", &placeless, outcome);
        outcome.notes.extend(setting.distances.near_pairs(run.cities));
        Ok(setting)
    }

    /// The pulls of the cores.
    pub fn pulls(&self) -> Result<Pulls<'_>> {
        Pulls::of(self.mass, &self.distances, &self.cores, self.beta)
    }

    /// The name of a column of areas: the first on the plane, the second on the globe.
    pub fn area_column(&self, [planar, on_globe]: [&'static str; 2]) -> &'static str {
        if self.run.cities.metric == Metric::Planar { planar } else { on_globe }
    }

    /// The area of cities, NaN where one of them is no polygon.
    pub fn area_of(&self, cities: &[usize]) -> f64 {
        let shapes = &self.run.cities.shapes;
        let of = |&i: &usize| match shapes.kind(i) {
            ShapeKind::Area => of_city(shapes, i, self.run.cities.metric),
            _ => f64::NAN,
        };
        // From 0, since an empty sum is −0.
        cities.iter().map(of).fold(0.0, |sum, area| sum + area)
    }

    /// The note that a share says nothing, since all cities have the same core; `None` with two cores or more.
    pub fn one_core(&self, what: &str) -> Option<Note> {
        let message = || format!("no {what}: there is one core only, so that every city is its own");
        (self.cores.len() == 1).then(|| Note::remark("undefined_number", message()))
    }

    /// The pulls of the cores on a grid over the cities, or the reason why there is none.
    pub fn field_on_grid(&self) -> Result<FieldOnGrid, String> {
        FieldOnGrid::of(self.run.cities, self.mass, &self.cores, self.beta)
    }

    /// What stands under the tables: the variant, the distances, how the cores were chosen, n.
    pub fn footer(&self, variant: &str) -> String {
        let distances = match (self.run.costs.is_some(), self.distances.unit) {
            (true, _) => "distances: costs of the ways".to_owned(),
            (false, "") => "distances: straight lines in the unit of the coordinates".to_owned(),
            (false, unit) => format!("distances: great circles in {unit}"),
        };
        let how = self.run.cores.map_or("", |cores| cores.how.as_str());
        let n = self.mass.iter().filter(|m| !m.is_nan()).count();
        format!("{variant}; {distances}; {} cores: {how}; n = {n}", self.cores.len())
    }
}
