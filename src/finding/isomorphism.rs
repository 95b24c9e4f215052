//! What is said of industrial isomorphism: how alike the cities are, whether by chance, what goes with it, and who
//! duplicates whom.

use super::told::{Row, Told, fixed, largest, percent, three};
use super::{Finding, Teller};
use crate::measures::Values;
use crate::write::short;

pub(super) const TELLERS: &[(&str, Teller)] = &[
    ("similarity", similarity),
    ("isomorphism_null", by_chance),
    ("division_of_labour", division),
    ("isomorphism_explained", explained),
    ("specialisation", specialisation),
    ("concentration", concentration),
    ("location_quotient", location_quotient),
    // Its pairs are those that similarity names.
    ("isomorphism_pairs", |_| None),
];

/// How far two mean similarities lie apart to count as different.
const ALIKE: f64 = 0.005;

fn similarity(told: &Told) -> Option<Vec<Finding>> {
    let mean = told.known("mean")?;
    let coarse = told.known("mean_three_sectors").map_or_else(String::new, |three| artefact(told, mean, three));
    let (head, n, number) = (told.head(), short(told.x("n")), three(mean));
    let detail = told.row("summary", "name", "sectors").map(|row| short(row.number("value")));
    let sectors = detail.map_or_else(String::new, |count| {
        told.language().choose(format!(", {count} sectors"), format!("，{count}个部门"))
    });
    let course = course(told, mean);
    let (pairs, pairs_zh) = extremes(told).unwrap_or_default();
    let mut said = vec![
        told.say(
            format!("{head}mean similarity {number} (UNIDO, 0 to 1, {n} cities{sectors}){course}{pairs}{coarse}"),
            format!(
                "{head}产业结构相似系数（UNIDO，0至1，{n}个城市{sectors}）平均为{number}{course}{pairs_zh}{coarse}"
            ),
        )
        .card(number, told.choose("mean similarity of industry", "平均产业结构相似系数").to_owned()),
    ];
    said.extend(within(told));
    Some(said)
}

/// The most and the least similar pair in both languages; nothing where all pairs are alike or their matrix is left out.
fn extremes(told: &Told) -> Option<(String, String)> {
    let matrix = told.outcome.matrix("unido")?;
    let n = matrix.rows.len();
    let known = |&at: &usize| at / n < at % n && matrix.values[at].is_finite();
    let pairs = || (0..n * n).filter(known);
    let high = pairs().reduce(|a, b| if matrix.values[b] > matrix.values[a] { b } else { a })?;
    let low = pairs().reduce(|a, b| if matrix.values[b] < matrix.values[a] { b } else { a })?;
    let [max, min] = [high, low].map(|at| fixed(matrix.values[at], 4));
    let [[a, b], [c, d]] = [high, low].map(|at| [at / n, at % n].map(|i| told.city(&matrix.rows[i])));
    (max != min).then(|| {
        (
            format!("; highest pair {a} and {b} ({max}), lowest {c} and {d} ({min})"),
            format!("；最高的一对为{a}与{b}（{max}），最低的一对为{c}与{d}（{min}）"),
        )
    })
}

/// What merging all sectors to three would do to the mean; nothing where it would not rise.
fn artefact(told: &Told, mean: f64, coarse: f64) -> String {
    if coarse - mean <= ALIKE {
        return String::new();
    }
    let (number, rise) = (three(coarse), ALIKE);
    told.language().choose(
        format!("; merged to three sectors it would be {number}, so similarity near 1 is in part an artefact of coarse sectors (a rise of more than {rise} is called one)"),
        format!("；合并为三次产业则为{number}，故接近1的相似系数部分源于部门划分过粗（升幅超过{rise}方作此判断）"),
    )
}

/// Whether cities of one group are more alike than those of different ones.
fn within(told: &Told) -> Option<Finding> {
    let (inside, between, group) = (told.known("mean_within")?, told.known("mean_between")?, told.option("group")?);
    let (word, chinese) = match inside - between {
        apart if apart > ALIKE => ("are more alike than", "高于"),
        apart if apart < -ALIKE => ("are less alike than", "低于"),
        _ => ("are about as alike as", "与之相近："),
    };
    let (head, inside, between, rule) = (told.head(), three(inside), three(between), ALIKE);
    Some(told.say(
        format!("{head}cities of the same {group} {word} cities of different ones: mean similarity {inside} and {between}, where means less than {rule} apart count as about the same (not tested)"),
        format!("{head}同一{group}城市间的平均相似系数{inside}，{chinese}不同{group}城市间的{between}（相差不足{rule}视为相近，未作检验）"),
    ))
}

