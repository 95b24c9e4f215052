//! [`similarity`] in the registry: one outcome for each year, and one over the years.

use serde_json::{Value, json};

use super::sensitivity::{self, Detail, detail, details};
use super::summary::{SimilaritySummary, mean_by_groups, summarised};
use super::{Similarity, report, similarity};
use crate::error::Result;
use crate::measures::isomorphism::adapter::{by_pairs, cell, each_year, over_the_years};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed_by};
use crate::study::{Grouping, Industry, IndustryYear};

const VARIANT: &str = "similarity of the shares of each city's total: UNIDO's coefficient, Krugman's index 0 to 2, Jensen-Shannon \
                       divergence in bits, grey degree with rho = 0.5 over the cities shown; all depend on the sectors' detail";

static ABOUT: About = About {
    name: "similarity",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Similarity of industrial structures",
    question: "How alike are the cities in what they produce, which pairs most, and is it becoming more?",
    formula: "S_ij = sum_k s_ik s_jk / sqrt(sum_k s_ik^2 sum_k s_jk^2); K_ij = sum_k |s_ik - s_jk|; mean S = sum_{i<j} S_ij / (n(n-1)/2)",
    symbols: &[
        ("s_ik", "share of sector k in city i"),
        ("S_ij", "UNIDO's coefficient of the cities i and j"),
        ("K_ij", "Krugman's index of the cities i and j"),
        ("n", "cities that take part"),
    ],
    reading: "S near 1: the cities build the same industries; near 0: none in common. Compare values of one table of sectors only: the coarser the sectors, the nearer to 1, and with three sectors cities are alike by construction. Correlations need ten sectors or more",
    variant: "All coefficients on shares. Krugman's index from 0 to 2; Bray-Curtis is half of it. Jensen-Shannon is the divergence, in bits, not its square root. Spearman with average ranks. Grey relational degree with rho = 0.5 and one minimum (0) and maximum over all pairs, so that it is symmetric and depends on the set of cities; grey_total with those over the cities against the whole. Means over pairs unweighted and weighted by X_i X_j; the whole is the sum of the cities that take part",
    reference: "UNIDO (1979), World Industry since 1960; Krugman (1991), Geography and Trade; Finger and Kreinin (1979), Economic Journal 89, 905-912, doi:10.2307/2231506; Lin (1991), IEEE Transactions on Information Theory 37, 145-151, doi:10.1109/18.61115; Bray and Curtis (1957), Ecological Monographs 27, 325-349; Hellinger (1909), Journal fuer die reine und angewandte Mathematik 136, 210-271; Deng (1982), Systems & Control Letters 1, 288-294, doi:10.1016/S0167-6911(82)80025-X",
    fields: &[
        Field::scalar("n", "cities that take part"),
        Field::scalar("pairs", "pairs of them"),
        Field::scalar("mean", "mean similarity S of the pairs"),
        Field::scalar("mean_weighted", "mean similarity, pairs weighted by the product of the cities' totals"),
        Field::scalar("mean_krugman_half", "mean of half of Krugman's index over the pairs"),
        Field::scalar("min", "least similarity of a pair"),
        Field::scalar("max", "greatest similarity of a pair"),
        Field::scalar("mean_within", "mean similarity of pairs of one group, by the first grouping"),
        Field::scalar("mean_between", "mean similarity of pairs of two groups"),
        Field::scalar("mean_groups", "mean similarity with the sectors merged to their groups"),
        Field::scalar("mean_three_sectors", "mean similarity with the sectors merged to three"),
        Field::scalar("slope_mean", "change of the mean a year, by least squares over the years"),
        Field::annotated("mean", "iso_mean", "iso_mean", "mean similarity with the other cities"),
        Field::annotated("max", "iso_max", "iso_max", "similarity with the most similar city"),
        Field::annotated("with", "iso_with", "iso_with", "id of the most similar city"),
        Field::annotated("total", "iso_total", "iso_total", "similarity with all cities together"),
        Field::annotated("rank", "iso_rank", "iso_rank", "rank by mean similarity, 1 for the highest"),
        Field::column("grey_total", "grey relational degree with all cities together"),
        Field::matrix("unido", "UNIDO's coefficient, 0 to 1"),
        Field::matrix("krugman", "Krugman's index, 0 to 2"),
        Field::matrix("finger_kreinin", "Finger and Kreinin's overlap, 0 to 1"),
        Field::matrix("bray_curtis", "Bray and Curtis's dissimilarity, 0 to 1"),
        Field::matrix("jensen_shannon", "Jensen-Shannon divergence in bits, 0 to 1"),
        Field::matrix("hellinger", "Hellinger's distance, 0 to 1"),
        Field::matrix("pearson", "correlation of the shares over the sectors, -1 to 1"),
        Field::matrix("spearman", "correlation of the ranks of the shares, -1 to 1"),
        Field::matrix("grey", "grey relational degree, above 0 to 1"),
        Field::table(
            "cities",
            "for each city its size, diversity, leading sectors by location quotient, and similarity",
        ),
        Field::table("summary", "the agglomeration in words and numbers"),
        Field::table("sensitivity", "mean similarity by how fine the sectors are"),
        Field::table("years", "means and extremes by year"),
    ],
    matches: &[
        (
            "SciPy",
            "on shares: 1 - cdist(s, s, 'cosine') is unido, 'cityblock' krugman, 'braycurtis' bray_curtis; jensenshannon(a, b, base=2)**2; pearsonr, spearmanr",
        ),
        ("vegan", "on shares: vegdist(s, 'bray') is bray_curtis; dist(decostand(s, 'hellinger'))/sqrt(2) is hellinger"),
    ],
};

