//! Who duplicates, who cooperates, who complements, and which cities have one industrial profile.

use serde_json::{Value, json};

use super::adapter::{cell, each_year, finding, printed, spread, who};
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

/// Kilometres beyond which no city is near, however far the others are.
const NEAR: f64 = 300.0;

/// Kaufman and Rousseeuw's words for a mean silhouette up to a number.
const SILHOUETTE: [(f64, &str); 4] = [
    (0.25, "no substantial structure, at most 0.25"),
    (0.50, "a weak structure, above 0.25 up to 0.5"),
    (0.70, "a reasonable structure, above 0.5 up to 0.7"),
    (1.00, "a strong structure, above 0.7"),
];

static ABOUT: About = About {
    name: "division_of_labour",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Division of labour between cities",
    question: "Which pairs of cities are classed as duplicating, cooperating or complementary by the rules below, and which cities have one industrial profile?",
    formula: "similar: S_ij >= Q_2/3; near: d_ij <= Q_1/3 and <= 300 km; strongly linked: ln(1 + s_ij) >= Q_1/2 of the linked pairs; same sectors: |A and B| >= min(|A|, |B|)/2; complementary: C_ij >= Q_2/3, C_ij > 0 and not similar; silhouette = (b - a)/max(a, b)",
    symbols: &[
        ("S_ij, C_ij", "UNIDO's similarity and the complementarity of cities i and j"),
        ("d_ij", "distance of the cities' points"),
        ("s_ij", "strength of the links between the cities, both directions together"),
        ("A, B", "sectors in which city i, city j, is specialised, LQ >= 1"),
        ("Q", "quantile over all pairs, or over those with s_ij > 0"),
        ("a, b", "mean distance 1 - S to the city's own community, and to the nearest other"),
    ],
    reading: "Duplicating: similar, near, weakly linked, the same sectors; cooperating: similar and strongly linked; complementary: different sectors and not similar; unrelated: the rest. Classes are relative to the other pairs: about a third of all are similar by construction. Mean silhouette up to 0.25: no substantial structure; up to 0.5: weak; up to 0.7: reasonable; above: strong",
    variant: "Thresholds from the pairs, quantiles of type 7; without links no pair cooperates and all count as weakly linked, without points nearness is not asked for, in planar units it has no cap of 300 km. Communities: average linkage on 1 - S, cut into 2 to 12 where the mean silhouette is highest; numbered by first appearance; at most 5,000 cities",
    reference: "Classes: our definition. Sokal and Michener (1958), University of Kansas Science Bulletin 38, 1409-1438; Rousseeuw (1987), Journal of Computational and Applied Mathematics 20, 53-65, doi:10.1016/0377-0427(87)90125-7; Kaufman and Rousseeuw (1990), Finding Groups in Data, Wiley",
    fields: &[
        Field::scalar("n", "cities that take part"),
        Field::scalar("duplicating", "pairs classed as duplicating"),
        Field::scalar("cooperating", "pairs classed as cooperating"),
        Field::scalar("complementary", "pairs classed as complementary"),
        Field::scalar("unrelated", "all other pairs"),
        Field::scalar("communities", "number of communities"),
        Field::scalar("silhouette", "mean silhouette of the cut into communities"),
        Field::annotated(
            "duplicates",
            "dup_count",
            "dup_count",
            "number of cities with which it is classed as duplicating",
        ),
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
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let variant = "UNIDO similarity, complementarity by location quotients, thresholds from the pairs";
    each_year(run, &ABOUT, variant, |industry, year, outcome| fill(run, industry, &year.structure, outcome))
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
        let division = division_of_labour(&structure, distance.as_deref(), cap(run), linkage.as_deref())?;
        Ok(Self { cities, industry, structure, distance, linkage, division })
    }

    fn value(&self, matrix: Option<&Vec<f64>>, i: usize, j: usize) -> f64 {
        matrix.map_or(f64::NAN, |values| values[i * self.cities.len() + j])
    }

    fn names(&self, sectors: &[usize]) -> String {
        listed_by(sectors, |&sector| self.industry.sectors[sector].clone())
    }
}

/// The distance beyond which no city is near, where distances are kilometres.
fn cap(run: &Run) -> Option<f64> {
    (run.cities.metric.unit() == "km").then_some(NEAR)
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
    let most = cap(run).map_or(String::new(), |cap| format!(" but at most {cap}{}", in_unit(unit)));
    let rows: [(&str, Option<f64>, String); 5] = [
        ("similar", Some(by.similar), "S >= value, the quantile 2/3 of all pairs".to_owned()),
        ("near", by.near, format!("distance <= value{}, the quantile 1/3 of all pairs{most}", in_unit(unit))),
        (
            "strongly_linked",
            by.linked,
            "ln(1 + strength) >= value, the median of the pairs that are linked; else weakly linked".to_owned(),
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
    let by = &found.division.thresholds;
    let most = first.map_or(String::new(), |&(i, j, s)| {
        format!("; most similar of the duplicating are {} and {} (S = {s:.4})", label(i), label(j))
    });
    let near = by
        .near
        .map_or(String::new(), |near| format!("near is at most {near:.0}{}, ", in_unit(run.cities.metric.unit())));
    let (cooperating, linked) = match by.linked {
        Some(linked) => (
            format!("{cooperating} as cooperating (similar and strongly linked), "),
            format!(", strongly linked from ln(1 + strength) = {linked:.2}, the median of the linked pairs"),
        ),
        None => (String::new(), ", all pairs count as weakly linked for want of links".to_owned()),
    };
    format!(
        "of {all} pairs {duplicating} are classed as duplicating (similar, near, weakly linked, specialised in the same sectors), \
         {cooperating}{complementary} as complementary (not similar, upper third of complementarity): similar is the upper third, \
         S >= {:.4}, {near}complementary from C = {:.4}{linked}{most}",
        by.similar, by.complementary
    )
}

/// What could not be asked for.
fn what_is_missing(run: &Run, found: &Found) -> Vec<Note> {
    let mut notes = Vec::new();
    if found.division.thresholds.linked.is_none() {
        let why = if run.links.is_none() { "without links" } else { "since no two of these cities are linked" };
        let message = format!("{why} cooperating pairs cannot be told, and all pairs count as weakly linked");
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
    let size = |community: usize| result.community.iter().filter(|&&other| other == community).count();
    let single = match (1..=count).filter(|&community| size(community) == 1).count() {
        0 => String::new(),
        1 => ", one of them a single city".to_owned(),
        more => format!(", {more} of them single cities"),
    };
    let words = SILHOUETTE.iter().find(|(most, _)| fit <= *most).map_or(SILHOUETTE[3].1, |(_, words)| words);
    format!(
        "by their industries the cities make {count} communities{single} (mean silhouette {fit:.2}: {words}, in the words of \
         Kaufman and Rousseeuw)"
    )
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
        let names = listed_by(&places, |&i| run.cities.names[found.cities[i]].clone());
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
    let named = |(sector, _, quotient): &Pair| format!("{} (LQ {})", industry.sectors[*sector], printed(*quotient, 1));
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
