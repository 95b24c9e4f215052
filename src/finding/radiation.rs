//! What is said of the network and of reach: who is core, how flows fade, whom each core dominates, and who gains by it.

use std::cmp::Reverse;

use super::told::{Row, Told, fixed, largest, percent, signed, three};
use super::{Finding, Teller};
use crate::measures::Values;
use crate::write::short;

pub(super) const TELLERS: &[(&str, Teller)] = &[
    ("core_periphery", core_periphery),
    ("centrality", centrality),
    ("hinterland", hinterland),
    ("gravity_fit", gravity_fit),
    ("driving_effect", driving_effect),
    ("spillover", spillover),
    ("field_strength", field_strength),
    ("huff", huff),
    ("polycentricity", polycentricity),
    ("qap", qap),
];

/// Who is core, with which share of the links, and whether the methods agree.
fn core_periphery(told: &Told) -> Option<Vec<Finding>> {
    let core = told.row("tiers", "tier", "core")?;
    let places = told.places("tier", "core");
    let (count, n, cities) = (places.len(), short(told.x("n")), told.cities(&places));
    let (least, share) = (fixed(core.number("coreness_least"), 2), percent(core.number("share_of_strength")));
    let label = told.choose("core cities of the network", "网络核心城市数");
    let mut said = vec![
        told.say(
            format!("the core are {count} of {n} cities, with a coreness of {least} or more and {share} of the strength of all links: {cities}"),
            format!("{n}个城市中核心城市{count}个，核心度均不低于{least}，占全部联系强度的{share}：{cities}"),
        )
        .card(count.to_string(), label.to_owned()),
    ];
    said.extend(agreement(told, &places));
    Some(said)
}

/// How many of the cores another method would place elsewhere.
fn agreement(told: &Told, core: &[usize]) -> Option<Finding> {
    let Values::Counts(against) = told.outcome.column("methods_disagree")? else { return None };
    let doubted: Vec<usize> = core.iter().copied().filter(|&i| against[i].is_some_and(|count| count > 0)).collect();
    let (count, all) = (doubted.len(), core.len());
    if doubted.is_empty() {
        return Some(told.say(
            format!("all methods agree on each of the {all} cores"),
            format!("各种方法对全部{all}个核心城市的判别一致"),
        ));
    }
    let cities = told.cities(&doubted);
    Some(told.say(
        format!("at least one method places {count} of the {all} cores elsewhere: {cities}"),
        format!("{all}个核心城市中有{count}个至少被一种方法判为其他层级：{cities}"),
    ))
}

/// How many cities the share of the strongest is of.
const TOP: usize = 3;

fn centrality(told: &Told) -> Option<Vec<Finding>> {
    let strength = told.numbers("strength")?;
    let mut order: Vec<usize> = (0..strength.len()).filter(|&i| strength[i] > 0.0).collect();
    // Equal strengths stay in the order of the cities.
    order.sort_by(|&a, &b| strength[b].total_cmp(&strength[a]));
    let all: f64 = order.iter().map(|&i| strength[i]).sum();
    if order.len() <= TOP {
        return None;
    }
    order.truncate(TOP);
    let share = percent(order.iter().map(|&i| strength[i]).sum::<f64>() / all);
    let even = percent(TOP as f64 / strength.len() as f64);
    let cities = told.cities(&order);
    let label = told
        .language()
        .choose(format!("of the strength of links at {TOP} cities"), format!("前{TOP}位城市的联系强度占比"));
    Some(vec![told
        .say(
            format!("the {TOP} strongest cities of the network are {cities}, with {share} of the strength of all ({even} if all were equal)"),
            format!("网络中联系强度最大的{TOP}个城市为{cities}，合计占{share}（若各城市相等则为{even}）"),
        )
        .card(share, label)])
}

/// The name of a city in a cell: as the report knows it.
fn core_of(told: &Told, row: Row) -> String {
    told.city(row.text("core"))
}

