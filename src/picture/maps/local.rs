//! Local measures: which cities are clusters, outliers, hot or cold spots, and at which level of significance.

use super::super::map::{Class, Map};
use super::super::palette::NO_VALUE;
use super::super::{Figure, Place, Stage};
use super::classed::Classed;
use super::{MARK, has, last_year, only, outline, outlined_entry, prominent, sentences, shown_year};
use crate::inference::{Adjust, Alternative, Inference};
use crate::measures::Outcome;
use crate::note::short;
use crate::write::classes as table;
use crate::write::classes::{ISOLATE, NOT_SIGNIFICANT, UNDEFINED};

/// A local measure as a map.
struct Local {
    measure: &'static str,
    stem: &'static str,
    english: &'static str,
    chinese: &'static str,
    classes: &'static [table::Class],
}

const fn local(
    measure: &'static str,
    stem: &'static str,
    english: &'static str,
    chinese: &'static str,
    classes: &'static [table::Class],
) -> Local {
    Local { measure, stem, english, chinese, classes }
}

const LISA: &str = "local_moran";

#[rustfmt::skip]
static LOCAL: [Local; 10] = [
    local(LISA, "map_lisa", "LISA clusters", "LISA聚类", &table::MORAN),
    local("local_moran_bivariate", "map_lisa_bivariate", "Bivariate LISA clusters", "双变量LISA聚类", &table::MORAN),
    local("local_moran_rate", "map_lisa_rate", "LISA clusters of rates", "比率的LISA聚类", &table::MORAN),
    local("local_g_star", "map_hot_spots", "Hot and cold spots, Gi*", "冷热点（Gi*）", &table::G),
    local("local_g", "map_hot_spots_without_own", "Hot and cold spots, Gi", "冷热点（Gi）", &table::G),
    local("local_geary", "map_geary", "Local Geary's c", "局部Geary指数", &table::GEARY),
    local("local_geary_multivariate", "map_geary_multivariate", "Multivariate local Geary's c", "多变量局部Geary指数", &table::GEARY_OF_SEVERAL),
    local("local_join_count", "map_join_count", "Local join counts", "局部连接计数", &table::JOINS),
    local("losh", "map_losh", "Spread among neighbours, LOSH", "局部空间异方差（LOSH）", &table::SPREAD),
    local("lisa_transitions", "map_lisa_moves", "Moves between Moran quadrants", "莫兰象限跃迁", &table::MOVES),
];

/// The clusters of each local measure, and for local Moran's I the levels of significance beside them.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    let mut figures = Vec::new();
    for local in &LOCAL {
        for outcome in
            stage.of(local.measure).filter(|outcome| local.measure == LISA || shown_year(stage, outcome.year))
        {
            figures.extend(clusters(stage, local, outcome));
            if local.measure == LISA {
                figures.extend(significance(stage, outcome));
            }
        }
    }
    figures
}

/// What stands on the cities of a class.
fn letter(class: &str) -> &'static str {
    match class {
        "HH" => "HH",
        "LL" => "LL",
        "LH" => "LH",
        "HL" => "HL",
        "hot" | "high" => "H",
        "cold" | "low" => "C",
        "positive_high" => "+H",
        "positive_low" => "+L",
        "positive_other" | "positive" => "+",
        "negative" => "−",
        "cluster" => "1",
        "own" => "a",
        "neighbours" => "b",
        "both_alike" => "ab",
        "both_opposite" => "a/b",
        _ => "",
    }
}

fn letter_of_spread(class: &str) -> &'static str {
    match class {
        "high" => "H",
        "low" => "L",
        _ => "",
    }
}

