//! Who duplicates, who cooperates, who complements, and which cities have one industrial profile.

use serde_json::{Value, json};

use super::adapter::{cell, each_year, finding, spread, who};
use super::communities::{Communities, industrial_communities};
use super::division::{DivisionOfLabour, Relation, Thresholds, division_of_labour};
use super::explained::linkage;
use super::overlap::{Pair, above_diagonal, check_pairs, foremost};
use super::pairs::NAMED;
use crate::error::Result;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed_by};
use crate::study::{Industry, Structure};

/// Pairs listed of each relation.
const COUNT: usize = 20;

/// Mean silhouette below which communities are hardly set apart (Kaufman and Rousseeuw 1990).
const WEAK: f64 = 0.25;

static ABOUT: About = About {
    name: "division_of_labour",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Division of labour between cities",
    question: "Which cities duplicate each other's industries, which cooperate, which complement each other, and which make one kind?",
    formula: "similar: S_ij >= Q_2/3; near: d_ij <= Q_1/2; strongly linked: ln(1 + s_ij) > Q_2/3 and > 0; same sectors: |A and B| >= min(|A|, |B|)/2; complementary: C_ij >= Q_2/3, C_ij > 0 and not similar; silhouette = (b - a)/max(a, b)",
    symbols: &[
        ("S_ij, C_ij", "UNIDO's similarity and the complementarity of cities i and j"),
        ("d_ij", "distance of the cities' points"),
        ("s_ij", "strength of the links between the cities, both directions together"),
        ("A, B", "sectors in which city i, city j, is specialised, LQ >= 1"),
        ("Q", "quantile over all pairs"),
        ("a, b", "mean distance 1 - S to the city's own community, and to the nearest other"),
    ],
    reading: "Duplicating: similar, near, weakly linked, the same sectors; cooperating: similar and strongly linked; complementary: different sectors and not similar; unrelated: the rest. Classes are relative to the other pairs: about a third of all are similar by construction. Silhouette near 1: communities set well apart; below 0.25: hardly",
    variant: "Thresholds from the pairs, quantiles of type 7; without links no pair cooperates and all count as weakly linked, without points nearness is not asked for. Communities: average linkage on 1 - S, cut into 2 to 12 where the mean silhouette is highest; numbered by first appearance; at most 5,000 cities",
    reference: "Classes: our definition. Sokal and Michener (1958), University of Kansas Science Bulletin 38, 1409-1438; Rousseeuw (1987), Journal of Computational and Applied Mathematics 20, 53-65, doi:10.1016/0377-0427(87)90125-7",
    fields: &[
        Field::scalar("n", "cities that take part"),
        Field::scalar("duplicating", "pairs that duplicate each other"),
        Field::scalar("cooperating", "pairs that cooperate"),
        Field::scalar("complementary", "pairs that complement each other"),
        Field::scalar("unrelated", "all other pairs"),
        Field::scalar("communities", "number of communities"),
        Field::scalar("silhouette", "mean silhouette of the cut into communities"),
        Field::annotated("duplicates", "dup_count", "dup_count", "number of cities that it duplicates"),
        Field::annotated("duplicates_most", "dup_with", "dup_with", "id of the most similar of these"),
        Field::annotated("community", "iso_group", "iso_group", "community of cities with one industrial profile"),
        Field::column("dendrogram_order", "place in the order of the tree's leaves, for heat maps"),
        Field::table("thresholds", "name, value and rule of every threshold"),
        Field::table("classes", "pairs of each class and their share"),
        Field::table("pairs", "up to 20 pairs of each of the first three classes"),
        Field::table("communities", "cities, mean similarity within, and specialities of each community"),
        Field::table("cuts", "mean silhouette of every cut that was tried"),
        Field::table(
            "dendrogram",
            "merges of the tree: cities are numbered from 0 in the order of those that take part, merge r makes cluster n + r - 1",
        ),
    ],
    matches: &[
        ("SciPy", "scipy.cluster.hierarchy.linkage(squareform(1 - S), method='average')"),
        ("scikit-learn", "sklearn.metrics.silhouette_score(1 - S, labels, metric='precomputed')"),
    ],
};

/// [`division_of_labour()`] and [`industrial_communities`] in the registry.
pub(in crate::measures) struct Adapter;

impl Measure for Adapter {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, run: &Run) -> Result<Vec<Outcome>> {
        let variant = "UNIDO similarity, complementarity by location quotients, thresholds from the pairs";
        each_year(run, &ABOUT, variant, |industry, year, outcome| fill(run, industry, &year.structure, outcome))
    }
}

