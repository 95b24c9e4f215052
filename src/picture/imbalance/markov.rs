//! Who moves between classes of relative income: transition probabilities, also by the class of the neighbours.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::heat::{self, Transitions};
use crate::picture::svg::Svg;
use crate::picture::table::{Rows, per_cent, subject, with_footer};
use crate::picture::{Body, Figure, Place, Stage, WIDE, WIDTH};

/// Height of a cell.
const CELL: f64 = 32.0;
/// Height of a cell of a small multiple.
const SMALL: f64 = 26.0;
/// Small multiples in a line.
const IN_A_LINE: usize = 2;

/// One square for each value of several years.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("markov").filter_map(|outcome| of_all(stage, outcome)).collect()
}

/// One square for each class of the neighbours, for each value and weights.
pub(in crate::picture) fn draw_spatial(stage: &Stage) -> Vec<Figure> {
    stage.of("spatial_markov").filter_map(|outcome| by_neighbours(stage, outcome)).collect()
}

fn of_all(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let matrix = outcome.matrix("probabilities")?;
    let k = matrix.rows.len();
    if k == 0 || matrix.values.len() != k * k {
        return None;
    }
    let counts = Rows::of(outcome, "transitions");
    let bounds = Rows::of(outcome, "classes");
    let class =
        |i: usize| bounds.filter(|rows| i < rows.len()).map_or(matrix.rows[i].clone(), |rows| bounded(&rows, i));
    let square = Transitions {
        classes: (0..k).map(class).collect(),
        probabilities: matrix.values.chunks(k).map(<[f64]>::to_vec).collect(),
        totals: (0..k).map(|i| counts.map_or(f64::NAN, |rows| rows.number(i, "total"))).collect(),
        to: stage.say("to class (value over the mean)", "转入类型（值/均值）").to_owned(),
        from: stage.say("from class", "转出类型").to_owned(),
    };
    let (prais, transitions) = (outcome.scalar("prais"), outcome.scalar("transitions"));
    let word = stage.say("Transitions between classes", "类型转移概率");
    let title = format!("{word}: {}, {} {}", subject(stage, outcome), stage.say("mobility", "流动性"), short(prais));
    let caption = stage.say(
        with_footer(
            stage,
            "Probability of going from the class in the row to that in the column within one \
                step; n: cities and steps that began there",
            outcome,
        ),
        format!("由行类型转入列类型的一步概率；n 为该类型的起始观测数。共 {} 次转移", short(transitions)),
    );
    let stays: f64 = (0..k).map(|i| matrix.values[i * k + i]).filter(|p| p.is_finite()).fold(f64::INFINITY, f64::min);
    let summary = stage.say(
        format!(
            "{} transitions between {k} classes; the least probability of staying is {}; Prais' mobility {}",
            short(transitions),
            per_cent(stays),
            short(prais)
        ),
        format!(
            "{k} 类间共 {} 次转移；最低留驻概率 {}；Prais 流动指数 {}",
            short(transitions),
            per_cent(stays),
            short(prais)
        ),
    );
    Some(
        Figure::new(stage, "markov", outcome, Place::Family(Family::Imbalance), one(stage, &square))
            .saying(title, caption, summary),
    )
}

/// `1: ≤ 0.564`: a class with its upper bound.
fn bounded(rows: &Rows, i: usize) -> String {
    let (name, above, up_to) = (rows.text(i, "class"), rows.number(i, "above"), rows.number(i, "up_to"));
    match (above.is_finite(), up_to.is_finite()) {
        (_, true) => format!("{name}: ≤ {up_to:.2}"),
        (true, false) => format!("{name}: > {above:.2}"),
        _ => name.to_owned(),
    }
}

fn one(stage: &Stage, square: &Transitions) -> Body {
    let mut svg = Svg::default();
    let mut y = 4.0 + square.draw(&mut svg, [8.0, 4.0], WIDTH - 16.0, CELL) + 8.0;
    y += heat::legend(&mut svg, [8.0, y], WIDTH - 16.0, missing(stage, std::slice::from_ref(square)));
    Body { width: WIDTH, height: y + 4.0, body: svg.into_body() }
}

fn missing<'a>(stage: &Stage, squares: &[Transitions]) -> Option<&'a str> {
    let empty = squares.iter().flat_map(|square| square.probabilities.iter().flatten()).any(|p| !p.is_finite());
    empty.then(|| stage.say("nobody was there", "无观测"))
}

