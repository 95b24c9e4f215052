//! Maps of numbers that measures give each city, cut into quantiles as those of the values analysed.

use super::super::choropleth;
use super::super::{Figure, Place, Stage};
use super::{has, last_year, shown_year};
use crate::measures::Outcome;
use crate::study::Variable;

/// A column of numbers as a map.
struct Shown {
    measure: &'static str,
    column: &'static str,
    stem: &'static str,
    english: &'static str,
    chinese: &'static str,
}

const fn of(
    measure: &'static str,
    column: &'static str,
    stem: &'static str,
    english: &'static str,
    chinese: &'static str,
) -> Shown {
    Shown { measure, column, stem, english, chinese }
}

#[rustfmt::skip]
static SHOWN: [Shown; 5] = [
    of("score", "score", "map_score", "Composite score", "综合得分"),
    of("topsis", "closeness", "map_topsis", "Closeness to the ideal, TOPSIS", "TOPSIS贴近度"),
    of("specialisation", "krugman", "map_specialisation", "Specialisation, Krugman's index", "专业化（Krugman指数）"),
    of("upgrading", "w", "map_upgrading", "Upgrading of the industrial structure", "产业结构升级"),
    of("complexity", "eci", "map_complexity", "Economic complexity", "经济复杂度"),
];

/// The map of each column; the page shows the score of the last year where there are no grades of coordination.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    let of = |shown: &'static Shown| {
        let outcomes = stage.of(shown.measure).filter(|outcome| shown_year(stage, outcome.year));
        outcomes.filter_map(move |outcome| figure(stage, shown, outcome))
    };
    SHOWN.iter().flat_map(of).collect()
}

fn figure(stage: &Stage, shown: &Shown, outcome: &Outcome) -> Option<Figure> {
    let values = outcome.numbers(shown.column)?.to_vec();
    let name = stage.say(shown.english, shown.chinese);
    let variable = Variable { name: name.to_owned(), year: outcome.year, values };
    let (drawing, caption, summary) = choropleth::by_quantiles(stage, &variable)?;
    let mut figure = Figure::new(stage, shown.stem, outcome, Place::Maps, drawing);
    figure.on_page = shown.measure == "score" && last_year(stage, outcome.year) && !has(stage, "coupling");
    let title = format!("{}{}{summary}", variable.label(), stage.say(": ", "："));
    Some(figure.saying(title, caption, summary))
}
