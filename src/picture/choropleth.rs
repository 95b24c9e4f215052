//! Choropleth maps of the values analysed: by quantiles, natural breaks, equal intervals, and as a box map.

use super::classify::{Classes, Method};
use super::map::{Class, Map};
use super::palette::{self, DIVERGING, NO_VALUE};
use super::{Body, Figure, Place, Stage, maps};
use crate::note::{listed, short};
use crate::study::Variable;
use crate::write::columns::file_part;

/// Number of classes where the method does not say it.
const CLASSES: usize = 5;

const METHODS: [(Method, &str); 4] = [
    (Method::Quantiles, "quantiles"),
    (Method::NaturalBreaks, "natural_breaks"),
    (Method::EqualIntervals, "equal_intervals"),
    (Method::BoxMap, "box_map"),
];

/// One map for each value and method; that of quantiles is shown on the page, the others are files.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    let of = |variable: &Variable| {
        METHODS.iter().filter_map(|&(method, name)| figure(stage, variable, method, name)).collect::<Vec<_>>()
    };
    stage.report.values.iter().flat_map(of).collect()
}

fn figure(stage: &Stage, variable: &Variable, method: Method, name: &str) -> Option<Figure> {
    let classes = Classes::of(&variable.values, method, CLASSES)?;
    let mut file = format!("map_{name}");
    if stage.several_values() {
        file += &format!("_{}", file_part(&variable.name));
    }
    if let Some(year) = variable.year {
        file += &format!("_{year}");
    }
    Some(Figure {
        name: file,
        place: Place::Maps,
        title: format!("{}: {}", crate::error::shortened(&variable.label()), words(stage, method)),
        caption: caption(stage, &classes, method),
        summary: summary(stage, variable),
        year: variable.year,
        on_page: method == Method::Quantiles && on_page(stage, variable),
        drawing: drawing(stage, variable, &classes, method),
    })
}

/// The page shows the first and the last year of a value, and of several values the last.
fn on_page(stage: &Stage, variable: &Variable) -> bool {
    let last = stage.report.values.iter().filter(|other| other.name == variable.name).map(|other| other.year).max();
    last == Some(variable.year) || !stage.several_values() && maps::shown_year(stage, variable.year)
}

/// Drawing, caption and summary of numbers cut into quantiles.
pub(super) fn by_quantiles(stage: &Stage, variable: &Variable) -> Option<(Body, String, String)> {
    let method = Method::Quantiles;
    let classes = Classes::of(&variable.values, method, CLASSES)?;
    let drawing = drawing(stage, variable, &classes, method);
    Some((drawing, caption(stage, &classes, method), summary(stage, variable)))
}

fn words(stage: &Stage, method: Method) -> &'static str {
    match method {
        Method::Quantiles => stage.say("quantiles", "分位数"),
        Method::NaturalBreaks => stage.say("natural breaks", "自然断点"),
        Method::EqualIntervals => stage.say("equal intervals", "等间距"),
        Method::BoxMap => stage.say("box map", "箱线图地图"),
    }
}

fn drawing(stage: &Stage, variable: &Variable, classes: &Classes, method: Method) -> Body {
    let colour = |k: usize| match method {
        // Three classes on each side of the median.
        Method::BoxMap => DIVERGING[if k < 3 { k } else { k + 1 }],
        _ => palette::sequential(classes.len())[k],
    };
    let text = |k: usize| {
        let (low, high) = classes.bounds(k);
        match method {
            Method::BoxMap => box_class(stage, classes, k),
            _ if classes.len() == 1 => short(low),
            _ => format!("{}–{}", short(low), short(high)),
        }
    };
    let mut shown: Vec<Class> = (0..classes.len()).map(|k| Class::new(colour(k), text(k))).collect();
    let missing = variable.values.iter().any(|x| !x.is_finite());
    if missing {
        shown.push(Class::new(NO_VALUE, stage.say("no value", "无数据")));
    }
    let of = variable.values.iter().map(|x| classes.class(*x).unwrap_or(classes.len())).collect();
    Map::new(stage).fill(shown, of).names(by_size(&variable.values)).draw()
}

/// Cities from the largest value to the least.
fn by_size(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| values[i].is_finite()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    order
}

fn box_class(stage: &Stage, classes: &Classes, k: usize) -> String {
    let cut = |k: usize| short(classes.cuts[k]);
    match k {
        0 => stage.say(format!("low outlier ≤ {}", cut(0)), format!("低异常值 ≤ {}", cut(0))),
        5 => stage.say(format!("high outlier > {}", cut(4)), format!("高异常值 > {}", cut(4))),
        1 => stage.say(format!("to 25 %: ≤ {}", cut(1)), format!("下四分位内 ≤ {}", cut(1))),
        2 => stage.say(format!("to the median: ≤ {}", cut(2)), format!("至中位数 ≤ {}", cut(2))),
        3 => stage.say(format!("to 75 %: ≤ {}", cut(3)), format!("至上四分位 ≤ {}", cut(3))),
        _ => stage.say(format!("above 75 %: > {}", cut(3)), format!("上四分位以上 > {}", cut(3))),
    }
}

/// `Quantiles cut at 1.2, 3.4 and 5.6; a city on a cut belongs below it. Albers equal-area conic projection`
fn caption(stage: &Stage, classes: &Classes, method: Method) -> String {
    let cuts: Vec<String> = classes.cuts.iter().map(|cut| short(*cut)).collect();
    let (method, projection) = (words(stage, method), stage.ground.projection().name(stage.language()));
    let text = stage.say(
        format!("Classes by {method}, cut at {}; a value on a cut belongs below it. {projection}", listed(&cuts)),
        format!("按{method}分级，分级界限为 {}；等于界限者归入下级。{projection}", cuts.join("、")),
    );
    text.trim_end().to_owned()
}

fn summary(stage: &Stage, variable: &Variable) -> String {
    let order = by_size(&variable.values);
    let (Some(&first), Some(&last)) = (order.first(), order.last()) else { return String::new() };
    let known = |i: usize| stage.report.cities.known_as(i);
    let value = |i: usize| short(variable.values[i]);
    let n = order.len();
    stage.say(
        format!("{n} cities, from {} in {} to {} in {}", value(last), known(last), value(first), known(first)),
        format!("{n} 个城市，最低为{}（{}），最高为{}（{}）", known(last), value(last), known(first), value(first)),
    )
}