fn by_neighbours(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome, "conditional")?;
    let mut lags: Vec<&str> = (0..rows.len()).map(|row| rows.text(row, "lag_class")).collect();
    lags.dedup();
    let panel = |lag: &&str| {
        let of: Vec<usize> = (0..rows.len()).filter(|&row| rows.text(row, "lag_class") == *lag).collect();
        let columns: Vec<&'static str> = P.into_iter().take(of.len()).collect();
        Transitions {
            classes: of.iter().map(|&row| rows.text(row, "from").to_owned()).collect(),
            probabilities: of.iter().map(|&row| columns.iter().map(|p| rows.number(row, p)).collect()).collect(),
            totals: of.iter().map(|&row| rows.number(row, "total")).collect(),
            to: stage.say("to class", "转入类型").to_owned(),
            from: stage.say("from class", "转出类型").to_owned(),
        }
    };
    if lags.iter().any(|lag| (0..rows.len()).filter(|&row| rows.text(row, "lag_class") == *lag).count() > P.len()) {
        return None;
    }
    let squares: Vec<Transitions> = lags.iter().map(panel).collect();
    let [q, p, n] = ["q", "q_p", "transitions"].map(|name| outcome.scalar(name));
    let word = stage.say("Transitions by the neighbours' class", "邻域条件下的类型转移");
    let with_p = if p.is_finite() { format!(", Q = {}, p = {}", short(q), short(p)) } else { String::new() };
    let title = format!("{word}: {}{with_p}", subject(stage, outcome));
    let caption = stage.say(
        with_footer(
            stage,
            "One square for each class of the neighbours' mean at the start of the step; if \
                the squares are alike, the neighbours do not matter",
            outcome,
        ),
        "每一方格对应邻域均值的一个类型；各方格若相同，则邻域无影响。n 为起始观测数".to_owned(),
    );
    let summary = stage.say(
        format!(
            "{} transitions in {} classes of neighbours; test of equal squares Q = {}, p = {}",
            short(n),
            lags.len(),
            short(q),
            short(p)
        ),
        format!("{} 次转移，邻域分 {} 类；齐性检验 Q = {}，p = {}", short(n), lags.len(), short(q), short(p)),
    );
    let drawing = multiples(stage, &lags, &squares);
    let figure = Figure::new(stage, "spatial_markov", outcome, Place::Family(Family::Imbalance), drawing);
    Some(figure.saying(title, caption, summary))
}

/// The columns of probabilities.
const P: [&str; 9] = ["p_1", "p_2", "p_3", "p_4", "p_5", "p_6", "p_7", "p_8", "p_9"];

fn multiples(stage: &Stage, lags: &[&str], squares: &[Transitions]) -> Body {
    let mut svg = Svg::default();
    let width = WIDE / IN_A_LINE as f64;
    let mut top = 4.0;
    for (names, line) in lags.chunks(IN_A_LINE).zip(squares.chunks(IN_A_LINE)) {
        let mut tallest = 0.0_f64;
        for (at, (name, square)) in names.iter().zip(line).enumerate() {
            let left = 8.0 + width * at as f64;
            let words = match *name {
                "all" => stage.say("all cities, whatever their neighbours".to_owned(), "全部城市".to_owned()),
                name => stage.say(format!("neighbours in class {name}"), format!("邻域属第 {name} 类")),
            };
            heat::panel_title(&mut svg, [left, top + 12.0], width - 24.0, &words);
            tallest = tallest.max(square.draw(&mut svg, [left, top + 16.0], width - 24.0, SMALL));
        }
        top += 16.0 + tallest + 12.0;
    }
    top += heat::legend(&mut svg, [8.0, top], WIDE - 16.0, missing(stage, squares));
    Body { width: WIDE, height: top + 4.0, body: svg.into_body() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::{Matrix, TableOut};
    use crate::picture::tests::drawn;
    use serde_json::{Value, json};

    #[test]
    fn each_probability_stands_in_its_cell() {
        let names = ["1", "2"].map(String::from).to_vec();
        let matrix = Matrix { rows: names.clone(), columns: names, values: vec![0.9, 0.1, f64::NAN, f64::NAN] };
        let outcome = Outcome { measure: "markov", matrices: vec![("probabilities", matrix)], ..Outcome::default() };
        let body = &drawn(vec![outcome], draw)[0].drawing.body;
        assert!(body.contains(">0.90<") && body.contains(">0.10<") && !body.contains("NaN"), "{body}");
        assert_eq!(body.matches("<rect").count(), 4 + 6); // six of them in the legend
        assert!(body.contains("url(#hatch)"));
        assert!(drawn(vec![Outcome { measure: "markov", ..Outcome::default() }], draw).is_empty());
    }

    #[test]
    fn there_is_a_square_for_each_class_of_neighbours() {
        let row = |lag: &str, from: &str, p: Value| vec![json!(lag), json!(from), json!(3), p.clone(), p];
        let rows = vec![
            row("1", "1", json!(0.5)),
            row("1", "2", json!(0.5)),
            row("2", "1", Value::Null),
            row("2", "2", json!(0.25)),
        ];
        let table = TableOut { columns: vec!["lag_class", "from", "total", "p_1", "p_2"], rows };
        let outcome = Outcome { measure: "spatial_markov", tables: vec![("conditional", table)], ..Outcome::default() };
        let body = &drawn(vec![outcome], draw_spatial)[0].drawing.body;
        assert_eq!((body.matches(">0.50<").count(), body.matches("neighbours in class").count()), (4, 2), "{body}");
    }
}