/// Whom each core dominates, and which cities are contested.
fn hinterland(told: &Told) -> Option<Vec<Finding>> {
    let mut cores = told.rows("cores");
    let drawn = told.known("n")?;
    cores.retain(|row| row.number("cities") > 0.0);
    cores.sort_by_key(|row| Reverse(row.number("cities") as u64));
    let held = told.list(&cores, |row| {
        let (core, cities) = (core_of(told, *row), short(row.number("cities")));
        told.language().choose(format!("{core} dominates {cities}"), format!("{core}（{cities}个）"))
    });
    let (head, n) = (told.head(), short(drawn));
    let mut said = Vec::new();
    if !cores.is_empty() {
        said.push(told.say(
            format!("{head}of {n} cities that are no cores {held}, by mass and distance"),
            format!("{head}{n}个非核心城市的腹地归属（按质量与距离）：{held}"),
        ));
    }
    let contested = told.places("contested", "contested");
    let (count, cities) = (contested.len(), told.cities(&contested));
    let after = told.after("contested_share", percent);
    let share = percent(told.x("contested_share"));
    let rest = if contested.is_empty() { String::new() } else { told.choose(": ", "：").to_owned() + &cities };
    said.push(told.say(
        format!("{head}{count} of {n} cities ({share}{after}) are contested, in that the second core has at least 0.67 of the share of the first{rest}"),
        format!("{head}{n}个城市中有{count}个（{share}{after}）处于断裂地带，即第二核心的份额不低于第一核心的0.67{rest}"),
    ));
    Some(said)
}

/// How flows fade with distance in the fit that was chosen, with the largest of its standard errors.
fn gravity_fit(told: &Told) -> Option<Vec<Finding>> {
    let (decay, constraint) = (told.option("decay")?, told.option("constraint")?);
    let fits = told.rows("fits");
    let fit = fits.iter().find(|row| row.text("decay") == decay && row.text("constraint") == constraint)?;
    let exponent = told.known("distance")?;
    let errors = ["distance_se", "distance_se_by_origin", "distance_se_by_pair"].map(|name| fit.number(name));
    let se = errors.into_iter().filter(|se| se.is_finite()).fold(f64::NAN, f64::max);
    let (word, chinese) = match (exponent.abs() > 1.96 * se, exponent < 0.0) {
        (true, true) => ("flows fade with distance", "联系随距离衰减"),
        (true, false) => ("flows grow with distance", "联系随距离增强"),
        (false, _) => ("no decay of the flows with distance can be told from none", "不能断定联系随距离衰减"),
    };
    let (r2, name) = match fit.number("pseudo_r2") {
        r2 if r2.is_finite() => (r2, "pseudo R²"),
        _ => (fit.number("d2"), "D²"),
    };
    let (head, exponent, se, r2) = (told.head(), short(exponent), short(se), three(r2));
    let pairs = short(told.x("pairs"));
    let (form, what) = match decay {
        "power" => ("幂函数", told.choose("exponent", "指数")),
        _ => ("指数函数", told.choose("coefficient", "系数")),
    };
    let label = told.choose("decay of flows with distance", "联系的距离衰减参数");
    Some(vec![
        told.say(
            format!("{head}{word}: {what} of {decay} decay {exponent}, standard error {se} (the largest of its kinds; beyond 1.96 of them the decay is told from none); {name} {r2}, {pairs} pairs"),
            format!("{head}{chinese}：引力模型{form}距离衰减{what}{exponent}，标准误{se}（取各种中最大者，超过其1.96倍才判定显著）；{name}为{r2}，{pairs}对城市"),
        )
        .card(exponent, label.to_owned()),
    ])
}