fn fill(run: &Run, industry: &Industry, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    check_pairs(structure)?;
    let found = Found::new(run, industry, structure)?;
    outcome.scalars.push(("n", found.cities.len() as f64));
    fill_relations(run, &found, outcome);
    fill_communities(run, &found, outcome)?;
    spread_columns(structure, outcome);
    Ok(())
}

/// What is known of the cities that take part; numbers below are places among these.
struct Found<'a> {
    cities: &'a [usize],
    industry: &'a Industry,
    structure: Structure,
    distance: Option<Vec<f64>>,
    linkage: Option<Vec<f64>>,
    division: DivisionOfLabour,
}

impl<'a> Found<'a> {
    fn new(run: &Run, industry: &'a Industry, all: &'a Structure) -> Result<Self> {
        let cities = all.members();
        let (structure, n) = (all.subset(cities), cities.len());
        let points: Vec<Option<[f64; 2]>> = cities.iter().map(|&i| run.cities.points[i]).collect();
        let between = |at: usize| match (points[at / n], points[at % n]) {
            (Some(a), Some(b)) => run.cities.metric.distance(a, b),
            _ => f64::NAN,
        };
        let located = points.iter().flatten().count() > 1;
        let distance: Option<Vec<f64>> = located.then(|| (0..n * n).map(between).collect());
        let linkage = run.links.map(|links| linkage(links, cities));
        let division = division_of_labour(&structure, distance.as_deref(), linkage.as_deref())?;
        Ok(Self { cities, industry, structure, distance, linkage, division })
    }

    fn value(&self, matrix: Option<&Vec<f64>>, i: usize, j: usize) -> f64 {
        matrix.map_or(f64::NAN, |values| values[i * self.cities.len() + j])
    }

    fn names(&self, sectors: &[usize]) -> String {
        listed_by(sectors, |&sector| self.industry.sectors[sector].clone())
    }
}

fn fill_relations(run: &Run, found: &Found, outcome: &mut Outcome) {
    let (division, n) = (&found.division, found.cities.len());
    let counts = Relation::ALL.map(|relation| division.pairs(relation).count());
    let names = ["duplicating", "cooperating", "complementary", "unrelated"];
    outcome.scalars.extend(names.into_iter().zip(counts.map(|count| count as f64)));
    let duplicates = |i: usize| (0..n).filter(move |&j| division.relation(i, j) == Some(Relation::Duplicating));
    let most = |i: usize| foremost(duplicates(i).map(|j| (i, j, division.similarity[i * n + j])), 1).first().copied();
    let numbers = (0..n).map(|i| Some(duplicates(i).count() as i64)).collect();
    let with = (0..n).map(|i| most(i).map(|(_, j, _)| run.cities.ids[found.cities[j]].clone())).collect();
    outcome.columns.push(("duplicates", Values::Counts(numbers)));
    outcome.columns.push(("duplicates_most", Values::Texts(with)));
    let (table, footer) = thresholds(run, &division.thresholds);
    outcome.tables.push(("thresholds", table));
    outcome.footer = outcome.footer.take().map(|before| format!("{before}; {footer}"));
    outcome.tables.push(("classes", classes(counts)));
    let listed = [Relation::Duplicating, Relation::Cooperating, Relation::Complementary]
        .map(|relation| (relation, foremost_of(division, relation)));
    outcome.notes.push(finding(relations_sentence(run, found, counts, listed[0].1.first())));
    outcome.tables.push(("pairs", pairs(run, found, &listed)));
    outcome.notes.extend(what_is_missing(run, found));
}

/// The most similar pairs of a relation, or the most complementary.
fn foremost_of(division: &DivisionOfLabour, relation: Relation) -> Vec<Pair> {
    let values = if relation == Relation::Complementary { &division.complementarity } else { &division.similarity };
    foremost(division.pairs(relation).map(|(i, j)| (i, j, values[i * division.n + j])), COUNT)
}

