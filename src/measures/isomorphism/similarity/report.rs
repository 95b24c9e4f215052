//! What a report on similarity prints: the table of the cities, that of the agglomeration, and sentences to quote.

use serde_json::{Value, json};

use super::Similarity;
use super::sensitivity::{Detail, detail};
use super::summary::{GroupMeans, SimilaritySummary};
use crate::measures::isomorphism::adapter::{cell, finding, printed, who};
use crate::measures::isomorphism::{
    Benchmark, entropy_normalised, herfindahl, krugman_specialisation, location_quotient,
};
use crate::measures::{Run, TableOut};
use crate::note::Note;
use crate::study::{Grouping, Industry, IndustryYear, Structure, ThreeSectors};

/// Means that differ by less are called about the same.
const ALIKE: f64 = 0.005;

/// Similarities that differ by less are the same but for rounding.
const ROUNDING: f64 = 1e-12;

/// A grouping with the means within and between its groups.
pub(super) type Split<'a> = (&'a Grouping, GroupMeans);

/// One row for each city: what it has, how special it is, how similar to the others.
pub(super) fn cities(
    run: &Run,
    industry: &Industry,
    structure: &Structure,
    similarity: &Similarity,
    summary: &SimilaritySummary,
) -> TableOut {
    let quotients = location_quotient(structure);
    let krugman = krugman_specialisation(structure, Benchmark::Whole);
    let row = |i: usize| -> Vec<Value> {
        let shares = structure.shares(i);
        let sectors = i * structure.sectors()..(i + 1) * structure.sectors();
        let has = structure.has(i);
        let active = structure.levels(i).iter().filter(|&&level| level > 0.0).count();
        let numbers = [
            json!(has.then_some(active)),
            cell(herfindahl(shares)),
            cell(entropy_normalised(shares)),
            cell(krugman[i]),
            json!(has.then(|| top_sectors(&industry.sectors, &quotients[sectors]))),
            cell(summary.city_mean[i]),
            cell(similarity.unido_total[i]),
            json!(summary.city_rank[i]),
        ];
        who(run, i).into_iter().chain([cell(structure.total(i))]).chain(numbers).collect()
    };
    let columns = vec![
        "city",
        "name",
        "total",
        "active_sectors",
        "hhi",
        "entropy_normalised",
        "krugman",
        "top_sectors",
        "mean_s",
        "s_total",
        "rank",
    ];
    TableOut { columns, rows: (0..structure.cities()).map(row).collect() }
}

/// `electronics 2.1, finance 1.4`: the three sectors of the highest quotients.
fn top_sectors(names: &[String], quotients: &[f64]) -> String {
    let mut order: Vec<usize> = (0..quotients.len()).filter(|&k| quotients[k] > 0.0).collect();
    order.sort_by(|&a, &b| quotients[b].total_cmp(&quotients[a]));
    let text = |&k: &usize| format!("{} {}", names[k], printed(quotients[k], 1));
    order.iter().take(3).map(text).collect::<Vec<_>>().join(", ")
}

/// The agglomeration in words and numbers, one row each.
pub(super) fn summary(run: &Run, details: &[Detail], splits: &[Split], sized: bool) -> TableOut {
    let Some(Detail { sectors, summary, .. }) = details.first() else { return TableOut::default() };
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut push = |name: String, value: Value| rows.push(vec![json!(name), value]);
    push("cities".into(), json!(summary.n));
    push("sectors".into(), json!(sectors));
    push("pairs of cities".into(), json!(summary.pairs));
    push("mean similarity of the pairs".into(), cell(summary.mean));
    if sized {
        push("mean similarity, pairs weighted by the cities' totals".into(), cell(summary.mean_weighted));
    }
    push("mean difference of the structures (half of Krugman's index)".into(), cell(summary.mean_krugman_half));
    push("highest similarity".into(), cell(summary.max));
    push("pair with the highest similarity".into(), json!(pair(run, summary.max_pair)));
    push("lowest similarity".into(), cell(summary.min));
    push("pair with the lowest similarity".into(), json!(pair(run, summary.min_pair)));
    for (grouping, means) in splits {
        push(format!("mean similarity within groups by {}", grouping.name), cell(means.within));
        push(format!("mean similarity between groups by {}", grouping.name), cell(means.between));
    }
    for Detail { name, sectors, summary } in details.iter().skip(1) {
        push(format!("mean similarity with the sectors merged to {name} ({sectors})"), cell(summary.mean));
    }
    TableOut { columns: vec!["name", "value"], rows }
}