/// [`similarity`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let mut outcomes =
        each_year(run, &ABOUT, VARIANT, |industry, year, outcome| fill_year(run, industry, year, outcome))?;
    let over = over_the_years(run, &ABOUT, VARIANT, |industry, _, outcome| {
        fill_years(run, industry, &outcomes, outcome);
        Ok(())
    })?;
    outcomes.extend(over);
    Ok(outcomes)
}

fn fill_year(run: &Run, industry: &Industry, year: &IndustryYear, outcome: &mut Outcome) -> Result<()> {
    let structure = &year.structure;
    let similarity = similarity(structure)?;
    let summary = summarised(structure, &similarity.unido, &similarity.krugman, similarity.unido_total.clone());
    let details = details(industry, structure, &summary);
    let splits: Vec<report::Split> = run
        .groups
        .iter()
        .map(|grouping| Ok((grouping, mean_by_groups(&similarity.unido, &grouping.groups)?)))
        .collect::<Result<_>>()?;
    let sized = !industry.percent;
    scalars(&summary, &details, splits.first(), sized, outcome);
    outcome.tables.push(("cities", report::cities(run, industry, structure, &similarity, &summary)));
    outcome.tables.push(("summary", report::summary(run, &details, &splits, sized)));
    outcome.tables.push(("sensitivity", sensitivity::table(&details, sized)));
    outcome.notes.extend(report::mean_finding(run, industry, year, &details));
    outcome.notes.extend(splits.iter().filter_map(report::split_finding));
    outcome.notes.extend(sensitivity::notes(industry));
    outcome.notes.extend(splits.iter().flat_map(|split| split_notes(run, year, split)));
    outcome.notes.extend(constant_note(run, &similarity.constant));
    outcome.notes.extend((!sized).then(unsized_note));
    columns(run, summary, &similarity, outcome);
    matrices(run, similarity, outcome);
    Ok(())
}

fn scalars(
    summary: &SimilaritySummary,
    details: &[Detail],
    split: Option<&report::Split>,
    sized: bool,
    outcome: &mut Outcome,
) {
    outcome.scalars.extend([
        ("n", summary.n as f64),
        ("pairs", summary.pairs as f64),
        ("mean", summary.mean),
        ("mean_weighted", if sized { summary.mean_weighted } else { f64::NAN }),
        ("mean_krugman_half", summary.mean_krugman_half),
        ("min", summary.min),
        ("max", summary.max),
    ]);
    if let Some((grouping, means)) = split {
        outcome.options.insert("group".into(), json!(grouping.name));
        outcome.scalars.extend([("mean_within", means.within), ("mean_between", means.between)]);
    }
    for (scalar, name) in [("mean_groups", "groups"), ("mean_three_sectors", "three sectors")] {
        outcome.scalars.extend(detail(details, name).map(|detail| (scalar, detail.summary.mean)));
    }
}

fn columns(run: &Run, summary: SimilaritySummary, similarity: &Similarity, outcome: &mut Outcome) {
    let with = summary.city_with.iter().map(|with| with.map(|j| run.cities.ids[j].clone())).collect();
    let ranks = summary.city_rank.iter().map(|rank| rank.map(|rank| rank as i64)).collect();
    outcome.columns.extend([
        ("mean", Values::Numbers(summary.city_mean)),
        ("max", Values::Numbers(summary.city_max)),
        ("with", Values::Texts(with)),
        ("total", Values::Numbers(summary.city_total)),
        ("rank", Values::Counts(ranks)),
        ("grey_total", Values::Numbers(similarity.grey_total.clone())),
    ]);
}

