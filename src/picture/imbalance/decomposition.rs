//! What inequality is made of, by year: Theil's indices between and within groups, Dagum's parts of the Gini.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::stack::{self, Bar, Part};
use crate::picture::table::{by_year, evenly, head, per_cent, subject, unweighted};
use crate::picture::{Figure, Place, Stage, palette};

/// Most years in one picture.
const MOST_YEARS: usize = 40;

/// A whole and its parts, as scalars of a result.
struct Whole {
    stem: &'static str,
    total: &'static str,
    symbol: &'static str,
    /// Scalar, group of colours and name of each part.
    parts: Vec<(&'static str, usize, &'static str)>,
    title: &'static str,
    caption: &'static str,
    on_page: bool,
}

/// Theil's T and L by each grouping.
pub(in crate::picture) fn draw_theil(stage: &Stage) -> Vec<Figure> {
    let between = stage.say("between the groups", "组间");
    let within = stage.say("within the groups", "组内");
    let caption = stage.say(
        "The index is the sum of what lies between the means of the groups and what lies \
                within them; shares of it in the bars where there is room",
        "泰尔指数等于组间差异与组内差异之和；柱内为各部分占比（空间足够时标注）",
    );
    let wholes = [
        Whole {
            stem: "theil_t",
            total: "t",
            symbol: "T",
            parts: vec![("t_between", 0, between), ("t_within", 4, within)],
            title: stage.say("Theil's T between and within groups", "泰尔 T 指数的组间与组内分解"),
            caption,
            on_page: true,
        },
        Whole {
            stem: "theil_l",
            total: "l",
            symbol: "L",
            parts: vec![("l_between", 0, between), ("l_within", 4, within)],
            title: stage.say("Theil's L between and within groups", "泰尔 L 指数的组间与组内分解"),
            caption,
            on_page: false,
        },
    ];
    draw(stage, "theil", &wholes)
}

/// Dagum's decomposition by each grouping.
pub(in crate::picture) fn draw_dagum(stage: &Stage) -> Vec<Figure> {
    let whole = Whole {
        stem: "dagum",
        total: "gini",
        symbol: "G",
        parts: vec![
            ("net_between", 0, stage.say("net between the groups", "组间净差异")),
            ("transvariation", 1, stage.say("transvariation: groups overlap", "超变密度")),
            ("within", 4, stage.say("within the groups", "组内")),
        ],
        title: stage.say("Dagum's parts of the Gini", "Dagum 基尼系数分解"),
        caption: stage.say(
            "The Gini coefficient is the sum of its parts within groups, net between them, \
                and of transvariation, where a city of a poorer group is the richer; shares of \
                it in the bars where there is room",
            "基尼系数等于组内差异、组间净差异与超变密度之和；柱内为各部分占比（空间足够时标注）",
        ),
        on_page: true,
    };
    draw(stage, "dagum", &[whole])
}

fn draw(stage: &Stage, measure: &'static str, wholes: &[Whole]) -> Vec<Figure> {
    let all = by_year(stage, measure);
    let of = |whole| all.iter().filter_map(move |years| figure(stage, years, whole));
    wholes.iter().flat_map(of).collect()
}

fn figure(stage: &Stage, years: &[&Outcome], whole: &Whole) -> Option<Figure> {
    let defined = |outcome: &&Outcome| whole.parts.iter().all(|(part, ..)| outcome.scalar(part).is_finite());
    let known: Vec<&Outcome> = years.iter().copied().filter(defined).collect();
    let shown = evenly(&known, MOST_YEARS);
    let last = shown.last()?;
    let one = head(&shown);
    let share = |outcome: &Outcome, part: &str| {
        let total = outcome.scalar(whole.total);
        if total > 0.0 { outcome.scalar(part) / total } else { f64::NAN }
    };
    let bar = |outcome: &&Outcome| Bar {
        label: outcome.year.map_or_else(String::new, |year| year.to_string()),
        parts: whole.parts.iter().map(|(part, ..)| outcome.scalar(part)).collect(),
        texts: whole.parts.iter().map(|(part, ..)| per_cent(share(outcome, part))).collect(),
        total: format!("{:.3}", outcome.scalar(whole.total)),
    };
    let bars: Vec<Bar> = shown.iter().map(bar).collect();
    let parts: Vec<Part> =
        whole.parts.iter().map(|(_, k, name)| (palette::group(*k).to_owned(), (*name).to_owned())).collect();
    let title =
        format!("{}: {}, {} = {}", whole.title, subject(stage, &one), whole.symbol, short(last.scalar(whole.total)));
    let of_last: Vec<String> =
        whole.parts.iter().map(|(part, _, name)| format!("{} {name}", per_cent(share(last, part)))).collect();
    let when = last.year.map_or_else(String::new, |year| format!("{year}: "));
    let summary = format!("{when}{} = {}; {}", whole.symbol, short(last.scalar(whole.total)), of_last.join(", "));
    let mut caption = whole.caption.to_owned();
    if known.len() > shown.len() {
        caption += &stage.say(
            format!(". {} of {} years", shown.len(), known.len()),
            format!("。{} 个年份中的 {} 个", known.len(), shown.len()),
        );
    }
    let drawing = stack::draw(&bars, &parts, "", whole.symbol);
    let mut figure = Figure::new(stage, whole.stem, &one, Place::Family(Family::Imbalance), drawing);
    let first = stage
        .report
        .groups
        .first()
        .is_none_or(|groups| one.options.get("group").is_none_or(|name| *name == *groups.name));
    figure.on_page = whole.on_page && unweighted(&one) && first;
    Some(figure.saying(title, caption, summary))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Ground;

    #[test]
    fn parts_are_those_of_each_year() {
        let theil = |year, between: f64| Outcome {
            measure: "theil",
            year: Some(year),
            scalars: vec![("t", 0.2), ("t_between", between), ("t_within", 0.2 - between), ("l", f64::NAN)],
            ..Outcome::default()
        };
        let mut report = crate::write::fixture::report();
        report.outcomes = vec![theil(2020, 0.05), theil(2010, 0.15)];
        let ground = Ground::new(&report.cities);
        let figures = draw_theil(&Stage { report: &report, ground: &ground, network: None });
        assert_eq!(figures.len(), 1);
        assert!(figures[0].summary.starts_with("2020: T = 0.2; 25.0 % between"), "{}", figures[0].summary);
        let body = &figures[0].drawing.body;
        assert!(body.contains(">75.0 %<") && body.contains(">2010<") && body.contains(">0.200<"), "{body}");
    }
}
