//! Results as a planner reads them on a terminal: sentences with numbers, and the rule behind every word.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table, presets};

use super::diagnose::visible;
use super::figures;
use super::tables;
use crate::finding::{Finding, findings};
use crate::inference::{Adjust, Inference, monte_carlo_error};
use crate::measures::{Family, Outcome, Values, measure};
use crate::note::{listed, listed_by};
use crate::weights::Weights;
use crate::write::Report;
use crate::write::classes::legend;
pub use crate::write::short;

/// Most columns of numbers of inequality that are shown side by side.
const SIDE_BY_SIDE: usize = 2;

/// Most sentences of a family.
const MOST_SENTENCES: usize = 4;

/// The summary of a run: what was found, the statistics of the map, a count of classes for each local measure, and how
/// all of it was held against chance; inequality; the network.
pub fn summary(report: &Report) -> String {
    let mut text = String::new();
    for weights in &report.weights {
        let _ = writeln!(text, "{}", weights_line(weights));
    }
    text.push_str(&sentences(&findings(report)));
    let (local, global): (Vec<&Outcome>, Vec<&Outcome>) =
        of(report, Family::Autocorrelation).into_iter().partition(|outcome| classes(outcome).is_some());
    text.push_str(&statistics(report, &global));
    text.push_str(&class_counts(report, &local));
    if let Some(inference) = tested(report) {
        let _ = writeln!(text, "\n{}", rule(inference));
    }
    let imbalance = of(report, Family::Imbalance);
    // One value side by side with and without population; of several years, tables by year.
    let by_year = imbalance.iter().filter(|outcome| outcome.measure == "gini").count() > SIDE_BY_SIDE;
    text += &if by_year { tables::inequality(report) } else { figures::inequality(&imbalance) };
    text += &figures::groups(&imbalance);
    text += &tables::tables(report, &imbalance);
    text += &tables::index(report);
    text += &tables::tables(report, &of(report, Family::Index));
    let reach = of(report, Family::Radiation);
    for outcome in reach.iter().filter(|outcome| outcome.measure == "centrality") {
        text += &figures::leaders(report, outcome);
    }
    text += &tables::reach(report);
    text += &tables::tables(report, &reach);
    let industry = [of(report, Family::Isomorphism), of(report, Family::Structure)].concat();
    text += &tables::tables(report, &industry);
    if tested(report).is_none() {
        text.push('\n');
    }
    text.trim_start_matches('\n').to_owned()
}

/// A few findings of each family, as many measures among them as there is room for; a report has all of them.
fn sentences(found: &[Finding]) -> String {
    let mut text = String::new();
    for family in Family::ALL {
        let of_family: Vec<&Finding> = found.iter().filter(|finding| finding.family == *family).collect();
        let turn = |i: usize| of_family[..i].iter().filter(|other| other.measure == of_family[i].measure).count();
        let mut chosen: Vec<usize> = (0..of_family.len()).collect();
        chosen.sort_by_key(|&i| turn(i));
        chosen.truncate(MOST_SENTENCES);
        chosen.sort_unstable();
        for i in chosen {
            let _ = writeln!(text, "* {}", visible(&of_family[i].text));
        }
    }
    if text.is_empty() { text } else { format!("\nFindings\n{text}") }
}

/// The results of a family.
fn of(report: &Report, family: Family) -> Vec<&Outcome> {
    let is_of = |outcome: &&Outcome| measure(outcome.measure).is_some_and(|measure| measure.about().family == family);
    report.outcomes.iter().filter(is_of).collect()
}

/// How results were held against chance, where there are any of that sort.
fn tested(report: &Report) -> Option<&Inference> {
    report.inference.as_ref().filter(|_| !of(report, Family::Autocorrelation).is_empty())
}

/// `queen: 41 cities, 200 links, 4.9 neighbours on average, row-standardised`
fn weights_line(weights: &Weights) -> String {
    visible(&format!(
        "{}: {} cities, {} links, {} neighbours on average, transform {}",
        weights.label(),
        weights.n(),
        weights.links(),
        short(weights.mean_neighbours()),
        weights.transform().name()
    ))
}