/// The table of thresholds, and the same for the footer.
fn thresholds(run: &Run, by: &Thresholds) -> (TableOut, String) {
    let unit = run.cities.metric.unit();
    let rows: [(&str, Option<f64>, String); 5] = [
        ("similar", Some(by.similar), "S >= value, the quantile 2/3 of all pairs".to_owned()),
        ("near", by.near, format!("distance <= value{}, the median of all pairs", in_unit(unit))),
        (
            "strongly_linked",
            by.linked,
            "ln(1 + strength) > value, the quantile 2/3 of all pairs, and > 0; else weakly linked".to_owned(),
        ),
        (
            "same_sectors",
            Some(by.same_sectors),
            "sectors of LQ >= 1 in both cities over the lesser number of them >= value".to_owned(),
        ),
        ("complementary", Some(by.complementary), "C >= value, the quantile 2/3 of all pairs, and > 0".to_owned()),
    ];
    let said = |(name, value, rule): &(&str, Option<f64>, String)| match value {
        Some(value) => format!("{}: {}", name.replace('_', " "), rule.replacen("value", &format!("{value:.4}"), 1)),
        None => format!("{}: not asked for", name.replace('_', " ")),
    };
    let footer = rows.iter().map(said).collect::<Vec<_>>().join("; ");
    let row = |(name, value, rule): (&str, Option<f64>, String)| {
        vec![json!(name), value.map_or(Value::Null, cell), json!(rule)]
    };
    (TableOut { columns: vec!["name", "value", "rule"], rows: rows.into_iter().map(row).collect() }, footer)
}

