//! Functional specialisation: which cities manage, and which produce.

use serde_json::Value;

use super::adapter::{each_year, finding, signed, spread, who};
use super::gaps::{at_least, cells, descending, undefined_cities};
use crate::error::{Fault, Kind, Result};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{Industry, Structure};

/// Functional specialisation of cities: services against manufacturing, relative to the whole.
///
/// # Formula
///
/// FS_i = (S_i/M_i) / (S/M) − 1
///
/// where `services` holds S_i and `manufacturing` M_i, one of each for every city, and S/M is the ratio of the `whole`, that
/// of the sums over the cities with both known where none is given. −1 (no services) upwards; 0: as the whole. NaN where a
/// number is not known, M_i is 0, or the whole has no ratio above 0. O(n).
///
/// # Source
///
/// Duranton, G. and Puga, D. (2005). From sectoral to functional urban specialisation. Journal of Urban Economics 57,
/// 343-370, whose ratio is that of managers to production workers.
///
/// ```
/// use agglo::measures::isomorphism::functional_specialisation;
/// assert_eq!(functional_specialisation(&[3.0, 1.0], &[1.0, 1.0], None), [0.5, -0.5]);
/// ```
pub fn functional_specialisation(services: &[f64], manufacturing: &[f64], whole: Option<f64>) -> Vec<f64> {
    let whole = whole.unwrap_or_else(|| ratio_of_sums(services, manufacturing));
    let whole = if whole > 0.0 && whole.is_finite() { whole } else { f64::NAN };
    let of = |(&s, &m): (&f64, &f64)| if m > 0.0 { s / m / whole - 1.0 } else { f64::NAN };
    services.iter().zip(manufacturing).map(of).collect()
}

fn ratio_of_sums(services: &[f64], manufacturing: &[f64]) -> f64 {
    let known = services.iter().zip(manufacturing).filter(|(s, m)| s.is_finite() && m.is_finite());
    let (s, m) = known.fold((0.0, 0.0), |(s, m), (service, goods)| (s + service, m + goods));
    s / m
}

static ABOUT: About = About {
    name: "functional_specialisation",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Functional specialisation",
    question: "In which cities do services weigh more against production than in the reference area, and in which less?",
    formula: "FS_i = (S_i/M_i)/(S/M) - 1",
    symbols: &[("S_i, M_i", "services and manufacturing of city i"), ("S, M", "the same in the reference area")],
    reading: "0: as much service for each unit of production as in the reference area; above 0: more; below 0: less; -1: no services. Sectors are not functions: a service sector has few managers, and a manufacturing one some",
    variant: "Groups of sectors called services, producer_services or management against manufacturing or production, where there are such groups (--sector-groups); else the tertiary against the secondary sector, which is coarser: shops and schools count as services, mines and building as production. Employment where given (--employment)",
    reference: "Duranton and Puga (2005), Journal of Urban Economics 57, 343-370, doi:10.1016/j.jue.2004.12.002",
    fields: &[
        Field::scalar("ratio", "services for each unit of production in the reference area"),
        Field::annotated(
            "functional_specialisation",
            "func_spec",
            "func_spec",
            "services against production, relative to the reference area, less 1",
        ),
        Field::table("cities", "services, production and their ratio, the city that serves most first"),
    ],
    matches: &[],
};

/// [`functional_specialisation`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let of_workers = Run { industry: run.employment.or(run.industry), ..*run };
    let mapping = of_workers.industry.and_then(Mapping::of);
    let variant = mapping.as_ref().map_or_else(
        || "services against production, which is which not known".to_owned(),
        |mapping| format!("{} against {}", mapping.services_are, mapping.manufacturing_is),
    );
    each_year(&of_workers, &ABOUT, &variant, |industry, year, outcome| {
        let Some(mapping) = &mapping else { return Err(unknown(industry)) };
        fill(run, mapping, &year.structure, outcome)
    })
}

/// Which sectors are services and which manufacturing, and how the footer says so.
struct Mapping {
    services: Vec<bool>,
    manufacturing: Vec<bool>,
    services_are: String,
    manufacturing_is: String,
}

/// Names of groups that say what they are.
const SERVICES: [&str; 3] = ["services", "producer_services", "management"];
const MANUFACTURING: [&str; 2] = ["manufacturing", "production"];

impl Mapping {
    fn of(industry: &Industry) -> Option<Self> {
        Self::by_groups(industry).or_else(|| Self::by_three_sectors(industry))
    }

    fn by_groups(industry: &Industry) -> Option<Self> {
        let groups = industry.groups.as_ref()?;
        let called = |names: &[&str]| -> (Vec<bool>, String) {
            let of = groups.iter().map(|group| names.contains(&plain(group).as_str())).collect::<Vec<bool>>();
            let mut found: Vec<&str> = groups.iter().zip(&of).filter(|(_, is)| **is).map(|(g, _)| g.as_str()).collect();
            found.sort_unstable();
            found.dedup();
            (of, format!("the sectors grouped as {}", found.join(" and ")))
        };
        let ((services, services_are), (manufacturing, manufacturing_is)) = (called(&SERVICES), called(&MANUFACTURING));
        let both = services.contains(&true) && manufacturing.contains(&true);
        both.then_some(Self { services, manufacturing, services_are, manufacturing_is })
    }

