//! What is said of a composite index: who leads, how far all came, how firm the ranks are, and what holds cities back.

use super::told::{Row, Told, fixed, largest, percent, three};
use super::{Finding, Teller};
use crate::write::short;

pub(super) const TELLERS: &[(&str, Teller)] =
    &[("score", score), ("index_robustness", robustness), ("coupling", coupling), ("obstacles", obstacles)];

fn score(told: &Told) -> Option<Vec<Finding>> {
    let scores = told.numbers("score")?;
    let known = || (0..scores.len()).filter(|&i| scores[i].is_finite());
    let top = known().reduce(|a, b| if scores[b] > scores[a] { b } else { a })?;
    let bottom = known().reduce(|a, b| if scores[b] < scores[a] { b } else { a })?;
    let (head, n, mean) = (told.head(), short(told.x("n")), three(told.known("mean")?));
    let (first, last) = (told.cities(&[top]), told.cities(&[bottom]));
    let (high, low) = (three(scores[top]), three(scores[bottom]));
    let after = told.after("mean", three);
    let label = told.language().choose(format!("highest score: {first}"), format!("综合得分最高：{first}"));
    Some(vec![
        told.say(
            format!("{head}of {n} cities {first} scores highest ({high}) and {last} lowest ({low}), with a mean of {mean}{after}"),
            format!("{head}{n}个城市中综合得分最高的是{first}（{high}），最低的是{last}（{low}），平均{mean}{after}"),
        )
        .card(high, label),
    ])
}

/// Share of draws from which on a first place is called firm.
const FIRM: f64 = 0.9;

/// How often the first city stays first when the weights are drawn, and how far other weightings agree.
fn robustness(told: &Told) -> Option<Vec<Finding>> {
    let first = told.rows("cities").into_iter().find(|row| row.number("rank") == 1.0)?;
    let share = Some(first.number("first")).filter(|share| share.is_finite())?;
    let (word, chinese) = match share >= FIRM {
        true => ("is firm", "稳健"),
        false => ("hangs on the weights", "取决于权重"),
    };
    let (head, city, draws, rule) = (told.head(), told.city(first.text("city")), short(told.x("draws")), percent(FIRM));
    let (share, least) = (percent(share), fixed(told.x("spearman_least"), 2));
    Some(vec![told.say(
        format!("{head}the first place of {city} {word}: it holds in {share} of {draws} random weightings (firm from {rule}); the least rank correlation with another weighting is {least} (Spearman)"),
        format!("{head}{city}的首位{chinese}：在{draws}次随机赋权中有{share}居首（不低于{rule}为稳健）；与其他赋权法的秩相关系数（斯皮尔曼）最低为{least}"),
    )])
}

/// Rows of the last year of a table, and of the first where that is another.
fn last_and_first<'a>(rows: &[Row<'a>]) -> (Vec<Row<'a>>, Vec<Row<'a>>) {
    let of = |year: f64| {
        let alike = |row: &&Row| row.number("year") == year || (row.number("year").is_nan() && year.is_nan());
        rows.iter().filter(alike).copied().collect::<Vec<_>>()
    };
    let years = || rows.iter().map(|row| row.number("year"));
    let (last, first) = (years().fold(f64::NAN, f64::max), years().fold(f64::NAN, f64::min));
    (of(last), if first == last || first.is_nan() { Vec::new() } else { of(first) })
}

/// The mean of a column in the first year, as the end of a clause.
fn earlier(told: &Told, first: &[Row], column: &str) -> String {
    let Some(row) = first.first().filter(|row| row.number(column).is_finite()) else { return String::new() };
    let (x, year) = (three(row.number(column)), fixed(row.number("year"), 0));
    told.language().choose(format!(", after {x} in {year}"), format!("，{year}年为{x}"))
}

/// `2020: `, the year of a row at the head of a sentence.
fn dated(told: &Told, row: &Row) -> String {
    match row.number("year") {
        year if year.is_finite() => {
            let year = fixed(year, 0);
            told.language().choose(format!("{year}: "), format!("{year}年："))
        }
        _ => String::new(),
    }
}

fn coupling(told: &Told) -> Option<Vec<Finding>> {
    let (last, first) = last_and_first(&told.rows("summary"));
    let row = *last.first()?;
    let mean = Some(row.number("d_modified")).filter(|mean| mean.is_finite())?;
    let (of_year, _) = last_and_first(&told.rows("grades"));
    let coordinated = of_year.iter().filter(|grade| grade.number("from") >= 0.5).map(|grade| grade.number("n")).sum();
    let common = largest(&of_year, "n")?;
    let (head, n, after) = (dated(told, &row), short(row.number("n")), earlier(told, &first, "d_modified"));
    let (mean, above, most) = (three(mean), short(coordinated), short(common.number("n")));
    let grade = told.choose(common.text("grade"), common.text("term"));
    let [low, high] = ["from", "to"].map(|name| short(common.number(name)));
    let mut said = vec![
        told.say(
            format!("{head}the mean degree of coupling coordination (modified) of {n} cities is {mean}{after}; {above} of them are coordinated (D of 0.5 or more), and the most common grade is {grade} ({low} to {high}: {most} cities)"),
            format!("{head}{n}个城市的平均耦合协调度（修正）为{mean}{after}；其中{above}个达到协调（D不低于0.5），最常见的等级为{grade}（{low}至{high}：{most}个城市）"),
        )
        .card(mean, told.choose("mean coupling coordination", "平均耦合协调度").to_owned()),
    ];
    said.extend(lagging(told));
    Some(said)
}

/// The subsystem that lags behind in most cities.
fn lagging(told: &Told) -> Option<Finding> {
    let (of_year, _) = last_and_first(&told.rows("balance"));
    let row = largest(&of_year, "lagging")?;
    let (head, system) = (dated(told, &row), row.text("subsystem"));
    let (count, share) = (short(row.number("lagging")), percent(row.number("lagging_share")));
    Some(told.say(
        format!("{head}the subsystem that lags behind most often is {system}, in {count} cities ({share})"),
        format!("{head}最常滞后的子系统是{system}，共{count}个城市（{share}）"),
    ))
}

/// Which indicator and which dimension hold most cities back.
fn obstacles(told: &Told) -> Option<Vec<Finding>> {
    let (of_year, _) = last_and_first(&told.rows("summary"));
    let row = largest(&of_year, "first")?;
    let (head, indicator, count) = (dated(told, &row), row.text("indicator"), short(row.number("first")));
    let (n, degree, weight) = (short(told.x("n")), percent(row.number("degree")), percent(row.number("weight")));
    let mut said = vec![told.say(
        format!("{head}the largest obstacle in most cities is {indicator}: in {count} of {n}; it makes up {degree} of the shortfall on average, at a weight of {weight}"),
        format!("{head}首要障碍因子中最常见的是{indicator}：{n}个城市中有{count}个；平均障碍度{degree}，权重{weight}"),
    )];
    let (dimensions, _) = last_and_first(&told.rows("dimensions"));
    said.extend(largest(&dimensions, "degree").filter(|_| dimensions.len() > 1).map(|row| {
        let (dimension, degree) = (row.text("dimension"), percent(row.number("degree")));
        told.say(
            format!(
                "{head}of the dimensions, {dimension} holds the cities back most: {degree} of the shortfall on average"
            ),
            format!("{head}各维度中障碍最大的是{dimension}：平均障碍度{degree}"),
        )
    }));
    Some(said)
}
