//! What is said of inequality and convergence: how unequal the cities are, between whom, and where it is going.

use super::told::{Row, Told, fixed, largest, percent, signed, three};
use super::{Finding, Teller};
use crate::write::short;

pub(super) const TELLERS: &[(&str, Teller)] = &[
    ("inequality_intervals", change),
    ("gini", gini),
    ("theil", theil),
    ("beta_convergence", beta),
    ("sigma_convergence", sigma),
    ("beta_spatial", beta_spatial),
    ("dagum", dagum),
    ("rank_size", rank_size),
    ("markov", markov),
    ("rank_mobility", mobility),
    ("centre_of_gravity", centre),
];

/// Whether inequality changed from the first year to the last, by the interval of the change.
fn change(told: &Told) -> Option<Vec<Finding>> {
    let gini = told.row("changes", "measure", "gini").filter(|row| row.number("high").is_finite())?;
    let [first, last, change, low, high] = ["first", "last", "change", "low", "high"].map(|name| gini.number(name));
    let (word, chinese) = match (low > 0.0, high < 0.0) {
        (_, true) => ("inequality fell", "差异缩小"),
        (true, _) => ("inequality rose", "差异扩大"),
        _ => ("no change of inequality is told from none", "差异的变化不显著，不能断定扩大或缩小"),
    };
    let (head, level) = (told.head(), fixed(100.0 * (1.0 - told.alpha()), 0));
    let (first, number, by) = (three(first), three(last), signed(change, 3));
    let (low, high) = (signed(low, 3), signed(high, 3));
    Some(vec![told
        .say(
            format!("{head}{word}: the Gini coefficient went from {first} to {number}, by {by}, and the {level}% interval of the change is {low} to {high} (a word for a change needs an interval without 0)"),
            format!("{head}{chinese}，基尼系数由{first}变为{number}，变化{by}，变化的{level}%自助法置信区间为{low}至{high}（区间不含0才判定有变化）"),
        )
        .card(number, told.choose("Gini coefficient in the last year", "末年基尼系数").to_owned())])
}

/// The level of inequality; its change only where no interval says more of it.
fn gini(told: &Told) -> Option<Vec<Finding>> {
    let number = three(told.known("gini")?);
    let interval = told.beside("inequality_intervals").is_some();
    let (head, n) = (told.head(), told.n());
    let after = if interval { String::new() } else { told.after("gini", three) };
    let span = resampled(told).unwrap_or_default();
    let weighted = told.weighted().map(|other| other.scalar("gini")).filter(|gini| gini.is_finite()).map(three);
    let weighted = weighted.map_or_else(String::new, |gini| {
        told.language().choose(format!("; {gini} weighted by population"), format!("；按人口加权为{gini}"))
    });
    let caution = match (after.is_empty(), interval) {
        (false, false) => {
            told.choose("; without intervals no change can be claimed", "；未计算置信区间，不能断定变化是否显著")
        }
        _ => "",
    };
    let range = told.choose("0: all alike, 1: one has all", "0为完全均等，1为完全集中");
    Some(vec![
        told.say(
            format!("{head}the Gini coefficient is {number} ({range}; {n}{span}){after}{weighted}{caution}"),
            format!("{head}基尼系数为{number}（{range}；{n}{span}）{after}{weighted}{caution}"),
        )
        .card(
            number,
            told.language()
                .choose(format!("Gini coefficient, {}", told.subject()), format!("{}的基尼系数", told.subject())),
        ),
    ])
}

/// `, 95% interval 0.190 to 0.280`, where the bootstrap gave one for this year.
fn resampled(told: &Told) -> Option<String> {
    let of_year = told.beside_in_year("inequality_intervals")?;
    let gini = of_year.row("measures", "measure", "gini").filter(|row| row.number("high").is_finite())?;
    let (low, high) = (three(gini.number("low")), three(gini.number("high")));
    let level = fixed(100.0 * (1.0 - told.alpha()), 0);
    Some(
        told.language()
            .choose(format!("; {level}% interval {low} to {high}"), format!("；{level}%自助法置信区间{low}至{high}")),
    )
}

/// How much of Theil's T lies between groups.
fn theil(told: &Told) -> Option<Vec<Finding>> {
    let (share, group) = (told.known("t_between_share")?, told.option("group")?);
    let (word, chinese) = match share {
        share if share > 0.5 => ("mostly between", "以组间差异为主"),
        share if share < 0.5 => ("mostly within", "以组内差异为主"),
        _ => ("half within", "组内与组间各半"),
    };
    let (head, t, between, within) = (told.head(), three(told.x("t")), percent(share), percent(1.0 - share));
    let after = told.after("t_between_share", percent);
    Some(vec![told.say(
        format!("{head}inequality lies {word} the groups of {group}: {within} of Theil's T of {t} within them, {between} between them (threshold 50%){after}"),
        format!("{head}按{group}分组，{chinese}：泰尔指数T为{t}，组内差异占{within}，组间差异占{between}（判别界限50%）{after}"),
    )])
}

