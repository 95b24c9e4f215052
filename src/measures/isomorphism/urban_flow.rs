//! Urban flow: how much of its sectors a city works for others.

use serde_json::{Value, json};

use super::adapter::{cell, each_year, finding, printed, who};
use super::gaps::{at_least, cells, descending, undefined_cities};
use super::location_quotient::{exceeds, location_quotient};
use crate::error::{Fault, Kind, Result};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{Industry, IndustryYear, Structure, ThreeSectors};

/// What cities work for others; see [`urban_flow`].
#[derive(Clone, Debug, PartialEq)]
pub struct UrbanFlow {
    /// Work for others by city and sector, n × K, 0 or more.
    pub by_sector: Vec<f64>,
    /// E_i: its sum over the sectors, in the unit of the levels.
    pub e: Vec<f64>,
    /// N_i: output per unit of the levels.
    pub n: Vec<f64>,
    /// F_i = N_i E_i: the intensity of urban flow, in the unit of the output.
    pub f: Vec<f64>,
    /// K_i = E_i/X_i: the tendency to flow, 0 up to below 1.
    pub k: Vec<f64>,
}

/// Urban flow of every city: employment beyond what the city itself would need, and the output that goes with it.
///
/// # Formula
///
/// E_ik = X_ik − X_i S_k where q_ik > 1, else 0; E_i = Σ_k E_ik; N_i = Y_i/X_i; F_i = N_i E_i; K_i = E_i/X_i
///
/// where X_ik are the levels of `structure` (employment of the sectors that work for others as well), X_i their sum in the
/// city, S_k the share of the sector in the reference area, q_ik the location quotient, and Y_i the city's whole
/// `output`, NaN where it is not known. NaN for a city that takes no part. O(nK).
///
/// # Errors
///
/// [`Kind::Structure`] where there is not one output for every city.
///
/// # Source
///
/// As used in the Chinese literature on urban flow intensity (城市流强度), for one by Ke, Lu, Yu, Wang, Chen and Ma (2014),
/// Scientia Geographica Sinica 34(11), 1305-1312, which takes the employment of secondary and tertiary sectors. K_i is then Hoover's coefficient of specialisation in
/// these sectors.
///
/// ```
/// use agglo::measures::isomorphism::urban_flow;
/// use agglo::study::Structure;
/// let flow = urban_flow(&Structure::new(vec![3.0, 1.0, 1.0, 3.0], 2)?, &[8.0, f64::NAN])?;
/// assert_eq!((flow.e[0], flow.n[0], flow.f[0], flow.k[0]), (1.0, 2.0, 2.0, 0.25));
/// assert!(flow.e[1] == 1.0 && flow.f[1].is_nan());
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn urban_flow(structure: &Structure, output: &[f64]) -> Result<UrbanFlow> {
    let (cities, sectors) = (structure.cities(), structure.sectors());
    if output.len() != cities {
        let message = format!("{} outputs are given for {cities} cities", output.len());
        return Err(Fault::new(Kind::Structure, message).into());
    }
    let reference = structure.reference_shares();
    let quotients = location_quotient(structure);
    // A sector that the reference area lacks is all for others, as S_k is 0.
    let flows = |i: usize, k: usize| exceeds(quotients[i * sectors + k]) || reference[k] == 0.0;
    let beyond = |i: usize, k: usize| (structure.levels(i)[k] - structure.total(i) * reference[k]).max(0.0);
    let of = |i: usize, k: usize| match structure.has(i) {
        true if flows(i, k) => beyond(i, k),
        true => 0.0,
        false => f64::NAN,
    };
    let by_sector: Vec<f64> = (0..cities * sectors).map(|at| of(at / sectors, at % sectors)).collect();
    let e: Vec<f64> = by_sector.chunks_exact(sectors).map(|city| city.iter().sum()).collect();
    let n: Vec<f64> =
        (0..cities).map(|i| if structure.has(i) { output[i] / structure.total(i) } else { f64::NAN }).collect();
    let f = n.iter().zip(&e).map(|(n, e)| n * e).collect();
    let k = (0..cities).map(|i| e[i] / structure.total(i)).collect();
    Ok(UrbanFlow { by_sector, e, n, f, k })
}

