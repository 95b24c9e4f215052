//! What is said of structural change: how far the structure moved, towards which sectors, and who grew by own strength.

use super::told::{Told, fixed, largest, percent, signed, three};
use super::{Finding, Teller};

pub(super) const TELLERS: &[(&str, Teller)] = &[
    ("upgrading", upgrading),
    ("structure_change", change),
    ("shift_share", shift_share),
    ("rationalisation", rationalisation),
    ("shift_share_spatial", spatial),
];

/// The three sectors with their names.
const SECTORS: [(&str, &str, &str); 3] =
    [("s1", "primary", "第一产业"), ("s2", "secondary", "第二产业"), ("s3", "tertiary", "第三产业")];

/// How the share of a sector moved, in points; what does not show at one decimal of per cent has not moved.
fn moved(told: &Told, [english, chinese]: [&str; 2], from: f64, to: f64) -> String {
    let (word, zh) = match (1000.0 * to).round() - (1000.0 * from).round() {
        change if change > 0.0 => ("advances", "上升"),
        change if change < 0.0 => ("retreats", "下降"),
        _ => {
            let at = percent(to);
            let english = format!("the {english} share stays at {at}");
            return told.language().choose(english, format!("{chinese}份额保持在{at}"));
        }
    };
    let (points, from, to) = (fixed(100.0 * (to - from).abs(), 1), percent(from), percent(to));
    told.language().choose(
        format!("the {english} share {word} by {points} points ({from} to {to})"),
        format!("{chinese}份额{zh}{points}个百分点（{from}至{to}）"),
    )
}

/// Which of the three sectors retreated and which advanced, in points.
fn upgrading(told: &Told) -> Option<Vec<Finding>> {
    let years = told.rows("years");
    let (first, last) = (years.first()?, years.last()?);
    let mut parts = Vec::new();
    for (sector, english, chinese) in SECTORS {
        let (from, to) = (first.number(sector), last.number(sector));
        if !(from.is_finite() && to.is_finite()) {
            return None;
        }
        parts.push(moved(told, [english, chinese], from, to));
    }
    let (head, [from, to]) = (told.head(), [first, last].map(|row| three(row.number("w"))));
    let parts = parts.join(told.choose(", ", "，"));
    let number = format!("{}%", fixed(100.0 * last.number("s3"), 1));
    Some(vec![told
        .say(
            format!("{head}{parts} in all cities together; upgrading W went from {from} to {to} (1: all primary, 3: all tertiary)"),
            format!("{head}全部城市合计，{parts}；产业高级化指数W由{from}变为{to}（1为全部第一产业，3为全部第三产业）"),
        )
        .card(number, told.choose("tertiary share in the last year", "末年第三产业份额").to_owned())])
}

fn change(told: &Told) -> Option<Vec<Finding>> {
    let (degrees, nav) = (fixed(told.known("moore_degrees")?, 1), fixed(100.0 * told.x("nav"), 1));
    let sectors = told.rows("whole");
    let gained = largest(&sectors, "change_points")?;
    let lost = sectors
        .iter()
        .copied()
        .reduce(|a, b| if b.number("change_points") < a.number("change_points") { b } else { a })?;
    let cities = told.rows("cities");
    let most = largest(&cities, "moore_degrees")?;
    let (up, up_points) = (gained.text("sector"), signed(gained.number("change_points"), 1));
    let (down, down_points) = (lost.text("sector"), signed(lost.number("change_points"), 1));
    let (head, city, turned) = (told.head(), told.city(most.text("city")), fixed(most.number("moore_degrees"), 1));
    Some(vec![told
        .say(
            format!("{head}the structure of all cities together turned by {degrees} degrees (Moore; 0: unchanged, 90: entirely other), and {nav} points of share changed sector; most gained by {up} ({up_points} points), most lost by {down} ({down_points} points); most in {city} ({turned} degrees)"),
            format!("{head}全部城市合计的产业结构转动{degrees}度（Moore值；0为不变，90为完全改变），{nav}个百分点的份额在部门间转移；份额上升最多的是{up}（{up_points}个百分点），下降最多的是{down}（{down_points}个百分点）；变动最大的城市是{city}（{turned}度）"),
        )
        .card(degrees, told.choose("degrees of structural change (Moore)", "结构变动角度（Moore值）").to_owned())])
}