/// One row for each statistic of the map as a whole, with what it means.
fn statistics(report: &Report, outcomes: &[&Outcome]) -> String {
    let rows: Vec<Vec<String>> =
        outcomes.iter().flat_map(|outcome| headlines(outcome).into_iter().map(|h| h.row(report, outcome))).collect();
    if rows.is_empty() {
        return String::new();
    }
    let header = ["statistic", "of", "weights", "value", "expected", "z", "p", "reading"];
    format!("\n{}", table(&header, &rows, &[3, 4, 5, 6]))
}

/// The number that stands for a result, with its expectation, z and p.
struct Headline {
    name: &'static str,
    value: f64,
    expected: f64,
    z: f64,
    p: f64,
}

/// The headlines of a result: the first scalar, or for counts and comparisons each statistic that has a p value.
fn headlines(outcome: &Outcome) -> Vec<Headline> {
    let first =
        |names: &[&str]| names.iter().map(|name| outcome.scalar(name)).find(|x| x.is_finite()).unwrap_or(f64::NAN);
    let single = |name: &'static str, prefix: &str| {
        let with = |suffix: &str| outcome.scalar(&format!("{prefix}{suffix}"));
        let p = [with("p_permutation"), with("p_randomisation"), with("p")];
        Headline {
            name,
            value: outcome.scalar(name),
            expected: first(&[&format!("{prefix}expected"), &format!("{prefix}permutation_mean")]),
            z: [with("z_randomisation"), with("z")].into_iter().find(|z| z.is_finite()).unwrap_or(f64::NAN),
            p: p.into_iter().find(|p| p.is_finite()).unwrap_or(f64::NAN),
        }
    };
    match outcome.measure {
        "join_counts" => {
            [("bb", "bb_"), ("ww", "ww_"), ("bw", "bw_")].map(|(name, prefix)| single(name, prefix)).into()
        }
        "association" => [("partial_distance", "p_distance"), ("partial_linkage", "p_linkage")]
            .map(|(name, p)| Headline {
                name,
                value: outcome.scalar(name),
                expected: f64::NAN,
                z: f64::NAN,
                p: outcome.scalar(p),
            })
            .into(),
        _ => outcome.scalars.first().map(|&(name, _)| single(name, "")).into_iter().collect(),
    }
}

impl Headline {
    fn row(&self, report: &Report, outcome: &Outcome) -> Vec<String> {
        let title = measure(outcome.measure).map_or(outcome.measure, |measure| measure.about().title);
        let several = matches!(outcome.measure, "join_counts" | "association");
        let title = if several { format!("{title}, {}", self.name) } else { title.to_owned() };
        vec![
            title,
            subject(outcome),
            outcome.weights.clone().unwrap_or_default(),
            short(self.value),
            short(self.expected),
            short(self.z),
            short(self.p),
            self.reading(report, outcome).to_owned(),
        ]
    }

    /// The word for a statistic; it depends on alpha and on the side of the expectation, and on nothing else.
    fn reading(&self, report: &Report, outcome: &Outcome) -> &'static str {
        let alpha = report.inference.map_or(0.05, |inference| inference.alpha);
        let above = self.value > self.expected;
        match (outcome.measure, self.name) {
            _ if self.p.is_nan() || self.value.is_nan() => "",
            _ if self.p > alpha => "not distinguishable from chance",
            (_, "bb" | "ww") if above => "lie together",
            ("join_counts", "bw") if !above => "keep apart",
            ("getis_ord_g", _) if above => "high values gather",
            ("getis_ord_g", _) => "low values gather",
            ("geary", _) if above => "dispersed",
            ("geary", _) => "clustered",
            ("association", "partial_distance") if self.value > 0.0 => "differences grow with distance",
            ("association", "partial_linkage") if self.value < 0.0 => "linked cities are alike",
            ("association", "partial_linkage") => "linked cities differ",
            ("moran" | "moran_rate" | "bivariate_moran" | "lee", _) if above && self.value > 0.0 => "clustered",
            ("moran" | "moran_rate" | "bivariate_moran" | "lee", _) if above => "less dispersed than by chance",
            ("moran" | "moran_rate" | "bivariate_moran" | "lee", _) => "dispersed",
            _ => "beyond chance",
        }
    }
}

