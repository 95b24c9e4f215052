//! How many cities are in each grade of coordination, year by year.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::palette::{self, DIVERGING};
use crate::picture::stack::{self, Bar, Part};
use crate::picture::table::{Rows, evenly, per_cent, with_footer};
use crate::picture::{Figure, Place, Stage};

/// Most years in one picture.
const MOST_YEARS: usize = 24;

/// One chart for each result of coupling.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("coupling").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome, "grades")?;
    let known = rows.years();
    let shown: Vec<Option<i32>> =
        if known.is_empty() { vec![None] } else { evenly(&known, MOST_YEARS).into_iter().map(Some).collect() };
    let grades = rows.in_year(shown[0]);
    let share = |row: usize| rows.number(row, "share");
    let bar = |year: &Option<i32>| {
        let of = rows.in_year(*year);
        Bar {
            label: year.map_or_else(String::new, |year| year.to_string()),
            parts: of.iter().map(|&row| share(row)).collect(),
            // The number of the grade, so that it is not the colour alone that tells it.
            texts: of.iter().enumerate().map(|(k, &row)| format!("{}: {}", k + 1, per_cent(share(row)))).collect(),
            total: String::new(),
        }
    };
    let bars: Vec<Bar> = shown.iter().map(bar).filter(|bar| bar.parts.len() == grades.len()).collect();
    let parts: Vec<Part> =
        grades.iter().enumerate().map(|(k, &row)| part(stage, &rows, k, row, grades.len())).collect();
    if bars.iter().all(|bar| bar.parts.iter().all(|part| part.is_nan() || *part <= 0.0)) {
        return None;
    }
    let mean = short(outcome.scalar("mean_d_modified"));
    let last = *shown.last()?;
    let of_last = rows.in_year(last);
    let coordinated: f64 = of_last.iter().filter(|&&row| rows.number(row, "from") >= 0.5).map(|&row| share(row)).sum();
    let word = stage.say("Grades of coupling coordination", "耦合协调等级");
    let title = format!("{word}: {} D = {mean}", stage.say("mean", "均值"));
    let mut caption = stage.say(
        with_footer(stage, "Share of the cities in each grade of the degree of coordination D", outcome),
        "各协调等级城市占比，按修正耦合协调度 D 分十级".to_owned(),
    );
    if known.len() > shown.len() {
        caption += &stage.say(
            format!("; {} of {} years", shown.len(), known.len()),
            format!("；{} 个年份中的 {} 个", known.len(), shown.len()),
        );
    }
    let when = last.map_or_else(String::new, |year| format!("{year}: "));
    let summary = stage.say(
        format!("{when}{} of the cities are coordinated (D of 0.5 or more); mean D {mean}", per_cent(coordinated)),
        format!("{when}{} 的城市处于协调类（D ≥ 0.5）；D 均值 {mean}", per_cent(coordinated)),
    );
    let drawing = stack::draw(&bars, &parts, "", stage.say("share of the cities", "城市占比"));
    Some(Figure::new(stage, "coupling", outcome, Place::Family(Family::Index), drawing).saying(title, caption, summary))
}

/// Colour and name of grade `k`: red where out of balance, blue where coordinated.
fn part(stage: &Stage, rows: &Rows, k: usize, row: usize, grades: usize) -> Part {
    let along = if grades > 1 { k as f64 / (grades - 1) as f64 } else { 0.5 };
    let name = stage.say(rows.text(row, "grade"), rows.text(row, "term"));
    (palette::along(&DIVERGING, 1.0 - along), format!("{} {name}", k + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::tests::drawn;
    use serde_json::json;

    #[test]
    fn every_grade_has_its_part() {
        let row = |year: i32, grade: &str, from: f64, share: f64| {
            vec![json!(year), json!(grade), json!(grade), json!(from), json!(share)]
        };
        let rows = vec![
            row(2010, "low", 0.0, 0.75),
            row(2010, "high", 0.5, 0.25),
            row(2020, "low", 0.0, 0.0),
            row(2020, "high", 0.5, 1.0),
        ];
        let table = TableOut { columns: vec!["year", "grade", "term", "from", "share"], rows };
        let outcome = Outcome { measure: "coupling", tables: vec![("grades", table)], ..Outcome::default() };
        let figures = drawn(vec![outcome], draw);
        let body = &figures[0].drawing.body;
        assert!(body.contains(">1: 75.0 %<") && body.contains(">2: 100.0 %<") && body.contains(">2 high<"), "{body}");
        assert!(figures[0].summary.starts_with("2020: 100.0 % of the cities"), "{}", figures[0].summary);
    }
}