fn matrices(run: &Run, similarity: Similarity, outcome: &mut Outcome) {
    let named = [
        ("unido", similarity.unido),
        ("krugman", similarity.krugman),
        ("finger_kreinin", similarity.finger_kreinin),
        ("bray_curtis", similarity.bray_curtis),
        ("jensen_shannon", similarity.jensen_shannon),
        ("hellinger", similarity.hellinger),
        ("pearson", similarity.pearson),
        ("spearman", similarity.spearman),
        ("grey", similarity.grey),
    ];
    outcome.matrices.extend(named.map(|(name, values)| (name, by_pairs(run, values))));
}

/// Cities without a group, and groupings that leave a mean undefined.
fn split_notes(run: &Run, year: &IndustryYear, (grouping, means): &report::Split) -> Vec<Note> {
    let Grouping { name, groups } = grouping;
    let mut notes = Vec::new();
    let without: Vec<usize> = year.structure.members().iter().copied().filter(|&i| groups[i].is_none()).collect();
    if !without.is_empty() {
        let cities = listed_by(&without, |&i| run.cities.label(i));
        let note =
            Note::warning("missing_group", format!("no {name} is known of {cities}: left out of the split by it"));
        notes.push(note.about(without.iter().map(|&i| &run.cities.ids[i])));
    }
    for (pairs, which) in [(means.pairs_within, "the same"), (means.pairs_between, "different")] {
        if pairs == 0 {
            let message = format!("no two cities are of {which} {name}, so that their mean similarity is undefined");
            notes.push(Note::remark("undefined_number", message));
        }
    }
    notes
}

fn constant_note(run: &Run, constant: &[usize]) -> Option<Note> {
    let cities = listed_by(constant, |&i| run.cities.label(i));
    let message = format!("no correlations (pearson, spearman) with {cities}, all sectors being equal there");
    let note = Note::remark("undefined_number", message).about(constant.iter().map(|&i| &run.cities.ids[i]));
    (!constant.is_empty()).then_some(note)
}

fn unsized_note() -> Note {
    let message = "shares of each city are given and not its size, so that there is no mean weighted by size, and all cities \
                   count the same in the whole";
    Note::remark("sizes_unknown", message)
}

/// The table of the years from the outcomes of each year.
fn fill_years(run: &Run, industry: &Industry, years: &[Outcome], outcome: &mut Outcome) {
    const NUMBERS: [&str; 9] = [
        "n",
        "mean",
        "mean_weighted",
        "mean_krugman_half",
        "mean_within",
        "mean_between",
        "min",
        "max",
        "mean_three_sectors",
    ];
    let row = |year: &Outcome| -> Vec<Value> {
        let number = |name: &str| match year.scalar(name) {
            n if name == "n" => json!(n as u64),
            x => cell(x),
        };
        std::iter::once(json!(year.year)).chain(NUMBERS.map(number)).collect()
    };
    let mut columns = vec!["year"];
    columns.extend(NUMBERS.map(|name| match name {
        "mean_within" => "within",
        "mean_between" => "between",
        other => other,
    }));
    outcome.tables.push(("years", TableOut { columns, rows: years.iter().map(row).collect() }));
    let means: Vec<(i32, f64)> = years.iter().filter_map(|year| Some((year.year?, year.scalar("mean")))).collect();
    let slope = slope(&means);
    outcome.scalars.push(("slope_mean", slope));
    outcome.notes.extend(report::trend_finding(&means, slope));
    outcome.notes.extend(changing_note(run, industry));
}

/// The slope of a line by least squares.
fn slope(points: &[(i32, f64)]) -> f64 {
    let mean = |of: &dyn Fn(&(i32, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(&|p| f64::from(p.0)), mean(&|p| p.1));
    mean(&|p| (f64::from(p.0) - x) * (p.1 - y)) / mean(&|p| (f64::from(p.0) - x).powi(2))
}

/// The means of different cities do not make a trend.
fn changing_note(run: &Run, industry: &Industry) -> Option<Note> {
    let years = |i: usize| industry.years.iter().filter(|year| year.structure.has(i)).count();
    let some: Vec<usize> = (0..run.cities.len()).filter(|&i| (1..industry.years.len()).contains(&years(i))).collect();
    let cities = listed_by(&some, |&i| run.cities.label(i));
    let verb = if some.len() == 1 { "takes" } else { "take" };
    let message =
        format!("{cities} {verb} part in some of the years only, so that the means are not of the same cities");
    let note = Note::warning("changing_cities", message).about(some.iter().map(|&i| &run.cities.ids[i]));
    (!some.is_empty()).then_some(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slope_of_a_line() {
        assert!((slope(&[(2010, 1.0), (2015, 2.0), (2020, 3.0)]) - 0.2).abs() < 1e-15);
        assert!(slope(&[(2010, 1.0)]).is_nan());
    }
}