/// Whether the periphery grows with its cores: the foremost form, doubted where another form contradicts it.
fn driving_effect(told: &Told) -> Option<Vec<Finding>> {
    let (b, p) = (told.known("b")?, told.known("p")?);
    let rows = told.rows("effects");
    let others = rows.iter().filter(|row| row.text("span") == rows[0].text("span") && row.number("p").is_finite());
    let against = others.filter(|row| row.number("p") <= told.alpha() && row.number("b") * b < 0.0).count();
    let (word, chinese) = match (p <= told.alpha(), b > 0.0, against) {
        (false, ..) => ("neither spread nor backwash is told from chance", "扩散效应与回波效应均不显著"),
        (true, true, 0) => ("the periphery grows with its cores (spread)", "外围随核心增长（扩散效应）"),
        (true, false, 0) => ("the periphery grows against its cores (backwash)", "外围与核心此长彼消（回波效应）"),
        (true, true, _) => ("spread is seen, but another form says the opposite", "呈扩散效应，但其他设定结论相反"),
        (true, false, _) => ("backwash is seen, but another form says the opposite", "呈回波效应，但其他设定结论相反"),
    };
    let (head, b, se, tested) = (told.head(), signed(b, 3), fixed(told.x("se"), 3), told.p(p));
    let (cities, cores) = (short(told.x("cities")), short(told.x("cores")));
    Some(vec![told.say(
        format!("{head}{word}: b {b} (standard error {se}, {tested}, {cities} cities, {cores} cores)"),
        format!("{head}{chinese}：b = {b}（标准误{se}，{tested}，{cities}个城市，{cores}个核心）"),
    )])
}

/// What a unit of each covariate does in the city itself and in all others, in the best model.
fn spillover(told: &Told) -> Option<Vec<Finding>> {
    let best = told.option("best")?;
    let lags =
        ["lm_lag", "lm_error"].map(|test| told.row("diagnostics", "test", test).map_or(f64::NAN, |r| r.number("p")));
    if lags.iter().all(|p| p.is_nan()) {
        return None;
    }
    let matter = lags.iter().any(|&p| p <= told.alpha());
    let [lag, error] = lags.map(three);
    let (head, place, alpha, n) = (told.head(), told.place(), told.alpha(), told.n());
    let (word, chinese) = match matter {
        true => ("there are signs that neighbours matter", "存在空间溢出的迹象"),
        false => (
            "there is no sign that neighbours matter, and an impact on them should not be quoted",
            "没有空间溢出的迹象，不宜引用间接效应",
        ),
    };
    let mut said = vec![told.say(
        format!("{head}{word} {place}: p {lag} (lm_lag) and {error} (lm_error), threshold {alpha}; the least AIC has {best} ({n})"),
        format!("{head}{place}{chinese}：LM滞后检验p为{lag}，LM误差检验p为{error}，显著性水平{alpha}；AIC最小的模型为{best}（{n}）"),
    )];
    let impacts = told.rows("impacts");
    let spilling = impacts.iter().filter(|row| matter && best != "ols" && row.text("model") == best);
    said.extend(spilling.map(|row| impact(told, *row)));
    Some(said)
}

fn impact(told: &Told, row: Row) -> Finding {
    let [low, high] = ["indirect_low", "indirect_high"].map(|name| row.number(name));
    let (says, chinese) = match low > 0.0 || high < 0.0 {
        true => ("a spillover that is told from none", "间接效应显著"),
        false => ("not told from none", "间接效应不显著"),
    };
    let (head, term) = (told.head(), row.text("term"));
    let [direct, indirect] = ["direct", "indirect"].map(|name| short(row.number(name)));
    let (low, high) = (short(low), short(high));
    told.say(
        format!("{head}one unit more of {term} goes with {direct} in the city itself and {indirect} in all others together (95% from {low} to {high}: {says})"),
        format!("{head}{term}每增加一个单位，对本市的直接效应为{direct}，对其他城市合计的间接效应为{indirect}（95%区间{low}至{high}：{chinese}）"),
    )
}

fn field_strength(told: &Told) -> Option<Vec<Finding>> {
    let (threshold, covered) = (short(told.known("threshold")?), percent(told.known("covered")?));
    let cores = told.rows("cores");
    let farthest = largest(&cores, "radius")?;
    let (head, core, radius) = (told.head(), core_of(told, farthest), fixed(farthest.number("radius"), 0));
    let (count, unit, after) = (cores.len(), told.report.cities.metric.unit(), told.after("covered", percent));
    Some(vec![told.say(
        format!("{head}{core} reaches farthest, {radius} {unit} to the field strength {threshold} at which reach ends; within the reach of any of {count} cores lie {covered} of the mass of all other cities{after}"),
        format!("{head}{core}的辐射半径最大，为{radius} {unit}（场强阈值{threshold}）；{count}个核心的辐射范围覆盖其他城市质量的{covered}{after}"),
    )])
}

