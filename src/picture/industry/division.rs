//! Classes of the division of labour: what share of the pairs duplicate, cooperate or complement each other.

use crate::measures::{Family, Outcome};
use crate::picture::legend::Entry;
use crate::picture::plot::Axis;
use crate::picture::scale::Scale;
use crate::picture::svg::{Anchor, text_width};
use crate::picture::table::Rows;
use crate::picture::{Figure, Place, Stage, WIDTH, palette, rows};

const CLASSES: [&str; 4] = ["duplicating", "cooperating", "complementary", "unrelated"];
const COLOURS: [&str; 4] = ["#d55e00", "#0072b2", "#009e73", "#c4c8cc"];

/// One chart with a bar for each year.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    figure(stage).into_iter().collect()
}

fn words(stage: &Stage, k: usize) -> &'static str {
    stage.say(CLASSES, ["同构竞争", "同构协作", "互补", "其他"])[k]
}

fn shares(outcome: &Outcome) -> Option<[f64; 4]> {
    let table = Rows::of(outcome, "classes")?;
    let share = |class: &str| table.find("class", class).map_or(0.0, |row| table.number(row, "share"));
    let shares = CLASSES.map(share);
    shares.iter().all(|x| x.is_finite()).then_some(shares).filter(|shares| shares.iter().sum::<f64>() > 0.0)
}

fn figure(stage: &Stage) -> Option<Figure> {
    let mut years: Vec<(&Outcome, [f64; 4])> =
        stage.of("division_of_labour").filter_map(|outcome| Some((outcome, shares(outcome)?))).collect();
    let all = years.len();
    if all > rows::MOST {
        // Every k-th year counted back from the last, and so never without it.
        let step = all.div_ceil(rows::MOST);
        years = years.into_iter().rev().step_by(step).collect();
        years.reverse();
    }
    let (last, of_last) = *years.last()?;
    let year = |outcome: &Outcome| rows::year(outcome).trim().to_owned();
    let names: Vec<String> = years.iter().map(|(outcome, _)| year(outcome)).collect();
    let x = Axis::new(Scale::exact(0.0, 100.0), stage.say("share of pairs, %", "城市对占比，%"));
    let entries: Vec<Entry> = (0..4).map(|k| Entry::fill(COLOURS[k], words(stage, k))).collect();
    let body = rows::chart(WIDTH, &names, &x, &entries, |svg, plot| {
        for (place, (_, shares)) in years.iter().enumerate() {
            let (y, mut from) = (rows::y(plot, years.len(), place), 0.0);
            for (k, share) in shares.iter().enumerate() {
                let to = from + share * 100.0;
                rows::bar(svg, plot, y, [from, to], &format!(r#"fill="{}""#, COLOURS[k]));
                let text = format!("{:.0}", share * 100.0);
                if plot.x(to) - plot.x(from) > text_width(&text, 8.5) + 2.0 {
                    let ink = format!(r#"fill="{}""#, palette::ink_on(COLOURS[k]));
                    svg.text([plot.x(f64::midpoint(from, to)), y + 3.0], Anchor::Middle, 8.5, &ink, &text);
                }
                from = to;
            }
        }
    });
    let percent = |k: usize| format!("{:.1}", of_last[k] * 100.0);
    let title = stage.say(
        format!("Division of labour{}: {} % of pairs duplicate", rows::year(last), percent(0)),
        format!("产业分工{}：{}% 的城市对为同构竞争", rows::year(last), percent(0)),
    );
    let caption = stage.say(
        "Duplicating: alike, near, weakly linked, specialised in the same sectors; cooperating: alike and strongly linked; \
         complementary: not alike, and of high complementarity. Thresholds: the table thresholds.",
        "同构竞争：结构相似、距离近、联系弱且专业化行业相同；同构协作：结构相似且联系强；互补：结构不相似而互补度高。\
         各阈值见 thresholds 表。",
    );
    let summary = stage.say(
        format!("{} % duplicating, {} % cooperating, {} % complementary", percent(0), percent(1), percent(2)),
        format!("同构竞争 {}%，同构协作 {}%，互补 {}%", percent(0), percent(1), percent(2)),
    );
    let mut figure = Figure::new(stage, "division_of_labour", last, Place::Family(Family::Isomorphism), body);
    figure.name = "division_of_labour".to_owned();
    Some(figure.saying(title, caption.to_owned(), summary))
}