/// Who grew by own strength: signs of industrial mix and regional part.
fn shift_share(told: &Told) -> Option<Vec<Finding>> {
    let growth = signed(100.0 * told.known("reference_growth")?, 1);
    let rows = told.rows("cities");
    let known = rows.iter().filter(|row| row.number("im").is_finite() && row.number("rs").is_finite());
    let mut counts = [[0_usize; 2]; 2];
    known.for_each(|row| counts[usize::from(row.number("im") > 0.0)][usize::from(row.number("rs") > 0.0)] += 1);
    let [[neither, region], [mix, both]] = counts;
    let all = neither + region + mix + both;
    let best = largest(&rows, "rs_share")?;
    let worst = rows
        .iter()
        .filter(|row| row.number("rs_share").is_finite())
        .reduce(|a, b| if b.number("rs_share") < a.number("rs_share") { b } else { a })?;
    let (head, up, down) = (told.head(), told.city(best.text("city")), told.city(worst.text("city")));
    let [best, worst] = [&best, worst].map(|row| signed(100.0 * row.number("rs_share"), 1));
    Some(vec![told.say(
        format!("{head}the reference area changed by {growth}%; of {all} cities {both} had both an industrial mix and a regional part above 0, {mix} the mix alone, {region} the regional part alone, {neither} neither; {up} gained most by own strength (regional part {best}% of the first year), {down} lost most ({worst}%)"),
        format!("{head}偏离—份额分析显示，参照区变化{growth}%；{all}个城市中，结构分量与竞争力分量均大于0的{both}个，仅结构分量大于0的{mix}个，仅竞争力分量大于0的{region}个，均不大于0的{neither}个；竞争力分量最高的是{up}（为基年的{best}%），最低的是{down}（{worst}%）"),
    )])
}

/// Whether output and employment came nearer to each other in all cities together.
fn rationalisation(told: &Told) -> Option<Vec<Finding>> {
    let tl = told.known("tl")?;
    let (head, now) = (told.head(), three(tl));
    let rule = told.choose("0 is best", "0为最合理");
    let Some((year, before)) = told.before("tl") else {
        return Some(vec![told.say(
            format!("{head}output and employment are {now} apart by TL ({rule})"),
            format!("{head}产业结构合理化：泰尔指数TL为{now}（{rule}）"),
        )]);
    };
    // The word follows the printed numbers.
    let (word, chinese) = match (1000.0 * tl).round() - (1000.0 * before).round() {
        change if change < 0.0 => ("nearer to each other", "更趋合理"),
        change if change > 0.0 => ("further apart", "合理性下降"),
        _ => ("as far apart as before", "没有变化"),
    };
    let before = three(before);
    Some(vec![told.say(
        format!("{head}output and employment lie {word}: TL {now}, after {before} in {year} ({rule})"),
        format!("{head}产业结构{chinese}：泰尔指数TL为{now}，{year}年为{before}（{rule}）"),
    )])
}

/// Who grew faster than the same sectors around.
fn spatial(told: &Told) -> Option<Vec<Finding>> {
    let rows = told.rows("cities");
    let known = rows.iter().filter(|row| row.number("rm").is_finite());
    let (all, above) = (known.clone().count(), known.filter(|row| row.number("rm") > 0.0).count());
    let best = largest(&rows, "rm_share")?;
    let (head, weights) = (told.head(), told.weights());
    let (city, most) = (told.city(best.text("city")), signed(100.0 * best.number("rm_share"), 1));
    Some(vec![told.say(
        format!("{head}{above} of {all} cities grew faster than the same sectors around them (RM above 0, neighbours by {weights}); most {city} ({most}% of the first year)"),
        format!("{head}空间偏离—份额分析（权重{weights}）显示，{all}个城市中有{above}个的增长快于邻居的相同部门（RM大于0）；最高的是{city}（为基年的{most}%）"),
    )])
}
