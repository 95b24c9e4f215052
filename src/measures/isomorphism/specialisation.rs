//! How specialised each city is: by itself, against all cities, against the others, and in how many related fields.

use serde_json::{Value, json};

use super::adapter::{cell, each_year, finding, spread, who};
use super::benchmark::{
    Benchmark, gini_of_quotients, hachman, hoover_specialisation, krugman_specialisation, relative_diversity,
    relative_specialisation,
};
use super::gaps::{at_least, descending, mean, undefined_cities};
use super::variety::{entropy, entropy_normalised, herfindahl, herfindahl_normalised, variety};
use crate::error::Result;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{Industry, Structure};

static ABOUT: About = About {
    name: "specialisation",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Specialisation and diversity",
    question: "How specialised is each city, and how far is its structure from that of the others?",
    formula: "H = sum_k s_k^2; E = -sum_k s_k ln s_k; K = sum_k |s_k - b_k|; Hachman = 1/sum_k s_k q_k; UV = -sum_g P_g log2 P_g, RV = sum_g P_g H_g",
    symbols: &[
        ("s_k", "share of sector k in the city"),
        ("b_k", "share of sector k in the benchmark: the reference area, all other cities together, or their mean"),
        ("q_k", "location quotient of sector k"),
        ("P_g, H_g", "share of group g of sectors, and the entropy within it in bits"),
    ],
    reading: "H lies in [1/K, 1] and E in [0, ln K]: they say whether a city has many sectors or few, whatever the others have. Krugman's index lies in [0, 2]: 0 where the city has the structure of the benchmark; half of it is the share of activity that would have to change sectors",
    variant: "Shares of each city; Krugman's index on the scale from 0 to 2 against the reference area, the city included; beside it against all other cities together (krugman_rest) and against the mean of their shares (krugman_others). Entropy in nats, and over ln K with K all sectors of the table; variety in bits, with groups of sectors only (--sector-groups)",
    reference: "Krugman (1991), Geography and Trade, MIT Press; Hoover (1936), Review of Economic Statistics 18, 162-171; Hachman index: Bureau of Economic and Business Research, University of Utah (1995); Duranton and Puga (2000), Urban Studies 37, 533-555; Frenken, van Oort and Verburg (2007), Regional Studies 41, 685-697",
    fields: &[
        Field::annotated("hhi", "hhi", "hhi", "Herfindahl-Hirschman index, 1/K to 1"),
        Field::column("hhi_normalised", "the same between 0 and 1"),
        Field::column("entropy", "entropy in nats"),
        Field::column("entropy_normalised", "entropy over ln K, 0 to 1"),
        Field::annotated("krugman", "krugman", "krugman", "Krugman's index against the reference area, 0 to 2"),
        Field::column("krugman_rest", "the same against all other cities together"),
        Field::column("krugman_others", "the same against the mean of the other cities' shares"),
        Field::column("hoover_specialisation", "half of Krugman's index against the reference area"),
        Field::column("relative_diversity", "1 over Krugman's index against the reference area"),
        Field::column("absolute_diversity", "1 over the Herfindahl-Hirschman index: as many equal sectors"),
        Field::column("relative_specialisation", "largest location quotient"),
        Field::column("hachman", "Hachman's index, above 0 up to 1"),
        Field::column("gini_lq", "Gini coefficient of the location quotients"),
        Field::column("active_sectors", "sectors with a level above 0"),
        Field::column("entropy_bits", "entropy in bits, the sum of both varieties"),
        Field::column("related_variety", "variety within groups of sectors, in bits"),
        Field::column("unrelated_variety", "variety of the groups of sectors, in bits"),
        Field::table("cities", "all of these, the most specialised against the reference area first"),
        Field::table("summary", "mean, smallest and largest, with their cities"),
    ],
    matches: &[
        (
            "REAT",
            "herf is hhi, krugman.spec krugman, krugman.spec2 krugman_others, gini.spec gini_lq; durpug gives relative_diversity",
        ),
        (
            "EconGeo",
            "Herfindahl(mat) is hhi, Krugman.index(mat) krugman and Hachman(mat) hachman, on a matrix of reals",
        ),
        ("vegan", "diversity(x, 'shannon') is entropy"),
    ],
};

/// All of [`krugman_specialisation`] and its kin in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let variant = "shares of each city; Krugman's index from 0 to 2 against the reference area, the city included; entropy in nats";
    each_year(run, &ABOUT, variant, |industry, year, outcome| fill(run, industry, &year.structure, outcome))
}

