//! What is said of autocorrelation: whether a value is clustered, in space and along the links, and where.

use super::told::{Told, three};
use super::{Finding, Teller};
use crate::write::short;

pub(super) const TELLERS: &[(&str, Teller)] =
    &[("moran", moran), ("moran_rate", moran), ("association", association), ("local_moran", clusters)];

/// `gdp is clustered in space (queen): Moran's I is 0.585, −0.025 expected by chance, p = 0.002 <= 0.05 …`
fn moran(told: &Told) -> Option<Vec<Finding>> {
    let (i, expected) = (told.known("i")?, told.x("expected"));
    let drawn = told.known("p_permutation");
    let p = drawn.or_else(|| told.known("p_randomisation"))?;
    let (word, chinese) = match (p <= told.alpha(), i > expected) {
        (false, _) => ("is not distinguishable from chance", "与随机分布无显著差别"),
        (true, true) if i > 0.0 => ("is clustered", "呈显著正的空间自相关（集聚）"),
        (true, true) => ("is less dispersed than chance would have it", "的离散程度低于随机水平"),
        (true, false) => ("is dispersed, like beside unlike,", "呈显著负的空间自相关（离散）"),
    };
    let (subject, place) = (told.subject(), told.place());
    let (value, chance, tested) = (short(i), short(expected), told.p(p));
    let how = match drawn {
        Some(_) => told.permutations(),
        None => told.choose(", without permutations", "，未作置换检验").to_owned(),
    };
    let (after, n) = (told.after("i", short), told.n());
    let english = format!(
        "{subject} {word} {place}: Moran's I is {value}, {chance} expected by chance, {tested}{how} ({n}){after}"
    );
    let chinese =
        format!("{subject}{place}{chinese}：莫兰指数I为{value}，随机期望值{chance}，{tested}{how}（{n}）{after}");
    let label =
        told.language().choose(format!("Moran's I of {subject} {place}"), format!("{subject}{place}的莫兰指数"));
    Some(vec![told.say(english, chinese).card(value, label)])
}

/// Whether likeness goes with nearness or with links, each held against the other.
fn association(told: &Told) -> Option<Vec<Finding>> {
    let (near, p_near) = (told.known("partial_distance")?, told.known("p_distance")?);
    let (linked, p_linked) = (told.known("partial_linkage")?, told.known("p_linkage")?);
    let (space, space_zh) = match (p_near <= told.alpha(), near > 0.0) {
        (false, _) => ("distance adds nothing to the links", "在控制联系强度后，距离没有显著的附加解释力"),
        (true, true) => ("near cities are more alike than their links explain", "在控制联系强度后，邻近城市仍更相似"),
        (true, false) => ("near cities differ more than their links explain", "在控制联系强度后，邻近城市差异反而更大"),
    };
    let (links, links_zh) = match (p_linked <= told.alpha(), linked < 0.0) {
        (false, _) => ("the links add nothing to distance", "在控制距离后，联系强度没有显著的附加解释力"),
        (true, true) => {
            ("linked cities are more alike than their distance explains", "在控制距离后，联系紧密的城市更相似")
        }
        (true, false) => {
            ("linked cities differ more than their distance explains", "在控制距离后，联系紧密的城市差异反而更大")
        }
    };
    let (head, near, linked) = (told.head(), three(near), three(linked));
    let (p_near, p_linked, drawn) = (told.p(p_near), told.p(p_linked), told.permutations());
    Some(vec![told.say(
        format!(
            "{head}{space} (partial correlation of differences with distance {near}, {p_near}), and {links} (with linkage {linked}, {p_linked}{drawn})"
        ),
        format!(
            "{head}{space_zh}（差异与距离的偏相关系数{near}，{p_near}）；{links_zh}（与联系强度的偏相关系数{linked}，{p_linked}{drawn}）"
        ),
    )])
}

const CLASSES: [(&str, &str, &str); 4] = [
    ("HH", "high among high", "高—高集聚"),
    ("LL", "low among low", "低—低集聚"),
    ("HL", "high among low", "高—低异常"),
    ("LH", "low among high", "低—高异常"),
];

/// The cities that cluster or stand out, and how many of them outlast the correction for many tests.
fn clusters(told: &Told) -> Option<Vec<Finding>> {
    told.outcome.column("class")?;
    let (subject, place, alpha) = (told.subject(), told.place(), told.alpha());
    let members: Vec<(Vec<usize>, &str)> = CLASSES
        .iter()
        .map(|(class, english, chinese)| (told.places("class", class), told.choose(english, chinese)))
        .filter(|(members, _)| !members.is_empty())
        .collect();
    if members.is_empty() {
        return Some(vec![told.say(
            format!("{subject} {place}: no city stands out (p <= {alpha})"),
            format!("{subject}{place}：没有城市显著（p <= {alpha}）"),
        )]);
    }
    let groups: Vec<String> = members
        .iter()
        .map(|(members, words)| {
            let (count, cities) = (members.len(), told.cities(members));
            told.language().choose(format!("{count} {words} ({cities})"), format!("{words}{count}个（{cities}）"))
        })
        .collect();
    let all: Vec<usize> = members.into_iter().flat_map(|(members, _)| members).collect();
    let (english, chinese) = (groups.join(", "), groups.join("，"));
    let outlast = outlasting(told, &all);
    Some(vec![told.say(
        format!("{subject} {place}: {english}{outlast}"),
        format!("{subject}{place}的LISA聚类：{chinese}{outlast}"),
    )])
}

/// `; 7 of the 14 remain after correction for many tests (q <= 0.05)`
fn outlasting(told: &Told, significant: &[usize]) -> String {
    let Some(q) = told.numbers("q") else { return String::new() };
    let (all, alpha) = (significant.len(), told.alpha());
    let remain = significant.iter().filter(|&&i| q[i] <= alpha).count();
    told.language().choose(
        format!("; {remain} of the {all} remain after correction for many tests (q <= {alpha})"),
        format!("；经多重检验校正（FDR）后，{all}个中仍有{remain}个显著（q <= {alpha}）"),
    )
}