fn dagum(told: &Told) -> Option<Vec<Finding>> {
    let (gini, group) = (three(told.known("gini")?), told.option("group")?);
    let [within, between, over] =
        ["within_share", "net_between_share", "transvariation_share"].map(|name| percent(told.x(name)));
    let (head, after) = (told.head(), told.after("net_between_share", percent));
    Some(vec![told.say(
        format!("{head}of the Gini coefficient of {gini}, {within} lies within the groups of {group}, {between} between their means{after}, and {over} comes of groups that overlap, a city of a poorer group being the richer"),
        format!("{head}Dagum分解：基尼系数{gini}中，{group}组内差异贡献{within}，组间净差异贡献{between}{after}，超变密度（组间交叠）贡献{over}"),
    )])
}

fn sigma(told: &Told) -> Option<Vec<Finding>> {
    let (slope, p) = (told.known("slope")?, told.known("slope_p"));
    let alpha = told.alpha();
    let (word, chinese) = match (p, slope < 0.0) {
        (None, _) => ("whether the cities converge or diverge cannot be tested", "σ收敛与否无法检验（年份不足）"),
        (Some(p), _) if p > alpha => ("no convergence can be claimed", "不能断定存在σ收敛"),
        (_, true) => ("the cities converge", "存在σ收敛"),
        (_, false) => ("the cities diverge", "呈σ发散"),
    };
    let tested = p.map_or_else(
        || told.language().choose(format!("no p, threshold {alpha}"), format!("无p值，显著性水平{alpha}")),
        |p| told.p(p),
    );
    let (head, n, slope) = (told.head(), told.n(), signed(slope, 4));
    let (first, last) = (three(told.x("first")), three(told.x("last")));
    Some(vec![told.say(
        format!("{head}{word}: the standard deviation of logarithms changes by {slope} a year ({tested}), from {first} to {last}, {n}"),
        format!("{head}{chinese}：对数标准差每年变化{slope}（{tested}），由{first}变为{last}，{n}"),
    )])
}

/// Half of a distance made up in so many years, where there is such a number.
fn half_life(told: &Told, years: f64) -> String {
    if !(years.is_finite() && years > 0.0) {
        return String::new();
    }
    let years = short(years);
    told.language().choose(format!(", half of a distance made up in {years} years"), format!("，半衰期{years}年"))
}

/// Whether cities that start lower grow faster: a word for beta by its p value and its sign.
fn converging(told: &Told, beta: f64, p: f64) -> (&'static str, &'static str) {
    match (p <= told.alpha(), beta < 0.0) {
        (true, true) => ("cities that started lower grew faster", "存在β收敛，初始水平低的城市增长更快"),
        (true, false) => ("cities that started higher grew faster", "呈β发散，初始水平高的城市增长更快"),
        (false, _) => ("no convergence can be claimed", "不能断定存在β收敛"),
    }
}

fn beta(told: &Told) -> Option<Vec<Finding>> {
    let (beta, p) = (told.known("beta")?, told.known("p")?);
    let (word, chinese) = converging(told, beta, p);
    let converges = p <= told.alpha() && beta < 0.0;
    let pace = match told.known("speed").filter(|_| converges) {
        Some(speed) => {
            let speed = percent(speed);
            told.language().choose(format!("; speed {speed} a year"), format!("；收敛速度每年{speed}"))
                + &half_life(told, told.x("half_life"))
        }
        None => String::new(),
    };
    let (head, tested, n, se) = (told.head(), told.p(p), told.n(), fixed(told.x("beta_se"), 4));
    let beta = fixed(beta, 4);
    let said = told.say(
        format!("{head}{word} (beta {beta}, standard error {se}, {tested}, {n}){pace}"),
        format!("{head}{chinese}（β = {beta}，标准误{se}，{tested}，{n}）{pace}"),
    );
    Some(vec![match told.known("half_life").filter(|_| converges) {
        Some(years) => {
            let years = short(years);
            let words = told.choose("years to make up half of a distance (beta convergence)", "β收敛半衰期（年）");
            said.card(years, words.to_owned())
        }
        None => said,
    }])
}