fn in_unit(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

fn classes(counts: [usize; 4]) -> TableOut {
    let all = counts.iter().sum::<usize>() as f64;
    let row =
        |(relation, count): (Relation, usize)| vec![json!(relation.name()), json!(count), cell(count as f64 / all)];
    let rows = Relation::ALL.into_iter().zip(counts).map(row).collect();
    TableOut { columns: vec!["class", "pairs", "share"], rows }
}

fn pairs(run: &Run, found: &Found, listed: &[(Relation, Vec<Pair>)]) -> TableOut {
    let row = |relation: Relation, &(i, j, _): &Pair| -> Vec<Value> {
        let (division, cities) = (&found.division, found.cities);
        let at = i * cities.len() + j;
        let numbers = [
            division.similarity[at],
            found.value(found.distance.as_ref(), i, j),
            found.value(found.linkage.as_ref(), i, j),
        ];
        std::iter::once(json!(relation.name()))
            .chain(who(run, cities[i]))
            .chain(who(run, cities[j]))
            .chain(numbers.map(cell))
            .chain([json!(found.names(&division.shared(i, j))), cell(division.complementarity[at])])
            .collect()
    };
    TableOut {
        columns: vec![
            "class",
            "a",
            "a_name",
            "b",
            "b_name",
            "s",
            "distance_km",
            "linkage",
            "shared_sectors",
            "complementarity",
        ],
        rows: listed.iter().flat_map(|(relation, pairs)| pairs.iter().map(|pair| row(*relation, pair))).collect(),
    }
}

fn relations_sentence(run: &Run, found: &Found, counts: [usize; 4], first: Option<&Pair>) -> String {
    let [duplicating, cooperating, complementary, _] = counts;
    let all: usize = counts.iter().sum();
    let label = |i: usize| run.cities.known_as(found.cities[i]);
    let most = first.map_or(String::new(), |&(i, j, s)| {
        format!("; {} and {} duplicate each other most (S = {s:.4})", label(i), label(j))
    });
    let cooperating = match found.division.thresholds.linked {
        Some(_) => format!("{cooperating} cooperate, "),
        None => String::new(),
    };
    format!(
        "of {all} pairs {duplicating} duplicate each other, {cooperating}{complementary} complement each other (similar from \
         S = {:.4}, complementary from C = {:.4}){most}",
        found.division.thresholds.similar, found.division.thresholds.complementary
    )
}

/// What could not be asked for.
fn what_is_missing(run: &Run, found: &Found) -> Vec<Note> {
    let mut notes = Vec::new();
    if found.division.thresholds.linked.is_none() {
        let message = "without links cooperating pairs cannot be told, and all pairs count as weakly linked";
        notes.push(Note::remark("no_links_given", message));
    }
    let without: Vec<usize> = found.cities.iter().copied().filter(|&i| run.cities.points[i].is_none()).collect();
    if found.division.thresholds.near.is_none() {
        notes.push(Note::remark("no_points", "without points of the cities nearness is not asked for"));
    } else if !without.is_empty() {
        let cities = listed_by(&without, |&i| run.cities.label(i));
        let note = Note::warning("no_point", format!("no point is known of {cities}: near to no other city"));
        notes.push(note.about(without.iter().map(|&i| &run.cities.ids[i])));
    }
    notes
}

fn fill_communities(run: &Run, found: &Found, outcome: &mut Outcome) -> Result<()> {
    let n = found.cities.len();
    let result = industrial_communities(&found.division.similarity, n)?;
    let mut order = vec![None; n];
    result.dendrogram.leaf_order().into_iter().zip(1..).for_each(|(i, place)| order[i] = Some(place));
    let community = result.community.iter().map(|&community| Some(community as i64)).collect();
    outcome.columns.push(("community", Values::Counts(community)));
    outcome.columns.push(("dendrogram_order", Values::Counts(order)));
    outcome.scalars.push(("communities", result.count as f64));
    outcome.scalars.push(("silhouette", result.silhouette()));
    outcome.tables.push(("communities", communities(run, found, &result)));
    let cut = |&(count, fit): &(usize, f64)| vec![json!(count), cell(fit), json!(count == result.count)];
    let rows = result.cuts.iter().map(cut).collect();
    outcome.tables.push(("cuts", TableOut { columns: vec!["clusters", "silhouette", "chosen"], rows }));
    outcome.tables.push(("dendrogram", tree(&result)));
    outcome.notes.push(match result.count {
        1 if n < 3 => Note::remark("undefined_number", "one community, since fewer than three cities take part"),
        1 => Note::remark("undefined_number", "one community, since all cities have the same structure"),
        _ => finding(communities_sentence(&result)),
    });
    Ok(())
}

fn communities_sentence(result: &Communities) -> String {
    let (count, fit) = (result.count, result.silhouette());
    let apart = if fit < WEAK { "hardly set apart, below" } else { "set apart, at or above" };
    format!("by their industries the cities make {count} communities (mean silhouette {fit:.2}: {apart} {WEAK})")
}

/// The communities, each with its cities and the sectors in which it is specialised as a whole.
fn communities(run: &Run, found: &Found, result: &Communities) -> TableOut {
    let n = found.cities.len();
    let reference = found.structure.reference_shares();
    let row = |community: usize| -> Vec<Value> {
        let places: Vec<usize> = (0..n).filter(|&i| result.community[i] == community).collect();
        let s = |(a, b): (usize, usize)| found.division.similarity[places[a] * n + places[b]];
        let pairs = places.len() * (places.len() - 1) / 2;
        let within = above_diagonal(places.len()).map(s).sum::<f64>() / pairs as f64;
        let names = places.iter().map(|&i| run.cities.names[found.cities[i]].as_str()).collect::<Vec<_>>().join(", ");
        let shares = found.structure.subset(&places).aggregate_shares();
        vec![
            json!(community),
            json!(places.len()),
            json!(names),
            cell(within),
            json!(specialities(found.industry, &shares, &reference)),
        ]
    };
    TableOut {
        columns: vec!["community", "cities", "names", "mean_s_within", "sectors"],
        rows: (1..=result.count).map(row).collect(),
    }
}

/// `mining (LQ 3.1), transport (LQ 1.4)`: the sectors of the highest quotients, none below 1.
fn specialities(industry: &Industry, shares: &[f64], reference: &[f64]) -> String {
    let quotients = shares.iter().zip(reference).map(|(share, reference)| share / reference).enumerate();
    let some = quotients.filter(|(_, quotient)| quotient.is_finite() && *quotient >= 1.0);
    let highest = foremost(some.map(|(sector, quotient)| (sector, 0, quotient)), NAMED);
    let named = |(sector, _, quotient): &Pair| format!("{} (LQ {quotient:.1})", industry.sectors[*sector]);
    highest.iter().map(named).collect::<Vec<_>>().join(", ")
}

fn tree(result: &Communities) -> TableOut {
    let merges = result.dendrogram.merges.iter().enumerate();
    let row = |(r, merge): (usize, &super::Merge)| {
        vec![json!(r + 1), json!(merge.left), json!(merge.right), cell(merge.height), json!(merge.size)]
    };
    TableOut { columns: vec!["merge", "left", "right", "height", "size"], rows: merges.map(row).collect() }
}

/// Columns of the cities that take part as columns of all.
fn spread_columns(structure: &Structure, outcome: &mut Outcome) {
    fn all<T: Clone>(structure: &Structure, values: Vec<Option<T>>) -> Vec<Option<T>> {
        let mut all = vec![None; structure.cities()];
        structure.members().iter().zip(values).for_each(|(&i, value)| all[i] = value);
        all
    }
    for (_, values) in &mut outcome.columns {
        *values = match std::mem::replace(values, Values::Classes(Vec::new())) {
            Values::Counts(values) => Values::Counts(all(structure, values)),
            Values::Texts(values) => Values::Texts(all(structure, values)),
            Values::Numbers(values) => Values::Numbers(spread(structure, values)),
            classes @ Values::Classes(_) => classes,
        };
    }
}