static ABOUT: About = About {
    name: "urban_flow",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Urban flow intensity",
    question: "How much does each city work for others, and with what output?",
    formula: "E_ik = X_ik - X_i S_k where q_ik > 1, else 0; E_i = sum_k E_ik; N_i = Y_i/X_i; F_i = N_i E_i; K_i = E_i/X_i",
    symbols: &[
        ("X_ik, X_i", "employment of sector k in city i, and its sum over the sectors that count"),
        ("S_k, q_ik", "share of sector k in the reference area, and location quotient"),
        ("Y_i", "output of city i, all sectors together"),
    ],
    reading: "F: output that goes with the employment beyond the city's own need, in the unit of the output; K: that employment as a share, 0 up to below 1, which is Hoover's coefficient of specialisation in the sectors that count. Only net specialisation is seen: a sector in which a city both sends and receives does not count",
    variant: "Secondary and tertiary sectors where it is known which they are, else all; employment where given (--employment), else the industry table itself; output from the industry table where employment is given, else the mass (--mass)",
    reference: "As used in the Chinese literature on urban flow intensity, for one by Ke, Lu, Yu, Wang, Chen and Ma (2014), Scientia Geographica Sinica 34(11), 1305-1312",
    fields: &[
        Field::column("e", "employment that works for others, in its unit"),
        Field::column("n", "output per unit of employment"),
        Field::annotated("f", "urban_flow", "flow", "urban flow intensity, in the unit of the output"),
        Field::annotated("k", "flow_tendency", "flow_k", "share of employment that works for others, 0 to 1"),
        Field::table("cities", "all of these, the strongest flow first"),
        Field::table("sectors", "for each sector what works for others, the cities that do, and the first of them"),
    ],
    matches: &[],
};

/// [`urban_flow`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    // Its cities, sectors and footer are those of the employment, where that is given.
    let of_workers = Run { industry: run.employment.or(run.industry), ..*run };
    let known = of_workers.industry.is_some_and(|industry| industry.broad.is_some());
    let which = if known {
        "secondary and tertiary sectors"
    } else {
        "all sectors, as it is not known which are secondary and tertiary"
    };
    let whence = match (run.employment.is_some(), run.mass.first()) {
        (true, _) => format!("output of all sectors from {}", run.industry.map_or("", |industry| &industry.value)),
        (false, Some(mass)) => format!("output from {}", mass.name),
        (false, None) => "output not known".to_owned(),
    };
    let variant = format!("{which}; {whence}");
    each_year(&of_workers, &ABOUT, &variant, |industry, year, outcome| fill(run, industry, year, outcome))
}