/// How the mean moved since the first year; nothing where there is none.
fn course(told: &Told, mean: f64) -> String {
    let Some((year, before)) = told.before("mean") else { return String::new() };
    let (word, chinese) = match mean - before {
        change if change >= ALIKE => ("it rose", "上升，产业同构加强"),
        change if change <= -ALIKE => ("it fell", "下降，产业同构减弱"),
        _ => ("it hardly changed", "基本不变"),
    };
    let (before, rule) = (three(before), ALIKE);
    told.language().choose(
        format!("; {word} from {before} in {year} (a change of less than {rule} counts as hardly any)"),
        format!("；较{year}年的{before}{chinese}（变化不足{rule}视为基本不变）"),
    )
}

/// Whether the cities are more alike than permuted quotients would make them.
fn by_chance(told: &Told) -> Option<Vec<Finding>> {
    let (mean, expected) = (told.known("mean")?, told.known("mean_expected_permutation")?);
    let p = told.known("p_mean_permutation")?;
    let (word, chinese) = match (p <= told.alpha(), mean > expected) {
        (false, _) => ("is not distinguishable from chance", "与随机水平无显著差别，不能断定存在产业同构"),
        (true, true) => ("is higher than by chance", "显著高于随机水平，存在超出偶然的产业同构"),
        (true, false) => {
            ("is not higher than by chance, and no isomorphism can be claimed", "不高于随机水平，不能断定存在产业同构")
        }
    };
    let (head, mean, chance) = (told.head(), fixed(mean, 4), fixed(expected, 4));
    let (z, tested, drawn) = (fixed(told.x("z_mean_permutation"), 2), told.p(p), told.permutations());
    Some(vec![told.say(
        format!("{head}mean similarity {mean} {word} ({chance} expected of permuted location quotients, z = {z}, {tested}{drawn})"),
        format!("{head}平均相似系数{mean}{chinese}（区位商置换的期望值{chance}，z = {z}，{tested}{drawn}）"),
    )])
}

/// A class of pairs with its Chinese name.
const PAIRS: [(&str, &str); 3] =
    [("duplicating", "重复建设型"), ("cooperating", "协作型"), ("complementary", "互补型")];

fn division(told: &Told) -> Option<Vec<Finding>> {
    told.known("duplicating")?;
    let classes = told.rows("classes");
    let pairs = fixed(classes.iter().map(|row| row.number("pairs")).sum(), 0);
    let count = |name: &str| short(told.x(name));
    // Without links nobody cooperates, and whoever duplicates does so whatever the links.
    let linked = told.row("thresholds", "name", "strongly_linked").is_some();
    let classed = PAIRS.iter().filter(|(name, _)| linked || *name != "cooperating");
    let counts: Vec<String> = classed
        .map(|(name, chinese)| {
            told.language().choose(format!("{} {name}", count(name)), format!("{chinese}{}对", count(name)))
        })
        .collect();
    let threshold = |name: &str| told.row("thresholds", "name", name).map_or(f64::NAN, |row| row.number("value"));
    let (similar, near) = (fixed(threshold("similar"), 4), fixed(threshold("near"), 0));
    let (head, counts, unit) = (told.head(), told.list(&counts, String::clone), told.report.cities.metric.unit());
    let rule = match linked {
        true => told.choose("similar, near and weakly linked", "相似、邻近而联系弱"),
        false => told.choose("similar and near", "相似且邻近"),
    };
    let worst = told.row("pairs", "class", "duplicating").map(|row| most_alike(told, row)).unwrap_or_default();
    let mut said = vec![told.say(
        format!("{head}of {pairs} pairs are classed as {counts} (similar: S >= {similar}, near: at most {near} {unit}, duplicating: {rule}){worst}"),
        format!("{head}{pairs}对城市按产业分工分类：{counts}（相似：S >= {similar}；邻近：不超过{near} {unit}；重复建设：{rule}）{worst}"),
    )];
    said.extend(communities(told));
    Some(said)
}

fn most_alike(told: &Told, row: Row) -> String {
    let (a, b, s) = (told.city(row.text("a")), told.city(row.text("b")), fixed(row.number("s"), 4));
    told.language().choose(
        format!("; most similar of the duplicating are {a} and {b} (S = {s})"),
        format!("；重复建设型中最相似的是{a}与{b}（S = {s}）"),
    )
}

/// The words of Kaufman and Rousseeuw for a mean silhouette, with their lower bounds.
const SILHOUETTES: [(f64, &str, &str); 3] = [
    (0.7, "a strong structure", "分群清晰"),
    (0.5, "a reasonable structure", "分群尚可"),
    (0.25, "a weak structure", "分群较弱"),
];

fn communities(told: &Told) -> Option<Finding> {
    let (count, silhouette) = (told.known("communities")?, told.known("silhouette")?);
    let (bound, word, chinese) = SILHOUETTES.into_iter().find(|(bound, ..)| silhouette > *bound).map_or(
        ("<= 0.25".to_owned(), "no structure to speak of", "没有明显的分群"),
        |(bound, word, chinese)| (format!("> {bound}"), word, chinese),
    );
    let (head, count, silhouette) = (told.head(), short(count), fixed(silhouette, 2));
    Some(told.say(
        format!("{head}by their industries the cities make {count} communities (mean silhouette {silhouette} {bound}: {word})"),
        format!("{head}按产业结构，城市可分为{count}类（平均轮廓系数{silhouette} {bound}：{chinese}）"),
    ))
}