    fn by_three_sectors(industry: &Industry) -> Option<Self> {
        use crate::study::ThreeSectors::{Secondary, Tertiary};
        let broad = industry.broad.as_ref()?;
        let are = |which| broad.iter().map(|&sector| sector == which).collect::<Vec<bool>>();
        let (services, manufacturing) = (are(Tertiary), are(Secondary));
        let both = services.contains(&true) && manufacturing.contains(&true);
        let (services_are, manufacturing_is) = ("tertiary sectors".to_owned(), "secondary sectors".to_owned());
        both.then_some(Self { services, manufacturing, services_are, manufacturing_is })
    }
}

/// A name in small letters with its words joined by `_`.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

fn unknown(industry: &Industry) -> crate::error::Error {
    let message = format!(
        "it is not known which of the {} sectors are services and which manufacturing: name them as sectors of the economy, or group \
         them as services and manufacturing with --sector-groups",
        industry.sectors.len()
    );
    Fault::new(Kind::Undefined, message).into()
}

fn fill(run: &Run, mapping: &Mapping, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    at_least(structure, 1)?;
    let sum = |levels: &[f64], which: &[bool]| -> f64 {
        levels.iter().zip(which).filter(|(_, is)| **is).map(|(level, _)| level).sum()
    };
    let of_cities =
        |which: &[bool]| spread(structure, structure.members().iter().map(|&i| sum(structure.levels(i), which)));
    let (services, manufacturing) = (of_cities(&mapping.services), of_cities(&mapping.manufacturing));
    let reference = structure.reference();
    let whole = sum(&reference, &mapping.services) / sum(&reference, &mapping.manufacturing);
    if !(whole > 0.0 && whole.is_finite()) {
        let message = format!("the reference area has no {} or no {}", mapping.services_are, mapping.manufacturing_is);
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let fs = functional_specialisation(&services, &manufacturing, Some(whole));
    let why = "the city has no manufacturing to hold its services against";
    outcome.notes.extend(undefined_cities(run, structure, "functional specialisation", why, &fs));
    outcome.notes.extend(verdict(run, mapping, &fs));
    let row = |i: usize| -> Vec<Value> {
        let numbers = cells([services[i], manufacturing[i], services[i] / manufacturing[i], fs[i]]);
        who(run, i).into_iter().chain(numbers).collect()
    };
    let rows = descending(&fs).into_iter().filter(|&i| structure.has(i)).map(row).collect();
    let columns = vec!["city", "name", "services", "manufacturing", "ratio", "functional_specialisation"];
    outcome.scalars.push(("ratio", whole));
    outcome.tables.push(("cities", TableOut { columns, rows }));
    outcome.columns.push(("functional_specialisation", Values::Numbers(fs)));
    Ok(())
}

/// How many cities serve more than the whole, and which most.
fn verdict(run: &Run, mapping: &Mapping, fs: &[f64]) -> Option<Note> {
    let &first = descending(fs).first().filter(|&&i| fs[i].is_finite())?;
    let known = fs.iter().filter(|fs| fs.is_finite()).count();
    let above = fs.iter().filter(|&&fs| fs > 0.0).count();
    Some(finding(format!(
        "{above} of {known} cities have more in {} for each unit in {} than the reference area (above 0), {} most ({})",
        mapping.services_are,
        mapping.manufacturing_is,
        run.cities.known_as(first),
        signed(fs[first], 3)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_manufacturing_there_is_no_ratio() {
        let fs = functional_specialisation(&[3.0, 1.0, f64::NAN, 0.0], &[0.0, 1.0, 1.0, 3.0], None);
        assert!(fs[0].is_nan() && fs[2].is_nan());
        assert_eq!((fs[1], fs[3]), (0.0, -1.0));
        assert!(functional_specialisation(&[0.0], &[1.0], None)[0].is_nan());
        assert_eq!(functional_specialisation(&[2.0], &[1.0], Some(1.0)), [1.0]);
    }

    #[test]
    fn groups_by_name_come_before_the_three_sectors() {
        let industry = |groups: Option<&[&str]>| Industry {
            value: "workers".into(),
            sectors: ["C", "G", "M"].map(Into::into).to_vec(),
            groups: groups.map(|groups| groups.iter().map(|&group| group.into()).collect()),
            broad: crate::study::ThreeSectors::of_sectors(&["C", "G", "M"]),
            years: Vec::new(),
            reference: None,
            percent: false,
            notes: Vec::new(),
        };
        let by = Mapping::of(&industry(Some(&["Manufacturing", "trade", "Producer services"]))).unwrap();
        assert_eq!(
            (by.services, by.services_are.as_str()),
            (vec![false, false, true], "the sectors grouped as Producer services")
        );
        let by = Mapping::of(&industry(Some(&["x", "y", "z"]))).unwrap();
        assert_eq!((by.services, by.services_are.as_str()), (vec![false, true, true], "tertiary sectors"));
        assert!(Mapping::of(&Industry { broad: None, ..industry(None) }).is_none());
    }
}
