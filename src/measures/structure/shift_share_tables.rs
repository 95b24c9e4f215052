//! Tables, notes and the sentence of shift-share.

use serde_json::{Value, json};

use super::shift_share::{CityShift, ShiftShare};
use super::span::{about_cities, added};
use crate::measures::isomorphism::adapter::{cell, finding, signed, who};
use crate::measures::{Run, TableOut};
use crate::note::{Note, listed};
use crate::study::{Industry, IndustryYear};

type Number = (&'static str, fn(&CityShift) -> f64);

/// The numbers of a city that its table and columns carry; the first four also add up over the cities.
pub(super) const NUMBERS: [Number; 6] = [
    ("growth", |city| city.growth),
    ("ns", |city| city.ns),
    ("im", |city| city.im),
    ("rs", |city| city.rs),
    ("homothetic", |city| city.homothetic),
    ("allocation", |city| city.allocation),
];

pub(super) fn cities_table(run: &Run, result: &ShiftShare, members: &[usize]) -> TableOut {
    let columns = vec![
        "city",
        "name",
        "quadrant",
        "base",
        "growth",
        "ns",
        "im",
        "rs",
        "homothetic",
        "allocation",
        "growth_share",
        "ns_share",
        "im_share",
        "rs_share",
    ];
    let row = |&i: &usize| -> Vec<Value> {
        let city = &result.cities[i];
        let levels = NUMBERS.iter().map(|(_, get)| cell(get(city)));
        let shares = NUMBERS[..4].iter().map(|(_, get)| cell(get(city) / city.base));
        let head = who(run, i).into_iter().chain([json!(city.quadrant()), cell(city.base)]);
        head.chain(levels).chain(shares).collect()
    };
    TableOut { columns, rows: members.iter().map(row).collect() }
}

pub(super) fn sectors_table(
    industry: &Industry,
    result: &ShiftShare,
    members: &[usize],
    first: &IndustryYear,
    last: &IndustryYear,
) -> TableOut {
    let sectors = industry.sectors.len();
    let row = |(k, name): (usize, &String)| -> Vec<Value> {
        let sum = |part: &[f64]| added(members.iter().map(|&i| part[i * sectors + k]));
        let grown = |&i: &usize| last.structure.levels(i)[k] - first.structure.levels(i)[k];
        let growth: f64 = members.iter().map(grown).sum();
        let numbers = [result.sector_growth[k], growth, sum(&result.ns), sum(&result.im), sum(&result.rs)];
        [json!(name)].into_iter().chain(numbers.map(cell)).collect()
    };
    let columns = vec!["sector", "reference_growth", "growth", "ns", "im", "rs"];
    TableOut { columns, rows: industry.sectors.iter().enumerate().map(row).collect() }
}

/// Cities of these cells, each once, and the names of their sectors, each once.
pub(super) fn of_cells<'a>(industry: &'a Industry, cells: &[(usize, usize)]) -> (Vec<usize>, Vec<&'a str>) {
    let mut cities: Vec<usize> = cells.iter().map(|&(i, _)| i).collect();
    cities.dedup();
    let mut sectors: Vec<usize> = cells.iter().map(|&(_, k)| k).collect();
    sectors.sort_unstable();
    sectors.dedup();
    (cities, sectors.into_iter().map(|k| industry.sectors[k].as_str()).collect())
}

pub(super) fn notes(run: &Run, industry: &Industry, result: &ShiftShare) -> Vec<Note> {
    let (cities, _) = of_cells(industry, &result.new_cells);
    let new = about_cities(run, "zero_base", &cities, |names| {
        format!(
            "{} of city and sector are 0 in the first year: all they grow to is regional part and allocation effect, in {names}",
            match result.new_cells.len() {
                1 => "1 pair".to_owned(),
                count => format!("{count} pairs"),
            }
        )
    });
    let (cities, sectors) = of_cells(industry, &result.unreferenced);
    let null = about_cities(run, "undefined_number", &cities, |names| {
        format!("the reference area has no {} in the first year: no parts of growth in {names}", listed(&sectors))
    });
    new.into_iter().chain(null).collect()
}

pub(super) fn said(
    run: &Run,
    first: &IndustryYear,
    last: &IndustryYear,
    result: &ShiftShare,
    members: &[usize],
) -> Option<Note> {
    let count = |quadrant: &str| members.iter().filter(|&&i| result.cities[i].quadrant() == quadrant).count();
    let share = |i: &usize| result.cities[*i].rs / result.cities[*i].base;
    let known = || members.iter().filter(|i| share(i).is_finite());
    let most = known().rev().max_by(|a, b| share(a).total_cmp(&share(b)))?;
    let least = known().min_by(|a, b| share(a).total_cmp(&share(b)))?;
    let when = match (first.year, last.year) {
        (Some(from), Some(to)) => format!("from {from} to {to} "),
        _ => String::new(),
    };
    Some(finding(format!(
        "{when}the reference area changed by {} %; of {} cities {} had both an industrial mix and a regional part above 0, {} the mix \
         alone, {} the regional part alone, {} neither; the regional part was largest in {} ({} % of the first year) and \
         smallest in {} ({} %); values as given, not deflated",
        signed(100.0 * result.reference_growth, 1),
        members.len(),
        count("IM+ RS+"),
        count("IM+ RS-"),
        count("IM- RS+"),
        count("IM- RS-"),
        run.cities.known_as(*most),
        signed(100.0 * share(most), 1),
        run.cities.known_as(*least),
        signed(100.0 * share(least), 1)
    )))
}