/// Whether convergence stands once neighbours are allowed for, in the model that the tests point to.
fn beta_spatial(told: &Told) -> Option<Vec<Finding>> {
    let (beta, p, model) = (told.known("beta")?, told.known("p")?, told.option("pointed")?);
    let (word, chinese) = converging(told, beta, p);
    let [lag, error] = ["lm_lag_p", "lm_error_p"].map(|name| short(told.x(name)));
    let (head, weights, tested, n, alpha) = (told.head(), told.weights(), told.p(p), told.n(), told.alpha());
    let pace = if p <= alpha && beta < 0.0 { half_life(told, told.x("half_life")) } else { String::new() };
    let (beta, ols) = (fixed(beta, 4), fixed(told.x("beta_ols"), 4));
    let (space, space_zh) = match model {
        "ols" => ("neighbours give no reason for another model", "检验不支持空间模型"),
        _ => ("neighbours allowed for", "考虑空间依赖后"),
    };
    Some(vec![told.say(
        format!("{head}{space} ({weights}: p {lag} of lm_lag and {error} of lm_error, threshold {alpha}), {word}: beta {beta} in {model} ({tested}{pace}, {n}), {ols} in ols"),
        format!("{head}{space_zh}（{weights}：LM滞后检验p为{lag}，LM误差检验p为{error}，显著性水平{alpha}），{chinese}：{model}模型β = {beta}（{tested}{pace}，{n}），OLS为{ols}"),
    )])
}

/// The rule of a primate city: the first has more than twice the size of the second.
const PRIMATE: f64 = 2.0;

fn rank_size(told: &Told) -> Option<Vec<Finding>> {
    let (zeta, se) = (told.known("zeta")?, told.known("zeta_se")?);
    let (low, high) = (zeta - 1.96 * se, zeta + 1.96 * se);
    let (word, chinese) = match (low > 1.0, high < 1.0) {
        (true, _) => ("are more even than Zipf's rule", "比齐普夫法则更均衡"),
        (_, true) => ("are less even than Zipf's rule", "比齐普夫法则更集中"),
        _ => ("are not to be told from Zipf's rule", "与齐普夫法则无显著差别"),
    };
    let (subject, n) = (told.subject(), short(told.x("n")));
    let [zeta, low, high] = [zeta, low, high].map(|x| fixed(x, 2));
    let after = told.after("zeta", |x| fixed(x, 2));
    let mut said = vec![told.say(
        format!("The sizes of {n} cities by {subject} {word}: zeta {zeta} with a 95% interval of {low} to {high} (Zipf's rule: 1){after}"),
        format!("{n}个城市按{subject}的位序—规模分布{chinese}：ζ为{zeta}，95%置信区间{low}至{high}（齐普夫法则为1）{after}"),
    )];
    said.extend(primacy(told));
    Some(said)
}

fn primacy(told: &Told) -> Option<Finding> {
    let times = told.known("primacy_2")?;
    let [first, second] = told.rows("ranks").get(..2)?.try_into().ok()?;
    let name = |row: Row| told.city(row.text("city"));
    let (first, second, subject) = (name(first), name(second), told.subject());
    let (word, chinese) = match times > PRIMATE {
        true => ("a primate city", "属首位城市"),
        false => ("no primate city", "不属首位城市"),
    };
    let (times, after, rule) = (fixed(times, 2), told.after("primacy_2", |x| fixed(x, 2)), PRIMATE);
    Some(told.say(
        format!("{first} is {times} times {second} by {subject}: {word} by the rule that the first is more than {rule} times the second{after}"),
        format!("按{subject}，{first}是{second}的{times}倍：{chinese}（规则：首位城市超过第二位的{rule}倍）{after}"),
    ))
}

/// Fewest steps from a class of which shares say something.
const FEW_STEPS: f64 = 10.0;

/// How many steps from the lowest and the highest class end where they began.
fn markov(told: &Told) -> Option<Vec<Finding>> {
    let classes = told.rows("classes");
    let (low, high) = (classes.first()?, classes.last()?);
    let (stay_low, stay_high) = (low.number("stay"), high.number("stay"));
    if !(stay_low.is_finite() && stay_high.is_finite()) {
        return None;
    }
    let leaving = told.rows("transitions");
    let few = [leaving.first()?, leaving.last()?].iter().any(|row| row.number("total") < FEW_STEPS);
    let caution = match few {
        true => told.choose(
            "; fewer than 10 steps leave one of them, which say little",
            "；其中一类的转移次数不足10，说明力有限",
        ),
        false => "",
    };
    let (head, count, steps) = (told.head(), classes.len(), short(told.x("transitions")));
    let (stay_low, stay_high, mobility) = (percent(stay_low), percent(stay_high), three(told.x("prais")));
    let (below, above) = (short(low.number("up_to")), short(high.number("above")));
    Some(vec![told.say(
        format!("{head}{stay_low} of the steps from the lowest of {count} classes (up to {below} of the mean) end in it, and {stay_high} of those from the highest (above {above}); mobility {mobility} (0: no city leaves its class, 1: the next class does not depend on the present one), n = {steps} steps{caution}"),
        format!("{head}马尔可夫链：{count}类中最低一类（不超过均值的{below}）有{stay_low}的转移留在本类，最高一类（高于{above}）有{stay_high}留在本类；流动性指数{mobility}（0为无流动，1为与现状无关），转移次数n = {steps}{caution}"),
    )])
}