fn clusters(stage: &Stage, local: &Local, outcome: &Outcome) -> Option<Figure> {
    let letters = if local.measure == "losh" { letter_of_spread } else { letter };
    let classed = Classed::new(outcome.classes("class")?, local.classes, letters)?;
    let lasting = outlasting(stage, outcome);
    let mut map = classed.map(stage);
    if let Some((lasting, alpha)) = &lasting {
        let text = stage.say(format!("q ≤ {alpha} (FDR)"), format!("q ≤ {alpha}（FDR校正）"));
        let cities = lasting.clone();
        // On small areas a thick outline hides the colour, which says more.
        let width = if stage.report.cities.len() > 500 { 0.5 } else { 1.6 };
        map = map
            .above(move |svg| outline(svg, &cities, &format!(r#"stroke="{MARK}" stroke-width="{width}""#)))
            .legend([outlined_entry(format!("{text} ({})", lasting.len()))]);
    }
    let telling = |i: usize| outcome.classes("class").is_some_and(|class| !letters(class[i]).is_empty());
    let drawing = map.names(only(prominent(stage), telling)).draw();
    let mut figure = Figure::new(stage, local.stem, outcome, Place::Maps, drawing);
    let title = stage.say(local.english, local.chinese);
    let title = format!("{title}{}{}", stage.say(": ", "："), stage.subject(outcome));
    let title = format!("{title}{}{}", stage.say(", ", "，"), classed.counts(stage, 4));
    let surviving = lasting.map(|(lasting, alpha)| said_to_outlast(stage, &classed, lasting.len(), alpha));
    let caption = sentences(stage, [rule_of(stage, outcome), surviving.unwrap_or_default()]);
    figure.on_page = on_page(stage, local, outcome);
    Some(figure.saying(title, caption, classed.told(stage)))
}

/// `5 of 14 cities outlast a correction for false discoveries (q ≤ 0.05, outlined)`.
fn said_to_outlast(stage: &Stage, classed: &Classed, lasting: usize, alpha: f64) -> String {
    let neutral: usize = [NOT_SIGNIFICANT, UNDEFINED, ISOLATE].iter().map(|class| classed.count(class.name)).sum();
    let significant = stage.report.cities.len() - neutral;
    stage.say(
        format!(
            "{lasting} of {significant} significant cities outlast the false discovery rate (q ≤ {alpha}, outlined)"
        ),
        format!("{significant} 个显著城市中 {lasting} 个通过错误发现率校正（q ≤ {alpha}，描边）"),
    )
}

/// The rule of significance; the measure of moves has none.
fn rule_of(stage: &Stage, outcome: &Outcome) -> String {
    if outcome.measure == "lisa_transitions" {
        let of = |key: &str| outcome.options.get(key).and_then(serde_json::Value::as_i64).unwrap_or_default();
        let (from, to) = (of("from"), of("to"));
        return stage.say(
            format!("Which side of the mean a city and its neighbours are on, {from} against {to}; not tested"),
            format!("城市及其邻居相对均值的位置，{from}年与{to}年相比；未作检验"),
        );
    }
    stage.rule()
}

/// Cities that are significant by the rule of the run and whose q value is at most alpha as well, and alpha; nothing where
/// the rule itself corrects.
fn outlasting(stage: &Stage, outcome: &Outcome) -> Option<(Vec<usize>, f64)> {
    let inference = stage.report.inference.filter(|inference| inference.adjust == Adjust::None)?;
    let (q, class) = (outcome.numbers("q")?, outcome.classes("class")?);
    let significant = |i: &usize| q[*i] <= inference.alpha && class[*i] != NOT_SIGNIFICANT.name;
    Some(((0..q.len()).filter(significant).collect(), inference.alpha))
}

/// Clusters of the first weights are shown, of one value for the first and the last year; of other measures where there is
/// no local Moran's I.
fn on_page(stage: &Stage, local: &Local, outcome: &Outcome) -> bool {
    let first = stage.of(local.measure).next().is_some_and(|first| first.weights == outcome.weights);
    let year = if stage.several_values() { last_year(stage, outcome.year) } else { shown_year(stage, outcome.year) };
    let wanted = match local.measure {
        LISA | "local_moran_bivariate" | "local_moran_rate" | "local_join_count" => true,
        "local_g_star" => !has(stage, LISA),
        _ => false,
    };
    first && year && wanted
}

/// Colours of levels of significance, the strongest last.
const GREENS: [&str; 4] = ["#d9f0a3", "#a1d99b", "#41ab5d", "#005a32"];

/// Levels of significance from alpha downwards, as far as the permutations can tell them.
fn levels(inference: &Inference) -> Vec<f64> {
    let below = [0.05, 0.01, 0.001]
        .into_iter()
        .filter(|level| *level < inference.alpha && *level >= least_p(inference) - 1e-12);
    std::iter::once(inference.alpha).chain(below).collect()
}

fn significance(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let inference = stage.report.inference.filter(|inference| inference.permutations > 0)?;
    let (p, class) = (outcome.numbers("p_permutation")?, outcome.classes("class")?);
    if p.iter().all(|p| !p.is_finite()) {
        return None;
    }
    let levels = levels(&inference);
    let stars = ["*", "**", "***", "****"];
    let of_level = |(k, level): (usize, &f64)| {
        let text = format!("{} p ≤ {level}", stars[k.min(3)]);
        Class::new(GREENS[(4 - levels.len().min(4) + k).min(3)], text).letter(stars[k.min(3)])
    };
    let mut shown: Vec<Class> = levels.iter().enumerate().map(of_level).collect();
    for neutral in [NOT_SIGNIFICANT, UNDEFINED, ISOLATE] {
        let colour = if neutral == UNDEFINED { NO_VALUE } else { neutral.colour };
        shown.push(Class::new(colour, neutral.meaning(stage.language())));
    }
    let place = |i: usize| match (class[i], levels.iter().rposition(|level| p[i] <= *level)) {
        ("isolate", _) => levels.len() + 2,
        (_, Some(k)) => k,
        (_, None) if p[i].is_finite() => levels.len(),
        _ => levels.len() + 1,
    };
    let of: Vec<usize> = (0..p.len()).map(place).collect();
    let count = |k: usize| of.iter().filter(|of| **of == k).count();
    let counts: Vec<String> = levels.iter().enumerate().map(|(k, level)| format!("p ≤ {level} {}", count(k))).collect();
    let significant: usize = (0..levels.len()).map(count).sum();
    let named = only(prominent(stage), |i| of[i] < levels.len());
    let drawing = Map::new(stage).fill(shown, of.clone()).names(named).draw();
    let title = stage.say("LISA significance", "LISA显著性");
    let title = format!("{title}{}{}", stage.say(": ", "："), stage.subject(outcome));
    let known = p.iter().filter(|p| p.is_finite()).count();
    let title = stage.say(
        format!("{title}, {significant} of {known} with p ≤ {}", inference.alpha),
        format!("{title}，{known} 个中 {significant} 个 p ≤ {}", inference.alpha),
    );
    let mut figure = Figure::new(stage, "map_lisa_significance", outcome, Place::Maps, drawing);
    figure.on_page = last_year(stage, outcome.year) && on_page(stage, &LOCAL[0], outcome);
    Some(figure.saying(title, caption_of_levels(stage, &inference), counts.join(stage.language().semicolon())))
}

/// The least p value that the permutations can give.
fn least_p(inference: &Inference) -> f64 {
    let sides = if inference.alternative == Alternative::TwoSided { 2.0 } else { 1.0 };
    sides / (inference.permutations as f64 + 1.0)
}

fn caption_of_levels(stage: &Stage, inference: &Inference) -> String {
    let (permutations, seed, least) = (inference.permutations, inference.seed, short(least_p(inference)));
    let text = stage.say(
        format!("p before any correction, {permutations} permutations, seed {seed}; no p is below {least}"),
        format!("p值未经校正，置换 {permutations} 次，种子 {seed}；p值不小于 {least}"),
    );
    sentences(stage, [text])
}