type Columns = Vec<(&'static str, Vec<f64>)>;

fn fill(run: &Run, industry: &Industry, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    at_least(structure, 1)?;
    let mut columns = indices(structure);
    let active = active_sectors(structure);
    match industry.group_places() {
        Some((places, names)) => columns.extend(varieties(structure, &places, names.len())),
        None => outcome.notes.push(Note::remark(
            "not_run",
            "related and unrelated variety are not given: they need the groups of the sectors, --sector-groups FILE",
        )),
    }
    outcome.notes.extend(notes(run, structure, &columns));
    outcome.notes.extend(extremes(run, &columns));
    outcome.tables.push(("summary", summary(run, structure, &columns)));
    outcome.tables.push(("cities", cities(run, structure, &columns, &active)));
    let counts = ("active_sectors", Values::Counts(active));
    outcome.columns.extend(columns.into_iter().map(|(name, values)| (name, Values::Numbers(values))));
    let place = outcome.columns.iter().position(|(name, _)| *name == "entropy_bits").unwrap_or(outcome.columns.len());
    outcome.columns.insert(place, counts);
    Ok(())
}

/// `index` of the shares of every city.
fn of_shares(structure: &Structure, index: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    (0..structure.cities()).map(|i| index(structure.shares(i))).collect()
}

fn indices(structure: &Structure) -> Columns {
    vec![
        ("hhi", of_shares(structure, herfindahl)),
        ("hhi_normalised", of_shares(structure, herfindahl_normalised)),
        ("entropy", of_shares(structure, entropy)),
        ("entropy_normalised", of_shares(structure, entropy_normalised)),
        ("krugman", krugman_specialisation(structure, Benchmark::Whole)),
        ("krugman_rest", krugman_specialisation(structure, Benchmark::Rest)),
        ("krugman_others", krugman_specialisation(structure, Benchmark::Others)),
        ("hoover_specialisation", hoover_specialisation(structure)),
        ("relative_diversity", relative_diversity(structure)),
        ("absolute_diversity", of_shares(structure, |shares| 1.0 / herfindahl(shares))),
        ("relative_specialisation", relative_specialisation(structure)),
        ("hachman", hachman(structure)),
        ("gini_lq", gini_of_quotients(structure)),
    ]
}

fn varieties(structure: &Structure, group_of: &[usize], groups: usize) -> Columns {
    let of = structure.members().iter().map(|&i| variety(structure.shares(i), group_of, groups));
    let of: Vec<_> = of.collect();
    vec![
        ("entropy_bits", spread(structure, of.iter().map(|v| v.related + v.unrelated))),
        ("related_variety", spread(structure, of.iter().map(|v| v.related))),
        ("unrelated_variety", spread(structure, of.iter().map(|v| v.unrelated))),
    ]
}

fn active_sectors(structure: &Structure) -> Vec<Option<i64>> {
    let count = |i: usize| structure.levels(i).iter().filter(|&&level| level > 0.0).count() as i64;
    (0..structure.cities()).map(|i| structure.has(i).then(|| count(i))).collect()
}

/// Why a number of a city that takes part may be undefined.
const REASONS: [(&str, &str); 8] = [
    ("hhi_normalised", "there is but one sector"),
    ("entropy_normalised", "there is but one sector"),
    ("krugman_rest", "there is no other city"),
    ("krugman_others", "there is no other city"),
    ("relative_diversity", "the structure is that of the reference area"),
    ("relative_specialisation", "the reference area has none of the sectors"),
    ("hachman", "the city has a sector that the reference area does not have"),
    ("gini_lq", "the city has a quotient in fewer than two sectors, or only quotients of 0"),
];

fn notes(run: &Run, structure: &Structure, columns: &Columns) -> Vec<Note> {
    let reason = |name: &str| REASONS.iter().find(|(other, _)| *other == name).map(|(_, why)| *why);
    let note = |(name, values): &(&str, Vec<f64>)| undefined_cities(run, structure, name, reason(name)?, values);
    columns.iter().filter_map(note).collect()
}

/// The cities farthest from and nearest to the reference area.
fn extremes(run: &Run, columns: &Columns) -> Option<Note> {
    let (_, krugman) = columns.iter().find(|(name, _)| *name == "krugman")?;
    let (least, most) = bounds(krugman)?;
    (least != most).then(|| {
        finding(format!(
            "the most specialised against the reference area is {} (Krugman's index {:.3} of at most 2), the least {} ({:.3})",
            run.cities.known_as(most),
            krugman[most],
            run.cities.known_as(least),
            krugman[least]
        ))
    })
}

/// Places of the smallest and of the largest number, the first of equal ones.
fn bounds(x: &[f64]) -> Option<(usize, usize)> {
    let known = || (0..x.len()).filter(|&i| x[i].is_finite());
    let least = known().reduce(|best, i| if x[i] < x[best] { i } else { best })?;
    let most = known().reduce(|best, i| if x[i] > x[best] { i } else { best })?;
    Some((least, most))
}

fn summary(run: &Run, structure: &Structure, columns: &Columns) -> TableOut {
    let members = structure.members();
    let row = |(name, values): &(&'static str, Vec<f64>)| -> Vec<Value> {
        let place = |i: usize| [cell(values[i])].into_iter().chain(who(run, i));
        let nobody = || vec![Value::Null; 6];
        let ends = bounds(values).map_or_else(nobody, |(least, most)| place(least).chain(place(most)).collect());
        [json!(name), cell(mean(members.iter().map(|&i| values[i])))].into_iter().chain(ends).collect()
    };
    TableOut {
        columns: vec!["measure", "mean", "min", "min_city", "min_name", "max", "max_city", "max_name"],
        rows: columns.iter().map(row).collect(),
    }
}

fn cities(run: &Run, structure: &Structure, columns: &Columns, active: &[Option<i64>]) -> TableOut {
    let krugman = columns.iter().find(|(name, _)| *name == "krugman").map_or(&[][..], |(_, values)| values);
    let row = |i: usize| -> Vec<Value> {
        let first = who(run, i).into_iter().chain([json!(active[i])]);
        first.chain(columns.iter().map(|(_, values)| cell(values[i]))).collect()
    };
    let names = ["city", "name", "active_sectors"].into_iter().chain(columns.iter().map(|(name, _)| *name));
    TableOut {
        columns: names.collect(),
        rows: descending(krugman).into_iter().filter(|&i| structure.has(i)).map(row).collect(),
    }
}