fn mobility(told: &Told) -> Option<Vec<Finding>> {
    let tau = three(told.known("tau")?);
    let (head, n, moved) = (told.head(), told.n(), fixed(told.x("mean_change"), 1));
    let mut said = vec![told.say(
        format!("{head}the order of the cities has tau = {tau} with that at the start (1: the same order, 0: the first says nothing of the last); a city moved by {moved} ranks on average, {n}"),
        format!("{head}城市位序与期初的肯德尔τ = {tau}（1为位序不变，0为与期初无关）；平均每个城市变动{moved}位，{n}"),
    )];
    said.extend(told.numbers("change").and_then(|change| movers(told, change)));
    said.extend(told.rows("theta").iter().filter_map(|row| together(told, *row)));
    Some(said)
}

/// Who rose and who fell the most; the first of those that moved alike.
fn movers(told: &Told, change: &[f64]) -> Option<Finding> {
    let known = || (0..change.len()).filter(|&i| change[i].is_finite());
    let up = known().reduce(|best, i| if change[i] > change[best] { i } else { best })?;
    let down = known().reduce(|best, i| if change[i] < change[best] { i } else { best })?;
    let (rose, fell) = (change[up], change[down]);
    if rose <= 0.0 || fell >= 0.0 {
        return None;
    }
    let (head, up, down) = (told.head(), told.cities(&[up]), told.cities(&[down]));
    let (rose, fell) = (short(rose), short(-fell));
    Some(told.say(
        format!("{head}{up} rose the most, by {rose} ranks, {down} fell the most, by {fell}"),
        format!("{head}{up}位次上升最多（{rose}位），{down}下降最多（{fell}位）"),
    ))
}

fn together(told: &Told, row: Row) -> Option<Finding> {
    let (theta, p) = (row.number("theta"), row.number("p"));
    if !p.is_finite() {
        return None;
    }
    let above = theta > row.number("permutation_mean");
    let (word, chinese) = match (p <= told.alpha(), above) {
        (true, true) => ("rise and fall together more than by chance", "位次升降的一致性显著高于随机水平"),
        (true, false) => ("rise and fall together less than by chance", "位次升降的一致性显著低于随机水平"),
        (false, _) => {
            ("are not distinguishable from chance in how they rise and fall", "位次升降的一致性与随机水平无显著差别")
        }
    };
    let (head, by, tested, drawn) = (told.head(), row.text("by"), told.p(p), told.permutations());
    let (theta, chance) = (three(theta), three(row.number("permutation_mean")));
    Some(told.say(
        format!("{head}cities of one {by} {word} (theta = {theta}, by chance {chance}, {tested}{drawn})"),
        format!("{head}同一{by}的城市{chinese}（θ = {theta}，随机期望{chance}，{tested}{drawn}）"),
    ))
}

/// Sixteen directions, as they are written in tables and in Chinese.
const DIRECTIONS: [(&str, &str); 16] = [
    ("N", "北"),
    ("NNE", "北北东"),
    ("NE", "东北"),
    ("ENE", "东北东"),
    ("E", "东"),
    ("ESE", "东南东"),
    ("SE", "东南"),
    ("SSE", "南南东"),
    ("S", "南"),
    ("SSW", "南南西"),
    ("SW", "西南"),
    ("WSW", "西南西"),
    ("W", "西"),
    ("WNW", "西北西"),
    ("NW", "西北"),
    ("NNW", "北北西"),
];

/// How far the centre moved, and the longest step of its way with its direction.
fn centre(told: &Told) -> Option<Vec<Finding>> {
    let straight = told.known("straight_distance")?;
    let years = told.rows("years");
    let step = largest(&years, "distance")?;
    let unit = match told.report.cities.metric.unit() {
        "" => String::new(),
        unit => format!(" {unit}"),
    };
    let length = |x: f64| format!("{}{unit}", fixed(x, 1));
    let named = DIRECTIONS.iter().find(|(english, _)| *english == step.text("direction"));
    let (english, chinese) = named
        .map_or_else(Default::default, |(english, chinese)| (format!(" to the {english}"), format!("向{chinese}")));
    let (head, n, path) = (told.head(), told.n(), length(told.x("path_length")));
    let (far, straight) = (length(step.number("distance")), length(straight));
    let year = fixed(step.number("year"), 0);
    Some(vec![told.say(
        format!("{head}the centre of gravity moved {straight} in a straight line, by a path of {path}; its longest step, up to {year}, was {far}{english} ({n})"),
        format!("{head}重心直线移动{straight}，路径全长{path}；最长一段（至{year}年）{chinese}移动{far}（{n}）"),
    )])
}