/// What a result is about: the variable and its year.
pub(super) fn subject(outcome: &Outcome) -> String {
    let variable = outcome.variable.as_deref().unwrap_or_default();
    outcome.year.map_or_else(|| variable.to_owned(), |year| format!("{variable} {year}"))
}

/// The classes of a local result, those that its map shows.
fn classes(outcome: &Outcome) -> Option<&[&'static str]> {
    outcome.classes("class")
}

/// One row for each local measure: how many cities it calls significant, and in which classes.
fn class_counts(report: &Report, outcomes: &[&Outcome]) -> String {
    if outcomes.is_empty() {
        return String::new();
    }
    let header = ["city by city", "of", "weights", "tested", "significant", "after FDR", "classes"];
    let rows: Vec<Vec<String>> = outcomes.iter().map(|outcome| class_row(report, outcome)).collect();
    format!("\n{}", table(&header, &rows, &[3, 4, 5]))
}

fn class_row(report: &Report, outcome: &Outcome) -> Vec<String> {
    let values = classes(outcome).unwrap_or_default();
    let tested = |class: &str| !matches!(class, "undefined" | "isolate");
    let significant = |class: &str| tested(class) && class != "ns";
    let alpha = report.inference.map_or(0.05, |inference| inference.alpha);
    let remain = outcome.numbers("q").map_or_else(String::new, |q| {
        q.iter().zip(values).filter(|&(&q, class)| significant(class) && q <= alpha).count().to_string()
    });
    let counts = legend(values).into_iter().filter_map(|class| {
        let class = class.name;
        let count = values.iter().filter(|&&value| value == class).count();
        (count > 0 && class != "ns").then(|| format!("{class} {count}"))
    });
    vec![
        measure(outcome.measure).map_or(outcome.measure, |measure| measure.about().title).to_owned(),
        subject(outcome),
        outcome.weights.clone().unwrap_or_default(),
        values.iter().filter(|class| tested(class)).count().to_string(),
        values.iter().filter(|class| significant(class)).count().to_string(),
        remain,
        counts.collect::<Vec<_>>().join(", "),
    ]
}

/// The rule by which a word was chosen.
fn rule(inference: &Inference) -> String {
    let chance = match inference.permutations {
        0 => "without permutations".to_owned(),
        count => {
            let error = monte_carlo_error(inference.alpha, count, inference.alternative);
            format!(
                "{count} permutations, seed {}, which leave a p of {} uncertain by {}",
                inference.seed,
                inference.alpha,
                short(error)
            )
        }
    };
    let adjust = match inference.adjust {
        Adjust::None => "no correction for testing many cities".to_owned(),
        adjust => format!("p corrected by {}", adjust.name()),
    };
    format!("Called significant: p <= {}, {}, {adjust}; {chance}", inference.alpha, inference.alternative.name())
}

/// The last line: what was written, how many cities took part, the seed.
pub fn last_line(report: &Report, all: usize, written: &[String]) -> String {
    let mut text = match written {
        [] => "Nothing written".to_owned(),
        files => format!("Wrote {}", listed(files)),
    };
    let _ = write!(text, "; {} of {all} cities used", used(report));
    for weights in &report.weights {
        let absent = report.outcomes.iter().filter(|outcome| outcome.weights.as_deref() == Some(weights.label()));
        let absent = absent
            .filter_map(|outcome| classes(outcome))
            .map(|classes| classes.iter().filter(|class| matches!(**class, "undefined" | "isolate")).count());
        if let Some(absent) = absent.max().filter(|&absent| absent > 0) {
            let _ = write!(
                text,
                ", {absent} of them left out under {} for want of a value or a neighbour",
                weights.label()
            );
        }
    }
    let drawn = tested(report).is_some() || report.outcomes.iter().any(|outcome| outcome.measure == "isomorphism_null");
    if let Some(inference) = report.inference.filter(|_| drawn) {
        let _ = write!(text, "; seed {}", inference.seed);
    }
    visible(&text) + "\n"
}

