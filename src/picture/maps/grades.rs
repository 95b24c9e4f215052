//! Maps of classes that are no tests: grades of coordination, quadrants of shift-share.

use super::super::{Figure, Place, Stage};
use super::classed::Classed;
use super::{projection, sentences};
use crate::measures::Outcome;
use crate::write::classes as table;

/// A column of classes as a map.
struct Graded {
    measure: &'static str,
    column: &'static str,
    stem: &'static str,
    classes: &'static [table::Class],
    letter: fn(&str) -> &'static str,
    /// Title and how it is made, in English and in Chinese.
    english: [&'static str; 2],
    chinese: [&'static str; 2],
}

static GRADED: [Graded; 2] = [
    Graded {
        measure: "shift_share",
        column: "quadrant",
        stem: "map_shift_share",
        classes: &table::QUADRANTS,
        letter: quadrant,
        english: [
            "Shift-share",
            "Industrial mix (IM) and competitive effect (RS) of each city, by sign; the first sign is that of the mix",
        ],
        chinese: ["偏离份额", "按产业结构分量（IM）与区域竞争力分量（RS）的正负分类；前一符号为结构分量"],
    },
    Graded {
        measure: "coupling",
        column: "grade",
        stem: "map_coordination",
        classes: &table::GRADES,
        letter: grade,
        english: ["Coupling coordination", "Grades 1 to 10 are steps of 0.1 of the degree of coordination"],
        chinese: ["耦合协调", "1至10级按协调度每0.1分级"],
    },
];

/// The map of each column of classes.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    GRADED
        .iter()
        .flat_map(|graded| stage.of(graded.measure).filter_map(|outcome| figure(stage, graded, outcome)))
        .collect()
}

fn quadrant(class: &str) -> &'static str {
    match class {
        "IM+ RS+" => "++",
        "IM- RS+" => "−+",
        "IM+ RS-" => "+−",
        "IM- RS-" => "−−",
        _ => "",
    }
}

fn grade(class: &str) -> &'static str {
    const STEPS: [&str; 10] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    let step = table::GRADES.iter().position(|grade| grade.name == class);
    step.and_then(|step| STEPS.get(step)).copied().unwrap_or("")
}

fn figure(stage: &Stage, graded: &Graded, outcome: &Outcome) -> Option<Figure> {
    let classed = Classed::new(outcome.classes(graded.column)?, graded.classes, graded.letter)?;
    let figure = Figure::new(stage, graded.stem, outcome, Place::Maps, classed.draw(stage));
    let [title, made] = stage.say(graded.english, graded.chinese);
    let span = span(stage, outcome);
    let colon = stage.say(": ", "：");
    let title = format!("{title}{span}{colon}{}", classed.counts(stage, 2));
    // The formulas of shift-share are longer than a caption should be; they stand under its tables.
    let footer = if outcome.measure == "shift_share" { String::new() } else { stage.footer(outcome) };
    let caption = sentences(stage, [made.to_owned(), footer, projection(stage)]);
    Some(figure.saying(title, caption, classed.told(stage)))
}

/// ` 2010–2020` of a result about two years, ` 2020` of one about the last.
fn span(stage: &Stage, outcome: &Outcome) -> String {
    let of = |key: &str| outcome.options.get(key).and_then(serde_json::Value::as_i64);
    match (of("from"), of("to"), outcome.year) {
        (Some(from), Some(to), _) => format!(" {from}–{to}"),
        (_, _, Some(year)) => format!(" {year}"),
        _ if outcome.measure == "coupling" => {
            let last = outcome.table("grades").and_then(|table| table.rows.last()?.first()?.as_i64());
            last.or(stage.report.years().into_iter().max().map(i64::from))
                .map(|year| format!(" {year}"))
                .unwrap_or_default()
        }
        _ => String::new(),
    }
}