fn huff(told: &Told) -> Option<Vec<Finding>> {
    let cores = told.rows("cores");
    let first = largest(&cores, "drawn_share")?;
    let (head, core, share) = (told.head(), core_of(told, first), percent(first.number("drawn_share")));
    let (count, cities, n) = (cores.len(), short(first.number("cities")), short(told.x("n")));
    let even = percent(1.0 / count as f64);
    Some(vec![told.say(
        format!("{head}{core} draws most: {share} of the demand of the {n} cities that are no cores, and is first of {count} cores in {cities} of them (an equal part would be {even})"),
        format!("{head}{core}的吸引力最大：占{n}个非核心城市需求的{share}，在{count}个核心中为其中{cities}个城市的首选（均分则为{even}）"),
    )])
}

/// How far two indices of Burger and Meijers lie apart to count as different.
const APART: f64 = 0.1;

fn polycentricity(told: &Told) -> Option<Vec<Finding>> {
    let rows = told.rows("polycentricity");
    let links = told.row("polycentricity", "kind", "functional")?.number("burger_meijers");
    let of_mass = rows.iter().filter(|row| row.text("kind") == "morphological");
    let last = of_mass.max_by_key(|row| row.number("year") as i64)?;
    let mass = last.number("burger_meijers");
    if !(links - mass).is_finite() {
        return None;
    }
    let (word, chinese) = match links - mass {
        apart if apart >= APART => ("more polycentric than", "更高"),
        apart if apart <= -APART => ("less polycentric than", "更低"),
        _ => ("about as polycentric as", "相当"),
    };
    let (of, links, mass) = (last.text("of"), signed(links, 2), signed(mass, 2));
    Some(vec![told.say(
        format!("the links are {word} the cities' {of} (Burger and Meijers {links} by links, {mass} by mass; 0 is no primacy among the four largest, and {APART} apart counts as a difference)"),
        format!("与城市{of}（形态）相比，联系网络（功能）的多中心程度{chinese}（Burger—Meijers指数：联系{links}，规模{mass}；0为前四位城市无首位性，相差{APART}才算有差别）"),
    )])
}

/// What goes with the links: all of it together, what is told from chance, and what is not.
fn qap(told: &Told) -> Option<Vec<Finding>> {
    let (r2, pairs) = (percent(told.known("r2")?), short(told.x("pairs")));
    let predictors = told.rows("predictors");
    let names = told.list(&predictors, |row| row.text("predictor").to_owned());
    let mut said = vec![told.say(
        format!("{r2} of the variance of the logarithms of the links over {pairs} pairs goes with {names}"),
        format!("QAP回归：{pairs}对城市联系强度（对数）的方差有{r2}可由{names}解释"),
    )];
    let (clear, unclear): (Vec<Row>, Vec<Row>) = predictors
        .into_iter()
        .filter(|row| row.number("p_regression").is_finite())
        .partition(|row| row.number("p_regression") <= told.alpha());
    let of = |rows: &[Row]| {
        told.list(rows, |row| {
            let (name, partial) = (row.text("predictor"), signed(row.number("partial_correlation"), 2));
            let p = short(row.number("p_regression"));
            told.language().choose(
                format!("{name} (partial correlation {partial}, p = {p})"),
                format!("{name}（偏相关系数{partial}，p = {p}）"),
            )
        })
    };
    let (alpha, drawn) = (told.alpha(), told.permutations());
    for (rows, word, chinese) in
        [(clear, "told from chance", "显著的解释因素"), (unclear, "not distinguishable from chance", "不显著的因素")]
    {
        if !rows.is_empty() {
            let list = of(&rows);
            said.push(told.say(
                format!("{word} at {alpha}, the others held constant{drawn}: {list}"),
                format!("在{alpha}水平上（控制其余因素{drawn}）{chinese}：{list}"),
            ));
        }
    }
    Some(said)
}