/// How many cities any result is about. Those that a measure of autocorrelation leaves out are told beside it.
fn used(report: &Report) -> usize {
    let n = report.cities.len();
    if report.outcomes.is_empty() || !report.outcomes.iter().all(Outcome::is_of_industry) {
        return n;
    }
    let has = |i: usize| {
        report.outcomes.iter().flat_map(|outcome| &outcome.columns).any(|(_, values)| match values {
            Values::Numbers(numbers) => numbers[i].is_finite(),
            _ => false,
        })
    };
    (0..n).filter(|&i| has(i)).count()
}

/// A description of weights: size, neighbours, components, symmetry, sums.
pub fn weights_summary(report: &Report) -> String {
    let mut text = String::new();
    for weights in &report.weights {
        let sums = weights.sums();
        let isolates = weights.isolates();
        let components = weights.component_sizes().len();
        let share = weights.links() as f64 / (weights.n() as f64 * (weights.n() as f64 - 1.0)).max(1.0);
        let rows = [
            ("weights", weights.label().to_owned()),
            ("transform", weights.transform().name().to_owned()),
            ("cities", weights.n().to_string()),
            ("links", format!("{} ({} % of all pairs)", weights.links(), short(100.0 * share))),
            ("neighbours on average", short(weights.mean_neighbours())),
            (
                "without a neighbour",
                if isolates.is_empty() { "none".to_owned() } else { listed_by(&isolates, |&i| report.cities.label(i)) },
            ),
            ("components", components.to_string()),
            ("symmetric before the transform", if weights.is_symmetric() { "yes" } else { "no" }.to_owned()),
            ("s0, s1, s2", [sums.s0, sums.s1, sums.s2].map(short).join(", ")),
        ];
        for (name, value) in rows {
            let _ = writeln!(text, "{name:<32}{}", visible(&value));
        }
        text.push_str("\nneighbours  cities\n");
        let histogram = weights.neighbour_histogram();
        let most = histogram.iter().copied().max().unwrap_or(1).max(1);
        for (neighbours, &count) in histogram.iter().enumerate().filter(|&(_, &count)| count > 0) {
            let _ = writeln!(text, "{neighbours:>10}  {count:>6}  {}", "#".repeat((40 * count).div_ceil(most)));
        }
    }
    text
}

/// A table without lines between its rows; `right` are the columns of numbers.
pub fn table(header: &[&str], rows: &[Vec<String>], right: &[usize]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header.to_vec());
    for row in rows {
        table.add_row(row.iter().map(|cell| visible(cell)).collect::<Vec<_>>());
    }
    for &column in right {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.lines().map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::fixture;

    #[test]
    fn a_summary_names_rule_classes_and_cities() {
        let text = summary(&fixture::report());
        assert!(text.contains("1 high among high (=SUM(A1))") && text.contains("HH 1, undefined 1"), "{text}");
        assert!(text.contains(
            "p <= 0.05, two-sided, no correction for testing many cities; 999 permutations, seed 42, which leave"
        ));
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn words_follow_from_alpha_and_the_side() {
        let report = fixture::report();
        let word = |measure: &'static str, i: f64, p: f64| {
            let scalars = vec![("i", i), ("expected", 0.0), ("p_permutation", p)];
            let outcome = Outcome { measure, scalars, ..Outcome::default() };
            headlines(&outcome)[0].reading(&report, &outcome)
        };
        assert_eq!(word("moran", 0.4, 0.002), "clustered");
        assert_eq!(word("moran", -0.4, 0.05), "dispersed");
        assert_eq!(word("moran", 0.4, 0.051), "not distinguishable from chance");
        assert_eq!(word("geary", -0.4, 0.002), "clustered");
        assert_eq!(word("moran", 0.4, f64::NAN), "");
    }

    #[test]
    fn the_last_line_counts_files_and_cities() {
        let line = last_line(&fixture::report(), 4, &["a.geojson".into(), "a.qml".into()]);
        assert_eq!(
            line,
            "Wrote a.geojson and a.qml; 3 of 4 cities used, 1 of them left out under queen for want of a value or a \
             neighbour; seed 42\n"
        );
    }
}
