//! The table of a composite index that brings several measures together: every city in the last year.

use std::borrow::Cow;

use super::Report;
use super::sheet::{Sheet, SheetColumn};

/// Heading, measure and column.
const CITY: [(&str, &str, &str); 12] = [
    ("score", "score", "score"),
    ("rank", "score", "rank"),
    ("rank_low", "index_robustness", "rank_low"),
    ("rank_high", "index_robustness", "rank_high"),
    ("topsis_rank", "topsis", "rank"),
    ("vikor_rank", "vikor", "rank"),
    ("coordination", "coupling", "d_modified"),
    ("coordination_classic", "coupling", "d_classic"),
    ("grade", "coupling", "grade"),
    ("lagging", "coupling", "lagging"),
    ("largest_obstacle", "obstacles", "first"),
    ("its_degree", "obstacles", "first_degree"),
];

/// Score, rank, coordination and largest obstacle of every city in the last year; `None` where there is no score.
pub fn of_index(report: &Report) -> Option<Sheet<'_>> {
    let score = report.last("score")?;
    let mut header: Vec<Cow<str>> = vec!["city".into(), "name".into()];
    let mut columns = vec![SheetColumn::Texts(&report.cities.ids), SheetColumn::Texts(&report.cities.names)];
    for (heading, measure, column) in CITY {
        if let Some(values) = report.last(measure).and_then(|outcome| outcome.column(column)) {
            header.push(heading.into());
            columns.push(SheetColumn::Values(values));
        }
    }
    let year = score.year.map_or_else(String::new, |year| format!(", {year}"));
    let says = "rank_low and rank_high: 5th and 95th percentile of the rank under random weights; coordination: modified degree \
                of coupling coordination, with the classic one beside it";
    let own = score.footer.as_ref().map_or_else(String::new, |own| format!("; {own}"));
    Some(Sheet {
        name: "index_cities".into(),
        key: "index.cities".into(),
        title: format!("Composite index: every city{year}"),
        footer: Some(format!("{says}{own}")),
        in_words: true,
        header,
        columns,
    })
}