fn fill(run: &Run, industry: &Industry, year: &IndustryYear, outcome: &mut Outcome) -> Result<()> {
    if industry.percent {
        let message =
            format!("{} holds percentages: urban flow needs levels, as the sizes of the cities", industry.value);
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let counted = counted(industry);
    let structure = only(&year.structure, &counted)?;
    at_least(&structure, 2)?;
    let result = urban_flow(&structure, &output(run, year.year))?;
    outcome.notes.extend(without_output(run, &structure, &result));
    let none = "the city has nothing in the sectors that count";
    outcome.notes.extend(undefined_cities(run, &year.structure, "urban flow", none, &result.e));
    let order = descending(if result.f.iter().any(|f| f.is_finite()) { &result.f } else { &result.e });
    outcome.notes.extend(first(run, industry, &result, &order));
    let row = |&i: &usize| -> Vec<Value> {
        let numbers = cells([structure.total(i), result.e[i], result.n[i], result.f[i], result.k[i]]);
        who(run, i).into_iter().chain(numbers).collect()
    };
    outcome.tables.push((
        "cities",
        TableOut {
            columns: vec!["city", "name", "employment", "e", "n", "f", "k"],
            rows: order.iter().filter(|&&i| structure.has(i)).map(row).collect(),
        },
    ));
    outcome.tables.push(("sectors", by_sectors(run, industry, &counted, &result.by_sector)));
    let UrbanFlow { e, n, f, k, .. } = result;
    outcome.columns.extend([("e", e), ("n", n), ("f", f), ("k", k)].map(|(name, x)| (name, Values::Numbers(x))));
    Ok(())
}

/// Places of the sectors that count: those that are not primary, or all where that is not known.
fn counted(industry: &Industry) -> Vec<usize> {
    let counts = |k: usize| industry.broad.as_ref().is_none_or(|broad| broad[k] != ThreeSectors::Primary);
    (0..industry.sectors.len()).filter(|&k| counts(k)).collect()
}

/// The structure of these sectors alone; a city that takes no part in all does not in some.
fn only(structure: &Structure, sectors: &[usize]) -> Result<Structure> {
    if sectors.is_empty() {
        return Err(Fault::new(Kind::Undefined, "there is no secondary or tertiary sector").into());
    }
    let level = |i: usize, k: usize| if structure.has(i) { structure.levels(i)[k] } else { f64::NAN };
    let cities = 0..structure.cities();
    let levels = cities.flat_map(|i| sectors.iter().map(move |&k| level(i, k))).collect();
    let some = Structure::new(levels, sectors.len())?;
    if !structure.has_own_reference() {
        return Ok(some);
    }
    let reference = structure.reference();
    some.with_reference(sectors.iter().map(|&k| reference[k]).collect()).map_err(|_| {
        let message = "the reference area has nothing in the secondary and tertiary sectors";
        Fault::new(Kind::Undefined, message).into()
    })
}

/// Output of every city in a year: of the industry table where employment is given beside it, else the mass.
fn output(run: &Run, year: Option<i32>) -> Vec<f64> {
    let n = run.cities.len();
    let levels = run.industry.filter(|industry| run.employment.is_some() && !industry.percent);
    if let Some(of_year) = levels.and_then(|industry| industry.years.iter().find(|other| other.year == year)) {
        return (0..n).map(|i| of_year.structure.total(i)).collect();
    }
    let of = |year| run.mass.iter().find(|mass| mass.year == year);
    of(year).or_else(|| of(None)).map_or_else(|| vec![f64::NAN; n], |mass| mass.values.clone())
}

/// Names the cities without an output, or says that none has one.
fn without_output(run: &Run, structure: &Structure, result: &UrbanFlow) -> Option<Note> {
    let whence = "it comes from --employment beside --industry, or from --mass";
    if result.n.iter().all(|n| n.is_nan()) {
        let message = format!("n and f of urban flow are undefined: the output of the cities is not known; {whence}");
        return Some(Note::remark("undefined_number", message));
    }
    let why = format!("the output of the city is not known; {whence}");
    undefined_cities(run, structure, "f of urban flow", &why, &result.f)
}

/// An amount for reading: whole where it is large.
fn amount(x: f64) -> String {
    if x.abs() >= 100.0 { printed(x, 0) } else { printed(x, 3) }
}

fn first(run: &Run, industry: &Industry, result: &UrbanFlow, order: &[usize]) -> Option<Note> {
    let &i = order.first()?;
    let flow = if result.f[i].is_finite() { format!("F = {}, ", amount(result.f[i])) } else { String::new() };
    result.e[i].is_finite().then(|| {
        finding(format!(
            "{} works most for others ({flow}E = {} {}, {:.1} per cent of what counts there)",
            run.cities.known_as(i),
            amount(result.e[i]),
            industry.value,
            100.0 * result.k[i]
        ))
    })
}

fn by_sectors(run: &Run, industry: &Industry, counted: &[usize], flows: &[f64]) -> TableOut {
    let sectors = counted.len();
    let of = |at: usize| flows.iter().skip(at).step_by(sectors).copied().enumerate().filter(|(_, flow)| *flow > 0.0);
    let sums: Vec<f64> = (0..sectors).map(|at| of(at).map(|(_, flow)| flow).sum()).collect();
    let row = |at: usize| -> Vec<Value> {
        let top = of(at).reduce(|best, city| if city.1 > best.1 { city } else { best });
        let [id, name] = top.map_or([Value::Null, Value::Null], |(i, _)| who(run, i));
        vec![json!(industry.sectors[counted[at]]), cell(sums[at]), json!(of(at).count()), id, name]
    };
    TableOut {
        columns: vec!["sector", "e", "cities", "top_city", "top_name"],
        rows: descending(&sums).into_iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_alike_do_not_work_for_each_other() {
        let flow = urban_flow(&Structure::new(vec![0.1, 0.7, 0.2, 0.3, 2.1, 0.6], 3).unwrap(), &[1.0, 1.0]).unwrap();
        assert_eq!((flow.e, flow.f), (vec![0.0, 0.0], vec![0.0, 0.0]));
        assert!(urban_flow(&Structure::new(vec![1.0], 1).unwrap(), &[]).is_err());
    }

    #[test]
    fn what_the_reference_area_lacks_is_all_for_others() {
        let structure = Structure::new(vec![1.0, 3.0], 2).unwrap().with_reference(vec![1.0, 0.0]).unwrap();
        assert_eq!(urban_flow(&structure, &[4.0]).unwrap().e, [3.0]);
    }

    #[test]
    fn a_part_of_the_sectors_keeps_who_takes_part() {
        let structure = Structure::new(vec![1.0, 3.0, f64::NAN, 1.0, 2.0, 0.0], 2).unwrap();
        let some = only(&structure, &[1]).unwrap();
        assert_eq!((some.members(), some.total(0)), (&[0][..], 3.0));
        assert!(only(&structure, &[]).is_err());
    }
}