fn pair(run: &Run, (i, j): (usize, usize)) -> String {
    format!("{} and {}", run.cities.known_as(i), run.cities.known_as(j))
}

/// `Mean similarity 0.931 (41 cities, 20 sectors, 2020); …`, and how much of it is due to coarse sectors.
pub(super) fn mean_finding(run: &Run, industry: &Industry, year: &IndustryYear, details: &[Detail]) -> Option<Note> {
    let Detail { sectors, summary, .. } = details.first()?;
    let when = year.year.map_or_else(String::new, |year| format!(", {year}"));
    let mut sentence = format!("Mean similarity {:.3} ({} cities, {sectors} sectors{when})", summary.mean, summary.n);
    if summary.n > 2 && summary.max - summary.min > ROUNDING {
        let [highest, lowest] = [summary.max_pair, summary.min_pair].map(|of| pair(run, of));
        sentence += &format!("; highest pair {highest} ({:.4}), lowest {lowest} ({:.4})", summary.max, summary.min);
    }
    let merged = detail(details, "three sectors").filter(|three| three.sectors < *sectors && all_three(industry));
    if let Some(three) = merged {
        let therefore = match three.summary.mean - summary.mean > ALIKE {
            true => format!(
                ", so similarity near 1 is in part an artefact of coarse sectors (a rise of more than {ALIKE} is called one)"
            ),
            false => String::new(),
        };
        sentence += &format!("; merged to three sectors it would be {:.3}{therefore}", three.summary.mean);
    }
    Some(finding(sentence))
}

/// Whether the sectors belong to all three of the economy, and not to one or two of them.
fn all_three(industry: &Industry) -> bool {
    let has = |sector: &ThreeSectors| industry.broad.as_ref().is_some_and(|broad| broad.contains(sector));
    ThreeSectors::ALL.iter().all(has)
}

/// Whether cities of one group are more alike than those of different groups.
pub(super) fn split_finding((grouping, means): &Split) -> Option<Note> {
    let GroupMeans { within, between, pairs_within, pairs_between } = means;
    let how = match within - between {
        d if d >= ALIKE => "more alike than",
        d if d <= -ALIKE => "less alike than",
        d if d.is_nan() => return None,
        _ => "about as alike as",
    };
    Some(finding(format!(
        "Cities of the same {} are {how} cities of different ones: mean similarity {within:.3} ({pairs_within} pairs) and \
         {between:.3} ({pairs_between} pairs), where means less than {ALIKE} apart count as about the same \
         (not tested; distance is not held constant)",
        grouping.name
    )))
}

/// How the mean moved over the years, each given with its mean; the slope is that of least squares.
pub(super) fn trend_finding(means: &[(i32, f64)], slope: f64) -> Option<Note> {
    let (&(from, first), &(to, last)) = (means.first()?, means.last()?);
    let change = slope * (f64::from(to) - f64::from(from));
    let verb = match change {
        c if c >= ALIKE => "rose",
        c if c <= -ALIKE => "fell",
        c if c.is_nan() => return None,
        _ => "hardly changed",
    };
    let fitted = match means.len() {
        2 => String::new(),
        years => format!(", {slope:+.4} a year (least squares over {years} years)"),
    };
    Some(finding(format!(
        "Mean similarity {verb} from {first:.3} in {from} to {last:.3} in {to}{fitted}; a change of less than {ALIKE} counts as \
         hardly any"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tops_of_a_city_are_named_with_their_quotients() {
        let names = ["farms", "steel", "ships", "banks", "shops"].map(String::from);
        assert_eq!(top_sectors(&names, &[0.0, 2.14, 1.4, f64::NAN, 0.26]), "steel 2.1, ships 1.4, shops 0.3");
    }

    #[test]
    fn two_years_have_no_slope_in_words() {
        let said = |means: &[(i32, f64)], slope| trend_finding(means, slope).unwrap().message;
        let two = said(&[(2010, 0.9), (2020, 0.95)], 0.005);
        assert!(two.starts_with("Mean similarity rose from 0.900 in 2010 to 0.950 in 2020;"), "{two}");
        let three = said(&[(2010, 0.9), (2015, 0.9), (2020, 0.9)], 0.0);
        assert!(three.contains("hardly changed") && three.contains("over 3 years"), "{three}");
        assert!(trend_finding(&[(2010, f64::NAN), (2020, 0.9)], f64::NAN).is_none());
    }
}