/// The predictors of similarity: name, Chinese name, and what a partial correlation below and above 0 says of them.
const PREDICTORS: [(&str, &str, [&str; 2], [&str; 2]); 4] = [
    (
        "distance",
        "距离",
        ["near cities are more alike", "distant cities are more alike"],
        ["邻近城市更相似", "较远城市更相似"],
    ),
    (
        "linkage",
        "联系强度",
        ["linked cities are less alike", "linked cities are more alike"],
        ["联系紧密的城市差异更大", "联系紧密的城市更相似"],
    ),
    (
        "size_gap",
        "规模差距",
        ["cities of one size are more alike", "cities of different size are more alike"],
        ["规模相近的城市更相似", "规模悬殊的城市更相似"],
    ),
    (
        "same_group",
        "同组",
        ["cities of one group are less alike", "cities of one group are more alike"],
        ["同组城市差异更大", "同组城市更相似"],
    ),
];

fn explained(told: &Told) -> Option<Vec<Finding>> {
    let (r2, pairs, drawn) = (percent(told.known("r2")?), short(told.x("pairs")), told.permutations());
    let said = PREDICTORS.iter().filter_map(|(name, chinese, english, zh)| {
        let partial = told.known(&format!("partial_{name}"))?;
        let tested = told.p(told.known(&format!("p_{name}"))?);
        let clear = told.x(&format!("p_{name}")) <= told.alpha();
        let side = usize::from(partial > 0.0);
        let (partial, plain) = (three(partial), name.replace('_', " "));
        Some(match clear {
            true => told.language().choose(
                format!("{} ({plain}: partial correlation {partial}, {tested})", english[side]),
                format!("{}（{chinese}：偏相关系数{partial}，{tested}）", zh[side]),
            ),
            false => told.language().choose(
                format!("{plain} is not distinguishable from chance (partial correlation {partial}, {tested})"),
                format!("{chinese}的影响不显著（偏相关系数{partial}，{tested}）"),
            ),
        })
    });
    let said: Vec<String> = said.collect();
    let (head, said) = (told.head(), said.join(told.language().semicolon()));
    Some(vec![told.say(
        format!("{head}{r2} of the variance of similarity over {pairs} pairs is explained{drawn}: {said}"),
        format!("{head}{pairs}对城市相似系数的方差有{r2}得到解释{drawn}：{said}"),
    )])
}

fn specialisation(told: &Told) -> Option<Vec<Finding>> {
    let krugman = told.row("summary", "measure", "krugman")?;
    let [most, least] = ["max_city", "min_city"].map(|name| told.city(krugman.text(name)));
    let [mean, max, min] = ["mean", "max", "min"].map(|name| three(krugman.number(name)));
    let head = told.head();
    Some(vec![told.say(
        format!("{head}the most specialised against the reference area is {most} (Krugman's index {max} of at most 2), the least {least} ({min}); mean {mean}"),
        format!("{head}相对参照区专业化程度最高的是{most}（克鲁格曼指数{max}，最大为2），最低的是{least}（{min}）；平均{mean}"),
    )])
}

/// Smallest share of all that makes a sector worth naming.
const WORTH_NAMING: f64 = 0.01;

fn concentration(told: &Told) -> Option<Vec<Finding>> {
    let mut sectors = told.rows("sectors");
    sectors.retain(|row| row.number("share") >= WORTH_NAMING);
    let most = largest(&sectors, "locational_gini")?;
    let (head, sector, city) = (told.head(), most.text("sector"), told.city(most.text("top_city")));
    let (gini, share, top) =
        (three(most.number("locational_gini")), percent(most.number("share")), percent(most.number("top_share")));
    Some(vec![told.say(
        format!("{head}the most concentrated among sectors of at least 1% of all is {sector} (locational Gini {gini}; {share} of all): {city} has {top} of it"),
        format!("{head}占比不低于1%的部门中，空间集中度最高的是{sector}（区位基尼系数{gini}；占全部的{share}）：{city}占其{top}"),
    )])
}

fn location_quotient(told: &Told) -> Option<Vec<Finding>> {
    let (most, tops) = (told.numbers("lq_max")?, told.outcome.column("lq_top")?);
    let Values::Texts(tops) = tops else { return None };
    let at = (0..most.len()).filter(|&i| most[i].is_finite()).reduce(|a, b| if most[b] > most[a] { b } else { a })?;
    let (head, city, sector) = (told.head(), told.cities(&[at]), tops[at].as_deref()?);
    let times = fixed(most[at], 2);
    Some(vec![told.say(
        format!("{head}the strongest specialisation is that of {city} in {sector}: its share there is {times} times that of the reference area"),
        format!("{head}区位商最高的是{city}的{sector}：其份额为参照区的{times}倍"),
    )])
}
