//! What a run found, in sentences that a report can quote. Every word is chosen by alpha and a sign, and stands beside
//! the numbers that chose it.

use super::present::{short, subject};
use crate::measures::{Family, Outcome, Values, measure};
use crate::note::listed_by;
use crate::write::Report;

/// Most sentences of one measure of reach; a run has some twenty of them, and all sentences are in results.json.
const MOST_OF_REACH: usize = 2;

/// The findings of a run, most general first.
pub(super) fn findings(report: &Report) -> Vec<String> {
    let of = |measure: &'static str| report.outcomes.iter().filter(move |outcome| outcome.measure == measure);
    let global = of("moran").filter_map(|outcome| clustering(report, outcome));
    let said = |industry: bool| {
        let outcomes = report.outcomes.iter().filter(move |outcome| outcome.is_of_industry() == industry);
        outcomes.flat_map(|outcome| sentences(report, outcome))
    };
    let local = of("local_moran").filter_map(|outcome| clusters(report, outcome));
    global.chain(said(false)).chain(local).chain(said(true)).collect()
}

/// What a measure says itself; of several years the last one is told.
fn sentences(report: &Report, outcome: &Outcome) -> Vec<String> {
    let family = measure(outcome.measure).map(|measure| measure.about().family);
    let yearly = family != Some(Family::Autocorrelation);
    let earlier = yearly && outcome.year.is_some() && outcome.year < report.years().into_iter().max();
    let said = outcome.notes.iter().filter(|note| note.code == "follows" && !earlier);
    let most = if family == Some(Family::Radiation) { MOST_OF_REACH } else { usize::MAX };
    let dated = |message: &str| match outcome.year.filter(|_| yearly) {
        Some(year) if !message.contains(&year.to_string()) => format!("{year}: {message}"),
        _ => message.to_owned(),
    };
    said.take(most).map(|note| dated(&note.message)).collect()
}

/// `gdp is clustered in space (queen): Moran's I is 0.585, −0.025 expected by chance, p = 0.002`
fn clustering(report: &Report, outcome: &Outcome) -> Option<String> {
    let (i, expected) = (outcome.scalar("i"), outcome.scalar("expected"));
    let (p, of_p) = match outcome.scalar("p_permutation") {
        p if p.is_finite() => (p, "p"),
        _ => (outcome.scalar("p_randomisation"), "p without permutations"),
    };
    let alpha = report.inference?.alpha;
    let word = match (p <= alpha, i > expected) {
        _ if !i.is_finite() || !p.is_finite() => return None,
        (false, _) => "is spread as chance would spread it",
        (true, true) if i > 0.0 => "is clustered",
        (true, true) => "is less dispersed than chance would have it",
        (true, false) => "is dispersed, like beside unlike,",
    };
    let (variable, place) = (subject(outcome), place(outcome));
    Some(format!(
        "{variable} {word} {place}: Moran's I is {}, {} expected by chance, {of_p} = {} ({} cities)",
        short(i),
        short(expected),
        short(p),
        short(outcome.scalar("n"))
    ))
}

/// The cities that cluster or stand out, and how many of them outlast the correction for many tests.
fn clusters(report: &Report, outcome: &Outcome) -> Option<String> {
    let Values::Classes(classes) = outcome.column("class")? else { return None };
    let named = |class: &str, words: &str| {
        let members: Vec<usize> = (0..classes.len()).filter(|&i| classes[i] == class).collect();
        let cities = || listed_by(&members, |&i| report.cities.known_as(i));
        (!members.is_empty()).then(|| format!("{} {words} ({})", members.len(), cities()))
    };
    let groups: Vec<String> =
        [("HH", "high among high"), ("LL", "low among low"), ("HL", "high among low"), ("LH", "low among high")]
            .into_iter()
            .filter_map(|(class, words)| named(class, words))
            .collect();
    let subject = format!("{} {}", subject(outcome), place(outcome));
    if groups.is_empty() {
        return Some(format!("{subject}: no city stands out"));
    }
    let groups = groups.join(", ");
    Some(format!("{subject}: {groups}{}", outlasting(report, outcome, classes).unwrap_or_default()))
}

/// `; 7 of the 14 remain after correction for many tests (q <= 0.05)`
fn outlasting(report: &Report, outcome: &Outcome, classes: &[&str]) -> Option<String> {
    let alpha = report.inference?.alpha;
    let Values::Numbers(q) = outcome.column("q")? else { return None };
    let significant = |&i: &usize| !matches!(classes[i], "ns" | "undefined" | "isolate");
    let all = (0..q.len()).filter(significant).count();
    let remain = (0..q.len()).filter(significant).filter(|&i| q[i] <= alpha).count();
    Some(format!("; {remain} of the {all} remain after correction for many tests (q <= {alpha})"))
}

/// Where neighbours are: in space under some weights, or along the links.
fn place(outcome: &Outcome) -> String {
    match outcome.weights.as_deref() {
        Some("links") => "along the links".to_owned(),
        Some(weights) => format!("in space ({weights})"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::fixture;

    fn moran(i: f64, p: f64) -> Outcome {
        Outcome {
            measure: "moran",
            variable: Some("gdp".into()),
            weights: Some("links".into()),
            scalars: vec![("i", i), ("expected", -0.5), ("p_permutation", p), ("n", 3.0)],
            ..Outcome::default()
        }
    }

    #[test]
    fn words_follow_alpha_and_sign() {
        for (i, p, word) in [
            (0.4, 0.01, "is clustered along"),
            (-0.9, 0.01, "is dispersed"),
            (-0.1, 0.01, "is less dispersed"),
            (0.4, 0.2, "as chance"),
        ] {
            let report = crate::write::Report { outcomes: vec![moran(i, p)], ..fixture::report() };
            let said = findings(&report);
            assert!(said.len() == 1 && said[0].contains(word) && said[0].contains(&short(i)), "{said:?}");
        }
    }

    #[test]
    fn cities_of_clusters_are_named() {
        let said = findings(&fixture::report()).join("\n");
        assert!(said.contains("1 high among high (=SUM(A1))"), "{said}");
    }
}
